#include "support/random_plan.h"

#include "base/seed.h"
#include "node/node.h"
#include "plan/check.h"
#include "support/plan_align.h"
#include "support/plan_bytes.h"
#include "support/plan_order.h"

#include <algorithm>

namespace amp::test {

RandomPlan::RandomPlan(std::uint64_t seed, RandomParts parts) : random_(seed), parts_(parts) {
    builder_.stream.seed = seed;
    add_free_sources();
    if (parts_.network && !one_in(3)) {
        add_bank();
    }
    const int groups = parts_.voices ? 1 + below(2) : 0;
    for (int group = 0; group < groups; ++group) {
        add_voices(group);
    }
    const int buses = parts_.voices ? 1 + below(3) : 0;
    for (int bus = 0; bus < buses; ++bus) {
        add_bus();
    }
    if (parts_.network) {
        add_network();
    }
    if (parts_.network && parts_.spectra && mixed_seed(seed, 5) % 3 == 0) {
        add_spectra();
    }
    if (parts_.gates && mixed_seed(seed, 3) % 3 == 0) {
        add_region();
    }
    add_outputs();
    plan_ = builder_.build();
    put_in_order(plan_);
    if (!aligns(plan_, aligned_)) {
        // A loop that its latencies would leave without delay: nothing of it is aligned.
        aligned_ = plan_;
    }
    if (!held_readers_.empty()) {
        hold_region();
    }
    for (int gates = parts_.gates ? 1 + below(4) : 0; gates > 0; --gates) {
        try_gate();
    }
}

std::vector<std::byte> RandomPlan::bytes() const { return encode(aligned_).bytes; }

double RandomPlan::real(double low, double high) {
    return low + (high - low) * static_cast<double>(random_() % 10000) / 10000;
}

std::string RandomPlan::add(const std::string& type, Shape shape, std::map<std::string, double> options) {
    const std::string id = type + std::to_string(numbered_++);
    std::map<std::string, std::vector<plan::Value>> parameters;
    std::map<std::string, plan::Slew> slews;
    for (const ParameterDeclaration& parameter : find_node_type(type)->declaration->parameters) {
        if (one_in(4)) {
            slews[std::string(parameter.name)] = any_slew();
        }
        if (!one_in(3)) {
            continue;
        }
        std::vector<plan::Value>& base = parameters[std::string(parameter.name)];
        const double top = std::min(parameter.maximum, parameter.unit == Unit::seconds ? 0.02 : 4000.0);
        const int lanes = one_in(2) ? shape.batch : 1;
        for (int lane = 0; lane < lanes; ++lane) {
            base.push_back({real(std::max(parameter.minimum, -1.0), top)});
        }
    }
    const std::optional<std::uint64_t> tail = one_in(8) ? plan::kEndlessFrames : static_cast<std::uint64_t>(below(300));
    builder_.node(id, type, {shape, std::move(options), std::move(parameters), tail, std::move(slews)});
    nodes_.emplace_back(id, type);
    return id;
}

const RandomPlan::Source& RandomPlan::any(const std::vector<Source>& sources) {
    return sources[static_cast<std::size_t>(below(static_cast<int>(sources.size())))];
}

std::uint64_t RandomPlan::any_delay() {
    constexpr int kDelays[] = {0, 0, 0, 1, 2, 63, 64, 65, 100, 500, 1024, 3000};
    return static_cast<std::uint64_t>(one_in(3) ? below(700) : kDelays[below(std::size(kDelays))]);
}

float RandomPlan::any_rate() { return 10 * static_cast<float>(1 << below(14)); }

float RandomPlan::any_area() { return static_cast<float>(1 << below(14)) / 4096; }

plan::Slew RandomPlan::any_slew() {
    plan::Slew slew{one_in(2), one_in(2), one_in(3), any_rate(), any_acceleration(), any_area()};
    slew.has_rate = slew.has_rate || !slew.any();
    return slew;
}

float RandomPlan::any_acceleration() { return 1000 * static_cast<float>(1 << below(20)); }

// Sets or moves a parameter or an edge's gain.
amp_event RandomPlan::any_movement(std::int64_t frame) {
    const float rate = one_in(2) ? any_rate() : 0, acceleration = one_in(2) ? any_acceleration() : 0;
    const float area = one_in(3) ? any_area() : 0;
    const auto node = static_cast<std::uint32_t>(below(static_cast<int>(nodes_.size())));
    const auto& declared = find_node_type(nodes_[node].second)->declaration->parameters;
    if (one_in(3) || declared.size() == 0) {
        const auto edges = static_cast<int>(plan_.edges.size());
        amp_event event = set_edge_gain(frame, static_cast<std::uint32_t>(below(edges)),
                                        one_in(4) ? 1 : static_cast<float>(real(-0.4, 0.4)), rate, acceleration, area);
        event.at_once = one_in(3);
        return event;
    }
    const auto parameter = static_cast<std::uint32_t>(below(static_cast<int>(declared.size())));
    amp_event event = set_parameter(frame, node, parameter, static_cast<float>(real(0, one_in(2) ? 1 : 2000)), rate,
                                    acceleration, area);
    event.at_once = one_in(3);
    return event;
}

// False if the plan is of no use with its latencies aligned.
bool RandomPlan::aligns(const plan::Description& plan, plan::Description& aligned) {
    plan::Description made = plan;
    if (!align_latencies(made) || plan::check(made)) {
        return false;
    }
    aligned = made;
    return true;
}

// Connects one to four of the sources to the node's first input.
void RandomPlan::feed(const std::string& node, const std::vector<Source>& sources, bool delays) {
    for (int edges = 1 + below(4); edges > 0; --edges) {
        builder_.edge(any(sources).path, node,
                      {.delay = delays ? any_delay() : 0, .gain = {one_in(4) ? 1 : real(-0.5, 0.5)}});
    }
}

void RandomPlan::modulate(const std::string& node, const std::string& type, const std::vector<Source>& sources) {
    for (const ParameterDeclaration& parameter : find_node_type(type)->declaration->parameters) {
        for (int edges = one_in(3) ? 1 + below(3) : 0; edges > 0; --edges) {
            EdgeSettings settings{.delay = any_delay()};
            const double range = parameter.maximum - parameter.minimum;
            switch (below(3)) {
            case 0:
                settings.gain = {real(-0.02, 0.1) * std::min(range, parameter.unit == Unit::seconds ? 0.05 : 8000.0)};
                break;
            case 1:
                settings.gain = {real(0.2, 1.5)};
                settings.mode = plan::EdgeMode::scale;
                break;
            default:
                settings.gain = {real(-2, 2)};
                settings.scale = plan::EdgeScale::octaves;
            }
            if (one_in(3)) {
                settings.slew = any_slew();
            }
            builder_.edge(any(sources).path, node + "." + std::string(parameter.name), settings);
        }
    }
}

void RandomPlan::add_free_sources() {
    for (const char* type : {"lfo", "noise", "constant", "sine"}) {
        const std::string id = add(type, {1, 1});
        if (!free_.empty()) {
            modulate(id, type, free_);
        }
        free_.push_back({id, {1, 1}});
    }
    if (one_in(2)) {
        // So that all that it moves is late, voices among it.
        const std::string late = add("limiter", {1, 1});
        builder_.edge(any(free_).path, late, {.gain = {real(0.5, 3)}});
        free_.push_back({late, {1, 1}});
    }
    if (parts_.gates) {
        // Fast enough for gates to move many times, on signals and on their grid.
        builder_.node("beat", "lfo", {.options = {{"shape", 2}}, .parameters = {{"freq", {{real(10, 300)}}}}});
        nodes_.emplace_back("beat", "lfo");
        free_.push_back({"beat", {1, 1}});
        builder_.stream.tempo = real(500, 1000);
        builder_.stream.meter_numerator = 1;
        builder_.stream.meter_denominator = 1U << below(6);
    }
}

void RandomPlan::add_outputs() {
    const int outputs = 1 + (one_in(4) ? 1 : 0);
    for (int output = 0; output < outputs; ++output) {
        const std::string out = add("output", {1, 2}, {{"channels", 2}});
        for (const Source& bus : buses_) {
            builder_.edge(bus.path, out, {.delay = any_delay(), .gain = {real(0.1, 0.5)}});
        }
        builder_.edge(any(free_).path, out, {.delay = any_delay(), .gain = {0.05}});
        if (!leaving_.empty() && one_in(2)) {
            builder_.edge(any(leaving_).path, out, {.gain = {0.05}});
        }
        for (const NetworkNode& node : network_) {
            if (output == 0 || one_in(4)) {
                builder_.edge(node.id, out, {.delay = any_delay(), .gain = {real(0.02, 0.2)}});
            }
        }
    }
}

amp_event RandomPlan::any_shed_voice(std::int64_t frame) {
    const plan::VoiceGroup& group =
        plan_.voices[static_cast<std::size_t>(below(static_cast<int>(plan_.voices.size())))];
    return shed_voice(frame, group.keys, static_cast<std::uint32_t>(below(static_cast<int>(group.lanes))));
}

std::vector<amp_event> RandomPlan::events(int count, int frames) {
    std::vector<amp_event> events;
    for (int i = 0; i < count; ++i) {
        const std::int64_t frame = one_in(3) && !events.empty() ? events.back().frame + below(3) : below(frames);
        const int channel = 1 + below(2), note = 40 + below(12);
        if (!plan_.gates.empty() && one_in(3)) {
            events.push_back(any_gate_event(frame));
            continue;
        }
        if (!plan_.voices.empty() && one_in(12)) {
            events.push_back(any_shed_voice(frame));
            continue;
        }
        switch (below(12)) {
        case 0:
            events.push_back(channel_event(frame, AMP_EVENT_PITCH_BEND, static_cast<float>(real(-2, 2)), channel));
            break;
        case 1:
            events.push_back(channel_event(frame, AMP_EVENT_SUSTAIN, static_cast<float>(below(2)), channel));
            break;
        case 2:
            events.push_back(channel_event(frame, one_in(2) ? AMP_EVENT_TIMBRE : AMP_EVENT_PRESSURE,
                                           static_cast<float>(real(0, 1)), channel));
            break;
        case 3:
        case 4:
            events.push_back(any_movement(frame));
            break;
        case 5:
        case 6:
        case 7:
            events.push_back(note_off(frame, note, channel));
            break;
        default:
            events.push_back(note_on(frame, note, static_cast<float>(real(0.1, 1)), channel));
        }
    }
    return events;
}

} // namespace amp::test

#include "support/random_plan.h"

#include "node/node.h"

#include <algorithm>
#include <bit>

namespace amp::test {

namespace {

constexpr std::string_view kVoiceTypes[] = {"saw", "sine", "square", "triangle", "noise",    "gain",
                                            "svf", "lfo",  "biquad", "one_pole", "constant", "gain"};
constexpr std::string_view kBusTypes[] = {"gain", "svf", "biquad", "one_pole"};

} // namespace

RandomPlan::RandomPlan(std::uint32_t seed) : random_(seed) {
    builder_.stream.seed = seed;
    add_free_sources();
    const int groups = 1 + below(2);
    for (int group = 0; group < groups; ++group) {
        add_voices(group);
    }
    const int buses = 1 + below(3);
    for (int bus = 0; bus < buses; ++bus) {
        add_bus();
    }
    const int outputs = 1 + (one_in(4) ? 1 : 0);
    for (int output = 0; output < outputs; ++output) {
        const std::string out = add("output", {1, 2}, {{"channels", 2}});
        for (const Source& bus : buses_) {
            builder_.edge(bus.path, out, {.delay = any_delay(), .gain = {real(0.1, 0.5)}});
        }
        builder_.edge(any(free_).path, out, {.delay = any_delay(), .gain = {0.05}});
        if (one_in(2)) {
            builder_.edge(any(leaving_).path, out, {.gain = {0.05}});
        }
    }
}

double RandomPlan::real(double low, double high) {
    return low + (high - low) * static_cast<double>(random_() % 10000) / 10000;
}

std::string RandomPlan::add(const std::string& type, Shape shape, std::map<std::string, double> options) {
    const std::string id = type + std::to_string(numbered_++);
    std::map<std::string, std::vector<plan::Value>> parameters;
    std::map<std::string, plan::Slew> slews;
    for (const ParameterDeclaration& parameter : find_node_type(type)->declaration->parameters) {
        if (one_in(4)) {
            const bool has_rate = one_in(2);
            slews[std::string(parameter.name)] = {has_rate,   !has_rate || one_in(2), false,
                                                  any_rate(), any_acceleration(),     0};
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

float RandomPlan::any_acceleration() { return 1000 * static_cast<float>(1 << below(20)); }

// Sets or moves a parameter or an edge's gain.
amp_event RandomPlan::any_movement(std::int64_t frame) {
    const float rate = one_in(2) ? any_rate() : 0, acceleration = one_in(2) ? any_acceleration() : 0;
    const auto node = static_cast<std::uint32_t>(below(static_cast<int>(nodes_.size())));
    const auto& declared = find_node_type(nodes_[node].second)->declaration->parameters;
    if (one_in(3) || declared.size() == 0) {
        const auto edges = static_cast<int>(description().edges.size());
        return set_edge_gain(frame, static_cast<std::uint32_t>(below(edges)),
                             one_in(4) ? 1 : static_cast<float>(real(-0.4, 0.4)), rate, acceleration);
    }
    const auto parameter = static_cast<std::uint32_t>(below(static_cast<int>(declared.size())));
    return set_parameter(frame, node, parameter, static_cast<float>(real(0, one_in(2) ? 1 : 2000)), rate, acceleration);
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
}

void RandomPlan::add_voices(int group) {
    constexpr int kVoices[] = {1, 2, 3, 5, 8, 16, 20, 33};
    const int voices = kVoices[below(std::size(kVoices))];
    const Shape shape{voices, 1};
    const std::string keys =
        add("keys", shape, {{"voices", double(voices)}, {"channel", double(one_in(2) ? group + 1 : 0)}});
    std::vector<Source> sources = free_;
    std::vector<std::string> members;
    for (const char* tap : {".freq", ".gate", ".velocity", ".bend"}) {
        sources.push_back({keys + tap, shape});
    }
    const auto join = [&](const std::string& id, bool leaves) {
        members.push_back(id);
        sources.push_back({id, shape});
        if (leaves) {
            leaving_.push_back({id, shape});
        }
    };
    std::string envelope;
    for (int envelopes = one_in(6) ? 0 : 1 + below(2); envelopes > 0; --envelopes) {
        envelope = add("adsr", shape);
        builder_.edge(keys + ".gate", envelope + ".gate", {.delay = one_in(3) ? any_delay() : 0});
        modulate(envelope, "adsr", free_);
        join(envelope, false);
    }
    for (int nodes = 2 + below(5); nodes > 0; --nodes) {
        const std::string type(kVoiceTypes[below(std::size(kVoiceTypes))]);
        const std::string id = add(type, shape);
        if (find_node_type(type)->declaration->inputs.size() > 0) {
            feed(id, sources, true);
        }
        modulate(id, type, sources);
        if (one_in(5) && type == "gain") {
            const auto delay = static_cast<std::uint32_t>(1 + below(100));
            builder_.edge(id, id, {.delay = delay, .gain = {0.01}}).loop({id}, std::bit_floor(delay));
        }
        join(id, false);
    }
    const std::string last = add("gain", shape);
    feed(last, sources, true);
    if (!envelope.empty()) {
        builder_.edge(envelope, last + ".gain");
    }
    join(last, true);
    if (one_in(2)) {
        const std::string pan = add("pan", shape);
        builder_.edge(last, pan, {.delay = any_delay()});
        modulate(pan, "pan", sources);
        members.push_back(pan);
        leaving_.push_back({pan, {voices, 2}});
    }
    const bool rings = one_in(3);
    builder_.voices(keys, members, rings ? plan::kEndlessFrames : static_cast<std::uint64_t>(below(2000)));
}

// A sum of voices and of whatever is there, an effect, and perhaps a way back.
void RandomPlan::add_bus() {
    const std::string bus = add("mix", {1, 2});
    for (int edges = 1 + below(3); edges > 0; --edges) {
        builder_.edge(any(leaving_).path, bus, {.gain = {real(0.05, 0.3)}});
    }
    if (!buses_.empty() && one_in(2)) {
        builder_.edge(any(buses_).path, bus, {.delay = any_delay(), .gain = {0.3}});
    }
    const std::string type(kBusTypes[below(std::size(kBusTypes))]);
    const std::string effect = add(type, {1, 2});
    builder_.edge(bus, effect, {.gain = {0.5}});
    modulate(effect, type, free_);
    buses_.push_back({effect, {1, 2}});
    if (one_in(3)) {
        return;
    }
    std::uint32_t shortest = 4096;
    for (int ways = 1 + below(3); ways > 0; --ways) {
        const auto delay = static_cast<std::uint32_t>(1 + below(one_in(2) ? 70 : 2000));
        shortest = std::min(shortest, delay);
        builder_.edge(effect, bus, {.delay = delay, .gain = {real(-0.2, 0.2)}});
    }
    builder_.loop({bus, effect}, std::bit_floor(shortest));
}

std::vector<amp_event> RandomPlan::events(int count, int frames) {
    std::vector<amp_event> events;
    for (int i = 0; i < count; ++i) {
        const std::int64_t frame = one_in(3) && !events.empty() ? events.back().frame + below(3) : below(frames);
        const int channel = 1 + below(2), note = 40 + below(12);
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

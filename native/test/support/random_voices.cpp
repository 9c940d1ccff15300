// The parts of a random plan that notes move: voices, and the buses that sum them.
#include "node/node.h"
#include "plan/heat.h"
#include "support/random_plan.h"

#include <iterator>

namespace amp::test {

namespace {

constexpr std::string_view kVoiceTypes[] = {"saw", "sine", "square", "triangle", "noise",    "gain",
                                            "svf", "lfo",  "biquad", "one_pole", "constant", "slew"};
constexpr std::string_view kBusTypes[] = {"gain", "svf", "biquad", "one_pole", "limiter", "slew"};

} // namespace

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
            builder_.edge(id, id, {.delay = delay, .gain = {0.01}});
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
    if (const auto& moved = find_node_type(type)->declaration->parameters; parts_.heat && moved.size() > 0) {
        // That of all voices moves what has none.
        const std::string& voice = any(leaving_).path;
        warm(voice);
        builder_.edge(voice + ".thermo.heat", effect + "." + std::string(moved[0].name),
                      {.delay = plan::kHeatDelay + any_delay(), .gain = {real(-0.5, 0.5)}});
    }
    buses_.push_back({effect, {1, 2}});
    if (one_in(3)) {
        return;
    }
    for (int ways = 1 + below(3); ways > 0; --ways) {
        const auto delay = static_cast<std::uint32_t>(1 + below(one_in(2) ? 70 : 2000));
        builder_.edge(effect, bus, {.delay = delay, .gain = {real(-0.2, 0.2)}});
    }
}

} // namespace amp::test

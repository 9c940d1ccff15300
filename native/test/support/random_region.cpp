// A part of a random plan that stands when a gate has held its readers for long enough.
#include "support/random_plan.h"

#include "support/plan_order.h"

#include <tuple>
#include <utility>

namespace amp::test {

// Sources, perhaps voices and a bus with ways back, that lead nowhere but to one or two readers.
void RandomPlan::add_region() {
    auto outer = std::tuple(std::exchange(free_, {}), std::exchange(leaving_, {}), std::exchange(buses_, {}));
    for (const char* type : {"lfo", "sine", "noise"}) {
        const std::string id = add(type, {1, 1});
        if (!free_.empty()) {
            modulate(id, type, free_);
        }
        free_.push_back({id, {1, 1}});
    }
    if (one_in(2)) {
        add_voices(1);
        add_bus();
    }
    const int readers = 1 + below(2);
    std::vector<Source> read;
    for (int reader = 0; reader < readers; ++reader) {
        const std::string last = add("gain", {1, 1});
        feed(last, free_, true);
        if (!buses_.empty()) {
            const std::string channels = add("mix", {1, 2});
            builder_.edge(any(buses_).path, channels);
            builder_.edge(last, channels, {.gain = {0.5}});
            read.push_back({channels, {1, 2}});
        } else {
            read.push_back({last, {1, 1}});
        }
    }
    std::tie(free_, leaving_, buses_) = std::move(outer);
    for (const Source& source : read) {
        const std::string reader = add("gain", source.shape);
        const std::uint64_t delay = any_delay();
        builder_.edge(source.path, reader, {.delay = delay, .gain = {real(0.1, 0.5)}});
        builder_.max_frames(reader, delay + static_cast<std::uint64_t>(below(500)));
        builder_.blocks(reader);
        if (readers == 1) {
            modulate(reader, "gain", free_); // it may be late, then
        }
        held_readers_.push_back(reader);
        buses_.push_back({reader, source.shape});
    }
}

// A gate before the readers, unless the plan is of no use with it.
void RandomPlan::hold_region() {
    plan::Description gated = plan_;
    plan::Gate gate;
    gate.id = "stop";
    gate.while_closed = plan::WhileClosed::hold;
    gate.release = static_cast<plan::GateRelease>(below(2));
    gate.open = !one_in(3);
    gate.quantize = any_grid();
    for (const std::string& reader : held_readers_) {
        for (std::uint32_t e = 0; e < gated.edges.size(); ++e) {
            if (gated.edges[e].to_node == builder_.index(reader)) {
                gated.edges[e].gate = static_cast<std::uint32_t>(gated.gates.size());
                gate.edges.push_back(e);
            }
        }
    }
    for (int signals = one_in(2) ? 1 : 0; signals > 0; --signals) {
        gate.signals.push_back({builder_.index("beat"), 0});
    }
    gated.gates.push_back(gate);
    if (put_in_order(gated) && aligns(gated, aligned_)) {
        plan_ = gated;
    }
}

} // namespace amp::test

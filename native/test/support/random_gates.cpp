// Gates over edges of a random plan.
#include "control/event.h"
#include "node/node.h"
#include "plan/heat.h"
#include "support/plan_order.h"
#include "support/random_plan.h"

#include <algorithm>
#include <iterator>

namespace amp::test {

plan::Value RandomPlan::any_grid() {
    constexpr plan::Value kGrids[] = {{0, plan::ValueUnit::plain},
                                      {1.0 / 16, plan::ValueUnit::whole_notes},
                                      {1, plan::ValueUnit::bars},
                                      {1, plan::ValueUnit::milliseconds}};
    return one_in(2) ? kGrids[0] : kGrids[below(std::size(kGrids))];
}

// What is held of a voice that sleeps, and when a voice that left late falls asleep, is said nowhere.
bool RandomPlan::may_be_gated(const plan::Edge& edge, plan::WhileClosed while_closed) const {
    const plan::Node& target = plan_.nodes[edge.to_node];
    const std::uint32_t group = plan_.nodes[edge.from_node].voice_group;
    const bool holds =
        while_closed == plan::WhileClosed::sample ||
        (edge.target == plan::EdgeTarget::input && target.inputs[edge.to_index].absent == plan::AbsentPolicy::hold);
    const bool leaves = group != target.voice_group;
    if (plan::reads_heat(plan_, edge) && while_closed == plan::WhileClosed::hold) {
        return false;
    }
    return edge.gate == plan::kNone &&
           (group == plan::kNone || !(holds || (leaves && while_closed == plan::WhileClosed::hold)));
}

// Lets an edge keep so little that a hold of it drops frames.
void RandomPlan::shorten(plan::Description& plan, const plan::Edge& edge) {
    std::uint64_t longest = 0;
    for (const plan::Edge& other : plan.edges) {
        if (other.from_node == edge.from_node && other.from_output == edge.from_output) {
            longest = std::max(longest, other.total_delay());
        }
    }
    plan.nodes[edge.from_node].outputs[edge.from_output].max_frames =
        longest + static_cast<std::uint64_t>(128 + below(600));
}

// Adds one gate, unless what its consumers wait for makes a loop without delay.
void RandomPlan::try_gate() {
    plan::Description gated = plan_;
    plan::Gate gate;
    const auto number = static_cast<std::uint32_t>(gated.gates.size());
    gate.id = "gate" + std::to_string(number);
    gate.while_closed = static_cast<plan::WhileClosed>(below(3));
    gate.release = static_cast<plan::GateRelease>(below(2));
    gate.open = !one_in(3);
    gate.quantize = any_grid();
    for (int members = one_in(2) ? 1 : 2 + below(6); members > 0; --members) {
        const auto index = static_cast<std::uint32_t>(below(static_cast<int>(gated.edges.size())));
        plan::Edge& edge = gated.edges[index];
        if (!may_be_gated(edge, gate.while_closed)) {
            continue;
        }
        edge.gate = number;
        gate.edges.push_back(index);
        if (one_in(3)) {
            shorten(gated, edge);
        }
        const bool has_spectra = gated.nodes[edge.from_node].outputs[edge.from_output].period != 1;
        if (edge.target == plan::EdgeTarget::input && !has_spectra) {
            plan::InputTap& tap = gated.nodes[edge.to_node].inputs[edge.to_index];
            tap.default_value = one_in(3) ? real(-0.5, 0.5) : tap.default_value;
            const bool carries_voices = gated.nodes[edge.to_node].voice_group != plan::kNone ||
                                        gated.nodes[edge.from_node].voice_group != plan::kNone;
            tap.absent = !carries_voices && one_in(4) ? plan::AbsentPolicy::hold : tap.absent;
        }
    }
    for (int signals = one_in(2) ? 1 + below(2) : 0; signals > 0; --signals) {
        const auto node = one_in(2) ? builder_.index("beat")
                                    : static_cast<std::uint32_t>(below(static_cast<int>(gated.nodes.size())));
        const auto outputs = static_cast<int>(plan::declared_outputs(gated.nodes[node]));
        gate.signals.push_back({node, static_cast<std::uint32_t>(below(outputs))});
    }
    gated.gates.push_back(gate);
    if (!gate.edges.empty() && put_in_order(gated) && aligns(gated, aligned_)) {
        plan_ = gated;
    }
}

amp_event RandomPlan::any_gate_event(std::int64_t frame) {
    amp_event event{};
    event.frame = frame;
    if (one_in(8)) {
        event.kind = static_cast<std::int32_t>(control::EventKind::drain_node);
        event.node = static_cast<std::uint32_t>(below(static_cast<int>(plan_.nodes.size())));
        event.value = static_cast<float>(below(2));
        return event;
    }
    event.kind = static_cast<std::int32_t>(control::EventKind::set_gate);
    event.node = static_cast<std::uint32_t>(below(static_cast<int>(plan_.gates.size())));
    event.value = static_cast<float>(below(3));
    return event;
}

} // namespace amp::test

#include "plan/check_gates.h"

#include "plan/gate_dependencies.h"
#include "plan/heat.h"
#include "plan/units.h"

namespace amp::plan {

namespace {

using Wrong = std::optional<std::string>;

// Every consumer waits for every member, so there are not too many.
constexpr std::size_t kMostMembers = 1024;
constexpr std::size_t kMostSignals = 64;
constexpr double kLongestGrid = 4294967296.0; // frames

Wrong check_members(const Description& plan, std::size_t index, std::vector<bool>& listed) {
    const Gate& gate = plan.gates[index];
    const std::string where = "gate " + gate.id;
    if (gate.edges.size() > kMostMembers || gate.signals.size() > kMostSignals) {
        return where + ": " + std::to_string(gate.edges.size()) + " members and " +
               std::to_string(gate.signals.size()) + " signals; 1024 and 64 fit";
    }
    for (const std::uint32_t number : gate.edges) {
        const Edge& edge = plan.edges[number];
        const std::string member =
            where + ": the edge from " + plan.nodes[edge.from_node].id + " to " + plan.nodes[edge.to_node].id;
        if (listed[number]) {
            return member + " is listed twice";
        }
        listed[number] = true;
        if (edge.gate != index) {
            return member + " is not its own";
        }
        const std::uint32_t voices = plan.nodes[edge.from_node].voice_group;
        if (gate.while_closed == WhileClosed::hold && voices != kNone &&
            voices != plan.nodes[edge.to_node].voice_group) {
            return member + " lets voices leave that it would hold; a sum can be held";
        }
    }
    return {};
}

Wrong check_grid(const Description& plan, const Gate& gate) {
    const Value& grid = gate.quantize;
    if (grid.unit == ValueUnit::plain && grid.number == 0) {
        return {};
    }
    const auto seconds = grid.unit == ValueUnit::plain ? std::nullopt : canonical(grid, Unit::seconds, plan.stream);
    const double frames = seconds ? *seconds * plan.stream.sample_rate : 0;
    return frames >= 0.5 && frames <= kLongestGrid
               ? Wrong{}
               : "gate " + gate.id + ": its grid is no length of 1 to 4294967296 frames";
}

Wrong check_signals(const Description& plan, const Gate& gate) {
    for (const GateSignal& signal : gate.signals) {
        const Node& node = plan.nodes[signal.node];
        if (signal.output >= declared_outputs(node)) {
            return "gate " + gate.id + ": " + node.id + " has no output " + std::to_string(signal.output);
        }
        if (node.outputs[signal.output].period != 1) {
            return "gate " + gate.id + ": spectra of " + node.id + " move no gate; a signal fits";
        }
        for (const std::uint32_t edge : gate.edges) {
            const Node& consumer = plan.nodes[plan.edges[edge].to_node];
            if (node.aligned_latency + node.latency > consumer.aligned_latency) {
                return "gate " + gate.id + ": " + consumer.id + " is earlier than the signal of " + node.id;
            }
        }
    }
    return {};
}

Wrong check_order(const Description& plan, const Gate& gate, std::span<const std::uint32_t> position) {
    Wrong wrong;
    for_each_dependency(plan, gate, [&](const GateDependency& dependency) {
        if (wrong) {
            return;
        }
        const Node& from = plan.nodes[dependency.from];
        const Node& to = plan.nodes[dependency.to];
        const Component& component = plan.components[to.component];
        const bool inside = from.component == to.component;
        const bool carried = inside && dependency.delay >= component.quantum;
        const bool in_order = position[dependency.from] < position[dependency.to];
        if ((inside && !component.is_loop) || (!carried && !in_order)) {
            wrong = "gate " + gate.id + ": " + to.id + " waits for " + from.id +
                    (dependency.signal == nullptr ? " at its barrier" : " to read its signal") +
                    (inside && !component.is_loop ? ": a loop, but its component says that it is none"
                                                  : ", which runs against the order");
        }
    });
    return wrong;
}

} // namespace

std::optional<std::string> check_gates(const Description& plan, std::span<const std::uint32_t> position) {
    std::vector<bool> listed(plan.edges.size(), false);
    for (std::size_t g = 0; g < plan.gates.size(); ++g) {
        for (auto wrong :
             {check_members(plan, g, listed), check_grid(plan, plan.gates[g]), check_signals(plan, plan.gates[g])}) {
            if (wrong) {
                return wrong;
            }
        }
        if (auto wrong = check_order(plan, plan.gates[g], position)) {
            return wrong;
        }
    }
    for (std::size_t e = 0; e < plan.edges.size(); ++e) {
        const Edge& edge = plan.edges[e];
        if (edge.gate != kNone && !listed[e]) {
            return "gate " + plan.gates[edge.gate].id + ": does not list the edge from " +
                   plan.nodes[edge.from_node].id + " to " + plan.nodes[edge.to_node].id;
        }
    }
    return {};
}

} // namespace amp::plan

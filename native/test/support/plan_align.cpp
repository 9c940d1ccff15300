#include "support/plan_align.h"

#include "node/node.h"
#include "support/plan_order.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace amp::test {

namespace {

std::int64_t latency(const plan::Description& plan, std::uint32_t node) {
    return static_cast<std::int64_t>(plan.nodes[node].latency);
}

bool is_inside(const plan::Description& plan, const plan::Edge& edge, std::uint32_t component) {
    return plan.nodes[edge.from_node].component == component && plan.nodes[edge.to_node].component == component;
}

// How late each node's inputs are against the rest of its loop: the least numbers for which no edge is read before it
// is there, and none is lengthened. Empty if there are none.
std::vector<std::int64_t> shifts_in_loop(const plan::Description& plan, std::uint32_t component) {
    std::vector<std::int64_t> shifts(plan.nodes.size(), 0);
    for (std::size_t round = 0; round <= 2 * plan.nodes.size(); ++round) {
        bool is_raised = false;
        const auto raise = [&](std::uint32_t node, std::int64_t least) {
            is_raised = is_raised || shifts[node] < least;
            shifts[node] = std::max(shifts[node], least);
        };
        for (const plan::Edge& edge : plan.edges) {
            if (is_inside(plan, edge, component)) {
                const std::int64_t after = shifts[edge.from_node] + latency(plan, edge.from_node);
                raise(edge.to_node, after - static_cast<std::int64_t>(edge.delay));
                raise(edge.from_node, shifts[edge.to_node] - latency(plan, edge.from_node));
            }
        }
        if (!is_raised) {
            return shifts;
        }
    }
    return {};
}

// Takes the latencies of a loop's nodes off its delays.
void fit_into_loop(plan::Description& plan, std::uint32_t component) {
    const std::vector<std::int64_t> shifts = shifts_in_loop(plan, component);
    for (plan::Edge& edge : plan.edges) {
        if (!is_inside(plan, edge, component)) {
            continue;
        }
        edge.align = !shifts.empty();
        if (edge.align) {
            const std::int64_t left = static_cast<std::int64_t>(edge.delay) + shifts[edge.to_node] -
                                      shifts[edge.from_node] - latency(plan, edge.from_node);
            edge.delay = static_cast<std::uint64_t>(left);
        }
    }
    for (const std::uint32_t node : plan.components[component].nodes) {
        plan.nodes[node].aligned_latency = shifts.empty() ? 0 : static_cast<std::uint64_t>(shifts[node]);
    }
}

bool is_output(const plan::Node& node) { return find_node_type(node.type)->declaration->shape == ShapeRule::output; }

void lengthen_entering(plan::Description& plan) {
    for (plan::Edge& edge : plan.edges) {
        const plan::Node& from = plan.nodes[edge.from_node];
        const plan::Node& to = plan.nodes[edge.to_node];
        if (from.component != to.component && edge.align) {
            edge.alignment = to.aligned_latency - from.aligned_latency - from.latency;
        }
    }
    for (plan::Node& node : plan.nodes) {
        for (plan::OutputTap& output : node.outputs) {
            output.history = 0;
        }
    }
    for (const plan::Edge& edge : plan.edges) {
        std::uint64_t& history = plan.nodes[edge.from_node].outputs[edge.from_output].history;
        history = std::max(history, edge.total_delay());
    }
}

} // namespace

bool align_latencies(plan::Description& plan) {
    for (std::uint32_t c = 0; c < plan.components.size(); ++c) {
        if (plan.components[c].is_loop) {
            fit_into_loop(plan, c);
        }
        std::uint64_t late = 0;
        const auto wait_for = [&](std::uint32_t from, std::uint32_t to) {
            if (plan.nodes[from].component != c && plan.nodes[to].component == c) {
                const std::uint64_t after = plan.nodes[from].aligned_latency + plan.nodes[from].latency;
                late = std::max(late, after - std::min(after, plan.nodes[to].aligned_latency));
            }
        };
        for (const plan::Edge& edge : plan.edges) {
            if (edge.align) {
                wait_for(edge.from_node, edge.to_node);
            }
        }
        for (const plan::Gate& gate : plan.gates) {
            for (const plan::GateSignal& signal : gate.signals) {
                for (const std::uint32_t edge : gate.edges) {
                    wait_for(signal.node, plan.edges[edge].to_node);
                }
            }
        }
        for (const std::uint32_t node : plan.components[c].nodes) {
            plan.nodes[node].aligned_latency += late;
        }
    }
    std::uint64_t latest = 0;
    for (const plan::Node& node : plan.nodes) {
        latest = is_output(node) ? std::max(latest, node.aligned_latency) : latest;
    }
    for (plan::Node& node : plan.nodes) {
        node.aligned_latency = is_output(node) ? latest : node.aligned_latency;
    }
    plan.stream.output_latency = latest;
    lengthen_entering(plan);
    return put_in_order(plan);
}

} // namespace amp::test

#include "support/plan_order.h"

#include "plan/regions.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace amp::test {

namespace {

constexpr std::uint32_t kLargestQuantum = 4096;

struct Arc {
    std::uint32_t from, to;
    std::uint64_t delay;
};

using Nodes = std::vector<std::uint32_t>;

std::vector<Arc> arcs_of(const plan::Description& plan) {
    std::vector<Arc> arcs;
    for (const plan::Edge& edge : plan.edges) {
        arcs.push_back({edge.from_node, edge.to_node, edge.total_delay()});
    }
    for (const plan::Gate& gate : plan.gates) {
        for (const std::uint32_t consumer : gate.edges) {
            const std::uint32_t to = plan.edges[consumer].to_node;
            for (const std::uint32_t member : gate.edges) {
                if (plan.edges[member].to_node != to) {
                    arcs.push_back({plan.edges[member].from_node, to, plan.edges[member].total_delay()});
                }
            }
            for (const plan::GateSignal& signal : gate.signals) {
                arcs.push_back({signal.node, to, 0}); // of a late consumer more, which only makes the order stricter
            }
        }
    }
    // What stops a region is known before any of it runs.
    for (const plan::Region& region : plan::find_regions(plan)) {
        for (const plan::GateSignal& signal : plan.gates[plan.edges[region.edges.front()].gate].signals) {
            for (const std::uint32_t node : region.nodes) {
                arcs.push_back({signal.node, node, 0});
            }
        }
    }
    return arcs;
}

// Which nodes each node leads to.
std::vector<std::vector<bool>> reach_of(std::size_t count, const std::vector<Arc>& arcs) {
    std::vector<Nodes> next(count);
    for (const Arc& arc : arcs) {
        next[arc.from].push_back(arc.to);
    }
    std::vector<std::vector<bool>> reach(count, std::vector<bool>(count, false));
    for (std::size_t n = 0; n < count; ++n) {
        Nodes open = next[n];
        while (!open.empty()) {
            const std::uint32_t node = open.back();
            open.pop_back();
            if (!reach[n][node]) {
                reach[n][node] = true;
                open.insert(open.end(), next[node].begin(), next[node].end());
            }
        }
    }
    return reach;
}

// A topological order along the arcs of less than `most_delay` between the nodes; of several that can come next, the
// first.
std::optional<Nodes> order_of(const Nodes& nodes, const std::vector<Arc>& arcs, std::uint64_t most_delay) {
    Nodes order, left = nodes;
    while (!left.empty()) {
        const auto waits = [&](std::uint32_t node) {
            return std::ranges::any_of(arcs, [&](const Arc& arc) {
                return arc.to == node && arc.delay < most_delay && std::ranges::find(left, arc.from) != left.end();
            });
        };
        const auto next = std::ranges::find_if_not(left, waits);
        if (next == left.end()) {
            return std::nullopt;
        }
        order.push_back(*next);
        left.erase(next);
    }
    return order;
}

void find_exits(plan::Description& plan) {
    for (std::uint32_t g = 0; g < plan.voices.size(); ++g) {
        plan.voices[g].exit_edges.clear();
        for (std::uint32_t e = 0; e < plan.edges.size(); ++e) {
            if (plan.nodes[plan.edges[e].from_node].voice_group == g &&
                plan.nodes[plan.edges[e].to_node].voice_group != g) {
                plan.voices[g].exit_edges.push_back(e);
            }
        }
    }
}

} // namespace

bool put_in_order(plan::Description& plan) {
    find_exits(plan);
    const std::size_t count = plan.nodes.size();
    const std::vector<Arc> arcs = arcs_of(plan);
    const auto reach = reach_of(count, arcs);
    std::vector<Nodes> sets; // of nodes that all lead to each other
    Nodes set_of(count, plan::kNone), numbers;
    for (std::uint32_t n = 0; n < count; ++n) {
        if (set_of[n] != plan::kNone) {
            continue;
        }
        numbers.push_back(static_cast<std::uint32_t>(sets.size()));
        sets.emplace_back();
        for (std::uint32_t other = n; other < count; ++other) {
            if (other == n || (reach[n][other] && reach[other][n])) {
                set_of[other] = numbers.back();
                sets.back().push_back(other);
            }
        }
    }
    std::vector<Arc> between;
    for (const Arc& arc : arcs) {
        if (set_of[arc.from] != set_of[arc.to]) {
            between.push_back({set_of[arc.from], set_of[arc.to], 0});
        }
    }
    plan.components.clear();
    const Nodes in_turn = order_of(numbers, between, 1).value(); // sets never lead back to each other
    for (const std::uint32_t set : in_turn) {
        plan::Component& component = plan.components.emplace_back();
        component.is_loop = reach[sets[set].front()][sets[set].front()];
        component.quantum = kLargestQuantum;
        auto order = order_of(sets[set], arcs, component.quantum);
        while (!order && component.quantum > 1) {
            component.quantum /= 2;
            order = order_of(sets[set], arcs, component.quantum);
        }
        if (!order) {
            return false;
        }
        component.nodes = *order;
        for (const std::uint32_t node : component.nodes) {
            plan.nodes[node].component = static_cast<std::uint32_t>(plan.components.size() - 1);
        }
    }
    return true;
}

} // namespace amp::test

#include "plan/cohorts.h"

#include "node/node.h"
#include "plan/heat.h"

#include <algorithm>
#include <map>

namespace amp::plan {

namespace {

// What of a node's surroundings keeps it from being fused.
struct Ties {
    std::vector<std::uint8_t> is_held;                // a gate holds frames of it
    std::vector<std::vector<std::uint32_t>> entering; // edges, by node
    std::vector<std::vector<std::uint32_t>> leaving;  // edges, by node
    std::vector<std::uint8_t> moves_a_gate;           // a signal of a gate
};

Ties ties_of(const Description& plan) {
    const std::size_t nodes = plan.nodes.size();
    Ties ties{std::vector<std::uint8_t>(nodes, 0), std::vector<std::vector<std::uint32_t>>(nodes),
              std::vector<std::vector<std::uint32_t>>(nodes), std::vector<std::uint8_t>(nodes, 0)};
    for (std::uint32_t e = 0; e < plan.edges.size(); ++e) {
        const Edge& edge = plan.edges[e];
        ties.entering[edge.to_node].push_back(e);
        ties.leaving[edge.from_node].push_back(e);
        if (edge.gate != kNone && plan.gates[edge.gate].while_closed == WhileClosed::hold) {
            ties.is_held[edge.from_node] = 1;
        }
    }
    for (const Gate& gate : plan.gates) {
        for (const GateSignal& signal : gate.signals) {
            ties.moves_a_gate[signal.node] = 1;
        }
    }
    return ties;
}

bool can_be_fused(const Description& plan, const Ties& ties, std::span<const std::uint32_t> region_of,
                  std::uint32_t index) {
    const Node& node = plan.nodes[index];
    const Declaration& declared = *find_node_type(node.type)->declaration;
    const ShapeRule rule = declared.shape;
    return !declared.is_spectral() && (rule == ShapeRule::elementwise || rule == ShapeRule::pan) &&
           node.shape.channels == 1 && node.voice_group == kNone && region_of[index] == kNone &&
           !plan.components[node.component].is_loop && ties.is_held[index] == 0 && !reduces_heat(plan, index);
}

bool are_equal(const Node& a, const Node& b) {
    return a.type == b.type && a.aligned_latency == b.aligned_latency &&
           std::ranges::equal(a.options, b.options, {}, &Option::number, &Option::number);
}

bool is_modulated(const Description& plan, const Ties& ties, std::uint32_t node) {
    return std::ranges::any_of(ties.entering[node],
                               [&](std::uint32_t edge) { return plan.edges[edge].target == EdgeTarget::parameter; });
}

// True if `to` reads `from` as the next link of a chain does. The parameters of a chain are constant.
bool is_link(const Description& plan, const Ties& ties, std::uint32_t from, std::uint32_t to) {
    if (ties.entering[to].size() != 1 || ties.leaving[from].size() != 1 || ties.moves_a_gate[from] != 0 ||
        is_modulated(plan, ties, from)) {
        return false;
    }
    const Edge& edge = plan.edges[ties.entering[to].front()];
    return edge.from_node == from && edge.target == EdgeTarget::input && edge.total_delay() == 0 &&
           edge.gate == kNone && edge.gain.number == 1 && edge.gain.unit == ValueUnit::plain &&
           plan.nodes[from].shape.batch == 1 && plan.nodes[to].shape.batch == 1;
}

bool reads_inside(const Description& plan, const Ties& ties, std::span<const std::uint32_t> nodes) {
    return std::ranges::any_of(nodes, [&](std::uint32_t node) {
        return std::ranges::any_of(ties.entering[node], [&](std::uint32_t edge) {
            return std::ranges::find(nodes, plan.edges[edge].from_node) != nodes.end();
        });
    });
}

// A cohort whose nodes read each other is cut into chains, between nodes that do not fit and where a link is none.
template <class Fits>
void add_chains(const Description& plan, const Ties& ties, std::span<const std::uint32_t> nodes, Fits&& fits,
                std::vector<FusedCohort>& found) {
    if (!find_node_type(plan.nodes[nodes.front()].type)->chains()) {
        return;
    }
    const auto is_next = [&](std::uint32_t from, std::uint32_t to) {
        return fits(from) && fits(to) && are_equal(plan.nodes[from], plan.nodes[to]) && is_link(plan, ties, from, to);
    };
    for (std::size_t begin = 0; begin < nodes.size();) {
        std::size_t end = begin + 1;
        while (end < nodes.size() && is_next(nodes[end - 1], nodes[end])) {
            ++end;
        }
        if (end - begin > 1) {
            found.push_back(
                {{nodes.begin() + static_cast<std::ptrdiff_t>(begin), nodes.begin() + static_cast<std::ptrdiff_t>(end)},
                 true});
        }
        begin = end;
    }
}

} // namespace

std::vector<FusedCohort> find_fused_cohorts(const Description& plan, std::span<const std::uint32_t> region_of) {
    std::vector<FusedCohort> found;
    if (!plan.has_schedule) {
        return found;
    }
    const Ties ties = ties_of(plan);
    for (const Stage& stage : plan.stages) {
        for (const Cohort& cohort : stage.cohorts) {
            const auto fits = [&](std::uint32_t node) { return can_be_fused(plan, ties, region_of, node); };
            if (reads_inside(plan, ties, cohort.nodes)) {
                add_chains(plan, ties, cohort.nodes, fits, found);
                continue;
            }
            std::vector<std::uint32_t> nodes;
            for (const std::uint32_t node : cohort.nodes) {
                if (fits(node) && (nodes.empty() || are_equal(plan.nodes[nodes.front()], plan.nodes[node]))) {
                    nodes.push_back(node);
                }
            }
            if (nodes.size() > 1) {
                found.push_back({std::move(nodes), false});
            }
        }
    }
    return found;
}

} // namespace amp::plan

// What synchrony gates add to the edges: which nodes wait for which others at a barrier, or to read a signal.
#pragma once

#include "plan/description.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace amp::plan {

// `to` reads, or waits for, the frames of `from` that lie `delay` frames back.
struct GateDependency {
    std::uint32_t from = 0, to = 0;
    std::uint64_t delay = 0;
    const GateSignal* signal = nullptr; // that `to` reads; nothing at a barrier
};

// The nodes that the members of a gate feed, each once, in ascending order. [compiler]
inline std::vector<std::uint32_t> consumers_of(const Description& plan, const Gate& gate) {
    std::vector<std::uint32_t> consumers;
    consumers.reserve(gate.edges.size());
    for (const std::uint32_t edge : gate.edges) {
        consumers.push_back(plan.edges[edge].to_node);
    }
    std::ranges::sort(consumers);
    const auto repeated = std::ranges::unique(consumers);
    consumers.erase(repeated.begin(), repeated.end());
    return consumers;
}

// How many frames a consumer reads a signal back: as much as its own inputs are later than the signal. Needs a
// consumer that is no earlier. [compiler]
inline std::uint64_t signal_delay(const Node& from, const Node& to) {
    return to.aligned_latency - (from.aligned_latency + from.latency);
}

// Calls `use` with each dependency of one gate: the source of every member with all consumers but the member's own,
// then every signal with all consumers. [compiler]
template <class Use>
void for_each_dependency(const Description& plan, const Gate& gate, Use&& use) {
    const std::vector<std::uint32_t> consumers = consumers_of(plan, gate);
    for (const std::uint32_t index : gate.edges) {
        const Edge& edge = plan.edges[index];
        for (const std::uint32_t to : consumers) {
            if (to != edge.to_node) {
                use(GateDependency{edge.from_node, to, edge.total_delay(), nullptr});
            }
        }
    }
    for (const GateSignal& signal : gate.signals) {
        for (const std::uint32_t to : consumers) {
            use(GateDependency{signal.node, to, signal_delay(plan.nodes[signal.node], plan.nodes[to]), &signal});
        }
    }
}

} // namespace amp::plan

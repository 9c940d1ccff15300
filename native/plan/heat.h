// The heat of a node as what an edge reads: one lane behind the outputs that its type declares.
#pragma once

#include "node/node.h"
#include "plan/description.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace amp::plan {

inline constexpr std::string_view kHeatTap = "thermo.heat";

// How far an edge that reads it is behind, at least: heat is published a tick after it was measured. What it takes off
// an edge inside a loop for latencies is found there again.
inline constexpr std::uint64_t kHeatDelay = kTickFrames;

// The outputs that the node's type declares; its heat, if anything reads it, comes behind them. [compiler]
inline std::size_t declared_outputs(const Node& node) { return find_node_type(node.type)->declaration->outputs.size(); }

inline bool has_heat_tap(const Node& node) { return node.outputs.size() > declared_outputs(node); }

inline bool reads_heat(const Description& plan, const Edge& edge) {
    return edge.from_output == declared_outputs(plan.nodes[edge.from_node]);
}

// Whether the node hears less of what would make it too hot. [compiler]
inline bool reduces_heat(const Description& plan, std::size_t node) {
    return plan.thermal.attenuate && plan.thermal.nodes[node].gain > 0 && !plan.nodes[node].inputs.empty();
}

} // namespace amp::plan

// When tokens were produced, for whoever runs in order with the node that produces them.
#pragma once

#include "engine/graph_node.h"

#include <cstddef>
#include <cstdint>

namespace amp::engine {

// The header of a firing that is among the newest. [worker]
inline const TokenHeader& token(const GraphNode& node, std::uint32_t step) {
    return node.headers[step % static_cast<std::uint32_t>(node.headers.size())];
}

// The header of the latest firing. [worker]
inline const TokenHeader& newest_token(const GraphNode& node) { return token(node, node.step - 1); }

// Cores whose counters differ a little do not turn a short time into an endless one.
inline std::uint64_t cycles_between(std::uint64_t begin, std::uint64_t end) { return end > begin ? end - begin : 0; }

} // namespace amp::engine

#include "engine/edge_depths.h"

#include <algorithm>

namespace amp::engine {

EdgeDepths::EdgeDepths(const plan::Description& plan, const plan::Layout& layout,
                       std::span<const std::unique_ptr<GraphNode>> nodes)
    : nodes_(nodes) {
    for (const plan::Edge& edge : plan.edges) {
        edges_.push_back({edge.from_node, edge.from_output, edge.to_node, edge.target == plan::EdgeTarget::parameter,
                          edge.to_index, static_cast<std::int64_t>(edge.total_delay()), 0,
                          layout.wheels[layout.first_wheel[edge.from_node] + edge.from_output].capacity});
    }
}

EdgeStatus EdgeDepths::status(std::size_t edge) const {
    EdgeStatus status = edges_[edge];
    // The reader first: what it goes on to read meanwhile must not make more of the wheel than there is.
    const std::int64_t read = nodes_[status.to_node]->finished.load(std::memory_order_acquire);
    const std::int64_t written = nodes_[status.from_node]->finished.load(std::memory_order_acquire);
    const std::int64_t cursor = std::max<std::int64_t>(0, read - status.delay);
    status.depth = std::clamp<std::int64_t>(written - cursor, 0, status.capacity);
    return status;
}

} // namespace amp::engine

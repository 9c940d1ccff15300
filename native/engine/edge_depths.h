// How full the FIFO of each edge is.
#pragma once

#include "engine/graph_node.h"
#include "plan/description.h"
#include "plan/layout.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine {

// Of one edge; frames.
struct EdgeStatus {
    std::uint32_t from_node = 0, from_output = 0, to_node = 0;
    bool is_parameter = false; // feeds a parameter rather than an input
    std::uint32_t to_index = 0;
    std::int64_t delay = 0;
    std::int64_t depth = 0; // on the wheel, not read yet: those that the delay still holds among them
    std::int64_t capacity = 0;
};

class EdgeDepths {
public:
    // Nodes in the plan's order; they must live as long as this. [compiler]
    EdgeDepths(const plan::Description& plan, const plan::Layout& layout,
               std::span<const std::unique_ptr<GraphNode>> nodes);

    std::size_t count() const { return edges_.size(); }

    // The edge in the plan's order, as it is now: between two blocks its depth is its delay. [any]
    EdgeStatus status(std::size_t edge) const;

private:
    std::span<const std::unique_ptr<GraphNode>> nodes_;
    std::vector<EdgeStatus> edges_;
};

} // namespace amp::engine

// How long each node computes, by the cycle counter: read twice a unit, and the firings inside a loop by their headers.
#pragma once

#include "base/bounded_queue.h"
#include "base/real_time.h"
#include "engine/graph_node.h"
#include "plan/description.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine {

class NodeTimes {
public:
    // Nodes in the plan's order; they must live as long as this. [compiler]
    NodeTimes(const plan::Description& plan, std::span<const std::unique_ptr<GraphNode>> nodes, int workers);

    // The unit has run a block since the counter stood at `begin`. [worker]
    void ran(std::uint32_t unit, int worker, std::uint64_t begin) AMP_REAL_TIME;

    struct Heaviest {
        std::uint32_t node = 0;
        std::uint64_t cycles = 0;
    };

    // The node that took longest since the last call; no unit runs meanwhile. [worker]
    Heaviest take_heaviest() AMP_REAL_TIME;

    // Cycles that the node's last block took. [any]
    std::uint64_t last(std::uint32_t node) const { return last_[node].load(std::memory_order_relaxed); }

private:
    struct alignas(kCacheLine) OfWorker {
        Heaviest heaviest;
    };
    void note(std::uint32_t node, std::uint64_t cycles, OfWorker& of_worker);
    void split(const std::vector<const GraphNode*>& loop, std::uint64_t whole, std::uint64_t begin,
               OfWorker& of_worker);

    std::vector<std::vector<const GraphNode*>> units_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> last_;
    std::vector<std::uint32_t> last_steps_; // of each unit: firings of a node before its last block
    std::vector<OfWorker> workers_;
};

} // namespace amp::engine

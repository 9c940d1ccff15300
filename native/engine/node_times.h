// How long each node computes, by the cycle counter: from the begin of its unit to the token header of its last firing,
// inside a loop from header to header, and in a cohort its lanes' share of what the cohort takes.
#pragma once

#include "base/bounded_queue.h"
#include "base/real_time.h"
#include "engine/completions.h"
#include "engine/graph_node.h"
#include "engine/measured_window.h"
#include "engine/time_histogram.h"
#include "plan/description.h"
#include "plan/layout.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

class NodeTimes {
public:
    // Nodes in the plan's order; they must live as long as this. [compiler]
    NodeTimes(const plan::Description& plan, const plan::Layout& layout,
              std::span<const std::unique_ptr<GraphNode>> nodes, int workers);

    // The unit has run the block since the counter stood at `begin`; the cycles that it took. [worker]
    std::uint64_t ran(std::uint32_t unit, int worker, std::int64_t block, std::uint32_t window,
                      std::uint64_t begin) AMP_REAL_TIME;

    struct Heaviest {
        std::uint32_t node = 0;
        std::uint64_t cycles = 0;
    };

    // The node that took longest in a block that all units have run, of a cohort its first one; once. [worker]
    Heaviest take_heaviest(std::int64_t block) AMP_REAL_TIME;

    // The node made the block late that is now complete. [worker]
    void note_late(std::uint32_t node) AMP_REAL_TIME { nodes_[node].late.fetch_add(1, std::memory_order_relaxed); }

    struct OfBlock {
        double cycles = 0;
        std::uint32_t late = 0; // earlier blocks that it made late: of a cohort its first node has them
    };

    // Of a kept block. [any]
    OfBlock of_block(std::uint32_t node, std::int64_t block) const {
        const std::uint64_t taken = place(node, block).taken.load(std::memory_order_acquire);
        const std::uint64_t late = measured_by_[node].node == node ? taken >> 32 : 0;
        return {static_cast<std::uint32_t>(taken) * measured_by_[node].share, static_cast<std::uint32_t>(late)};
    }

    // When the node's last token of a kept block was produced. [any]
    std::uint64_t produced(std::uint32_t node, std::int64_t block) const {
        return place(node, block).produced.load(std::memory_order_acquire);
    }

    struct OfWindow {
        double mean = 0, percentile_99 = 0, greatest = 0; // cycles
    };

    // Of a closed window. [any]
    OfWindow of_window(std::uint32_t node, const ClosedWindow& window) const;

private:
    struct Place {
        std::atomic<std::uint64_t> taken{0}; // cycles, and above them the earlier blocks that the node made late
        std::atomic<std::uint64_t> produced{0};
    };
    struct alignas(kCacheLine) OfNode {
        std::array<Place, kKeptBlocks> blocks;
        WindowTotals totals;
        std::atomic<std::uint32_t> late{0}; // blocks that it made late
    };
    struct alignas(kCacheLine) OfWorker {
        std::array<Heaviest, kMostInFlight> heaviest; // of each block in flight
    };
    // Whose cycles are measured together with the node's, and how much of them are the node's own.
    struct MeasuredBy {
        std::uint32_t node = 0;
        double share = 1;
    };
    struct Run {
        std::int64_t block;
        std::uint32_t window;
        OfWorker& worker;
    };

    const Place& place(std::uint32_t node, std::int64_t block) const {
        return nodes_[measured_by_[node].node].blocks[kept_place(block)];
    }
    void note(std::uint32_t node, std::uint64_t cycles, std::uint64_t produced, const Run& run);
    void split(std::uint32_t unit, std::uint64_t whole, std::uint64_t begin, const Run& run);
    std::span<const GraphNode* const> nodes_of(std::uint32_t unit) const {
        return {unit_nodes_.data() + first_node_[unit], first_node_[unit + 1] - first_node_[unit]};
    }

    std::vector<const GraphNode*> unit_nodes_; // of each unit side by side; of a cohort the first and the last
    std::vector<std::uint32_t> first_node_;    // of each unit
    std::vector<bool> is_cohort_;              // of each unit
    std::vector<MeasuredBy> measured_by_;      // of each node
    std::unique_ptr<OfNode[]> nodes_;
    std::unique_ptr<TimeHistogram[]> histograms_; // of each node
    std::vector<std::uint32_t> last_steps_;       // of each unit: firings of a node before its last block
    std::vector<OfWorker> workers_;
};

} // namespace amp::engine::inline AMP_PRECISION

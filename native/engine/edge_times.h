// How full the FIFO of each edge is, how old what waits there is, and how long tokens take from their production to the
// firing that reads them.
#pragma once

#include "base/real_time.h"
#include "engine/block_times.h"
#include "engine/completions.h"
#include "engine/graph_node.h"
#include "engine/long_times.h"
#include "engine/measured_window.h"
#include "engine/node_times.h"
#include "plan/description.h"
#include "plan/layout.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// What does not change of an edge; frames.
struct EdgeRoute {
    std::uint32_t from_node = 0, from_output = 0, to_node = 0;
    bool is_parameter = false; // feeds a parameter rather than an input
    std::uint32_t to_index = 0;
    std::int64_t delay = 0;
};

class EdgeTimes {
public:
    // All must live as long as this; `times` and `long_times` are told of each block, at its completion. [compiler]
    EdgeTimes(const plan::Description& plan, const plan::Layout& layout,
              std::span<const std::unique_ptr<GraphNode>> nodes, std::int64_t block_frames, const NodeTimes& node_times,
              const BlockTimes& times, const LongTimes& long_times);

    // The unit has run the block since the cycle counter stood at `begin`, and NodeTimes knows. [worker]
    void ran(std::uint32_t unit, std::int64_t block, std::uint32_t window, std::uint64_t begin) AMP_REAL_TIME;

    // In the plan's order. [any]
    std::span<const EdgeRoute> routes() const { return routes_; }

    // Frames on the wheel that were not read when the block was complete, those that the delay or a gate holds among
    // them. [any]
    std::int64_t depth(std::size_t edge, std::int64_t block) const;

    // Frames that fit on the wheel now, and how often it became longer. [any]
    std::int64_t capacity(std::size_t edge) const {
        return wheels_[edge]->shown_capacity.load(std::memory_order_relaxed);
    }
    std::uint32_t growths(std::size_t edge) const {
        return wheels_[edge]->shown_growths.load(std::memory_order_relaxed);
    }

    // Frames that a gate held too long, and dropped. [any]
    std::uint64_t drops(std::size_t edge) const;

    // When the oldest of them was produced, by the cycle counter, if there are any. Of the kept blocks `block` and the
    // one before it the time is that of the producer's last token, of older ones that at which the block was made.
    // [any]
    std::uint64_t oldest_produced(std::size_t edge, std::int64_t block) const;

    struct OfWindow {
        std::uint32_t peak = 0; // frames on the wheel that were not read, at most
        // Cycles from the production of the oldest token that a firing reads to the firing.
        double mean = 0;
        std::uint64_t greatest = 0;
    };

    // Of a closed window. [any]
    OfWindow of_window(std::size_t edge, const ClosedWindow& window) const;

private:
    struct Way {
        std::uint32_t edge; // in the plan
        const GraphNode* from;
        const GraphNode* to;
        const GraphNode* before; // what fires before `to` in the loop that the edge lies in, or null
        bool is_first;           // `to`, in that loop
        bool goes_back;          // what it carries is read in a later window of that loop at the earliest
        std::int64_t delay;
        const Reader* gated; // the edge's reader, if a gate makes it wait, or null
        bool is_plain;       // without delay, loop or region, or a gate that makes it wait
        std::int64_t back() const { return delay + (gated == nullptr ? 0 : gated->lag); }
    };
    // What gates make a reader wait, of each kept block.
    using KeptLags = std::array<std::atomic<std::int64_t>, kKeptBlocks>;
    struct Passage {
        std::uint64_t produced = 0, fired = 0;
        std::int64_t depth = 0;
    };
    struct alignas(kCacheLine) Measured {
        WindowTotals traversal; // cycles
        WindowPeak depth;       // frames
    };

    void add_ways(const plan::Description& plan, const plan::Layout& layout,
                  std::span<const std::unique_ptr<GraphNode>> nodes);
    // Frames that are made as the block ends, and the block in which one of them was made: as the region counts, or the
    // stream does.
    std::int64_t made_until(const Region* region, std::int64_t block) const;
    std::int64_t block_of(const Region* region, std::int64_t frame) const;
    // The first frame that the firings of the block read, but for what keeps them back.
    std::int64_t first_read(const Way& way, std::int64_t block) const;
    std::uint64_t produced(std::uint32_t node, std::int64_t in_block, std::int64_t now) const;
    void note(const Way& way, std::uint32_t window, const Passage& passed) AMP_REAL_TIME;
    Passage passage(const Way& way, std::int64_t block, std::uint64_t begin) const;
    Passage passage_in_loop(const Way& way, std::int64_t block, std::uint64_t begin) const;

    const std::int64_t block_frames_;
    const NodeTimes& node_times_;
    const BlockTimes& times_;
    const LongTimes& long_times_;
    std::vector<EdgeRoute> routes_;
    std::vector<Way> ways_;                       // of each unit side by side
    std::vector<std::uint32_t> first_way_;        // of each unit
    std::unique_ptr<Measured[]> measured_;        // in the plan's order
    std::vector<std::uint32_t> measured_by_;      // in the plan's order: the edge that passes just as this one does
    std::vector<const Wheel*> wheels_;            // in the plan's order: what the edge reads
    std::vector<const Region*> regions_;          // in the plan's order: that makes what the edge reads, or null
    std::vector<const Reader*> gated_;            // in the plan's order: the reader that a gate makes wait, or null
    std::vector<std::unique_ptr<KeptLags>> lags_; // in the plan's order; null where there is no such gate
};

} // namespace amp::engine::inline AMP_PRECISION

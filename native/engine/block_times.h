// When each of the latest blocks was computed and what it took: load and the causes of xruns are read from it.
#pragma once

#include "base/real_time.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace amp::engine {

// Nanoseconds; times are CLOCK_MONOTONIC.
struct BlockTime {
    std::int64_t sealed_at = 0; // computation began
    std::int64_t made_at = 0;
    std::uint64_t made_cycles = 0; // the same by the cycle counter
    std::int64_t cpu = 0;          // of its busiest worker
    std::int64_t waited = 0;       // before it, for a wheel that had to become longer
    // Since when there was always something to compute, and what the busiest worker of each block has had since then:
    // a block is late by what came before it, too.
    std::int64_t busy_since = 0;
    std::int64_t busy_cpu = 0;
    std::uint32_t heaviest_node = 0;
    std::uint64_t heaviest_cycles = 0;

    // Whether it was the computation, and not the system, that did not have the block ready `budget` after
    // `busy_since`, where a block lasts `block`.
    bool computed_too_long(std::int64_t budget, std::int64_t block) const {
        // A device that has slept asks for several buffers at once: no program has them ready at that moment.
        return budget >= block ? busy_cpu > budget : cpu > block;
    }
};

class BlockTimes {
public:
    // Keeps so many blocks. [compiler]
    explicit BlockTimes(std::int64_t blocks);

    // Block `block` is complete; blocks come in order. [worker]
    void add(std::int64_t block, const BlockTime& time) AMP_REAL_TIME;

    // Nothing when the block is not complete, or no longer kept. [any]
    std::optional<BlockTime> find(std::int64_t block) const;

    // Blocks that were added. [any]
    std::int64_t added() const { return added_.load(std::memory_order_acquire); }

    struct Load {
        double mean = 0, worst = 0;
        std::int64_t until = 0; // the first block that is not in it
    };

    // Share of `block_seconds` that making each of the blocks from `first` on took; 0 when there are none. [any]
    Load load(std::int64_t first, double block_seconds) const;

private:
    struct Entry {
        std::atomic<std::int64_t> block{-1};
        std::atomic<std::int64_t> sealed_at{0}, made_at{0}, cpu{0}, waited{0}, busy_since{0}, busy_cpu{0};
        std::atomic<std::uint32_t> heaviest_node{0};
        std::atomic<std::uint64_t> heaviest_cycles{0}, made_cycles{0};
    };

    const std::int64_t kept_;
    std::unique_ptr<Entry[]> entries_;
    std::atomic<std::int64_t> added_{0};
};

} // namespace amp::engine

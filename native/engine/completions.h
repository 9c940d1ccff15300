// The latest complete blocks, by which whoever reads what the workers measured tells one block from another.
#pragma once

#include "base/bounded_queue.h"
#include "base/real_time.h"
#include "engine/kept_blocks.h"
#include "engine/measured_window.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace amp::engine {

struct Completion {
    static constexpr std::uint32_t kNoNode = ~std::uint32_t{0};

    std::uint64_t cycles = 0;          // when
    std::int64_t time = 0;             // the same by CLOCK_MONOTONIC, nanoseconds
    std::uint64_t output_cycles = 0;   // of the streamer's own last step
    std::uint32_t late_node = kNoNode; // that made the block late
    ClosedWindow window;               // the newest
};

class Completions {
public:
    // Block `block` is complete; blocks come in order. [worker]
    void add(std::int64_t block, const Completion& completion) AMP_REAL_TIME {
        Place& place = places_[kept_place(block)];
        place.cycles.store(completion.cycles, std::memory_order_release);
        place.time.store(completion.time, std::memory_order_release);
        place.output_cycles.store(completion.output_cycles, std::memory_order_release);
        place.late_node.store(completion.late_node, std::memory_order_release);
        place.window.store(completion.window.number, std::memory_order_release);
        place.window_blocks.store(completion.window.blocks, std::memory_order_release);
        place.window_cycles.store(completion.window.cycles, std::memory_order_release);
        closed_.store(completion.window.number, std::memory_order_release);
        count_.store(block + 1, std::memory_order_release);
    }

    // Blocks that are complete. [any]
    std::int64_t count() const { return count_.load(std::memory_order_acquire); }

    // [any]
    Completion of(std::int64_t block) const {
        const Place& place = places_[kept_place(block)];
        return {place.cycles.load(std::memory_order_acquire),
                place.time.load(std::memory_order_acquire),
                place.output_cycles.load(std::memory_order_acquire),
                place.late_node.load(std::memory_order_acquire),
                {place.window.load(std::memory_order_acquire), place.window_blocks.load(std::memory_order_acquire),
                 place.window_cycles.load(std::memory_order_acquire)}};
    }

    // Whether all that was read until now of the places of `block` and of the one before it was theirs. Whoever has
    // seen something of a later block in such a place sees here how many of the blocks between are complete. [any]
    bool keeps(std::int64_t block) const { return count() - block <= kSafelyKept; }

    // Whether all that was read until now of this closed window was the window's. [any]
    bool keeps(const ClosedWindow& window) const { return closed_.load(std::memory_order_acquire) == window.number; }

private:
    struct Place {
        std::atomic<std::uint64_t> cycles{0};
        std::atomic<std::int64_t> time{0};
        std::atomic<std::uint64_t> output_cycles{0};
        std::atomic<std::uint32_t> late_node{Completion::kNoNode}, window{0};
        std::atomic<std::int64_t> window_blocks{0};
        std::atomic<std::uint64_t> window_cycles{0};
    };

    std::array<Place, kKeptBlocks> places_;
    std::atomic<std::uint32_t> closed_{0};
    alignas(kCacheLine) std::atomic<std::int64_t> count_{0};
};

} // namespace amp::engine

// What units cost, as measured now and then, and how much work each brings along: whether it pays to share it.
#pragma once

#include "base/real_time.h"
#include "run/work.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::run {

class WorkEstimate {
public:
    // [compiler]
    WorkEstimate(std::uint32_t units, std::span<const Dependency> dependencies);

    // True if what units cost in this block is noted. [any]
    static bool measures(std::int64_t block) { return block % kMeasuredEvery == 0; }

    // A unit that one worker at a time runs took so many cycles. [worker]
    void note(UnitIndex unit, std::uint64_t cycles) AMP_REAL_TIME;

    // Block `block`, so many blocks after the first, is about to begin: what was noted counts from here on. By one
    // thread at a time, each block. [worker]
    void begin_block(std::int64_t block) AMP_REAL_TIME {
        if (block % kMeasuredEvery == kMeasuredEvery / 2 &&
            (block < kOftenUntil || block % kRefreshedEvery < kMeasuredEvery)) {
            refresh();
        }
    }

    // Cycles of the unit and of all that nothing but the unit makes ready. [worker]
    std::uint64_t brings(UnitIndex unit) const { return brings_[unit].load(std::memory_order_relaxed); }
    // Cycles of all units of a block. Before anything was noted: more than anything that is worth sharing. [worker]
    std::uint64_t total() const { return total_.load(std::memory_order_relaxed); }

private:
    static constexpr std::int64_t kMeasuredEvery = 16, kRefreshedEvery = 128, kOftenUntil = 64; // blocks
    static constexpr UnitIndex kNobody = ~UnitIndex{0};
    static constexpr std::uint32_t kUnmeasured = 50'000, kLarge = 1U << 30; // cycles

    void refresh() AMP_REAL_TIME;

    std::vector<UnitIndex> order_;   // what is made ready after what makes it ready
    std::vector<UnitIndex> made_by_; // who alone makes each unit ready, or kNobody
    std::unique_ptr<std::atomic<std::uint32_t>[]> cost_, brings_;
    std::atomic<std::uint64_t> total_{kLarge};
};

} // namespace amp::run

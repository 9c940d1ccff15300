// When blocks of up to a minute ago were made, a few of them: what waits so long is known well enough by that.
#pragma once

#include "base/real_time.h"

#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace amp::engine {

class LongTimes {
public:
    // [compiler]
    explicit LongTimes(double block_seconds)
        : apart_(static_cast<std::int64_t>(std::ceil(kSeconds / kKept / block_seconds))),
          times_(std::make_unique<std::atomic<std::uint64_t>[]>(kKept)) {}

    // Block `block` is made; blocks come in order. [worker]
    void add(std::int64_t block, std::uint64_t cycles) AMP_REAL_TIME {
        if (block % apart_ == 0) {
            times_[static_cast<std::size_t>(block / apart_ % kKept)].store(cycles, std::memory_order_relaxed);
        }
    }

    // When the block was made, of which there are `made`; of one that is no longer kept the oldest time that is. The
    // newest 16 ms of blocks are not asked for here. [any]
    std::uint64_t made(std::int64_t block, std::int64_t made) const {
        const std::int64_t oldest = (made - 1) / apart_ - kKept + 2;
        const std::int64_t entry = block / apart_;
        if (entry < oldest) {
            return time(oldest);
        }
        const std::uint64_t before = time(entry);
        const double part = static_cast<double>(block % apart_) / static_cast<double>(apart_);
        return before + static_cast<std::uint64_t>(static_cast<double>(time(entry + 1) - before) * part);
    }

private:
    static constexpr std::int64_t kKept = 4096;
    static constexpr double kSeconds = 64;

    std::uint64_t time(std::int64_t entry) const {
        return times_[static_cast<std::size_t>(entry % kKept)].load(std::memory_order_relaxed);
    }

    const std::int64_t apart_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> times_;
};

} // namespace amp::engine

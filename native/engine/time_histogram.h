// How often a time of each size came in a window of blocks, in buckets that are an eighth of an octave wide.
#pragma once

#include "base/real_time.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace amp::engine {

// One thread adds at a time; readers as for WindowTotals. Each bucket carries the window that it counts for, so that
// none need be emptied when a window begins.
class TimeHistogram {
public:
    // [worker]
    void add(std::uint32_t window, std::uint32_t value) AMP_REAL_TIME {
        std::atomic<std::uint64_t>& bucket = buckets_[window & 1][bucket_of(value)];
        const std::uint64_t tag = std::uint64_t{window} << 32;
        const std::uint64_t before = bucket.load(std::memory_order_relaxed);
        bucket.store((before >> 32 == window ? before : tag) + 1, std::memory_order_release);
    }

    // The least value that at most a hundredth of the window's `count` values, none of which is above `greatest`,
    // exceed. It is never told too small, and too great by an eighth at most. [any]
    std::uint32_t percentile_99(std::uint32_t window, std::int64_t count, std::uint32_t greatest) const {
        std::int64_t above = count / 100;
        for (std::size_t i = bucket_of(greatest);; --i) {
            const std::uint64_t bucket = buckets_[window & 1][i].load(std::memory_order_acquire);
            above -= bucket >> 32 == window ? static_cast<std::int64_t>(bucket & 0xFFFFFFFF) : 0;
            if (above < 0 || i == 0) {
                return std::min(greatest, last_of(i));
            }
        }
    }

private:
    static constexpr int kSharpBits = 3; // of a value, below its highest one
    static constexpr std::size_t kBuckets = (32 - kSharpBits + 1) << kSharpBits;

    static std::size_t bucket_of(std::uint32_t value) {
        const int octave = std::max(0, static_cast<int>(std::bit_width(value)) - 1 - kSharpBits);
        return (static_cast<std::size_t>(octave) << kSharpBits) + (value >> octave);
    }
    // The greatest value of a bucket.
    static std::uint32_t last_of(std::size_t bucket) {
        if (bucket < (std::size_t{2} << kSharpBits)) {
            return static_cast<std::uint32_t>(bucket);
        }
        const std::size_t octave = (bucket >> kSharpBits) - 1;
        const std::uint64_t first = (bucket & ((1U << kSharpBits) - 1)) + (1U << kSharpBits);
        return static_cast<std::uint32_t>(((first + 1) << octave) - 1);
    }

    std::array<std::array<std::atomic<std::uint64_t>, kBuckets>, 2> buckets_{};
};

} // namespace amp::engine

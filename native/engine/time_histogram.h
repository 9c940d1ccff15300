// How often a time of each size came in a window of blocks, in buckets that are an eighth of an octave wide.
#pragma once

#include "base/real_time.h"
#include "engine/kept_blocks.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace amp::engine {

// One thread adds at a time, at most kMostValues a window; readers as for WindowTotals.
class TimeHistogram {
public:
    static constexpr std::int64_t kMostValues = UINT16_MAX;

    // `is_first`: of the window. [worker]
    void add(std::uint32_t window, std::uint32_t value, bool is_first) AMP_REAL_TIME {
        Place& place = places_[window % kWindowPlaces];
        if (is_first) {
            for (auto& word : place.words) {
                word.store(0, std::memory_order_release);
            }
        }
        const std::size_t bucket = bucket_of(value);
        std::atomic<std::uint64_t>& word = place.words[bucket / kInAWord];
        word.store(word.load(std::memory_order_relaxed) + (std::uint64_t{1} << shift_of(bucket)),
                   std::memory_order_release);
    }

    // The least value that at most a hundredth of the window's `count` values, none of which is above `greatest`,
    // exceed. It is never told too small, and too great by an eighth at most. [any]
    std::uint32_t percentile_99(std::uint32_t window, std::int64_t count, std::uint32_t greatest) const {
        std::int64_t above = count / 100;
        for (std::size_t i = bucket_of(greatest);; --i) {
            const std::uint64_t word =
                places_[window % kWindowPlaces].words[i / kInAWord].load(std::memory_order_acquire);
            above -= static_cast<std::uint16_t>(word >> shift_of(i));
            if (above < 0 || i == 0) {
                return std::min(greatest, last_of(i));
            }
        }
    }

private:
    static constexpr int kSharpBits = 3; // of a value, below its highest one
    static constexpr std::size_t kBuckets = (32 - kSharpBits + 1) << kSharpBits;

    // Counts lie four in a word, so that a window begins with few writes.
    static constexpr std::size_t kInAWord = 4;
    static std::size_t shift_of(std::size_t bucket) { return bucket % kInAWord * 16; }

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

    struct Place {
        std::array<std::atomic<std::uint64_t>, kBuckets / kInAWord> words{};
    };

    std::array<Place, kWindowPlaces> places_;
};

} // namespace amp::engine

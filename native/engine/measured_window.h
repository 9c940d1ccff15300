// The stretches of blocks over which measurements are summed up: the present one grows while the one before it, which
// is closed, is read.
#pragma once

#include "base/real_time.h"
#include "engine/kept_blocks.h"
#include "engine/time_histogram.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

namespace amp::engine {

// Whose number a block has: windows are counted in blocks, in the order in which they begin and in that in which they
// are complete.
class WindowCount {
public:
    explicit WindowCount(std::int64_t longest) : longest_(std::clamp(longest, kFirst, TimeHistogram::kMostValues)) {}

    // Of the present window; 1, 2, 3, ... [worker]
    std::uint32_t number() const { return number_; }
    // Blocks that were counted of it. [worker]
    std::int64_t blocks() const { return blocks_; }

    // One block more; how many the window had if it was its last, else 0. [worker]
    std::int64_t count() AMP_REAL_TIME {
        if (++blocks_ < length_) {
            return 0;
        }
        ++number_;
        length_ = std::min(2 * length_, longest_);
        return std::exchange(blocks_, 0);
    }

private:
    static constexpr std::int64_t kFirst = 16;
    static_assert(kFirst > kMostInFlight); // so that two windows overlap at most

    const std::int64_t longest_;
    std::int64_t length_ = kFirst, blocks_ = 0;
    std::uint32_t number_ = 1;
};

struct ClosedWindow {
    std::uint32_t number = 0; // 0: none is closed yet
    std::int64_t blocks = 0;
    std::uint64_t cycles = 0; // from its begin to its end, idle ones too
};

// Counts the blocks of the present window. The first is short, so that there soon is something to read; each next one
// is twice as long, up to the longest.
class MeasuredWindow {
public:
    explicit MeasuredWindow(std::int64_t longest) : begun_(longest), complete_(longest) {}

    // A block begins, when the counter stands at `cycles`; the number of its window. [worker]
    std::uint32_t begin_block(std::uint64_t cycles) AMP_REAL_TIME {
        const std::uint32_t number = begun_.number();
        if (number == 1 && begun_.blocks() == 0) {
            begin_ = cycles;
        }
        begun_.count();
        return number;
    }

    // A block is complete. Gives the newest closed window. [worker]
    const ClosedWindow& complete_block(std::uint64_t cycles) AMP_REAL_TIME {
        const std::uint32_t number = complete_.number();
        if (const std::int64_t blocks = complete_.count(); blocks > 0) {
            closed_ = {number, blocks, cycles - begin_};
            begin_ = cycles;
        }
        return closed_;
    }

    // Of the block that is complete next. [worker]
    std::uint32_t completing() const { return complete_.number(); }

private:
    WindowCount begun_;    // of the worker that begins a block
    WindowCount complete_; // of the one that completes one
    std::uint64_t begin_ = 0;
    ClosedWindow closed_;
};

// Sum, number and greatest of what is added in a window, by one thread at a time. A reader of a closed window must see
// afterwards that the next one is not closed: only then does this place begin to serve the one after it.
class WindowTotals {
public:
    struct Totals {
        std::uint64_t sum = 0, greatest = 0;
        std::uint32_t count = 0;

        double mean() const { return count == 0 ? 0 : static_cast<double>(sum) / count; }
    };

    // True if it is the window's first value. [worker]
    bool add(std::uint32_t window, std::uint64_t value) AMP_REAL_TIME {
        Place& place = places_[window % kWindowPlaces];
        const bool is_first = window != place.window.load(std::memory_order_relaxed);
        const Totals before = is_first ? Totals{} : read(place);
        place.sum.store(before.sum + value, std::memory_order_release);
        place.count.store(before.count + 1, std::memory_order_release);
        place.greatest.store(std::max(before.greatest, value), std::memory_order_release);
        place.window.store(window, std::memory_order_release);
        return is_first;
    }

    // Zeros when nothing was added. [any]
    Totals of(std::uint32_t window) const {
        const Place& place = places_[window % kWindowPlaces];
        const Totals totals = read(place);
        return place.window.load(std::memory_order_acquire) == window ? totals : Totals{};
    }

private:
    struct Place {
        std::atomic<std::uint64_t> sum{0}, greatest{0};
        std::atomic<std::uint32_t> count{0}, window{0};
    };
    static Totals read(const Place& place) {
        return {place.sum.load(std::memory_order_acquire), place.greatest.load(std::memory_order_acquire),
                place.count.load(std::memory_order_acquire)};
    }

    std::array<Place, kWindowPlaces> places_;
};

// The greatest alone, in less room.
class WindowPeak {
public:
    // [worker]
    void add(std::uint32_t window, std::uint32_t value) AMP_REAL_TIME {
        std::atomic<std::uint64_t>& place = places_[window % kWindowPlaces];
        const std::uint64_t peak = std::uint64_t{window} << 32 | value;
        const std::uint64_t before = place.load(std::memory_order_relaxed);
        if (before >> 32 != window || before < peak) {
            place.store(peak, std::memory_order_release);
        }
    }

    // 0 when nothing was added. [any]
    std::uint32_t of(std::uint32_t window) const {
        const std::uint64_t peak = places_[window % kWindowPlaces].load(std::memory_order_acquire);
        return peak >> 32 == window ? static_cast<std::uint32_t>(peak) : 0;
    }

private:
    std::array<std::atomic<std::uint64_t>, kWindowPlaces> places_{};
};

} // namespace amp::engine

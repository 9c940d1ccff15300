// The latest gaps in what was played, for one writer and any number of readers in any process.
#pragma once

#include "base/bounded_queue.h"
#include "base/real_time.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <span>

namespace amp::io {

enum class GapKind : std::uint32_t {
    missing = 1,       // frames were asked for before they were made
    device = 2,        // the device says that it ran out of frames
    late_callback = 3, // the device asked more than one buffer late, although its frames were ready
    anchor = 4,        // the clock went back to what is made; `frames` is how far
};

struct Gap {
    std::int64_t frame = 0; // the first output frame of the gap
    std::int64_t frames = 0;
    std::int64_t time_ns = 0; // CLOCK_MONOTONIC, when the gap began
    GapKind kind = GapKind::missing;
};

class GapLog {
public:
    static constexpr std::int64_t kCapacity = 256;

    // One writer at a time. [device]
    void push(const Gap& gap) AMP_REAL_TIME {
        const std::int64_t at = count_.load(std::memory_order_relaxed);
        Entry& entry = entries_[place(at)];
        // A reader that sees a new part of the entry also sees that it is being written.
        writing_.store(at + 1, std::memory_order_relaxed);
        entry.frame.store(gap.frame, std::memory_order_release);
        entry.frames.store(gap.frames, std::memory_order_release);
        entry.time_ns.store(gap.time_ns, std::memory_order_release);
        entry.kind.store(static_cast<std::uint32_t>(gap.kind), std::memory_order_release);
        count_.store(at + 1, std::memory_order_release);
    }

    // Gaps so far, those that are overwritten included. [any]
    std::int64_t count() const { return count_.load(std::memory_order_acquire); }

    // Copies the gaps from number `next` on and moves `next` behind them; skips those that are overwritten. Returns how
    // many were copied. [any]
    std::size_t read(std::int64_t& next, std::span<Gap> out) const {
        std::size_t copied = 0;
        while (copied < out.size()) {
            const std::int64_t end = count();
            next = std::min(std::max(next, end - kCapacity), end);
            if (next == end) {
                break;
            }
            const Entry& entry = entries_[place(next)];
            const Gap gap{entry.frame.load(std::memory_order_acquire), entry.frames.load(std::memory_order_acquire),
                          entry.time_ns.load(std::memory_order_acquire),
                          static_cast<GapKind>(entry.kind.load(std::memory_order_acquire))};
            if (writing_.load(std::memory_order_relaxed) <= next + kCapacity) {
                out[copied++] = gap;
            }
            ++next;
        }
        return copied;
    }

private:
    // Inside whatever another process has written into the count.
    static std::size_t place(std::int64_t number) { return static_cast<std::size_t>(number) % kCapacity; }

    struct Entry {
        std::atomic<std::int64_t> frame{0}, frames{0}, time_ns{0};
        std::atomic<std::uint32_t> kind{0};
    };

    alignas(kCacheLine) std::atomic<std::int64_t> count_{0};
    std::atomic<std::int64_t> writing_{0};
    std::array<Entry, kCapacity> entries_;
};

} // namespace amp::io

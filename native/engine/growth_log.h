// What a streamer tells of wheels that became longer, whichever plan they belong to.
#pragma once

#include "base/bounded_queue.h"
#include "base/real_time.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace amp::engine {

// A wheel that became longer.
struct Growth {
    std::int64_t frame = 0; // the first that was written into the longer one
    std::uint32_t plan = 0, node = 0, output = 0;
    std::uint64_t bytes_before = 0, bytes_after = 0;
    std::uint64_t moved_ahead = 0;       // bytes that were copied while blocks went on
    std::uint64_t moved_between = 0;     // bytes that a worker copied between two blocks
    std::int64_t nanoseconds = 0;        // from when it was asked for
    std::int64_t waited_nanoseconds = 0; // that the stream stood still for it
};

struct GrowthCounts {
    std::uint64_t growths = 0, failures = 0, moved_bytes = 0;
    std::int64_t waited_nanoseconds = 0;
};

class GrowthLog {
public:
    // [worker]
    void add(const Growth& growth) AMP_REAL_TIME {
        growths_.fetch_add(1, std::memory_order_relaxed);
        moved_bytes_.fetch_add(growth.moved_ahead + growth.moved_between, std::memory_order_relaxed);
        waited_.fetch_add(growth.waited_nanoseconds, std::memory_order_relaxed);
        unread_.push(growth);
    }
    // There was no memory for one. [worker]
    void add_failure() AMP_REAL_TIME { failures_.fetch_add(1, std::memory_order_relaxed); }

    // [any]
    GrowthCounts counts() const {
        return {growths_.load(std::memory_order_relaxed), failures_.load(std::memory_order_relaxed),
                moved_bytes_.load(std::memory_order_relaxed), waited_.load(std::memory_order_relaxed)};
    }

    // Moves growths to `out`, oldest first; how many. What found no room because nobody read is only counted. [any]
    std::size_t read(std::span<Growth> out) {
        std::size_t count = 0;
        for (; count < out.size(); ++count) {
            const auto growth = unread_.pop();
            if (!growth) {
                break;
            }
            out[count] = *growth;
        }
        return count;
    }

private:
    static constexpr std::size_t kKept = 256;

    BoundedQueue<Growth> unread_{kKept};
    std::atomic<std::uint64_t> growths_{0}, failures_{0}, moved_bytes_{0};
    std::atomic<std::int64_t> waited_{0};
};

} // namespace amp::engine

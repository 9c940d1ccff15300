// Where the frames that a region makes lie in the stream: what its latest stops have moved them by.
#pragma once

#include "base/real_time.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace amp::engine {

class StopLog {
public:
    // The region makes frame `own` of its own, and has not made `stood` frames of the stream before it. Frames come in
    // order. [worker]
    void add(std::int64_t own, std::int64_t stood) AMP_REAL_TIME {
        if (stood == newest_) {
            return;
        }
        newest_ = stood;
        const std::uint64_t number = count_.load(std::memory_order_relaxed);
        Stop& stop = stops_[number % kKept];
        // A reader that sees a part of it also sees that its place is taken.
        taken_.store(number + 1, std::memory_order_relaxed);
        stop.own.store(own, std::memory_order_release);
        stop.stood.store(stood, std::memory_order_release);
        count_.store(number + 1, std::memory_order_release);
    }

    // Frames of the stream that were not made before frame `own` of the region. Of what was made before all stops that
    // are kept, what the oldest of those tells. [any]
    std::int64_t stood_before(std::int64_t own) const {
        std::int64_t stood = 0;
        std::uint64_t number = count_.load(std::memory_order_acquire);
        for (std::size_t seen = 0; number > 0; ++seen) {
            if (seen == kKept) {
                return stood;
            }
            const Stop& stop = stops_[--number % kKept];
            const std::int64_t from = stop.own.load(std::memory_order_acquire);
            const std::int64_t found = stop.stood.load(std::memory_order_acquire);
            if (taken_.load(std::memory_order_relaxed) > number + kKept) {
                return stood;
            }
            stood = found;
            if (from <= own) {
                return stood;
            }
        }
        return 0;
    }

    // Goes on where another one is. [worker]
    void take_over(const StopLog& from) AMP_REAL_TIME {
        for (std::size_t place = 0; place < kKept; ++place) {
            stops_[place].own.store(from.stops_[place].own.load(std::memory_order_relaxed), std::memory_order_relaxed);
            stops_[place].stood.store(from.stops_[place].stood.load(std::memory_order_relaxed),
                                      std::memory_order_relaxed);
        }
        newest_ = from.newest_;
        const std::uint64_t count = from.count_.load(std::memory_order_relaxed);
        taken_.store(count, std::memory_order_relaxed);
        count_.store(count, std::memory_order_release);
    }

private:
    static constexpr std::size_t kKept = 1024;
    struct Stop {
        std::atomic<std::int64_t> own{0}, stood{0};
    };

    std::array<Stop, kKept> stops_;
    std::atomic<std::uint64_t> taken_{0}, count_{0}; // stops whose places are, or were, written; that are whole
    std::int64_t newest_ = 0;
};

} // namespace amp::engine

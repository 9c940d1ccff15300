// The stream clock against the time of the machine, published by whoever plays.
#pragma once

#include "base/real_time.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

namespace amp::io {

// Output frame `frame` is asked for at `time_ns` (CLOCK_MONOTONIC), later ones each `ns_per_frame` after the last.
struct ClockFit {
    std::int64_t frame = 0;
    std::int64_t time_ns = 0;
    double ns_per_frame = 0;

    double frame_at(std::int64_t when_ns) const {
        return static_cast<double>(frame) + static_cast<double>(when_ns - time_ns) / ns_per_frame;
    }
    double time_at(std::int64_t when_frame) const {
        return static_cast<double>(time_ns) + static_cast<double>(when_frame - frame) * ns_per_frame;
    }
};

// The latest fit, across processes. Two places are written by turns, so a writer that dies half-way spoils nothing.
class PublishedClockFit {
public:
    // One writer at a time. [device]
    void publish(const ClockFit& fit) AMP_REAL_TIME {
        const std::uint64_t next = published_.load(std::memory_order_relaxed) + 1;
        Place& place = places_[next & 1];
        place.frame.store(fit.frame, std::memory_order_release);
        place.time_ns.store(fit.time_ns, std::memory_order_release);
        place.ns_per_frame.store(fit.ns_per_frame, std::memory_order_release);
        published_.store(next, std::memory_order_release);
    }

    // Nothing before the first publication. [any]
    std::optional<ClockFit> read() const {
        for (;;) {
            const std::uint64_t number = published_.load(std::memory_order_acquire);
            if (number == 0) {
                return std::nullopt;
            }
            const Place& place = places_[number & 1];
            const ClockFit fit{place.frame.load(std::memory_order_acquire),
                               place.time_ns.load(std::memory_order_acquire),
                               place.ns_per_frame.load(std::memory_order_acquire)};
            // The place is written again only after the next publication, which whoever sees a part of it then sees
            // too.
            if (published_.load(std::memory_order_relaxed) == number) {
                return fit;
            }
        }
    }

private:
    struct Place {
        std::atomic<std::int64_t> frame{0}, time_ns{0};
        std::atomic<double> ns_per_frame{0};
    };
    std::atomic<std::uint64_t> published_{0};
    std::array<Place, 2> places_;
};

} // namespace amp::io

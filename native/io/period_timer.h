// Calls at a steady rate without a sound card, by absolute times.
#pragma once

#include <cstdint>

namespace amp::io {

// One thread waits on it. Being late does not add up: later calls make up for it, at most at twice the rate, so that
// whoever makes the frames gets its time. Beyond `most_late_frames` the time is given up as lost.
class PeriodTimer {
public:
    PeriodTimer(double sample_rate, int frames, std::int64_t most_late_frames);

    struct Call {
        std::int64_t due_ns = 0;      // CLOCK_MONOTONIC, without the system's lateness
        std::int64_t lost_frames = 0; // given up just before this call
    };

    // The next call is due now. [any]
    void begin();

    // Sleeps until the next call. [any]
    Call wait();

private:
    const double ns_per_frame_;
    const int frames_;
    const std::int64_t most_late_ns_;
    std::int64_t begin_ns_ = 0;
    std::int64_t calls_ = 0; // since begin_ns_
    std::int64_t last_wake_ns_ = 0;
};

// Sleeps until `time_ns` of CLOCK_MONOTONIC. [any]
void sleep_until(std::int64_t time_ns);

} // namespace amp::io

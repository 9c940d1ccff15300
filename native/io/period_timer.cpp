#include "io/period_timer.h"

#include "base/monotonic_clock.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <ctime>

namespace amp::io {

void sleep_until(std::int64_t time_ns) {
    const timespec until{static_cast<time_t>(time_ns / 1'000'000'000), static_cast<long>(time_ns % 1'000'000'000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
    }
}

PeriodTimer::PeriodTimer(double sample_rate, int frames, std::int64_t most_late_frames)
    : ns_per_frame_(1e9 / sample_rate),
      frames_(frames),
      most_late_ns_(std::llround(static_cast<double>(most_late_frames) * ns_per_frame_)) {}

void PeriodTimer::begin() {
    begin_ns_ = monotonic_nanoseconds();
    calls_ = 0;
    last_wake_ns_ = begin_ns_;
}

PeriodTimer::Call PeriodTimer::wait() {
    const double period_ns = static_cast<double>(frames_) * ns_per_frame_;
    Call call{begin_ns_ + std::llround(static_cast<double>(calls_) * period_ns)};
    const std::int64_t earliest = calls_ == 0 ? call.due_ns : last_wake_ns_ + std::llround(period_ns / 2);
    sleep_until(std::max(call.due_ns, earliest));
    last_wake_ns_ = monotonic_nanoseconds();
    if (const std::int64_t late_ns = last_wake_ns_ - call.due_ns; late_ns > most_late_ns_) {
        call.lost_frames = std::llround(static_cast<double>(late_ns) / ns_per_frame_);
        call.due_ns = begin_ns_ = last_wake_ns_;
        calls_ = 0;
    }
    ++calls_;
    return call;
}

} // namespace amp::io

// Smooths the times of callbacks into a steady clock.
#pragma once

#include "base/real_time.h"
#include "io/clock_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace amp::io {

// A delay-locked loop of second order: F. Adriaensen, "Using a DLL to filter time", Linux Audio Conference 2005.
// Its bandwidth is wide at first, to find the phase, and falls as time goes on, to be steady.
class DelayLockedLoop {
public:
    explicit DelayLockedLoop(double nominal_ns_per_frame) : nominal_(nominal_ns_per_frame) {}

    // Begins anew: `frame` was asked for at `now_ns`. Keeps nothing of what was measured. [device]
    void reset(std::int64_t frame, std::int64_t now_ns) AMP_REAL_TIME {
        fit_ = {frame, now_ns, nominal_};
        remainder_ns_ = 0;
        elapsed_ns_ = 0;
    }

    // `frame` was asked for at `now_ns` because time was lost; the rate stays as it was measured. [device]
    void move_phase(std::int64_t frame, std::int64_t now_ns) AMP_REAL_TIME {
        fit_.frame = frame;
        fit_.time_ns = now_ns;
        remainder_ns_ = 0;
        elapsed_ns_ = 0;
    }

    // Nanoseconds by which `now_ns` is later than `frame` was expected. [device]
    double lateness(std::int64_t frame, std::int64_t now_ns) const AMP_REAL_TIME {
        const double passed = static_cast<double>(frame - fit_.frame) * fit_.ns_per_frame;
        return static_cast<double>(now_ns - fit_.time_ns) - (passed + remainder_ns_);
    }

    // `frame`, later than the last one, was asked for at `now_ns`. [device]
    void update(std::int64_t frame, std::int64_t now_ns) AMP_REAL_TIME {
        const auto frames = static_cast<double>(frame - fit_.frame);
        if (frames <= 0) {
            return;
        }
        const double error = lateness(frame, now_ns);
        const double passed = frames * fit_.ns_per_frame;
        elapsed_ns_ += passed;
        const double bandwidth = std::clamp(1e9 / elapsed_ns_, kLeastHertz, kMostHertz);
        const double omega = std::min(2 * std::numbers::pi * bandwidth * passed * 1e-9, kMostOmega);
        const double step = passed + remainder_ns_ + std::numbers::sqrt2 * omega * error;
        const double whole = std::floor(step);
        fit_.frame = frame;
        fit_.time_ns += static_cast<std::int64_t>(whole);
        remainder_ns_ = step - whole;
        fit_.ns_per_frame =
            std::clamp(fit_.ns_per_frame + omega * omega * error / frames, nominal_ * 0.98, nominal_ * 1.02);
    }

    // The clock as it is seen now. [device]
    const ClockFit& fit() const AMP_REAL_TIME { return fit_; }

private:
    static constexpr double kMostHertz = 4;
    static constexpr double kLeastHertz = 0.25;
    static constexpr double kMostOmega = 0.5; // it would swing beyond

    const double nominal_;
    ClockFit fit_;
    double remainder_ns_ = 0; // of fit_.time_ns, below 1
    double elapsed_ns_ = 0;   // since the reset
};

} // namespace amp::io

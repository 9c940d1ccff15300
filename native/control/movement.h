// A value on its way to a target, frame by frame, within a rate and an acceleration.
//
// With D left to go and the braking speed f(D) = D / n + a (n - 1) / 2, n = ceil((sqrt(1 + 8 D / a) - 1) / 2), a value
// that goes f(D) now and a less in each frame after is there in n frames, with a speed of at most a: the sum of
// f(D), f(D) - a, ..., of n terms is D. So each frame takes the speed min(rate, f(D)), as far as the acceleration lets
// it change; this is the discrete form of the time-optimal bang-bang law (A. E. Bryson, Y.-C. Ho, Applied Optimal
// Control, 1975, 3.9). A value that begins at rest never passes its target and ends on it exactly. One that is too fast
// to stop before a new target passes it as little as it can, and never goes beyond the target before.
#pragma once

#include "base/real_time.h"

namespace amp::control {

// Of a movement: units a second and units a second squared; 0: none.
struct MovementLimits {
    double rate = 0, acceleration = 0;
    bool any() const { return rate > 0 || acceleration > 0; }
};

class Movement {
public:
    Movement() = default;
    explicit Movement(float at) : position_(at), target_(at) {}

    bool settled() const { return settled_; }
    // The value at the newest frame.
    float value() const { return static_cast<float>(position_); }

    // Is at `target` from the next frame on. [worker]
    void jump(float target) AMP_REAL_TIME;

    // Begins a move at the next frame, from the present value and speed. [worker]
    void start(float target, const MovementLimits& limits, double sample_rate) AMP_REAL_TIME;

    // The value at the next frame. [worker]
    float next() AMP_REAL_TIME;

private:
    double position_ = 0, target_ = 0;
    double speed_ = 0;                   // units a frame
    double rate_ = 0, acceleration_ = 0; // in frames; 0: no limit
    bool settled_ = true;
};

} // namespace amp::control

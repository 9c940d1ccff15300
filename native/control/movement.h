// A value on its way to a target, frame by frame, by the law of base/slew.h. One value moves seldom and by itself, so
// it takes the law one lane wide.
#pragma once

#include "base/real_time.h"
#include "base/slew.h"

#include <cstdint>

namespace amp::control {

// Of a movement: units a second, units a second squared, and units times seconds; 0: none.
struct MovementLimits {
    double rate = 0, acceleration = 0, area = 0;
    bool any() const { return rate > 0 || acceleration > 0 || area > 0; }
};

class Movement {
public:
    Movement() = default;
    explicit Movement(float at) { way_.position = way_.target = double{at}; }

    bool settled() const { return settled_; }
    // The value at the newest frame.
    float value() const { return static_cast<float>(way_.position.value); }

    // Is at `target` from the next frame on. [worker]
    void jump(float target) AMP_REAL_TIME;

    // Begins a move at the next frame, from the present value and speed. [worker]
    void start(float target, const MovementLimits& limits, double sample_rate) AMP_REAL_TIME;

    // The value at the next frame. [worker]
    float next() AMP_REAL_TIME;

    // True once the present move has taken more time than its area lets it, because of its rate or its acceleration.
    // [worker]
    bool is_slow() const { return is_slow_; }

private:
    SlewWay<1> way_;
    SlewLimits<1> limits_;
    std::int64_t frames_left_ = 0; // until the move is slow; 0: it never is
    bool settled_ = true;
    bool is_slow_ = false;
};

} // namespace amp::control

#include "control/movement.h"

#include <algorithm>
#include <cmath>

namespace amp::control {

namespace {

constexpr double kMostFrames = 0x1p52;

} // namespace

void Movement::jump(float target) {
    way_ = {};
    way_.position = way_.target = double{target};
    settled_ = true;
    is_slow_ = false;
}

void Movement::start(float target, const MovementLimits& limits, double sample_rate) {
    if (!limits.any()) {
        jump(target);
        return;
    }
    limits_ = {limits.rate, limits.acceleration, limits.area, sample_rate};
    if (limits.acceleration > 0) {
        way_.begin<true, true>(double{target}, limits_);
    } else {
        way_.begin<false, true>(double{target}, limits_);
    }
    settled_ = way_.position.value == way_.target.value && way_.speed.value == 0;
    is_slow_ = false;
    frames_left_ = 0;
    if (const double size = std::fabs(way_.target.value - way_.position.value); limits.area > 0 && size > 0) {
        // A jump would be there at the first frame, from which the time counts.
        frames_left_ = 1 + static_cast<std::int64_t>(std::min(2 * limits_.area.value / size, kMostFrames));
    }
}

float Movement::next() {
    if (settled_) {
        return value();
    }
    const bool accelerates = limits_.acceleration.value > 0;
    const auto arrives = accelerates ? way_.step<true, true>(limits_) : way_.step<false, true>(limits_);
    const bool is_there = arrives.value != 0;
    settled_ = is_there && way_.speed.value == 0;
    if (is_there) {
        frames_left_ = 0;
    } else if (frames_left_ > 0 && --frames_left_ == 0) {
        is_slow_ = true;
    }
    return value();
}

} // namespace amp::control

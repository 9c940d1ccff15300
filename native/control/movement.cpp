#include "control/movement.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace amp::control {

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

// Rounding must not make a value that brakes as planned look too fast: it may brake by so much more.
constexpr double kBrakingReserve = 1 + 1e-6;

// The most speed now from which `left` can be gone with `acceleration` less in each frame.
double braking_speed(double left, double acceleration) {
    const double frames = std::max(1.0, std::ceil((std::sqrt(1 + 8 * left / acceleration) - 1) / 2));
    return left / frames + acceleration * (frames - 1) / 2;
}

} // namespace

void Movement::jump(float target) {
    position_ = target_ = target;
    speed_ = 0;
    settled_ = true;
}

void Movement::start(float target, const MovementLimits& limits, double sample_rate) {
    if (!limits.any()) {
        jump(target);
        return;
    }
    target_ = target;
    rate_ = limits.rate / sample_rate;
    acceleration_ = limits.acceleration / sample_rate / sample_rate;
    settled_ = position_ == target_ && speed_ == 0;
}

float Movement::next() {
    if (settled_) {
        return value();
    }
    const double left = std::fabs(target_ - position_);
    const double toward = target_ < position_ ? -1 : 1;
    double speed = rate_ > 0 ? std::min(left, rate_) : left;
    if (acceleration_ > 0) {
        const double before = speed_ * toward;
        const double wanted = std::min(braking_speed(left, acceleration_), rate_ > 0 ? rate_ : kNoLimit);
        speed = std::clamp(wanted, before - acceleration_ * kBrakingReserve, before + acceleration_);
    }
    const bool arrives = speed == left && (acceleration_ == 0 || left <= acceleration_ * kBrakingReserve);
    speed_ = arrives ? 0 : speed * toward;
    position_ = arrives ? target_ : position_ + speed_;
    settled_ = arrives;
    return value();
}

} // namespace amp::control

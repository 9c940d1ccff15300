// The way back through what follows a signal within limits (base/slew.h): of each frame the derivatives of all that
// leaves it by all that enters it, by forward mode, and then the sums that the way back asks for.
#pragma once

#include "base/slew.h"
#include "base/tangent.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace amp {

// One frame of a follower: what it begins with, and what enters it.
template <class S, int N>
struct SlewFrame {
    using Values = Lanes<double, N>;

    SlewFollower<S, N> before;
    Values in;
    Values rate, acceleration, area; // of a second
    double sample_rate;

    // What the derivatives are by.
    enum Direction : std::size_t {
        by_position,
        by_speed,
        by_target,
        by_cruise,
        by_in,
        by_rate,
        by_acceleration,
        by_area,
        directions
    };
    using Value = Tangent<N, directions>;

    auto is_finite() const { return (in - in) == Values(0.0); }

    // The way behind the frame. Its position is what is heard, where what enters is finite.
    SlewWayOf<Value> followed() const {
        SlewWayOf<Value> way;
        way.position = Value::variable(before.way().position, by_position);
        way.speed = Value::variable(before.way().speed, by_speed);
        way.target = Value::variable(before.way().target, by_target);
        way.cruise = Value::variable(before.way().cruise, by_cruise);
        const Value wanted = select(is_finite(), Value::variable(in, by_in), way.target);
        const SlewLimitsOf<Value> limits(Value::variable(rate, by_rate), Value::variable(acceleration, by_acceleration),
                                         Value::variable(area, by_area), sample_rate);
        const auto is_first = is_finite() & (widened(before.has_begun()) == Values(0.0));
        way.template follow<true, true>(wanted, is_first, limits);
        return way;
    }

    // False if the law is another one where what enters is moved by margin (|v| + 0.001); an acceleration by less than
    // what a braking value has in reserve, beyond which one that moves alone is another braking.
    bool is_smooth(double margin) const
        requires(N == 1)
    {
        const SlewWayOf<Value> here = followed();
        const auto moved = [&](Values SlewFrame::* value, double by) {
            SlewFrame frame = *this;
            frame.*value = frame.*value + (abs(frame.*value) + Values(1e-3)) * Values(by);
            return frame.followed();
        };
        for (const auto value : {&SlewFrame::in, &SlewFrame::rate, &SlewFrame::acceleration, &SlewFrame::area}) {
            const double reserve = SlewWay<N>::kReserve - 1;
            const double most = value == &SlewFrame::acceleration ? std::min(margin, reserve / 4) : margin;
            for (const double by : {-most, most}) {
                const bool may_move = value == &SlewFrame::in || lane_of(this->*value, 0) > 0;
                if (may_move && is_another_law(here, moved(value, by))) {
                    return false;
                }
            }
        }
        return true;
    }

private:
    // Whether a derivative is another one, and not only that of the next of many short pieces of the same curve.
    bool is_another_law(const SlewWayOf<Value>& here, const SlewWayOf<Value>& there) const {
        constexpr double kShare = 0.3, kHeard = 1e-10;
        const std::array<Values, directions> sizes{before.way().position,
                                                   before.way().speed,
                                                   before.way().target,
                                                   before.way().cruise,
                                                   in,
                                                   rate,
                                                   acceleration,
                                                   area};
        bool differs = false;
        for (const auto value : {&SlewWayOf<Value>::position, &SlewWayOf<Value>::speed, &SlewWayOf<Value>::cruise}) {
            for (std::size_t d = 0; d < directions; ++d) {
                const Values a = (here.*value).along[d], b = (there.*value).along[d], apart = abs(a - b);
                const Values heard = apart * (abs(sizes[d]) + Values(1e-3));
                const auto is_other = (apart > max(abs(a), abs(b)) * Values(kShare)) & (heard > Values(kHeard));
                differs = differs || lane_of(is_other, 0) != 0;
            }
        }
        return differs;
    }
};

// dL by each of these.
template <class S, int N>
struct SlewGradients {
    using Values = Lanes<double, N>;
    // Of the follower behind a frame, which become those before it.
    Values position{0.0}, speed{0.0}, target{0.0}, cruise{0.0};
    // Of what enters a frame.
    Values in{0.0}, rate{0.0}, acceleration{0.0}, area{0.0};

    // Rows as those of a follower. A value whose rest has a row of its own is moved by either.
    void load(const S* rows, std::ptrdiff_t stride) {
        const auto row = [&](int index) { return widened(Lanes<S, N>::load(rows + index * stride)); };
        position = row(0);
        speed = row(2);
        target = row(4);
        cruise = row(5);
    }
    void store(S* rows, std::ptrdiff_t stride) const {
        const auto put = [&](int index, Values value) { converted<S>(value).store(rows + index * stride); };
        put(0, position);
        put(1, position);
        put(2, speed);
        put(3, speed);
        put(4, target);
        put(5, cruise);
    }

    // One frame back, from the derivative by what was heard in it.
    void back(const SlewFrame<S, N>& frame, Values by_out) {
        using Frame = SlewFrame<S, N>;
        const auto way = frame.followed();
        const Values zero(0.0);
        // What is not finite passes by.
        const Values by_heard = select(frame.is_finite(), by_out, zero);
        const auto by = [&](std::size_t direction) {
            return (position + by_heard) * way.position.along[direction] + speed * way.speed.along[direction] +
                   target * way.target.along[direction] + cruise * way.cruise.along[direction];
        };
        in = by(Frame::by_in) + select(frame.is_finite(), zero, by_out);
        rate = by(Frame::by_rate);
        acceleration = by(Frame::by_acceleration);
        area = by(Frame::by_area);
        const std::array before{by(Frame::by_position), by(Frame::by_speed), by(Frame::by_target),
                                by(Frame::by_cruise)};
        position = before[0];
        speed = before[1];
        target = before[2];
        cruise = before[3];
    }
};

} // namespace amp

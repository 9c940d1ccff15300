// How a value goes to its target within limits: the one law of parameters that move, of modulations that ask for it and
// of the node type `slew`.
//
// With D left to go and the braking speed f(D) = D / n + a (n - 1) / 2, n = ceil((sqrt(1 + 8 D / a) - 1) / 2), a value
// that goes f(D) now and a less in each frame after is there in n frames, with a speed of at most a: the sum of
// f(D), f(D) - a, ..., of n terms is D. So each frame takes the speed min(rate, f(D)), as far as the acceleration lets
// it change; this is the discrete form of the time-optimal bang-bang law (A. E. Bryson, Y.-C. Ho, Applied Optimal
// Control, 1975, 3.9). A value that begins at rest never passes its target and ends on it exactly. One that is too fast
// to stop before a new target passes it as little as it can, and never goes beyond the target before.
//
// An area is what may lie between the way and the jump that was asked for. A move of size D that is there after
// T = 2 area / D leaves D T / 2 = area, so T is the most time that it may take, and it takes it: it cruises at the
// least speed that is there by then, which is D / T without an acceleration, and with one the smaller root of
// c c - (u + T a) c + a D + u u / 2 = 0 from a speed u. Rate and acceleration win: where they do not let it go so fast,
// it goes as fast as they do.
//
// All of it is in double, also where the signal is float, since a slow way is a long sum of small steps; a float's
// state keeps what its bits leave over in a row of its own.
#pragma once

#include "base/precision.h"

#include <cstddef>
#include <limits>
#include <type_traits>

namespace amp {

// Of a way: units a frame, units a frame squared, and units times frames; 0: no limit.
template <class Values>
struct SlewLimitsOf {
    Values rate{0.0}, acceleration{0.0}, area{0.0};

    SlewLimitsOf() = default;
    // From units a second, a second squared, and units times seconds.
    SlewLimitsOf(Values rate, Values acceleration, Values area, double sample_rate)
        : rate(rate / Values(sample_rate)),
          acceleration(acceleration / Values(sample_rate) / Values(sample_rate)),
          area(area * Values(sample_rate)) {}
};
template <int N>
using SlewLimits = SlewLimitsOf<Lanes<double, N>>;

// The smallest whole number that is not below; of what is at least 0.
template <int N>
Lanes<double, N> ceiling(Lanes<double, N> value) {
    using Values = Lanes<double, N>;
    const Values magic(0x1p52);
    const Values nearest = (value + magic) - magic;
    return select(nearest < value, nearest + Values(1.0), nearest);
}

// `Accelerates` and `HasArea` may be false where no lane has an acceleration or an area: the same bits for less. Values
// are lanes of doubles, or such with derivatives (base/tangent.h).
template <class Values>
struct SlewWayOf {
    using Limits = SlewLimitsOf<Values>;
    using Where = decltype(Values(0.0) < Values(0.0));

    Values position{0.0}, target{0.0};
    Values speed{0.0};  // units a frame
    Values cruise{0.0}; // units a frame that the area asks for in this move; 0: none does

    // Begins a move in all lanes, from the present values and speeds.
    template <bool Accelerates, bool HasArea>
    void begin(Values to, const Limits& limits) {
        cruise = HasArea ? cruise_to<Accelerates>(to, limits) : Values(0.0);
        target = to;
    }

    // The same in lanes whose target is another one than before.
    template <bool Accelerates, bool HasArea>
    void aim(Values to, const Limits& limits) {
        if constexpr (HasArea) {
            const Values kept = select(limits.area > Values(0.0), cruise, Values(0.0));
            cruise = select(to == target, kept, cruise_to<Accelerates>(to, limits));
        } else {
            cruise = Values(0.0);
        }
        target = to;
    }

    // Goes one frame; says where it has arrived. Where there is an acceleration it stands one frame later, unless it is
    // sent on before.
    template <bool Accelerates, bool HasArea>
    Where step(const Limits& limits) {
        const Values none(std::numeric_limits<double>::infinity()), zero(0.0);
        const Values left = abs(target - position);
        const Values toward = select(target < position, Values(-1.0), Values(1.0));
        Values fastest = select(limits.rate > zero, limits.rate, none);
        if constexpr (HasArea) {
            fastest = min(fastest, select(cruise > zero, cruise, none));
        }
        Values pace = min(left, fastest);
        Where arrives = pace == left;
        if constexpr (Accelerates) {
            const Where is_limited = limits.acceleration > zero;
            const Values most = select(is_limited, limits.acceleration, Values(1.0));
            const Values before = speed * toward, slowest = before - most * Values(kReserve);
            const Where stands = (left == zero) & (abs(before) <= most * Values(kReserve));
            const Values changed = clamp(min(braking_speed(left, most), fastest), slowest, before + most);
            pace = select(is_limited, select(stands, zero, changed), pace);
            arrives = (pace == left) & (~is_limited | (left <= most * Values(kReserve)));
            speed = select(arrives & ~is_limited, zero, pace * toward);
        } else {
            speed = select(arrives, zero, pace * toward);
        }
        position = select(arrives, target, position + speed);
        return arrives;
    }

    // One frame of a follower: the first target of all is there at once. Says where the position is what is wanted.
    template <bool Accelerates, bool HasArea>
    Where follow(Values wanted, Where is_first, const Limits& limits) {
        position = select(is_first, wanted, position);
        target = select(is_first, wanted, target);
        aim<Accelerates, HasArea>(wanted, limits);
        return step<Accelerates, HasArea>(limits);
    }

    // Rounding must not make a value that brakes as planned look too fast, nor one that cruises late: by so much more
    // it may brake, and cruises.
    static constexpr double kReserve = 1 + 1e-6;

private:
    // The most speed now from which `left` can be gone with `acceleration` less in each frame.
    static Values braking_speed(Values left, Values acceleration) {
        const Values one(1.0), half(0.5);
        const Values root = sqrt(one + Values(8.0) * left / acceleration);
        const Values frames = max(one, ceiling((root - one) * half));
        return left / frames + acceleration * (frames - one) * half;
    }

    template <bool Accelerates>
    Values cruise_to(Values to, const Limits& limits) const {
        const Values zero(0.0), two(2.0), half(0.5);
        const Values size = abs(to - position);
        const Values time = two * limits.area / size;
        Values found = size / time;
        if constexpr (Accelerates) {
            const Where is_limited = limits.acceleration > zero;
            const Values most = select(is_limited, limits.acceleration, Values(1.0));
            const Values now = select(to < position, -speed, speed);
            const Values stopping = now * now * half;
            const Values gained = now + time * most;
            const Values rest = gained * gained - two * (two * most * size + two * stopping);
            const Values quicker = (two * most * size + two * stopping) / (gained + sqrt(max(rest, zero)));
            const Where can = (gained > zero) & (rest >= zero);
            // From a speed above the one that is wanted.
            const Values slower = (size - stopping / most) / (time - now / most);
            const Where is_faster = (now > zero) & (time * now > size + stopping / most);
            found = select(is_limited, select(is_faster, slower, select(can, quicker, zero)), found);
        }
        const Where is_one = (limits.area > zero) & (found > zero) & (size > zero);
        return select(is_one, found * Values(kReserve), zero);
    }
};
template <int N>
using SlewWay = SlewWayOf<Lanes<double, N>>;

// Signals of N lanes that follow what comes in. State begins as zeros; from there the first value is there at once.
// What is not finite passes as it is, and leaves no trace.
template <class S, int N>
class SlewFollower {
public:
    using Signal = Lanes<S, N>;
    static constexpr int rows = 7;

    // The state is `rows` rows of lanes, `stride` values from one to the next.
    static SlewFollower load(const S* state, std::ptrdiff_t stride) {
        SlewFollower made;
        const auto row = [&](int index) { return widened(Signal::load(state + index * stride)); };
        made.way_.position = row(0) + row(1);
        made.way_.speed = row(2) + row(3);
        made.way_.target = row(4);
        made.way_.cruise = row(5);
        made.has_begun_ = Signal::load(state + 6 * stride);
        return made;
    }
    void store(S* state, std::ptrdiff_t stride) const {
        const auto put = [&](int index, Values value) { narrowed(value).store(state + index * stride); };
        put(0, way_.position);
        put(1, left_over(way_.position));
        put(2, way_.speed);
        put(3, left_over(way_.speed));
        put(4, way_.target);
        put(5, way_.cruise);
        has_begun_.store(state + 6 * stride);
    }

    template <bool Accelerates, bool HasArea>
    Signal next(Signal in, const SlewLimits<N>& limits) {
        const Signal zero(S(0));
        const auto is_finite = (in - in) == zero;
        const auto is_first = is_finite & (has_begun_ == zero);
        has_begun_ = select(is_finite, Signal(S(1)), has_begun_);
        const Signal to = select(is_finite, in, narrowed(way_.target));
        const auto jumps = widened(select(is_first, Signal(S(1)), zero)) > Values(0.0);
        const Values wanted = widened(to);
        const auto arrives = way_.template follow<Accelerates, HasArea>(wanted, jumps, limits);
        const Values heard = way_.position;
        if constexpr (!std::is_same_v<S, double>) {
            way_.position = select(arrives, wanted, kept(way_.position));
            way_.speed = kept(way_.speed);
            way_.cruise = widened(narrowed(way_.cruise));
        }
        return select(is_finite, narrowed(heard), in);
    }

    const SlewWay<N>& way() const { return way_; }
    Signal has_begun() const { return has_begun_; } // 0 before the first value, else 1

private:
    using Values = Lanes<double, N>;
    static Signal narrowed(Values values) { return converted<S>(values); }
    static Values left_over(Values value) { return value - widened(narrowed(value)); }
    // What the rows can hold, so that it is the same wherever the frames are cut.
    static Values kept(Values value) { return widened(narrowed(value)) + widened(narrowed(left_over(value))); }

    SlewWay<N> way_;
    Signal has_begun_{S(0)};
};

} // namespace amp

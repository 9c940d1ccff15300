// Values that carry their derivatives along several directions: forward mode, for laws that have too many cases for a
// way back by hand. Every operation is that of the values, with the chain rule beside it; comparisons and choices look
// at the values alone, so a law that is written for both kinds of number takes the same way with either.
#pragma once

#include "base/lanes.h"

#include <array>
#include <cstddef>

namespace amp {

template <int N, std::size_t Directions>
struct Tangent {
    using Values = Lanes<double, N>;
    using Where = Lanes<std::int64_t, N>;

    Values value{0.0};
    std::array<Values, Directions> along{}; // of each direction

    Tangent() = default;
    Tangent(double constant) : value(constant) { along.fill(Values(0.0)); }
    explicit Tangent(Values constant) : value(constant) { along.fill(Values(0.0)); }
    // What the derivatives are by.
    static Tangent variable(Values value, std::size_t direction) {
        Tangent made(value);
        made.along[direction] = Values(1.0);
        return made;
    }

    friend Tangent operator+(const Tangent& a, const Tangent& b) {
        return a.with(a.value + b.value, Values(1.0), b, Values(1.0));
    }
    friend Tangent operator-(const Tangent& a, const Tangent& b) {
        return a.with(a.value - b.value, Values(1.0), b, Values(-1.0));
    }
    friend Tangent operator*(const Tangent& a, const Tangent& b) {
        return a.with(a.value * b.value, b.value, b, a.value);
    }
    friend Tangent operator/(const Tangent& a, const Tangent& b) {
        const Values quotient = a.value / b.value, share = Values(1.0) / b.value;
        return a.with(quotient, share, b, -quotient * share);
    }
    friend Tangent operator-(const Tangent& a) { return a.scaled(-a.value, Values(-1.0)); }
    friend Tangent sqrt(const Tangent& a) {
        // At 0 it rises without end, and from there on there is nothing to be moved.
        const Values root = sqrt(a.value), none(0.0);
        return a.scaled(root, select(root > none, Values(0.5) / root, none));
    }
    friend Tangent abs(const Tangent& a) { return select(a.value < Values(0.0), -a, a); }
    // It stands still between the places where it jumps.
    friend Tangent ceiling(const Tangent& a) { return Tangent(ceiling(a.value)); }

    friend Where operator<(const Tangent& a, const Tangent& b) { return a.value < b.value; }
    friend Where operator<=(const Tangent& a, const Tangent& b) { return a.value <= b.value; }
    friend Where operator>(const Tangent& a, const Tangent& b) { return a.value > b.value; }
    friend Where operator>=(const Tangent& a, const Tangent& b) { return a.value >= b.value; }
    friend Where operator==(const Tangent& a, const Tangent& b) { return a.value == b.value; }

    friend Tangent select(Where where, const Tangent& a, const Tangent& b) {
        Tangent made(select(where, a.value, b.value));
        for (std::size_t d = 0; d < Directions; ++d) {
            made.along[d] = select(where, a.along[d], b.along[d]);
        }
        return made;
    }
    friend Tangent min(const Tangent& a, const Tangent& b) { return select(a.value < b.value, a, b); }
    friend Tangent max(const Tangent& a, const Tangent& b) { return select(a.value > b.value, a, b); }
    friend Tangent clamp(const Tangent& a, const Tangent& low, const Tangent& high) { return min(max(a, low), high); }

private:
    Tangent scaled(Values of, Values slope) const {
        Tangent made(of);
        for (std::size_t d = 0; d < Directions; ++d) {
            made.along[d] = along[d] * slope;
        }
        return made;
    }
    Tangent with(Values of, Values slope, const Tangent& other, Values other_slope) const {
        Tangent made(of);
        for (std::size_t d = 0; d < Directions; ++d) {
            made.along[d] = along[d] * slope + other.along[d] * other_slope;
        }
        return made;
    }
};

} // namespace amp

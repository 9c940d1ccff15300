// What filters share: the angle of a corner frequency, and the two-pole core.
#pragma once

#include "base/approximation.h"
#include "node/backward.h"

#include <numbers>

namespace amp {

// The tangent of pi * frequency / sample_rate, which the bilinear transform asks for, as a quotient. The frequency, not
// negative, is held below 0.49 of the sample rate.
//
// With q = 2 frequency / sample_rate and t = q^2 the tangent is q F(t) / (1 - t), and F is so even that a short
// polynomial gives it, made for this file: relative errors 1.1e-6 (float; 0.002 cents of the frequency) and 3e-17
// (double).
template <class S, int N>
struct CornerTangent {
    Lanes<S, N> numerator, denominator;

    CornerTangent(Lanes<S, N> frequency, double sample_rate) {
        const auto q = min(frequency * Lanes<S, N>(S(2 / sample_rate)), Lanes<S, N>(S(0.98)));
        const auto t = q * q;
        if constexpr (std::is_same_v<S, float>) {
            numerator = q * approximation_detail::polynomial(t, kFloat);
        } else {
            numerator = q * approximation_detail::polynomial(t, kDouble);
        }
        denominator = Lanes<S, N>(S(1)) - t;
    }

    // What the tangent changes by for a hertz: pi (1 + tangent^2) / sample_rate, or 0 where the frequency is held.
    Lanes<S, N> slope(Lanes<S, N> frequency, double sample_rate) const {
        using L = Lanes<S, N>;
        const L tangent = numerator / denominator;
        const L slope = (L(S(1)) + tangent * tangent) * L(S(std::numbers::pi / sample_rate));
        return held_gradient(slope, frequency, L(S(0)), L(S(0.49 * sample_rate)));
    }

private:
    static constexpr float kFloat[] = {1.570798F, -0.27892104F, -0.016586293F, -0.0020473097F};
    static constexpr double kDouble[] = {1.5707963267948966,      -0.27886813178239624,   -0.016846175074134075,
                                         -0.0016448951271079179,  -0.0001758823729857074, -1.9296421091805876e-05,
                                         -2.135237740744299e-06,  -2.358864290285190e-07, -2.739221831803106e-08,
                                         -2.1511027139839282e-09, -6.145273169294798e-10};
};

// Two trapezoidal integrators in a loop. With g the tangent and k the damping, a frame of input x does
//     d = x - z2,  z1' = z1 + 2 (g d - g (g + k) z1) / (1 + g (g + k)),  z2' = z2 + 2 (g z1 + g^2 d) / (1 + g (g + k)),
// and the outputs are band = (z1 + z1') / 2, low = (z2 + z2') / 2, high = x - k band - low. Written as changes of the
// state it keeps its precision at low frequencies, and the way from a state to the next is three operations long.
// Source: A. Simper, "Solving the continuous SVF equations using trapezoidal integration and equivalent currents",
// 2013.
template <class S, int N>
struct StateVariable {
    Lanes<S, N> across, forward, back; // 2 g, 2 g^2 and 2 g (g + k), over 1 + g (g + k)

    // g is the quotient of both.
    StateVariable(Lanes<S, N> numerator, Lanes<S, N> denominator, Lanes<S, N> damping)
        : StateVariable(numerator * numerator, numerator * denominator, denominator * denominator, damping) {}

    // From the squares and the product of the two.
    StateVariable(Lanes<S, N> square, Lanes<S, N> product, Lanes<S, N> other_square, Lanes<S, N> damping) {
        const auto scale = Lanes<S, N>(S(2)) / ((square + other_square) + damping * product);
        across = product * scale;
        forward = square * scale;
        back = forward + damping * across;
    }

    // The outputs come doubled: half the input gives them as they are.
    struct Doubled {
        Lanes<S, N> band, low;
    };
    Doubled step(Lanes<S, N> x, Lanes<S, N>& z1, Lanes<S, N>& z2) const {
        const auto difference = x - z2;
        const auto next1 = (z1 - back * z1) + across * difference;
        const auto next2 = (z2 + across * z1) + forward * difference;
        const Doubled out{z1 + next1, z2 + next2};
        z1 = next1;
        z2 = next2;
        return out;
    }
};

// The way back through StateVariable::step, for coefficients that are made of g and k as the class says.
template <class S, int N>
struct StateVariableBack {
    using L = Lanes<S, N>;
    L g, k;
    StateVariable<S, N> core;
    L over; // 1 + g (g + k)

    StateVariableBack(L tangent, L damping)
        : g(tangent), k(damping), core(tangent, L(S(1)), damping), over(L(S(1)) + tangent * (tangent + damping)) {}

    struct Gradients {
        L x, g, k;
    };
    // `by_band` and `by_low` are the derivatives by the doubled outputs of a frame that came from x, z1 and z2;
    // `by_z1` and `by_z2` those by the state behind it, which become those by the state before it.
    Gradients back(L by_band, L by_low, L x, L z1, L z2, L& by_z1, L& by_z2) const {
        const L difference = x - z2;
        const L by_next1 = by_z1 + by_band;
        const L by_next2 = by_z2 + by_low;
        const L by_difference = by_next1 * core.across + by_next2 * core.forward;
        const L by_back = -(by_next1 * z1);
        const L by_forward = by_next2 * difference + by_back;
        const L by_across = by_next1 * difference + by_next2 * z1 + k * by_back;
        by_z1 = by_band + (by_next1 - by_next1 * core.back) + by_next2 * core.across;
        by_z2 = by_low + by_next2 - by_difference;
        const L by_over = -(by_across * core.across + by_forward * core.forward) / over;
        const L two(S(2));
        return {by_difference, (two * by_across + two * two * g * by_forward) / over + by_over * (two * g + k),
                core.across * by_back + by_over * g};
    }
};

// What the ways back of filters on this core have in common: the two states on the way forward, which are noted for
// each frame, and from `turn` on the derivatives by them.
template <class S, int N>
class StateVariableTile {
protected:
    using L = Lanes<S, N>;
    static constexpr int kRows = 2; // that are kept for each frame

    StateVariableTile(const BackwardFiring<S>& back, int lane)
        : back_(back),
          lane_(lane),
          z1_(L::load(back.forward.state(0) + lane)),
          z2_(L::load(back.forward.state(1) + lane)) {}

    void keep(int f) {
        z1_.store(back_.kept(f, 0, kRows) + lane_);
        z2_.store(back_.kept(f, 1, kRows) + lane_);
    }
    L kept(int f, int row) const { return L::load(back_.kept(f, row, kRows) + lane_); }

public:
    void turn() {
        z1_ = L::load(back_.state_gradient(0) + lane_);
        z2_ = L::load(back_.state_gradient(1) + lane_);
    }
    void finish() {
        z1_.store(back_.state_gradient(0) + lane_);
        z2_.store(back_.state_gradient(1) + lane_);
    }

protected:
    const BackwardFiring<S>& back_;
    const int lane_;
    L z1_, z2_;
};

} // namespace amp

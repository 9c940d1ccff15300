// What filters share: the angle of a corner frequency, and the two-pole core.
#pragma once

#include "base/approximation.h"
#include "node/kernel.h"

namespace amp {

// Sine and cosine of pi * frequency / sample_rate; their quotient is the tangent of the bilinear transform. The
// frequency is held between 0 and 0.49 of the sample rate.
template <class S, int N>
struct HalfAngle {
    Lanes<S, N> sine, cosine;

    HalfAngle(Lanes<S, N> frequency, double sample_rate) {
        const auto held = clamp(frequency, Lanes<S, N>(S(0)), Lanes<S, N>(S(0.49 * sample_rate)));
        const auto quarters = held * Lanes<S, N>(S(2 / sample_rate));
        sine = sine_of_quarters(quarters);
        cosine = sine_of_quarters(Lanes<S, N>(S(1)) - quarters);
    }
};

// Two trapezoidal integrators in a loop. With g = sine / cosine and damping k, a frame of input x does
//     d = x - z2,  z1' = z1 + 2 (g d - g (g + k) z1) / (1 + g (g + k)),  z2' = z2 + 2 (g z1 + g^2 d) / (1 + g (g + k)),
// and the outputs are band = (z1 + z1') / 2, low = (z2 + z2') / 2, high = x - k band - low. Written as changes of the
// state it keeps its precision at low frequencies, and the way from a state to the next is three operations long.
// Source: A. Simper, "Solving the continuous SVF equations using trapezoidal integration and equivalent currents",
// 2013.
template <class S, int N>
struct StateVariable {
    Lanes<S, N> across, forward, back; // 2 g, 2 g^2 and 2 g (g + k), over 1 + g (g + k)

    // From sine^2, sine * cosine, sine^2 + cosine^2 and the damping.
    StateVariable(Lanes<S, N> squared_sine, Lanes<S, N> product, Lanes<S, N> sum_of_squares, Lanes<S, N> damping) {
        const auto scale = Lanes<S, N>(S(2)) / (sum_of_squares + damping * product);
        across = product * scale;
        forward = squared_sine * scale;
        back = forward + damping * across;
    }

    // Twice the band and low output.
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

} // namespace amp

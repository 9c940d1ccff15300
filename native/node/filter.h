// The angle of a filter's corner frequency, shared by all filters that warp it with a tangent.
#pragma once

#include "base/approximation.h"
#include "node/kernel.h"

namespace amp {

// Sine and cosine of pi * frequency / sample_rate; their quotient is the tangent of the bilinear transform. The frequency
// is held between 0 and 0.49 of the sample rate.
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

} // namespace amp

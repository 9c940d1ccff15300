// Corrections that keep the aliases out of waveforms with steps and corners.
//
// A sampled step aliases; a step heard through a smooth kernel does not. The kernel is b - a b'', with b the cubic
// B-spline, so a step differs from the naive one in the two frames before it and the two after it only. The spline
// alone would lower the treble; the a b'' gives part of it back: K(f) = sinc(f)^4 (1 + a (2 pi f)^2), f in cycles a
// frame. a = 0.15 keeps every alias of a 2 kHz saw at 48 kHz that falls below 10 kHz at -61 dB or less, and costs 0.08
// dB at 5 kHz, 0.5 dB at 10 kHz and 1.8 dB at 15 kHz. Corrections that overlap add up, since the kernel is linear.
#pragma once

#include "base/lanes.h"

namespace amp {

inline constexpr double kTrebleRestored = 0.15;

// Corrections reach this many frames to either side.
inline constexpr int kCorrectionReach = 2;

// Where neighbouring edges are never closer than 2 kCorrectionReach frames, only the nearest one acts.
inline constexpr double kLonelyEdgeTurns = 0.2499;

// What is still to come, `distance` >= 0 frames after the middle of a smoothed step of height 2: 1 at the step, 0 from
// two frames on. Before the step it is what has already come. With p = (2 - x)+ and q = (1 - x)+ the integral of b from
// x on is (p^4 - 4 q^4) / 24, and -b' is (p^2 - 4 q^2) / 2.
template <class S, int N>
inline Lanes<S, N> step_residual(Lanes<S, N> distance) {
    using L = Lanes<S, N>;
    const L p = max(L(S(2)) - distance, L(S(0)));
    const L q = max(p - L(S(1)), L(S(0)));
    const L p2 = p * p;
    const L q2 = q * q;
    return p2 * (p2 * L(S(1.0 / 12)) - L(S(kTrebleRestored))) - q2 * (q2 * L(S(1.0 / 3)) - L(S(4 * kTrebleRestored)));
}

// The same for a corner whose slope changes by 1 a frame: the integral of half the step's residual from `distance` on.
template <class S, int N>
inline Lanes<S, N> corner_residual(Lanes<S, N> distance) {
    using L = Lanes<S, N>;
    const L p = max(L(S(2)) - distance, L(S(0)));
    const L q = max(p - L(S(1)), L(S(0)));
    const L p2 = p * p;
    const L q2 = q * q;
    return p2 * p * (p2 * L(S(1.0 / 120)) - L(S(kTrebleRestored / 6))) -
           q2 * q * (q2 * L(S(1.0 / 30)) - L(S(kTrebleRestored / 1.5)));
}

} // namespace amp

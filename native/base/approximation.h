// Sine, cosine and powers of two from additions and multiplications alone, the same bits on every machine.
//
// libm and V8 differ between machines and versions, so the engine uses nothing else. The polynomials are Chebyshev
// interpolations made for this file: sin(pi/2 x) on [-1, 1], odd, and 2^x on [-1/2, 1/2].
// Largest errors: float 7e-9 and 2.6e-9 before rounding, double 4e-16 and 8e-16.
#pragma once

#include "base/lanes.h"

#include <iterator>
#include <limits>
#include <type_traits>

namespace amp {

namespace approximation_detail {

inline constexpr float kSineFloat[] = {1.5707963200386015F, -0.6459637595835395F, 0.07968991832902929F,
                                       -0.004674143838153858F, 0.0001516717036657391F};
inline constexpr double kSineDouble[] = {1.5707963267948966,    -0.6459640975062412,    0.07969262624608867,
                                         -0.004681754134767629, 0.00016044118271279454, -3.598838879395202e-06,
                                         5.691663286252942e-08, -6.656604831555396e-10, 5.2179373339534554e-12};
inline constexpr float kPowerFloat[] = {1.0F,
                                        0.6931472067028321F,
                                        0.24022650922288827F,
                                        0.05550327226670944F,
                                        0.00961805667852609F,
                                        0.0013400428177419153F,
                                        0.0001546144469646172F};
inline constexpr double kPowerDouble[] = {1.0,
                                          0.6931471805599452,
                                          0.24022650695910666,
                                          0.055504108664826274,
                                          0.009618129107385725,
                                          0.0013333558144771928,
                                          0.00015403530696571948,
                                          1.5252736320058628e-05,
                                          1.3215328043422377e-06,
                                          1.0176688520064848e-07,
                                          7.090282845676875e-09,
                                          4.701588631401557e-10};

template <class V, class S, int Terms>
V polynomial(V x, const S (&coefficients)[Terms]) {
    V sum = coefficients[Terms - 1];
    for (int i = Terms - 2; i >= 0; --i) {
        sum = sum * x + V(coefficients[i]);
    }
    return sum;
}

} // namespace approximation_detail

// sin(pi/2 x) for x in [-1, 1].
template <class S, int N>
Lanes<S, N> sine_of_quarters(Lanes<S, N> x) {
    using namespace approximation_detail;
    const Lanes<S, N> square = x * x;
    if constexpr (std::is_same_v<S, float>) {
        return x * polynomial(square, kSineFloat);
    } else {
        return x * polynomial(square, kSineDouble);
    }
}

// The same as a constant, for tables.
constexpr double exact_sine_of_quarters(double x) {
    using approximation_detail::kSineDouble;
    double sum = 0;
    for (int i = static_cast<int>(std::size(kSineDouble)) - 1; i >= 0; --i) {
        sum = sum * (x * x) + kSineDouble[i];
    }
    return x * sum;
}

// sin(2 pi phase), where the whole range of the integer is one turn (-2^31 is minus half a turn).
template <class I, int N>
auto sine_of_phase(Lanes<I, N> phase) {
    using S = std::conditional_t<sizeof(I) == 4, float, double>;
    constexpr int kTop = int(sizeof(I)) * 8 - 1;
    // Beyond a quarter turn the sine mirrors: the bit below the sign differs from the sign there.
    const Lanes<I, N> mirrored = (phase ^ (phase << 1)) >> kTop;
    const Lanes<I, N> half_turn = Lanes<I, N>(std::numeric_limits<I>::min());
    const Lanes<I, N> folded = ((phase ^ mirrored) - mirrored) + (mirrored & half_turn);
    const S to_quarters = S(1) / S(I(1) << (kTop - 1));
    return sine_of_quarters(folded.to_floating() * Lanes<S, N>(to_quarters));
}

// 2^x for x in [-126, 126] (float) or [-1022, 1022] (double); beyond these the nearest of them.
template <class S, int N>
Lanes<S, N> power_of_two(Lanes<S, N> x) {
    using namespace approximation_detail;
    constexpr bool kFloat = std::is_same_v<S, float>;
    constexpr int kMantissa = kFloat ? 23 : 52;
    constexpr int kBias = kFloat ? 127 : 1023;
    const S limit = S(kBias - 1);
    const Lanes<S, N> held = clamp(x, Lanes<S, N>(-limit), Lanes<S, N>(limit));
    // Rounded to the nearest whole number: shifted to be positive, then cut.
    const auto whole = (held + Lanes<S, N>(limit + S(0.5))).to_integers() - Lanes<Word<S>, N>(Word<S>(limit));
    const Lanes<S, N> fraction = held - whole.to_floating();
    const Lanes<S, N> scale = ((whole + Lanes<Word<S>, N>(Word<S>(kBias))) << kMantissa).from_bits();
    if constexpr (kFloat) {
        return polynomial(fraction, kPowerFloat) * scale;
    } else {
        return polynomial(fraction, kPowerDouble) * scale;
    }
}

// The same for one number, for preparation and events.
inline double power_of_two(double x) { return power_of_two(Lanes<double, 1>(x)).value; }

} // namespace amp

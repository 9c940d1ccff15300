// biquad: the second-order filters of an equaliser.
#include "node/filter.h"

namespace amp::nodes {

enum class BiquadMode { lowpass, highpass, bandpass, notch, peak, low_shelf, high_shelf, allpass };

// The responses of the cookbook, made from the core of a state-variable filter. A direct form would be a little
// cheaper, but in single precision it is wrong by decibels for corners of some ten hertz, and a jump of its
// coefficients clicks.
template <class S, int N>
struct BiquadCoefficients {
    using L = Lanes<S, N>;
    StateVariable<S, N> core;
    L direct, band, low; // out = direct in + band (2 band-pass) + low (2 low-pass)

    template <BiquadMode Mode>
    static BiquadCoefficients of(L frequency, L q, L gain, double rate) {
        const CornerTangent<S, N> tangent(frequency, rate);
        const L one(S(1)), half(S(0.5)), zero(S(0));
        const L square = tangent.numerator * tangent.numerator;
        const L product = tangent.numerator * tangent.denominator;
        const L other_square = tangent.denominator * tangent.denominator;
        if constexpr (Mode == BiquadMode::peak) {
            const L damping = one / (q * sqrt(gain));
            return {{square, product, other_square, damping}, one, damping * (gain - one) * half, zero};
        } else if constexpr (Mode == BiquadMode::low_shelf) {
            const L damping = one / q;
            const L amplitude = sqrt(gain);
            return {{square, product * sqrt(amplitude), other_square * amplitude, damping},
                    one,
                    damping * (amplitude - one) * half,
                    (gain - one) * half};
        } else if constexpr (Mode == BiquadMode::high_shelf) {
            const L damping = one / q;
            const L amplitude = sqrt(gain);
            return {{square * amplitude, product * sqrt(amplitude), other_square, damping},
                    gain,
                    damping * (amplitude - gain) * half,
                    (one - gain) * half};
        } else {
            const L damping = one / q;
            const StateVariable<S, N> core(square, product, other_square, damping);
            if constexpr (Mode == BiquadMode::lowpass) {
                return {core, zero, zero, half};
            } else if constexpr (Mode == BiquadMode::highpass) {
                return {core, one, -(damping * half), -half};
            } else if constexpr (Mode == BiquadMode::bandpass) {
                return {core, zero, damping * half, zero};
            } else if constexpr (Mode == BiquadMode::notch) {
                return {core, one, -(damping * half), zero};
            } else {
                return {core, one, -damping, zero};
            }
        }
    }
};

struct Biquad {
    static constexpr Declaration declaration{
        .purpose = "A second-order filter: low, high and band pass, notch, peak, shelves and all-pass.",
        .source =
            "Responses of R. Bristow-Johnson, 'Cookbook formulae for audio EQ biquad filter coefficients', with the "
            "trapezoidal state-variable core of native/node/filter.h.",
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "The signal to filter."}},
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The filtered signal."}},
        .parameters = {ParameterDeclaration{.name = "cutoff",
                                            .purpose = "Corner or centre frequency.",
                                            .unit = Unit::hertz,
                                            .minimum = 10,
                                            .maximum = 20000,
                                            .default_value = 1000,
                                            .curve = Curve::exponential},
                       ParameterDeclaration{.name = "q",
                                            .purpose = "Sharpness of the corner or of the band.",
                                            .minimum = 0.1,
                                            .maximum = 100,
                                            .default_value = 0.7071,
                                            .curve = Curve::exponential},
                       ParameterDeclaration{.name = "gain",
                                            .purpose = "Gain of the peak or of the shelf.",
                                            .unit = Unit::ratio,
                                            .minimum = 0.001,
                                            .maximum = 1000,
                                            .default_value = 1,
                                            .curve = Curve::exponential}},
        .options = {OptionDeclaration{
            .name = "mode",
            .purpose = "The response; bandpass has unit gain at its centre.",
            .choices = {"lowpass", "highpass", "bandpass", "notch", "peak", "low_shelf", "high_shelf", "allpass"}}},
        .tail = 2,
    };
    enum : int { cutoff, q, gain };
    enum : int { mode };
    static constexpr int state_rows = 2;
    static constexpr bool recursive = true;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        switch (static_cast<BiquadMode>(int(firing.options[mode]))) {
        case BiquadMode::lowpass:
            return run<BiquadMode::lowpass>(firing);
        case BiquadMode::highpass:
            return run<BiquadMode::highpass>(firing);
        case BiquadMode::bandpass:
            return run<BiquadMode::bandpass>(firing);
        case BiquadMode::notch:
            return run<BiquadMode::notch>(firing);
        case BiquadMode::peak:
            return run<BiquadMode::peak>(firing);
        case BiquadMode::low_shelf:
            return run<BiquadMode::low_shelf>(firing);
        case BiquadMode::high_shelf:
            return run<BiquadMode::high_shelf>(firing);
        case BiquadMode::allpass:
            return run<BiquadMode::allpass>(firing);
        }
    }

private:
    template <BiquadMode Mode, class S>
    static void run(const Firing<S>& firing) {
        for_each_tile(firing, [&]<int N>(int lane) {
            const double rate = firing.sample_rate;
            const int frames = firing.frames;
            S* const row1 = firing.state(0) + lane;
            S* const row2 = firing.state(1) + lane;
            auto z1 = Lanes<S, N>::load(row1);
            auto z2 = Lanes<S, N>::load(row2);
            const auto& parameters = firing.parameters;
            TileReader<S, N> in(firing.inputs[0], lane), frequency(parameters[cutoff], lane),
                sharpness(parameters[q], lane), amount(parameters[gain], lane);
            TileWriter<S, N> out(firing.outputs[0], lane);
            const auto coefficients = [&] {
                return BiquadCoefficients<S, N>::template of<Mode>(frequency.next(), sharpness.next(), amount.next(),
                                                                   rate);
            };
            const auto step = [&](const BiquadCoefficients<S, N>& c) {
                const auto x = in.next();
                const auto doubled = c.core.step(x, z1, z2);
                out.next(c.direct * x + (c.band * doubled.band + c.low * doubled.low));
            };
            const bool gain_matters =
                Mode == BiquadMode::peak || Mode == BiquadMode::low_shelf || Mode == BiquadMode::high_shelf;
            if (parameters[cutoff].constant() && parameters[q].constant() &&
                (!gain_matters || parameters[gain].constant())) {
                const auto c = coefficients();
                for (int f = 0; f < frames; ++f) {
                    step(c);
                }
            } else {
                for (int f = 0; f < frames; ++f) {
                    step(coefficients());
                }
            }
            if (firing.ends_on_tick()) {
                z1 = settled(z1);
                z2 = settled(z2);
            }
            z1.store(row1);
            z2.store(row2);
        });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Biquad)

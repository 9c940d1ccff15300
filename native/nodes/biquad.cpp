// biquad: the second-order filters of an equaliser.
#include "node/filter.h"
#include "node/recursion.h"

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
        with_mode(firing, [&]<BiquadMode Mode>() { run_recursion<Of<Mode>::template Cell>(firing); });
    }

    template <class S>
    static void forward_chain(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        with_mode(firing, [&]<BiquadMode Mode>() { run_chain<Of<Mode>::template Cell>(firing); });
    }

private:
    template <BiquadMode Mode>
    struct Of {
        template <class S, int N>
        class Cell {
        public:
            static constexpr int rows = state_rows;

            Cell(const Firing<S>& firing, int lane)
                : frequency_(firing.parameters[cutoff], lane),
                  sharpness_(firing.parameters[q], lane),
                  amount_(firing.parameters[gain], lane),
                  rate_(firing.sample_rate) {
                const bool gain_matters =
                    Mode == BiquadMode::peak || Mode == BiquadMode::low_shelf || Mode == BiquadMode::high_shelf;
                steady_ = firing.parameters[cutoff].constant() && firing.parameters[q].constant() &&
                          (!gain_matters || firing.parameters[gain].constant());
            }

            bool steady() const { return steady_; }
            BiquadCoefficients<S, N> coefficients() {
                return BiquadCoefficients<S, N>::template of<Mode>(frequency_.next(), sharpness_.next(), amount_.next(),
                                                                   rate_);
            }

            static Lanes<S, N> step(const BiquadCoefficients<S, N>& c, Lanes<S, N> in,
                                    std::array<Lanes<S, N>, rows>& state) {
                const auto doubled = c.core.step(in, state[0], state[1]);
                return c.direct * in + (c.band * doubled.band + c.low * doubled.low);
            }

        private:
            TileReader<S, N> frequency_, sharpness_, amount_;
            double rate_;
            bool steady_;
        };
    };

    template <class S, class Run>
    static void with_mode(const Firing<S>& firing, Run&& run) {
        switch (static_cast<BiquadMode>(int(firing.options[mode]))) {
        case BiquadMode::lowpass:
            return run.template operator()<BiquadMode::lowpass>();
        case BiquadMode::highpass:
            return run.template operator()<BiquadMode::highpass>();
        case BiquadMode::bandpass:
            return run.template operator()<BiquadMode::bandpass>();
        case BiquadMode::notch:
            return run.template operator()<BiquadMode::notch>();
        case BiquadMode::peak:
            return run.template operator()<BiquadMode::peak>();
        case BiquadMode::low_shelf:
            return run.template operator()<BiquadMode::low_shelf>();
        case BiquadMode::high_shelf:
            return run.template operator()<BiquadMode::high_shelf>();
        case BiquadMode::allpass:
            return run.template operator()<BiquadMode::allpass>();
        }
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Biquad)

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

    static constexpr int kept_rows = state_rows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        with_mode(back.forward, [&]<BiquadMode Mode>() {
            for_each_tile_back(back, [&]<int N>(int lane) { return Back<Mode, S, N>(back, lane); });
        });
    }

private:
    // How the tangent and the damping of the core, and the gains of its outputs, follow from q and gain: with the
    // amplitude A, the root of the gain.
    template <BiquadMode Mode, class S, int N>
    struct Response {
        using L = Lanes<S, N>;
        L g, k, direct, band, low; // as BiquadCoefficients has them
        L q, gain, amplitude, warp;

        Response(L tangent, L sharpness, L amount) : q(sharpness), gain(amount), amplitude(sqrt(amount)) {
            const L one(S(1)), half(S(0.5)), zero(S(0));
            k = Mode == BiquadMode::peak ? one / (q * amplitude) : one / q;
            warp = Mode == BiquadMode::low_shelf    ? one / sqrt(amplitude)
                   : Mode == BiquadMode::high_shelf ? sqrt(amplitude)
                                                    : one;
            g = tangent * warp;
            direct = one;
            band = low = zero;
            if constexpr (Mode == BiquadMode::peak) {
                band = k * (gain - one) * half;
            } else if constexpr (Mode == BiquadMode::low_shelf) {
                band = k * (amplitude - one) * half;
                low = (gain - one) * half;
            } else if constexpr (Mode == BiquadMode::high_shelf) {
                direct = gain;
                band = k * (amplitude - gain) * half;
                low = (one - gain) * half;
            } else if constexpr (Mode == BiquadMode::lowpass) {
                direct = zero;
                low = half;
            } else if constexpr (Mode == BiquadMode::highpass) {
                band = -(k * half);
                low = -half;
            } else if constexpr (Mode == BiquadMode::bandpass) {
                direct = zero;
                band = k * half;
            } else if constexpr (Mode == BiquadMode::notch) {
                band = -(k * half);
            } else {
                band = -k;
            }
        }

        struct Gradients {
            L tangent, q, gain;
        };
        // From the derivatives by what follows from them.
        Gradients back(L by_g, L by_k, L by_direct, L by_band, L by_low) const {
            const L one(S(1)), half(S(0.5)), quarter(S(0.25));
            L by_gain(S(0));
            if constexpr (Mode == BiquadMode::peak) {
                by_k = by_k + by_band * (gain - one) * half;
                by_gain = by_band * k * half - by_k * k * half / gain;
            } else if constexpr (Mode == BiquadMode::low_shelf) {
                by_k = by_k + by_band * (amplitude - one) * half;
                by_gain = by_band * k * quarter / amplitude + by_low * half - by_g * g * quarter / gain;
            } else if constexpr (Mode == BiquadMode::high_shelf) {
                by_k = by_k + by_band * (amplitude - gain) * half;
                by_gain =
                    by_direct + by_band * k * (quarter / amplitude - half) - by_low * half + by_g * g * quarter / gain;
            } else if constexpr (Mode == BiquadMode::highpass || Mode == BiquadMode::notch) {
                by_k = by_k - by_band * half;
            } else if constexpr (Mode == BiquadMode::bandpass) {
                by_k = by_k + by_band * half;
            } else if constexpr (Mode == BiquadMode::allpass) {
                by_k = by_k - by_band;
            }
            return {by_g * warp, -(by_k * k) / q, by_gain};
        }
    };

    template <BiquadMode Mode, class S, int N>
    class Back : public StateVariableTile<S, N> {
        using Tile = StateVariableTile<S, N>;
        using Tile::back_, Tile::lane_, Tile::z1_, Tile::z2_, Tile::kept;
        using typename Tile::L;

    public:
        Back(const BackwardFiring<S>& back, int lane) : Tile(back, lane) {}

        void forward(int f) {
            Tile::keep(f);
            response(f).core.step(lanes_at<N>(back_.forward.inputs[0], f, lane_), z1_, z2_);
        }
        void back(int f) {
            const double rate = back_.forward.sample_rate;
            const L frequency = lanes_at<N>(back_.forward.parameters[cutoff], f, lane_);
            const CornerTangent<S, N> tangent(frequency, rate);
            const Response<Mode, S, N> response(tangent.numerator / tangent.denominator,
                                                lanes_at<N>(back_.forward.parameters[q], f, lane_),
                                                lanes_at<N>(back_.forward.parameters[gain], f, lane_));
            const StateVariableBack<S, N> core(response.g, response.k);
            const L in = lanes_at<N>(back_.forward.inputs[0], f, lane_);
            const L before1 = kept(f, 0);
            const L before2 = kept(f, 1);
            L after1 = before1, after2 = before2;
            const auto out = core.core.step(in, after1, after2);
            const L by_out = lanes_at<N>(back_.output_gradients[0], f, lane_);
            const auto by = core.back(by_out * response.band, by_out * response.low, in, before1, before2, z1_, z2_);
            const auto through = response.back(by.g, by.k, by_out * in, by_out * out.band, by_out * out.low);
            (by_out * response.direct + by.x).store(back_.input_gradients[0].frame(f) + lane_);
            (through.tangent * tangent.slope(frequency, rate))
                .store(back_.parameter_gradients[cutoff].frame(f) + lane_);
            through.q.store(back_.parameter_gradients[q].frame(f) + lane_);
            through.gain.store(back_.parameter_gradients[gain].frame(f) + lane_);
        }

    private:
        BiquadCoefficients<S, N> response(int f) const {
            return BiquadCoefficients<S, N>::template of<Mode>(lanes_at<N>(back_.forward.parameters[cutoff], f, lane_),
                                                               lanes_at<N>(back_.forward.parameters[q], f, lane_),
                                                               lanes_at<N>(back_.forward.parameters[gain], f, lane_),
                                                               back_.forward.sample_rate);
        }
    };

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

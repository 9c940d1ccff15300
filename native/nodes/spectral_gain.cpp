// spectral_gain: shapes a spectrum, bin by bin.
#include "node/spectral.h"

#include <cmath>

namespace amp::nodes {

struct SpectralGain {
    static constexpr Declaration declaration{
        .purpose = "Shapes a spectrum bin by bin: keeps a band of it, and gates what is quiet. Left as it is, it "
                   "changes nothing.",
        .source = "bin * gain * low * high * gate; low and high are 1 inside of the band and fall to 0 within one bin "
                  "outside of it, gate = |bin|^2 / (|bin|^2 + threshold^2) (Wiener's filter). A bin hears the "
                  "parameters of the frame on which it travels.",
        .inputs = {TapDeclaration{
            .name = "in", .group = "1a", .purpose = "The spectrum, a token a hop.", .spectral = true}},
        .outputs = {TapDeclaration{
            .name = "out", .group = "1a", .purpose = "The spectrum that is left.", .spectral = true}},
        .parameters = {ParameterDeclaration{.name = "gain",
                                            .purpose = "The factor of all bins; may be negative.",
                                            .unit = Unit::ratio,
                                            .minimum = -16,
                                            .maximum = 16,
                                            .default_value = 1},
                       ParameterDeclaration{.name = "low_cut",
                                            .purpose = "What lies lower is silent.",
                                            .unit = Unit::hertz,
                                            .minimum = 0,
                                            .maximum = 100000,
                                            .default_value = 0},
                       ParameterDeclaration{.name = "high_cut",
                                            .purpose = "What lies higher is silent.",
                                            .unit = Unit::hertz,
                                            .minimum = 0,
                                            .maximum = 100000,
                                            .default_value = 100000},
                       ParameterDeclaration{.name = "threshold",
                                            .purpose = "Where the gate is half open, as the amplitude of a sine: bins "
                                                       "far below it are silent. At 0 all pass.",
                                            .unit = Unit::ratio,
                                            .minimum = 0,
                                            .maximum = 16,
                                            .default_value = 0}},
        .options = {kSpectralSize, kSpectralOverlap, kSpectralWindow},
    };
    enum : int { gain, low_cut, high_cut, threshold };
    static constexpr int state_rows = 0;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        const SpectralForm form = spectral_form(firing.options);
        const SpectralLanes<S> tap(firing);
        for_each_narrow_tile(firing, [&]<int N>(int lane) {
            using L = Lanes<S, N>;
            const L bins_a_hertz(S(form.size / firing.sample_rate));
            TileReader<S, N> factor(firing.parameters[gain], lane), low(firing.parameters[low_cut], lane),
                high(firing.parameters[high_cut], lane), quiet(firing.parameters[threshold], lane);
            for (int f = 0; f < firing.frames; ++f) {
                const Response<S, N> response{factor.next(), low.next() * bins_a_hertz, high.next() * bins_a_hertz,
                                              quiet.next()};
                const S* const in = firing.inputs[0].frame(f);
                S* const out = firing.outputs[0].frame(f);
                const auto first = static_cast<int>((firing.frame + f) % form.hop()) * form.overlap;
                for (int value = 0; value < form.overlap; value += 2) {
                    const L re = tap.template load<N>(in, value, lane), im = tap.template load<N>(in, value + 1, lane);
                    const int bin = (first + value) / 2;
                    // Bin 0 comes with that at half the rate.
                    const L by_re = bin == 0 ? response.at(0, re * re) : response.at(bin, re * re + im * im);
                    const L by_im = bin == 0 ? response.at(form.size / 2, im * im) : by_re;
                    tap.store(re * by_re, out, value, lane);
                    tap.store(im * by_im, out, value + 1, lane);
                }
            }
        });
    }

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        const Firing<S>& firing = back.forward;
        const SpectralForm form = spectral_form(firing.options);
        const SpectralLanes<S> tap(firing);
        for_each_narrow_tile(firing, [&]<int N>(int lane) {
            using L = Lanes<S, N>;
            const L bins_a_hertz(S(form.size / firing.sample_rate)), two(S(2));
            for (int f = 0; f < firing.frames; ++f) {
                const auto of = [&](int parameter) { return lanes_at<N>(firing.parameters[parameter], f, lane); };
                const Response<S, N> response{of(gain), of(low_cut) * bins_a_hertz, of(high_cut) * bins_a_hertz,
                                              of(threshold)};
                const S* const in = firing.inputs[0].frame(f);
                const S* const by_out = back.output_gradients[0].frame(f);
                S* const by_in = back.input_gradients[0].frame(f);
                const auto first = static_cast<int>((firing.frame + f) % form.hop()) * form.overlap;
                Slopes<S, N> by;
                for (int value = 0; value < form.overlap; value += 2) {
                    const auto load = [&](const S* frame, int at) { return tap.template load<N>(frame, at, lane); };
                    const L re = load(in, value), im = load(in, value + 1);
                    const L by_re = load(by_out, value), by_im = load(by_out, value + 1);
                    const int bin = (first + value) / 2;
                    if (bin == 0) {
                        const int last = form.size / 2;
                        const L by_first = response.back(0, re * re, by_re * re, by);
                        const L by_last = response.back(last, im * im, by_im * im, by);
                        tap.store(by_re * response.at(0, re * re) + two * re * by_first, by_in, value, lane);
                        tap.store(by_im * response.at(last, im * im) + two * im * by_last, by_in, value + 1, lane);
                    } else {
                        const L power = re * re + im * im, factor = response.at(bin, power);
                        const L by_power = two * response.back(bin, power, by_re * re + by_im * im, by);
                        tap.store(by_re * factor + re * by_power, by_in, value, lane);
                        tap.store(by_im * factor + im * by_power, by_in, value + 1, lane);
                    }
                }
                const auto put = [&](int parameter, L sum) {
                    sum.store(back.parameter_gradients[parameter].frame(f) + lane);
                };
                put(gain, by.gain);
                put(low_cut, by.low * bins_a_hertz);
                put(high_cut, by.high * bins_a_hertz);
                put(threshold, by.threshold);
            }
        });
    }

    // The band has corners where a cut is in the middle of a bin; below 0 there is no cut.
    template <class S>
    static bool is_smooth(const Firing<S>& firing, S margin) {
        const SpectralForm form = spectral_form(firing.options);
        for (int f = 0; f < firing.frames; ++f) {
            for (int lane = 0; lane < firing.lanes; ++lane) {
                for (const int cut : {low_cut, high_cut}) {
                    const S bins_a_hertz = S(form.size / firing.sample_rate);
                    const S hertz = firing.parameters[cut].frame(f)[lane];
                    const S moved = margin * (std::abs(hertz) + S(0.001)) * bins_a_hertz;
                    const S place = std::min(hertz * bins_a_hertz, S(form.size));
                    const bool is_near = std::abs(place - std::round(place)) <= moved;
                    if (is_near && hertz > 0 && place <= S(form.size / 2 + 1)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

private:
    // Of one frame, by the parameters; by the cuts as they are in bins.
    template <class S, int N>
    struct Slopes {
        Lanes<S, N> gain{S(0)}, low{S(0)}, high{S(0)}, threshold{S(0)};
    };

    // What a bin is multiplied with.
    template <class S, int N>
    struct Response {
        using L = Lanes<S, N>;
        L gain, low, high, threshold; // the cuts in bins

        L at(int bin, L power) const { return gain * (above_low(bin) * below_high(bin)) * gate(power); }

        // From the derivative by what `at` gives: adds those by the parameters, and gives that by the power.
        L back(int bin, L power, L by_factor, Slopes<S, N>& by) const {
            const L zero(S(0)), one(S(1));
            const L above = above_low(bin), below = below_high(bin), passed = gate(power);
            const L by_band = by_factor * gain * passed, by_gate = by_factor * gain * (above * below);
            by.gain = by.gain + by_factor * (above * below) * passed;
            by.low = by.low - held_gradient(by_band * below, from_low(bin), zero, one);
            by.high = by.high + held_gradient(by_band * above, to_high(bin), zero, one);
            const L sum = sum_of_squares(power), quiet = threshold * threshold;
            const auto is_open = threshold > zero, is_held = power + quiet < L(S(kLeast));
            by.threshold =
                by.threshold - select(is_open & ~is_held, by_gate * passed * (threshold + threshold) / sum, zero);
            return select(is_open, by_gate * select(is_held, one, quiet / sum) / sum, zero);
        }

    private:
        static constexpr double kLeast = 1e-30;

        L from_low(int bin) const { return L(S(bin)) - low + L(S(1)); }
        L to_high(int bin) const { return high - L(S(bin)) + L(S(1)); }
        L above_low(int bin) const { return clamp(from_low(bin), L(S(0)), L(S(1))); }
        L below_high(int bin) const { return clamp(to_high(bin), L(S(0)), L(S(1))); }
        // Where both are as good as nothing, nothing is left.
        L sum_of_squares(L power) const { return max(power + threshold * threshold, L(S(kLeast))); }
        L gate(L power) const { return select(threshold > L(S(0)), power / sum_of_squares(power), L(S(1))); }
    };
};

} // namespace amp::nodes

AMP_NODE(nodes::SpectralGain)

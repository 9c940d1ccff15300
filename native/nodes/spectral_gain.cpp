// spectral_gain: shapes a spectrum, bin by bin.
#include "node/spectral.h"

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
        .not_differentiable = "Its way back is not written yet.",
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

private:
    // What a bin is multiplied with.
    template <class S, int N>
    struct Response {
        using L = Lanes<S, N>;
        L gain, low, high, threshold; // the cuts in bins

        L at(int bin, L power) const {
            const L zero(S(0)), one(S(1)), place{S(bin)};
            const L band = clamp(place - low + one, zero, one) * clamp(high - place + one, zero, one);
            const L quiet = threshold * threshold;
            // Where both are as good as nothing, nothing is left.
            const L gate = select(threshold > zero, power / max(power + quiet, L(S(1e-30))), one);
            return gain * band * gate;
        }
    };
};

} // namespace amp::nodes

AMP_NODE(nodes::SpectralGain)

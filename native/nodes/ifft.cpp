// ifft: a signal from its spectrum.
#include "node/spectral.h"

namespace amp::nodes {

struct Ifft {
    static constexpr Declaration declaration{
        .purpose = "A signal from its spectrum: what fft took apart and nobody changed comes back as it was.",
        .source = "The inverse transform of each token under the window, overlap-added, and divided by the sum of the "
                  "squared windows, which is the same everywhere.",
        .inputs = {TapDeclaration{
            .name = "in", .group = "1a", .purpose = "The spectrum, a token a hop.", .spectral = true}},
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The signal."}},
        .options = {kSpectralSize, kSpectralOverlap, kSpectralWindow},
        .spectral_latency = {.sizes = 1, .hops = 1},
    };

    // Rows of the state: one that is 1 where the lane heard the token from its first frame on, the token that arrives,
    // and a ring of the sums of `size` frames, addressed by the number of the frame that they are for. A token of which
    // a lane that began anew has a part only counts as silence.
    enum : int { whole_row, token_row };
    static constexpr int state_rows(std::span<const double> options) { return 2 * spectral_form(options).size + 1; }
    static constexpr std::size_t work_values(std::span<const double> options, int lanes) {
        return TransformWork<float>::values(spectral_form(options), lanes);
    }

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        const SpectralForm form = spectral_form(firing.options);
        const SpectralLanes<S> tap(firing);
        for_each_narrow_tile(firing, [&]<int N>(int lane) {
            using L = Lanes<S, N>;
            for (int f = 0; f < firing.frames;) {
                const auto at = static_cast<int>((firing.frame + f) % form.hop());
                if (at == 0) {
                    synthesise<N>(firing, form, lane, firing.frame + f - form.hop());
                    L(S(1)).store(firing.state(whole_row) + lane);
                }
                const int until = std::min(firing.frames, f + form.hop() - at);
                const bool has_begun = begins_by(form, firing.frame + f);
                for (int row = token_row + at * form.overlap; f < until; ++f) {
                    for (int value = 0; value < form.overlap; ++value, ++row) {
                        tap.template load<N>(firing.inputs[0].frame(f), value, lane).store(firing.state(row) + lane);
                    }
                    const L sum = L::load(firing.state(ring_at(form, firing.frame + f - form.hop())) + lane);
                    (has_begun ? sum : L(S(0))).store(firing.outputs[0].frame(f) + lane);
                }
            }
        });
    }

    static constexpr int heard_rows = 1; // all but what is whole is linear

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        const Firing<S>& firing = back.forward;
        const SpectralForm form = spectral_form(firing.options);
        const SpectralLanes<S> tap(firing);
        for_each_narrow_tile(firing, [&]<int N>(int lane) {
            using L = Lanes<S, N>;
            for_each_hop_back(firing, form, [&](int first, int end, int at) {
                const bool has_begun = begins_by(form, firing.frame + first);
                for (int f = first, row = token_row + at * form.overlap; f < end; ++f) {
                    S* const by_sum = back.state_gradient(ring_at(form, firing.frame + f - form.hop())) + lane;
                    const L by_out = lanes_at<N>(back.output_gradients[0], f, lane);
                    (L::load(by_sum) + (has_begun ? by_out : L(S(0)))).store(by_sum);
                    for (int value = 0; value < form.overlap; ++value, ++row) {
                        S* const by_token = back.state_gradient(row) + lane;
                        tap.store(L::load(by_token), back.input_gradients[0].frame(f), value, lane);
                        L(S(0)).store(by_token); // the token before is forgotten
                    }
                }
                if (at == 0) {
                    // All that came in this firing was heard from its first frame on.
                    const L whole = first < form.hop() ? L::load(firing.state(whole_row) + lane) : L(S(1));
                    synthesise_back<N>(back, form, lane, firing.frame + first - form.hop(), whole);
                }
            });
        });
    }

private:
    static int ring_at(const SpectralForm& form, std::int64_t frame) {
        return token_row + form.size + static_cast<int>(frame & (form.size - 1));
    }
    // Windows that reach back before the first frame leave roundings there, which are no part of the sound.
    static bool begins_by(const SpectralForm& form, std::int64_t frame) { return frame >= form.size + form.hop(); }

    // Adds what the token of frames [frame, frame + size) has to them. Nothing came before that in the last hop.
    template <int N, class S>
    static void synthesise(const Firing<S>& firing, const SpectralForm& form, int lane, std::int64_t frame) {
        using L = Lanes<S, N>;
        const L whole = L::load(firing.state(whole_row) + lane);
        const auto value = [&](int row) { return L::load(firing.state(token_row + row) + lane) * whole; };
        frames_of_bins<N>(
            form, firing.work, synthesis_window<S>(form),
            [&](int bin) { return std::pair(value(2 * bin), value(2 * bin + 1)); },
            [&](int n, L added) {
                S* const to = firing.state(ring_at(form, frame + n)) + lane;
                (is_new(form, n) ? added : L::load(to) + added).store(to);
            });
    }
    static bool is_new(const SpectralForm& form, int n) { return n >= form.size - form.hop(); }

    template <int N, class S>
    static void synthesise_back(const BackwardFiring<S>& back, const SpectralForm& form, int lane, std::int64_t frame,
                                Lanes<S, N> whole) {
        using L = Lanes<S, N>;
        bins_of_frames<N>(
            form, back.forward.work, synthesis_window<S>(form),
            [&](int n) {
                S* const by_sum = back.state_gradient(ring_at(form, frame + n)) + lane;
                const L by = L::load(by_sum);
                if (is_new(form, n)) {
                    L(S(0)).store(by_sum);
                }
                return by;
            },
            [&](int bin, L re, L im) {
                const L by = bin == 0 ? L(S(0.5)) * whole : whole;
                (re * by).store(back.state_gradient(token_row + 2 * bin) + lane);
                (im * by).store(back.state_gradient(token_row + 2 * bin + 1) + lane);
            });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Ifft)

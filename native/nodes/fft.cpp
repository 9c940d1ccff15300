// fft: the spectrum of a signal, window after window.
#include "node/spectral.h"

namespace amp::nodes {

struct Fft {
    static constexpr Declaration declaration{
        .purpose =
            "The spectrum of a signal, window after window, for spectral nodes; ifft makes a signal of it again.",
        .source = "bin k = 2 / (size mean) sum of w(n) in(n) e^(-2 pi i k n / size), so that a sine of amplitude 1 in "
                  "the middle of a bin has size 1; mean is that of the window w. A real transform by one of half the "
                  "size, radix 4 (Stockham 1966).",
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "The signal."}},
        .outputs = {TapDeclaration{
            .name = "out", .group = "1a", .purpose = "Its spectrum, a token a hop.", .spectral = true}},
        .options = {kSpectralSize, kSpectralOverlap, kSpectralWindow},
        .spectral_tail = {.sizes = 1, .hops = 1},
    };

    // Rows of the state: a ring of the last `size` frames, addressed by the frame's number, and the token that leaves.
    static constexpr int state_rows(std::span<const double> options) { return 2 * spectral_form(options).size; }
    static constexpr std::size_t work_values(std::span<const double> options, int lanes) {
        return TransformWork<float>::values(spectral_form(options), lanes);
    }

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        const SpectralForm form = spectral_form(firing.options);
        const SpectralLanes<S> tap(firing);
        for_each_narrow_tile(firing, [&]<int N>(int lane) {
            for (int f = 0; f < firing.frames;) {
                const auto at = static_cast<int>((firing.frame + f) % form.hop());
                if (at == 0) {
                    analyse<N>(firing, form, lane, firing.frame + f);
                }
                const int until = std::min(firing.frames, f + form.hop() - at);
                for (int row = form.size + at * form.overlap; f < until; ++f) {
                    Lanes<S, N>::load(firing.inputs[0].frame(f) + lane)
                        .store(firing.state(ring_at(form, firing.frame + f)) + lane);
                    for (int value = 0; value < form.overlap; ++value, ++row) {
                        tap.store(Lanes<S, N>::load(firing.state(row) + lane), firing.outputs[0].frame(f), value, lane);
                    }
                }
            }
        });
    }

    static constexpr int heard_rows = 0; // all is linear

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        const Firing<S>& firing = back.forward;
        const SpectralForm form = spectral_form(firing.options);
        const SpectralLanes<S> tap(firing);
        for_each_narrow_tile(firing, [&]<int N>(int lane) {
            using L = Lanes<S, N>;
            for_each_hop_back(firing, form, [&](int first, int end, int at) {
                for (int f = first, row = form.size + at * form.overlap; f < end; ++f) {
                    S* const by_kept = back.state_gradient(ring_at(form, firing.frame + f)) + lane;
                    L::load(by_kept).store(back.input_gradients[0].frame(f) + lane);
                    L(S(0)).store(by_kept); // what lay there before leaves
                    for (int value = 0; value < form.overlap; ++value, ++row) {
                        S* const by_token = back.state_gradient(row) + lane;
                        (L::load(by_token) + tap.template load<N>(back.output_gradients[0].frame(f), value, lane))
                            .store(by_token);
                    }
                }
                if (at == 0) {
                    analyse_back<N>(back, form, lane, firing.frame + first);
                }
            });
        });
    }

private:
    static int ring_at(const SpectralForm& form, std::int64_t frame) {
        return static_cast<int>(frame & (form.size - 1));
    }

    // Makes the token of the frames before `frame`.
    template <int N, class S>
    static void analyse(const Firing<S>& firing, const SpectralForm& form, int lane, std::int64_t frame) {
        using L = Lanes<S, N>;
        bins_of_frames<N>(
            form, firing.work, analysis_window<S>(form),
            [&](int n) { return L::load(firing.state(ring_at(form, frame + n)) + lane); },
            [&](int bin, L re, L im) {
                re.store(firing.state(form.size + 2 * bin) + lane);
                im.store(firing.state(form.size + 2 * bin + 1) + lane);
            });
    }

    template <int N, class S>
    static void analyse_back(const BackwardFiring<S>& back, const SpectralForm& form, int lane, std::int64_t frame) {
        using L = Lanes<S, N>;
        // The token before is forgotten.
        const auto take = [&](int row) {
            S* const by_token = back.state_gradient(form.size + row) + lane;
            const L by = L::load(by_token);
            L(S(0)).store(by_token);
            return by;
        };
        frames_of_bins<N>(
            form, back.forward.work, analysis_window<S>(form),
            [&](int bin) {
                const L by_re = take(2 * bin), by_im = take(2 * bin + 1);
                return bin == 0 ? std::pair(by_re + by_re, by_im + by_im) : std::pair(by_re, by_im);
            },
            [&](int n, L by_frame) {
                S* const by_kept = back.state_gradient(ring_at(form, frame + n)) + lane;
                (L::load(by_kept) + by_frame).store(by_kept);
            });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Fft)

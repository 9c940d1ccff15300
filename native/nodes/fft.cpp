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
        .not_differentiable = "Its way back is not written yet.",
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

private:
    static int ring_at(const SpectralForm& form, std::int64_t frame) {
        return static_cast<int>(frame & (form.size - 1));
    }

    // Makes the token of the frames before `frame`.
    template <int N, class S>
    static void analyse(const Firing<S>& firing, const SpectralForm& form, int lane, std::int64_t frame) {
        using L = Lanes<S, N>;
        const int points = form.size / 2;
        const TransformWork<S> work(form, N, firing.work);
        const ComplexValues<S> values = work.values();
        const ScaledWindow<S> window = analysis_window<S>(form);
        const auto windowed = [&](int n) {
            return L::load(firing.state(ring_at(form, frame + n)) + lane) * L(window.at(n));
        };
        for (int n = 0; n < points; ++n) {
            windowed(2 * n).store(values.re + n * N);
            windowed(2 * n + 1).store(values.im + n * N);
        }
        split_spectrum<S, N>(transform(values, work.spare(), points, N), points, [&](int bin, L re, L im) {
            re.store(firing.state(form.size + 2 * bin) + lane);
            im.store(firing.state(form.size + 2 * bin + 1) + lane);
        });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Fft)

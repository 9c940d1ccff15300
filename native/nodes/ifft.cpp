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
        .not_differentiable = "Its way back is not written yet.",
    };

    // Rows of the state: the token that arrives, a ring of the sums of `size` frames, addressed by the number of the
    // frame that they are for, and one that is 1 where the lane heard the token from its first frame on. A token of
    // which a lane that began anew has a part only counts as silence.
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
                    L(S(1)).store(firing.state(whole_row(form)) + lane);
                }
                const int until = std::min(firing.frames, f + form.hop() - at);
                // Windows that reach back before the first frame leave roundings there, which are no part of the sound.
                const bool has_begun = firing.frame + f >= form.size + form.hop();
                for (int row = at * form.overlap; f < until; ++f) {
                    for (int value = 0; value < form.overlap; ++value, ++row) {
                        tap.template load<N>(firing.inputs[0].frame(f), value, lane).store(firing.state(row) + lane);
                    }
                    const L sum = L::load(firing.state(ring_at(form, firing.frame + f - form.hop())) + lane);
                    (has_begun ? sum : L(S(0))).store(firing.outputs[0].frame(f) + lane);
                }
            }
        });
    }

private:
    static int ring_at(const SpectralForm& form, std::int64_t frame) {
        return form.size + static_cast<int>(frame & (form.size - 1));
    }
    static int whole_row(const SpectralForm& form) { return 2 * form.size; }

    // Adds what the token of frames [frame, frame + size) has to them. Nothing came before that in the last hop.
    template <int N, class S>
    static void synthesise(const Firing<S>& firing, const SpectralForm& form, int lane, std::int64_t frame) {
        using L = Lanes<S, N>;
        const int points = form.size / 2;
        const TransformWork<S> work(form, N, firing.work);
        const L whole = L::load(firing.state(whole_row(form)) + lane);
        const auto value = [&](int row) { return L::load(firing.state(row) + lane) * whole; };
        join_spectrum<S, N>(work.values(), points,
                            [&](int bin) { return std::pair(value(2 * bin), value(2 * bin + 1)); });
        const ComplexValues<S> frames = transform(work.values().swapped(), work.spare().swapped(), points, N).swapped();
        const ScaledWindow<S> window = synthesis_window<S>(form);
        const auto add = [&](int n, const S* from) {
            S* const to = firing.state(ring_at(form, frame + n)) + lane;
            const L added = L::load(from) * L(window.at(n));
            (n < form.size - form.hop() ? L::load(to) + added : added).store(to);
        };
        for (int n = 0; n < points; ++n) {
            add(2 * n, frames.re + n * N);
            add(2 * n + 1, frames.im + n * N);
        }
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Ifft)

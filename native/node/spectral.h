// What kernels of spectral types share: their options, where the values of a spectral tap lie, and windows.
#pragma once

#include "node/backward.h"
#include "node/kernel.h"
#include "node/spectral_form.h"
#include "node/transform.h"

#include <algorithm>
#include <cstring>

namespace amp {

static_assert(kShortestWindow >= kShortestTransform && kLongestWindow <= kLongestTransform);

// The first options of every spectral type: what one writes, all that it is connected with must write too.
inline constexpr OptionDeclaration kSpectralSize{.name = "size",
                                                 .purpose = "Frames of a window. More tell tones that lie closer "
                                                            "together apart, and blur when they begin.",
                                                 .minimum = kShortestWindow,
                                                 .maximum = kLongestWindow,
                                                 .default_value = 1024,
                                                 .power_of_two = true};
inline constexpr OptionDeclaration kSpectralOverlap{.name = "overlap",
                                                    .purpose = "Windows that each frame lies in: one begins every "
                                                               "size / overlap frames.",
                                                    .minimum = kLeastOverlap,
                                                    .maximum = kMostOverlap,
                                                    .default_value = 4,
                                                    .power_of_two = true};
inline constexpr OptionDeclaration kSpectralWindow{
    .name = "window",
    .purpose = "Its shape, on the way in and on the way out. sqrt_hann fits every overlap, hann and hamming 4 and 8, "
               "blackman 8.",
    .choices = {"sqrt_hann", "hann", "hamming", "blackman"}};

// Lanes that are transformed side by side.
inline constexpr int kTransformLanes = 16;

// Calls kernel.operator()<N>(lane) for tiles of N lanes, at most kTransformLanes, that cover the firing. [worker]
template <class S, class Kernel>
inline void for_each_narrow_tile(const Firing<S>& firing, Kernel&& kernel) {
    for_each_tile(firing, [&]<int N>(int lane) {
        constexpr int kNarrow = std::min(N, kTransformLanes);
        for (int part = 0; part < N; part += kNarrow) {
            kernel.template operator()<kNarrow>(lane + part);
        }
    });
}

// Where the values of the node's lanes lie in a frame of one of its spectral taps.
template <class S>
class SpectralLanes {
public:
    explicit SpectralLanes(const Firing<S>& firing) : lanes_(firing.shape.channels * firing.shape.batch_stride()) {}

    template <int N>
    Lanes<S, N> load(const S* frame, int value, int lane) const {
        const S* const from = frame + value * lanes_ + lane;
        if (lane + N <= lanes_) {
            return Lanes<S, N>::load(from);
        }
        std::array<S, N> padded{};
        std::memcpy(padded.data(), from, static_cast<std::size_t>(lanes_ - lane) * sizeof(S));
        return Lanes<S, N>::load(padded.data());
    }
    template <int N>
    void store(Lanes<S, N> of_lanes, S* frame, int value, int lane) const {
        S* const to = frame + value * lanes_ + lane;
        if (lane + N <= lanes_) {
            of_lanes.store(to);
            return;
        }
        std::array<S, N> padded;
        of_lanes.store(padded.data());
        std::memcpy(to, padded.data(), static_cast<std::size_t>(lanes_ - lane) * sizeof(S));
    }

private:
    int lanes_; // without those that pad a frame
};

// A window of `size` frames times a factor.
template <class S>
class ScaledWindow {
public:
    ScaledWindow(const SpectralForm& form, double factor) : arcs_(kTurns<S>.arcs.data() + form.size) {
        const WindowShape& shape = window_shape(form.window);
        none_ = S(factor * shape.none);
        first_ = S(factor * shape.first);
        second_ = S(factor * shape.second);
        fourth_ = S(factor * shape.fourth);
    }
    S at(int frame) const {
        const S arc = arcs_[frame], square = arc * arc;
        return none_ + first_ * arc + square * (second_ + fourth_ * square);
    }

private:
    const S* arcs_;
    S none_, first_, second_, fourth_;
};

// On the way in: a sine of amplitude 1 has a bin of size 1. split_spectrum doubles.
template <class S>
ScaledWindow<S> analysis_window(const SpectralForm& form) {
    return {form, 1 / (window_shape(form.window).mean * form.size)};
}

// On the way out: what the windows of all that overlap, and the transforms, have made of a signal is taken back.
template <class S>
ScaledWindow<S> synthesis_window(const SpectralForm& form) {
    const WindowShape& shape = window_shape(form.window);
    return {form, shape.mean / (2 * form.overlap * shape.mean_square)};
}

// The two buffers of a transform, in the memory of a firing.
template <class S>
class TransformWork {
public:
    // Values that a transform of so many lanes takes.
    static constexpr std::size_t values(const SpectralForm& form, int lanes) {
        return static_cast<std::size_t>(2 * form.size * std::min(lanes, kTransformLanes) + 4 * kApart);
    }
    TransformWork(const SpectralForm& form, int lanes, S* memory)
        : step_(form.size / 2 * lanes + kApart), memory_(memory) {}

    ComplexValues<S> values() const { return {memory_, memory_ + step_}; }
    ComplexValues<S> spare() const { return {memory_ + 2 * step_, memory_ + 3 * step_}; }

private:
    // Keeps streams that run along together from falling on the same places of a cache.
    static constexpr int kApart = 80;
    std::ptrdiff_t step_;
    S* memory_;
};

// The bins of what frame(n) gives for n = 0 to size - 1, under the window: row(bin, re, im) as split_spectrum gives
// them. `memory` is that of TransformWork. [worker]
template <int N, class S, class Frame, class Row>
inline void bins_of_frames(const SpectralForm& form, S* memory, const ScaledWindow<S>& window, Frame&& frame,
                           Row&& row) {
    using L = Lanes<S, N>;
    const int points = form.size / 2;
    const TransformWork<S> work(form, N, memory);
    const ComplexValues<S> values = work.values();
    for (int n = 0; n < points; ++n) {
        (frame(2 * n) * L(window.at(2 * n))).store(values.re + n * N);
        (frame(2 * n + 1) * L(window.at(2 * n + 1))).store(values.im + n * N);
    }
    split_spectrum<S, N>(transform(values, work.spare(), points, N), points, row);
}

// The other way: frame(n, value) under the window from the pairs that bin(k) gives, as join_spectrum takes them. The
// transpose of bins_of_frames with twice bin 0 and twice that at half the rate, which stand for one bin each where all
// others stand for two. [worker]
template <int N, class S, class Bin, class Frame>
inline void frames_of_bins(const SpectralForm& form, S* memory, const ScaledWindow<S>& window, Bin&& bin,
                           Frame&& frame) {
    using L = Lanes<S, N>;
    const int points = form.size / 2;
    const TransformWork<S> work(form, N, memory);
    join_spectrum<S, N>(work.values(), points, bin);
    const ComplexValues<S> frames = transform(work.values().swapped(), work.spare().swapped(), points, N).swapped();
    for (int n = 0; n < points; ++n) {
        frame(2 * n, L::load(frames.re + n * N) * L(window.at(2 * n)));
        frame(2 * n + 1, L::load(frames.im + n * N) * L(window.at(2 * n + 1)));
    }
}

// Calls segment(first, end, at) for the runs of frames of the firing within one hop, from the last to the first; frame
// `first` is the one `at` of its hop. [worker]
template <class S, class Segment>
inline void for_each_hop_back(const Firing<S>& firing, const SpectralForm& form, Segment&& segment) {
    for (int end = firing.frames; end > 0;) {
        const auto last = static_cast<int>((firing.frame + end - 1) % form.hop());
        const int first = std::max(0, end - 1 - last);
        segment(first, end, last - (end - 1 - first));
        end = first;
    }
}

} // namespace amp

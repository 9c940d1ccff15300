// The form of spectra on taps: how long the windows are, how they overlap, and how what is in them travels.
//
// Token k of a spectral tap is the spectrum of frames [kP - size, kP) under the window; P = size / overlap is its
// period. It travels over the frames [kP, kP + P), `overlap` values a frame and lane: value r of frame kP + i is value
// i * overlap + r of the token, and lies in the tap's channel r * channels + c, c being the lane's own channel. The
// values are real and imaginary part of bin after bin; of bin 0, which is real, the second is that at half the rate,
// which is real too. So a token is whole on its last frame, and all that is true of frames is true of tokens, as long
// as edges move them by whole periods.
#pragma once

#include "node/shape.h"

#include <array>
#include <cstdint>
#include <span>

namespace amp {

enum class SpectralWindow : std::uint8_t { sqrt_hann, hann, hamming, blackman };
inline constexpr int kSpectralWindows = 4;

struct SpectralForm {
    int size = 1024, overlap = 4;
    SpectralWindow window = SpectralWindow::sqrt_hann;

    constexpr int hop() const { return size / overlap; }
    constexpr bool operator==(const SpectralForm&) const = default;
};

// Frames that the form decides: so many sizes and so many hops.
struct SpectralFrames {
    int sizes = 0, hops = 0;
    constexpr int of(const SpectralForm& form) const { return sizes * form.size + hops * form.hop(); }
};

inline constexpr int kShortestWindow = 64;
inline constexpr int kLongestWindow = 8192;
inline constexpr int kLeastOverlap = 2, kMostOverlap = 8;
inline constexpr int kSpectralOptions = 3; // size, overlap, window: the first of a spectral type

constexpr SpectralForm spectral_form(std::span<const double> options) {
    return {static_cast<int>(options[0]), static_cast<int>(options[1]),
            static_cast<SpectralWindow>(static_cast<int>(options[2]))};
}

// A window as a polynomial of its half sine s = sin(pi n / size): first s + second s^2 + fourth s^4 + none, its mean,
// the mean of its square, and the least overlap at which its squares add up to the same everywhere. Those of Hann and
// Hamming have two harmonics, those of Blackman four; an overlap of R takes all away that are no multiples of R.
struct WindowShape {
    double none, first, second, fourth, mean, mean_square;
    int least_overlap;
};
inline constexpr std::array<WindowShape, kSpectralWindows> kWindowShapes{{
    {0, 1, 0, 0, 0.6366197723675814, 0.5, 2},
    {0, 0, 1, 0, 0.5, 0.375, 4},
    {0.08, 0, 0.92, 0, 0.54, 0.3974, 4},
    {0, 0, 0.36, 0.64, 0.42, 0.3046, 8},
}};
constexpr const WindowShape& window_shape(SpectralWindow window) {
    return kWindowShapes[static_cast<std::size_t>(window)];
}

// The shape of a spectral tap of a node.
constexpr Shape spectral_shape(Shape node, const SpectralForm& form) {
    return {node.batch, node.channels * form.overlap};
}

} // namespace amp

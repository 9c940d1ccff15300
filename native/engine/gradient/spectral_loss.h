// How far a sound is from one that is wanted, and what each of its values has to do with that.
//
// Spectra of several window sizes are compared, so that what a long window smears in time and a short one in pitch both
// count (Engel, Hantrakul, Gu and Roberts: DDSP: Differentiable Digital Signal Processing, 2020; Yamamoto, Song and
// Kim: Parallel WaveGAN, 2020). For each size, over all windows, bins and channels: the norm of the difference of the
// magnitudes, as a share of the norm of those that are wanted, and the mean size of the difference of their logarithms.
// The distance is the mean over the sizes.
#pragma once

#include "base/result.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine {

inline constexpr std::array kLossWindows{64, 128, 256, 512, 1024, 2048};
inline constexpr int kLossOverlap = 4; // windows that each frame lies in

class SpectralLoss {
public:
    // `wanted`: channel after channel of `frames` values. [main]
    SpectralLoss(std::span<const double> wanted, int channels, std::int64_t frames);

    int channels() const { return channels_; }
    std::int64_t frames() const { return frames_; }

    // The distance of a sound, laid out as the wanted one; its derivative by each value is added to `by_sound`, which
    // may be empty. [any]
    double measure(std::span<const double> sound, std::span<double> by_sound) const;

private:
    struct Scale {
        int size = 0;
        std::vector<double> magnitudes; // as SpectralFrames lays them out
        std::vector<double> logarithms; // of the magnitudes above the floor
        double norm = 0;
        double floor = 0;
        double bins = 0; // that count
    };

    double measure(const Scale& scale, std::span<const double> sound, std::span<double> by_sound) const;

    const int channels_;
    const std::int64_t frames_;
    std::vector<Scale> scales_;
};

} // namespace amp::engine

#include "engine/gradient/spectral_loss.h"

#include "node/transform.h"

#include <algorithm>
#include <cmath>

namespace amp::engine {

namespace {

constexpr int kSideBySide = 8; // windows that are transformed at once

// Magnitudes below this share of the loudest one say little: their logarithms are taken above it.
constexpr double kFloor = 1e-4;

// Roots and sizes are rounded off here, so that they have a slope everywhere.
constexpr double kRound = 1e-12;
constexpr double kRoundLogarithm = 1e-3;

using L = Lanes<double, kSideBySide>;

// All windows of one channel, `size / kLossOverlap` frames apart. The first has one hop of the sound in it, and so has
// the last. Beyond the sound is silence.
class SpectralFrames {
public:
    SpectralFrames(int size, std::int64_t frames)
        : size_(size),
          frames_(frames),
          windows_((frames + size - hop() + hop() - 1) / hop()),
          groups_((windows_ + kSideBySide - 1) / kSideBySide),
          buffers_(static_cast<std::size_t>(2 * size * kSideBySide)) {}

    // Values of all bins of all windows; those beyond the last window are 0.
    std::size_t values() const { return static_cast<std::size_t>(groups_ * bins() * kSideBySide); }
    std::int64_t windows() const { return windows_; }
    int bins() const { return size_ / 2 + 1; }

    void analyse(std::span<const double> sound, std::span<double> re, std::span<double> im) {
        const int points = size_ / 2;
        for (std::int64_t group = 0; group < groups_; ++group) {
            for (int side = 0; side < kSideBySide; ++side) {
                const std::int64_t first = first_frame(group, side);
                for (int n = 0; n < size_; ++n) {
                    const std::int64_t frame = first + n;
                    const bool is_there = frame >= 0 && frame < frames_;
                    at(parts(), n, side) = is_there ? sound[static_cast<std::size_t>(frame)] * window(n) : 0.0;
                }
            }
            const std::ptrdiff_t base = group * bins() * kSideBySide;
            const auto put = [&](int bin, L of_re, L of_im) {
                of_re.store(re.data() + base + bin * kSideBySide);
                of_im.store(im.data() + base + bin * kSideBySide);
            };
            split_spectrum<double, kSideBySide>(transform(parts(), spare(), points, kSideBySide), points,
                                                [&](int bin, L of_re, L of_im) {
                                                    if (bin == 0) {
                                                        put(0, of_re, L(0.0));
                                                        put(points, of_im, L(0.0));
                                                    } else {
                                                        put(bin, of_re, of_im);
                                                    }
                                                });
        }
    }

    // The way back of `analyse`: from the derivatives by each real and imaginary part, adds those by the sound.
    void give_back(std::span<const double> re, std::span<const double> im, std::span<double> by_sound) {
        const int points = size_ / 2;
        for (std::int64_t group = 0; group < groups_; ++group) {
            const std::ptrdiff_t base = group * bins() * kSideBySide;
            const auto part = [&](std::span<const double> of, int bin) {
                return L::load(of.data() + base + bin * kSideBySide);
            };
            // A bin between the first and the last one stands for two.
            join_spectrum<double, kSideBySide>(parts(), points, [&](int bin) {
                return bin == 0 ? std::pair(part(re, 0) + part(re, 0), part(re, points) + part(re, points))
                                : std::pair(part(re, bin), part(im, bin));
            });
            const ComplexValues<double> made =
                transform(parts().swapped(), spare().swapped(), points, kSideBySide).swapped();
            for (int side = 0; side < kSideBySide; ++side) {
                const std::int64_t first = first_frame(group, side);
                const int begin = static_cast<int>(std::max<std::int64_t>(0, -first));
                const int end = static_cast<int>(std::min<std::int64_t>(size_, frames_ - first));
                for (int n = begin; n < end; ++n) {
                    by_sound[static_cast<std::size_t>(first + n)] += at(made, n, side) * window(n);
                }
            }
        }
    }

private:
    int hop() const { return size_ / kLossOverlap; }
    std::int64_t first_frame(std::int64_t group, int side) const {
        return (group * kSideBySide + side) * hop() - (size_ - hop());
    }
    // Hann's.
    double window(int n) const {
        const double arc = kTurns<double>.arcs[static_cast<std::size_t>(size_ + n)];
        return arc * arc;
    }
    double* buffer(int number) { return buffers_.data() + number * size_ / 2 * kSideBySide; }
    ComplexValues<double> parts() { return {buffer(0), buffer(1)}; }
    ComplexValues<double> spare() { return {buffer(2), buffer(3)}; }
    // Even frames are real, odd ones imaginary.
    static double& at(const ComplexValues<double>& of, int n, int side) {
        return (n % 2 == 0 ? of.re : of.im)[n / 2 * kSideBySide + side];
    }

    const int size_;
    const std::int64_t frames_, windows_, groups_;
    std::vector<double> buffers_;
};

double magnitude(double re, double im) { return std::sqrt(re * re + im * im + kRound); }

} // namespace

SpectralLoss::SpectralLoss(std::span<const double> wanted, int channels, std::int64_t frames)
    : channels_(channels), frames_(frames) {
    for (const int size : kLossWindows) {
        Scale scale;
        scale.size = size;
        SpectralFrames spectra(size, frames);
        const std::size_t values = spectra.values();
        std::vector<double> re(values), im(values);
        for (int channel = 0; channel < channels; ++channel) {
            spectra.analyse(
                wanted.subspan(static_cast<std::size_t>(channel * frames), static_cast<std::size_t>(frames)), re, im);
            for (std::size_t i = 0; i < values; ++i) {
                scale.magnitudes.push_back(magnitude(re[i], im[i]));
            }
        }
        double squares = 0;
        for (const double each : scale.magnitudes) {
            squares += each * each;
        }
        scale.norm = std::sqrt(squares);
        scale.floor = kFloor * *std::ranges::max_element(scale.magnitudes) + kRound;
        for (const double each : scale.magnitudes) {
            scale.logarithms.push_back(std::log(each + scale.floor));
        }
        scale.bins = static_cast<double>(channels * spectra.windows() * spectra.bins());
        scales_.push_back(std::move(scale));
    }
}

double SpectralLoss::measure(std::span<const double> sound, std::span<double> by_sound) const {
    double sum = 0;
    for (const Scale& scale : scales_) {
        sum += measure(scale, sound, by_sound);
    }
    return sum / static_cast<double>(scales_.size());
}

double SpectralLoss::measure(const Scale& scale, std::span<const double> sound, std::span<double> by_sound) const {
    SpectralFrames spectra(scale.size, frames_);
    const std::size_t values = spectra.values(), all = scale.magnitudes.size();
    const auto length = static_cast<std::size_t>(frames_);
    std::vector<double> re(all), im(all), magnitudes(all);
    double squares = 0, logarithms = 0;
    std::vector<double> by_logarithms(by_sound.empty() ? 0 : all);
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(channels_); ++channel) {
        spectra.analyse(sound.subspan(channel * length, length), std::span(re).subspan(channel * values, values),
                        std::span(im).subspan(channel * values, values));
    }
    for (std::size_t i = 0; i < all; ++i) {
        magnitudes[i] = magnitude(re[i], im[i]);
        const double difference = magnitudes[i] - scale.magnitudes[i];
        const double ratio = std::log(magnitudes[i] + scale.floor) - scale.logarithms[i];
        const double rounded = std::sqrt(ratio * ratio + kRoundLogarithm * kRoundLogarithm);
        squares += difference * difference;
        logarithms += rounded - kRoundLogarithm;
        if (!by_sound.empty()) {
            by_logarithms[i] = ratio / rounded;
        }
    }
    const double wanted = std::max(scale.norm, kRound);
    const double distance = std::sqrt(squares);
    if (!by_sound.empty()) {
        const double share = 1 / static_cast<double>(scales_.size());
        for (std::size_t i = 0; i < all; ++i) {
            const double by_norm = distance > 0 ? (magnitudes[i] - scale.magnitudes[i]) / (distance * wanted) : 0.0;
            const double by_mean = by_logarithms[i] / ((magnitudes[i] + scale.floor) * scale.bins);
            const double by_part = share * (by_norm + by_mean) / magnitudes[i];
            re[i] *= by_part;
            im[i] *= by_part;
        }
        for (std::size_t channel = 0; channel < static_cast<std::size_t>(channels_); ++channel) {
            spectra.give_back(std::span(re).subspan(channel * values, values),
                              std::span(im).subspan(channel * values, values),
                              by_sound.subspan(channel * length, length));
        }
    }
    return distance / wanted + logarithms / scale.bins;
}

} // namespace amp::engine

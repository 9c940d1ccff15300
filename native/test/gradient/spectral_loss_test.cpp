// The distance of sounds by their spectra, and its derivative against finite differences.
#include "engine/gradient/spectral_loss.h"
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace amp::test {
namespace {

using engine::SpectralLoss;

constexpr int kChannels = 2;
constexpr int kFrames = 3000;

std::vector<double> noise(int seed, double size = 0.5) {
    std::vector<double> made;
    for (int i = 0; i < kChannels * kFrames; ++i) {
        made.push_back(size * (2 * random_number(i, seed, 5) - 1));
    }
    return made;
}

std::vector<double> tone(double turns_a_frame, double phase = 0, double size = 0.5) {
    std::vector<double> made;
    for (int i = 0; i < kChannels * kFrames; ++i) {
        const int frame = i % kFrames;
        const double fade = std::sin(std::numbers::pi * (frame + 0.5) / kFrames); // it neither begins nor ends at once
        made.push_back(size * fade * fade * std::sin(2 * std::numbers::pi * (turns_a_frame * frame + phase)));
    }
    return made;
}

SpectralLoss wanting(const std::vector<double>& sound) { return {sound, kChannels, kFrames}; }
double distance(const std::vector<double>& wanted, const std::vector<double>& sound) {
    return wanting(wanted).measure(sound, {});
}

TEST(SpectralLoss, OfASoundToItselfIsZero) { EXPECT_LT(distance(noise(1), noise(1)), 1e-9); }

TEST(SpectralLoss, GrowsWithTheDistanceOfAPitch) {
    const double near = distance(tone(0.02), tone(0.0201)), far = distance(tone(0.02), tone(0.021));
    EXPECT_GT(near, 0.01);
    EXPECT_GT(far, 1.2 * near);
}

TEST(SpectralLoss, HardlyHearsThePhaseOfATone) {
    EXPECT_LT(distance(tone(0.02), tone(0.02, 0.3)), 0.3 * distance(tone(0.02), tone(0.021)));
}

TEST(SpectralLoss, OfSilenceToASoundIsFinite) {
    const std::vector<double> silence(kChannels * kFrames, 0.0);
    std::vector<double> by(silence.size(), 0.0);
    EXPECT_TRUE(std::isfinite(wanting(tone(0.02)).measure(silence, by)));
    EXPECT_TRUE(std::isfinite(wanting(silence).measure(tone(0.02), by)));
    for (const double each : by) {
        ASSERT_TRUE(std::isfinite(each));
    }
}

TEST(SpectralLoss, HasADerivativeThatAgreesWithFiniteDifferences) {
    constexpr double kStep = 1e-7; // bins that are nearly empty bend
    const SpectralLoss loss = wanting(tone(0.031));
    for (int seed = 0; seed < 8; ++seed) {
        const std::vector<double> sound = noise(seed + 10), direction = noise(seed + 100);
        std::vector<double> by(sound.size(), 0.0), above = sound, below = sound;
        loss.measure(sound, by);
        double told = 0;
        for (std::size_t i = 0; i < sound.size(); ++i) {
            told += by[i] * direction[i];
            above[i] += kStep * direction[i];
            below[i] -= kStep * direction[i];
        }
        const double found = (loss.measure(above, {}) - loss.measure(below, {})) / (2 * kStep);
        EXPECT_NEAR(told, found, 3e-5 * (std::abs(found) + 0.01)) << "seed " << seed;
    }
}

// The first and the last value lie in windows of which most is beyond the sound.
TEST(SpectralLoss, HasADerivativeByItsFirstAndItsLastValue) {
    constexpr double kStep = 1e-6;
    const SpectralLoss loss = wanting(noise(2));
    const std::vector<double> sound = noise(3);
    std::vector<double> by(sound.size(), 0.0);
    loss.measure(sound, by);
    for (const std::size_t place : {0, kFrames - 1, kFrames, 2 * kFrames - 1}) {
        std::vector<double> above = sound, below = sound;
        above[place] += kStep;
        below[place] -= kStep;
        const double found = (loss.measure(above, {}) - loss.measure(below, {})) / (2 * kStep);
        EXPECT_NEAR(by[place], found, 1e-4 * std::abs(found)) << "value " << place;
    }
}

} // namespace
} // namespace amp::test

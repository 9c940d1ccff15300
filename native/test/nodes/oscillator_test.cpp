// Pitch, spectrum and level of the oscillators.
#include "nodes/measure.h"
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace amp::test {
namespace {

constexpr double kRate = 48000;

template <class S>
std::vector<S> rendered(std::string_view type, double frequency, std::int64_t frames) {
    return Node<S>(type).set("freq", frequency).run(frames).output("out");
}

class Pitched : public testing::TestWithParam<const char*> {};

TEST_P(Pitched, PlaysItsFrequencyWithinATenthOfACent) {
    for (const double frequency : {27.5, 100.0, 439.7, 2000.0, 9876.5, 20000.0}) {
        const auto signal = rendered<float>(GetParam(), frequency, 10 * 48000);
        const double measured = measured_frequency(std::span(signal), frequency, kRate);
        EXPECT_LT(std::abs(cents(measured / frequency)), 0.1) << frequency << " Hz, measured " << measured;
    }
}

TEST_P(Pitched, FollowsAFrequencyThatIsGivenFrameByFrame) {
    const auto signal = Node<float>(GetParam(), {20, 1})
                            .modulate("freq", [](auto...) { return 1234.5; })
                            .run(10 * 48000)
                            .output("out", 7);
    EXPECT_LT(std::abs(cents(measured_frequency(std::span(signal), 1234.5, kRate) / 1234.5)), 0.1);
}

TEST_P(Pitched, StandsStillAtFrequencyZero) {
    const auto signal = Node<float>(GetParam()).set("freq", 0).set("phase", 0.15).run(1000).output("out");
    EXPECT_TRUE(std::ranges::all_of(signal, [&](float value) { return value == signal[0]; }));
}

TEST_P(Pitched, StartsWhereItsPhaseSays) {
    for (const double turns : {0.125, -0.75, 3.4, -15.9}) {
        const auto shifted = Node<double>(GetParam()).set("freq", 100).set("phase", turns).run(480 * 4).output("out");
        const auto plain = rendered<double>(GetParam(), 100, 480 * 8);
        const double frames = (turns - std::floor(turns)) * 480;
        ASSERT_NEAR(frames, std::round(frames), 1e-9);
        for (std::size_t f = 0; f < shifted.size(); ++f) {
            ASSERT_NEAR(shifted[f], plain[f + std::size_t(std::round(frames))], 1e-6) << turns << " turns, frame " << f;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Oscillators, Pitched, testing::Values("sine", "saw", "square", "triangle"),
                         [](const auto& info) { return std::string(info.param); });

// The strongest part of the spectrum up to `limit` hertz that is no harmonic of the frequency, against its fundamental:
// of all bins, and at the very frequencies to which harmonics fold, where no bin need lie.
double strongest_alias(const std::vector<float>& signal, double frequency, double limit) {
    const auto amplitudes = spectrum(std::span(signal));
    const double width = kRate / double(signal.size());
    const auto is_alias = [&](double at) {
        return at < limit && std::abs(at - std::round(at / frequency) * frequency) > 5 * width;
    };
    double strongest = 0;
    for (std::size_t bin = 5; double(bin) * width < limit; ++bin) {
        if (is_alias(double(bin) * width)) {
            strongest = std::max(strongest, amplitudes[bin]);
        }
    }
    for (double harmonic = kRate - limit; harmonic < 2 * kRate + limit; harmonic += frequency) {
        const double overtone = std::ceil(harmonic / frequency) * frequency;
        const double folded = std::abs(overtone - std::round(overtone / kRate) * kRate);
        if (is_alias(folded)) {
            strongest = std::max(strongest, std::abs(amplitude_at(std::span(signal), folded / kRate)));
        }
    }
    return strongest / std::abs(amplitude_at(std::span(signal), frequency / kRate));
}

class BandLimited : public testing::TestWithParam<const char*> {};

TEST_P(BandLimited, KeepsAliasesOfTwoKilohertzBelowSixtyDecibels) {
    for (const double frequency : {1991.3, 2000.7, 2003.0, 2010.7}) {
        const auto signal = rendered<float>(GetParam(), frequency, 1 << 15);
        EXPECT_LT(decibels(strongest_alias(signal, frequency, 10000)), -60) << frequency << " Hz";
    }
}

TEST_P(BandLimited, KeepsAliasesLowWhenManyLanesRunSideBySide) {
    auto node = Node<float>(GetParam(), {33, 1});
    node.set("freq", [](auto, int batch, int) { return 2003.0 - 2 * batch; }).run(1 << 15);
    for (const int lane : {0, 32}) {
        EXPECT_LT(decibels(strongest_alias(node.output("out", lane), 2003.0 - 2 * lane, 10000)), -60) << lane;
    }
}

// The wave is the plain one heard through the smoothing kernel: each harmonic, and each alias that folds down, is that
// of the ideal wave times the kernel's response. Edges that crowd near half the rate must add up for this to hold.
TEST_P(BandLimited, IsTheIdealWaveThroughTheKernelAtEveryPitch) {
    const auto kernel = [](double cycles) {
        const double angle = std::numbers::pi * cycles;
        return std::pow(std::sin(angle) / angle, 4) * (1 + 0.15 * 4 * angle * angle);
    };
    const std::string_view type = GetParam();
    for (const double frequency : {1777.0, 7001.0, 13007.0, 17011.0, 21013.0}) {
        const auto signal = rendered<double>(type, frequency, 1 << 14);
        for (int harmonic = 1; harmonic * frequency < 3 * kRate; ++harmonic) {
            double ideal = 2 / (std::numbers::pi * harmonic);
            if (type == "square") {
                ideal *= harmonic % 2 == 0 ? 0 : 2;
            } else if (type == "triangle") {
                ideal = harmonic % 2 == 0 ? 0 : 8 / std::pow(std::numbers::pi * harmonic, 2);
            }
            const double cycles = harmonic * frequency / kRate;
            const double folded = std::abs(cycles - std::round(cycles));
            const double measured = std::abs(amplitude_at(std::span(signal), folded));
            EXPECT_NEAR(measured, ideal * std::abs(kernel(cycles)), 1e-4) << frequency << " Hz, harmonic " << harmonic;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Oscillators, BandLimited, testing::Values("saw", "square", "triangle"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Sine, IsTheSineToTheLastBitsOfItsPrecision) {
    const auto single = rendered<float>("sine", 375, 128 * 8);
    const auto twice = rendered<double>("sine", 375, 128 * 8);
    for (std::size_t f = 0; f < single.size(); ++f) {
        const double exact = std::sin(2 * std::numbers::pi * double(f) / 128);
        ASSERT_NEAR(single[f], exact, 3e-7);
        ASSERT_NEAR(twice[f], exact, 1e-14);
    }
}

TEST(Saw, RisesFromZero) {
    const auto signal = rendered<float>("saw", 100, 240 - 3);
    for (std::size_t f = 0; f < signal.size(); ++f) {
        ASSERT_NEAR(signal[f], double(f) / 240, 1e-5);
    }
}

TEST(Square, IsHighForItsWidthAndLowForTheRest) {
    for (const double width : {0.01, 0.1, 0.25, 0.5, 0.9, 0.99}) {
        const auto signal = Node<float>("square").set("freq", 10).set("width", width).run(48000).output("out");
        double mean = 0;
        for (const float value : signal) {
            mean += double(value) / double(signal.size());
        }
        EXPECT_NEAR(mean, 2 * width - 1, 1e-4) << width;
        EXPECT_NEAR(signal[24], 1, 1e-6) << width;
        EXPECT_NEAR(signal[4780], -1, 1e-6) << width;
    }
}

TEST(Triangle, RisesThroughZeroToItsPeak) {
    const auto signal = rendered<float>("triangle", 100, 480);
    for (std::size_t f = 0; f < 118; ++f) {
        ASSERT_NEAR(signal[f], double(f) / 120, 1e-5);
        ASSERT_NEAR(signal[f + 240], -double(f) / 120, 1e-5);
    }
    EXPECT_GT(signal[120], 0.99);
}

} // namespace
} // namespace amp::test

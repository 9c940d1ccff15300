// Shapes and rates of the low-frequency oscillator.
#include "nodes/measure.h"
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

namespace amp::test {
namespace {

std::vector<float> wave(std::string_view shape, double frequency, std::int64_t frames) {
    return Node<float>("lfo").option("shape", shape).set("freq", frequency).run(frames).output("out");
}

TEST(Lfo, KeepsARateOfMinutesWithinATenthOfACent) {
    for (const double frequency : {0.001, 0.00987, 0.1}) {
        const std::int64_t frames = 4 * 48000;
        const auto signal = wave("saw", frequency, frames + 1);
        const double turns = signal.back() / 2.0;
        EXPECT_LT(std::abs(cents(turns / (double(frames) / 48000 * frequency))), 0.1) << frequency;
    }
}

TEST(Lfo, KeepsItsRateInEveryShape) {
    for (const auto shape : {"sine", "triangle", "square", "saw"}) {
        const auto signal = wave(shape, 7.3, 20 * 48000);
        EXPECT_LT(std::abs(cents(measured_frequency(std::span(signal), 7.3, 48000) / 7.3)), 0.1) << shape;
    }
}

TEST(Lfo, HasTheShapeOfItsOption) {
    const auto sine = wave("sine", 10, 4800), triangle = wave("triangle", 10, 4800), square = wave("square", 10, 4800),
               saw = wave("saw", 10, 4800);
    for (std::size_t f = 10; f < 4790; ++f) {
        if (f % 1200 < 3 || f % 1200 > 1197) {
            continue; // a frame near a corner may lie to either side of it
        }
        const double turns = double(f) / 4800;
        ASSERT_NEAR(sine[f], std::sin(2 * std::numbers::pi * turns), 1e-5);
        ASSERT_NEAR(triangle[f], turns < 0.25 ? 4 * turns : turns < 0.75 ? 2 - 4 * turns : 4 * turns - 4, 1e-5);
        ASSERT_EQ(square[f], turns < 0.5 ? 1 : -1);
        ASSERT_NEAR(saw[f], turns < 0.5 ? 2 * turns : 2 * turns - 2, 1e-5);
    }
}

} // namespace
} // namespace amp::test

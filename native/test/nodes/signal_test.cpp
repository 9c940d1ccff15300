// The types that make, place and pass values: constant, gain, mix, output, pan, keys, noise.
#include "nodes/measure.h"
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace amp::test {
namespace {

Signal number_of_lane() {
    return [](std::int64_t frame, int batch, int channel) {
        return double(frame % 100) + 1000 * batch + 100000 * channel;
    };
}

TEST(Constant, IsItsValue) {
    Node<float> node("constant", {3, 2});
    node.set("value", number_of_lane()).run(10);
    EXPECT_EQ(node.output("out", 2, 1)[9], 102000);
    EXPECT_EQ(node.output("out", 0, 0)[0], 0);
}

TEST(Gain, ScalesItsInput) {
    Node<float> node("gain", {3, 2});
    node.set("gain", [](auto, int batch, int) { return 0.5 * batch; }).input("in", number_of_lane()).run(10);
    EXPECT_EQ(node.output("out", 2, 1)[9], 102009);
    EXPECT_EQ(node.output("out", 1, 1)[9], 50504.5);
}

TEST(Mix, PassesTheSumThatTheEngineMadeForIt) {
    Node<float> node("mix", {1, 3});
    node.input("in", number_of_lane()).run(10);
    EXPECT_EQ(node.output("out", 0, 2)[9], 200009);
}

TEST(Output, PassesTheSumThatTheEngineMadeForIt) {
    Node<float> node("output", {1, 5});
    node.input("in", number_of_lane()).run(10);
    EXPECT_EQ(node.output("out", 0, 4)[9], 400009);
}

TEST(Keys, HoldsTheValuesThatTheEngineWroteIntoItsLanes) {
    Node<float> node("keys", {19, 1});
    const std::vector<std::string> taps{"freq", "gate", "velocity", "pressure", "timbre", "bend"};
    for (int row = 0; row < 6; ++row) {
        node.state(row, 17, 0) = float(100 + row);
    }
    node.run(50);
    for (int row = 0; row < 6; ++row) {
        EXPECT_EQ(node.output(taps[std::size_t(row)], 17)[49], 100 + row);
        EXPECT_EQ(node.output(taps[std::size_t(row)], 16)[49], 0);
    }
}

TEST(Pan, HasEqualPowerAtEveryPlace) {
    Node<float> node("pan", {201, 1});
    node.set("position", [](auto, int batch, int) { return batch / 100.0 - 1; }).input("in", [](auto...) {
        return 1.0;
    });
    node.run(1);
    for (int batch = 0; batch <= 200; ++batch) {
        const double left = node.output("out", batch, 0)[0], right = node.output("out", batch, 1)[0];
        const double angle = double(batch) / 200 * std::numbers::pi / 2;
        EXPECT_NEAR(left * left + right * right, 1, 1e-6) << batch;
        EXPECT_NEAR(left, std::cos(angle), 1e-6) << batch;
        EXPECT_NEAR(right, std::sin(angle), 1e-6) << batch;
    }
}

TEST(Pan, SilencesTheOtherSideAtItsEnds) {
    Node<float> node("pan", {2, 1});
    node.set("position", [](auto, int batch, int) { return 2.0 * batch - 1; }).input("in", [](auto...) { return 1.0; });
    node.run(1);
    EXPECT_EQ(node.output("out", 0, 1)[0], 0);
    EXPECT_EQ(node.output("out", 1, 0)[0], 0);
}

TEST(Pan, KeepsLanesApartInAnyBatch) {
    for (const int batch : {1, 2, 3, 5, 8, 9, 16, 17, 40}) {
        Node<float> node("pan", {batch, 1});
        node.set("position", 0.3).input("in", number_of_lane()).run(1);
        for (int lane = 0; lane < batch; ++lane) {
            EXPECT_NEAR(node.output("out", lane, 0)[0] * std::tan(1.3 * std::numbers::pi / 4),
                        node.output("out", lane, 1)[0], 1e-6 * 1000 * batch);
        }
    }
}

std::vector<float> noise(double option, std::uint64_t seed, std::int64_t frames) {
    return Node<float>("noise").option("seed", option).reset(0, 0, seed).run(frames).output("out");
}

double correlation(const std::vector<float>& a, const std::vector<float>& b, std::size_t lag) {
    double product = 0, power = 0;
    for (std::size_t i = 0; i + lag < a.size(); ++i) {
        product += double(a[i + lag]) * double(b[i]);
        power += double(b[i]) * double(b[i]);
    }
    return product / power;
}

constexpr std::int64_t kMany = 1 << 18;
constexpr double kSixSigma = 6.0 / 512; // of a mean of kMany independent values

TEST(Noise, IsSpreadEvenlyFromMinusOneToOne) {
    const auto signal = noise(0, 42, kMany);
    std::array<int, 64> counts{};
    double mean = 0;
    for (const float value : signal) {
        ASSERT_GE(value, -1);
        ASSERT_LE(value, 1);
        mean += double(value) / double(kMany);
        ++counts[std::min<std::size_t>(63, std::size_t((double(value) + 1) * 32))];
    }
    EXPECT_NEAR(mean, 0, kSixSigma * std::sqrt(1.0 / 3));
    double chi_squared = 0;
    for (const int count : counts) {
        const double expected = double(kMany) / 64;
        chi_squared += (count - expected) * (count - expected) / expected;
    }
    EXPECT_GT(chi_squared, 63 - 6 * std::sqrt(2 * 63.0));
    EXPECT_LT(chi_squared, 63 + 6 * std::sqrt(2 * 63.0));
}

TEST(Noise, IsWhite) {
    const auto signal = noise(7, 1234, kMany);
    for (const std::size_t lag : {1, 2, 3, 4, 8, 16, 32, 64, 1000, 1024, 65536}) {
        EXPECT_NEAR(correlation(signal, signal, lag), 0, 1.1 * kSixSigma) << "lag " << lag;
    }
    const auto amplitudes = spectrum(std::span(signal));
    std::array<double, 16> bands{};
    for (std::size_t bin = 0; bin < std::size_t(kMany) / 2; ++bin) {
        bands[bin * 16 / (std::size_t(kMany) / 2)] += amplitudes[bin] * amplitudes[bin];
    }
    const auto [lowest, highest] = std::ranges::minmax_element(bands);
    EXPECT_LT(10 * std::log10(*highest / *lowest), 0.6);
}

TEST(Noise, IsAnotherOneForEachSeedAndEachLane) {
    const auto first = noise(0, 1, kMany);
    for (const auto& other :
         {noise(1, 1, kMany), noise(2147483647, 1, kMany), noise(0, 2, kMany), noise(0, 1ULL << 40, kMany)}) {
        for (const std::size_t lag : {0, 1, 2, 64}) {
            EXPECT_NEAR(correlation(first, other, lag), 0, 1.1 * kSixSigma);
        }
    }
}

TEST(Noise, IsTheSameForTheSameSeed) { EXPECT_EQ(noise(5, 77, 5000), noise(5, 77, 5000)); }

} // namespace
} // namespace amp::test

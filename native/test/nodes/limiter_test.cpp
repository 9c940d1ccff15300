// The limiter node: its ceiling, its latency, and that it leaves alone what needs no limit.
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <cmath>

namespace amp::test {
namespace {

constexpr int kLookAhead = 64;

std::vector<float> limited(const Signal& signal, int frames, double ceiling = 0.5, double release = 0.01) {
    Node<float> node("limiter");
    node.set("ceiling", ceiling).set("release", release).input("in", signal).run(frames);
    return node.output("out");
}

Signal impulse(std::int64_t at, double height) {
    return [=](std::int64_t frame, int, int) { return frame == at ? height : 0.0; };
}

TEST(LimiterNode, IsLateByExactlyWhatItDeclares) {
    ASSERT_EQ(find_node_type("limiter")->declaration->latency, kLookAhead);
    const auto out = limited(impulse(100, 0.25), 400);
    for (int frame = 0; frame < 400; ++frame) {
        EXPECT_EQ(out[std::size_t(frame)], frame == 100 + kLookAhead ? 0.25F : 0.0F) << frame;
    }
}

TEST(LimiterNode, KeepsTheBitsOfWhatStaysBelowTheCeiling) {
    const auto quiet = [](std::int64_t frame, int, int) { return 0.499 * std::sin(0.1 * double(frame)); };
    const auto out = limited(quiet, 2000);
    for (std::size_t frame = kLookAhead; frame < out.size(); ++frame) {
        ASSERT_EQ(out[frame], float(quiet(std::int64_t(frame) - kLookAhead, 0, 0))) << frame;
    }
}

TEST(LimiterNode, LetsNothingPassItsCeiling) {
    for (int seed = 0; seed < 20; ++seed) {
        // Single peaks far above the ceiling, and long stretches above it.
        const auto wild = [seed](std::int64_t frame, int, int) {
            const bool is_peak = random_number(seed, frame) < 0.01;
            const double loudness = random_number(seed, frame / 500, 3) < 0.3 ? 3 : 0.3;
            return (is_peak ? 20 : loudness) * (2 * random_number(seed, frame, 1) - 1);
        };
        for (const float sample : limited(wild, 20000)) {
            ASSERT_LE(std::fabs(sample), 0.5 * (1 + 1e-6)) << seed;
        }
    }
}

TEST(LimiterNode, BringsAPeakToItsCeiling) {
    const auto out = limited(impulse(100, 4), 400);
    EXPECT_NEAR(out[100 + kLookAhead], 0.5, 1e-6);
}

TEST(LimiterNode, FallsInOneSlopeBeforeThePeakAndReturnsWithItsRelease) {
    // A steady 0.25 shows the gain; the peak of 2 needs a quarter of it.
    const auto signal = [](std::int64_t frame, int, int) { return frame == 1000 ? 2 : 0.25; };
    const auto out = limited(signal, 60000, 0.5, 0.05);
    const auto gain = [&](std::int64_t frame) { return out[std::size_t(frame)] / 0.25; };
    const std::int64_t peak = 1000 + kLookAhead;
    EXPECT_EQ(gain(peak - kLookAhead - 1), 1);
    for (std::int64_t before = 1; before <= kLookAhead; ++before) {
        EXPECT_NEAR(gain(peak - before), 0.25 + 0.75 * double(before - 1) / kLookAhead, 1e-5) << before;
    }
    EXPECT_NEAR(out[std::size_t(peak)] / 2, 0.25, 1e-5);
    // Half of the mean's length later the loss has come down to 1/e in a release.
    const double loss = 1 - gain(peak + kLookAhead / 2 + 2400);
    EXPECT_NEAR(loss, 0.75 * std::exp(-1), 0.005);
    EXPECT_EQ(gain(59999), 1);
}

TEST(LimiterNode, TakesItsCeilingAtTheFrameOfTheMaterial) {
    Node<float> node("limiter");
    node.modulate("ceiling", [](std::int64_t frame, int, int) { return frame < 1000 ? 0.5 : 1.0; })
        .set("release", 0.001)
        .input("in", [](auto...) { return 0.8; })
        .run(3000);
    const auto& out = node.output("out");
    EXPECT_NEAR(out[999 + kLookAhead], 0.5, 1e-6);
    EXPECT_GT(out[1300 + kLookAhead], 0.79);
}

} // namespace
} // namespace amp::test

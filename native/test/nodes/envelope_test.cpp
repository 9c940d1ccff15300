// Times, levels and ends of the adsr envelope.
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace amp::test {
namespace {

// An envelope whose gate is open in the frames [opened, closed).
template <class S = float>
Node<S> envelope(double attack, double decay, double sustain, double release, std::int64_t opened,
                 std::int64_t closed) {
    return Node<S>("adsr")
        .set("attack", attack)
        .set("decay", decay)
        .set("sustain", sustain)
        .set("release", release)
        .input("gate", [=](std::int64_t frame, int, int) { return frame >= opened && frame < closed ? 1.0 : 0.0; });
}

constexpr std::int64_t kLate = std::int64_t{1} << 40;

class Duration : public testing::TestWithParam<double> {
protected:
    double seconds() const { return GetParam(); }
    std::int64_t frames() const { return std::llround(GetParam() * 48000); }
};

TEST_P(Duration, AttackReachesOneOnItsFrame) {
    const auto level = envelope(seconds(), 60, 1, 1, 100, kLate).run(100 + frames() + 10).output("out");
    const auto end = std::size_t(100 + frames());
    EXPECT_EQ(level[end], 1);
    if (frames() > 0) {
        EXPECT_EQ(level[99], 0);
        EXPECT_EQ(level[100], 0);
        EXPECT_NEAR(level[100 + std::size_t(frames() / 2)], double(frames() / 2) / double(frames()), 1e-6);
        EXPECT_LT(level[end - 1], 1);
    }
}

TEST_P(Duration, DecayReachesTheSustainLevelOnItsFrame) {
    const auto level = envelope(0, seconds(), 0.25, 1, 100, kLate).run(100 + frames() + 10).output("out");
    const auto end = std::size_t(100 + frames());
    EXPECT_EQ(level[end], 0.25F);
    EXPECT_EQ(level[end + 9], 0.25F);
    if (frames() > 0) {
        EXPECT_EQ(level[100], 1);
    }
    if (frames() > 2) {
        const double left = 1 - double(frames() / 2) / double(frames());
        EXPECT_NEAR(level[100 + std::size_t(frames() / 2)], 0.25 + 0.75 * left * left * left, 1e-6);
    }
}

TEST_P(Duration, ReleaseReachesZeroOnItsFrame) {
    const auto level = envelope(0, 0, 0.5, seconds(), 0, 100).run(100 + frames() + 10).output("out");
    const auto end = std::size_t(100 + frames());
    EXPECT_EQ(level[99], 0.5F);
    EXPECT_EQ(level[end], 0);
    EXPECT_EQ(level[end + 9], 0);
    if (frames() > 0) {
        EXPECT_EQ(level[100], 0.5F);
        EXPECT_GT(level[end - 1], 0);
    }
    if (frames() > 2) {
        const double left = 1 - double(frames() / 2) / double(frames());
        EXPECT_NEAR(level[100 + std::size_t(frames() / 2)], 0.5 * left * left * left, 1e-6);
    }
}

TEST_P(Duration, TellsTheFrameOfItsEnd) {
    auto node = envelope(0, 0, 0.5, seconds(), 0, 100);
    node.run(100 + frames());
    EXPECT_EQ(node.ended(0), kNever);
    node.run(1);
    EXPECT_EQ(node.ended(0), 100 + frames());
    node.run(5000);
    EXPECT_EQ(node.ended(0), 100 + frames());
}

INSTANTIATE_TEST_SUITE_P(Seconds, Duration, testing::Values(0.0, 1 / 48000.0, 0.0005, 0.005, 0.1, 1.5, 60.0));

TEST(Adsr, FallsToZeroEvenFromTheMiddleOfItsAttack) {
    const auto level = envelope(1, 1, 0.5, 0.01, 0, 12000).run(12000 + 481).output("out");
    EXPECT_NEAR(level[11999], 0.25, 1e-4);
    EXPECT_EQ(level[12000], level[11999]);
    EXPECT_EQ(level[12480], 0);
}

TEST(Adsr, RisesAgainFromAnyLevelWithoutAJump) {
    for (const std::int64_t reopened : {1100, 1500, 2500, 3390, 3400}) {
        auto node = envelope(0.02, 0.01, 0.6, 0.05, 0, 1000);
        node.input("gate", [=](std::int64_t frame, int, int) { return frame < 1000 || frame >= reopened ? 1.0 : 0.0; });
        const auto level = node.run(reopened + 2000).output("out");
        for (std::size_t f = 1; f < level.size(); ++f) {
            ASSERT_LT(std::abs(level[f] - level[f - 1]), 0.003) << "frame " << f << ", reopened at " << reopened;
        }
        EXPECT_EQ(level[std::size_t(reopened + 960)], 1) << reopened;
    }
}

TEST(Adsr, FollowsASustainLevelThatMoves) {
    const auto sustain = [](std::int64_t frame, int, int) { return 0.5 + 0.4 * std::sin(double(frame) / 500); };
    auto node = envelope(0.01, 0.01, 0, 1, 0, kLate);
    const auto level = node.modulate("sustain", sustain).run(5000).output("out");
    for (std::int64_t f = 960; f < 5000; ++f) {
        ASSERT_NEAR(level[std::size_t(f)], sustain(f, 0, 0), 1e-6) << f;
    }
}

TEST(Adsr, StaysSilentWhenATimeIsMadeLongerAfterTheEnd) {
    auto node = envelope(0, 0, 1, 0, 0, 100);
    node.modulate("release", [](std::int64_t frame, int, int) { return frame < 2000 ? 0.01 : 1.0; });
    const auto level = node.run(4000).output("out");
    for (std::size_t f = 580; f < level.size(); ++f) {
        ASSERT_EQ(level[f], 0) << f;
    }
}

TEST(Adsr, HoldsItsLevelForHoursOfFrames) {
    auto node = envelope(0.01, 0.01, 0.5, 1, 0, kLate);
    node.run(2000);
    for (const std::int32_t frames : {1 << 29, 1 << 30, (1 << 30) + (1 << 29) - 10}) {
        std::memcpy(&node.state(0, 0, 0), &frames, sizeof frames); // as if they had passed
        EXPECT_EQ(node.run(100).output("out").back(), 0.5F) << frames;
    }
}

TEST(Adsr, HasEndedFromTheStartWhenItsGateNeverOpened) {
    auto node = envelope(0, 0, 1, 60, kLate, kLate);
    node.run(1);
    EXPECT_LE(node.ended(0), 0);
    node.run(5000);
    EXPECT_LE(node.ended(0), 0);
}

TEST(Adsr, HasNotEndedWhileItsGateIsOpen) {
    auto node = envelope(0, 0, 0, 0, 0, kLate);
    EXPECT_EQ(node.run(1000).ended(0), kNever);
}

TEST(Adsr, EndsWithTheLastOfItsChannels) {
    for (const int batch : {1, 3, 20}) {
        Node<float> node("adsr", {batch, 2});
        node.set("release", [](auto, int lane, int channel) {
            return lane % 3 == 0 ? 0.001 : channel == 0 ? 0.1 : 0.02;
        });
        node.input("gate", [](std::int64_t frame, int, int) { return frame < 2000 ? 1.0 : 0.0; });
        node.run(10000);
        for (int lane = 0; lane < batch; ++lane) {
            EXPECT_EQ(node.ended(lane), lane % 3 == 0 ? 2048 : 6800) << batch << ", " << lane;
        }
    }
}

TEST(Adsr, TellsItsEndWhateverTheCuts) {
    auto node = envelope(0.001, 0.001, 0.5, 0.01, 10, 300).cut(random_cuts(3, 50));
    EXPECT_EQ(node.run(2000).ended(0), 780);
}

} // namespace
} // namespace amp::test

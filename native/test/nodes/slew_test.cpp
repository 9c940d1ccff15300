// What leaves a slew node, by its parameters.
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace amp::test {
namespace {

constexpr double kRate = 1000; // frames a second

// From 0 to `size` at frame 10.
Signal step(double size) {
    return [size](std::int64_t frame, int, int) { return frame < 10 ? 0 : size; };
}

// Frames from the step on until the node is there for good.
std::ptrdiff_t arrival(const std::vector<float>& out, float target) {
    return std::ranges::find(out, target) - out.begin() - 9;
}

TEST(SlewNode, WithoutLimitsIsItsInput) {
    const Signal noise = [](std::int64_t frame, int, int) { return random_number(frame) - 0.5; };
    const auto node = Node<float>("slew", {}, kRate).input("in", noise).run(300);
    for (std::size_t frame = 0; frame < 300; ++frame) {
        EXPECT_EQ(node.output("out")[frame], static_cast<float>(noise(static_cast<std::int64_t>(frame), 0, 0)));
    }
}

TEST(SlewNode, GoesStraightAtItsRate) {
    const auto node = Node<float>("slew", {}, kRate).input("in", step(1)).set("rate", 100).run(60);
    EXPECT_NEAR(node.output("out")[12], 0.3F, 1e-6F);
    EXPECT_EQ(arrival(node.output("out"), 1), 10);
}

TEST(SlewNode, SpeedsUpAndBrakesByItsAcceleration) {
    const auto node = Node<float>("slew", {}, kRate).input("in", step(9)).set("acceleration", 1e6).run(60);
    const auto& out = node.output("out");
    EXPECT_EQ(std::vector<float>(out.begin() + 9, out.begin() + 16), (std::vector<float>{0, 1, 3, 6, 8, 9, 9}));
}

TEST(SlewNode, TakesTheTimeThatItsAreaLetsIt) {
    for (const float size : {0.5F, 2.0F}) {
        const auto node = Node<float>("slew", {}, kRate).input("in", step(double(size))).set("area", 0.05).run(300);
        EXPECT_EQ(arrival(node.output("out"), size), std::lround(2 * 0.05 / double(size) * kRate));
    }
}

TEST(SlewNode, FollowsLimitsThatMove) {
    auto node = Node<float>("slew", {}, kRate).input("in", step(1));
    node.modulate("rate", [](std::int64_t frame, int, int) { return frame < 15 ? 100 : 10; }).run(100);
    EXPECT_NEAR(node.output("out")[14], 0.5F, 1e-6F);
    EXPECT_NEAR(node.output("out")[24], 0.6F, 1e-6F);
}

} // namespace
} // namespace amp::test

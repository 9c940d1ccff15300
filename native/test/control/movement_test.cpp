#include "control/movement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace amp::test {
namespace {

using control::Movement;
using control::MovementLimits;

constexpr double kRate = 1000; // frames a second

// All values of a move until it is where it stays; fails when that takes longer than anything here should.
std::vector<float> finished(Movement& movement) {
    std::vector<float> values;
    while (!movement.settled()) {
        values.push_back(movement.next());
        if (values.size() > 2'000'000) {
            ADD_FAILURE() << "never settles";
            break;
        }
    }
    // What has an acceleration is there for a frame before it stands.
    while (values.size() > 1 && values.end()[-1] == values.end()[-2]) {
        values.pop_back();
    }
    return values;
}

std::vector<float> way(Movement movement) { return finished(movement); }

std::vector<float> way(float from, float to, const MovementLimits& limits) {
    Movement movement(from);
    movement.start(to, limits, kRate);
    return way(movement);
}

// What lies between a way and the jump in its place.
double area_of(const std::vector<float>& values) {
    double area = 0;
    for (const float value : values) {
        area += std::fabs(double{value} - values.back()) / kRate;
    }
    return area;
}

TEST(Movement, WithoutLimitsIsThereAtOnce) {
    Movement movement(1);
    movement.start(5, {}, kRate);
    EXPECT_TRUE(movement.settled());
    EXPECT_EQ(movement.value(), 5);
}

TEST(Movement, WithARateGoesStraightAndBeginsAtItsFirstFrame) {
    EXPECT_EQ(way(1, 3.25F, {500, 0}), (std::vector<float>{1.5F, 2, 2.5F, 3, 3.25F}));
    EXPECT_EQ(way(3.25F, 1, {500, 0}), (std::vector<float>{2.75F, 2.25F, 1.75F, 1.25F, 1}));
}

TEST(Movement, WithAnAccelerationSpeedsUpAndBrakesAsMuch) {
    EXPECT_EQ(way(0, 9, {0, 1e6}), (std::vector<float>{1, 3, 6, 8, 9}));
}

TEST(Movement, WithBothCruisesAtItsRate) {
    EXPECT_EQ(way(0, 10, {2000, 1e6}), (std::vector<float>{1, 3, 5, 7, 9, 10}));
}

TEST(Movement, WithAnAreaGoesAsSlowlyAsItMaySoThatALargeMoveIsTheQuickOne) {
    const auto even = way(0, 1, {0, 0, 0.002});
    ASSERT_EQ(even.size(), 4U);
    for (std::size_t frame = 0; frame < even.size(); ++frame) {
        EXPECT_NEAR(even[frame], 0.25 * double(frame + 1), 2e-6);
    }
    for (const float size : {0.25F, 1.0F, -3.0F}) {
        const auto values = way(0, size, {0, 0, 0.3});
        EXPECT_EQ(values.size(), std::ceil(2 * 0.3 / std::fabs(size) * kRate)) << size;
        EXPECT_NEAR(area_of(values), 0.3, std::fabs(size) / kRate) << size;
    }
}

TEST(Movement, ThatIsWhereItsRateLetsItBeTooLateForItsAreaIsSlow) {
    Movement movement(0);
    movement.start(1, {5, 0, 0.05}, kRate); // 200 ms, but 100 ms are the most
    for (int frame = 0; frame < 100; ++frame) {
        movement.next();
        EXPECT_FALSE(movement.is_slow()) << frame;
    }
    movement.next();
    EXPECT_TRUE(movement.is_slow());
    movement.start(2, {20, 0, 0.05}, kRate);
    EXPECT_FALSE(movement.is_slow());
}

// The law: from rest, for any numbers, the area is kept, or the move is slow; and it is slow only where its rate and
// its acceleration alone would take longer than the area lets it.
TEST(Movement, KeepsItsAreaOrIsSlow) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> part(0, 1);
    int slow = 0, kept = 0;
    for (int draw = 0; draw < 3000; ++draw) {
        const auto size = static_cast<float>(std::pow(10, 3 * part(random) - 1.5));
        MovementLimits limits{0, 0, size * std::pow(10, -2.5 * part(random))};
        if (draw % 3 != 0) {
            limits.rate = size * std::pow(10, 3 * part(random) - 0.5);
        }
        if (draw % 3 != 1) {
            limits.acceleration = size * std::pow(10, 5 * part(random) - 0.5);
        }
        const double most = 2 * limits.area / size;
        Movement alone(0), movement(0);
        alone.start(size, {limits.rate, limits.acceleration, 0}, kRate);
        movement.start(size, limits, kRate);
        const auto quickest = finished(alone), values = finished(movement);
        EXPECT_EQ(values.back(), size);
        if (movement.is_slow()) {
            ++slow;
            EXPECT_GT(static_cast<double>(values.size() - 1) / kRate, most) << "draw " << draw;
            EXPECT_GT(static_cast<double>(quickest.size() + 1) / kRate, most) << "draw " << draw;
        } else {
            ++kept;
            EXPECT_LE(static_cast<double>(values.size() - 1) / kRate, most) << "draw " << draw;
            EXPECT_LE(area_of(values), limits.area * 1.00001) << "draw " << draw;
            EXPECT_GE(values.size() + 1, quickest.size()) << "draw " << draw;
        }
    }
    EXPECT_GT(slow, 500);
    EXPECT_GT(kept, 500);
}

TEST(Movement, ToWhereItIsSettlesAtOnce) {
    Movement movement(2);
    movement.start(2, {10, 10}, kRate);
    EXPECT_TRUE(movement.settled());
}

// The law: from rest, for any numbers, it keeps its limits, never passes its target and ends on it exactly.
TEST(Movement, KeepsItsLimitsNeverPassesItsTargetAndEndsOnIt) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> exponent(-3, 4), sign(-1, 1);
    for (int draw = 0; draw < 2000; ++draw) {
        const auto any = [&] { return std::copysign(std::pow(10, exponent(random)), sign(random)); };
        const auto from = static_cast<float>(any()), to = static_cast<float>(any());
        const double distance = std::fabs(double(to) - from);
        MovementLimits limits;
        if (draw % 3 != 0) {
            limits.rate = distance * kRate / std::pow(10, 0.75 * (exponent(random) + 3) - 1);
        }
        if (draw % 3 != 1) {
            limits.acceleration = distance * kRate * kRate / std::pow(10, 1.2 * (exponent(random) + 3) - 1);
        }
        if (draw % 5 == 0) {
            limits.area = distance * std::pow(10, 0.5 * exponent(random) - 3);
        }
        const auto values = way(from, to, limits);
        ASSERT_FALSE(values.empty());
        EXPECT_EQ(values.back(), to);
        // Values are told as floats.
        const double grain = 4e-7 * std::max(std::fabs(from), std::fabs(to));
        double before = from, speed = 0;
        for (const float value : values) {
            const double now = double(value) - before;
            ASSERT_GE(now * (to > from ? 1 : -1), 0) << "draw " << draw << " turns back";
            if (limits.rate > 0) {
                ASSERT_LE(std::fabs(now), limits.rate / kRate + grain) << "draw " << draw;
            }
            if (limits.acceleration > 0) {
                ASSERT_LE(std::fabs(now - speed), limits.acceleration / kRate / kRate * 1.00001 + 2 * grain)
                    << "draw " << draw;
            }
            before = value;
            speed = now;
        }
    }
}

TEST(Movement, TakesTheLeastFramesThatItsAccelerationLets) {
    // Speeding up and braking by a each frame, n frames go ((n + 1) / 2)^2 a, or n (n + 2) / 4 a if n is even.
    for (const int n : {1, 3, 5, 41, 1001}) {
        const double distance = 0.25 * (n + 1) * (n + 1);
        EXPECT_EQ(way(0, static_cast<float>(distance), {0, 1e6}).size(), static_cast<std::size_t>(n));
    }
}

TEST(Movement, BeginsANewMoveFromThePresentValueAndSpeed) {
    Movement movement(0);
    movement.start(100, {0, 1e6}, kRate);
    for (int i = 0; i < 5; ++i) {
        movement.next();
    }
    ASSERT_EQ(movement.value(), 15); // 1 + 2 + 3 + 4 + 5
    movement.start(-100, {0, 1e6}, kRate);
    EXPECT_EQ(movement.next(), 19);
    EXPECT_EQ(movement.next(), 22);
    EXPECT_EQ(way(movement).back(), -100);
}

TEST(Movement, ThatIsTooFastForANewTargetComesBackToItAndStaysShortOfTheOldOne) {
    std::mt19937 random(2);
    for (int draw = 0; draw < 500; ++draw) {
        Movement movement(0);
        movement.start(1, {0, 200}, kRate);
        const int frames = 1 + static_cast<int>(random() % 120);
        for (int f = 0; f < frames; ++f) {
            movement.next();
        }
        const auto target = static_cast<float>(random() % 1000) / 1000;
        movement.start(target, {0, 200}, kRate);
        const auto values = way(movement);
        for (const float value : values) {
            ASSERT_LE(value, 1) << "draw " << draw;
            ASSERT_GE(value, -1e-6F) << "draw " << draw;
        }
        EXPECT_EQ(values.empty() ? movement.value() : values.back(), target) << "draw " << draw;
    }
}

TEST(Movement, ThatIsToJumpForgetsItsSpeed) {
    Movement movement(0);
    movement.start(100, {0, 1e6}, kRate);
    movement.next();
    movement.jump(7);
    EXPECT_TRUE(movement.settled());
    EXPECT_EQ(movement.next(), 7);
    movement.start(8, {0, 1e5}, kRate);
    EXPECT_NEAR(movement.next(), 7.1F, 1e-6F);
}

} // namespace
} // namespace amp::test

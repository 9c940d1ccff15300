#include "base/approximation.h"
#include "base/units.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace amp::test {
namespace {

constexpr double kTurn = 6.283185307179586476925;

template <class I>
double largest_sine_error() {
    using S = std::conditional_t<sizeof(I) == 4, float, double>;
    constexpr I kTop = std::numeric_limits<I>::max();
    constexpr I kQuarter = I(1) << (sizeof(I) * 8 - 2);
    std::mt19937_64 random(7);
    double largest = 0;
    const auto compare = [&](I phase) {
        const double angle = std::ldexp(static_cast<double>(phase), -int(sizeof(I)) * 8) * kTurn;
        const S found = sine_of_phase(Lanes<I, 1>(phase)).value;
        largest = std::max(largest, std::fabs(static_cast<double>(found) - std::sin(angle)));
    };
    for (int i = 0; i < 400000; ++i) {
        compare(static_cast<I>(random()));
    }
    for (const I edge : {I(0), kQuarter, I(-kQuarter), kTop, I(-kTop), std::numeric_limits<I>::min()}) {
        for (I near = -3; near <= 3; ++near) {
            compare(I(edge + near));
        }
    }
    return largest;
}

TEST(SineOfPhase, IsWithin3e7OfTheSineInFloat) { EXPECT_LT(largest_sine_error<std::int32_t>(), 3e-7); }

TEST(SineOfPhase, IsWithin1e12OfTheSineInDouble) { EXPECT_LT(largest_sine_error<std::int64_t>(), 1e-12); }

TEST(SineOfPhase, IsExactAtQuarters) {
    EXPECT_EQ(sine_of_phase(Lanes<std::int32_t, 1>(0)).value, 0.0F);
    EXPECT_NEAR(sine_of_phase(Lanes<std::int32_t, 1>(1 << 30)).value, 1.0F, 6e-8F);
    EXPECT_NEAR(sine_of_phase(Lanes<std::int32_t, 1>(-(1 << 30))).value, -1.0F, 6e-8F);
    EXPECT_EQ(sine_of_phase(Lanes<std::int32_t, 1>(INT32_MIN)).value, 0.0F);
}

TEST(SineOfPhase, NeverLeavesOne) {
    std::mt19937 random(3);
    for (int i = 0; i < 400000; ++i) {
        const auto phase = static_cast<std::int32_t>(i < 200000 ? (1 << 30) - 100000 + i : random());
        ASSERT_LE(std::fabs(sine_of_phase(Lanes<std::int32_t, 1>(phase)).value), 1.0F + 1.2e-7F) << phase;
    }
}

template <class S>
double largest_power_error(double limit) {
    std::mt19937_64 random(9);
    std::uniform_real_distribution<double> anywhere(-limit, limit), near(-1.5, 1.5);
    double largest = 0;
    for (int i = 0; i < 400000; ++i) {
        const S x = static_cast<S>(i % 2 == 0 ? anywhere(random) : near(random));
        const double wanted = std::exp2(static_cast<double>(x));
        const double found = static_cast<double>(power_of_two(Lanes<S, 1>(x)).value);
        largest = std::max(largest, std::fabs(found / wanted - 1));
    }
    return largest;
}

TEST(PowerOfTwo, IsWithin3e7OfThePowerInFloat) { EXPECT_LT(largest_power_error<float>(126), 3e-7); }

TEST(PowerOfTwo, IsWithin1e12OfThePowerInDouble) { EXPECT_LT(largest_power_error<double>(1022), 1e-12); }

TEST(PowerOfTwo, IsExactAtWholeNumbers) {
    for (int x = -126; x <= 126; ++x) {
        ASSERT_EQ(power_of_two(Lanes<float, 1>(static_cast<float>(x))).value, std::ldexp(1.0F, x));
    }
    for (int x = -1022; x <= 1022; ++x) {
        ASSERT_EQ(power_of_two(static_cast<double>(x)), std::ldexp(1.0, x));
    }
}

TEST(PowerOfTwo, HoldsToTheEndsOfItsRange) {
    EXPECT_EQ(power_of_two(1e300), std::ldexp(1.0, 1022));
    EXPECT_EQ(power_of_two(-1e300), std::ldexp(1.0, -1022));
    EXPECT_EQ(power_of_two(Lanes<float, 1>(INFINITY)).value, std::ldexp(1.0F, 126));
    EXPECT_EQ(power_of_two(Lanes<float, 1>(-INFINITY)).value, std::ldexp(1.0F, -126));
    EXPECT_EQ(power_of_two(Lanes<float, 1>(NAN)).value, std::ldexp(1.0F, -126));
}

template <class S, int N>
void expect_lanes_alone(std::uint32_t seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> anywhere(-130, 130);
    S x[N], powers[N];
    Word<S> phases[N];
    S sines[N];
    for (int i = 0; i < N; ++i) {
        x[i] = static_cast<S>(anywhere(random));
        phases[i] = static_cast<Word<S>>(random());
    }
    power_of_two(Lanes<S, N>::load(x)).store(powers);
    sine_of_phase(Lanes<Word<S>, N>::load(phases)).store(sines);
    for (int i = 0; i < N; ++i) {
        ASSERT_EQ(powers[i], (power_of_two(Lanes<S, 1>(x[i])).value));
        ASSERT_EQ(sines[i], (sine_of_phase(Lanes<Word<S>, 1>(phases[i])).value));
    }
}

TEST(Approximations, GiveTheSameBitsInAnyNumberOfLanes) {
    for (std::uint32_t seed = 0; seed < 500; ++seed) {
        expect_lanes_alone<float, 2>(seed);
        expect_lanes_alone<float, 16>(seed);
        expect_lanes_alone<float, 64>(seed);
        expect_lanes_alone<double, 4>(seed);
        expect_lanes_alone<double, 32>(seed);
    }
}

TEST(HertzOfNote, IsEqualTemperament) {
    EXPECT_EQ(hertz_of_note(69), 440);
    EXPECT_EQ(hertz_of_note(81), 880);
    EXPECT_EQ(hertz_of_note(57), 220);
    EXPECT_NEAR(hertz_of_note(60), 261.6255653005986, 1e-10);
    EXPECT_NEAR(hertz_of_note(69.15), 440 * std::exp2(0.15 / 12), 1e-10);
}

TEST(RatioOfDecibels, IsTheFactorOfTheLevel) {
    EXPECT_EQ(ratio_of_decibels(0), 1);
    EXPECT_NEAR(ratio_of_decibels(-6), 0.5011872336272722, 1e-13);
    EXPECT_NEAR(ratio_of_decibels(20), 10, 1e-12);
    EXPECT_NEAR(ratio_of_decibels(-120), 1e-6, 1e-18);
}

} // namespace
} // namespace amp::test

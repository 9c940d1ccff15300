// The percentile that is told of times, against sorting them.
#include "engine/time_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace amp::engine {
namespace {

// Of sorted times: the least that at most a hundredth of them exceed.
std::uint32_t percentile_99(std::vector<std::uint32_t> times) {
    std::ranges::sort(times);
    return times[times.size() - 1 - times.size() / 100];
}

std::vector<std::uint32_t> random_times(std::mt19937& random, std::size_t count) {
    std::vector<std::uint32_t> times(count);
    const double octaves = std::uniform_real_distribution<>(0.1, 31.9)(random);
    for (std::uint32_t& time : times) {
        time = static_cast<std::uint32_t>(std::exp2(std::uniform_real_distribution<>(0, octaves)(random)));
    }
    return times;
}

TEST(TimeHistogram, TellsAPercentileNeverTooSmallAndAnEighthTooGreatAtMost) {
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        std::mt19937 random(seed);
        const auto times = random_times(random, 1 + random() % 2000);
        TimeHistogram histogram;
        for (const std::uint32_t time : times) {
            histogram.add(1, time, false);
        }
        const double exact = percentile_99(times);
        const std::uint32_t told =
            histogram.percentile_99(1, static_cast<std::int64_t>(times.size()), std::ranges::max(times));
        EXPECT_GE(told, exact) << "seed " << seed;
        EXPECT_LE(told, exact * 1.125) << "seed " << seed;
    }
}

TEST(TimeHistogram, IsExactWhereAllTimesAreEqual) {
    for (const std::uint32_t time : {0U, 7U, 8U, 1000U, 0xFFFFFFFFU}) {
        TimeHistogram histogram;
        histogram.add(1, time, true);
        histogram.add(1, time, false);
        EXPECT_EQ(histogram.percentile_99(1, 2, time), time);
    }
}

TEST(TimeHistogram, ForgetsAWindowWhenItsPlaceServesAnother) {
    TimeHistogram histogram;
    for (std::uint32_t i = 0; i < 200; ++i) {
        histogram.add(1, 1000, i == 0);
        histogram.add(2, 50, i == 0);
    }
    const std::uint32_t next = 1 + kWindowPlaces;
    for (std::uint32_t i = 0; i < 200; ++i) {
        histogram.add(next, i == 0 ? 1000 : 10, i == 0);
    }
    EXPECT_EQ(histogram.percentile_99(2, 200, 50), 50U);
    EXPECT_LE(histogram.percentile_99(next, 200, 1000), 11U);
}

} // namespace
} // namespace amp::engine

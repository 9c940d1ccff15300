// The one sum against a reference that is written as docs and design say it, word by word.
#include "base/floating_point.h"
#include "base/sum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

namespace amp::test {
namespace {

// Adds neighbours until one is left; the odd one of a level passes up.
float pairwise(std::vector<float> level) {
    while (level.size() > 1) {
        std::vector<float> next;
        for (std::size_t i = 0; i < level.size(); i += 2) {
            next.push_back(i + 1 < level.size() ? level[i] + level[i + 1] : level[i]);
        }
        level = next;
    }
    return level.front();
}

// Leaves in groups of 32; leaf i of a group adds into column i mod 16, columns start at +0; groups are added column by
// column in a pairwise tree, then the 16 columns in a pairwise tree.
float reference(const std::vector<float>& leaves) {
    std::vector<std::vector<float>> groups_of_column(16);
    for (std::size_t group = 0; group < leaves.size(); group += 32) {
        std::vector<float> columns(16, 0.0F);
        for (std::size_t i = 0; i < 32 && group + i < leaves.size(); ++i) {
            columns[i % 16] += leaves[group + i];
        }
        for (std::size_t c = 0; c < 16; ++c) {
            groups_of_column[c].push_back(columns[c]);
        }
    }
    std::vector<float> columns;
    for (const auto& groups : groups_of_column) {
        columns.push_back(pairwise(groups));
    }
    return pairwise(columns);
}

bool same_bits(float a, float b) { return std::memcmp(&a, &b, sizeof(a)) == 0; }

// Values of many sizes, so that any other order of additions gives other bits.
std::vector<float> random_values(std::size_t count, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> mantissa(-1, 1);
    std::uniform_int_distribution<int> exponent(-12, 12);
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back(std::ldexp(mantissa(random), exponent(random)));
    }
    return values;
}

constexpr std::size_t kMostLeaves = 700;

TEST(Sum, OfLeavesThatLieFlatIsTheReferenceForAnyCount) {
    constexpr std::size_t kPositions = 19; // one register and a rest
    const FloatingPointScope floating_point;
    for (std::size_t count = 1; count <= kMostLeaves; ++count) {
        const auto values = random_values(count * kPositions, static_cast<std::uint32_t>(count));
        const auto gains = random_values(count, static_cast<std::uint32_t>(count + 1000));
        std::vector<Leaf<float>> leaves;
        for (std::size_t i = 0; i < count; ++i) {
            leaves.push_back({&values[i * kPositions], 1, gains[i]});
        }
        float sums[kPositions];
        sum_flat(leaves, sums, kPositions);
        for (std::size_t at = 0; at < kPositions; ++at) {
            std::vector<float> addends;
            for (std::size_t i = 0; i < count; ++i) {
                addends.push_back(values[i * kPositions + at] * gains[i]);
            }
            ASSERT_TRUE(same_bits(sums[at], reference(addends))) << count << " leaves, position " << at;
        }
    }
}

TEST(Sum, OfLeavesWithStridesIsTheReferenceForAnyCount) {
    constexpr std::size_t kFrames = 3;
    const FloatingPointScope floating_point;
    for (std::size_t count = 1; count <= kMostLeaves; ++count) {
        const auto values = random_values(count * kFrames * 5, static_cast<std::uint32_t>(count));
        const auto gains = random_values(count, static_cast<std::uint32_t>(count + 2000));
        std::vector<Leaf<float>> leaves;
        for (std::size_t i = 0; i < count; ++i) {
            leaves.push_back({&values[i * kFrames * 5], static_cast<std::ptrdiff_t>(i % 6), gains[i]});
        }
        float sums[kFrames * 2];
        sum_strided(leaves, sums, 2, kFrames);
        for (std::size_t f = 0; f < kFrames; ++f) {
            std::vector<float> addends;
            for (std::size_t i = 0; i < count; ++i) {
                addends.push_back(leaves[i].data[static_cast<std::ptrdiff_t>(f) * leaves[i].frame_stride] * gains[i]);
            }
            ASSERT_TRUE(same_bits(sums[f * 2], reference(addends))) << count << " leaves, frame " << f;
        }
    }
}

TEST(Sum, OfLanesSideBySideIsTheReferenceForAnyCount) {
    const FloatingPointScope floating_point;
    for (std::size_t count = 1; count <= kMostLeaves; ++count) {
        const std::size_t frames = count % 67 + 1; // below and above one chunk of frames
        const std::size_t stride = count < 16 ? count : (count + 15) / 16 * 16;
        auto values = random_values(frames * stride, static_cast<std::uint32_t>(count));
        for (std::size_t f = 0; f < frames; ++f) {
            for (std::size_t i = count; i < stride; ++i) {
                values[f * stride + i] = NAN; // padding holds anything
            }
        }
        std::vector<float> sums(frames * 3);
        sum_side_by_side({values.data(), static_cast<std::ptrdiff_t>(stride), 0.3F}, static_cast<int>(count),
                         sums.data(), 3, static_cast<int>(frames));
        for (std::size_t f = 0; f < frames; ++f) {
            std::vector<float> addends;
            for (std::size_t i = 0; i < count; ++i) {
                addends.push_back(values[f * stride + i] * 0.3F);
            }
            ASSERT_TRUE(same_bits(sums[f * 3], reference(addends))) << count << " lanes, frame " << f;
        }
    }
}

TEST(Sum, OfFramesIsTheSameHoweverTheyAreCut) {
    constexpr int kLanes = 48, kFrames = 200;
    const auto values = random_values(kLanes * kFrames, 5);
    const auto sum = [&](int cut) {
        std::vector<float> sums(kFrames);
        for (int at = 0; at < kFrames; at += cut) {
            sum_side_by_side({values.data() + at * kLanes, kLanes, 1}, 40, sums.data() + at, 1,
                             std::min(cut, kFrames - at));
        }
        return sums;
    };
    const auto whole = sum(kFrames);
    for (const int cut : {1, 7, 63, 64, 65, 128}) {
        EXPECT_EQ(sum(cut), whole) << "cut at each " << cut;
    }
}

TEST(Sum, IsNotChangedByLeavesOfZeroBehindIt) {
    for (std::size_t count = 1; count <= 130; ++count) {
        std::vector<float> values = random_values(count, static_cast<std::uint32_t>(count));
        const float alone = reference(values);
        values.resize(kMostLeaves, 0.0F);
        for (std::size_t more = count; more <= kMostLeaves; more += 13) {
            std::vector<Leaf<float>> leaves;
            for (std::size_t i = 0; i < more; ++i) {
                leaves.push_back({&values[i], 0, 1});
            }
            float sum = 0;
            sum_strided(leaves, &sum, 1, 1);
            ASSERT_TRUE(same_bits(sum, alone)) << count << " leaves and " << more - count << " of zero";
        }
    }
}

TEST(Sum, IsPlusZeroForNothingButZeros) {
    const std::vector<float> zeros(64, -0.0F);
    for (const int count : {1, 2, 15, 16, 17, 31, 32, 33, 64}) {
        std::vector<Leaf<float>> leaves(static_cast<std::size_t>(count), Leaf<float>{zeros.data(), 0, 1});
        float flat = NAN, strided = NAN, side_by_side = NAN;
        sum_flat(leaves, &flat, 1);
        sum_strided(leaves, &strided, 1, 1);
        sum_side_by_side({zeros.data(), 64, 1}, count, &side_by_side, 1, 1);
        for (const float sum : {flat, strided, side_by_side}) {
            EXPECT_TRUE(same_bits(sum, 0.0F)) << count << " leaves of -0";
        }
    }
}

} // namespace
} // namespace amp::test

#include "base/saturated.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace amp {
namespace {

TEST(Saturated, HoldsAnyNumber) {
    constexpr std::int64_t kMost = std::int64_t{1} << 62;
    EXPECT_EQ(saturated(-3.9), -3);
    EXPECT_EQ(saturated(0x1p61), kMost / 2);
    EXPECT_EQ(saturated(1e300), kMost);
    EXPECT_EQ(saturated(-std::numeric_limits<double>::infinity()), -kMost);
    EXPECT_EQ(saturated(NAN), -kMost);
}

} // namespace
} // namespace amp

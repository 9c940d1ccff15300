#include "io/device_player.h"

#include <gtest/gtest.h>

#include <vector>

namespace amp::test {
namespace {

std::vector<float> fit(const std::vector<float>& in, int in_channels, int out_channels) {
    const std::size_t frames = in.size() / static_cast<std::size_t>(in_channels);
    std::vector<float> out(frames * static_cast<std::size_t>(out_channels), -9.0F);
    io::fit_channels(in.data(), in_channels, out.data(), out_channels, static_cast<std::int64_t>(frames));
    return out;
}

using Samples = std::vector<float>;

TEST(Channels, StayAsTheyAreWhereTheirNumberFits) { EXPECT_EQ(fit({1, 2, 3, 4}, 2, 2), Samples({1, 2, 3, 4})); }

TEST(Channels, MeetInTheMeanOnAMonoDevice) { EXPECT_EQ(fit({1, 2, 3, 5}, 2, 1), Samples({1.5F, 4})); }

TEST(Channels, OfAMonoStreamAreHeardOnBothSides) { EXPECT_EQ(fit({1, 2}, 1, 2), Samples({1, 1, 2, 2})); }

TEST(Channels, WithoutAPartnerAreSilent) { EXPECT_EQ(fit({1, 2}, 2, 4), Samples({1, 2, 0, 0})); }

TEST(Channels, BeyondTheDeviceAreNotHeard) { EXPECT_EQ(fit({1, 2, 3, 4, 5, 6}, 3, 2), Samples({1, 2, 4, 5})); }

} // namespace
} // namespace amp::test

// How frames are taken: in any pieces, with any time-outs, beside other streams.
#include "engine/host_plans.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

namespace amp::test {
namespace {

TEST(Take, GivesTheSameStreamInPiecesOfAnySize) {
    const auto wanted = Stream(tone_plan()).take(9000);
    for (const int block : {1, 64, 1000}) {
        std::mt19937 random(static_cast<std::uint32_t>(block));
        const Stream stream(tone_plan(), settings_for(block, 2, 3, 500));
        std::vector<float> found;
        while (found.size() < wanted.size()) {
            const int left = static_cast<int>(wanted.size() - found.size()) / 2;
            const auto piece = stream.take(std::min(left, static_cast<int>(random() % 400)));
            found.insert(found.end(), piece.begin(), piece.end());
        }
        EXPECT_EQ(found, wanted) << block;
    }
}

TEST(Take, GivesMoreAtOnceThanTheOutputHolds) {
    const auto wanted = Stream(tone_plan()).take(30000);
    EXPECT_EQ(Stream(tone_plan(), settings_for(64, 1, 1, 0)).take(30000), wanted);
    EXPECT_EQ(Stream(tone_plan(), settings_for(100, 3, 8, 128)).take(30000), wanted);
}

TEST(Take, GivesNothingWhenNothingIsAskedFor) {
    const Stream stream(tone_plan());
    float sample = 7;
    std::int32_t taken = 7;
    EXPECT_EQ(amp_streamer_take(stream.get(), &sample, 0, 0, &taken), AMP_OK);
    EXPECT_EQ(taken, 0);
    EXPECT_EQ(sample, 7);
}

TEST(Take, RefusesWhatCannotBe) {
    const Stream stream(tone_plan());
    float sample = 0;
    EXPECT_EQ(amp_streamer_take(stream.get(), &sample, -1, 0, nullptr), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_streamer_take(stream.get(), nullptr, 1, 0, nullptr), AMP_E_ARGUMENT);
}

TEST(Take, LosesNothingWhenTheTimeRunsOut) {
    const auto wanted = Stream(heavy_plan()).take(20000);
    const Stream stream(heavy_plan());
    std::vector<float> found;
    int timeouts = 0;
    while (found.size() < wanted.size()) {
        std::vector<float> piece(2 * 500);
        std::int32_t taken = -1;
        const amp_status status = amp_streamer_take(stream.get(), piece.data(), 500, 1000, &taken);
        ASSERT_TRUE(status == AMP_OK || status == AMP_E_TIMEOUT);
        ASSERT_EQ(status == AMP_OK, taken == 500);
        timeouts += status == AMP_E_TIMEOUT ? 1 : 0;
        found.insert(found.end(), piece.begin(), piece.begin() + 2 * taken);
    }
    EXPECT_GT(timeouts, 0);
    EXPECT_EQ(std::vector<float>(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(wanted.size())), wanted);
}

TEST(Take, WaitsAsLongAsItIsToldHoweverLong) {
    const Stream stream(heavy_plan());
    std::vector<float> samples(2 * 1000);
    EXPECT_EQ(amp_streamer_take(stream.get(), samples.data(), 1000, INT64_MAX, nullptr), AMP_OK);
    EXPECT_EQ(amp_streamer_take(stream.get(), samples.data(), 1000, INT64_MAX - 1000, nullptr), AMP_OK);
    EXPECT_EQ(amp_streamer_take(stream.get(), samples.data(), 1000, -1, nullptr), AMP_OK);
    EXPECT_EQ(amp_streamer_take(stream.get(), samples.data(), 1000, INT64_MIN, nullptr), AMP_OK);
}

TEST(Take, MakesNoBlockThatNobodyAskedFor) {
    const Stream stream(tone_plan());
    stream.take(100); // blocks of 64: frames up to 127 are sealed, 128 is not
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stream.post(note_on(128, 60));
    stream.post(note_on(127, 60));
    stream.take(100);
    EXPECT_EQ(amp_streamer_event_counts(stream.get()).late, 1U);
}

TEST(Streams, PlayBesideEachOtherEachAsIfAlone) {
    const auto wanted = Stream(tone_plan()).take(4000);
    std::vector<std::thread> threads;
    std::vector<std::vector<float>> found(5);
    for (std::size_t i = 0; i < found.size(); ++i) {
        threads.emplace_back([&, i] { found[i] = Stream(tone_plan(), settings_for(16 << i, 2)).take(4000); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const auto& one : found) {
        EXPECT_EQ(one, wanted);
    }
}

} // namespace
} // namespace amp::test

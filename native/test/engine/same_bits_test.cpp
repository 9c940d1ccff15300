// Same notes, same bits: for any plan, any block, any number of workers and of blocks in flight.
#include "plan/check.h"
#include "support/random_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>

namespace amp::test {
namespace {

constexpr int kFrames = 4500;

// AMP_FUZZ_PLANS asks for more plans.
std::uint32_t plans() {
    const char* const asked = std::getenv("AMP_FUZZ_PLANS");
    return asked == nullptr ? 24 : static_cast<std::uint32_t>(std::atoi(asked));
}

std::vector<float> played(const std::vector<std::byte>& plan, const std::vector<amp_event>& events,
                          const amp_streamer_settings& settings) {
    const Stream stream(plan, settings);
    stream.post(events);
    auto samples = stream.take(kFrames);
    const amp_event_counts counts = amp_streamer_event_counts(stream.get());
    EXPECT_EQ(counts.late + counts.lost, 0U);
    return samples;
}

std::string first_difference(const std::vector<float>& a, const std::vector<float>& b) {
    const auto differs = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    return differs == a.size() ? ""
                               : "frame " + std::to_string(differs / 2) + ": " + std::to_string(a[differs]) + " and " +
                                     std::to_string(b[differs]);
}

TEST(SameBits, ComeFromAnyBlockAnyWorkersAndAnyBlocksInFlight) {
    double loudest = 0;
    for (std::uint32_t seed = 0; seed < plans(); ++seed) {
        RandomPlan random(seed);
        const auto wrong = plan::check(random.description());
        ASSERT_EQ(wrong, std::nullopt) << "seed " << seed << ": " << wrong.value_or("");
        const auto bytes = random.bytes();
        const auto events = random.events(30 + static_cast<int>(seed % 5) * 40, kFrames - 200);
        const auto wanted = played(bytes, events, settings_for(64, 1, 1, 1024));
        for (const float sample : wanted) {
            ASSERT_TRUE(std::isfinite(sample)) << "seed " << seed;
            loudest = std::max(loudest, std::fabs(double(sample)));
        }
        constexpr int kBlocks[] = {1, 16, 64, 100, 257, 1024}, kWorkers[] = {1, 2, 3, 8};
        for (std::size_t b = 0; b < std::size(kBlocks); ++b) {
            // All blocks for each plan, all pairs of blocks and workers over four plans.
            const int workers = kWorkers[(b + seed) % std::size(kWorkers)];
            const auto settings = settings_for(kBlocks[b], workers, 1 + static_cast<int>((b + seed) % 7), 512);
            const auto found = played(bytes, events, settings);
            ASSERT_EQ(first_difference(found, wanted), "")
                << "seed " << seed << ", blocks of " << settings.block << ", " << workers << " workers, "
                << settings.in_flight << " in flight";
        }
    }
    EXPECT_GT(loudest, 0.05) << "hardly anything was heard";
}

TEST(SameBits, ComeFromEventsThatArriveJustInTime) {
    for (std::uint32_t seed = 1000; seed < 1000 + plans() / 4; ++seed) {
        RandomPlan random(seed);
        const auto bytes = random.bytes();
        auto events = random.events(120, kFrames - 200);
        const auto wanted = played(bytes, events, settings_for(64, 1, 1, 1024));
        std::ranges::stable_sort(events, {}, &amp_event::frame);
        const Stream stream(bytes, settings_for(100, 2, 3, 256));
        std::vector<float> found;
        std::size_t posted = 0;
        for (int at = 0; at < kFrames; at += 50) {
            for (; posted < events.size() && events[posted].frame < at + 150; ++posted) {
                stream.post(events[posted]);
            }
            const auto piece = stream.take(std::min(50, kFrames - at));
            found.insert(found.end(), piece.begin(), piece.end());
        }
        EXPECT_EQ(amp_streamer_event_counts(stream.get()).late, 0U);
        ASSERT_EQ(first_difference(found, wanted), "") << "seed " << seed;
    }
}

// A performance as it happens: events are posted a little before their frames, or too late. What was applied gives the
// same bits when it is posted again, in blocks of any size.
TEST(SameBits, ComeFromTheAppliedEventsOfAPerformance) {
    for (std::uint32_t seed = 2000; seed < 2000 + plans() / 4; ++seed) {
        RandomPlan random(seed);
        const auto bytes = random.bytes();
        auto events = random.events(400, kFrames - 200);
        std::ranges::stable_sort(events, {}, &amp_event::frame);
        amp_streamer_settings settings = settings_for(64, 2, 1, 64);
        settings.journal = 1;
        const Stream live(bytes, settings);
        std::mt19937 hands(seed);
        std::vector<float> wanted;
        std::vector<amp_applied_event> applied;
        std::size_t posted = 0;
        for (int at = 0; at < kFrames; at += 50) {
            for (; posted < events.size() && events[posted].frame < at + static_cast<int>(hands() % 200); ++posted) {
                live.post(events[posted]);
            }
            const auto piece = live.take(std::min(50, kFrames - at));
            wanted.insert(wanted.end(), piece.begin(), piece.end());
            const auto more = applied_events(live);
            applied.insert(applied.end(), more.begin(), more.end());
        }
        EXPECT_GT(amp_streamer_event_counts(live.get()).late, 0U);
        std::vector<amp_event> again;
        for (const amp_applied_event& one : applied) {
            again.push_back(one.event);
        }
        EXPECT_EQ(again.size(), posted);
        for (const int block : {1, 100, 1024}) {
            const auto found = played(bytes, again, settings_for(block, 1 + static_cast<int>(seed % 4), 3, 512));
            ASSERT_EQ(first_difference(found, wanted), "") << "seed " << seed << ", again in blocks of " << block;
        }
    }
}

} // namespace
} // namespace amp::test

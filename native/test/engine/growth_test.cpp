// Wheels behind gates that hold: they become longer while the stream goes on, and nothing is lost by it.
#include "support/hand_over.h"
#include "support/live_stream.h"
#include "support/plan_builder.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace amp::test {
namespace {

using Signal = std::vector<float>;

constexpr int kClose = 0, kOpen = 1;
constexpr int kDeclick = 96; // frames at 48 kHz

// Producers of noise, no frame of which is like another, whose edges to the output are the members of one gate.
PlanBuilder noises(int producers, GateSettings settings = {.while_closed = plan::WhileClosed::hold},
                   std::uint64_t delay = 0) {
    PlanBuilder builder;
    std::vector<std::uint32_t> members;
    for (int i = 0; i < producers; ++i) {
        builder.node("noise" + std::to_string(i), "noise");
        members.push_back(static_cast<std::uint32_t>(i));
    }
    builder.node("out", "output");
    for (int i = 0; i < producers; ++i) {
        builder.edge("noise" + std::to_string(i), "out", {.delay = delay, .gain = {0.02, plan::ValueUnit::plain}});
    }
    return builder.gate("drop", members, settings);
}

std::vector<amp_growth> growths_of(const Stream& stream) {
    std::vector<amp_growth> found(300);
    found.resize(amp_streamer_growths(stream.get(), found.data(), found.size()));
    return found;
}

// The next frames of the first channel.
Signal heard(const Stream& stream, int frames) {
    const Signal all = stream.take(frames);
    const auto channels = static_cast<std::size_t>(stream.channels());
    Signal first(static_cast<std::size_t>(frames));
    for (std::size_t f = 0; f < first.size(); ++f) {
        first[f] = all[f * channels];
    }
    return first;
}

// The first place at which `held` is not what `whole` was `lag` frames before, or `end`.
int first_lost(const Signal& held, const Signal& whole, int lag, int begin, int end) {
    for (int f = begin; f < end; ++f) {
        if (held[static_cast<std::size_t>(f)] != whole[static_cast<std::size_t>(f - lag)]) {
            return f;
        }
    }
    return end;
}

class Growing : public testing::TestWithParam<std::tuple<int, int>> {
protected:
    int block() const { return std::get<0>(GetParam()); }
    int workers() const { return std::get<1>(GetParam()); }
};

// Eight wheels fill from nothing to a minute; then they are read to their ends.
TEST_P(Growing, LosesAndTurnsNoFrameOfWhatEightProducersWriteInAMinute) {
    constexpr int kMinute = 60 * 48000, kShut = 1000;
    const int opens = kShut + kMinute, frames = opens + kMinute;
    const PlanBuilder builder = noises(8);
    const Stream stream(builder.bytes(), settings_for(block(), workers()));
    stream.post({set_gate(kShut, 0, kClose), set_gate(opens, 0, kOpen)});
    const Signal held = heard(stream, frames);
    const Signal whole = heard(Stream(builder.bytes(), settings_for(block(), workers())), kMinute + kShut + kDeclick);
    const int lag = opens - (kShut + kDeclick - 1), latency = stream.latency();
    EXPECT_EQ(first_lost(held, whole, lag, latency + opens + 2 * kDeclick, frames), frames);
    const amp_arena_stats stats = amp_streamer_arena_stats(stream.get());
    EXPECT_EQ(stats.failed_growths, 0U);
    EXPECT_GE(stats.growths, 8U * 5);
}

INSTANTIATE_TEST_SUITE_P(OverBlocksAndWorkers, Growing,
                         testing::Combine(testing::Values(64, 4096), testing::Values(1, 3)));

TEST(Growth, GivesTheSameBitsForAnyBlockAndWorkers) {
    const std::vector<amp_event> events{set_gate(700, 0, kClose),   set_gate(9000, 0, kOpen),
                                        set_gate(9050, 0, kClose),  set_gate(20000, 0, kOpen),
                                        set_gate(20500, 0, kClose), set_gate(21000, 0, kOpen)};
    const auto plan = noises(3, {.while_closed = plan::WhileClosed::hold}, 37).bytes();
    const Signal wanted = rendered(plan, 40000, events, 64, 1);
    ASSERT_NE(*std::max_element(wanted.begin() + 30000, wanted.end()), 0);
    for (const int block : {16, 100, 257, 1024}) {
        for (const int workers : {1, 2, 3}) {
            ASSERT_EQ(rendered(plan, 40000, events, block, workers), wanted) << block << " frames, " << workers;
        }
    }
}

TEST(Growth, TellsOfEachHowLongTheWheelBecame) {
    const Stream stream(noises(1).bytes(), settings_for(64, 1));
    stream.post(set_gate(0, 0, kClose));
    stream.take(100000);
    const std::vector<amp_growth> growths = growths_of(stream);
    const amp_arena_stats stats = amp_streamer_arena_stats(stream.get());
    ASSERT_EQ(growths.size(), stats.growths);
    std::uint64_t moved = 0;
    for (std::size_t i = 0; i < growths.size(); ++i) {
        const amp_growth& growth = growths[i];
        moved += growth.moved_ahead + growth.moved_between;
        EXPECT_GT(growth.bytes_after, growth.bytes_before + (growth.bytes_before - 64) / 2);
        EXPECT_GT(growth.duration_ns, 0);
        EXPECT_EQ(growth.plan, 1U);
        if (i > 0) {
            EXPECT_EQ(growth.bytes_before, growths[i - 1].bytes_after);
            EXPECT_GT(growth.frame, growths[i - 1].frame);
        }
    }
    EXPECT_EQ(moved, stats.moved_bytes);
    EXPECT_GT(growths.back().bytes_after, 4U * 100000);
    EXPECT_TRUE(growths_of(stream).empty()) << "what was read";
}

TEST(Growth, TakesMemoryOnlyForWhatIsHeld) {
    const Stream stream(noises(4).bytes(), settings_for(64, 1));
    const amp_arena_stats before = amp_streamer_arena_stats(stream.get());
    EXPECT_GT(before.reserved, std::uint64_t{4} * 60 * 48000 * 4);
    EXPECT_LT(before.used, 1U << 20);
    stream.post(set_gate(0, 0, kClose));
    stream.take(200000);
    const amp_arena_stats after = amp_streamer_arena_stats(stream.get());
    EXPECT_GE(after.used - before.used, 4U * (200000 - 96) * 4);
    EXPECT_LE(after.used - before.used, 4U * 200000 * 4 * 5);
    EXPECT_GE(after.committed, after.used);
    EXPECT_LE(after.largest_hole, after.committed - after.used);
}

TEST(Growth, EndsWhereTheTapBearsNoMore) {
    PlanBuilder builder = noises(1);
    builder.max_frames("out", 5000);
    const Stream stream(builder.bytes(), settings_for(64, 1));
    stream.post({set_gate(500, 0, kClose), set_gate(60000, 0, kOpen)});
    const Signal held = heard(stream, 70000);
    const Signal whole = heard(Stream(builder.bytes()), 70000);
    EXPECT_EQ(first_lost(held, whole, 5000, stream.latency() + 60000 + kDeclick, 70000), 70000);
    EXPECT_LE(growths_of(stream).back().bytes_after, 4U * 4 * 5000);
}

TEST(Growth, IsCountedAtTheEdgeThatIsHeld) {
    const LiveStream stream(noises(1).bytes());
    const LiveSnapshot first = stream.snapshot();
    stream.post(set_gate(0, 0, kClose));
    const LiveSnapshot later =
        stream.snapshot_once([](const LiveSnapshot& snapshot) { return snapshot.edges[0].growths > 0; });
    EXPECT_EQ(first.edges[0].growths, 0U);
    EXPECT_GT(later.edges[0].capacity, first.edges[0].capacity);
}

TEST(Growth, GoesOnUnderAPlanThatTakesOver) {
    const auto plan = noises(2).bytes();
    const std::vector<amp_event> events{set_gate(500, 0, kClose), set_gate(50000, 0, kOpen)};
    const Signal alone = performed(plan, {}, events, 110000, settings_for(64, 2));
    for (const int in_flight : {1, 4}) {
        const Signal changed =
            performed(plan, {{plan, 20000}, {plan, 40010}}, events, 110000, settings_for(64, 2, in_flight, 1024));
        ASSERT_EQ(changed, alone) << in_flight;
    }
}

// While it lives, the system gives this process no more memory than it has.
class NoMoreMemory {
public:
    NoMoreMemory() {
        getrlimit(RLIMIT_DATA, &before_);
        std::uint64_t pages = 0, field = 0;
        std::ifstream statistics("/proc/self/statm");
        for (int i = 0; i < 6; ++i) {
            statistics >> field;
            pages = field; // the sixth: data and stacks
        }
        rlimit now = before_;
        now.rlim_cur = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) + (1U << 20);
        setrlimit(RLIMIT_DATA, &now);
    }
    ~NoMoreMemory() { setrlimit(RLIMIT_DATA, &before_); }
    NoMoreMemory(const NoMoreMemory&) = delete;
    NoMoreMemory& operator=(const NoMoreMemory&) = delete;

private:
    rlimit before_{};
};

TEST(Growth, ThatFindsNoMemoryDropsTheOldestFramesAndGoesOn) {
#if defined(AMP_SANITIZED)
    GTEST_SKIP() << "a sanitizer takes memory of its own while the test goes, and would end at the limit";
#endif
    const auto plan = noises(1).bytes();
    const Stream stream(plan, settings_for(64, 1));
    stream.post({set_gate(500, 0, kClose), set_gate(1100000, 0, kOpen)});
    heard(stream, 1000);
    {
        const NoMoreMemory limit;
        for (int i = 0; i < 1000; ++i) {
            stream.take(1000);
        }
    }
    const Signal held = heard(stream, 600000);
    const Signal whole = heard(Stream(plan), 1601000);
    EXPECT_EQ(amp_streamer_arena_stats(stream.get()).failed_growths, 1U);
    const auto bytes = static_cast<std::int64_t>(growths_of(stream).back().bytes_after);
    const auto most = static_cast<int>(bytes / 4);
    const int latency = stream.latency(), from = 1100000 + latency + kDeclick;
    int lag = most;
    while (lag > 0 && held[static_cast<std::size_t>(from - 1001000)] != whole[static_cast<std::size_t>(from - lag)]) {
        --lag;
    }
    EXPECT_GT(lag, most / 2) << "what there was room for is kept";
    EXPECT_EQ(first_lost(Signal(held.begin() + (from - 1001000), held.end()), whole, lag - from, 0, 490000), 490000);
}

// What blocks a producer of noise from the frame on at which its reader, whose gate closes at kShut, is kMost behind.
constexpr int kShut = 500, kUnread = kShut + kDeclick - 1;
PlanBuilder blocked_noise(std::uint64_t most) { return std::move(noises(1).max_frames("out", most).blocks("out")); }

// How many frames of those that were made until `made` were kept, if `held`, whose gate opens at its frame 0, has these
// and then all that followed, as `whole` tells them; -1 if it has not.
int kept_frames(const Signal& held, const Signal& whole, int made, int latency) {
    constexpr int kBegin = 2 * kDeclick; // the gate has faded in
    const int end = static_cast<int>(held.size()) - latency;
    for (int kept = 0; kept <= made; ++kept) {
        const auto differs = [&](int f) {
            return held[static_cast<std::size_t>(latency + f)] !=
                   whole[static_cast<std::size_t>(latency + made - kept + f)];
        };
        int f = kBegin;
        while (f < end && !differs(f)) {
            ++f;
        }
        if (f == end) {
            return kept;
        }
    }
    return -1;
}

TEST(Growth, ThatFindsNoMemoryLetsWhatBlocksStandEarlierAndLosesNothing) {
#if defined(AMP_SANITIZED)
    GTEST_SKIP() << "a sanitizer takes memory of its own while the test goes, and would end at the limit";
#endif
    constexpr int kMost = 2000000, kOpens = 1100000, kAfter = 300000;
    const auto plan = blocked_noise(kMost).bytes();
    const Stream stream(plan, settings_for(64, 1));
    stream.post({set_gate(kShut, 0, kClose), set_gate(kOpens, 0, kOpen)});
    heard(stream, 1000);
    {
        const NoMoreMemory limit;
        for (int i = 0; i < 1000; ++i) {
            stream.take(1000);
        }
    }
    heard(stream, kOpens - 1001000);
    const Signal held = heard(stream, kAfter);
    EXPECT_EQ(amp_streamer_arena_stats(stream.get()).failed_growths, 1U);
    const Signal whole = heard(Stream(plan), kUnread + kAfter);
    const int lag = stream.latency() + 2 * kDeclick;
    EXPECT_EQ(first_lost(held, whole, -kUnread, lag, kAfter), kAfter);
}

TEST(Growth, ThatFindsNoMemoryInTimeDropsTheOldestOfWhatStandsAndGoesOn) {
#if defined(AMP_SANITIZED)
    GTEST_SKIP() << "a sanitizer takes memory of its own while the test goes, and would end at the limit";
#endif
    // So wide, and its blocks so long, that it is full before it is known that there is no memory.
    constexpr int kBlock = 4096, kMost = 2 * kBlock + 8, kOpens = 20000, kAfter = 20000;
    PlanBuilder builder;
    builder.node("noise", "noise", {.shape = {1024, 1}}).node("sum", "mix").node("out", "output");
    builder.edge("noise", "sum", {.gain = {0.0001}}).edge("sum", "out");
    builder.gate("drop", {0}, {.while_closed = plan::WhileClosed::hold}).max_frames("sum", kMost).blocks("sum");
    const auto plan = builder.bytes();
    const Stream stream(plan, settings_for(kBlock, 1));
    stream.post({set_gate(0, 0, kClose), set_gate(kOpens, 0, kOpen)});
    {
        const NoMoreMemory limit;
        stream.take(kOpens);
    }
    const Signal held = heard(stream, kAfter);
    EXPECT_EQ(amp_streamer_arena_stats(stream.get()).failed_growths, 1U);
    const Signal whole = heard(Stream(plan), 2 * kBlock + kAfter);
    EXPECT_EQ(kept_frames(held, whole, 2 * kBlock, stream.latency()), kBlock)
        << "what there is room for beside a block";
}

TEST(Growth, ThatFindsNoMemoryAtAHandOverWhileSomethingStandsKeepsTheNewest) {
#if defined(AMP_SANITIZED)
    GTEST_SKIP() << "a sanitizer takes memory of its own while the test goes, and would end at the limit";
#endif
    constexpr int kMost = 600000, kHandsOver = 700000, kOpens = 720000, kAfter = 100000;
    const auto plan = blocked_noise(kMost).bytes();
    const Stream stream(plan, settings_for(64, 1));
    stream.post(set_gate(kShut, 0, kClose));
    // Its wheel is as short as that of the plan that plays.
    const std::uint32_t next = prepare(stream, blocked_noise(kMost).node("more", "constant").bytes());
    heard(stream, kHandsOver - 1000);
    {
        const NoMoreMemory limit;
        ASSERT_EQ(amp_streamer_hand_over(stream.get(), next, kHandsOver), AMP_OK);
        stream.take(2000);
    }
    EXPECT_EQ(amp_streamer_arena_stats(stream.get()).failed_growths, 1U);
    stream.post(set_gate(kOpens, 0, kOpen));
    heard(stream, kOpens - kHandsOver - 1000);
    const Signal held = heard(stream, kAfter);
    const int made = kUnread + kMost; // when it stands
    const Signal whole = heard(Stream(plan), made + kAfter);
    const int kept = kept_frames(held, whole, made, stream.latency());
    EXPECT_GT(kept, 0);
    EXPECT_LT(kept, 4096);
}

} // namespace
} // namespace amp::test

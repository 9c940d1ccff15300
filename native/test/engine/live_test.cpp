// Streams that the clock device paces: what they make, and what they tell of themselves.
#include "engine/host_plans.h"
#include "io/output_header.h"
#include "support/live_stream.h"
#include "support/random_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace amp::test {
namespace {

std::vector<std::byte> echo_plan(std::uint64_t delay) {
    PlanBuilder builder;
    builder.node("tone", "noise").node("level", "gain").node("out", "output");
    builder.edge("tone", "level", {.delay = delay}).edge("level", "out", {.gain = {0.25}});
    return builder.bytes();
}

// One node that no machine computes in time, between others that each does.
std::vector<std::byte> hopeless_plan() {
    PlanBuilder builder(192000);
    builder.node("light", "sine").node("heavy", "svf", {.shape = {4096, 1}}).node("level", "gain");
    builder.node("sum", "mix").node("out", "output").edge("light", "heavy").edge("light", "level");
    builder.edge("heavy", "sum").edge("level", "out").edge("sum", "out", {.gain = {0.001}});
    return builder.bytes();
}

std::int64_t now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * kSecond + time.tv_nsec;
}

TEST(Live, MakesNothingBeforeTheClockRuns) {
    const Stream stream(tone_plan(), live_settings(64, 1));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(amp_streamer_live_status(stream.get(), 0).made, 0);
}

TEST(Live, GivesNothingToTake) {
    const LiveStream stream(tone_plan());
    float sample = 0;
    EXPECT_EQ(amp_streamer_take(stream.get(), &sample, 1, 0, nullptr), AMP_E_UNSUPPORTED);
}

TEST(Live, RefusesMoreThanEightBlocksInFlight) {
    const PlanHandle plan(tone_plan());
    const amp_streamer_settings settings = live_settings(64, 2, 9);
    amp_streamer* streamer = nullptr;
    EXPECT_EQ(amp_streamer_create(plan.plan, &settings, &streamer, nullptr), AMP_E_ARGUMENT);
}

TEST(Live, OtherStreamersSayThatNobodyPlaysThem) {
    const Stream stream(tone_plan());
    float sample = 0;
    EXPECT_EQ(amp_streamer_output_descriptor(stream.get()), -1);
    EXPECT_EQ(amp_streamer_start_clock(stream.get()), AMP_E_UNSUPPORTED);
    EXPECT_EQ(amp_streamer_read_output(stream.get(), 0, &sample, 1, nullptr), AMP_E_UNSUPPORTED);
}

TEST(Live, AsksForNoMoreFramesThanTimeHasGoneBy) {
    const auto begin = std::chrono::steady_clock::now();
    const LiveStream stream(tone_plan());
    stream.wait_for(4800);
    const std::int64_t made = stream.status().made;
    const std::chrono::duration<double> gone = std::chrono::steady_clock::now() - begin;
    EXPECT_LE(static_cast<double>(made), 48000 * gone.count() + 4 * 64);
}

TEST(Live, ReadsTheSameFramesInAnyPieces) {
    const LiveStream stream(tone_plan(), 100);
    stream.wait_for(9000);
    const auto whole = stream.output(0, 9000);
    std::vector<float> pieces;
    std::mt19937 random(1);
    while (pieces.size() < whole.size()) {
        const auto at = static_cast<std::int64_t>(pieces.size()) / 2;
        const auto piece = stream.output(at, static_cast<int>(std::min<std::int64_t>(9000 - at, random() % 700)));
        pieces.insert(pieces.end(), piece.begin(), piece.end());
    }
    EXPECT_EQ(pieces, whole);
}

class InFlight : public testing::TestWithParam<int> {};

TEST_P(InFlight, EachBlockMoreDelaysEventsByABlock) {
    constexpr int kBlock = 64;
    const LiveStream one(tone_plan(), kBlock, 2), several(tone_plan(), kBlock, 2, {}, GetParam());
    one.wait_for(9600);
    several.wait_for(9600);
    EXPECT_EQ(several.status().lookahead, one.status().lookahead + (GetParam() - 1) * kBlock);
    EXPECT_EQ(several.status().event_delay, one.status().event_delay + (GetParam() - 1) * kBlock);
}

TEST_P(InFlight, BlocksGiveTheBitsOfOneAfterTheOther) {
    constexpr int kFrames = 9600;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        RandomPlan plan(seed, {.voices = true, .network = true, .gates = true});
        const auto events = plan.events(100, kFrames - 200);
        const LiveStream live(plan.bytes(), 32, 2, events, GetParam());
        live.wait_for(kFrames);
        const Stream again(plan.bytes(), settings_for(100, 1));
        again.post(events);
        EXPECT_EQ(live.output(0, kFrames), again.take(kFrames)) << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(UpToEight, InFlight, testing::Values(2, 3, 8));

// What was played is played again from the events as they were applied.
class Replay : public testing::TestWithParam<int> {};

TEST_P(Replay, GivesTheBitsOfTheLiveStream) {
    constexpr int kFrames = 48000;
    const auto seed = static_cast<std::uint32_t>(GetParam());
    RandomPlan plan(seed);
    const LiveStream live(plan.bytes(), 64, 1 + GetParam() % 3, {}, 1 + GetParam() % 2 * 2);
    std::mt19937 random(seed);
    std::vector<amp_applied_event> applied;
    for (amp_event event : plan.events(400, kFrames)) {
        // As they come from hands: for a little ahead of now, some too late.
        live.wait_for(event.frame / 2);
        event.frame = live.status().made + static_cast<std::int64_t>(random() % 2000) - 200;
        event.frame = std::max<std::int64_t>(0, event.frame);
        live.post(event);
    }
    live.wait_for(kFrames);
    const auto played = live.output(0, kFrames);
    applied = live.applied();
    ASSERT_GT(applied.size(), 200U);
    const Stream again(plan.bytes(), settings_for(1 + static_cast<int>(random() % 300), 2));
    for (const amp_applied_event& event : applied) {
        again.post(event.event);
    }
    EXPECT_EQ(again.take(kFrames), played);
}

INSTANTIATE_TEST_SUITE_P(OfRandomPlans, Replay, testing::Range(0, 6));

TEST(Live, HasNothingToReadBehindWhatIsMade) {
    const LiveStream stream(tone_plan());
    stream.wait_for(4800);
    std::vector<float> samples(2 * 64);
    for (const std::int64_t frame : {std::int64_t{1} << 40, INT64_MAX}) {
        std::int32_t copied = -1;
        EXPECT_EQ(amp_streamer_read_output(stream.get(), frame, samples.data(), 64, &copied), AMP_OK);
        EXPECT_EQ(copied, 0) << "from frame " << frame;
    }
}

TEST(Live, AnswersAndEndsWhateverAnotherProcessHasWrittenIntoItsMemory) {
    for (unsigned seed = 0; seed < 16; ++seed) {
        const LiveStream stream(echo_plan(0), 64, 2);
        stream.wait_for(640);
        std::mt19937 random(seed);
        std::vector<unsigned char> nonsense(sizeof(io::OutputHeader));
        std::ranges::generate(nonsense, random);
        ASSERT_EQ(pwrite(amp_streamer_output_descriptor(stream.get()), nonsense.data(), nonsense.size(), 0),
                  static_cast<ssize_t>(nonsense.size()));
        std::vector<float> samples(2 * 64);
        std::int32_t copied = 0;
        for (int i = 0; i < 40; ++i) {
            const amp_live_status status = stream.status();
            EXPECT_EQ(status.made % 64, 0);
            EXPECT_EQ(amp_streamer_levels(stream.get(), samples.data(), samples.data() + 2), AMP_OK);
            amp_streamer_read_output(stream.get(), std::max<std::int64_t>(0, status.made - 32), samples.data(), 64,
                                     &copied);
            amp_streamer_event_frame(stream.get(), now());
            amp_streamer_frame_time(stream.get(), status.made);
            std::vector<amp_xrun> xruns(256);
            amp_streamer_xruns(stream.get(), xruns.data(), xruns.size());
            EXPECT_EQ(stream.snapshot().nodes.size(), 3U);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
}

TEST(LiveXruns, OfAPlanThatIsTooHeavyNameTheHeavyNode) {
    const LiveStream stream(hopeless_plan(), 64, 1);
    const auto is_late = [](const amp_xrun& xrun) { return xrun.cause == AMP_XRUN_NODE_LATE; };
    // A worker that the system puts aside in the middle of another node lets that one seem heavy.
    int named = 0;
    for (int i = 0; i < 5; ++i) {
        const amp_xrun xrun = stream.xruns_until(is_late).back();
        named += xrun.node == stream.node("heavy") ? 1 : 0;
        EXPECT_GT(xrun.frames, 0);
        EXPECT_GT(xrun.cpu_seconds, xrun.budget_seconds);
    }
    EXPECT_GE(named, 3);
}

std::atomic<bool> paused{false};

void pause_thread(int) {
    const timespec time{0, 150'000'000};
    nanosleep(&time, nullptr);
    paused = true;
}

// The thread of that name, which must be the only one.
pid_t thread_called(const std::string& wanted) {
    pid_t found = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::string name;
        std::getline(std::ifstream(task.path() / "comm"), name);
        if (name == wanted) {
            EXPECT_EQ(found, 0);
            found = std::stoi(task.path().filename());
        }
    }
    return found;
}

TEST(LiveXruns, OfAWorkerThatIsPutAsideSayThatItWasNotRun) {
    const LiveStream stream(echo_plan(0), 64, 1);
    stream.wait_for(4800);
    struct sigaction action{};
    action.sa_handler = pause_thread;
    sigaction(SIGUSR1, &action, nullptr);
    const std::int64_t before = stream.status().clock;
    ASSERT_EQ(syscall(SYS_tgkill, getpid(), thread_called("amp-worker-0"), SIGUSR1), 0);
    const amp_xrun xrun = stream
                              .xruns_until([&](const amp_xrun& candidate) {
                                  return candidate.frame >= before && candidate.cause == AMP_XRUN_THREAD_NOT_RUN &&
                                         candidate.wall_seconds > 0.1;
                              })
                              .back();
    EXPECT_TRUE(paused);
    EXPECT_LT(xrun.cpu_seconds, 0.1);
    signal(SIGUSR1, SIG_DFL);
}

TEST(LiveStatus, TellsTheLoadOfTheBlocksThatAreAskedFor) {
    const LiveStream stream(heavy_plan(), 1024, 1);
    stream.wait_for(8192);
    const amp_live_status all = stream.status();
    EXPECT_GT(all.mean_load, 0);
    EXPECT_GE(all.worst_load, all.mean_load);
    const amp_live_status none = amp_streamer_live_status(stream.get(), INT64_MAX);
    EXPECT_EQ(none.mean_load, 0);
    EXPECT_EQ(none.worst_load, 0);
}

TEST(LiveLevels, AreThoseOfTheLastFrames) {
    PlanBuilder builder;
    builder.node("one", "sine", {.parameters = {{"freq", {{1000}}}}}).node("out", "output");
    builder.edge("one", "out", {.gain = {0.5}});
    const LiveStream stream(builder.bytes());
    stream.wait_for(9600);
    std::vector<float> peak(2), rms(2);
    ASSERT_EQ(amp_streamer_levels(stream.get(), peak.data(), rms.data()), AMP_OK);
    EXPECT_NEAR(peak[0], 0.5, 0.01);
    EXPECT_NEAR(rms[1], 0.5 / 1.41421, 0.01);
}

TEST(LiveTime, GivesEventsTheDelayThatItTells) {
    const LiveStream stream(tone_plan());
    stream.wait_for(24000);
    const std::int64_t arrival = now();
    const std::int64_t frame = amp_streamer_event_frame(stream.get(), arrival);
    const std::int64_t undelayed = frame - stream.status().event_delay - stream.latency();
    const std::int64_t time = amp_streamer_frame_time(stream.get(), undelayed);
    // Between the two calls the clock is fitted anew.
    EXPECT_NEAR(static_cast<double>(time - arrival) * 1e-9, 0, 0.002);
}

TEST(LiveTime, GivesLaterArrivalsLaterFrames) {
    const LiveStream stream(tone_plan());
    stream.wait_for(24000);
    const std::int64_t arrival = now();
    const std::int64_t first = amp_streamer_event_frame(stream.get(), arrival);
    const std::int64_t second = amp_streamer_event_frame(stream.get(), arrival + kSecond);
    EXPECT_NEAR(static_cast<double>(second - first), 48000, 480);
}

TEST(LiveTime, GivesNoFrameBeforeTheStream) {
    const Stream stream(tone_plan(), live_settings(64, 1));
    EXPECT_EQ(amp_streamer_event_frame(stream.get(), 0), 0);
}

} // namespace
} // namespace amp::test

// The streamer as a host sees it: through amp.h and nothing else.
#include "engine/memory_shortage.h"
#include "support/plan_builder.h"
#include "support/stream.h"
#include "support/thread_shortage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cfenv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace amp::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kSecond = 1'000'000'000;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

// A tone that says by its samples which frame it is.
std::vector<std::byte> tone_plan() {
    PlanBuilder builder;
    builder.node("tone", "noise").node("out", "output").edge("tone", "out", {.gain = {0.25}});
    return builder.bytes();
}

// So much work in a block that a test can act in the middle of it.
std::vector<std::byte> heavy_plan() {
    PlanBuilder builder;
    builder.node("tone", "saw", {.shape = {256, 1}});
    std::string last = "tone";
    for (int i = 0; i < 12; ++i) {
        const std::string next = "low" + std::to_string(i);
        builder.node(next, "svf", {.shape = {256, 1}}).edge(last, next);
        last = next;
    }
    builder.node("out", "output").edge(last, "out", {.gain = {0.001}});
    return builder.bytes();
}

struct PlanHandle {
    explicit PlanHandle(const std::vector<std::byte>& bytes) {
        amp_plan_read(bytes.data(), bytes.size(), &plan, nullptr);
    }
    ~PlanHandle() { amp_plan_free(plan); }
    PlanHandle(const PlanHandle&) = delete;
    PlanHandle& operator=(const PlanHandle&) = delete;
    amp_plan* plan = nullptr;
};

// ---- making ----

TEST(Create, SaysWhichSettingIsOutOfRange) {
    const PlanHandle plan(tone_plan());
    const std::pair<amp_streamer_settings, const char*> wrong[] = {
        {{0, 1, 1, 0, 0}, "block 0: 1 to 4096 fit"},
        {{4097, 1, 1, 0, 0}, "block 4097: 1 to 4096 fit"},
        {{-1, 1, 1, 0, 0}, "block -1: 1 to 4096 fit"},
        {{64, 0, 1, 0, 0}, "workers 0: 1 to 64 fit"},
        {{64, 65, 1, 0, 0}, "workers 65: 1 to 64 fit"},
        {{64, 1, 0, 0, 0}, "blocks in flight 0: 1 to 64 fit"},
        {{64, 1, 65, 0, 0}, "blocks in flight 65: 1 to 64 fit"}};
    for (const auto& [settings, message] : wrong) {
        amp_streamer* streamer = nullptr;
        amp_error error{};
        EXPECT_EQ(amp_streamer_create(plan.plan, &settings, &streamer, &error), AMP_E_ARGUMENT) << message;
        EXPECT_EQ(error.status, AMP_E_ARGUMENT);
        EXPECT_STREQ(error.message, message);
        EXPECT_EQ(streamer, nullptr);
    }
}

TEST(Create, RefusesAnOutputThatIsNegativeOrHuge) {
    const PlanHandle plan(tone_plan());
    for (const std::int32_t frames : {-1, INT32_MIN, INT32_MAX, (1 << 24) + 1}) {
        const amp_streamer_settings settings{64, 1, 1, frames, 0};
        amp_streamer* streamer = nullptr;
        EXPECT_EQ(amp_streamer_create(plan.plan, &settings, &streamer, nullptr), AMP_E_ARGUMENT) << frames;
    }
}

TEST(Create, TakesTheEndsOfAllRanges) {
    for (const amp_streamer_settings settings : {amp_streamer_settings{1, 1, 1, 0, 0},
                                                 {4096, 1, 1, 1, 0},
                                                 {64, 64, 64, 0, 0},
                                                 {1, 3, 64, 1, 0},
                                                 {4096, 2, 64, 4096, 0}}) {
        const Stream stream(tone_plan(), settings);
        EXPECT_EQ(stream.take(5000), Stream(tone_plan()).take(5000)) << settings.block << " " << settings.workers;
    }
}

TEST(Create, RefusesNullPointers) {
    const PlanHandle plan(tone_plan());
    const amp_streamer_settings settings = settings_for(64, 1);
    amp_streamer* streamer = nullptr;
    amp_plan* read = nullptr;
    EXPECT_EQ(amp_streamer_create(nullptr, &settings, &streamer, nullptr), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_streamer_create(plan.plan, nullptr, &streamer, nullptr), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_streamer_create(plan.plan, &settings, nullptr, nullptr), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_plan_read(nullptr, 10, &read, nullptr), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_plan_read("", 0, nullptr, nullptr), AMP_E_ARGUMENT);
    amp_plan_free(nullptr);
    amp_streamer_free(nullptr);
}

TEST(Create, RefusesADamagedPlanWithItsOffset) {
    auto bytes = tone_plan();
    bytes[100] ^= std::byte{1};
    amp_plan* plan = nullptr;
    amp_error error{};
    EXPECT_EQ(amp_plan_read(bytes.data(), bytes.size(), &plan, &error), AMP_E_PLAN);
    EXPECT_EQ(error.status, AMP_E_PLAN);
    EXPECT_STREQ(error.message, "offset 12: the checksum does not fit the bytes");
    EXPECT_EQ(plan, nullptr);
}

TEST(Create, CutsALongMessageToFit) {
    PlanBuilder builder;
    builder.node(std::string(5000, 'x'), "sine", {.shape = {2, 1}});
    plan::Description plan = builder.build();
    const auto bytes = builder.bytes();
    amp_plan* read = nullptr;
    amp_error error;
    std::memset(&error, 0x7F, sizeof(error));
    PlanBuilder looped;
    looped.node(std::string(5000, 'x'), "gain").edge(std::string(5000, 'x'), std::string(5000, 'x'));
    const auto wrong = looped.bytes();
    EXPECT_EQ(amp_plan_read(wrong.data(), wrong.size(), &read, &error), AMP_E_PLAN);
    EXPECT_EQ(std::strlen(error.message), sizeof(error.message) - 1);
}

TEST(Create, OutlivesItsPlan) {
    auto* const plan = new PlanHandle(tone_plan());
    const amp_streamer_settings settings = settings_for(64, 1);
    amp_streamer* streamer = nullptr;
    ASSERT_EQ(amp_streamer_create(plan->plan, &settings, &streamer, nullptr), AMP_OK);
    delete plan;
    float samples[200];
    EXPECT_EQ(amp_streamer_take(streamer, samples, 100, kSecond * 60, nullptr), AMP_OK);
    amp_streamer_free(streamer);
}

TEST(Create, SaysWhenTheSystemGivesTooFewThreads) {
    const PlanHandle plan(tone_plan());
    const amp_streamer_settings settings{64, 8, 4, 0, 0};
    if (!refuse_threads_after(3)) {
        GTEST_SKIP() << "the sanitizer makes the threads";
    }
    amp_streamer* streamer = nullptr;
    amp_error error{};
    const amp_status made = amp_streamer_create(plan.plan, &settings, &streamer, &error);
    refuse_threads_after(-1);
    EXPECT_EQ(made, AMP_E_THREAD);
    EXPECT_NE(std::string(error.message).find("thread"), std::string::npos);
}

TEST(Create, SaysWhenMemoryIsShortWhateverAllocationFails) {
    const auto bytes = tone_plan();
    const amp_streamer_settings settings{64, 2, 2, 0, 0};
    bool made = false;
    for (int allocations = 0; !made; ++allocations) {
        ASSERT_LT(allocations, 5000);
        amp_plan* plan = nullptr;
        amp_streamer* streamer = nullptr;
        amp_error error{};
        {
            const MemoryShortage shortage(allocations);
            const amp_status read = amp_plan_read(bytes.data(), bytes.size(), &plan, &error);
            const amp_status status = read == AMP_OK ? amp_streamer_create(plan, &settings, &streamer, &error) : read;
            made = status == AMP_OK;
            ASSERT_TRUE(made || status == AMP_E_MEMORY) << allocations << " allocations: " << error.message;
        }
        amp_streamer_free(streamer);
        amp_plan_free(plan);
    }
}

TEST(Create, GivesTheSameBitsWhateverRoundingItsCallerHas) {
    PlanBuilder builder;
    builder.node("tone", "saw", {.parameters = {{"freq", {{61.3, plan::ValueUnit::note}}}}})
        .node("level", "gain", {.parameters = {{"gain", {{-7.7, plan::ValueUnit::decibels}}}}})
        .node("out", "output");
    builder.edge("tone", "level").edge("level", "out", {.gain = {6.1, plan::ValueUnit::decibels}});
    builder.stream.ceiling = {-3.3, plan::ValueUnit::decibels};
    const auto wanted = Stream(builder.bytes()).take(5000);
    for (const int rounding : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
        std::fesetround(rounding);
        const auto found = Stream(builder.bytes()).take(5000);
        std::fesetround(FE_TONEAREST);
        EXPECT_EQ(found, wanted) << rounding;
    }
}

TEST(Create, AndFreeManyTimesAtAnyMoment) {
    std::mt19937 random(5);
    for (int i = 0; i < 200; ++i) {
        const Stream stream(i % 4 == 0 ? heavy_plan() : tone_plan(),
                            {1 << random() % 10, 1 + static_cast<int>(random() % 3), 3, 0, 0});
        if (i % 2 == 0) {
            std::vector<float> samples(4000 * 2);
            amp_streamer_take(stream.get(), samples.data(), 1 + static_cast<int>(random() % 4000), 0, nullptr);
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 300));
        }
    }
}

// ---- taking ----

TEST(Take, GivesTheSameStreamInPiecesOfAnySize) {
    const auto wanted = Stream(tone_plan()).take(9000);
    for (const int block : {1, 64, 1000}) {
        std::mt19937 random(static_cast<std::uint32_t>(block));
        const Stream stream(tone_plan(), {block, 2, 3, 500, 0});
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
    EXPECT_EQ(Stream(tone_plan(), {64, 1, 1, 0, 0}).take(30000), wanted);
    EXPECT_EQ(Stream(tone_plan(), {100, 3, 8, 128, 0}).take(30000), wanted);
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
    stream.take(100);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stream.post(set_parameter(128, stream.node("out"), 0, 0) = note_on(128, 60));
    amp_event late = note_on(127, 60);
    stream.post(late);
    stream.take(100);
    EXPECT_EQ(amp_streamer_event_counts(stream.get()).late, 1U) << "frames up to 127 were sealed, 128 was not";
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

// ---- completion ----

TEST(Completion, IsPolledAtOnce) {
    const Stream stream(tone_plan());
    const std::uint32_t out = stream.node("out");
    EXPECT_EQ(amp_wait_node_completion(stream.get(), out, 0, AMP_COMPLETION_POLL, 0), AMP_OK);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), out, 1, AMP_COMPLETION_POLL, kSecond), AMP_E_TIMEOUT);
    stream.take(65);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), out, 128, AMP_COMPLETION_POLL, 0), AMP_OK);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), out, 129, AMP_COMPLETION_POLL, 0), AMP_E_TIMEOUT);
}

TEST(Completion, WaitsNoLongerThanItsTimeOut) {
    const Stream stream(tone_plan());
    const auto begin = Clock::now();
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 0, 1, AMP_COMPLETION_WAIT, kSecond / 20), AMP_E_TIMEOUT);
    EXPECT_GE(seconds_since(begin), 0.049);
    EXPECT_LT(seconds_since(begin), 5);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 0, 1, AMP_COMPLETION_WAIT, 0), AMP_E_TIMEOUT);
}

TEST(Completion, RefusesWhatIsNotThere) {
    const Stream stream(tone_plan());
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 2, 0, AMP_COMPLETION_POLL, 0), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), UINT32_MAX, 0, AMP_COMPLETION_WAIT, 0), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 0, 0, AMP_COMPLETION_DRAIN, 0), AMP_E_UNSUPPORTED);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 0, 0, static_cast<amp_completion_mode>(9), 0), AMP_E_ARGUMENT);
}

// Many threads wait for nodes, block after block, while one takes; nobody waits longer than the block takes.
TEST(Completion, WakesAllWhoWaitWithTheirFrame) {
    constexpr int kBlocks = 1500, kBlock = 16;
    const Stream stream(tone_plan(), {kBlock, 2, 2, 0, 0});
    std::atomic<int> reached{0}, failed{0};
    std::vector<std::thread> waiters;
    constexpr int kWaiters = 3;
    for (int w = 0; w < kWaiters; ++w) {
        waiters.emplace_back([&, w] {
            for (int n = 1; n <= kBlocks; ++n) {
                const auto begin = Clock::now();
                const amp_status status = amp_wait_node_completion(stream.get(), static_cast<std::uint32_t>(w % 2),
                                                                   n * kBlock, AMP_COMPLETION_WAIT, 20 * kSecond);
                failed += status != AMP_OK || seconds_since(begin) > 10 ? 1 : 0;
                ++reached;
            }
        });
    }
    for (int n = 1; n <= kBlocks; ++n) {
        stream.take(kBlock);
        // The next block is asked for only when all have seen this one: each wait is for the stream's last block.
        while (reached < kWaiters * n && failed == 0) {
            std::this_thread::yield();
        }
    }
    for (std::thread& waiter : waiters) {
        waiter.join();
    }
    EXPECT_EQ(failed, 0);
}

// ---- the rest ----

TEST(FindNode, KnowsAllNodesByName) {
    const Stream stream(tone_plan());
    std::uint32_t node = 99;
    EXPECT_EQ(amp_streamer_find_node(stream.get(), "out", &node), AMP_OK);
    EXPECT_EQ(node, 1U);
    for (const char* id : {"ou", "outs", "", "OUT"}) {
        EXPECT_EQ(amp_streamer_find_node(stream.get(), id, &node), AMP_E_NOT_FOUND) << id;
    }
    EXPECT_EQ(amp_streamer_find_node(stream.get(), nullptr, &node), AMP_E_NOT_FOUND);
    EXPECT_EQ(node, 1U);
}

TEST(Post, RefusesEventsOutOfRange) {
    PlanBuilder builder;
    builder.node("tone", "sine").node("out", "output").edge("tone", "out");
    const Stream stream(builder.bytes());
    const float nan = NAN, infinity = INFINITY;
    const amp_event wrong[] = {{-1, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, 0.5F},
                               {0, -1, 1, 60, 0, 0, 0.5F},
                               {0, 8, 1, 60, 0, 0, 0.5F},
                               {0, AMP_EVENT_NOTE_ON, 0, 60, 0, 0, 0.5F},
                               {0, AMP_EVENT_NOTE_ON, 17, 60, 0, 0, 0.5F},
                               {0, AMP_EVENT_NOTE_ON, 1, -1, 0, 0, 0.5F},
                               {0, AMP_EVENT_NOTE_ON, 1, 128, 0, 0, 0.5F},
                               {0, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, nan},
                               {0, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, 1.5F},
                               {0, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, -0.5F},
                               {0, AMP_EVENT_NOTE_OFF, 1, 255, 0, 0, 0},
                               {0, AMP_EVENT_PITCH_BEND, 1, 0, 0, 0, infinity},
                               {0, AMP_EVENT_PITCH_BEND, 0, 0, 0, 0, 1},
                               {0, AMP_EVENT_PRESSURE, 1, 200, 0, 0, 0.5F},
                               {0, AMP_EVENT_TIMBRE, 1, 0, 0, 0, nan},
                               {0, AMP_EVENT_SUSTAIN, 17, 0, 0, 0, 1},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 2, 0, 1},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 0, 2, 1},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 1, 0, 1},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 0, 0, nan},
                               {0, AMP_EVENT_ALL_NOTES_OFF, -1, 0, 0, 0, 0},
                               {INT64_MIN, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, 0.5F}};
    int number = 0;
    for (const amp_event& event : wrong) {
        EXPECT_EQ(amp_streamer_post(stream.get(), &event), AMP_E_ARGUMENT) << "event " << number;
        ++number;
    }
}

TEST(Post, TakesTheEndsOfAllRanges) {
    const Stream stream(tone_plan());
    for (const amp_event& event :
         {note_on(0, 0, 1, 1), note_on(INT64_MAX, 127, 1, 16), note_off(0, 127, 16),
          channel_event(0, AMP_EVENT_ALL_NOTES_OFF, 0, 0), channel_event(0, AMP_EVENT_PRESSURE, 1, 16)}) {
        EXPECT_EQ(amp_streamer_post(stream.get(), &event), AMP_OK);
    }
    EXPECT_NO_THROW(stream.take(500));
}

TEST(Post, SaysWhenTheQueueIsFull) {
    const Stream stream(tone_plan());
    amp_status status = AMP_OK;
    std::uint64_t taken = 0;
    for (; status == AMP_OK && taken < 1'000'000; ++taken) {
        const amp_event event = note_on(0, 60);
        status = amp_streamer_post(stream.get(), &event);
    }
    EXPECT_EQ(status, AMP_E_FULL);
    EXPECT_GT(taken, 10000U);
    EXPECT_EQ(amp_streamer_event_counts(stream.get()).lost, 1U);
}

TEST(Post, FromManyThreadsWhileTheStreamRuns) {
    const Stream stream(tone_plan(), settings_for(16, 2));
    std::atomic<bool> over{false};
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; !over; ++i) {
                const amp_event event = i % 2 == 0 ? note_on(i, 60 + t) : note_off(i, 60 + t);
                amp_streamer_post(stream.get(), &event);
                std::this_thread::yield();
            }
        });
    }
    EXPECT_NO_THROW(stream.take(20000));
    over = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
}

TEST(Json, TellsHowMuchRoomItNeedsAndCutsWhatDoesNotFit) {
    const PlanHandle plan(tone_plan());
    const std::size_t size = amp_plan_json(plan.plan, nullptr, 0);
    ASSERT_GT(size, 100U);
    std::string whole(size + 1, '?'), cut(size + 1, '?');
    EXPECT_EQ(amp_plan_json(plan.plan, whole.data(), size + 1), size);
    EXPECT_EQ(whole.back(), '\0');
    EXPECT_EQ(amp_plan_json(plan.plan, cut.data(), 11), size);
    EXPECT_EQ(cut.substr(0, 10), whole.substr(0, 10));
    EXPECT_EQ(cut[10], '\0');
    EXPECT_EQ(cut[11], '?');
    EXPECT_GT(amp_node_types_json(nullptr, 0), 1000U);
}

TEST(Status, HasASentenceForEach) {
    for (int status = AMP_OK; status <= AMP_E_FULL; ++status) {
        EXPECT_STRNE(amp_status_text(static_cast<amp_status>(status)), "an unknown status") << status;
    }
    EXPECT_STREQ(amp_status_text(static_cast<amp_status>(99)), "an unknown status");
}

TEST(ArenaStats, TellWhatAStreamHolds) {
    const Stream small(tone_plan()), large(heavy_plan());
    const amp_arena_stats few = amp_streamer_arena_stats(small.get()), many = amp_streamer_arena_stats(large.get());
    EXPECT_LE(few.used, few.committed);
    EXPECT_LE(few.committed, few.reserved);
    EXPECT_GT(many.used, few.used);
}

} // namespace
} // namespace amp::test

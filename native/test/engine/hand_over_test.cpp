// What is heard when one plan follows another while it plays.
#include "engine/host_plans.h"
#include "support/hand_over.h"
#include "support/plan_builder.h"
#include "support/random_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include <malloc.h>

namespace amp::test {
namespace {

using plan::ValueUnit;
using Signal = std::vector<float>;

constexpr int kCrossfade = 1440; // 30 ms at 48 kHz
constexpr int kBlocks[] = {1, 16, 64, 100, 257, 1024};

// Voices through an echo, at a level that nothing before it depends on. Nodes may stand in any order.
std::vector<std::byte> echo_plan(double level, std::uint64_t delay = 4800, bool other_order = false) {
    PlanBuilder builder;
    const Shape voices{4, 1};
    if (other_order) {
        builder.node("unused", "sine");
    }
    builder.node("keys", "keys", {.options = {{"voices", 4}}})
        .node("tone", "saw", {.shape = voices})
        .node("env", "adsr", {.shape = voices, .parameters = {{"release", {{0.05}}}}})
        .node("vca", "gain", {.shape = voices, .parameters = {{"gain", {{0}}}}})
        .node("sum", "mix")
        .node("echo", "mix")
        .node("level", "gain", {.parameters = {{"gain", {{level}}}}})
        .node("out", "output", {.options = {{"channels", 1}}})
        .edge("keys.freq", "tone.freq")
        .edge("keys.gate", "env.gate")
        .edge("tone", "vca")
        .edge("env", "vca.gain")
        .edge("vca", "sum", {.gain = {0.1}})
        .edge("sum", "echo")
        .edge("sum", "echo", {.delay = delay, .gain = {0.5}})
        .edge("echo", "level")
        .edge("level", "out")
        .voices("keys", {"tone", "env", "vca"}, 4800);
    return builder.bytes();
}

std::vector<std::byte> tone(double frequency, double gain = 0.25, int channels = 1) {
    PlanBuilder builder;
    builder.node("tone", "sine", {.parameters = {{"freq", {{frequency}}}}})
        .node("out", "output", {.options = {{"channels", channels}}})
        .edge("tone", "out", {.gain = {gain}});
    return builder.bytes();
}

std::string first_difference(const Signal& a, const Signal& b, std::size_t from = 0) {
    for (std::size_t i = from; i < std::min(a.size(), b.size()); ++i) {
        if (a[i] != b[i]) {
            return "sample " + std::to_string(i) + ": " + std::to_string(a[i]) + " and " + std::to_string(b[i]);
        }
    }
    return a.size() == b.size() ? "" : "other lengths";
}

amp_hand_over_settings replacing(amp_hand_over_kind kind, double ring_seconds) {
    amp_hand_over_settings settings = amp_hand_over_settings_for(kind);
    settings.ring_seconds = ring_seconds;
    return settings;
}

double largest(const Signal& signal, std::size_t from, std::size_t to) {
    double most = 0;
    for (std::size_t i = from; i < to; ++i) {
        most = std::max(most, std::fabs(double(signal[i])));
    }
    return most;
}

double largest_step(const Signal& signal, std::size_t from, std::size_t to) {
    double most = 0;
    for (std::size_t i = from + 1; i < to; ++i) {
        most = std::max(most, std::fabs(double(signal[i]) - signal[i - 1]));
    }
    return most;
}

// True when all plans but the present one are freed within ten seconds: a worker that the system has put aside may
// still hold the one before.
bool only_one_is_left(const Stream& stream) {
    for (int i = 0; i < 10000 && amp_streamer_retire(stream.get()) > 1; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return amp_streamer_retire(stream.get()) == 1;
}

const std::vector<amp_event> kHeldNotes{note_on(100, 57), note_on(2000, 64), note_off(6100, 57)};

TEST(Reload, OfTheSamePlanChangesNoBit) {
    constexpr int kFrames = 12000;
    for (std::uint32_t seed = 0; seed < 12; ++seed) {
        RandomPlan random(seed);
        const auto plan = random.bytes();
        const auto events = random.events(120, kFrames - 200);
        const auto wanted = performed(plan, {}, events, kFrames, settings_for(64, 1));
        for (std::size_t b = 0; b < std::size(kBlocks); ++b) {
            const int workers = 1 + static_cast<int>((b + seed) % 3);
            const auto found = performed(plan, {{plan, 1733}, {plan, 4096}, {plan, 7001}}, events, kFrames,
                                         settings_for(kBlocks[b], workers));
            ASSERT_EQ(first_difference(found, wanted), "")
                << "seed " << seed << ", blocks of " << kBlocks[b] << ", " << workers << " workers";
        }
    }
}

// What the new plan makes of the voices and echoes that go on is what it would have made of them all along.
TEST(Reload, GoesOnWithHeldNotesAndEchoes) {
    constexpr std::int64_t kFrame = 4321;
    const auto settings = settings_for(64, 1);
    const auto all_along = performed(echo_plan(0.5), {}, kHeldNotes, 20000, settings);
    const auto found = performed(echo_plan(0.8), {{echo_plan(0.5), kFrame}}, kHeldNotes, 20000, settings);
    const Stream stream(echo_plan(0.5));
    const auto after = static_cast<std::size_t>(kFrame + kCrossfade + stream.latency());
    EXPECT_EQ(first_difference(found, all_along, after), "");
    EXPECT_GT(largest(found, after, after + 500), 0.01);
}

TEST(Reload, GoesOnWithNodesThatStandElsewhere) {
    constexpr std::int64_t kFrame = 4321;
    const auto settings = settings_for(100, 2);
    const auto all_along = performed(echo_plan(0.5), {}, kHeldNotes, 20000, settings);
    const auto found = performed(echo_plan(0.5), {{echo_plan(0.5, 4800, true), kFrame}}, kHeldNotes, 20000, settings);
    const auto after = static_cast<std::size_t>(kFrame + kCrossfade + 48);
    EXPECT_EQ(first_difference(found, all_along, after), "");
}

// An echo that becomes longer has what the shorter one kept, and silence before that.
TEST(Reload, KeepsOfAnEchoWhatBothPlansKeep) {
    constexpr std::int64_t kFrame = 3000;
    const std::vector<amp_event> notes{note_on(100, 57), note_off(2500, 57)};
    const auto found =
        performed(echo_plan(0.5, 1000), {{echo_plan(0.5, 6000), kFrame}}, notes, 12000, settings_for(64, 1));
    // The echo of frames 2000 to 3000 comes 6000 frames later; that of frames before is lost.
    EXPECT_EQ(largest(found, 5500, 7900), 0);
    EXPECT_GT(largest(found, 8100, 9000), 0.005);
}

TEST(Reload, KeepsWhatControlsHaveSetUnlessTheTextChanges) {
    const auto set = [](const Stream& stream) {
        stream.post(set_parameter(10, stream.node("level"), 0, 0.25F));
        stream.take(3000);
    };
    const auto loudness = [&](const std::vector<std::byte>& next) {
        const Stream stream(echo_plan(0.5), settings_for(64, 1));
        stream.post(note_on(0, 57));
        set(stream);
        hand_over(stream, {next, 3100});
        stream.take(3000);
        return largest(stream.take(2000), 0, 2000);
    };
    const double kept = loudness(echo_plan(0.5, 9600));
    EXPECT_NEAR(loudness(echo_plan(1.0, 9600)), 4 * kept, 0.01 * kept);
}

TEST(Reload, HasNoStepThatThePlansDoNotHave) {
    const auto settings = settings_for(64, 1);
    const auto found = performed(tone(440), {{tone(660), 5000}, {tone(220), 9001}}, {}, 15000, settings);
    const double step_of_plans = 0.25 * 2 * 3.1416 * 660 / 48000;
    // Both at once, at 0.71 each, and what the crossfade itself moves.
    EXPECT_LT(largest_step(found, 100, 15000), 1.4143 * step_of_plans + 0.25 * 3.1416 / 2 / kCrossfade);
}

// A tone behind a gate that holds it back, at a level that nothing before it depends on.
std::vector<std::byte> held_plan(double level) {
    PlanBuilder builder;
    builder.node("tone", "sine", {.parameters = {{"freq", {{440}}}}})
        .node("held", "mix")
        .node("level", "gain", {.parameters = {{"gain", {{level}}}}})
        .node("out", "output", {.options = {{"channels", 1}}})
        .edge("tone", "held", {.gain = {0.25}})
        .edge("held", "level")
        .edge("level", "out")
        .gate("drop", {0}, {.while_closed = plan::WhileClosed::hold});
    return builder.bytes();
}

// What has piled up behind a gate is still there after a reload, and a gate that is closed stays closed.
TEST(Reload, GoesOnWithGatesAsTheyStand) {
    const std::vector<amp_event> gated{set_gate(1000, 0, 0), set_gate(9000, 0, 1)};
    const auto all_along = performed(held_plan(0.5), {}, gated, 14000, settings_for(64, 1));
    const auto found = performed(held_plan(0.8), {{held_plan(0.5), 4321}}, gated, 14000, settings_for(100, 2));
    EXPECT_EQ(first_difference(found, all_along, 4321 + kCrossfade + 48), "");
    EXPECT_EQ(largest(found, 2000, 8900), 0);
    EXPECT_GT(largest(found, 9200, 14000), 0.1);
}

// Several plans one after the other, of all kinds, at frames anywhere in a block.
TEST(HandOver, GivesTheSameBitsInAnyBlockWithAnyWorkers) {
    constexpr int kFrames = 24000;
    for (std::uint32_t seed = 0; seed < 4; ++seed) {
        RandomPlan random(seed), other(seed + 100);
        auto events = random.events(100, kFrames - 200);
        std::erase_if(events, [](const amp_event& event) { return event.kind >= AMP_EVENT_SET_PARAMETER; });
        events.insert(events.end(), kHeldNotes.begin(), kHeldNotes.end());
        const std::vector<Change> changes{
            {other.bytes(), 1501 + seed, replacing(AMP_HAND_OVER_AFTER_TIME, 0.1)},
            {random.bytes(), 4700, replacing(AMP_HAND_OVER_AFTER_LAST_NOTE, 0.5)},
            {echo_plan(0.5), 7777, replacing(AMP_HAND_OVER_AFTER_LAST_NOTE, 0.2)},
            {echo_plan(0.8, 3000, true), 11111},
            {random.bytes(), 14000},
        };
        const auto wanted = performed(echo_plan(0.7), changes, events, kFrames, settings_for(64, 1));
        for (std::size_t b = 0; b < std::size(kBlocks); ++b) {
            const int workers = 1 + static_cast<int>((b + seed) % 3);
            const auto found = performed(echo_plan(0.7), changes, events, kFrames, settings_for(kBlocks[b], workers));
            ASSERT_EQ(first_difference(found, wanted), "")
                << "seed " << seed << ", blocks of " << kBlocks[b] << ", " << workers << " workers";
        }
    }
}

TEST(HandOver, ThatComesTooLateTakesEffectAtTheNextBlock) {
    const Stream stream(tone(440), settings_for(64, 1));
    stream.take(1000);
    const std::uint32_t plan = hand_over(stream, {tone(220), 500});
    EXPECT_EQ(took_over(stream, plan), -1);
    stream.take(1000);
    EXPECT_EQ(took_over(stream, plan), 1024);
}

TEST(HandOver, InTheCrossfadeBeforeItWaitsForItsEnd) {
    const Stream stream(tone(440), settings_for(64, 1));
    hand_over(stream, {tone(220), 1000});
    stream.take(1100);
    const std::uint32_t next = hand_over(stream, {tone(330), 1200});
    EXPECT_EQ(try_to_prepare(stream, tone(110), amp_hand_over_settings_for(AMP_HAND_OVER_RELOAD)), AMP_E_BUSY);
    stream.take(3000);
    EXPECT_EQ(took_over(stream, next), 1000 + kCrossfade);
}

TEST(HandOver, ThatIsRefusedChangesNothing) {
    const auto wanted = performed(echo_plan(0.5), {}, kHeldNotes, 8000, settings_for(64, 1));
    const Stream stream(echo_plan(0.5), settings_for(64, 1));
    stream.post(kHeldNotes);
    auto found = stream.take(3000);
    PlanBuilder other_rate(44100);
    other_rate.node("tone", "sine").node("out", "output").edge("tone", "out");
    const auto reload = amp_hand_over_settings_for(AMP_HAND_OVER_RELOAD);
    EXPECT_EQ(try_to_prepare(stream, other_rate.bytes(), reload), AMP_E_ARGUMENT);
    EXPECT_EQ(try_to_prepare(stream, tone(440), {9, 0.03, 0}), AMP_E_ARGUMENT);
    EXPECT_EQ(try_to_prepare(stream, tone(440), {0, NAN, 0}), AMP_E_ARGUMENT);
    EXPECT_EQ(try_to_prepare(stream, tone(440), {0, 0.03, -1}), AMP_E_ARGUMENT);
    prepare(stream, tone(440)); // and nobody hands over to it
    EXPECT_EQ(amp_streamer_hand_over(stream.get(), 77, 0), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_streamer_hand_over(stream.get(), 1, 0), AMP_E_ARGUMENT);
    const auto rest = stream.take(5000);
    found.insert(found.end(), rest.begin(), rest.end());
    EXPECT_EQ(first_difference(found, wanted), "");
    EXPECT_EQ(amp_streamer_present_plan(stream.get()), 1U);
}

TEST(HandOver, RefusesMoreChannelsThanTheOutputHasUnlessItHasOne) {
    const Stream one(tone(440, 0.25, 1)), two(tone(440, 0.25, 2));
    const auto reload = amp_hand_over_settings_for(AMP_HAND_OVER_RELOAD);
    EXPECT_EQ(try_to_prepare(one, tone(440, 0.25, 2), reload), AMP_OK);
    EXPECT_EQ(try_to_prepare(two, tone(440, 0.25, 1), reload), AMP_OK);
    EXPECT_EQ(try_to_prepare(two, tone(440, 0.25, 4), reload), AMP_E_ARGUMENT);
}

TEST(HandOver, SpreadsOneChannelToAllAndTakesTheMeanForOne) {
    const auto first = [](int from, int to) {
        return performed(tone(440, 0.25, from), {{tone(440, 0.25, to), 2000}}, {}, 8000, settings_for(64, 1));
    };
    const auto mono = first(1, 1), spread = first(2, 1), mean = first(1, 2);
    EXPECT_EQ(first_difference(mono, mean, 4000), "");
    for (std::size_t f = 4000; f < 8000; ++f) {
        ASSERT_EQ(spread[2 * f], mono[f]);
        ASSERT_EQ(spread[2 * f + 1], mono[f]);
    }
}

TEST(Replace, LetsTheOldPlanRingUntilItsLastNoteHasEnded) {
    const Stream stream(echo_plan(0.5), settings_for(64, 1));
    stream.post({note_on(100, 57), note_off(9000, 57)});
    // A plan without sound: what is heard afterwards is the old one.
    hand_over(stream, {tone(440, 0), 3000, replacing(AMP_HAND_OVER_AFTER_LAST_NOTE, 10)});
    const auto heard = stream.take(30000);
    EXPECT_GT(largest(heard, 8000, 9000), 0.02) << "the held note";
    EXPECT_GT(largest(heard, 13000, 13800), 0.005) << "its last echo";
    EXPECT_EQ(largest(heard, 22000, 30000), 0);
    EXPECT_TRUE(only_one_is_left(stream));
}

TEST(Replace, LetsTheOldPlanRingNoLongerThanTheSetTime) {
    for (const auto kind : {AMP_HAND_OVER_AFTER_LAST_NOTE, AMP_HAND_OVER_AFTER_TIME}) {
        const Stream stream(echo_plan(0.5), settings_for(64, 1));
        stream.post(note_on(100, 57));
        hand_over(stream, {tone(440, 0), 3000, replacing(kind, 0.1)});
        const auto heard = stream.take(12000);
        EXPECT_GT(largest(heard, 7000, 7800), 0.02);
        EXPECT_EQ(largest(heard, 3000 + 4800 + kCrossfade + 49, 12000), 0);
    }
}

TEST(Replace, SendsNewNotesToTheNewPlan) {
    const Stream stream(echo_plan(0.5), settings_for(64, 1));
    hand_over(stream, {tone(440, 0), 3000, replacing(AMP_HAND_OVER_AFTER_LAST_NOTE, 10)});
    stream.post(note_on(3000, 57));
    EXPECT_EQ(largest(stream.take(9000), 0, 9000), 0);
}

TEST(HandOver, CarriesEventsOfOlderPlansToTheSameNode) {
    const auto level_is_heard = [](const char* node, float value) {
        const Stream stream(echo_plan(0.5), settings_for(64, 1));
        amp_event event = set_parameter(6000, stream.node(node), 0, value);
        event.plan = 1;
        stream.post(event);
        stream.post(note_on(100, 57));
        hand_over(stream, {echo_plan(0.5, 4800, true), 2000});
        stream.take(2100);
        hand_over(stream, {echo_plan(0.5), 4000});
        stream.take(4100);
        return largest(stream.take(2000), 0, 2000);
    };
    EXPECT_EQ(level_is_heard("level", 0), 0);
    EXPECT_GT(level_is_heard("level", 0.5F), 0.01);
}

TEST(HandOver, LosesAndCountsEventsForWhatIsNotThereAnyMore) {
    const Stream stream(echo_plan(0.5), settings_for(64, 1));
    amp_event event = set_parameter(6000, stream.node("level"), 0, 1);
    event.plan = 1;
    stream.post(event);
    hand_over(stream, {tone(440), 2000});
    stream.take(8000);
    EXPECT_EQ(amp_streamer_event_counts(stream.get()).lost, 1U);
    event.plan = 7;
    EXPECT_EQ(amp_streamer_post(stream.get(), &event, nullptr), AMP_E_ARGUMENT);
}

TEST(HandOver, IsToldAmongTheAppliedEventsAtItsFrame) {
    auto settings = settings_for(64, 1);
    settings.journal = 1;
    const Stream stream(echo_plan(0.5), settings);
    stream.post({note_on(1999, 57), note_on(2000, 58), note_on(2001, 59)});
    hand_over(stream, {echo_plan(0.7), 2000});
    stream.take(3000);
    const auto applied = applied_events(stream);
    ASSERT_EQ(applied.size(), 4U);
    EXPECT_EQ(applied[1].event.kind, AMP_EVENT_HAND_OVER);
    EXPECT_EQ(applied[1].event.frame, 2000);
    EXPECT_EQ(applied[1].event.plan, 2U);
    EXPECT_EQ(applied[0].event.frame, 1999);
    EXPECT_EQ(applied[2].event.frame, 2000);
}

// What the program has asked for and not given back: how much of it the C library keeps depends on which thread asked.
std::int64_t allocated_bytes() {
    const auto info = mallinfo2();
    return static_cast<std::int64_t>(info.uordblks + info.hblkhd);
}

TEST(HandOver, LeavesNothingBehind) {
    const Stream stream(echo_plan(0.5), settings_for(64, 2));
    const auto reload_many_times = [&] {
        for (int i = 0; i < 100; ++i) {
            hand_over(stream, {echo_plan(i % 2 == 0 ? 0.8 : 0.5, i % 3 == 0 ? 4800 : 9600), 0});
            stream.take(2000);
        }
        stream.take(4000);
        return only_one_is_left(stream);
    };
    EXPECT_TRUE(reload_many_times());
    const std::int64_t before = allocated_bytes();
    EXPECT_TRUE(reload_many_times());
    EXPECT_LT(allocated_bytes() - before, 64 * 1024)
        << "less than 700 bytes a reload; threads that end leave some of theirs";
    const Stream fresh(echo_plan(0.5), settings_for(64, 2));
    EXPECT_EQ(amp_streamer_arena_stats(stream.get()).used, amp_streamer_arena_stats(fresh.get()).used);
}

TEST(Completion, IsAnsweredWhenTheNodesPlanHasEnded) {
    const Stream stream(tone(440), settings_for(64, 1));
    std::atomic<int> answer{-1};
    std::thread waiter(
        [&] { answer = amp_wait_node_completion(stream.get(), 0, 1'000'000, AMP_COMPLETION_WAIT, 20 * kSecond); });
    // However late the waiter begins, it waits for a node of the plan that plays then.
    while (answer == -1) {
        hand_over(stream, {tone(220), 0});
        stream.take(3000);
        amp_streamer_retire(stream.get());
    }
    waiter.join();
    EXPECT_EQ(answer, AMP_E_NOT_FOUND);
}

} // namespace
} // namespace amp::test

// "block": what feeds a reader that a gate holds stands when the reader is as far behind as it may be, and goes on.
#include "support/hand_over.h"
#include "support/plan_align.h"
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace amp::test {
namespace {

using Signal = std::vector<float>;

constexpr int kFrames = 4000;
constexpr int kDeclick = 96; // frames at 48 kHz
constexpr float kStep = 1.0F / (1 << 22);
constexpr int kClose = 0, kOpen = 1;
constexpr int kDelay = 5, kMost = 300;
// The gate closes, reads its last frame, and opens again; the producer stands in between.
constexpr int kShut = 500, kUnread = kShut + kDeclick - 1, kStands = kUnread + kMost - kDelay, kAgain = 3000;
const GateSettings kHold{.while_closed = plan::WhileClosed::hold};

// A ramp that tells each frame of its own by its value, exactly, behind the gate "drop"; the reader may lag kMost.
PlanBuilder blocked_ramp(GateSettings settings = kHold, std::uint64_t most = kMost) {
    PlanBuilder builder;
    builder.node("step", "constant", {.parameters = {{"value", {{double{kStep}}}}}});
    builder.node("ramp", "mix").node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("step", "ramp").edge("ramp", "ramp", {.delay = 1}).edge("ramp", "out", {.delay = kDelay});
    builder.loop({"ramp"}, 1).gate("drop", {2}, settings).max_frames("out", most).blocks("out");
    return builder;
}

float ramp(int frame) { return frame < 0 ? 0 : kStep * static_cast<float>(frame + 1); }

Signal heard(const PlanBuilder& builder, const std::vector<amp_event>& events, int frames = kFrames, int block = 64,
             int workers = 1) {
    return rendered(builder.bytes(), frames, events, block, workers);
}

const std::vector<amp_event> kOnce{set_gate(kShut, 0, kClose), set_gate(kAgain, 0, kOpen)};

TEST(BlockedEdge, StopsItsProducerOnTheExactFrameAndLetsItGoOnWithTheNext) {
    const Signal out = heard(blocked_ramp(), kOnce);
    const int waited = kAgain - kStands; // frames of the stream that the producer has not made
    for (int f = kAgain + kDeclick; f < kFrames; ++f) {
        ASSERT_EQ(out[static_cast<std::size_t>(f)], ramp(f - waited - kMost)) << f;
    }
}

TEST(BlockedEdge, LosesNothingAndRepeatsNothing) {
    const Signal out = heard(blocked_ramp(), kOnce);
    const float weight = 1.0F / kDeclick;
    EXPECT_EQ(out[kUnread - 1], ramp(kUnread - 1 - kDelay) * weight);
    EXPECT_EQ(out[kUnread], 0);
    EXPECT_EQ(out[kAgain - 1], 0);
    EXPECT_EQ(out[kAgain], ramp(kUnread - kDelay) * weight);
}

TEST(BlockedEdge, ThatSkipsGoesOnWithTheNewestFrame) {
    const Signal out =
        heard(blocked_ramp({.while_closed = plan::WhileClosed::hold, .release = plan::GateRelease::skip}), kOnce);
    EXPECT_EQ(out[kFrames - 1], ramp(kFrames - 1 - (kAgain - kStands) - kDelay));
}

TEST(BlockedEdge, LetsItsLagStand) {
    std::vector<amp_event> events = kOnce;
    events.push_back(set_gate(3200, 0, kClose));
    events.push_back(set_gate(3500, 0, kOpen));
    const Signal out = heard(blocked_ramp(), events);
    // The lag is as large as it may be already, so the producer stands as soon as nothing is read.
    const int waited = (kAgain - kStands) + (3500 - (3200 + kDeclick - 1));
    EXPECT_EQ(out[3700], ramp(3700 - waited - kMost));
}

TEST(BlockedEdge, MayStopItsProducerBeforeTheFirstFrame) {
    const Signal out = heard(blocked_ramp({.while_closed = plan::WhileClosed::hold, .open = false}, kDelay),
                             {set_gate(1000, 0, kOpen)});
    EXPECT_EQ(out[2000], ramp(1000 - kDelay));
}

TEST(BlockedEdge, GivesTheSameBitsForEveryBlockAndWorker) {
    const Signal wanted = heard(blocked_ramp(), kOnce);
    for (const int block : {1, 16, 100, 257, 1024}) {
        EXPECT_EQ(heard(blocked_ramp(), kOnce, kFrames, block, 2), wanted) << block;
    }
}

TEST(BlockedEdge, LetsItsWheelGrowToWhatItMayKeep) {
    constexpr int kLong = 20000, kLater = 30000;
    const Signal out =
        heard(blocked_ramp(kHold, kLong), {set_gate(kShut, 0, kClose), set_gate(kLater, 0, kOpen)}, 2 * kLater, 16);
    const int stands = kUnread + kLong - kDelay;
    EXPECT_EQ(out[kLater + 20000], ramp(stands + 20000 - kLong));
}

TEST(BlockedEdge, ThatDrainsNoLongerStopsItsProducer) {
    const Signal out = heard(blocked_ramp(), {set_gate(kShut, 0, kClose), drain_node(1500, 2, true),
                                              drain_node(2500, 2, false), set_gate(2600, 0, kOpen)});
    const int made = kStands + (2600 - 1500), lag = 100;
    EXPECT_EQ(out[3000], ramp(made + 400 - lag - kDelay));
}

TEST(BlockedEdge, IsReadByANodeThatWorksBehindALookAhead) {
    PlanBuilder builder;
    builder.node("step", "constant", {.parameters = {{"value", {{double{kStep}}}}}});
    builder.node("ramp", "mix")
        .node("quiet", "constant")
        .node("late", "limiter")
        .node("level", "gain", {.parameters = {{"gain", {{1}}}}})
        .node("out", "output");
    builder.edge("step", "ramp").edge("ramp", "ramp", {.delay = 1}).edge("ramp", "level", {.delay = kDelay});
    builder.edge("quiet", "late").edge("late", "level.gain", {.gain = {0}}).edge("level", "out");
    builder.loop({"ramp"}, 1).gate("drop", {2}, kHold).blocks("level");
    plan::Description plan = builder.build();
    ASSERT_TRUE(align_latencies(plan));
    const auto late = static_cast<int>(plan.nodes[builder.index("level")].aligned_latency);
    ASSERT_GT(late, 0);
    plan.nodes[builder.index("level")].inputs[0].max_frames = static_cast<std::uint64_t>(kMost + late);
    const Signal out = rendered(encode(plan).bytes, kFrames, kOnce);
    const int waited = kAgain - kStands;
    EXPECT_EQ(out[3500], ramp(3500 - late - waited - kMost));
}

// Two readers of what stands: the one that bears less decides.
TEST(BlockedEdges, StopTheirProducerWhenAnySaysSo) {
    PlanBuilder builder;
    builder.node("step", "constant", {.parameters = {{"value", {{double{kStep}}}}}});
    builder.node("ramp", "mix").node("a", "gain").node("b", "gain").node("out", "output");
    builder.edge("step", "ramp")
        .edge("ramp", "ramp", {.delay = 1})
        .edge("ramp", "a")
        .edge("ramp", "b")
        .edge("b", "out");
    builder.edge("a", "out", {.gain = {0}}).loop({"ramp"}, 1).gate("drop", {2, 3}, kHold);
    builder.max_frames("a", 100).blocks("a").max_frames("b", 2000).blocks("b");
    const Signal out = heard(builder, kOnce);
    EXPECT_EQ(out[3500], ramp(3500 - (kAgain - (kUnread + 100)) - 100));
}

// A level behind the gate that events move.
PlanBuilder blocked_level() {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{0.125}}}}}).node("out", "output");
    builder.edge("level", "out").gate("drop", {0}, kHold).max_frames("out", 200).blocks("out");
    return builder;
}

TEST(WhatStands, IsMovedByEventsAtItsFirstFrameAfter) {
    const Signal out = heard(blocked_level(), {set_gate(kShut, 0, kClose), set_parameter(1500, 0, 0, 0.25F),
                                               set_parameter(1600, 0, 0, 0.5F), set_gate(kAgain, 0, kOpen)});
    // What waited is heard first.
    EXPECT_EQ(out[kAgain + 199], 0.125F);
    EXPECT_EQ(out[kAgain + 200], 0.5F);
}

TEST(WhatStands, IsMovedByEventsInTheirOrder) {
    const Signal out = heard(blocked_level(), {set_gate(kShut, 0, kClose), set_parameter(1600, 0, 0, 0.25F),
                                               set_parameter(1600, 0, 0, 0.5F, 12000), set_gate(kAgain, 0, kOpen)});
    EXPECT_EQ(out[kAgain + 199], 0.125F);
    EXPECT_EQ(out[kAgain + 200], 0.5F);
}

// Voices, a sum of them, and the gate behind it, or nothing.
PlanBuilder voices(bool gated) {
    PlanBuilder builder;
    const Shape lanes{3, 1};
    builder.node("keys", "keys", {.options = {{"voices", 3}}});
    builder.node("tone", "saw", {.shape = lanes}).node("env", "adsr", {.shape = lanes});
    builder.node("vca", "gain", {.shape = lanes, .parameters = {{"gain", {{0}}}}}).node("sum", "mix");
    builder.node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("keys.freq", "tone.freq").edge("keys.gate", "env.gate").edge("tone", "vca").edge("env", "vca.gain");
    builder.edge("vca", "sum", {.gain = {0.1}}).edge("sum", "out").voices("keys", {"tone", "env", "vca"}, 20000);
    if (gated) {
        builder.gate("drop", {5}, kHold).max_frames("out", 200).blocks("out");
    }
    return builder;
}

constexpr int kVoicesStand = kUnread + 200;

// What is read one after the other, but for the fades, is what the voices would have given alone, had the notes come
// when they happened to them.
TEST(WhatStands, GivesWhatItWouldHaveGivenAlone) {
    const int own = kVoicesStand; // its frame of whatever happens while it stands
    const std::vector<amp_event> before{note_on(100, 50), note_on(200, 57), note_on(300, 62)};
    std::vector<amp_event> events = before, alone = before;
    // A note is stolen while it stands, and ends; another one is played and bent.
    for (const auto& [stream, at] : {std::pair{0, own}, std::pair{1, -1}}) {
        std::vector<amp_event>& to = stream == 0 ? alone : events;
        const auto frame = [&](int asked) { return at < 0 ? asked : at; };
        to.push_back(note_on(frame(1200), 70));
        to.push_back(channel_event(frame(1300), AMP_EVENT_PITCH_BEND, 1));
        to.push_back(channel_event(frame(1900), AMP_EVENT_PITCH_BEND, -1));
        to.push_back(note_off(frame(2000), 57));
        to.push_back(note_on(frame(2000), 44));
        to.push_back(note_on(frame(2500), 45));
    }
    events.push_back(set_gate(kShut, 0, kClose));
    events.push_back(set_gate(kAgain, 0, kOpen));
    const Signal wanted = heard(voices(false), alone, 8000);
    for (const int block : {1, 64, 257, 1024}) {
        const Signal out = heard(voices(true), events, 8000, block, 2);
        for (int f = kAgain + kDeclick; f < 8000; ++f) {
            ASSERT_EQ(out[static_cast<std::size_t>(f)], wanted[static_cast<std::size_t>(f - kAgain + kUnread)])
                << "frame " << f << ", blocks of " << block;
        }
    }
}

TEST(WhatStands, HasFinishedTheFramesOfTheStream) {
    const Stream stream(blocked_ramp().bytes());
    stream.post(set_gate(kShut, 0, kClose));
    stream.take(2048);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), stream.node("ramp"), 2048, AMP_COMPLETION_POLL, 0), AMP_OK);
}

std::vector<std::byte> with_more(PlanBuilder builder) { return builder.node("more", "constant").bytes(); }

// A level and what it goes through, which rings for `tail` frames, behind the gate.
constexpr std::uint32_t kThrough = 1;
PlanBuilder blocked_chain(std::uint64_t tail = 0) {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{0.125}}}}}).node("through", "gain", {.tail = tail});
    builder.node("out", "output", {.options = {{"channels", 1}}}).edge("level", "through").edge("through", "out");
    return builder.gate("drop", {1}, kHold).max_frames("out", 200).blocks("out");
}

TEST(WhatStands, IsDrainedFromItsFirstFrameAfter) {
    const std::vector<amp_event> events{set_gate(kShut, 0, kClose), drain_node(1500, kThrough, true),
                                        set_gate(kAgain, 0, kOpen)};
    for (const int block : {1, 64, 257, 1024}) {
        const Signal out = heard(blocked_chain(), events, kFrames, block, 2);
        // What waited is heard first.
        EXPECT_EQ(out[kAgain + 199], 0.125F) << block;
        EXPECT_EQ(out[kAgain + 200], 0.125F * (95.0F / 96)) << block;
        EXPECT_GT(out[kAgain + 294], 0) << block;
        EXPECT_EQ(out[kAgain + 295], 0) << block;
    }
}

TEST(WhatStands, HearsNothingOfADrainThatIsOverBeforeItGoesOn) {
    const Signal out = heard(blocked_chain(), {set_gate(kShut, 0, kClose), drain_node(1500, kThrough, true),
                                               drain_node(1600, kThrough, false), set_gate(kAgain, 0, kOpen)});
    EXPECT_EQ(out, heard(blocked_chain(), kOnce));
}

amp_status drained(const Stream& stream) {
    return amp_wait_node_completion(stream.get(), kThrough, 0, AMP_COMPLETION_DRAIN, 0);
}

// The drain is told as done when its tail has run out in frames that were made, however long that takes.
TEST(WhatStands, IsDrainedWhenItHasMadeItsTailAndNoSooner) {
    constexpr int kTail = 500, kOpens = 7000;
    const Stream stream(blocked_chain(kTail).bytes());
    stream.post({set_gate(kShut, 0, kClose), drain_node(1500, kThrough, true)});
    stream.take(6000);
    EXPECT_EQ(drained(stream), AMP_E_TIMEOUT) << "while it stands";
    stream.post(set_gate(kOpens, 0, kOpen));
    stream.take(kOpens + kTail - 6000);
    EXPECT_EQ(drained(stream), AMP_E_TIMEOUT) << "before its tail has run out";
    stream.take(kDeclick + 64);
    EXPECT_EQ(drained(stream), AMP_OK);
}

TEST(WhatStands, IsDrainedAnewOnceItWasLetGoOn) {
    constexpr int kTail = 500;
    const Stream stream(blocked_chain(kTail).bytes());
    stream.post({drain_node(100, kThrough, true), drain_node(1900, kThrough, false), set_gate(2000, 0, kClose),
                 drain_node(4000, kThrough, true)});
    stream.take(900);
    EXPECT_EQ(drained(stream), AMP_OK);
    stream.take(5100);
    EXPECT_EQ(drained(stream), AMP_E_TIMEOUT);
}

TEST(WhatStands, KeepsItsCountAtAReload) {
    const Signal wanted = performed(blocked_ramp().bytes(), {}, kOnce, kFrames, settings_for(64, 1));
    for (const int block : {16, 100, 1024}) {
        const Signal out = performed(blocked_ramp().bytes(), {{with_more(blocked_ramp()), 2011}}, kOnce, kFrames,
                                     settings_for(block, 2));
        const std::vector<float> end(out.begin() + 3500, out.end()), wanted_end(wanted.begin() + 3500, wanted.end());
        EXPECT_EQ(end, wanted_end) << block;
    }
}

TEST(WhatStands, KeepsItsVoicesAtAReload) {
    const std::vector<amp_event> events{note_on(100, 50),          note_on(200, 57),  set_gate(kShut, 0, kClose),
                                        note_on(1200, 70),         note_on(1300, 71), note_off(2500, 57),
                                        set_gate(kAgain, 0, kOpen)};
    const Signal wanted = performed(voices(true).bytes(), {}, events, 6000, settings_for(64, 1));
    for (const int block : {16, 100, 1024}) {
        for (const int frame : {700, 2011, 3333}) {
            const Signal out = performed(voices(true).bytes(), {{with_more(voices(true)), frame}}, events, 6000,
                                         settings_for(block, 1));
            const std::vector<float> end(out.begin() + 5200, out.end()), same(wanted.begin() + 5200, wanted.end());
            EXPECT_EQ(end, same) << block << ", handed over at " << frame;
        }
    }
}

TEST(WhatStands, BeginsAnewWhereTheNewPlanLetsItRun) {
    PlanBuilder running = blocked_ramp();
    plan::Description plan = running.build();
    plan.nodes[2].inputs[0].overflow = plan::OverflowPolicy::drop_oldest;
    const Signal out =
        performed(blocked_ramp().bytes(), {{encode(plan).bytes, 2000}}, kOnce, kFrames, settings_for(64, 1));
    const Stream latency(blocked_ramp().bytes());
    EXPECT_EQ(out[static_cast<std::size_t>(3500 + latency.latency())], ramp(3500 - 2000 - kMost));
}

TEST(WhatStands, IsDrainedAtAReload) {
    const std::vector<amp_event> events{set_gate(kShut, 0, kClose), drain_node(1500, kThrough, true),
                                        set_gate(kAgain, 0, kOpen)};
    const Signal wanted = performed(blocked_chain().bytes(), {}, events, kFrames, settings_for(64, 1));
    for (const int block : {16, 100, 1024}) {
        for (const int frame : {1400, 1501, 2011}) {
            const Signal out = performed(blocked_chain().bytes(), {{with_more(blocked_chain()), frame}}, events,
                                         kFrames, settings_for(block, 2));
            // Behind the crossfade.
            const Signal end(out.begin() + 3500, out.end()), wanted_end(wanted.begin() + 3500, wanted.end());
            EXPECT_EQ(end, wanted_end) << block << ", handed over at " << frame;
        }
    }
}

} // namespace
} // namespace amp::test

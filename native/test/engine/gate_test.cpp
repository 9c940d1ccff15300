// What is heard through synchrony gates, and when.
#include "support/plan_builder.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace amp::test {
namespace {

using Signal = std::vector<float>;

constexpr int kFrames = 4000;
constexpr int kDeclick = 96; // frames at 48 kHz
constexpr float kStep = 1.0F / (1 << 22);
constexpr int kClose = 0, kOpen = 1, kToggle = 2;
constexpr std::uint32_t kGated = 2; // the edge from the ramp to the output

// A ramp that tells each frame by its value, exactly, behind the gate "drop".
PlanBuilder gated_ramp(GateSettings settings = {}, std::uint64_t delay = 0) {
    PlanBuilder builder;
    builder.node("step", "constant", {.parameters = {{"value", {{double{kStep}}}}}});
    builder.node("ramp", "mix").node("out", "output");
    builder.edge("step", "ramp").edge("ramp", "ramp", {.delay = 1}).edge("ramp", "out", {.delay = delay});
    builder.loop({"ramp"}, 1).gate("drop", {kGated}, settings);
    return builder;
}

float ramp(int frame) { return frame < 0 ? 0 : kStep * static_cast<float>(frame + 1); }

float faded(float from, float to, int position) {
    const float weight = static_cast<float>(position) / kDeclick;
    return to * weight + from * (1 - weight);
}

Signal heard(const PlanBuilder& builder, const std::vector<amp_event>& events, int block = 64, int workers = 1) {
    return rendered(builder.bytes(), kFrames, events, block, workers);
}

TEST(MutingGate, FadesOutFromTheVeryFrameLetsTimeRunOnAndFadesIn) {
    const Signal out = heard(gated_ramp(), {set_gate(1000, 0, kClose), set_gate(2001, 0, kOpen)});
    for (int f = 0; f < kFrames; ++f) {
        const float wanted = f < 1000                  ? ramp(f)
                             : f < 1000 + kDeclick - 1 ? faded(0, ramp(f), kDeclick - 1 - (f - 1000))
                             : f < 2001                ? 0
                             : f < 2001 + kDeclick - 1 ? faded(0, ramp(f), f - 2001 + 1)
                                                       : ramp(f);
        ASSERT_EQ(out[static_cast<std::size_t>(f)], wanted) << f;
    }
}

TEST(MutingGate, ThatChangesDuringAFadeTurnsRound) {
    const Signal out = heard(gated_ramp(), {set_gate(1000, 0, kClose), set_gate(1010, 0, kOpen)});
    for (int f = 1000; f < 1030; ++f) {
        const int position = f < 1010 ? kDeclick - 1 - (f - 1000) : std::min(kDeclick, kDeclick - 10 + (f - 1010) + 1);
        ASSERT_EQ(out[static_cast<std::size_t>(f)], position == kDeclick ? ramp(f) : faded(0, ramp(f), position)) << f;
    }
}

TEST(MutingGate, OnAParameterTakesTheModulationAway) {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{0.01}}}}});
    builder.node("depth", "constant", {.parameters = {{"value", {{2}}}}});
    builder.node("vca", "gain", {.parameters = {{"gain", {{1}}}}}).node("out", "output");
    builder.edge("level", "vca").edge("depth", "vca.gain").edge("vca", "out").gate("drop", {1});
    const Signal out = heard(builder, {set_gate(500, 0, kClose)});
    EXPECT_EQ(out[499], 0.01F * 3);
    EXPECT_EQ(out[500 + kDeclick], 0.01F);
}

TEST(HoldingGate, GoesOnWithTheVeryNextFrameSoThatNothingIsLostOrRepeated) {
    constexpr int kShut = 1000, kAgain = 3001;
    const Signal out = heard(gated_ramp({.while_closed = plan::WhileClosed::hold}),
                             {set_gate(kShut, 0, kClose), set_gate(kAgain, 0, kOpen)});
    const int lag = kAgain - (kShut + kDeclick - 1);
    for (int f = kShut + kDeclick - 1; f < kFrames; ++f) {
        const float wanted = f < kAgain                  ? 0
                             : f < kAgain + kDeclick - 1 ? faded(0, ramp(f - lag), f - kAgain + 1)
                                                         : ramp(f - lag);
        ASSERT_EQ(out[static_cast<std::size_t>(f)], wanted) << f;
    }
}

TEST(HoldingGate, ThatSkipsGoesOnWithThePresent) {
    const Signal out = heard(gated_ramp({.while_closed = plan::WhileClosed::hold, .release = plan::GateRelease::skip}),
                             {set_gate(1000, 0, kClose), set_gate(3001, 0, kOpen)});
    EXPECT_EQ(out[3001], faded(0, ramp(3001), 1));
    EXPECT_EQ(out[3500], ramp(3500));
}

TEST(HoldingGate, AddsUpWhatSeveralClosingsHold) {
    const Signal out = heard(gated_ramp({.while_closed = plan::WhileClosed::hold}, 10),
                             {set_gate(500, 0, kToggle), set_gate(1000, 0, kToggle), set_gate(2000, 0, kToggle),
                              set_gate(2500, 0, kToggle)});
    EXPECT_EQ(out[3000], ramp(3000 - 10 - 2 * (500 - (kDeclick - 1))));
}

TEST(HoldingGate, DropsTheOldestBeyondTheMostThatItsReaderMayLag) {
    PlanBuilder builder = gated_ramp({.while_closed = plan::WhileClosed::hold}, 5);
    builder.max_frames("out", 300);
    const Signal out = heard(builder, {set_gate(500, 0, kClose), set_gate(3000, 0, kOpen)});
    EXPECT_EQ(out[3000], faded(0, ramp(3000 - 300), 1));
    EXPECT_EQ(out[3999], ramp(3999 - 300));
}

TEST(HoldingGate, ThatIsClosedAtTheStartKeepsTheFirstFrame) {
    const Signal out =
        heard(gated_ramp({.while_closed = plan::WhileClosed::hold, .open = false}), {set_gate(1500, 0, kOpen)});
    EXPECT_EQ(out[1499], 0);
    EXPECT_EQ(out[1500], faded(0, ramp(0), 1));
    EXPECT_EQ(out[3000], ramp(1500));
}

// Noise through the three taps of one group, whose sum is heard; the first stands behind a gate.
PlanBuilder three_taps(plan::WhileClosed while_closed) {
    PlanBuilder builder;
    builder.node("noise", "noise").node("filter", "svf").node("low", "mix").node("high", "mix").node("band", "mix");
    builder.node("out", "output").edge("noise", "filter");
    builder.edge("filter.low", "low").edge("filter.high", "high").edge("filter.band", "band");
    builder.edge("low", "out", {.gain = {0.1}})
        .edge("high", "out", {.gain = {0.1}})
        .edge("band", "out", {.gain = {0.1}});
    return builder.gate("stop", {1}, {.while_closed = while_closed});
}

TEST(HoldingGate, ThatStallsOneTapOfAGroupMakesNoOtherLate) {
    constexpr int kBlock = 16, kBlocks = 10000;
    const std::vector<amp_event> closed{set_gate(100, 0, kClose)};
    const auto play = [&](plan::WhileClosed while_closed, int workers) {
        const Stream stream(three_taps(while_closed).bytes(), settings_for(kBlock, workers));
        stream.post(closed);
        const Signal out = stream.take(kBlock * kBlocks);
        for (const char* node : {"high", "band"}) {
            EXPECT_EQ(
                amp_wait_node_completion(stream.get(), stream.node(node), kBlock * kBlocks, AMP_COMPLETION_POLL, 0),
                AMP_OK);
        }
        return out;
    };
    const Signal wanted = play(plan::WhileClosed::mute, 1);
    for (const int workers : {1, 3}) {
        EXPECT_TRUE(play(plan::WhileClosed::hold, workers) == wanted) << workers << " workers";
    }
}

TEST(SamplingGate, HoldsTheLastFrameAndGlidesToThePresent) {
    const Signal out = heard(gated_ramp({.while_closed = plan::WhileClosed::sample}),
                             {set_gate(1000, 0, kClose), set_gate(2000, 0, kOpen)});
    for (int f = 990; f < 2200; ++f) {
        const float wanted = f < 1000                  ? ramp(f)
                             : f < 2000                ? ramp(999)
                             : f < 2000 + kDeclick - 1 ? faded(ramp(999), ramp(f), f - 2000 + 1)
                                                       : ramp(f);
        ASSERT_EQ(out[static_cast<std::size_t>(f)], wanted) << f;
    }
}

TEST(QuantizedGate, ChangesOnTheGridOfTheTransport) {
    GateSettings settings;
    settings.quantize = {1.0 / 64, plan::ValueUnit::whole_notes};
    PlanBuilder builder = gated_ramp(settings);
    builder.stream.tempo = 121; // a 64th is 1487.6 frames
    const Signal out = heard(builder, {set_gate(10, 0, kClose), set_gate(1488, 0, kOpen)});
    EXPECT_EQ(out[1487], ramp(1487));
    EXPECT_EQ(out[1488], ramp(1488)) << "what was asked last on the grid's frame counts";
    const Signal closing = heard(builder, {set_gate(10, 0, kClose), set_gate(1489, 0, kOpen)});
    EXPECT_EQ(closing[1487], ramp(1487));
    EXPECT_EQ(closing[1488], faded(0, ramp(1488), kDeclick - 1));
    EXPECT_EQ(closing[2974], 0);
    EXPECT_EQ(closing[2975], faded(0, ramp(2975), 1));
}

TEST(SignalledGate, FollowsASignalOfThePatchJudgedOnTicks) {
    PlanBuilder builder;
    builder.node("high", "constant", {.parameters = {{"value", {{1}}}}});
    builder.node("pulse", "gain", {.parameters = {{"gain", {{1}}}}});
    builder.node("level", "constant", {.parameters = {{"value", {{0.01}}}}}).node("out", "output");
    builder.edge("high", "pulse").edge("level", "out").gate("drop", {1}, {.signals = {"pulse"}});
    const Signal out = heard(builder, {set_parameter(1000, 1, 0, 0), set_parameter(2000, 1, 0, 1)});
    EXPECT_EQ(out[1023], 0.01F);
    EXPECT_EQ(out[1024], faded(0, 0.01F, kDeclick - 1)) << "1024 is the first tick after the signal has fallen";
    EXPECT_EQ(out[2047], 0);
    EXPECT_EQ(out[2048], faded(0, 0.01F, 1));
}

TEST(Gates, OverSeveralEdgesChangeThemAllOnOneFrame) {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{0.01}}}}});
    builder.node("a", "gain").node("b", "gain").node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("level", "a").edge("level", "b").edge("a", "out").edge("b", "out").gate("drop", {0, 1});
    const Signal out = heard(builder, {set_gate(100, 0, kClose)});
    const float one = faded(0, 0.01F, kDeclick - 1);
    EXPECT_EQ(out[99], 0.02F);
    EXPECT_EQ(out[100], one + one);
}

TEST(Gates, OpenedAndClosedWithinABlockGiveTheSameBitsForAllBlocksAndWorkers) {
    for (const plan::WhileClosed mode : {plan::WhileClosed::mute, plan::WhileClosed::sample, plan::WhileClosed::hold}) {
        std::vector<amp_event> events;
        for (int f = 3, step = 1; f < kFrames; f += step, step = step * 5 % 211 + 1) {
            events.push_back(set_gate(f, 0, kToggle));
        }
        const PlanBuilder builder = gated_ramp({.while_closed = mode}, 70);
        const Signal wanted = heard(builder, events, 1);
        for (const int block : {16, 64, 100, 257, 1024}) {
            for (const int workers : {1, 3}) {
                ASSERT_EQ(heard(builder, events, block, workers), wanted)
                    << block << " frames, " << workers << " workers";
            }
        }
    }
}

TEST(Gates, InALoopActFrameByFrame) {
    for (const int block : {1, 64, 1024}) {
        // An echo of one frame whose feedback is gated: closed, only the input is left.
        PlanBuilder builder;
        builder.node("level", "constant", {.parameters = {{"value", {{0.001}}}}})
            .node("echo", "mix")
            .node("out", "output");
        builder.edge("level", "echo").edge("echo", "echo", {.delay = 1, .gain = {0.5}}).edge("echo", "out");
        builder.loop({"echo"}, 1).gate("drop", {1});
        const Signal out = heard(builder, {set_gate(1000, 0, kClose), set_gate(1500, 0, kOpen)}, block);
        EXPECT_NEAR(out[999], 0.002F, 1e-8F);
        EXPECT_EQ(out[1000 + kDeclick], 0.001F);
        EXPECT_NEAR(out[2000], 0.002F, 1e-8F);
    }
}

TEST(Drain, EndsWhatEntersTheComponentAndLetsItInAgain) {
    const Signal out = heard(gated_ramp(), {drain_node(1000, 2, true), drain_node(2000, 2, false)});
    EXPECT_EQ(out[999], ramp(999));
    EXPECT_EQ(out[1000], faded(0, ramp(1000), kDeclick - 1));
    EXPECT_EQ(out[1000 + kDeclick], 0);
    EXPECT_EQ(out[2000], faded(0, ramp(2000), 1));
    EXPECT_EQ(out[2000 + kDeclick], ramp(2000 + kDeclick));
}

TEST(Drain, LeavesTheEdgesInsideALoop) {
    // The ramp's own loop goes on with what it has, once nothing enters it.
    const Signal out = heard(gated_ramp(), {drain_node(1000, 1, true)});
    EXPECT_EQ(out[3000], out[1000 + kDeclick]);
    EXPECT_GT(out[3000], ramp(1000));
}

} // namespace
} // namespace amp::test

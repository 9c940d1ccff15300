#include "plan/layout.h"
#include "plan/sample_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace amp::test {
namespace {

plan::Layout layout_of(const plan::Description& plan, int block, int in_flight) {
    auto made = plan::lay_out(plan, {block, in_flight});
    EXPECT_TRUE(made.ok());
    return std::move(made.value());
}

// A tone that is heard `delay` frames late.
plan::Description delayed_tone(std::uint64_t delay, Shape shape = {1, 1}) {
    PlanBuilder builder;
    builder.node("tone", "sine", {.shape = shape}).node("out", "output").edge("tone", "out", {.delay = delay});
    return builder.build();
}

TEST(Layout, GivesAWheelRoomForItsLongestDelayAndAllBlocksInFlight) {
    EXPECT_EQ(layout_of(delayed_tone(0), 64, 1).wheels[0].capacity, 64);
    EXPECT_EQ(layout_of(delayed_tone(0), 64, 8).wheels[0].capacity, 512);
    EXPECT_EQ(layout_of(delayed_tone(64), 64, 1).wheels[0].capacity, 128);
    EXPECT_EQ(layout_of(delayed_tone(65), 64, 1).wheels[0].capacity, 192);
    EXPECT_EQ(layout_of(delayed_tone(1000), 100, 3).wheels[0].capacity, 1300);
    EXPECT_EQ(layout_of(delayed_tone(1001), 100, 3).wheels[0].capacity, 1400);
    EXPECT_EQ(layout_of(delayed_tone(5), 1, 1).wheels[0].capacity, 6);
}

TEST(Layout, TakesTheLongestOfAWheelsReaders) {
    PlanBuilder builder;
    builder.node("tone", "sine").node("out", "output");
    builder.edge("tone", "out", {.delay = 10}).edge("tone", "out", {.delay = 700}).edge("tone", "out", {.delay = 3});
    EXPECT_EQ(layout_of(builder.build(), 64, 1).wheels[0].capacity, 768);
}

TEST(Layout, CountsTheAlignmentIntoTheDelay) {
    plan::Description plan = delayed_tone(100);
    plan.edges[0].alignment = 200;
    EXPECT_EQ(layout_of(plan, 50, 1).wheels[0].capacity, 350);
    EXPECT_EQ(layout_of(plan, 50, 8).dependencies.front().lag, 6U);
}

TEST(Layout, KnowsWhichWheelsAreRead) {
    PlanBuilder builder = small_plan();
    builder.node("unheard", "sine");
    const plan::Layout layout = layout_of(builder.build(), 64, 1);
    EXPECT_TRUE(layout.wheels[layout.first_wheel[builder.index("tone")]].read);
    EXPECT_TRUE(layout.wheels[layout.first_wheel[builder.index("out")]].read);
    EXPECT_FALSE(layout.wheels[layout.first_wheel[builder.index("unheard")]].read);
}

TEST(Layout, PadsLanesToWholeRegisters) {
    for (const auto& [batch, lanes] : {std::pair{1, 1}, {2, 2}, {3, 4}, {5, 8}, {9, 16}, {17, 32}, {100, 112}}) {
        EXPECT_EQ(layout_of(delayed_tone(0, {batch, 1}), 64, 1).wheels[0].lanes, lanes) << batch;
    }
}

TEST(Layout, LetsAReaderLagByTheWholeBlocksOfItsDelay) {
    const auto lag = [](std::uint64_t delay, int block) {
        return layout_of(delayed_tone(delay), block, 64).dependencies.front().lag;
    };
    EXPECT_EQ(lag(0, 64), 0U);
    EXPECT_EQ(lag(63, 64), 0U);
    EXPECT_EQ(lag(64, 64), 1U);
    EXPECT_EQ(lag(127, 64), 1U);
    EXPECT_EQ(lag(6400, 64), 100U);
    EXPECT_EQ(lag(3, 1), 3U);
}

TEST(Layout, CutsALoopsQuantumToTheBlock) {
    PlanBuilder builder;
    builder.node("bus", "mix").node("echo", "gain").node("out", "output");
    builder.edge("echo", "bus", {.delay = 300}).edge("bus", "echo").edge("bus", "out").loop({"bus", "echo"}, 256);
    const auto quantum = [&](int block) { return layout_of(builder.build(), block, 1).quanta.front(); };
    EXPECT_EQ(quantum(4096), 256);
    EXPECT_EQ(quantum(256), 256);
    EXPECT_EQ(quantum(255), 128);
    EXPECT_EQ(quantum(100), 64);
    EXPECT_EQ(quantum(1), 1);
}

TEST(Layout, LetsWhatIsNoLoopRunWholeBlocks) {
    EXPECT_EQ(layout_of(small_plan().build(), 100, 1).quanta, (std::vector<int>{100, 100}));
}

TEST(Layout, RefusesAPlanOfMoreThanSixteenGibibytes) {
    const auto made = plan::lay_out(delayed_tone(std::uint64_t{1} << 32, {1, 2}), {64, 1});
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().kind, ErrorKind::no_memory);
    EXPECT_NE(made.error().message.find("node tone"), std::string::npos);
}

// Voices with an envelope that leave into a sum.
PlanBuilder voices(NodeSettings tone = {}) {
    PlanBuilder builder;
    tone.shape = {4, 1};
    builder.node("keys", "keys", {.options = {{"voices", 4}}})
        .node("env", "adsr", {.shape = {4, 1}})
        .node("tone", "gain", tone)
        .node("out", "output")
        .edge("keys.gate", "env.gate")
        .edge("keys.gate", "tone")
        .edge("env", "tone.gain")
        .edge("tone", "out");
    return builder;
}

TEST(Layout, LetsVoicesSleepWhenTheirEnvelopesEnd) {
    PlanBuilder builder = voices();
    builder.voices("keys", {"env", "tone"});
    EXPECT_TRUE(layout_of(builder.build(), 64, 1).sleeps[0]);
}

TEST(Layout, LetsSumsOfVoicesWaitForTheirEnvelopes) {
    PlanBuilder builder = voices();
    builder.voices("keys", {"env", "tone"});
    const plan::Layout layout = layout_of(builder.build(), 64, 4);
    EXPECT_TRUE(std::ranges::any_of(layout.dependencies, [](const run::Dependency& dependency) {
        return dependency.from == 1 && dependency.to == 3 && dependency.lag == 0;
    }));
}

// Two tones that a gate brings to two places, the second `delay` frames late; a third one moves the gate.
plan::Description gated_tones(std::uint64_t delay) {
    PlanBuilder builder;
    builder.node("a", "sine").node("b", "sine").node("mover", "square");
    builder.node("low", "gain").node("out", "output");
    builder.edge("a", "low").edge("b", "out", {.delay = delay}).edge("low", "out");
    plan::Description plan = builder.build();
    plan.gates = {{"both", plan::WhileClosed::mute, plan::GateRelease::resume, true, {0}, {0, 1}, {{2, 0}}}};
    plan.edges[0].gate = plan.edges[1].gate = 0;
    return plan;
}

// How many blocks `to` lags behind `from`, as often as the layout says so.
std::vector<std::uint32_t> lags(const plan::Layout& layout, std::uint32_t from, std::uint32_t to) {
    std::vector<std::uint32_t> found;
    for (const run::Dependency& dependency : layout.dependencies) {
        if (dependency.from == from && dependency.to == to) {
            found.push_back(dependency.lag);
        }
    }
    return found;
}

TEST(Layout, LetsEveryConsumerOfAGateWaitForEveryMember) {
    const plan::Layout layout = layout_of(gated_tones(130), 64, 4);
    EXPECT_EQ(lags(layout, 0, 4), std::vector<std::uint32_t>{0});
    EXPECT_EQ(lags(layout, 1, 3), std::vector<std::uint32_t>{2});
    EXPECT_EQ(lags(layout, 1, 4), std::vector<std::uint32_t>{2}); // its own edge
}

TEST(Layout, LetsConsumersOfAGateReadItsSignals) {
    plan::Description plan = gated_tones(0);
    const plan::Layout layout = layout_of(plan, 64, 4);
    EXPECT_TRUE(layout.wheels[layout.first_wheel[2]].read);
    EXPECT_EQ(layout.wheels[layout.first_wheel[2]].capacity, 256);
    EXPECT_EQ(lags(layout, 2, 3), std::vector<std::uint32_t>{0});
    EXPECT_EQ(lags(layout, 2, 4), std::vector<std::uint32_t>{0});
}

TEST(Layout, KeepsASignalForConsumersThatAreLate) {
    plan::Description plan = gated_tones(0);
    plan.nodes[3].aligned_latency = plan.nodes[4].aligned_latency = 200;
    plan.nodes[2].latency = 10;
    const plan::Layout layout = layout_of(plan, 64, 1);
    EXPECT_EQ(layout.wheels[layout.first_wheel[2]].capacity, 256);
    EXPECT_EQ(lags(layout, 2, 3), std::vector<std::uint32_t>{2});
}

TEST(Layout, LetsVoicesNeverSleepWhileAGateHoldsFramesAmongThem) {
    PlanBuilder builder = voices();
    builder.voices("keys", {"env", "tone"});
    plan::Description plan = builder.build();
    plan.gates = {{"inside", plan::WhileClosed::mute, plan::GateRelease::resume, true, {0}, {1}, {}}};
    plan.edges[1].gate = 0;
    EXPECT_TRUE(layout_of(plan, 64, 1).sleeps[0]);
    plan.gates[0].while_closed = plan::WhileClosed::hold;
    EXPECT_FALSE(layout_of(plan, 64, 1).sleeps[0]);
}

TEST(Layout, LetsVoicesNeverSleepThatMoveAGate) {
    PlanBuilder builder = voices();
    builder.voices("keys", {"env", "tone"});
    plan::Description plan = builder.build();
    plan.gates = {{"follow", plan::WhileClosed::mute, plan::GateRelease::resume, true, {0}, {3}, {{1, 0}}}};
    plan.edges[3].gate = 0;
    EXPECT_FALSE(layout_of(plan, 64, 1).sleeps[0]);
}

TEST(Layout, LetsVoicesWithoutAnEnvelopeNeverSleep) {
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 4}}})
        .node("tone", "sine", {.shape = {4, 1}})
        .node("out", "output")
        .edge("keys.freq", "tone.freq")
        .edge("tone", "out")
        .voices("keys", {"tone"});
    EXPECT_FALSE(layout_of(builder.build(), 64, 1).sleeps[0]);
}

TEST(Layout, LetsVoicesWithAnEndlessTailNeverSleep) {
    PlanBuilder builder = voices({.tail = plan::kEndlessFrames});
    builder.voices("keys", {"env", "tone"});
    EXPECT_FALSE(layout_of(builder.build(), 64, 1).sleeps[0]);
}

TEST(Layout, LetsVoicesInALoopNeverSleep) {
    PlanBuilder builder = voices();
    builder.edge("tone", "tone", {.delay = 10}).loop({"tone"}, 8).voices("keys", {"env", "tone"});
    EXPECT_FALSE(layout_of(builder.build(), 64, 1).sleeps[0]);
}

TEST(Layout, LetsVoicesNeverSleepThatLeaveBeforeTheirEnvelopeRuns) {
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 4}}})
        .node("bus", "mix")
        .node("env", "adsr", {.shape = {4, 1}})
        .node("out", "output")
        .edge("keys.gate", "bus")
        .edge("bus", "out")
        .edge("keys.gate", "env.gate")
        .voices("keys", {"env"});
    EXPECT_FALSE(layout_of(builder.build(), 64, 1).sleeps[0]);
}

} // namespace
} // namespace amp::test

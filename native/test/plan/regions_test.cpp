// What blocking edges may stop: the engine's own check, whatever a planner says.
#include "plan/check.h"
#include "plan/regions.h"
#include "support/plan_align.h"
#include "support/plan_builder.h"

#include <gtest/gtest.h>

#include <string>

namespace amp::test {
namespace {

using plan::WhileClosed;
const GateSettings kHold{.while_closed = WhileClosed::hold};

// source -> shaper -> reader -> out, with what is added, behind the gate "stop".
PlanBuilder held(void (*add)(PlanBuilder&) = nullptr, GateSettings settings = kHold) {
    PlanBuilder builder;
    builder.node("source", "sine").node("shaper", "gain").node("reader", "gain").node("out", "output");
    builder.edge("source", "shaper").edge("shaper", "reader").edge("reader", "out").blocks("reader");
    if (add != nullptr) {
        add(builder);
    }
    return builder.gate("stop", {1}, settings);
}

std::string said(const PlanBuilder& builder) { return plan::check(builder.build()).value_or("nothing"); }

TEST(Regions, HoldAllThatHangsTogetherWithWhatABlockingEdgeReads) {
    const plan::Description plan =
        held([](PlanBuilder& builder) { builder.node("deaf", "gain").edge("source", "deaf"); }).build();
    ASSERT_EQ(plan::check(plan), std::nullopt);
    const auto regions = plan::find_regions(plan);
    ASSERT_EQ(regions.size(), 1U);
    EXPECT_EQ(regions[0].nodes, (std::vector<std::uint32_t>{0, 1, 4}));
    EXPECT_EQ(regions[0].edges, (std::vector<std::uint32_t>{1}));
}

TEST(Regions, AreNoneWhereAGateDoesNotHold) {
    EXPECT_TRUE(plan::find_regions(held(nullptr, {.while_closed = WhileClosed::mute}).build()).empty());
}

TEST(Regions, MayNotFeedAnOutput) {
    EXPECT_EQ(said(held([](PlanBuilder& builder) { builder.edge("source", "out"); })),
              "the edge from shaper to reader blocks, but reader would be stopped with shaper");
}

TEST(Regions, MayNotModulateWhatPlaysOn) {
    EXPECT_EQ(said(held([](PlanBuilder& builder) { builder.edge("source", "reader.gain"); })),
              "the edge from shaper to reader blocks, but reader would be stopped with shaper");
}

TEST(Regions, MayNotStarveAnOutputOfTheirOwn) {
    EXPECT_EQ(said(held([](PlanBuilder& builder) { builder.node("other", "output").edge("source", "other"); })),
              "the edge from shaper to reader blocks, but it would starve other");
}

TEST(Regions, MayNotMoveTheirOwnGate) {
    EXPECT_EQ(said(held(nullptr, {.while_closed = WhileClosed::hold, .signals = {"source"}})),
              "the edge from shaper to reader blocks, but reader would be stopped with shaper");
}

TEST(Regions, MayNotLeaveThroughTwoGates) {
    EXPECT_EQ(said(held([](PlanBuilder& builder) {
                  builder.node("more", "gain").node("end", "output").edge("source", "more").edge("more", "end");
                  builder.blocks("more").gate("other", {3}, kHold);
              })),
              "the edge from shaper to reader blocks, but what feeds it leaves through gate other besides stop");
}

TEST(Regions, MayNotBeNested) {
    PlanBuilder builder;
    builder.node("deep", "sine").node("shaper", "gain").node("reader", "gain").node("out", "output");
    builder.edge("deep", "shaper").edge("shaper", "reader").edge("reader", "out").blocks("shaper").blocks("reader");
    builder.gate("deeper", {0}, kHold).gate("stop", {1}, kHold);
    EXPECT_EQ(
        said(builder),
        "the edge from shaper to reader blocks, but it would stop shaper, before which the edge from deep blocks");
}

TEST(Regions, MayNotWorkBehindALookAhead) {
    PlanBuilder builder;
    builder.node("source", "sine").node("ahead", "limiter").node("shaper", "gain").node("reader", "gain");
    builder.node("out", "output").edge("source", "ahead").edge("ahead", "shaper").edge("shaper", "reader");
    builder.edge("reader", "out").blocks("reader").gate("stop", {2}, kHold);
    plan::Description plan = builder.build();
    ASSERT_TRUE(align_latencies(plan));
    EXPECT_EQ(plan::check(plan).value_or("nothing"),
              "the edge from shaper to reader blocks, but shaper, which it would stop, works behind a look-ahead");
}

TEST(Regions, MayNotBeStoppedByWhatRunsAfterThem) {
    PlanBuilder builder;
    builder.node("source", "sine").node("mover", "lfo").node("reader", "gain").node("out", "output");
    builder.edge("source", "reader").edge("reader", "out").blocks("reader");
    builder.gate("stop", {0}, {.while_closed = WhileClosed::hold, .signals = {"mover"}});
    EXPECT_EQ(said(builder),
              "the edge from source to reader blocks, but mover, a signal of gate stop, runs too late to stop it");
}

} // namespace
} // namespace amp::test

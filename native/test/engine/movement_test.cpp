// What is heard of parameters and edges that move.
#include "control/movement.h"
#include "support/plan_builder.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace amp::test {
namespace {

using control::Movement;
using Signal = std::vector<float>;

constexpr int kFrames = 3000;
constexpr float kLevel = 0.01F;
constexpr double kMover = 0.3;
constexpr std::uint32_t kGain = 0; // of gain nodes

struct Step {
    int frame;
    float target;
    control::MovementLimits limits;
};

// The values of a movement, frame by frame; steps come in order.
Signal way(float from, const std::vector<Step>& steps, int frames = kFrames) {
    Movement movement(from);
    Signal values;
    for (int f = 0; f < frames; ++f) {
        for (const Step& step : steps) {
            if (step.frame == f) {
                movement.start(step.target, step.limits, 48000);
            }
        }
        values.push_back(movement.next());
    }
    return values;
}

Signal scaled(Signal signal, float factor) {
    for (float& sample : signal) {
        sample *= factor;
    }
    return signal;
}

void constant(PlanBuilder& builder, const char* id, double value) {
    builder.node(id, "constant", {.parameters = {{"value", {{value}}}}});
}

// A steady level behind a gain of 0.25, beside another one.
PlanBuilder level_and_gain(std::map<std::string, plan::Slew> slews = {}) {
    PlanBuilder builder;
    constant(builder, "mover", kMover);
    constant(builder, "level", kLevel);
    builder.node("vca", "gain", {.parameters = {{"gain", {{0.25}}}}, .slews = std::move(slews)});
    builder.node("out", "output").edge("level", "vca").edge("vca", "out");
    return builder;
}

constexpr std::uint32_t kVca = 2;
const plan::Slew kSlew{true, true, false, 20, 4000, 0};

TEST(MovingParameter, GoesTheWayOfItsEventsLimitsFromItsFrameOn) {
    const Signal heard =
        rendered(level_and_gain().bytes(), kFrames, {set_parameter(333, kVca, kGain, 1, 50, 20000)}, 100);
    EXPECT_EQ(heard, scaled(way(0.25F, {{333, 1, {50, 20000}}}), kLevel));
}

TEST(MovingParameter, GoesTheWayOfThePlansLimitsWhereAnEventHasNone) {
    const auto bytes = level_and_gain({{"gain", kSlew}}).bytes();
    EXPECT_EQ(rendered(bytes, kFrames, {set_parameter(100, kVca, kGain, 0.5F)}),
              scaled(way(0.25F, {{100, 0.5F, {20, 4000}}}), kLevel));
    EXPECT_EQ(rendered(bytes, kFrames, {set_parameter(100, kVca, kGain, 0.5F, 7)}),
              scaled(way(0.25F, {{100, 0.5F, {7, 0}}}), kLevel));
}

TEST(MovingParameter, IsThereAtOnceWithoutAnyLimit) {
    const Signal heard = rendered(level_and_gain().bytes(), kFrames, {set_parameter(100, kVca, kGain, 1)});
    EXPECT_EQ(heard, scaled(way(0.25F, {{100, 1, {}}}), kLevel));
}

TEST(MovingParameter, GoesOnFromThePresentValueAndSpeed) {
    const Signal heard = rendered(level_and_gain({{"gain", kSlew}}).bytes(), kFrames,
                                  {set_parameter(10, kVca, kGain, 1), set_parameter(700, kVca, kGain, -1)}, 16);
    EXPECT_EQ(heard, scaled(way(0.25F, {{10, 1, {20, 4000}}, {700, -1, {20, 4000}}}), kLevel));
}

TEST(MovingParameter, ThatIsSetTwiceInAFrameTakesTheEventsInTheirOrder) {
    const Signal heard = rendered(level_and_gain().bytes(), kFrames,
                                  {set_parameter(50, kVca, kGain, 1), set_parameter(50, kVca, kGain, -1, 100),
                                   set_parameter(900, kVca, kGain, 0.75F, 3), set_parameter(900, kVca, kGain, 0.5F)});
    EXPECT_EQ(heard, scaled(way(0.25F, {{50, 1, {}}, {50, -1, {100, 0}}, {900, 0.5F, {}}}), kLevel));
}

TEST(MovingParameter, StopsAtTheEndOfItsRange) {
    const Signal heard = rendered(level_and_gain().bytes(), kFrames, {set_parameter(0, kVca, kGain, 1000, 20000)});
    EXPECT_EQ(heard, scaled(way(0.25F, {{0, 16, {20000, 0}}}), kLevel));
}

TEST(MovingParameter, StaysInItsRangeWhenItTurnsRoundSlowly) {
    constexpr float kMost = 16; // of a gain
    const Signal heard =
        rendered(level_and_gain().bytes(), 4 * kFrames,
                 {set_parameter(0, kVca, kGain, 15.9F), set_parameter(10, kVca, kGain, kMost, 80, 128000),
                  set_parameter(50, kVca, kGain, 0, 1280, 2000)});
    EXPECT_EQ(*std::ranges::max_element(heard), kLevel * kMost);
    EXPECT_LT(heard.back(), kLevel * kMost);
}

TEST(MovingParameter, TakesEachLaneFromItsOwnValue) {
    PlanBuilder builder;
    constant(builder, "level", kLevel);
    builder.node("lanes", "gain", {.shape = {3, 1}, .parameters = {{"gain", {{0.25}, {0.5}, {1}}}}});
    builder.node("out", "output").edge("level", "lanes").edge("lanes", "out");
    const Signal heard = rendered(builder.bytes(), kFrames, {set_parameter(100, 1, kGain, 0.5F, 30)});
    Signal wanted(kFrames, 0.0F);
    for (const float base : {0.25F, 0.5F, 1.0F}) {
        const Signal lane = way(base, {{100, 0.5F, {30, 0}}});
        std::ranges::transform(wanted, lane, wanted.begin(), [](float sum, float gain) { return sum + gain * kLevel; });
    }
    for (std::size_t f = 0; f < heard.size(); ++f) {
        ASSERT_NEAR(heard[f], wanted[f], 2e-9F) << f;
    }
}

// ---- while signals move it too ----

constexpr double kDepth = 0.7;

// The gain while an edge of `settings` modulates it and its base moves, or the depth does.
Signal modulated_gain(const EdgeSettings& settings, const std::vector<amp_event>& events) {
    PlanBuilder builder = level_and_gain();
    builder.edge("mover", "vca.gain", settings);
    return rendered(builder.bytes(), kFrames, events, 257);
}

const EdgeSettings kModes[] = {{.gain = {kDepth}},
                               {.gain = {kDepth}, .mode = plan::EdgeMode::scale},
                               {.gain = {kDepth}, .scale = plan::EdgeScale::octaves}};

float modulated(const EdgeSettings& mode, float base, float depth) {
    const float moved = static_cast<float>(kMover) * depth;
    if (mode.scale == plan::EdgeScale::octaves) {
        return base * std::exp2(moved);
    }
    return mode.mode == plan::EdgeMode::scale ? base * moved : base + moved;
}

TEST(MovingParameter, IsModulatedFrameByFrame) {
    const Signal base = way(0.25F, {{100, 1, {50, 0}}});
    for (const EdgeSettings& mode : kModes) {
        const Signal heard = modulated_gain(mode, {set_parameter(100, kVca, kGain, 1, 50)});
        for (std::size_t f = 0; f < heard.size(); ++f) {
            ASSERT_NEAR(heard[f], kLevel * modulated(mode, base[f], kDepth), 1e-8F) << f;
        }
    }
}

TEST(Parameter, ThatEdgesFeedIsHeldInItsRangeOnlyOnceTheyAreAdded) {
    // Nobody wrote the frequency, so it begins at 0, below its range: what is added alone is heard.
    const auto heard = [](const char* fed) {
        PlanBuilder builder;
        constant(builder, "hertz", 300);
        builder.node("saw", "saw", {.parameters = {{"freq", {{200.0}}}}});
        builder.node("low", "biquad", {.parameters = {{"cutoff", {{300.0}}}}});
        builder.node("modulated", "biquad").node("out", "output");
        builder.edge("hertz", "modulated.cutoff").edge("saw", "low").edge("saw", "modulated").edge(fed, "out");
        return rendered(builder.bytes(), kFrames);
    };
    EXPECT_EQ(heard("modulated"), heard("low"));
}

TEST(MovingEdge, ModulatesFrameByFrame) {
    constexpr std::uint32_t kEdge = 2;
    const Signal depth = way(kDepth, {{100, -1, {50, 20000}}});
    for (const EdgeSettings& mode : kModes) {
        const Signal heard = modulated_gain(mode, {set_edge_gain(100, kEdge, -1, 50, 20000)});
        for (std::size_t f = 0; f < heard.size(); ++f) {
            ASSERT_NEAR(heard[f], kLevel * modulated(mode, 0.25F, depth[f]), 1e-8F) << f;
        }
    }
}

// ---- edges into inputs ----

TEST(MovingEdge, IsHeardFrameByFrameAndStays) {
    PlanBuilder builder;
    constant(builder, "level", kLevel);
    builder.node("out", "output").edge("level", "out", {.gain = {0.5}});
    const auto bytes = builder.bytes();
    EXPECT_EQ(rendered(bytes, kFrames, {set_edge_gain(70, 0, 2, 100)}), scaled(way(0.5F, {{70, 2, {100, 0}}}), kLevel));
    EXPECT_EQ(rendered(bytes, kFrames, {set_edge_gain(70, 0, -0.25F)}), scaled(way(0.5F, {{70, -0.25F, {}}}), kLevel));
}

TEST(MovingEdge, AmongOthersMovesAlone) {
    PlanBuilder builder;
    constant(builder, "one", 0.01);
    constant(builder, "two", 0.02);
    builder.node("out", "output").edge("one", "out").edge("two", "out").edge("one", "out", {.gain = {0.5}});
    const Signal heard = rendered(builder.bytes(), kFrames, {set_edge_gain(70, 1, 0, 25)});
    const Signal gain = way(1, {{70, 0, {25, 0}}});
    for (std::size_t f = 0; f < heard.size(); ++f) {
        ASSERT_EQ(heard[f], 0.01F + 0.02F * gain[f] + 0.01F * 0.5F) << f;
    }
}

TEST(MovingEdge, OfAWideBusMovesAllItsLanes) {
    PlanBuilder builder;
    std::vector<plan::Value> levels;
    for (int lane = 0; lane < 40; ++lane) {
        levels.push_back({0.0001 * lane});
    }
    builder.node("lanes", "constant", {.shape = {40, 1}, .parameters = {{"value", levels}}});
    builder.node("out", "output").edge("lanes", "out");
    const Signal heard = rendered(builder.bytes(), kFrames, {set_edge_gain(70, 0, 0.25F, 5, 500)}, 64);
    const Signal gain = way(1, {{70, 0.25F, {5, 500}}});
    for (std::size_t f = 0; f < heard.size(); ++f) {
        ASSERT_NEAR(heard[f], 0.078F * gain[f], 1e-7F) << f;
    }
}

// ---- loops and voices ----

TEST(MovingParameter, MovesInALoopOfOneFrame) {
    const auto heard = [](int block) {
        PlanBuilder builder;
        constant(builder, "level", kLevel);
        builder.node("sum", "mix").node("back", "gain", {.parameters = {{"gain", {{0.5}}}}}).node("out", "output");
        builder.edge("level", "sum").edge("sum", "back").edge("back", "sum", {.delay = 1}).edge("sum", "out");
        builder.loop({"sum", "back"}, 1);
        return rendered(builder.bytes(), kFrames, {set_parameter(200, 2, kGain, -0.5F, 10)}, block);
    };
    const Signal gain = way(0.5F, {{200, -0.5F, {10, 0}}});
    Signal wanted;
    for (std::size_t f = 0; f < kFrames; ++f) {
        wanted.push_back(f == 0 ? kLevel : kLevel + wanted[f - 1] * gain[f - 1]);
    }
    for (const int block : {1, 64, 1024}) {
        EXPECT_EQ(heard(block), wanted) << "blocks of " << block;
    }
}

TEST(MovingParameter, MovesWhileItsVoicesSleep) {
    constexpr int kOnset = 2000;
    for (const int block : {1, 64, 100, 1024}) {
        PlanBuilder builder;
        builder.node("keys", "keys", {.options = {{"voices", 20}}});
        builder.node("level", "constant", {.shape = {20, 1}, .parameters = {{"value", {{double{kLevel}}}}}});
        builder.node("vca", "gain", {.shape = {20, 1}, .parameters = {{"gain", {{0.25}}}}});
        builder.node("envelope", "adsr", {.shape = {20, 1}}).node("out", "output");
        builder.edge("keys.gate", "envelope").edge("level", "vca").edge("vca", "out");
        builder.voices("keys", {"level", "vca", "envelope"}, 100);
        const Signal heard =
            rendered(builder.bytes(), kFrames, {set_parameter(100, 2, kGain, 1, 15), note_on(kOnset, 60, 1)}, block);
        const Signal gain = way(0.25F, {{100, 1, {15, 0}}});
        for (std::size_t f = 0; f < kFrames; ++f) {
            ASSERT_EQ(heard[f], f < kOnset ? 0 : kLevel * gain[f]) << "frame " << f << ", blocks of " << block;
        }
    }
}

} // namespace
} // namespace amp::test

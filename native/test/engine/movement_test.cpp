// What is heard of parameters and edges that move.
#include "base/slew.h"
#include "control/movement.h"
#include "support/hand_over.h"
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

TEST(MovingParameter, GoesTheWayOfAnArea) {
    const auto bytes = level_and_gain({{"gain", {false, false, true, 0, 0, 0.01}}}).bytes();
    EXPECT_EQ(rendered(bytes, kFrames, {set_parameter(100, kVca, kGain, 0.75F)}),
              scaled(way(0.25F, {{100, 0.75F, {0, 0, 0.01}}}), kLevel));
    EXPECT_EQ(rendered(bytes, kFrames, {set_parameter(100, kVca, kGain, 0.75F, 0, 20000, 0.02F)}),
              scaled(way(0.25F, {{100, 0.75F, {0, 20000, double{0.02F}}}}), kLevel));
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

// ---- modulations with a slew ----

constexpr double kStreamRate = 48000;

// A square wave, 512 frames up and 512 down, on the gain.
PlanBuilder square_on_gain(const EdgeSettings& settings, double behind = 1) {
    PlanBuilder builder;
    builder.node("square", "lfo", {.options = {{"shape", 2}}, .parameters = {{"freq", {{46.875}}}}});
    constant(builder, "level", kLevel);
    builder.node("vca", "gain", {.parameters = {{"gain", {{0.25}}}}});
    builder.node("behind", "gain", {.parameters = {{"gain", {{behind}}}}}).node("out", "output");
    builder.edge("level", "vca").edge("square", "vca.gain", settings).edge("vca", "behind").edge("behind", "out");
    return builder;
}

// What follows the square wave times a depth, frame by frame.
Signal followed_square(float depth, const control::MovementLimits& limits, int frames = kFrames) {
    const SlewLimits<1> slew(limits.rate, limits.acceleration, limits.area, kStreamRate);
    SlewFollower<float, 1> follower;
    Signal values;
    for (int f = 0; f < frames; ++f) {
        const float square = f / 512 % 2 == 0 ? 1 : -1;
        values.push_back(follower.next<true, true>(square * depth, slew).value);
    }
    return values;
}

TEST(SlewedModulation, GoesItsWayFrameByFrameInAnyBlock) {
    const plan::Slew slews[] = {{true, false, false, 80, 0, 0},
                                {false, true, false, 0, 40000, 0},
                                {false, false, true, 0, 0, 0.002},
                                {true, true, true, 90, 60000, 0.002}};
    for (const plan::Slew& slew : slews) {
        const auto bytes = square_on_gain({.gain = {0.3}, .slew = slew}).bytes();
        const Signal moved = followed_square(0.3F, {slew.rate, slew.acceleration, slew.area});
        for (const int block : {1, 64, 257, 1024}) {
            const Signal heard = rendered(bytes, kFrames, {}, block);
            for (std::size_t f = 0; f < heard.size(); ++f) {
                ASSERT_NEAR(heard[f], kLevel * (0.25F + moved[f]), 1e-9F) << "frame " << f << ", block " << block;
            }
        }
    }
}

TEST(SlewedModulation, GoesTheWayOfWhatItScalesTheParameterBy) {
    const plan::Slew slew{true, false, false, 50, 0, 0};
    const Signal moved = followed_square(0.3F, {50});
    for (const bool in_octaves : {false, true}) {
        EdgeSettings settings{.gain = {0.3}, .mode = plan::EdgeMode::scale, .slew = slew};
        settings.scale = in_octaves ? plan::EdgeScale::octaves : plan::EdgeScale::linear;
        const Signal heard = rendered(square_on_gain(settings).bytes(), kFrames);
        for (std::size_t f = 0; f < heard.size(); ++f) {
            const float factor = in_octaves ? std::exp2(moved[f]) : moved[f];
            ASSERT_NEAR(heard[f], kLevel * 0.25F * factor, 1e-8F) << f;
        }
    }
}

TEST(SlewedModulation, FollowsItsDepthToo) {
    // The mover stands, its depth jumps.
    PlanBuilder builder = level_and_gain();
    builder.edge("mover", "vca.gain", {.gain = {kDepth}, .slew = {true, false, false, 20, 0, 0}});
    const Signal heard = rendered(builder.bytes(), kFrames, {set_edge_gain(300, 2, 0)});
    const SlewLimits<1> slew(20.0, 0.0, 0.0, kStreamRate);
    SlewFollower<float, 1> follower;
    for (int f = 0; f < kFrames; ++f) {
        const float depth = f < 300 ? static_cast<float>(kDepth) : 0;
        const float moved = follower.next<true, true>(static_cast<float>(kMover) * depth, slew).value;
        ASSERT_NEAR(heard[static_cast<std::size_t>(f)], kLevel * (0.25F + moved), 1e-9F) << f;
    }
}

TEST(SlewedModulation, GoesOnWhereItIsOverAReload) {
    const EdgeSettings settings{.gain = {0.3}, .slew = {false, true, false, 0, 40000, 0}};
    const auto plan = [&](double behind) { return square_on_gain(settings, behind).bytes(); };
    const Signal once = performed(plan(1), {}, {}, 2 * kFrames, settings_for(64, 1));
    const Signal heard = performed(plan(0.5), {{plan(1), 700}}, {}, 2 * kFrames, settings_for(64, 1));
    // Behind the crossfade.
    for (std::size_t i = heard.size() / 2; i < heard.size(); ++i) {
        ASSERT_EQ(heard[i], once[i]) << i;
    }
}

TEST(SlewedModulation, OfAVoiceBeginsWithItsNote) {
    // The pitch of a voice would glide from that of the note before.
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 1}}});
    builder.node("glide", "constant");
    builder.node("envelope", "adsr", {.parameters = {{"sustain", {{1}}}}}).node("out", "output");
    builder.edge("keys.gate", "envelope");
    builder.edge("keys.freq", "glide.value", {.gain = {1e-4}, .slew = {true, false, false, 0.01, 0, 0}});
    builder.edge("glide", "out");
    builder.voices("keys", {"glide", "envelope"});
    const Signal heard = rendered(builder.bytes(), kFrames, {note_on(100, 69, 1), note_on(1000, 57, 1)});
    EXPECT_NEAR(heard[200], 0.044F, 1e-6F);
    EXPECT_NEAR(heard[2000], 0.022F, 1e-6F);
}

// ---- moves that are too slow for their area ----

std::vector<amp_slow_moves> slow_moves(const Stream& stream) {
    std::vector<amp_slow_moves> found(amp_streamer_slow_moves(stream.get(), nullptr, 0));
    amp_streamer_slow_moves(stream.get(), found.data(), found.size());
    return found;
}

TEST(SlowMoves, AreCountedForParametersAndEdges) {
    // A way of 0.5 at a rate of 5 takes 100 ms; an area of 0.01 lets it take 40 ms.
    const Stream stream(level_and_gain({{"gain", {true, false, true, 5, 0, 0.01}}}).bytes(), settings_for(64, 1));
    EXPECT_TRUE(slow_moves(stream).empty());
    stream.post({set_parameter(100, kVca, kGain, 0.75F), set_edge_gain(100, 1, 0.5F, 100, 0, 0.01F)});
    stream.take(10000);
    ASSERT_EQ(slow_moves(stream).size(), 1U);
    EXPECT_EQ(slow_moves(stream)[0].is_edge, 0);
    EXPECT_EQ(slow_moves(stream)[0].node, kVca);
    EXPECT_EQ(slow_moves(stream)[0].parameter, kGain);
    EXPECT_EQ(slow_moves(stream)[0].moves, 1U);
    stream.post({set_parameter(10100, kVca, kGain, 0.25F), set_edge_gain(10100, 1, 1, 5, 0, 0.01F)});
    stream.take(9000);
    ASSERT_EQ(slow_moves(stream).size(), 2U);
    EXPECT_EQ(slow_moves(stream)[0].moves, 2U);
    EXPECT_EQ(slow_moves(stream)[1].is_edge, 1);
    EXPECT_EQ(slow_moves(stream)[1].node, 1U);
    EXPECT_EQ(slow_moves(stream)[1].moves, 1U);
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

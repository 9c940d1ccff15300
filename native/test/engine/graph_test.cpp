// What edges carry: delays, sums, spreads, modulations, loops, and parameters that events move. Bit for bit.
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace amp::test {
namespace {

using plan::ValueUnit;
using Signal = std::vector<float>;

constexpr int kFrames = 3000;

NodeSettings constant(double value) { return {.parameters = {{"value", {{value}}}}}; }

// A quiet source of noise that is called `id`: noise depends on its node's name alone.
PlanBuilder with_noise(const std::string& id = "source") {
    PlanBuilder builder;
    builder.node(id, "noise");
    return builder;
}

Signal alone(PlanBuilder builder, const std::string& from, double gain = 0.25) {
    builder.node("out", "output").edge(from, "out", {.gain = {gain}});
    return rendered(builder.bytes(), kFrames);
}

Signal delayed(const Signal& signal, std::size_t frames, float before = 0) {
    Signal later(signal.size(), before);
    std::copy(signal.begin(), signal.end() - static_cast<std::ptrdiff_t>(std::min(frames, signal.size())),
              later.begin() + static_cast<std::ptrdiff_t>(std::min(frames, signal.size())));
    return later;
}

TEST(Graph, DelaysAnEdgeByExactlyItsFrames) {
    const Signal source = alone(with_noise(), "source");
    for (const int block : {1, 64, 100, 1024}) {
        for (const std::uint64_t delay : {1, 2, 63, 64, 65, 100, 999, 2999, 5000}) {
            PlanBuilder builder = with_noise();
            builder.node("out", "output").edge("source", "out", {.delay = delay, .gain = {0.25}});
            EXPECT_EQ(rendered(builder.bytes(), kFrames, {}, block), delayed(source, delay))
                << delay << " frames, blocks of " << block;
        }
    }
}

TEST(Graph, AddsTheAlignmentToTheDelay) {
    PlanBuilder builder = with_noise();
    builder.node("out", "output").edge("source", "out", {.delay = 100, .gain = {0.25}});
    plan::Description plan = builder.build();
    plan.edges[0].alignment = 33;
    EXPECT_EQ(rendered(encode(plan).bytes, kFrames), delayed(alone(with_noise(), "source"), 133));
}

TEST(Graph, ReadsTheTapsDefaultBeforeTheStart) {
    PlanBuilder builder = with_noise();
    builder.node("level", "gain", {.parameters = {{"gain", {{0.25}}}}}).node("out", "output");
    builder.edge("source", "level", {.delay = 200}).edge("level", "out");
    plan::Description plan = builder.build();
    plan.nodes[1].inputs[0].default_value = 0.5;
    EXPECT_EQ(rendered(encode(plan).bytes, kFrames), delayed(alone(with_noise(), "source"), 200, 0.125F));
}

TEST(Graph, ReadsTheTapsDefaultWhereNothingIsConnected) {
    PlanBuilder builder;
    builder.node("level", "gain").node("out", "output").edge("level", "out");
    plan::Description plan = builder.build();
    plan.nodes[0].inputs[0].default_value = 0.375;
    EXPECT_EQ(rendered(encode(plan).bytes, kFrames), Signal(kFrames, 0.375F));
}

TEST(Graph, SumsEdgesInTheirOrder) {
    PlanBuilder builder;
    builder.node("a", "noise").node("b", "noise").node("c", "noise").node("out", "output");
    builder.edge("a", "out", {.gain = {0.3}})
        .edge("b", "out", {.delay = 70, .gain = {0.2}})
        .edge("c", "out", {.gain = {-0.1}});
    const Signal a = alone(with_noise("a"), "a", 0.3);
    const Signal b = delayed(alone(with_noise("b"), "b", 0.2), 70);
    const Signal c = alone(with_noise("c"), "c", -0.1);
    const Signal sum = rendered(builder.bytes(), kFrames);
    for (std::size_t f = 0; f < sum.size(); ++f) {
        ASSERT_EQ(sum[f], (a[f] + b[f]) + c[f]) << f;
    }
}

TEST(Graph, SpreadsOneChannelToAll) {
    PlanBuilder builder = with_noise();
    builder.node("out", "output", {.options = {{"channels", 5}}}).edge("source", "out", {.gain = {0.25}});
    const Signal source = alone(with_noise(), "source");
    for (int channel = 0; channel < 5; ++channel) {
        EXPECT_EQ(rendered(builder.bytes(), kFrames, {}, 64, 1, channel), source) << channel;
    }
}

TEST(Graph, SpreadsOneLaneToABatchAndSumsItAgain) {
    PlanBuilder builder = with_noise();
    builder.node("lanes", "gain", {.shape = {5, 1}, .parameters = {{"gain", {{0.01}, {0.02}, {0.04}, {0.08}, {0.1}}}}});
    builder.node("out", "output").edge("source", "lanes").edge("lanes", "out");
    const Signal source = alone(with_noise(), "source", 0.5);
    const Signal sum = rendered(builder.bytes(), kFrames);
    for (std::size_t f = 0; f < sum.size(); ++f) {
        const float x = 2 * source[f];
        ASSERT_EQ(sum[f], ((x * 0.01F + x * 0.02F) + (x * 0.04F + x * 0.08F)) + x * 0.1F) << f;
    }
}

TEST(Graph, KeepsChannelsApart) {
    PlanBuilder builder = with_noise();
    builder.node("side", "pan", {.parameters = {{"position", {{-1}}}}}).node("out", "output");
    builder.edge("source", "side", {.gain = {0.25}}).edge("side", "out");
    EXPECT_EQ(rendered(builder.bytes(), kFrames, {}, 64, 1, 1), Signal(kFrames, 0.0F));
    EXPECT_NE(rendered(builder.bytes(), kFrames, {}, 64, 1, 0), Signal(kFrames, 0.0F));
}

TEST(Graph, SumsAllOutputNodes) {
    PlanBuilder builder = with_noise();
    builder.node("one", "output").node("two", "output", {.options = {{"channels", 3}}});
    builder.edge("source", "one", {.gain = {0.125}}).edge("source", "two", {.gain = {0.125}});
    EXPECT_EQ(rendered(builder.bytes(), kFrames, {}, 64, 1, 0), alone(with_noise(), "source"));
    EXPECT_EQ(rendered(builder.bytes(), kFrames, {}, 64, 1, 2), alone(with_noise(), "source", 0.125));
}

// A steady level whose gain is modulated.
class Modulation : public testing::Test {
protected:
    static constexpr float kLevel = 0.01F;

    // The gain that `edges` make of a base of 0.25.
    Signal gain(const std::vector<EdgeSettings>& edges, double base = 0.25) const {
        PlanBuilder builder = with_noise("a");
        builder.node("level", "constant", constant(kLevel));
        builder.node("vca", "gain", {.parameters = {{"gain", {{base}}}}}).node("out", "output");
        builder.edge("level", "vca").edge("vca", "out");
        for (const EdgeSettings& edge : edges) {
            builder.edge("a", "vca.gain", edge);
        }
        return rendered(builder.bytes(), kFrames);
    }
    const Signal mover_ = [] { // at full size
        Signal signal = alone(with_noise("a"), "a", 0.25);
        for (float& sample : signal) {
            sample *= 4;
        }
        return signal;
    }();
};

TEST_F(Modulation, AddsDepthTimesTheSignalToTheBase) {
    const Signal found = gain({{.gain = {0.5}}});
    for (std::size_t f = 0; f < found.size(); ++f) {
        ASSERT_EQ(found[f], kLevel * (0.25F + mover_[f] * 0.5F)) << f;
    }
}

TEST_F(Modulation, AddsSeveralEdgesBeforeTheBase) {
    const Signal found = gain({{.gain = {0.5}}, {.delay = 10, .gain = {0.3}}});
    const Signal later = delayed(mover_, 10);
    for (std::size_t f = 0; f < found.size(); ++f) {
        ASSERT_EQ(found[f], kLevel * (0.25F + (mover_[f] * 0.5F + later[f] * 0.3F))) << f;
    }
}

TEST_F(Modulation, ScalesAfterTheSum) {
    const Signal found = gain({{.gain = {0.7}, .mode = plan::EdgeMode::scale}, {.gain = {0.5}}});
    for (std::size_t f = 0; f < found.size(); ++f) {
        ASSERT_EQ(found[f], kLevel * ((0.25F + mover_[f] * 0.5F) * (mover_[f] * 0.7F))) << f;
    }
}

TEST_F(Modulation, RaisesByOctaves) {
    const Signal found = gain({{.gain = {2}, .scale = plan::EdgeScale::octaves}});
    for (std::size_t f = 0; f < found.size(); ++f) {
        ASSERT_NEAR(found[f], kLevel * 0.25F * std::exp2(2 * mover_[f]), 3e-8F) << f;
    }
}

TEST_F(Modulation, StaysInTheParametersRange) {
    const Signal found = gain({{.gain = {1000}}});
    for (std::size_t f = 0; f < found.size(); ++f) {
        ASSERT_EQ(found[f], kLevel * std::clamp(0.25F + mover_[f] * 1000, -16.0F, 16.0F)) << f;
    }
}

TEST_F(Modulation, BeginsAtZeroWhereNobodyWroteTheBase) {
    PlanBuilder builder = with_noise("a");
    builder.node("level", "constant", constant(kLevel)).node("vca", "gain").node("out", "output");
    builder.edge("level", "vca").edge("a", "vca.gain").edge("vca", "out");
    const Signal found = rendered(builder.bytes(), kFrames);
    for (std::size_t f = 0; f < found.size(); ++f) {
        ASSERT_EQ(found[f], kLevel * mover_[f]) << f;
    }
}

// ---- loops ----

// y = x + gain * y, later by each of the delays; the loop runs in windows of `quantum`.
Signal echoes(const std::vector<std::uint64_t>& delays, std::uint32_t quantum, int block) {
    PlanBuilder builder = with_noise();
    builder.node("bus", "mix").node("back", "gain", {.parameters = {{"gain", {{0.3}}}}}).node("out", "output");
    builder.edge("source", "bus", {.gain = {0.25}});
    for (const std::uint64_t delay : delays) {
        builder.edge("back", "bus", {.delay = delay});
    }
    builder.edge("bus", "back").edge("bus", "out").loop({"bus", "back"}, quantum);
    return rendered(builder.bytes(), kFrames, {}, block);
}

TEST(Loop, IsItsRecursionFrameByFrameWhateverItsQuantum) {
    const Signal source = alone(with_noise(), "source");
    for (const auto& [delay, quantum] :
         {std::pair{1, 1}, {2, 2}, {3, 2}, {5, 4}, {17, 16}, {63, 32}, {64, 64}, {100, 64}, {700, 512}}) {
        Signal wanted(source.size());
        for (std::size_t f = 0; f < wanted.size(); ++f) {
            const auto back = static_cast<std::size_t>(delay);
            wanted[f] = source[f] + (f >= back ? wanted[f - back] * 0.3F : 0.0F);
        }
        for (const int block : {1, 16, 64, 100, 1000}) {
            ASSERT_EQ(echoes({static_cast<std::uint64_t>(delay)}, static_cast<std::uint32_t>(quantum), block), wanted)
                << delay << " frames back, blocks of " << block;
        }
    }
}

TEST(Loop, OfSeveralDelaysRunsInWindowsOfTheShortest) {
    const Signal source = alone(with_noise(), "source");
    Signal wanted(source.size());
    const auto back = [&](std::size_t f, std::size_t delay) { return f >= delay ? wanted[f - delay] * 0.3F : 0.0F; };
    for (std::size_t f = 0; f < wanted.size(); ++f) {
        wanted[f] = (source[f] + back(f, 3)) + (back(f, 7) + back(f, 250));
    }
    for (const int block : {1, 7, 64, 1000}) {
        ASSERT_EQ(echoes({3, 7, 250}, 2, block), wanted) << block;
    }
}

// ---- parameters ----

PlanBuilder steady(double value) {
    PlanBuilder builder;
    builder.node("level", "constant", constant(value)).node("out", "output").edge("level", "out");
    return builder;
}

TEST(ParameterEvent, ActsOnItsFrameInAnyBlock) {
    for (const int block : {1, 16, 64, 100, 1024}) {
        const Signal found = rendered(
            steady(0.1).bytes(), kFrames,
            {set_parameter(777, 0, 0, 0.2F), set_parameter(778, 0, 0, 0.3F), set_parameter(1500, 0, 0, 0.4F)}, block);
        for (int f = 0; f < kFrames; ++f) {
            const float wanted = f < 777 ? 0.1F : f < 778 ? 0.2F : f < 1500 ? 0.3F : 0.4F;
            ASSERT_EQ(found[static_cast<std::size_t>(f)], wanted) << "frame " << f << ", blocks of " << block;
        }
    }
}

TEST(ParameterEvent, OnTheSameFrameTheLastOneHolds) {
    const Signal found =
        rendered(steady(0.1).bytes(), 200, {set_parameter(50, 0, 0, 0.2F), set_parameter(50, 0, 0, 0.3F)});
    EXPECT_EQ(found[50], 0.3F);
}

TEST(ParameterEvent, ActsOnTheFirstFrameOfAll) {
    EXPECT_EQ(rendered(steady(0.1).bytes(), 10, {set_parameter(0, 0, 0, 0.2F)}), Signal(10, 0.2F));
}

TEST(ParameterEvent, IsHeldInTheParametersRange) {
    PlanBuilder builder;
    builder.node("level", "constant", constant(0.01)).node("vca", "gain").node("out", "output");
    builder.edge("level", "vca").edge("vca", "out");
    const Signal found =
        rendered(builder.bytes(), 100, {set_parameter(10, 1, 0, 1e30F), set_parameter(20, 1, 0, -1e30F)});
    EXPECT_EQ(found[15], 0.16F);
    EXPECT_EQ(found[25], -0.16F);
}

TEST(ParameterEvent, MovesTheBaseUnderAModulation) {
    PlanBuilder builder = with_noise("a");
    builder.node("level", "constant", constant(0.03)).node("vca", "gain", {.parameters = {{"gain", {{0.25}}}}});
    builder.node("out", "output").edge("level", "vca").edge("a", "vca.gain").edge("vca", "out");
    const Signal found = rendered(builder.bytes(), 500, {set_parameter(100, 2, 0, 1.5F)});
    const Signal mover = alone(with_noise("a"), "a", 0.25);
    for (std::size_t f = 0; f < found.size(); ++f) {
        ASSERT_EQ(found[f], 0.03F * ((f < 100 ? 0.25F : 1.5F) + 4 * mover[f])) << f;
    }
}

} // namespace
} // namespace amp::test

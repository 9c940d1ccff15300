// What becomes of nodes that go wrong while they play, and what is told of them: by types that go wrong when asked to.
#include "conformance/known_types.h"
#include "node/kernel.h"
#include "support/plan_align.h"
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace amp::test {
namespace {

constexpr TapDeclaration kIn{.name = "in", .group = "1a", .purpose = "What enters."};
constexpr TapDeclaration kOut{.name = "out", .group = "1a", .purpose = "What leaves."};

// Gives how many frames it has made since its lane began; not a number while more than a half enters.
struct Counter {
    static constexpr Declaration declaration{
        .purpose = "For tests.", .source = "Counting.", .inputs = {kIn}, .outputs = {kOut}};
    static constexpr int state_rows = 1;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for (int f = 0; f < firing.frames; ++f) {
            for (int lane = 0; lane < firing.lanes; ++lane) {
                S& count = firing.state(0)[lane];
                count += S(1.0 / 65536);
                const bool is_good = !(firing.inputs[0].frame(f)[lane] > S(0.5));
                firing.outputs[0].frame(f)[lane] = is_good ? count : std::numeric_limits<S>::quiet_NaN();
            }
        }
    }
};
constexpr NodeType kCounter = node_detail::make_node_type<Counter>("counter");

// So many frames late, and a declaration of its own.
template <int Late, int Declared>
struct Delay {
    static constexpr Declaration declaration{.purpose = "For tests.",
                                             .source = "out(t) = in(t - n).",
                                             .inputs = {kIn},
                                             .outputs = {kOut},
                                             .latency = Declared};
    static constexpr int state_rows = Late + 1;
    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for (int f = 0; f < firing.frames; ++f) {
            const auto at = firing.frame + f;
            for (int lane = 0; lane < firing.lanes; ++lane) {
                firing.state(static_cast<int>(at % state_rows))[lane] = firing.inputs[0].frame(f)[lane];
                firing.outputs[0].frame(f)[lane] = firing.state(static_cast<int>((at + 1) % state_rows))[lane];
            }
        }
    }
};
constexpr NodeType kPunctual = node_detail::make_node_type<Delay<100, 100>>("punctual");
constexpr NodeType kTooEarly = node_detail::make_node_type<Delay<10, 100>>("too_early");
constexpr NodeType kTooLate = node_detail::make_node_type<Delay<100, 0>>("too_late");

// Frames [first, second) in which a signal of 1 is sent, by events.
using Stretches = std::vector<std::pair<std::int64_t, std::int64_t>>;

std::vector<amp_event> pokes(const PlanBuilder& builder, const Stretches& stretches) {
    std::vector<amp_event> events;
    for (const auto& [begin, end] : stretches) {
        events.push_back(set_parameter(begin, builder.index("poke"), 0, 1));
        events.push_back(set_parameter(end, builder.index("poke"), 0, 0));
    }
    return events;
}

std::vector<amp_node_fault> told(const Stream& stream) {
    std::vector<amp_node_fault> faults(300);
    faults.resize(amp_streamer_node_faults(stream.get(), faults.data(), faults.size()));
    return faults;
}

// Four lanes count, of which lane 1 is poked; lane `heard` is heard.
PlanBuilder counters(std::size_t heard) {
    const auto one_of = [](std::size_t lane) {
        std::vector<plan::Value> gains(4, plan::Value{0, plan::ValueUnit::plain});
        gains[lane] = {1, plan::ValueUnit::plain};
        return NodeSettings{.shape = {4, 1}, .parameters = {{"gain", gains}}};
    };
    PlanBuilder builder;
    builder.node("poke", "constant").node("aim", "gain", one_of(1)).node("counter", "counter", {.shape = {4, 1}});
    builder.node("pick", "gain", one_of(heard)).node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("poke", "aim").edge("aim", "counter").edge("counter", "pick").edge("pick", "out");
    return builder;
}

class ALaneThatIsNotFinite : public testing::Test {
protected:
    static constexpr int kFrames = 1000;
    static constexpr Stretches poked() { return {{100, 110}, {300, 301}}; }

    static std::vector<float> heard(std::size_t lane, const Stretches& stretches, int block = 64) {
        const PlanBuilder builder = counters(lane);
        return rendered(builder.bytes(), kFrames, pokes(builder, stretches), block);
    }
    static float count(std::int64_t frames) { return static_cast<float>(frames) / 65536; }

    const KnownType counter_{kCounter};
};

TEST_F(ALaneThatIsNotFinite, IsSilentUntilTheNextTickAndBeginsAnewThere) {
    const auto lane = heard(1, {{100, 110}});
    for (int f = 0; f < kFrames; ++f) {
        const float wanted = f < 100 ? count(f + 1) : f < 128 ? 0 : count(f + 1 - 128);
        ASSERT_EQ(lane[static_cast<std::size_t>(f)], wanted) << "frame " << f;
    }
}

TEST_F(ALaneThatIsNotFinite, LeavesTheOtherLanesAsTheyAre) {
    for (const std::size_t lane : {0, 2, 3}) {
        EXPECT_EQ(heard(lane, {{100, 110}}), heard(lane, {})) << lane;
    }
}

TEST_F(ALaneThatIsNotFinite, IsSilentForTheSameFramesWhateverTheBlock) {
    const Stretches stretches{{100, 110}, {300, 301}, {511, 513}, {640, 900}};
    const auto wanted = heard(1, stretches);
    for (const int block : {1, 16, 50, 100, 257, 1000}) {
        EXPECT_EQ(heard(1, stretches, block), wanted) << block;
    }
}

TEST_F(ALaneThatIsNotFinite, IsToldWithItsNodeAndItsFrame) {
    const PlanBuilder builder = counters(1);
    const Stream stream(builder.bytes());
    stream.post(pokes(builder, {{100, 110}}));
    stream.take(1000);
    const auto faults = told(stream);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].kind, AMP_NODE_NOT_FINITE);
    EXPECT_EQ(faults[0].plan, 1U);
    EXPECT_EQ(faults[0].node, builder.index("counter"));
    EXPECT_EQ(faults[0].batch, 1);
    EXPECT_EQ(faults[0].channel, 0);
    EXPECT_EQ(faults[0].frame, 100);
}

TEST_F(ALaneThatIsNotFinite, IsToldOnceASecondAtMost) {
    const PlanBuilder builder = counters(1);
    const Stream stream(builder.bytes());
    stream.post(pokes(builder, {{100, 110}, {1000, 20000}, {48100, 48101}}));
    stream.take(50000);
    const auto faults = told(stream);
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(faults[1].frame, 48100);
}

// Equal nodes that run as one, of which one is poked.
TEST_F(ALaneThatIsNotFinite, IsSilentForTheSameFramesInACohort) {
    PlanBuilder builder;
    builder.node("poke", "constant").node("rest", "constant");
    for (const char* const id : {"a", "b", "c"}) {
        builder.node(id, "counter");
    }
    builder.node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("rest", "a").edge("poke", "b").edge("rest", "c");
    builder.edge("a", "out", {.gain = {0.25}}).edge("b", "out", {.gain = {0.25}}).edge("c", "out", {.gain = {0.25}});
    const auto events = pokes(builder, {{100, 110}, {300, 301}, {640, 900}});
    const auto wanted = rendered(builder.bytes(), kFrames, events);
    plan::Description plan = builder.build();
    plan.has_schedule = true;
    for (const auto& cohort : std::vector<std::vector<std::uint32_t>>{{0, 1}, {2, 3, 4}, {5}}) {
        plan.stages.push_back({.cohorts = {{plan.nodes[cohort.front()].type, cohort}}});
    }
    for (const int block : {1, 50, 64, 100, 257}) {
        EXPECT_EQ(rendered(encode(plan).bytes, kFrames, events, block), wanted) << block;
    }
}

// What enters a node in bursts, and the faults that are told meanwhile.
std::vector<amp_node_fault> told_of(const std::string& type, const Stretches& bursts, int frames = 25000) {
    PlanBuilder builder;
    builder.node("poke", "constant").node("tested", type).node("out", "output");
    builder.edge("poke", "tested").edge("tested", "out", {.gain = {0.1}});
    plan::Description plan = builder.build();
    align_latencies(plan);
    const Stream stream(encode(plan).bytes);
    stream.post(pokes(builder, bursts));
    stream.take(frames);
    return told(stream);
}

class ALatency : public testing::Test {
protected:
    const KnownType punctual_{kPunctual}, too_early_{kTooEarly}, too_late_{kTooLate};
    const Stretches bursts_{{1000, 1500}, {8030, 8500}, {15000, 15500}};
};

TEST_F(ALatency, ThatIsShorterThanDeclaredIsToldAtOnce) {
    const auto faults = told_of("too_early", {{1000, 1500}});
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].kind, AMP_NODE_LATENCY);
    EXPECT_EQ(faults[0].node, 1U);
    EXPECT_EQ(faults[0].declared_latency, 100);
    EXPECT_EQ(faults[0].measured_latency, 10);
}

TEST_F(ALatency, ThatIsLongerThanDeclaredIsToldOnceItHasBeenSoThreeTimes) {
    EXPECT_TRUE(told_of("too_late", {bursts_[0], bursts_[1]}).empty());
    const auto faults = told_of("too_late", bursts_);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].declared_latency, 0);
    EXPECT_EQ(faults[0].measured_latency, 100);
}

TEST_F(ALatency, AsDeclaredIsNotTold) {
    for (const std::string type : {"punctual", "limiter", "gain", "svf", "adsr", "one_pole"}) {
        EXPECT_TRUE(told_of(type, bursts_).empty()) << type;
    }
}

// An amplifier that opens late each time is no liar: what opens it feeds it.
TEST_F(ALatency, OfANodeThatIsShutWhenItsInputBeginsIsNotTold) {
    PlanBuilder builder;
    builder.node("poke", "constant").node("level", "gain", {.parameters = {{"gain", {{0}}}}}).node("out", "output");
    builder.edge("poke", "level").edge("poke", "level.gain", {.delay = 50}).edge("level", "out", {.gain = {0.1}});
    const Stream stream(builder.bytes());
    stream.post(pokes(builder, bursts_));
    stream.take(25000);
    EXPECT_TRUE(told(stream).empty());
}

} // namespace
} // namespace amp::test

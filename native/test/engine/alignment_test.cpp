// Events stay with the material: a plan with latencies gives what it gives without them, only later.
#include "support/hand_over.h"
#include "support/plan_align.h"
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/plan_order.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace amp::test {
namespace {

constexpr int kLookAhead = 64;
constexpr int kFrames = 9000;

// The limiters here have nothing to limit: they are nothing but late.
plan::Description aligned(PlanBuilder& builder) {
    plan::Description plan = builder.build();
    EXPECT_TRUE(put_in_order(plan));
    EXPECT_TRUE(align_latencies(plan));
    return plan;
}

std::vector<float> heard(const plan::Description& plan, const std::vector<amp_event>& events, int block = 64,
                         int workers = 1, int in_flight = 1) {
    const Stream stream(encode(plan).bytes, settings_for(block, workers, in_flight, 1024));
    for (const amp_event& event : events) {
        stream.post(event);
    }
    const int frames = kFrames + static_cast<int>(plan.stream.output_latency);
    const std::vector<float> samples = stream.take(frames + stream.latency());
    return {samples.begin() + stream.latency(), samples.end()};
}

// Voices whose gain goes through "ahead", a bus with a comb round it, and a dry way to the output.
PlanBuilder voices_behind(const std::string& ahead) {
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 3}}});
    builder.node("wobble", "lfo", {.parameters = {{"freq", {{7}}}}});
    builder.node("ahead", ahead);
    builder.node("saw", "saw", {.shape = {3, 1}});
    builder.node("env", "adsr", {.shape = {3, 1}, .parameters = {{"release", {{0.02}}}}});
    builder.node("vca", "gain", {.shape = {3, 1}, .parameters = {{"gain", {{0.1}}}}});
    builder.node("bus", "mix", {.shape = {1, 1}});
    builder.node("dry", "gain", {.parameters = {{"gain", {{0.1}}}}});
    builder.node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("keys.freq", "saw.freq").edge("keys.gate", "env.gate").edge("saw", "vca");
    builder.edge("wobble", "ahead", {.gain = {0.5}});
    builder.edge("ahead", "vca.gain", {.gain = {0.1}});
    builder.edge("env", "vca.gain", {.gain = {1}, .mode = plan::EdgeMode::scale});
    builder.edge("vca", "bus");
    builder.edge("bus", "bus", {.delay = 480, .gain = {0.5}});
    builder.edge("bus", "out");
    builder.edge("wobble", "dry");
    builder.edge("dry", "out", {.delay = 10});
    builder.voices("keys", {"saw", "env", "vca"}, 2000);
    builder.gate("drop", {8},
                 {.while_closed = plan::WhileClosed::hold, .quantize = {10, plan::ValueUnit::milliseconds}});
    return builder;
}

std::vector<amp_event> performance(const PlanBuilder& builder) {
    return {note_on(1000, 60, 0.5F),
            note_on(1200, 64, 0.5F),
            note_on(1777, 67, 0.5F),
            note_on(2001, 72, 0.5F), // steals
            channel_event(2300, AMP_EVENT_PITCH_BEND, 1),
            note_off(2500, 64),
            set_parameter(2600, builder.index("dry"), 0, 0.3F),
            set_parameter(2700, builder.index("vca"), 0, 0.2F, 1),
            set_edge_gain(2800, 8, 0.4F, 3),
            set_gate(3000, 0, 0),
            set_gate(4500, 0, 1),
            note_on(4600, 62, 0.5F),
            shed_voice(4777, builder.index("keys"), 2),
            note_on(4790, 69, 0.5F), // where the fade of lane 2 ends
            note_off(5000, 72),
            note_off(5000, 67),
            drain_node(7000, builder.index("bus"), true),
            drain_node(8000, builder.index("bus"), false)};
}

void expect_same_but_late(const std::vector<float>& late, const std::vector<float>& wanted) {
    for (int f = 0; f < kFrames; ++f) {
        ASSERT_EQ(late[static_cast<std::size_t>(f + kLookAhead)], wanted[static_cast<std::size_t>(f)]) << "frame " << f;
    }
}

TEST(Alignment, OfAllEventsGivesWhatAPlanWithoutLatencyGives) {
    PlanBuilder with = voices_behind("limiter"), without = voices_behind("mix");
    const plan::Description late = aligned(with), plain = aligned(without);
    ASSERT_EQ(late.stream.output_latency, std::uint64_t{kLookAhead});
    ASSERT_EQ(plain.stream.output_latency, 0U);
    const std::vector<float> wanted = heard(plain, performance(without));
    ASSERT_GT(std::ranges::max(wanted), 0.05F);
    for (const int block : {1, 16, 64, 100, 257, 1024}) {
        SCOPED_TRACE(block);
        expect_same_but_late(heard(late, performance(with), block, 1 + block % 3, 1 + block % 4), wanted);
    }
}

TEST(Alignment, LetsAnEventThatActsAtOnceNotWait) {
    PlanBuilder builder;
    builder.node("one", "constant", {.parameters = {{"value", {{0.5}}}}});
    builder.node("ahead", "limiter").node("level", "gain").node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("one", "ahead").edge("ahead", "level").edge("level", "out");
    const plan::Description plan = aligned(builder);
    for (const bool at_once : {false, true}) {
        amp_event event = set_parameter(1000, builder.index("level"), 0, 0.5F);
        event.at_once = at_once ? 1 : 0;
        const std::vector<float> frames = heard(plan, {event});
        const std::size_t at = at_once ? 1000 : 1000 + kLookAhead;
        EXPECT_EQ(frames[at - 1], 0.5F);
        EXPECT_EQ(frames[at], 0.25F);
    }
}

TEST(Alignment, BringsAnImpulseThroughBothPathsAtOnce) {
    PlanBuilder builder;
    builder.node("click", "constant", {.parameters = {{"value", {{0}}}}});
    builder.node("ahead", "limiter").node("again", "limiter").node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("click", "ahead", {.gain = {0.25}}).edge("ahead", "again").edge("again", "out").edge("click", "out");
    const plan::Description plan = aligned(builder);
    ASSERT_EQ(plan.stream.output_latency, std::uint64_t{2 * kLookAhead});
    const std::uint32_t click = builder.index("click");
    const auto frames = heard(plan, {set_parameter(500, click, 0, 0.5F), set_parameter(501, click, 0, 0)});
    for (std::size_t f = 0; f < frames.size(); ++f) {
        EXPECT_EQ(frames[f], f == 500 + 2 * kLookAhead ? 0.625F : 0.0F) << f;
    }
}

TEST(Alignment, TakesALatencyInsideALoopOffItsDelay) {
    PlanBuilder builder;
    builder.node("click", "constant", {.parameters = {{"value", {{0}}}}});
    builder.node("bus", "mix").node("ahead", "limiter").node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("click", "bus").edge("bus", "ahead").edge("ahead", "bus", {.delay = 67, .gain = {0.5}});
    builder.edge("bus", "out");
    const plan::Description plan = aligned(builder);
    const std::uint32_t click = builder.index("click");
    for (const int block : {1, 64, 257}) {
        const auto frames = heard(plan, {set_parameter(500, click, 0, 0.5F), set_parameter(501, click, 0, 0)}, block);
        for (int f = 0; f < 1500; ++f) {
            const int turn = (f - 500) / 67;
            const bool rings = f >= 500 && (f - 500) % 67 == 0;
            ASSERT_EQ(frames[static_cast<std::size_t>(f)], rings ? std::ldexp(0.5F, -turn) : 0.0F) << f;
        }
    }
}

TEST(Alignment, IsTheClosedFormInACombOfThreeFrames) {
    PlanBuilder builder;
    builder.node("click", "constant", {.parameters = {{"value", {{0}}}}});
    builder.node("bus", "mix").node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("click", "bus").edge("bus", "bus", {.delay = 3, .gain = {-0.5}}).edge("bus", "out");
    const plan::Description plan = aligned(builder);
    const std::uint32_t click = builder.index("click");
    for (const int block : {1, 2, 3, 64, 257}) {
        const auto frames = heard(plan, {set_parameter(100, click, 0, 0.5F), set_parameter(101, click, 0, 0)}, block);
        for (int f = 0; f < 160; ++f) {
            const int turn = (f - 100) / 3;
            const bool rings = f >= 100 && (f - 100) % 3 == 0;
            const float wanted = rings ? std::ldexp(turn % 2 == 0 ? 0.5F : -0.5F, -turn) : 0.0F;
            ASSERT_EQ(frames[static_cast<std::size_t>(f)], wanted) << f;
        }
    }
}

// A trembling tone whose way to the output goes through "ahead".
std::vector<std::byte> trembling_behind(const std::string& ahead) {
    PlanBuilder builder;
    builder.node("tone", "sine", {.parameters = {{"freq", {{440}}}}});
    builder.node("wobble", "lfo", {.parameters = {{"freq", {{7}}}}});
    builder.node("ahead", ahead).node("level", "gain").node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("tone", "ahead", {.gain = {0.3}}).edge("ahead", "level");
    builder.edge("wobble", "level.gain", {.gain = {0.3}}).edge("level", "out");
    return encode(aligned(builder)).bytes;
}

TEST(Alignment, OfAPlanThatTakesOverIsWhatItWouldHaveBeenAllAlong) {
    constexpr std::int64_t kFrame = 3001;
    constexpr int kCrossfade = 1440;
    for (const bool becomes_late : {true, false}) {
        const auto before = trembling_behind(becomes_late ? "mix" : "limiter");
        const auto after = trembling_behind(becomes_late ? "limiter" : "mix");
        const auto all_along = Stream(after).take(kFrames);
        for (const int block : {16, 64, 100, 1024}) {
            const Stream stream(before, settings_for(block, 2));
            hand_over(stream, {after, kFrame});
            const auto found = stream.take(kFrames);
            const auto settled = static_cast<std::ptrdiff_t>(kFrame) + kCrossfade + stream.latency();
            EXPECT_TRUE(std::equal(found.begin() + settled, found.end(), all_along.begin() + settled))
                << "blocks of " << block << ", " << (becomes_late ? "late from then on" : "late until then");
        }
    }
}

} // namespace
} // namespace amp::test

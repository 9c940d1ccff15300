// What a firing reads was there before, and a barrier lets nobody go first: seen from the token headers.
#include "base/cycle_counter.h"
#include "base/monotonic_clock.h"
#include "engine/amp_graph_streamer.h"
#include "engine/reader.h"
#include "support/plan_builder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace amp::test {
namespace {

using engine::AmpGraphStreamer;
using engine::GraphNode;
using engine::TokenHeader;

struct Course {
    int workers = 3, in_flight = 8;
    int block = 16, blocks = 400;
    std::int64_t first_frame = 0;
    std::vector<control::Event> events{}; // their frames as from the first one
};

// Runs the plan over some blocks, so fast as its workers can; then nothing runs any more, not even what no frame that
// was taken needs.
std::unique_ptr<AmpGraphStreamer> ran(const PlanBuilder& builder, const Course& course) {
    auto made = AmpGraphStreamer::create(builder.build(), {.block = course.block,
                                                           .workers = course.workers,
                                                           .in_flight = course.in_flight,
                                                           .output_frames = 64 * course.block,
                                                           .first_frame = course.first_frame});
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
    for (control::Event event : course.events) {
        event.frame += course.first_frame;
        event.plan = made.value()->present_plan();
        made.value()->post(event);
    }
    const int frames = course.block * course.blocks;
    std::vector<float> out(static_cast<std::size_t>(frames * made.value()->channels()));
    EXPECT_EQ(made.value()->take(out, -1), frames);
    const auto nodes = static_cast<std::uint32_t>(made.value()->find_plan()->graph->nodes().size());
    for (std::uint32_t node = 0; node < nodes; ++node) {
        EXPECT_EQ(made.value()->wait_finished(made.value()->present_plan(), node, course.first_frame + frames, -1),
                  AmpGraphStreamer::Wait::done);
    }
    return std::move(made.value());
}

const GraphNode& node(const AmpGraphStreamer& streamer, const char* id) {
    // The streamer's only plan lives as long as it does.
    const auto plan = streamer.find_plan();
    return *plan->graph->nodes()[plan->find_node(id).value()];
}

// The token that holds the frame, if it is among those that are kept.
const TokenHeader* token_of(const GraphNode& node, std::int64_t frame) {
    for (const TokenHeader& token : node.progress->headers) {
        if (token.frames > 0 && token.first_frame <= frame && frame < token.first_frame + token.frames) {
            return &token;
        }
    }
    return nullptr;
}

// How many of the reader's kept tokens were produced after what they read, `delay` frames back; fails at the first that
// was not.
int tokens_in_order(const GraphNode& reader, const GraphNode& source, std::int64_t delay) {
    int seen = 0;
    for (const TokenHeader& token : reader.progress->headers) {
        const TokenHeader* const read = token_of(source, token.first_frame + token.frames - 1 - delay);
        if (token.frames > 0 && read != nullptr) {
            EXPECT_GT(token.time_produced, read->time_produced)
                << reader.id << " at frame " << token.first_frame << ", " << delay << " frames behind " << source.id;
            ++seen;
        }
    }
    return seen;
}

// So much work that whoever does not wait for it is far ahead.
std::string heavy(PlanBuilder& builder, const std::string& id, int lanes = 256, int filters = 8) {
    builder.node(id, "noise", {.shape = {lanes, 1}});
    std::string last = id;
    for (int i = 0; i < filters; ++i) {
        const std::string next = id + std::to_string(i);
        builder.node(next, "svf", {.shape = {lanes, 1}}).edge(last, next);
        last = next;
    }
    return last;
}

class DelaysOf : public testing::TestWithParam<std::int64_t> {};

// From the first frame on, and around frame 2^40.
TEST_P(DelaysOf, AStreamLetNoFiringReadWhatIsNotMadeYet) {
    for (const std::uint64_t delay : {0, 1, 15, 16, 17, 40, 100}) {
        PlanBuilder builder;
        const std::string source = heavy(builder, "slow");
        builder.node("sum", "mix").node("out", "output");
        builder.edge(source, "sum", {.delay = delay}).edge("sum", "out");
        const auto streamer = ran(builder, {.first_frame = GetParam()});
        EXPECT_GT(
            tokens_in_order(node(*streamer, "sum"), node(*streamer, source.c_str()), static_cast<std::int64_t>(delay)),
            30);
    }
}
INSTANTIATE_TEST_SUITE_P(ThatBegins, DelaysOf, testing::Values(0, (std::int64_t{1} << 40) - 3200),
                         [](const auto& info) { return info.param == 0 ? "AtZero" : "BeforeFrame2To40"; });

// What a gate has held is read that much later, from a wheel that has become longer for it.
TEST(DelayExpiry, LetsNoFiringReadWhatIsNotMadeYetBehindAGateWhoseWheelHasGrown) {
    for (const std::uint64_t delay : {0, 17}) {
        PlanBuilder builder;
        const std::string source = heavy(builder, "slow");
        builder.node("sum", "mix").node("out", "output");
        builder.edge(source, "sum", {.delay = delay}).edge("sum", "out");
        builder.gate("valve", {8}, {.while_closed = plan::WhileClosed::hold});
        const auto change = [](std::int64_t frame, float open) {
            return control::Event{.frame = frame, .kind = control::EventKind::set_gate, .node = 0, .value = open};
        };
        const auto streamer = ran(builder, {.events = {change(400, 0), change(800, 1)}});
        const engine::Reader& reader = node(*streamer, "sum").inputs[0].readers[0];
        EXPECT_GT(reader.lag, 300);
        EXPECT_GT(reader.wheel->shown_growths.load(), 0U);
        EXPECT_GT(tokens_in_order(node(*streamer, "sum"), node(*streamer, source.c_str()),
                                  static_cast<std::int64_t>(delay) + reader.lag),
                  10);
    }
}

TEST(DelayExpiry, MakesAnImpulseVisibleExactlyAtItsFrameAndNotBefore) {
    for (const std::uint64_t delay : {1, 7, 16, 255, 256, 257, 3000}) {
        for (const int block : {1, 16, 100, 1024}) {
            // The only note's gate, for one frame.
            PlanBuilder builder;
            builder.node("keys", "keys", {.options = {{"voices", 1}}}).node("sum", "mix").node("late", "mix");
            builder.node("out", "output")
                .edge("keys.gate", "sum")
                .edge("sum", "late", {.delay = delay})
                .edge("late", "out");
            builder.voices("keys", {});
            auto made = AmpGraphStreamer::create(builder.build(), {block, 2, 4, 1 << 14});
            ASSERT_TRUE(made.ok());
            constexpr std::int64_t kImpulse = 5000;
            control::Event note;
            note.frame = kImpulse;
            note.channel = 1;
            note.note = 60;
            note.value = 1;
            made.value()->post(note);
            note.kind = control::EventKind::note_off;
            note.frame = kImpulse + 1;
            made.value()->post(note);
            std::vector<float> out(static_cast<std::size_t>(10000 * made.value()->channels()));
            ASSERT_EQ(made.value()->take(out, -1), 10000);
            const auto width = static_cast<std::size_t>(made.value()->channels());
            const auto visible = static_cast<std::size_t>(kImpulse + made.value()->output_latency()) + delay;
            for (std::size_t f = 0; f < visible; ++f) {
                ASSERT_EQ(out[f * width], 0) << "frame " << f << ", delay " << delay << ", blocks of " << block;
            }
            ASSERT_GT(out[visible * width], 0.5F) << "delay " << delay << ", blocks of " << block;
        }
    }
}

TEST(SynchronyGate, LetsNoConsumerOfAMemberGoBeforeAllMembersAreVisible) {
    // The fast member stands first, so nothing but the barrier keeps its consumer from going first.
    PlanBuilder builder;
    builder.node("fast", "constant");
    const std::string slow = heavy(builder, "slow");
    builder.node("first", "mix").node("second", "mix").node("out", "output");
    builder.edge("fast", "first").edge(slow, "second");
    const std::uint32_t first_member = 8, second_member = 9;
    builder.edge("first", "out").edge("second", "out").gate("together", {first_member, second_member});
    const auto streamer = ran(builder, {.in_flight = 4});
    EXPECT_GT(tokens_in_order(node(*streamer, "first"), node(*streamer, slow.c_str()), 0), 30);
}

// How long the newest block of a chain took from its first node to its last.
double seconds_of_chain(const AmpGraphStreamer& streamer, const char* first, const char* last,
                        double seconds_per_cycle) {
    const TokenHeader& begun = node(streamer, first).progress->newest();
    const TokenHeader& done = node(streamer, last).progress->newest();
    return static_cast<double>(cycles_between(begun.time_produced, done.time_produced)) * seconds_per_cycle;
}

TEST(SynchronyGate, LetsNoConsumerGoBeforeAMemberThatIsFiveMillisecondsSlower) {
    const CycleClock clock;
    double slower = 0;
    // Until this machine needs so long for a block of it.
    for (int filters = 8; slower < 0.005 && filters <= 512; filters *= 2) {
        PlanBuilder builder;
        builder.node("fast", "constant");
        const std::string slow = heavy(builder, "slow", 512, filters);
        builder.node("first", "mix").node("second", "mix").node("out", "output");
        builder.edge("fast", "first").edge(slow, "second");
        const auto members = static_cast<std::uint32_t>(filters);
        builder.edge("first", "out").edge("second", "out").gate("together", {members, members + 1});
        const auto streamer = ran(builder, {.in_flight = 4, .block = 1024, .blocks = 16});
        slower = seconds_of_chain(*streamer, "slow", slow.c_str(), clock.seconds_per_cycle());
        EXPECT_GE(tokens_in_order(node(*streamer, "first"), node(*streamer, slow.c_str()), 0), 16);
    }
    EXPECT_GE(slower, 0.005);
}

} // namespace
} // namespace amp::test

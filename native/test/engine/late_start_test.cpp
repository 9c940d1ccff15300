// What a stream does after a year: it is begun there.
#include "support/plan_builder.h"
#include "support/random_plan.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace amp::test {
namespace {

constexpr int kBlocks[] = {1, 16, 64, 100, 257, 1024};
// A multiple of all blocks, behind 2^40 frames: 265 days.
constexpr std::int64_t kCommon = 1024 * 25 * 257;
constexpr std::int64_t kLate = ((std::int64_t{1} << 40) / kCommon + 1) * kCommon;

std::vector<float> played(const std::vector<std::byte>& plan, std::vector<amp_event> events, int frames,
                          amp_streamer_settings settings, std::int64_t first_frame) {
    settings.first_frame = first_frame;
    for (amp_event& event : events) {
        event.frame += first_frame;
    }
    const Stream stream(plan, settings);
    stream.post(events);
    auto samples = stream.take(frames);
    EXPECT_EQ(amp_streamer_event_counts(stream.get()).late, 0U);
    return samples;
}

std::size_t first_difference(const std::vector<float>& a, const std::vector<float>& b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

TEST(AfterAYear, AnyPlanGivesTheSameBitsInAnyBlockWithAnyWorkers) {
    constexpr int kFrames = 3000;
    for (std::uint32_t seed = 0; seed < 8; ++seed) {
        RandomPlan random(seed, {.voices = true, .network = true, .gates = true});
        const auto plan = random.bytes();
        const auto events = random.events(80, kFrames - 200);
        const auto wanted = played(plan, events, kFrames, settings_for(64, 1), kLate);
        for (std::size_t b = 0; b < std::size(kBlocks); ++b) {
            const int workers = 1 + static_cast<int>((b + seed) % 3);
            const auto found = played(plan, events, kFrames, settings_for(kBlocks[b], workers), kLate);
            ASSERT_EQ(first_difference(found, wanted), wanted.size())
                << "seed " << seed << ", blocks of " << kBlocks[b] << ", " << workers << " workers";
        }
    }
}

// A tone behind a delay, a loop, and a gate that holds it until its wheel has grown.
PlanBuilder held_echo(std::uint64_t delay) {
    PlanBuilder builder;
    builder.node("tone", "sine", {.parameters = {{"freq", {{997}}}}})
        .node("ring", "mix")
        .node("late", "mix")
        .node("out", "output", {.options = {{"channels", 1}}})
        .edge("tone", "ring", {.gain = {0.1}})
        .edge("ring", "ring", {.delay = 777, .gain = {0.5}})
        .edge("ring", "late", {.delay = delay})
        .edge("late", "out")
        .loop({"ring"}, 512)
        .gate("drop", {3}, {.while_closed = plan::WhileClosed::hold});
    return builder;
}

TEST(AfterAYear, FramesAreVisibleAtTheirDelayThroughGrowthAsAtTheBeginning) {
    constexpr int kFrames = 70000;
    for (const std::uint64_t delay : {1, 64, 257, 3000}) {
        const auto plan = held_echo(delay).bytes();
        const std::vector<amp_event> events{set_gate(5003, 0, 0), set_gate(60001, 0, 1)};
        const auto wanted = played(plan, events, kFrames, settings_for(64, 1), 0);
        ASSERT_GT(*std::max_element(wanted.begin() + 61000, wanted.end()), 0.05F);
        for (const int block : kBlocks) {
            const auto found = played(plan, events, kFrames, settings_for(block, 2), kLate);
            ASSERT_EQ(first_difference(found, wanted), wanted.size()) << "delay " << delay << ", blocks of " << block;
        }
    }
}

} // namespace
} // namespace amp::test

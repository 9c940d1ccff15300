// What finds and tells differences, tried on faults that were put there.
#include "reference/locate.h"
#include "reference/shrink.h"
#include "reference/surgery.h"
#include "support/random_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace amp::test::reference {
namespace {

constexpr Faults kLate{.extra_delay = 1}; // delayed edges bring their frames too late

std::optional<int> differs_if_late(const Case& played) {
    const auto wanted = referenced(played);
    const auto at = first_difference(wanted, referenced(played, kLate));
    return at ? std::optional(static_cast<int>(*at / (wanted.size() / static_cast<std::size_t>(played.frames))))
              : std::nullopt;
}

Case large_case(std::uint64_t seed) {
    RandomPlan random(seed, {.voices = true, .network = true});
    Case made{random.description(), {}, 3000};
    made.events = control_events(made.plan, random.events(60, 3000));
    return made;
}

class Shrink : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Shrink, LeavesOfALargePlanOneDelayedEdge) {
    const Case large = large_case(GetParam());
    ASSERT_GT(large.plan.nodes.size(), 10U);
    ASSERT_TRUE(differs_if_late(large));
    const Case small = shrunk(large, differs_if_late);
    ASSERT_TRUE(differs_if_late(small)) << text(small);
    const auto delayed =
        std::ranges::count_if(small.plan.edges, [](const plan::Edge& edge) { return edge.total_delay() > 0; });
    EXPECT_EQ(delayed, 1) << text(small);
    EXPECT_LE(small.plan.nodes.size(), 4U) << text(small);
    EXPECT_LE(small.plan.edges.size(), 3U) << text(small);
    EXPECT_LE(small.events.size(), 1U) << text(small);
    std::uint64_t delay = 0;
    for (const plan::Edge& edge : small.plan.edges) {
        delay = std::max(delay, edge.total_delay());
    }
    EXPECT_LT(small.frames, 200 + static_cast<int>(delay)) << text(small);
}

TEST_P(Shrink, FindsTheNodeThatReadsTheDelayedEdge) {
    const Case small = shrunk(large_case(GetParam()), differs_if_late);
    const auto place = first_differing_tap(small, differs_if_late);
    const auto delayed =
        std::ranges::find_if(small.plan.edges, [](const plan::Edge& edge) { return edge.total_delay() > 0; });
    const std::string& reader = small.plan.nodes[delayed->to_node].id;
    EXPECT_EQ(place ? place->node : "the output", reader.starts_with("output") ? "the output" : reader) << text(small);
}

INSTANTIATE_TEST_SUITE_P(OfSeveralPlans, Shrink, testing::Range<std::uint64_t>(1, 3));

TEST(Surgery, LeavesAPlanWithoutANodeWholeAndRunning) {
    const Case large = large_case(7);
    for (std::size_t node = 0; node < large.plan.nodes.size(); ++node) {
        std::vector<bool> keep(large.plan.nodes.size(), true);
        keep[node] = false;
        const Case smaller = with_nodes(large, keep);
        EXPECT_EQ(smaller.plan.nodes.size(), large.plan.nodes.size() - 1);
        for (const plan::Edge& edge : smaller.plan.edges) {
            EXPECT_LT(std::max(edge.from_node, edge.to_node), smaller.plan.nodes.size());
        }
        for (const control::Event& event : smaller.events) {
            if (event.kind == control::EventKind::set_edge_gain) {
                ASSERT_LT(event.parameter, smaller.plan.edges.size());
                EXPECT_EQ(smaller.plan.edges[event.parameter].to_node, event.node);
            }
        }
    }
}

} // namespace
} // namespace amp::test::reference

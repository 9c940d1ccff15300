// What of a schedule runs as one, and how wide cohorts are divided among workers.
#include "plan/layout.h"
#include "plan/sample_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace amp::test {
namespace {

// Sources of so many lanes each, into one sum, in a schedule that has them in one cohort.
plan::Description sources(const std::vector<int>& lanes) {
    PlanBuilder builder;
    std::vector<std::uint32_t> cohort;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        builder.node("s" + std::to_string(i), "sine", {.shape = {lanes[i], 1}});
        cohort.push_back(static_cast<std::uint32_t>(i));
    }
    builder.node("sum", "mix").node("out", "output", {.options = {{"channels", 1}}}).edge("sum", "out");
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        builder.edge("s" + std::to_string(i), "sum");
    }
    plan::Description plan = builder.build();
    const auto sum = static_cast<std::uint32_t>(lanes.size());
    plan.has_schedule = true;
    plan.stages = {{0, {{"sine", cohort}}}, {0, {{"mix", {sum}}}}, {0, {{"output", {sum + 1}}}}};
    return plan;
}

plan::Layout layout_of(const plan::Description& plan, int workers) {
    return plan::lay_out(plan, {.block = 64, .workers = workers}).value();
}

TEST(CohortLayout, LetsEqualsRunAsOneOnOneWorker) {
    const plan::Layout layout = layout_of(sources(std::vector<int>(200, 1)), 1);
    ASSERT_EQ(layout.cohorts.size(), 1U);
    EXPECT_EQ(layout.cohorts[0].nodes.size(), 200U);
    EXPECT_EQ(layout.cohorts[0].lanes, 208);
}

TEST(CohortLayout, DividesAWideCohortAmongTheWorkers) {
    const plan::Layout layout = layout_of(sources(std::vector<int>(512, 1)), 4);
    ASSERT_EQ(layout.cohorts.size(), 4U);
    for (const plan::CohortLayout& cohort : layout.cohorts) {
        EXPECT_EQ(cohort.nodes.size(), 128U);
        EXPECT_EQ(cohort.lanes, 128);
        EXPECT_EQ(cohort.rows, 0U);
    }
}

TEST(CohortLayout, DividesNoCohortThatIsNarrow) {
    EXPECT_EQ(layout_of(sources(std::vector<int>(63, 1)), 8).cohorts.size(), 1U);
    EXPECT_EQ(layout_of(sources(std::vector<int>(64, 1)), 8).cohorts.size(), 2U);
}

TEST(CohortLayout, HasEveryNodeInOnePartWhichBeginsWithAWholeTile) {
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        std::vector<int> lanes(2 + random() % 200);
        std::ranges::generate(lanes, [&] { return round % 2 == 0 ? 1 : 1 + static_cast<int>(random() % 40); });
        const int workers = 1 + static_cast<int>(random() % 9);
        const plan::Layout layout = layout_of(sources(lanes), workers);
        ASSERT_LE(layout.cohorts.size(), static_cast<std::size_t>(workers));
        std::vector<std::uint32_t> nodes;
        int next_lane = 0;
        for (const plan::CohortLayout& cohort : layout.cohorts) {
            ASSERT_FALSE(cohort.nodes.empty());
            ASSERT_EQ(cohort.first_lanes.front(), next_lane);
            ASSERT_EQ(cohort.first_lanes.front() % kWidestTile, 0);
            nodes.insert(nodes.end(), cohort.nodes.begin(), cohort.nodes.end());
            next_lane += cohort.lanes;
        }
        ASSERT_EQ(next_lane, layout.rows[0].lanes);
        std::vector<std::uint32_t> all(lanes.size());
        std::iota(all.begin(), all.end(), 0U);
        ASSERT_EQ(nodes, all);
    }
}

TEST(CohortLayout, FusesNoNodesAroundOneThatDoesNotFit) {
    // Gains in a row, of which a gate holds what the middle one makes: the last waits for it, and it for the first.
    PlanBuilder builder;
    builder.node("noise", "noise").node("a", "gain").node("b", "gain").node("c", "gain");
    builder.node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("noise", "a").edge("a", "b").edge("b", "c").edge("c", "out");
    builder.gate("gate", {2}, {.while_closed = plan::WhileClosed::hold});
    plan::Description plan = builder.build();
    plan.has_schedule = true;
    plan.stages = {{0, {{"noise", {0}}}}, {0, {{"gain", {1, 2, 3}}}}, {0, {{"output", {4}}}}};
    EXPECT_TRUE(layout_of(plan, 1).cohorts.empty());
}

TEST(CohortLayout, CutsAChainWhereALinkDoesNotFit) {
    PlanBuilder builder;
    builder.node("noise", "noise").node("out", "output", {.options = {{"channels", 1}}});
    std::vector<std::uint32_t> row;
    for (int i = 0; i < 6; ++i) {
        builder.node("f" + std::to_string(i), "one_pole");
        row.push_back(static_cast<std::uint32_t>(2 + i));
        builder.edge(i == 0 ? "noise" : "f" + std::to_string(i - 1), "f" + std::to_string(i),
                     {.gain = {i == 3 ? 0.5 : 1}});
    }
    builder.edge("f5", "out");
    plan::Description plan = builder.build();
    plan.has_schedule = true;
    plan.stages = {{0, {{"noise", {0}}}}, {0, {{"one_pole", row}}}, {0, {{"output", {1}}}}};
    const plan::Layout layout = layout_of(plan, 1);
    ASSERT_EQ(layout.cohorts.size(), 2U);
    EXPECT_EQ(layout.cohorts[0].nodes, (std::vector<std::uint32_t>{2, 3, 4}));
    EXPECT_EQ(layout.cohorts[1].nodes, (std::vector<std::uint32_t>{5, 6, 7}));
    EXPECT_TRUE(layout.cohorts[0].is_chain);
}

} // namespace
} // namespace amp::test

// What runs as one, as the C API tells it.
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace amp::test {
namespace {

// Three sines (0 to 2) into three filters (3 to 5) into the output (6).
plan::Description rows() {
    PlanBuilder builder;
    for (const char* sine : {"s0", "s1", "s2"}) {
        builder.node(sine, "sine");
    }
    for (const char* filter : {"f0", "f1", "f2"}) {
        builder.node(filter, "one_pole");
    }
    builder.node("out", "output", {.options = {{"channels", 1}}});
    for (const char* index : {"0", "1", "2"}) {
        builder.edge(std::string("s") + index, std::string("f") + index);
        builder.edge(std::string("f") + index, "out");
    }
    return builder.build();
}

// What is told, without the spaces and line feeds between words.
std::string told_of(const plan::Description& plan) {
    const Stream stream(encode(plan).bytes, settings_for(64, 1));
    std::string text(amp_streamer_cohorts_json(stream.get(), nullptr, 0), '\0');
    amp_streamer_cohorts_json(stream.get(), text.data(), text.size() + 1);
    std::erase_if(text, [](char each) { return each == '\n' || each == ' '; });
    return text;
}

TEST(FusedCohorts, AreNoneWithoutASchedule) { EXPECT_EQ(told_of(rows()), "[]"); }

TEST(FusedCohorts, TellWhatLiesSideBySideAndWhatIsGathered) {
    plan::Description plan = rows();
    plan.has_schedule = true;
    plan.stages = {{0, {{"sine", {0, 1, 2}}}}, {0, {{"one_pole", {3, 4, 5}}}}, {0, {{"output", {6}}}}};
    const std::string filters = R"({"kind":"lanes","nodes":[3,4,5],"inputs":["sidebyside"],"parameters":["constant"]})";
    EXPECT_NE(told_of(plan).find(filters), std::string::npos) << told_of(plan);
    plan.stages[1].cohorts[0].nodes = {4, 3, 5};
    const std::string crossed = R"({"kind":"lanes","nodes":[4,3,5],"inputs":["gathered"],"parameters":["constant"]})";
    EXPECT_NE(told_of(plan).find(crossed), std::string::npos) << told_of(plan);
}

TEST(FusedCohorts, TellOfChains) {
    PlanBuilder builder;
    builder.node("noise", "noise");
    builder.node("f0", "one_pole").node("f1", "one_pole");
    builder.node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("noise", "f0").edge("f0", "f1").edge("f1", "out");
    plan::Description plan = builder.build();
    plan.has_schedule = true;
    plan.stages = {{0, {{"noise", {0}}}}, {0, {{"one_pole", {1, 2}}}}, {0, {{"output", {3}}}}};
    EXPECT_EQ(told_of(plan), R"([{"kind":"chain","nodes":[1,2],"inputs":["linked"],"parameters":["constant"]}])");
}

TEST(FusedCohorts, BeginAChainBehindALinkThatAnEdgeMoves) {
    PlanBuilder builder;
    builder.node("noise", "noise").node("lfo", "lfo");
    builder.node("f0", "one_pole").node("f1", "one_pole").node("f2", "one_pole");
    builder.node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("noise", "f0").edge("lfo", "f0.cutoff").edge("f0", "f1").edge("f1", "f2").edge("f2", "out");
    plan::Description plan = builder.build();
    plan.has_schedule = true;
    plan.stages = {{0, {{"noise", {0}}, {"lfo", {1}}}}, {0, {{"one_pole", {2, 3, 4}}}}, {0, {{"output", {5}}}}};
    EXPECT_EQ(told_of(plan), R"([{"kind":"chain","nodes":[3,4],"inputs":["linked"],"parameters":["constant"]}])");
}

} // namespace
} // namespace amp::test

// What a plan must mean before it may run: each rule, broken once in a plan that is right otherwise.
#include "plan/check.h"
#include "plan/sample_plan.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace amp::test {
namespace {

using plan::ValueUnit;
using Plan = plan::Description;

struct Rule {
    const char* name;
    std::function<void(Plan&)> breaks;
    const char* says;
};

void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

class BrokenRule : public testing::TestWithParam<Rule> {};

TEST_P(BrokenRule, IsSaidOfItsNodeTapOrEdge) {
    Plan plan = sample_plan();
    ASSERT_EQ(plan::check(plan), std::nullopt);
    GetParam().breaks(plan);
    EXPECT_EQ(plan::check(plan).value_or("nothing"), GetParam().says);
}

// The nodes of the sample plan.
enum : std::size_t { keys, saw, env, wobble, low, vca, spread, bus, echo, out };

INSTANTIATE_TEST_SUITE_P(
    OfNodes, BrokenRule,
    testing::Values(
        Rule{"latency", [](Plan& p) { p.nodes[wobble].latency = 1; },
             "node wobble: a latency of 1 frames, its type has 0"},
        Rule{"type", [](Plan& p) { p.nodes[saw].type = "sow"; }, "node saw: this engine has no type sow"},
        Rule{"type_empty", [](Plan& p) { p.nodes[saw].type = ""; }, "node saw: this engine has no type "},
        Rule{"options_missing", [](Plan& p) { p.nodes[keys].options.pop_back(); },
             "node keys: 1 options, its type has 2"},
        Rule{"option_name", [](Plan& p) { p.nodes[keys].options[1].name = "chanel"; },
             "node keys: option chanel stands where its type has channel"},
        Rule{"option_fraction", [](Plan& p) { p.nodes[keys].options[1].number = 1.5; },
             "node keys: option channel is no whole number from 0.000000 to 16.000000"},
        Rule{"option_high", [](Plan& p) { p.nodes[keys].options[1].number = 17; },
             "node keys: option channel is no whole number from 0.000000 to 16.000000"},
        Rule{"option_huge", [](Plan& p) { p.nodes[keys].options[1].number = 1e300; },
             "node keys: option channel is no whole number from 0.000000 to 16.000000"},
        Rule{"choice_high", [](Plan& p) { p.nodes[wobble].options[0].number = 4; },
             "node wobble: option shape is no whole number from 0.000000 to 3.000000"},
        Rule{"parameters_more", [](Plan& p) { p.nodes[vca].parameters.push_back(p.nodes[vca].parameters[0]); },
             "node vca: 2 parameters, its type has 1"},
        Rule{"parameter_name", [](Plan& p) { p.nodes[vca].parameters[0].name = "level"; },
             "node vca: parameter level stands where its type has gain"},
        Rule{"inputs_missing", [](Plan& p) { p.nodes[vca].inputs.clear(); }, "node vca: 0 inputs, its type has 1"},
        Rule{"input_name", [](Plan& p) { p.nodes[vca].inputs[0].name = "gate"; },
             "node vca: input gate stands where its type has in"},
        Rule{"outputs_missing", [](Plan& p) { p.nodes[low].outputs.pop_back(); },
             "node low: 2 outputs, its type has 3"},
        Rule{"output_name", [](Plan& p) { p.nodes[low].outputs[1].name = "low"; },
             "node low: output low stands where its type has high"},
        Rule{"output_shape", [](Plan& p) { p.nodes[saw].outputs[0].shape.batch = 7; },
             "node saw.out: shape (7, 1), its node gives (6, 1)"},
        Rule{"pan_output_shape", [](Plan& p) { p.nodes[spread].outputs[0].shape.channels = 1; },
             "node spread.out: shape (6, 1), its node gives (6, 2)"},
        Rule{"period", [](Plan& p) { p.nodes[saw].outputs[0].period = 64; },
             "node saw.out: a period of 64 frames, its node gives 1"},
        Rule{"sum_batch", [](Plan& p) { p.nodes[bus].shape.batch = 6; },
             "node bus: a sum has a batch of 1, not (6, 2)"},
        Rule{"output_channels", [](Plan& p) { p.nodes[out].options[0].number = 3; },
             "node out: shape (1, 2) is not its channels"},
        Rule{"pan_channels", [](Plan& p) { p.nodes[spread].shape.channels = 2; },
             "node spread: pans one channel, not (6, 2)"},
        Rule{"keys_shape", [](Plan& p) { p.nodes[keys].options[0].number = 5; },
             "node keys: shape (6, 1) is not its voices"},
        Rule{"base_count", [](Plan& p) { p.nodes[spread].parameters[0].base.pop_back(); },
             "node spread.position: 5 values for a batch of 6"},
        Rule{"base_none", [](Plan& p) { p.nodes[vca].parameters[0].base.clear(); },
             "node vca.gain: 0 values for a batch of 6"},
        Rule{"base_unit", [](Plan& p) { p.nodes[vca].parameters[0].base[0].unit = ValueUnit::hertz; },
             "node vca.gain: its unit does not fit"},
        Rule{"base_no_period", [](Plan& p) { p.nodes[wobble].parameters[0].base[0].number = 0; },
             "node wobble.freq: its unit does not fit"},
        Rule{"voice_group", [](Plan& p) { p.nodes[out].voice_group = 1; }, "node out: there is no voice group 1"}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    OfEdges, BrokenRule,
    testing::Values(
        Rule{"output", [](Plan& p) { p.edges[2].from_output = 1; }, "edge from saw to low: saw has no output 1"},
        Rule{"input", [](Plan& p) { p.edges[2].to_index = 1; }, "edge from saw to low: low has no input 1"},
        Rule{"parameter", [](Plan& p) { p.edges[4].to_index = 2; }, "edge from env to low: low has no parameter 2"},
        Rule{"scaled_input", [](Plan& p) { p.edges[2].mode = plan::EdgeMode::scale; },
             "edge from saw to low: only a parameter can be scaled"},
        Rule{"octaves_of_an_input", [](Plan& p) { p.edges[2].scale = plan::EdgeScale::octaves; },
             "edge from saw to low: only a parameter can be scaled"},
        Rule{"gain_unit", [](Plan& p) { p.edges[2].gain.unit = ValueUnit::seconds; },
             "edge from saw to low: the unit of its gain does not fit"},
        Rule{"depth_unit", [](Plan& p) { p.edges[4].gain.unit = ValueUnit::decibels; },
             "edge from env to low: the unit of its gain does not fit"},
        Rule{"octaves_unit", [](Plan& p) { p.edges[3].gain.unit = ValueUnit::hertz; },
             "edge from wobble to low: the unit of its gain does not fit"},
        Rule{"channels_meet",
             [](Plan& p) {
                 p.nodes[bus].shape.channels = 3;
                 p.nodes[bus].outputs[0].shape.channels = 3;
             },
             "edge from spread to bus: shape (6, 2) does not meet (6, 3)"},
        Rule{"published", [](Plan& p) { p.nodes[saw].outputs[0].release = plan::ReleasePolicy::on_publish; },
             "edge from saw to low: saw.out is for readers outside of the graph (on_publish)"},
        Rule{"reach_of_the_output", [](Plan& p) { p.nodes[echo].outputs[0].max_frames = 299; },
             "edge from echo to bus: reads 300 frames back, but max_frames of echo.out is 299"},
        Rule{"reach",
             [](Plan& p) {
                 p.nodes[bus].inputs[0].max_frames = 400;
                 p.nodes[bus].inputs[0].asks = 101;
             },
             "edge from echo to bus: reads 401 frames back, but max_frames of bus.in is 400"},
        Rule{"gate", [](Plan& p) { p.edges[12].gate = 2; }, "edge dry from bus to out: there is no gate 2"}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    OfOrder, BrokenRule,
    testing::Values(
        Rule{"empty", [](Plan& p) { p.components[0].nodes.clear(); }, "component 0: 0 nodes without a loop"},
        Rule{"no_loop", [](Plan& p) { p.components[7].is_loop = false; }, "component 7: 2 nodes without a loop"},
        Rule{"twice", [](Plan& p) { p.components[1].nodes[0] = keys; }, "node keys: not in exactly one component"},
        Rule{"elsewhere", [](Plan& p) { p.nodes[saw].component = 3; }, "node saw: not in exactly one component"},
        Rule{"missing", [](Plan& p) { p.components.pop_back(); }, "components hold 9 of 10 nodes"},
        Rule{"self", [](Plan& p) { p.edges[2].from_node = low; },
             "edge from low to low: a loop, but its component says that it is none"},
        Rule{"against", [](Plan& p) { std::swap(p.components[7].nodes[0], p.components[7].nodes[1]); },
             "edge from bus to echo: runs against the order"},
        Rule{"short_delay", [](Plan& p) { p.edges[10].delay = 255; }, "edge from echo to bus: runs against the order"},
        Rule{"against_in_time",
             [](Plan& p) {
                 std::swap(p.components[1], p.components[4]);
                 p.nodes[saw].component = 4;
                 p.nodes[low].component = 1;
                 p.edges[2].delay = 100000;
             },
             "edge from saw to low: runs against the order"}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    OfGates, BrokenRule,
    testing::Values(
        Rule{"member_twice", [](Plan& p) { p.gates[0].edges.push_back(12); },
             "gate drop: the edge from bus to out is listed twice"},
        Rule{"foreign_member", [](Plan& p) { p.gates[0].edges.push_back(2); },
             "gate drop: the edge from saw to low is not its own"},
        Rule{"member_of_two", [](Plan& p) { p.gates[1].edges.push_back(12); },
             "gate mute: the edge from bus to out is listed twice"},
        Rule{"unlisted_member", [](Plan& p) { p.edges[2].gate = 1; },
             "gate mute: does not list the edge from saw to low"},
        Rule{"held_voices", [](Plan& p) { p.gates[1].while_closed = plan::WhileClosed::hold; },
             "gate mute: the edge from spread to bus lets voices leave that it would hold; a sum can be held"},
        Rule{"signal_output", [](Plan& p) { p.gates[1].signals[0].output = 1; }, "gate mute: wobble has no output 1"},
        Rule{"late_signal", [](Plan& p) { p.nodes[wobble].aligned_latency = 1; },
             "gate mute: bus is earlier than the signal of wobble"},
        Rule{"signal_against", [](Plan& p) { p.gates[1].signals[0].node = out; },
             "gate mute: bus waits for out to read its signal, which runs against the order"},
        Rule{"signal_inside", [](Plan& p) { p.gates[1].signals[0].node = echo; },
             "gate mute: bus waits for echo to read its signal, which runs against the order"},
        Rule{"signal_of_itself", [](Plan& p) { p.gates[0].signals = {{out, 0}}; },
             "gate drop: out waits for out to read its signal: a loop, but its component says that it is none"},
        Rule{"barrier_against",
             [](Plan& p) {
                 p.edges[2].gate = 0;
                 p.gates[0].edges.push_back(2);
             },
             "gate drop: low waits for bus at its barrier, which runs against the order"},
        Rule{"grid_bare", [](Plan& p) { p.gates[0].quantize = {1}; },
             "gate drop: its grid is no length of 1 to 4294967296 frames"},
        Rule{"grid_unit", [](Plan& p) { p.gates[0].quantize = {1, ValueUnit::hertz}; },
             "gate drop: its grid is no length of 1 to 4294967296 frames"},
        Rule{"grid_fine", [](Plan& p) { p.gates[0].quantize = {0.00001, ValueUnit::seconds}; },
             "gate drop: its grid is no length of 1 to 4294967296 frames"},
        Rule{"grid_long", [](Plan& p) { p.gates[0].quantize = {1e9, ValueUnit::bars}; },
             "gate drop: its grid is no length of 1 to 4294967296 frames"},
        Rule{"grid_backwards", [](Plan& p) { p.gates[0].quantize = {-1, ValueUnit::whole_notes}; },
             "gate drop: its grid is no length of 1 to 4294967296 frames"}),
    [](const auto& info) { return std::string(info.param.name); });

// Three sources that one gate brings to three places, of which one is early.
// The sample plan, and an edge from the heat of "low" to the level of "vca".
Plan warmed_plan() {
    Plan plan = sample_plan();
    plan::OutputTap heat = plan.nodes[low].outputs.front();
    heat.name = "thermo.heat";
    heat.shape = {1, 1};
    heat.history = 64;
    plan.nodes[low].outputs.push_back(heat);
    plan::Edge edge;
    edge.id = "warmth";
    edge.from_node = low;
    edge.from_output = static_cast<std::uint32_t>(plan.nodes[low].outputs.size() - 1);
    edge.to_node = vca;
    edge.target = plan::EdgeTarget::parameter;
    edge.delay = 64;
    edge.gain = {1, ValueUnit::plain};
    plan.edges.push_back(edge);
    return plan;
}

TEST(Check, TakesAnEdgeFromTheHeatOfANode) { EXPECT_EQ(plan::check(warmed_plan()), std::nullopt); }

TEST(Check, RefusesHeatThatIsReadBeforeItIsPublished) {
    Plan plan = warmed_plan();
    plan.edges.back().delay = 63;
    EXPECT_EQ(plan::check(plan), "edge warmth from low to vca: reads heat 63 frames back, not 64");
}

TEST(Check, RefusesHeatOfMoreThanOneLane) {
    Plan plan = warmed_plan();
    plan.nodes[low].outputs.back().shape = {2, 1};
    EXPECT_EQ(plan::check(plan), "node low.thermo.heat: heat is one value a frame, not (2, 1)");
}

TEST(Check, RefusesALimitBelowWhatIsWarmWhereItActs) {
    Plan plan = sample_plan();
    plan.thermal.limit = plan.thermal.warm;
    EXPECT_EQ(plan::check(plan), std::nullopt);
    plan.thermal.attenuate = true;
    EXPECT_EQ(plan::check(plan), "thermal: ambient, warm and limit rise in this order where a limit acts");
}

TEST(Check, TakesABarrierWhoseConsumersRunAfterAllSources) {
    PlanBuilder builder;
    builder.node("a", "sine").node("b", "sine").node("low", "gain").node("out", "output");
    builder.edge("a", "low").edge("b", "out").edge("low", "out");
    plan::Description plan = builder.build();
    plan.gates = {{"both", plan::WhileClosed::hold, plan::GateRelease::resume, true, {0}, {0, 1}, {}}};
    plan.edges[0].gate = plan.edges[1].gate = 0;
    EXPECT_EQ(plan::check(plan), std::nullopt);
}

TEST(Check, TakesABarrierOfALoopWhoseDelayCoversItsWindow) {
    PlanBuilder builder;
    builder.node("bus", "mix").node("echo", "gain").node("out", "output");
    builder.edge("echo", "bus", {.delay = 256}).edge("bus", "echo").edge("bus", "out").loop({"bus", "echo"}, 256);
    plan::Description plan = builder.build();
    plan.gates = {{"back", plan::WhileClosed::mute, plan::GateRelease::resume, true, {0}, {0, 2}, {{1, 0}}}};
    plan.edges[0].gate = plan.edges[2].gate = 0;
    EXPECT_EQ(plan::check(plan), "gate back: bus waits for bus at its barrier, which runs against the order");
    plan.edges[2].delay = 256;
    EXPECT_EQ(plan::check(plan), "gate back: bus waits for echo to read its signal, which runs against the order");
    plan.gates[0].signals.clear();
    EXPECT_EQ(plan::check(plan), std::nullopt);
    plan.edges[2].delay = 255;
    EXPECT_EQ(plan::check(plan), "gate back: bus waits for bus at its barrier, which runs against the order");
}

TEST(Check, RefusesAGateOfMoreMembersThanABarrierBears) {
    PlanBuilder builder = small_plan();
    plan::Description plan = builder.build();
    plan.edges.resize(1025, plan.edges[0]);
    plan.gates = {{"crowd", plan::WhileClosed::mute, plan::GateRelease::resume, true, {0}, {}, {}}};
    for (std::uint32_t e = 0; e < 1025; ++e) {
        plan.edges[e].gate = 0;
        plan.gates[0].edges.push_back(e);
    }
    EXPECT_EQ(plan::check(plan), "gate crowd: 1025 members and 0 signals; 1024 and 64 fit");
}

INSTANTIATE_TEST_SUITE_P(
    OfSchedules, BrokenRule,
    testing::Values(Rule{"node_twice", [](Plan& p) { p.stages[0].cohorts[0].nodes.push_back(keys); },
                         "node keys: stands in the schedule twice"},
                    Rule{"node_in_two", [](Plan& p) { p.stages.back().cohorts.push_back({"saw", {saw}}); },
                         "node saw: stands in the schedule twice"},
                    Rule{"node_left_out", [](Plan& p) { p.stages.pop_back(); }, "node out: the schedule leaves it out"},
                    Rule{"foreign_type", [](Plan& p) { p.stages[1].cohorts[0].type = "svf"; },
                         "node saw: of type saw, but the schedule has it in a cohort of svf"},
                    Rule{"loop_apart",
                         [](Plan& p) {
                             p.stages[5].cohorts.pop_back();
                             p.stages.push_back({2, {{"gain", {echo}}}});
                         },
                         "node echo: the schedule has it in stage 7, but its loop in stage 5"},
                    Rule{"cohort_without_nodes", [](Plan& p) { p.stages[2].cohorts.push_back({"svf", {}}); },
                         "stage 2: a cohort of svf without nodes"},
                    Rule{"stages_without_schedule", [](Plan& p) { p.has_schedule = false; },
                         "stage 0: the plan has no schedule"}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    OfVoices, BrokenRule,
    testing::Values(
        Rule{"no_keys", [](Plan& p) { p.voices[0].keys = saw; }, "voices of saw: not a node that has voices"},
        Rule{"member_of_none", [](Plan& p) { p.voices[0].members.push_back(out); },
             "voices of keys: out is not in exactly this group"},
        Rule{"member_twice", [](Plan& p) { p.voices[0].members.push_back(saw); },
             "voices of keys: saw is not in exactly this group"},
        Rule{"lanes", [](Plan& p) { p.voices[0].lanes = 5; }, "voices of keys: keys has shape (6, 1) for 5 voices"},
        Rule{"keys_no_member", [](Plan& p) { p.voices[0].members.erase(p.voices[0].members.begin()); },
             "voices of keys: keys is no member"},
        Rule{"no_envelope", [](Plan& p) { p.voices[0].envelopes[0] = saw; },
             "voices of keys: saw is no envelope of it"},
        Rule{"foreign_envelope",
             [](Plan& p) {
                 p.nodes[env].voice_group = plan::kNone;
                 std::erase(p.voices[0].members, std::uint32_t{env});
                 std::erase_if(p.edges, [](const plan::Edge& edge) { return edge.to_node == env; });
             },
             "voices of keys: env is no envelope of it"},
        Rule{"unlisted", [](Plan& p) { p.voices[0].members.pop_back(); },
             "node spread: its voice group does not list it"},
        Rule{"no_group",
             [](Plan& p) {
                 p.voices.clear();
                 for (plan::Node& node : p.nodes) {
                     node.voice_group = plan::kNone;
                 }
             },
             "node keys: has voices, but no voice group"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Check, RefusesVoicesThatLeaveIntoANodeOfOneLaneEach) {
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 4}}})
        .node("tone", "sine", {.shape = {4, 1}})
        .node("level", "gain", {.shape = {4, 1}})
        .node("out", "output")
        .edge("keys.freq", "tone.freq")
        .edge("tone", "level")
        .edge("level", "out")
        .voices("keys", {"tone"});
    EXPECT_EQ(plan::check(builder.build()), "edge from tone to level: voices leave their group only into a sum");
}

// What sleeps with its voices would be heard over and over.
TEST(Check, RefusesASumOrAnOutputAmongVoices) {
    for (const char* type : {"mix", "output"}) {
        PlanBuilder builder;
        builder.node("keys", "keys", {.options = {{"voices", 1}}})
            .node("bus", type, {.options = {{"channels", 1}}})
            .node("out", "output", {.options = {{"channels", 1}}})
            .edge("keys.gate", "bus")
            .edge("bus", "out")
            .voices("keys", {"bus"});
        EXPECT_EQ(plan::check(builder.build()), "voices of keys: bus sums voices and is none itself") << type;
    }
}

TEST(Check, RefusesVoicesThatLeaveLater) {
    plan::Description plan = sample_plan();
    plan.edges[9].delay = 1;
    EXPECT_EQ(plan::check(plan),
              "edge from spread to bus: voices leave their group without delay; a sum can be delayed");
    plan.edges[9].delay = 0;
    plan.edges[9].alignment = 1;
    EXPECT_NE(plan::check(plan), std::nullopt);
}

TEST(Check, RefusesABatchThatDoesNotMeetAnother) {
    PlanBuilder builder;
    builder.node("three", "sine", {.shape = {3, 1}})
        .node("four", "gain", {.shape = {4, 1}})
        .node("out", "output")
        .edge("three", "four")
        .edge("four", "out");
    EXPECT_EQ(plan::check(builder.build()), "edge from three to four: shape (3, 1) does not meet (4, 1)");
}

TEST(Check, RefusesAPlanThatNobodyHears) {
    PlanBuilder builder;
    builder.node("tone", "sine");
    EXPECT_EQ(plan::check(builder.build()), "no node of type output");
    EXPECT_EQ(plan::check(PlanBuilder().build()), "no node of type output");
}

TEST(Check, RefusesACeilingThatIsNoLevel) {
    const plan::Value wrong[] = {{0},
                                 {-1},
                                 {1.001},
                                 {1e300},
                                 {1, ValueUnit::hertz},
                                 {0.1, ValueUnit::decibels},
                                 {-1000, ValueUnit::decibels},
                                 {101, ValueUnit::percent}};
    for (const plan::Value& ceiling : wrong) {
        PlanBuilder builder = small_plan();
        builder.stream.ceiling = ceiling;
        EXPECT_EQ(plan::check(builder.build()), "the limiter's ceiling: -60 dB to 0 dB fit") << ceiling.number;
    }
}

TEST(Check, TakesEveryLevelAsACeiling) {
    for (const plan::Value ceiling : {plan::Value{1}, plan::Value{0, ValueUnit::decibels}, plan::Value{0.001},
                                      plan::Value{-60, ValueUnit::decibels}, plan::Value{50, ValueUnit::percent}}) {
        PlanBuilder builder = small_plan();
        builder.stream.ceiling = ceiling;
        EXPECT_EQ(plan::check(builder.build()), std::nullopt);
    }
}

} // namespace
} // namespace amp::test

#include "plan/sample_plan.h"

namespace amp::test {

using plan::ValueUnit;

plan::Description sample_plan() {
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 6}}})
        .node("saw", "saw", {.shape = {6, 1}})
        .node("env", "adsr",
              {.shape = {6, 1},
               .parameters = {{"attack", {{5, ValueUnit::milliseconds}}}, {"release", {{0.01, ValueUnit::seconds}}}}})
        .node("wobble", "lfo", {.parameters = {{"freq", {{0.25, ValueUnit::whole_notes}}}}})
        .node("low", "svf", {.shape = {6, 1}, .parameters = {{"cutoff", {{1, ValueUnit::kilohertz}}}}})
        .node("vca", "gain", {.shape = {6, 1}})
        .node("spread", "pan",
              {.shape = {6, 1}, .parameters = {{"position", {{-1}, {-0.6}, {-0.2}, {0.2}, {0.6}, {1}}}}})
        .node("bus", "mix", {.shape = {1, 2}})
        .node("echo", "gain", {.shape = {1, 2}, .parameters = {{"gain", {{-6, ValueUnit::decibels}}}}})
        .node("out", "output");
    builder.edge("keys.freq", "saw.freq")
        .edge("keys.gate", "env.gate")
        .edge("saw", "low")
        .edge("wobble", "low.cutoff", {.gain = {0.5}, .scale = plan::EdgeScale::octaves})
        .edge("env", "low.cutoff", {.gain = {2, ValueUnit::kilohertz}})
        .edge("low.low", "vca")
        .edge("env", "vca.gain")
        .edge("keys.velocity", "vca.gain", {.mode = plan::EdgeMode::scale})
        .edge("vca", "spread")
        .edge("spread", "bus")
        .edge("echo", "bus", {.delay = 300, .gain = {40, ValueUnit::percent}})
        .edge("bus", "echo")
        .edge("bus", "out");
    builder.voices("keys", {"saw", "env", "low", "vca", "spread"}, 97000).loop({"bus", "echo"}, 256);
    plan::Description plan = builder.build();
    plan.edges.back().id = "dry";
    plan.edges.back().gate = 0;
    plan.edges[9].gate = 1;
    plan.nodes[4].parameters[0].slew = {true, true, false, 20000, 1e6, 0};
    plan.gates = {{"drop", plan::WhileClosed::hold, plan::GateRelease::skip, true, {1, ValueUnit::bars}, {12}, {}},
                  {"mute", plan::WhileClosed::mute, plan::GateRelease::resume, false, {0}, {9}, {{3, 0}}}};
    plan.has_schedule = true;
    plan.stages = {{0, {{"keys", {0}}, {"lfo", {3}}}},
                   {0, {{"saw", {1}}, {"adsr", {2}}}},
                   {1, {{"svf", {4}}}},
                   {1, {{"gain", {5}}}},
                   {1, {{"pan", {6}}}},
                   {2, {{"mix", {7}}, {"gain", {8}}}},
                   {2, {{"output", {9}}}}};
    return plan;
}

PlanBuilder small_plan() {
    PlanBuilder builder;
    builder.node("tone", "sine").node("out", "output").edge("tone", "out");
    return builder;
}

} // namespace amp::test

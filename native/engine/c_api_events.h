// Events of the C API as the engine takes them.
#pragma once

#include "amp.h"
#include "control/event.h"

namespace amp::engine {

// True for a parameter or an edge gain. [any]
inline bool sets_value(const amp_event& event) {
    return event.kind == AMP_EVENT_SET_PARAMETER || event.kind == AMP_EVENT_SET_EDGE_GAIN;
}

// True if it is meant for a part of a plan, which must be there. [any]
inline bool is_of_plan(const amp_event& event) {
    return sets_value(event) || event.kind == AMP_EVENT_SET_GATE || event.kind == AMP_EVENT_DRAIN_NODE ||
           event.kind == AMP_EVENT_SHED_VOICE;
}

// True if all numbers but node and parameter lie in the ranges that amp.h says. [any]
bool has_fitting_numbers(const amp_event& event);

// The event, without what only a plan tells: the plan's number, the node that an edge feeds, and a node's component.
// [any]
control::Event control_event(const amp_event& event);

} // namespace amp::engine

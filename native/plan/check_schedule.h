// What a schedule must be for the engine to follow it.
#pragma once

#include "plan/description.h"

#include <optional>
#include <string>

namespace amp::plan {

// The first thing that is wrong with the plan's schedule, naming the node or stage: each node stands in it once, in a
// cohort of its type, and a loop in one stage. Nodes are of known types, and each in its component. Whether what the
// stages order can run in blocks of some length is found when the plan is laid out. [compiler]
std::optional<std::string> check_schedule(const Description& plan);

} // namespace amp::plan

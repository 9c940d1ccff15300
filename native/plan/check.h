// What a plan must mean before it may run: node types and taps are known, shapes meet, orders are orders.
#pragma once

#include "plan/description.h"

#include <optional>
#include <string>

namespace amp::plan {

// The first thing that is wrong, naming the node, tap or edge; nothing if the plan may run. [compiler]
std::optional<std::string> check(const Description& plan);

} // namespace amp::plan

// What the engine knows, as JSON: its node types, and a plan as it was read.
#pragma once

#include "plan/description.h"

#include <string>

namespace amp::engine {

// [main]
std::string describe_node_types();
std::string describe_plan(const plan::Description& plan);

} // namespace amp::engine

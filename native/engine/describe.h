// What the engine knows, as JSON: its node types, a plan as it was read, and what of a plan runs as one.
#pragma once

#include "engine/sample.h"
#include "plan/description.h"

#include <memory>
#include <span>
#include <string>

namespace amp::engine {

inline namespace AMP_PRECISION {
class Cohort;
}

// [main]
std::string describe_node_types();
std::string describe_plan(const plan::Description& plan);
std::string describe_cohorts(std::span<const std::unique_ptr<Cohort>> cohorts);

} // namespace amp::engine

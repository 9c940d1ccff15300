// A plan with something in every section and every optional field, for tests of the reader.
#pragma once

#include "support/plan_builder.h"

namespace amp::test {

// Voices with an envelope, a modulated filter, a sum, a loop with a delay, gates, slews, a schedule, an output.
plan::Description sample_plan();

// One sine that is heard.
PlanBuilder small_plan();

} // namespace amp::test

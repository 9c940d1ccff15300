// Schedules that nobody would write, but that are right: for what must hold of all schedules.
#pragma once

#include "plan/description.h"

#include <cstdint>

namespace amp::test {

// Gives the plan a schedule: stages in an order that its edges, gates and regions allow, nodes of one type in cohorts
// of any size and order, links of one type in chains. The same plan and seed give the same schedule, on every machine.
void draw_schedule(plan::Description& plan, std::uint64_t seed);

} // namespace amp::test

// The order in which the nodes of a plan run, for plans that were put together or taken apart in tests.
#pragma once

#include "plan/description.h"

namespace amp::test {

// Makes the plan's components anew from its edges, and from its gates: what a consumer of a gate waits for besides.
// Each component gets the largest quantum that its loops allow. The edges by which voices leave are found anew too.
// False, and the plan is of no use, if a loop has no delay.
bool put_in_order(plan::Description& plan);

} // namespace amp::test

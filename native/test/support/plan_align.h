// Latencies of a plan that was put together in a test, as the host's planner aligns them.
#pragma once

#include "plan/description.h"

namespace amp::test {

// Gives nodes their aligned latencies and edges their alignments; a loop's delays give up the latencies of its nodes,
// and where they do not fit its edges bind nothing. The plan has nothing of this yet and is in order
// (support/plan_order.h); afterwards it is to be put in order again. False if the result is of no use.
bool align_latencies(plan::Description& plan);

} // namespace amp::test

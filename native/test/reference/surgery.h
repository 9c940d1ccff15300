// Parts of a case taken away; what refers to them goes too, and the rest is numbered anew. The plan is to be put in
// order (support/plan_order.h) before it runs.
#pragma once

#include "reference/case.h"

#include <vector>

namespace amp::test::reference {

// The case without what is not kept: one flag for each node, edge or gate of its plan.
Case with_nodes(const Case& whole, const std::vector<bool>& keep);
Case with_edges(const Case& whole, const std::vector<bool>& keep);
Case with_gates(const Case& whole, const std::vector<bool>& keep);
Case with_events(const Case& whole, const std::vector<bool>& keep);

} // namespace amp::test::reference

// Which nodes of a plan run as one: the cohorts of its schedule, as far as this engine can fuse them.
#pragma once

#include "plan/description.h"

#include <cstdint>
#include <span>
#include <vector>

namespace amp::plan {

struct FusedCohort {
    std::vector<std::uint32_t> nodes; // in the order of their lanes
    bool is_chain = false;            // each reads the one before, and nobody else does
};

// The cohorts of two nodes and more that can be fused: equal in type, options and lateness, in no loop, voices or
// region, of one channel, with nothing that a gate holds. Whoever does not fit runs by itself. [compiler]
std::vector<FusedCohort> find_fused_cohorts(const Description& plan, std::span<const std::uint32_t> region_of);

} // namespace amp::plan

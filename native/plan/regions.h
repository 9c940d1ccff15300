// What "block" stops: a region is a set of nodes that stand and go on together, since all that they make leaves it over
// edges that stop it.
#pragma once

#include "plan/description.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace amp::plan {

struct Region {
    std::vector<std::uint32_t> nodes; // ascending
    std::vector<std::uint32_t> edges; // over which all leaves it, ascending; members of one gate
};

// True if the edge stops what feeds it once its gate has made its reader wait as long as it may. [compiler]
bool stops(const Description& plan, const Edge& edge);

// The regions of a plan, in the order of their first nodes: what hangs together over edges that do not stop it, over
// signals of gates and in voices. [compiler]
std::vector<Region> find_regions(const Description& plan);

// For each node its region, or kNone. [compiler]
std::vector<std::uint32_t> region_of_each_node(const Description& plan, std::span<const Region> regions);

// The first region that could not stand without something else waiting for it, in words. [compiler]
std::optional<std::string> check_regions(const Description& plan);

} // namespace amp::plan

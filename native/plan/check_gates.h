// What the gates of a plan must mean before it may run.
#pragma once

#include "plan/description.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace amp::plan {

// The first thing that is wrong with a gate or with the edges and signals that belong to it; nothing if all may act.
// Nodes, edges and components are right already; `position` is the place of each node in the order in which all run.
// [compiler]
std::optional<std::string> check_gates(const Description& plan, std::span<const std::uint32_t> position);

} // namespace amp::plan

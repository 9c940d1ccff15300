// Bytes to a checked description. A plan is untrusted input.
#pragma once

#include "base/result.h"
#include "plan/description.h"

#include <cstddef>
#include <span>

namespace amp::plan {

// Reads and checks a plan: syntax, counts, references, node types, taps, shapes, loops and order. The error names the
// byte offset or the node, tap or edge at fault; nothing is built. [compiler]
Result<Description> read(std::span<const std::byte> bytes);

} // namespace amp::plan

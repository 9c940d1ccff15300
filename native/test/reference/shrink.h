// Makes a case in which something is wrong as small as it goes while it stays wrong.
#pragma once

#include "reference/case.h"

#include <functional>
#include <optional>

namespace amp::test::reference {

// The frame at which two ways of playing a case differ first, if they do.
using Differs = std::function<std::optional<int>(const Case&)>;

// Leaves out events, gates, nodes and edges, makes the rest plainer and the stream shorter. Gives up after a number of
// attempts. `failing` differs.
Case shrunk(Case failing, const Differs& differs, int most_attempts = 1500);

// The case for people: nodes, edges, gates, events.
std::string text(const Case& played);

} // namespace amp::test::reference

// Finds the node with which a difference begins.
#pragma once

#include "reference/shrink.h"

#include <optional>
#include <string>

namespace amp::test::reference {

struct Place {
    std::string node;
    int output = 0;
    int frame = 0; // of the output, so later than the node's own by the limiter's look-ahead
};

// Listens to one tap after another in the order in which they run, instead of to what the plan sends out; the first
// that differs, if one does.
std::optional<Place> first_differing_tap(const Case& failing, const Differs& differs);

} // namespace amp::test::reference

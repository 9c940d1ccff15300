// What an event that was meant for one plan means in the next: the same node, parameter or edge, if it has it.
#pragma once

#include "base/real_time.h"
#include "control/event.h"
#include "plan/description.h"

#include <cstdint>
#include <vector>

namespace amp::engine {

// For each edge of `to` the one of `from` that it is: of the same nodes, taps and effect, and among equals in their
// order; plan::kNone: none. [compiler]
std::vector<std::uint32_t> equal_edges(const plan::Description& from, const plan::Description& to);

class Translation {
public:
    // From plan number `from_number` to plan number `number`. [compiler]
    Translation(const plan::Description& from, std::uint32_t from_number, const plan::Description& to,
                std::uint32_t number);

    std::uint32_t number() const { return number_; }

    // Changes a set_*, drain_node or shed_voice event of the old plan into one of the new; false if it is of another
    // plan, or the new one has no such thing. [worker]
    bool apply(control::Event& event) const AMP_REAL_TIME;

private:
    struct Target {
        std::uint32_t node = plan::kNone, index = plan::kNone;
    };
    const std::uint32_t from_number_, number_;
    std::vector<std::uint32_t> first_parameter_; // of each old node; one more at the end
    std::vector<Target> parameters_, edges_;     // of each old parameter and edge
    std::vector<Target> gates_, nodes_;          // of each old gate, and of each old node with its new component
    std::vector<std::uint32_t> voices_;          // that the new node hands out, of each old node
};

} // namespace amp::engine

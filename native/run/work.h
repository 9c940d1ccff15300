// What the scheduler runs. It knows units and blocks, and nothing of nodes.
#pragma once

#include "base/real_time.h"

#include <cstdint>

namespace amp::run {

// A unit is a node, or a whole loop of nodes, or a step of the streamer's own.
using UnitIndex = std::uint32_t;

// Unit `to` may run block n when unit `from` has run block n - lag.
struct Dependency {
    UnitIndex from = 0, to = 0;
    std::uint32_t lag = 0;
};

class Work {
public:
    virtual ~Work() = default;

    // Fixes what happens in block `block`. Called once a block, in order, before any unit runs it. [worker]
    virtual void seal(std::int64_t block) AMP_REAL_TIME = 0;

    // Runs one unit over one block. Never called twice at once for one unit. [worker]
    virtual void run(UnitIndex unit, std::int64_t block, int worker) AMP_REAL_TIME = 0;

    // All units have run block `block`. Called in order. [worker]
    virtual void complete(std::int64_t block) AMP_REAL_TIME = 0;
};

} // namespace amp::run

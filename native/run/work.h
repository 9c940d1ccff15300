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

class Program;

// What keeps a block from beginning.
enum class Obstacle : std::uint8_t {
    none,
    blocks_before, // they must be complete first
    preparation,   // something off the sound threads: the scheduler is told by let_go when it is done
};

class Work {
public:
    virtual ~Work() = default;

    // What keeps block `block` from beginning, the next one; `alone` says that all blocks before are complete. Asked
    // again and again until it is nothing, by one thread at a time. [worker]
    virtual Obstacle obstacle([[maybe_unused]] std::int64_t block, [[maybe_unused]] bool alone) AMP_REAL_TIME {
        return Obstacle::none;
    }

    // The program that runs block `block`, the next one to begin, and those after it: `present`, or one that has never
    // run. A new one begins when all blocks before are complete; until then this is asked again and again. [worker]
    virtual Program& program_for([[maybe_unused]] std::int64_t block, Program& present) AMP_REAL_TIME {
        return present;
    }

    // Fixes what happens in block `block`, which `program` runs. Called once a block, in order, before any unit runs
    // it. [worker]
    virtual void seal(const Program& program, std::int64_t block) AMP_REAL_TIME = 0;

    // Runs one unit of the block's program over one block. Never called twice at once for one unit. [worker]
    virtual void run(const Program& program, UnitIndex unit, std::int64_t block, int worker) AMP_REAL_TIME = 0;

    // All units have run block `block`. Called in order. [worker]
    virtual void complete(std::int64_t block) AMP_REAL_TIME = 0;
};

} // namespace amp::run

// What the workers run from some block on: units, what they wait for, and the queue of those that are ready.
#pragma once

#include "base/bounded_queue.h"
#include "run/readiness.h"
#include "run/work.h"

#include <cstdint>
#include <span>

namespace amp::run {

struct SchedulerSettings {
    int workers = 1;
    int in_flight = 1;      // blocks that may run at once
    bool real_time = false; // ask the system for a first-in first-out class
    std::int64_t first_block = 0;
};

// A scheduler runs one program at a time, and each program once: from the block at which Work asks for it to the block
// at which Work asks for another one.
class Program {
public:
    // For a scheduler of the same settings; at least one unit. [compiler]
    Program(std::uint32_t units, std::span<const Dependency> dependencies, const SchedulerSettings& settings);
    virtual ~Program() = default;
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

private:
    friend class Scheduler;

    // One ready unit, or the sources of a sealed block from the `first`-th on.
    struct Ready {
        std::int64_t block;
        std::uint32_t unit_or_first;
        bool sources;
    };

    Readiness readiness_;
    const std::uint32_t source_chunk_;
    BoundedQueue<Ready> queue_;
};

} // namespace amp::run

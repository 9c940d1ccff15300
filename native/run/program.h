// What the workers run from some block on: units, what they wait for, and the queue of those that are ready.
#pragma once

#include "base/bounded_queue.h"
#include "run/readiness.h"
#include "run/source_chunks.h"
#include "run/work.h"
#include "run/work_estimate.h"

#include <atomic>
#include <cstdint>
#include <span>

namespace amp::run {

struct SchedulerSettings {
    int workers = 1;
    int in_flight = 1;      // blocks that may run at once
    bool real_time = false; // ask the system for a first-in first-out class
    std::int64_t first_block = 0;
    // While a device paces: the time that a block may take, nanoseconds. Little work beside it is left to one worker.
    std::int64_t block_time = 0;
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

    // A ready unit, and the cycles that it brings along.
    struct Ready {
        std::int64_t block;
        UnitIndex unit;
        std::uint32_t brings;
    };

    // Block `block` is the first that it runs. [worker]
    void begin_at(std::int64_t block) AMP_REAL_TIME {
        readiness_.begin_at(block);
        first_block_ = block;
    }

    Readiness readiness_;
    WorkEstimate estimate_;
    SourceChunks sources_;
    BoundedQueue<Ready> queue_;
    alignas(kCacheLine) std::atomic<std::int64_t> queued_{0}; // cycles
    std::int64_t first_block_ = 0;
};

} // namespace amp::run

// How much of each block every worker worked, and how much of the CPU it had.
#pragma once

#include "base/bounded_queue.h"
#include "base/real_time.h"
#include "engine/completions.h"
#include "engine/measured_window.h"
#include "engine/worker_clocks.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace amp::engine {

class WorkerTimes {
public:
    // [compiler]
    explicit WorkerTimes(std::vector<clockid_t> clocks)
        : clocks_(std::move(clocks)), workers_(std::make_unique<OfWorker[]>(clocks_.count())) {}

    std::size_t count() const { return clocks_.count(); }

    // The worker has worked for so many cycles. [worker]
    void worked(int worker, std::uint64_t cycles) AMP_REAL_TIME {
        std::atomic<std::uint64_t>& worked = workers_[static_cast<std::size_t>(worker)].worked;
        worked.store(worked.load(std::memory_order_relaxed) + cycles, std::memory_order_relaxed);
    }

    // The block is complete. The most CPU time in nanoseconds that one worker has had since the last call. [worker]
    std::int64_t complete(std::int64_t block, std::uint32_t window) AMP_REAL_TIME;

    struct OfBlock {
        std::uint64_t busy = 0; // cycles, from the end of the block before
        std::int64_t cpu = 0;   // nanoseconds, likewise
    };

    // Of a kept block. [any]
    OfBlock of_block(std::size_t worker, std::int64_t block) const;

    // Sums of a closed window, in the same units. [any]
    OfBlock of_window(std::size_t worker, std::uint32_t window) const;

private:
    struct Place {
        std::atomic<std::uint64_t> busy{0};
        std::atomic<std::int64_t> cpu{0};
    };
    struct alignas(kCacheLine) OfWorker {
        std::atomic<std::uint64_t> worked{0}; // cycles
        std::uint64_t told = 0;               // of these, when the last block was complete
        WindowTotals busy, cpu;
        std::array<Place, kKeptBlocks> blocks;
    };

    WorkerClocks clocks_;
    std::unique_ptr<OfWorker[]> workers_;
};

} // namespace amp::engine

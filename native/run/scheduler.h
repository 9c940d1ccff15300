// The readiness queue and the workers that empty it.
#pragma once

#include "base/bounded_queue.h"
#include "base/pace.h"
#include "run/readiness.h"
#include "run/work.h"

#include <atomic>
#include <cstdint>
#include <ctime>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace amp::run {

struct SchedulerSettings {
    int workers = 1;
    int in_flight = 1;      // blocks that may run at once
    bool real_time = false; // ask the system for a first-in first-out class
};

// Runs blocks 0, 1, 2, ... of `work` on its own threads, as far as `pace` allows, and sleeps on its wake-up.
class Scheduler {
public:
    // Starts the workers, asleep. Throws std::system_error if the system gives no threads. [compiler]
    Scheduler(Work& work, Pace& pace, std::uint32_t units, std::span<const Dependency> dependencies,
              const SchedulerSettings& settings);
    // Stops after the units that are running. [compiler]
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    // Blocks that are complete. [any]
    std::int64_t completed() const { return completed_.load(std::memory_order_acquire); }

    // The clocks of the workers' CPU times, in their order; throws std::system_error where the system has none.
    // [compiler]
    std::vector<clockid_t> cpu_clocks();

    // Workers that run in the real-time class they asked for. [any]
    int real_time_workers() const { return real_time_workers_.load(std::memory_order_relaxed); }

private:
    // One ready unit, or the sources of a sealed block from the `first`-th on.
    struct Ready {
        std::int64_t block;
        std::uint32_t unit_or_first;
        bool sources;
    };

    void stop();
    void work_loop(int worker);
    bool take_turn(int worker);
    bool can_begin() const;
    bool begin_block();
    void run_sources(const Ready& range, int worker);
    void run_chain(UnitIndex unit, std::int64_t block, int worker);
    void complete_from(std::int64_t block);
    void push(const Ready& ready);
    bool wait_briefly() const;

    Work& work_;
    Pace& pace_;
    Readiness readiness_;
    const SchedulerSettings settings_;
    const std::uint32_t source_chunk_;
    const int spins_;
    BoundedQueue<Ready> queue_;
    std::atomic<bool> stopping_{false};
    std::atomic<int> real_time_workers_{0};
    alignas(kCacheLine) std::atomic<std::int64_t> begun_{0};
    std::atomic<bool> beginning_{false};
    alignas(kCacheLine) std::atomic<std::int64_t> completed_{0};
    std::vector<std::thread> threads_;
};

} // namespace amp::run

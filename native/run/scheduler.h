// The readiness queue and the workers that empty it.
#pragma once

#include "base/cache_line.h"
#include "base/pace.h"
#include "base/real_time.h"
#include "base/wake_up.h"
#include "run/program.h"
#include "run/work.h"

#include <atomic>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace amp::run {

// Runs blocks 0, 1, 2, ... of `work` on its own threads, as far as `pace` allows, and sleeps on its wake-up.
//
// A worker that works takes whatever there is: units that became ready, sources of sealed blocks, the next block. One
// that idles takes only what is worth its coming, since whoever works takes the rest: a plan of little work is left to
// one worker, and sleepers are woken for as much work as pays for that.
class Scheduler {
public:
    // Starts the workers, asleep; the first block is run by `first`. Throws std::system_error if the system gives no
    // threads. [compiler]
    Scheduler(Work& work, Pace& pace, Program& first, const SchedulerSettings& settings);
    // Stops after the units that are running. [compiler]
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    // Blocks that are complete. [any]
    std::int64_t completed() const { return completed_.load(std::memory_order_acquire); }

    // True while the program runs, or a worker may still look at it: until then it must live. [any]
    bool uses(const Program& program) const;

    // What the work called a preparation is done: the block that waits for it is tried again. [any]
    void let_go();

    // The clocks of the workers' CPU times, in their order; throws std::system_error where the system has none.
    // [compiler]
    std::vector<clockid_t> cpu_clocks();

    // Workers that sleep. [any]
    int asleep() const { return work_came_.sleepers() + pace_.wake_up.sleepers(); }

    // Workers that run in the real-time class they asked for. [any]
    int real_time_workers() const { return real_time_workers_.load(std::memory_order_relaxed); }

private:
    using Ready = Program::Ready;

    // The program that a worker may touch; null while it sleeps.
    struct alignas(kCacheLine) Holding {
        std::atomic<Program*> program{nullptr};
    };

    // In cycles: what it costs to hand work to another worker, and what it must be worth.
    struct Costs {
        std::uint64_t take, wake, spin;
    };

    static Costs measured_costs(const SchedulerSettings& settings);
    void stop();
    void work_loop(int worker);
    Program* hold_present(int worker);
    Program* take_turn(Program* program, int worker) AMP_REAL_TIME;
    template <class Claim>
    bool run_claimed(Program& program, int worker, Claim&& claim) AMP_REAL_TIME;
    bool can_begin() const;
    bool finds_work(const Program& program, int worker) const AMP_REAL_TIME;
    std::uint64_t work_at_hand(const Program& program) const AMP_REAL_TIME;
    bool pays_to_share(const Program& program) const { return work_at_hand(program) >= costs_.wake; }
    Program* begin_block(const Program* held, int worker) AMP_REAL_TIME;
    Program* begin_clear_block(std::int64_t block, const Program* held, int worker) AMP_REAL_TIME;
    bool is_clear(std::int64_t block) AMP_REAL_TIME;
    void begin_alone(std::int64_t block) { alone_.store(block, std::memory_order_seq_cst); }
    void run_sources(Program& program, std::uint32_t chunk, std::int64_t block, int worker) AMP_REAL_TIME;
    void run_unit(Program& program, UnitIndex unit, std::int64_t block, int worker) AMP_REAL_TIME;
    void run_chain(Program& program, UnitIndex unit, std::int64_t block, int worker) AMP_REAL_TIME;
    void complete_from(Program& program, std::int64_t block) AMP_REAL_TIME;
    void push(Program& program, const Ready& ready) AMP_REAL_TIME;
    std::optional<Ready> pop(Program& program) AMP_REAL_TIME;
    WakeUp& wake_up_of(int worker) { return waits_for_blocks(worker) ? pace_.wake_up : work_came_; }
    bool waits_for_blocks(int worker) const { return worker == 0 || settings_.in_flight > 1; }
    void wake(std::int64_t helpers) AMP_REAL_TIME;
    bool wait_briefly(const Program& program, int worker) const AMP_REAL_TIME;

    Work& work_;
    Pace& pace_;
    const SchedulerSettings settings_;
    const Costs costs_;
    const std::unique_ptr<Holding[]> holdings_; // of each worker
    std::atomic<bool> stopping_{false};
    std::atomic<int> real_time_workers_{0};
    alignas(kCacheLine) std::atomic<Program*> present_;
    std::atomic<std::int64_t> begun_{0};
    std::atomic<std::int64_t> alone_{INT64_MAX};   // this block begins only when all before are complete
    std::atomic<std::int64_t> held_up_{INT64_MAX}; // this block waits for what is prepared
    std::atomic<bool> beginning_{false};
    alignas(kCacheLine) std::atomic<std::int64_t> completed_{0};
    alignas(kCacheLine) WakeUp work_came_; // for those that do not wait for blocks
    std::vector<std::thread> threads_;
};

} // namespace amp::run

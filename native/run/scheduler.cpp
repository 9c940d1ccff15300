#include "run/scheduler.h"

#include "base/floating_point.h"
#include "base/thread_role.h"

#include <algorithm>
#include <pthread.h>
#include <sched.h>
#include <span>
#include <string>
#include <system_error>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace amp::run {

namespace {

// Below whoever asks for the frames (JACK's clients run at 5): a plan that is too heavy must not keep it from asking.
constexpr int kRealTimePriority = 4;
constexpr int kSpins = 64; // about 3 microseconds of pauses

void pause() {
#if defined(__x86_64__)
    _mm_pause();
#endif
}

// Nobody spins on a core that another one needs; in a real-time class that is the device's thread too.
int spins_for(const SchedulerSettings& settings) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int threads = settings.workers + (settings.real_time ? 1 : 0);
    return settings.workers > 1 && threads <= cores ? kSpins : 0;
}

} // namespace

Scheduler::Scheduler(Work& work, Pace& pace, Program& first, const SchedulerSettings& settings)
    : work_(work),
      pace_(pace),
      settings_(settings),
      spins_(spins_for(settings)),
      holdings_(std::make_unique<Holding[]>(static_cast<std::size_t>(settings.workers))),
      present_(&first),
      begun_(settings.first_block),
      completed_(settings.first_block) {
    first.readiness_.begin_at(settings.first_block);
    threads_.reserve(static_cast<std::size_t>(settings.workers));
    try {
        for (int worker = 0; worker < settings.workers; ++worker) {
            threads_.emplace_back([this, worker] { work_loop(worker); });
        }
    } catch (...) {
        stop();
        throw;
    }
}

Scheduler::~Scheduler() { stop(); }

void Scheduler::stop() {
    stopping_.store(true, std::memory_order_seq_cst);
    pace_.wake_up.wake_all_for_certain();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

std::vector<clockid_t> Scheduler::cpu_clocks() {
    std::vector<clockid_t> clocks;
    for (std::thread& thread : threads_) {
        clockid_t clock{};
        if (const int status = pthread_getcpuclockid(thread.native_handle(), &clock); status != 0) {
            throw std::system_error(status, std::generic_category(), "the CPU clock of a worker");
        }
        clocks.push_back(clock);
    }
    return clocks;
}

void Scheduler::work_loop(int worker) {
    const std::string name = "amp-worker-" + std::to_string(worker);
    pthread_setname_np(pthread_self(), name.c_str());
    if (settings_.real_time) {
        const sched_param priority{kRealTimePriority};
        if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority) == 0) {
            real_time_workers_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    const FloatingPointScope floating_point;
    const ThreadRoleScope role(ThreadRole::worker);
    Program* held = nullptr;
    while (!stopping_.load(std::memory_order_relaxed)) {
        if (held == nullptr || held != present_.load(std::memory_order_acquire)) {
            held = hold_present(worker);
        }
        if (Program* const ran = take_turn(held, worker)) {
            held = ran;
            continue;
        }
        if (wait_briefly(*held)) {
            continue;
        }
        const WakeUp::Ticket ticket = pace_.wake_up.ticket();
        if (held->queue_.empty() && held == present_.load(std::memory_order_seq_cst) && !can_begin() &&
            !stopping_.load(std::memory_order_seq_cst)) {
            holdings_[static_cast<std::size_t>(worker)].program.store(nullptr, std::memory_order_release);
            held = nullptr;
            pace_.wake_up.sleep(ticket);
        }
    }
    holdings_[static_cast<std::size_t>(worker)].program.store(nullptr, std::memory_order_release);
}

// Says that the worker may touch the present program, and returns it. Whoever frees a program looks at this after
// another one has become the present one: it either sees what is said here, or is seen by the second look.
Program* Scheduler::hold_present(int worker) {
    std::atomic<Program*>& holding = holdings_[static_cast<std::size_t>(worker)].program;
    for (;;) {
        Program* const present = present_.load(std::memory_order_seq_cst);
        holding.store(present, std::memory_order_seq_cst);
        if (present == present_.load(std::memory_order_seq_cst)) {
            return present;
        }
    }
}

bool Scheduler::uses(const Program& program) const {
    if (present_.load(std::memory_order_seq_cst) == &program) {
        return true;
    }
    const std::span holdings(holdings_.get(), static_cast<std::size_t>(settings_.workers));
    return std::ranges::any_of(
        holdings, [&](const Holding& holding) { return holding.program.load(std::memory_order_seq_cst) == &program; });
}

// Runs something if there is anything to run; the program that the worker holds then, else null.
Program* Scheduler::take_turn(Program* program, int worker) {
    if (const auto ready = program->queue_.pop()) {
        if (ready->sources) {
            run_sources(*program, *ready, worker);
        } else {
            run_chain(*program, ready->unit_or_first, ready->block, worker);
        }
        return program;
    }
    return begin_block(program, worker);
}

bool Scheduler::can_begin() const {
    const std::int64_t next = begun_.load(std::memory_order_seq_cst);
    const bool alone = next == alone_.load(std::memory_order_seq_cst);
    return next != held_up_.load(std::memory_order_seq_cst) && next < pace_.allowed.load(std::memory_order_seq_cst) &&
           next < completed_.load(std::memory_order_seq_cst) + (alone ? 1 : settings_.in_flight);
}

// Seals the next block if it may begin; the program that runs it, which the worker holds then in place of `held`, else
// null. Blocks are sealed by one thread at a time, in order.
Program* Scheduler::begin_block(const Program* held, int worker) {
    if (!can_begin() || beginning_.exchange(true, std::memory_order_seq_cst)) {
        return nullptr;
    }
    Program* begins = nullptr;
    if (can_begin()) {
        const std::int64_t block = begun_.load(std::memory_order_relaxed);
        if (is_clear(block)) {
            begins = begin_clear_block(block, held, worker);
        }
    }
    beginning_.store(false, std::memory_order_seq_cst);
    return begins;
}

// Begins the block, which nothing stands in the way of but a change of the program.
Program* Scheduler::begin_clear_block(std::int64_t block, const Program* held, int worker) {
    Program* const present = present_.load(std::memory_order_relaxed);
    Program& next = work_.program_for(block, *present);
    if (&next != present && completed_.load(std::memory_order_seq_cst) != block) {
        begin_alone(block);
        return nullptr;
    }
    if (&next != held) {
        holdings_[static_cast<std::size_t>(worker)].program.store(&next, std::memory_order_seq_cst);
    }
    if (&next != present) {
        next.readiness_.begin_at(block);
        present_.store(&next, std::memory_order_seq_cst);
    }
    work_.seal(next, block);
    begun_.store(block + 1, std::memory_order_seq_cst);
    push(next, {block, 0, true});
    return &next;
}

// True when nothing stands in the way of the block. Else it is tried again when that has gone.
bool Scheduler::is_clear(std::int64_t block) {
    const auto obstacle = [&] { return work_.obstacle(block, completed_.load(std::memory_order_seq_cst) == block); };
    Obstacle found = obstacle();
    if (found == Obstacle::preparation) {
        held_up_.store(block, std::memory_order_seq_cst);
        // Whoever prepares looks at what is held up when it is done: it sees that, or this sees what is done.
        found = obstacle();
        if (found != Obstacle::preparation) {
            held_up_.store(INT64_MAX, std::memory_order_seq_cst);
        }
    }
    if (found == Obstacle::blocks_before) {
        begin_alone(block);
    }
    return found == Obstacle::none;
}

void Scheduler::let_go() {
    if (held_up_.exchange(INT64_MAX, std::memory_order_seq_cst) != INT64_MAX) {
        pace_.wake_up.wake(1);
    }
}

void Scheduler::run_sources(Program& program, const Ready& range, int worker) {
    const auto sources = program.readiness_.sources();
    const auto end = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(sources.size(), std::uint64_t{range.unit_or_first} + program.source_chunk_));
    if (end < sources.size()) {
        push(program, {range.block, end, true});
    }
    for (std::uint32_t i = range.unit_or_first; i < end; ++i) {
        if (program.readiness_.seal(sources[i], range.block)) {
            run_chain(program, sources[i], range.block, worker);
        }
    }
}

// Runs a unit, then one that this made ready, and so on: what was just written is still in the cache.
void Scheduler::run_chain(Program& program, UnitIndex unit, std::int64_t block, int worker) {
    for (bool more = true; more;) {
        program.readiness_.begin(unit, block);
        work_.run(program, unit, block, worker);
        more = false;
        UnitIndex next_unit = 0;
        std::int64_t next_block = 0;
        const bool last = program.readiness_.finish(unit, block, [&](UnitIndex ready, std::int64_t ready_block) {
            if (more) {
                push(program, {ready_block, ready, false});
            } else {
                more = true;
                next_unit = ready;
                next_block = ready_block;
            }
        });
        if (last) {
            complete_from(program, block);
        }
        unit = next_unit;
        block = next_block;
    }
}

void Scheduler::complete_from(Program& program, std::int64_t block) {
    do {
        work_.complete(block);
        program.readiness_.reuse(block);
        completed_.store(++block, std::memory_order_seq_cst);
    } while (program.readiness_.follow(block));
}

void Scheduler::push(Program& program, const Ready& ready) {
    program.queue_.push(ready); // there is room: see queue_room
    if (settings_.workers > 1) {
        pace_.wake_up.wake(1);
    }
}

// True when something turned up within a few microseconds.
bool Scheduler::wait_briefly(const Program& program) const {
    for (int i = 0; i < spins_; ++i) {
        pause();
        if (!program.queue_.empty() || can_begin() || present_.load(std::memory_order_relaxed) != &program) {
            return true;
        }
    }
    return false;
}

} // namespace amp::run

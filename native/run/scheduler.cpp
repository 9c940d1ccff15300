#include "run/scheduler.h"

#include "base/floating_point.h"
#include "base/thread_role.h"

#include <algorithm>
#include <pthread.h>
#include <sched.h>
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

// Sources are handed out in chunks: small enough to share, large enough that handing out costs little.
std::uint32_t chunk_of(std::size_t sources, int workers) {
    const auto share = static_cast<std::uint32_t>(sources) / (static_cast<std::uint32_t>(workers) * 4);
    return workers == 1 ? 0xFFFFFFFFU : std::clamp(share, std::uint32_t{1}, std::uint32_t{64});
}

// The most entries that can be pushed while one is being taken. A worker that the system puts aside in the middle of
// taking an entry keeps its place in the queue, but its block stays incomplete too: until the worker goes on, the
// others push at most all units and chunks of the blocks that can be in flight together with that one.
std::size_t queue_room(std::uint32_t units, std::size_t sources, std::uint32_t chunk, int in_flight) {
    return (units + sources / chunk + 1) * (2 * static_cast<std::size_t>(in_flight) - 1);
}

// Nobody spins on a core that another one needs; in a real-time class that is the device's thread too.
int spins_for(const SchedulerSettings& settings) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int threads = settings.workers + (settings.real_time ? 1 : 0);
    return settings.workers > 1 && threads <= cores ? kSpins : 0;
}

} // namespace

Scheduler::Scheduler(Work& work, Pace& pace, std::uint32_t units, std::span<const Dependency> dependencies,
                     const SchedulerSettings& settings)
    : work_(work),
      pace_(pace),
      readiness_(units, dependencies, settings.in_flight),
      settings_(settings),
      source_chunk_(chunk_of(readiness_.sources().size(), settings.workers)),
      spins_(spins_for(settings)),
      queue_(queue_room(units, readiness_.sources().size(), source_chunk_, settings.in_flight)) {
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
    while (!stopping_.load(std::memory_order_relaxed)) {
        if (take_turn(worker) || wait_briefly()) {
            continue;
        }
        const WakeUp::Ticket ticket = pace_.wake_up.ticket();
        if (queue_.empty() && !can_begin() && !stopping_.load(std::memory_order_seq_cst)) {
            pace_.wake_up.sleep(ticket);
        }
    }
}

// Runs something if there is anything to run.
bool Scheduler::take_turn(int worker) {
    if (const auto ready = queue_.pop()) {
        if (ready->sources) {
            run_sources(*ready, worker);
        } else {
            run_chain(ready->unit_or_first, ready->block, worker);
        }
        return true;
    }
    return begin_block();
}

bool Scheduler::can_begin() const {
    const std::int64_t next = begun_.load(std::memory_order_seq_cst);
    return next < pace_.allowed.load(std::memory_order_seq_cst) &&
           next < completed_.load(std::memory_order_seq_cst) + settings_.in_flight;
}

// Seals the next block if it may begin. Blocks are sealed by one thread at a time, in order.
bool Scheduler::begin_block() {
    if (!can_begin() || beginning_.exchange(true, std::memory_order_seq_cst)) {
        return false;
    }
    const bool begins = can_begin();
    if (begins) {
        const std::int64_t block = begun_.load(std::memory_order_relaxed);
        work_.seal(block);
        begun_.store(block + 1, std::memory_order_seq_cst);
        push({block, 0, true});
    }
    beginning_.store(false, std::memory_order_seq_cst);
    return begins;
}

void Scheduler::run_sources(const Ready& range, int worker) {
    const auto sources = readiness_.sources();
    const auto end = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(sources.size(), std::uint64_t{range.unit_or_first} + source_chunk_));
    if (end < sources.size()) {
        push({range.block, end, true});
    }
    for (std::uint32_t i = range.unit_or_first; i < end; ++i) {
        if (readiness_.seal(sources[i], range.block)) {
            run_chain(sources[i], range.block, worker);
        }
    }
}

// Runs a unit, then one that this made ready, and so on: what was just written is still in the cache.
void Scheduler::run_chain(UnitIndex unit, std::int64_t block, int worker) {
    for (bool more = true; more;) {
        readiness_.begin(unit, block);
        work_.run(unit, block, worker);
        more = false;
        UnitIndex next_unit = 0;
        std::int64_t next_block = 0;
        const bool last = readiness_.finish(unit, block, [&](UnitIndex ready, std::int64_t ready_block) {
            if (more) {
                push({ready_block, ready, false});
            } else {
                more = true;
                next_unit = ready;
                next_block = ready_block;
            }
        });
        if (last) {
            complete_from(block);
        }
        unit = next_unit;
        block = next_block;
    }
}

void Scheduler::complete_from(std::int64_t block) {
    do {
        work_.complete(block);
        readiness_.reuse(block);
        completed_.store(++block, std::memory_order_seq_cst);
    } while (readiness_.follow(block));
}

void Scheduler::push(const Ready& ready) {
    queue_.push(ready); // there is room: see queue_room
    if (settings_.workers > 1) {
        pace_.wake_up.wake(1);
    }
}

// True when something turned up within a few microseconds.
bool Scheduler::wait_briefly() const {
    for (int i = 0; i < spins_; ++i) {
        pause();
        if (!queue_.empty() || can_begin()) {
            return true;
        }
    }
    return false;
}

} // namespace amp::run

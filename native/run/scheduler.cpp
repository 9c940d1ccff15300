#include "run/scheduler.h"

#include "base/cycle_counter.h"
#include "base/floating_point.h"
#include "base/monotonic_clock.h"
#include "base/thread_role.h"

#include <algorithm>
#include <bit>
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

// Nanoseconds. To hand over a unit costs about a third of a microsecond between threads that spin, and the memory that
// it touches is then far away. A sleeper comes some 45 microseconds after its waking, and what is left must be worth
// it. To spin longer than a waking takes would cost more than to sleep.
constexpr std::int64_t kWorthTaking = 4'000, kWorthWaking = 100'000, kSpinning = 50'000;

// One worker is never late with a quarter of the time that there is.
constexpr std::int64_t kEasyShare = 4;

void pause() {
#if defined(__x86_64__)
    _mm_pause();
#endif
}

// Nobody spins on a core that another one needs; in a real-time class that is the device's thread too.
bool may_spin(const SchedulerSettings& settings) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int threads = settings.workers + (settings.real_time ? 1 : 0);
    return settings.workers > 1 && threads <= cores;
}

} // namespace

Scheduler::Scheduler(Work& work, Pace& pace, Program& first, const SchedulerSettings& settings)
    : work_(work),
      pace_(pace),
      settings_(settings),
      costs_(measured_costs(settings)),
      holdings_(std::make_unique<Holding[]>(static_cast<std::size_t>(settings.workers))),
      present_(&first),
      begun_(settings.first_block),
      completed_(settings.first_block) {
    first.begin_at(settings.first_block);
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

Scheduler::Costs Scheduler::measured_costs(const SchedulerSettings& settings) {
    constexpr std::int64_t kMeasured = 100'000; // nanoseconds
    const CycleClock clock;
    for (const std::int64_t begin = monotonic_nanoseconds(); monotonic_nanoseconds() - begin < kMeasured;) {
        pause();
    }
    const double cycle = clock.seconds_per_cycle() * 1e9;
    const auto cycles = [&](std::int64_t nanoseconds) {
        return static_cast<std::uint64_t>(static_cast<double>(nanoseconds) / cycle);
    };
    const std::int64_t wake = std::max(kWorthWaking, settings.block_time / kEasyShare);
    return {cycles(kWorthTaking), cycles(wake), may_spin(settings) ? cycles(kSpinning) : 0};
}

void Scheduler::stop() {
    stopping_.store(true, std::memory_order_seq_cst);
    pace_.wake_up.wake_all_for_certain();
    work_came_.wake_all_for_certain();
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
    bool works = true;
    while (!stopping_.load(std::memory_order_relaxed)) {
        if (held == nullptr || held != present_.load(std::memory_order_acquire)) {
            held = hold_present(worker);
        }
        if (works) {
            if (Program* const ran = take_turn(held, worker)) {
                held = ran;
                continue;
            }
        }
        works = wait_briefly(*held, worker);
        if (works) {
            continue;
        }
        const WakeUp::Ticket ticket = wake_up_of(worker).ticket();
        works = finds_work(*held, worker);
        if (!works && held == present_.load(std::memory_order_seq_cst) && !stopping_.load(std::memory_order_seq_cst)) {
            holdings_[static_cast<std::size_t>(worker)].program.store(nullptr, std::memory_order_release);
            held = nullptr;
            wake_up_of(worker).sleep(ticket);
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
    if (const auto ready = pop(*program)) {
        run_chain(*program, ready->unit, ready->block, worker);
        return program;
    }
    const auto own = [&](std::int64_t block) { return program->sources_.claim_own(block, worker); };
    if (run_claimed(*program, worker, own)) {
        return program;
    }
    if (Program* const begun = begin_block(program, worker)) {
        return begun;
    }
    const auto any = [&](std::int64_t block) { return program->sources_.claim_any(block, worker); };
    return run_claimed(*program, worker, any) ? program : nullptr;
}

// Runs a chunk of sources of the oldest block in which `claim` finds one; false: there is none.
template <class Claim>
bool Scheduler::run_claimed(Program& program, int worker, Claim&& claim) {
    const std::int64_t begun = begun_.load(std::memory_order_acquire);
    for (std::int64_t block = completed_.load(std::memory_order_acquire); block < begun; ++block) {
        if (const std::optional<std::uint32_t> chunk = claim(block)) {
            run_sources(program, *chunk, block, worker);
            return true;
        }
    }
    return false;
}

// Cycles of the blocks that may run at once.
std::uint64_t Scheduler::work_at_hand(const Program& program) const {
    const std::int64_t allowed = pace_.allowed.load(std::memory_order_relaxed);
    const std::int64_t blocks =
        std::clamp<std::int64_t>(allowed - completed_.load(std::memory_order_relaxed), 1, settings_.in_flight);
    return program.estimate_.total() * static_cast<std::uint64_t>(blocks);
}

// Whether a worker that idles should take something. Whoever works takes what it leaves.
bool Scheduler::finds_work(const Program& program, int worker) const {
    const std::int64_t completed = completed_.load(std::memory_order_seq_cst);
    const std::int64_t begun = begun_.load(std::memory_order_seq_cst);
    const bool pays = pays_to_share(program);
    if ((pays || completed == begun) && can_begin()) {
        return true;
    }
    if (!pays) {
        return false;
    }
    if (program.queued_.load(std::memory_order_relaxed) >= static_cast<std::int64_t>(costs_.take)) {
        return true;
    }
    const std::uint64_t chunk = program.estimate_.total() / program.sources_.count();
    for (std::int64_t block = completed; block < begun; ++block) {
        const auto unclaimed = static_cast<std::uint64_t>(std::popcount(program.sources_.unclaimed(block)));
        if (program.sources_.unclaimed_own(block, worker) != 0 || unclaimed * chunk >= costs_.take) {
            return true;
        }
    }
    return false;
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
        next.begin_at(block);
        present_.store(&next, std::memory_order_seq_cst);
    }
    work_.seal(next, block);
    next.sources_.seal(block);
    begun_.store(block + 1, std::memory_order_seq_cst);
    if (settings_.workers > 1) {
        next.estimate_.begin_block(block - next.first_block_);
        const auto pays_for = static_cast<std::int64_t>(work_at_hand(next) / costs_.wake);
        if (next.sources_.count() > 1 || settings_.in_flight > 1) {
            wake(std::min<std::int64_t>(settings_.workers - 1, pays_for) - (settings_.workers - 1 - asleep()));
        }
    }
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

void Scheduler::run_sources(Program& program, std::uint32_t chunk, std::int64_t block, int worker) {
    const auto sources = program.readiness_.sources();
    const std::uint32_t end = program.sources_.first(chunk + 1);
    for (std::uint32_t i = program.sources_.first(chunk); i < end; ++i) {
        if (program.readiness_.seal(sources[i], block)) {
            run_chain(program, sources[i], block, worker);
        }
    }
}

void Scheduler::run_unit(Program& program, UnitIndex unit, std::int64_t block, int worker) {
    if (settings_.workers == 1 || !WorkEstimate::measures(block - program.first_block_)) {
        work_.run(program, unit, block, worker);
        return;
    }
    const std::uint64_t begin = cycle_counter();
    work_.run(program, unit, block, worker);
    program.estimate_.note(unit, cycles_between(begin, cycle_counter()));
}

// Runs a unit, then one that this made ready, and so on: what was just written is still in the cache.
void Scheduler::run_chain(Program& program, UnitIndex unit, std::int64_t block, int worker) {
    for (bool more = true; more;) {
        program.readiness_.begin(unit, block);
        run_unit(program, unit, block, worker);
        more = false;
        UnitIndex next_unit = 0;
        std::int64_t next_block = 0;
        std::uint64_t pushed = 0;
        const bool last = program.readiness_.finish(unit, block, [&](UnitIndex ready, std::int64_t ready_block) {
            if (more) {
                const std::uint64_t brings = program.estimate_.brings(ready);
                push(program, {ready_block, ready, static_cast<std::uint32_t>(brings)});
                pushed += brings;
            } else {
                more = true;
                next_unit = ready;
                next_block = ready_block;
            }
        });
        if (pushed >= costs_.wake) {
            wake(static_cast<std::int64_t>(pushed / costs_.wake));
        }
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
    program.queued_.fetch_add(ready.brings, std::memory_order_relaxed);
    program.queue_.push(ready); // there is room: see queue_room
}

std::optional<Program::Ready> Scheduler::pop(Program& program) {
    const auto ready = program.queue_.pop();
    if (ready) {
        program.queued_.fetch_sub(ready->brings, std::memory_order_relaxed);
    }
    return ready;
}

// Wakes so many of those that sleep: first those that wait for nothing but work.
void Scheduler::wake(std::int64_t helpers) {
    if (settings_.workers == 1 || helpers <= 0) {
        return;
    }
    const auto wanted = static_cast<int>(std::min<std::int64_t>(helpers, settings_.workers));
    const int helping = std::min(wanted, work_came_.sleepers());
    if (helping > 0) {
        work_came_.wake(helping);
    }
    if (wanted > helping && pace_.wake_up.sleepers() > 0) {
        pace_.wake_up.wake(wanted - helping);
    }
}

// True when something turned up. Only where a block is under way that is worth sharing may more turn up soon.
bool Scheduler::wait_briefly(const Program& program, int worker) const {
    if (finds_work(program, worker)) {
        return true;
    }
    const std::uint64_t begin = costs_.spin == 0 ? 0 : cycle_counter();
    while (costs_.spin != 0 && pays_to_share(program) &&
           completed_.load(std::memory_order_relaxed) != begun_.load(std::memory_order_relaxed) &&
           cycles_between(begin, cycle_counter()) < costs_.spin) {
        for (int i = 0; i < 4; ++i) {
            pause();
        }
        if (present_.load(std::memory_order_relaxed) != &program) {
            return false;
        }
        if (finds_work(program, worker)) {
            return true;
        }
    }
    return false;
}

} // namespace amp::run

#include "engine/wheel_growth.h"

#include "base/monotonic_clock.h"

#include <algorithm>
#include <limits>
#include <pthread.h>

namespace amp::engine::inline AMP_PRECISION {

using run::Obstacle;

namespace {

constexpr std::int64_t kNothingNeeded = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kFramesAtOnce = 1 << 14; // of a copy, between two looks at what has been added

std::int64_t place(std::int64_t frame, std::int64_t capacity) {
    const std::int64_t rest = frame % capacity;
    return rest < 0 ? rest + capacity : rest;
}

} // namespace

WheelGrowth::WheelGrowth(arena::Arena& arena, std::vector<Held> wheels)
    : arena_(arena), held_(std::move(wheels)), progress_(held_.size()) {}

void WheelGrowth::stop() {
    is_stopping_.store(true, std::memory_order_seq_cst);
    asked_.wake_all_for_certain();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void WheelGrowth::start(run::Scheduler& scheduler, GrowthLog& log, std::uint32_t plan) {
    scheduler_ = &scheduler;
    log_ = &log;
    plan_ = plan;
    if (!held_.empty()) {
        thread_ = std::thread([this] { run(); });
    }
}

void WheelGrowth::run() {
    pthread_setname_np(pthread_self(), "amp-growth");
    while (!is_stopping_.load(std::memory_order_relaxed)) {
        const WakeUp::Ticket ticket = asked_.ticket();
        bool found = false;
        for (std::size_t w = 0; w < held_.size(); ++w) {
            if (progress_[w].state.load(std::memory_order_acquire) == State::asked) {
                prepare(w);
                found = true;
            }
        }
        if (!found && !is_stopping_.load(std::memory_order_seq_cst)) {
            asked_.sleep(ticket);
        }
    }
}

// Takes the memory, and copies until nothing is left that was written before.
void WheelGrowth::prepare(std::size_t wheel) {
    const Held& held = held_[wheel];
    Progress& progress = progress_[wheel];
    const bool has_memory = arena_.lengthen(held.memory, wheel_bytes(progress.goal, held.wheel->stride)).ok();
    std::int64_t at = progress.copied.load(std::memory_order_relaxed);
    for (bool more = has_memory; more && !is_stopping_.load(std::memory_order_relaxed);) {
        const std::int64_t written = held.producer->progress->made();
        more = at < written;
        if (more) {
            const std::int64_t until = std::min(written, at + kFramesAtOnce);
            progress.moved.fetch_add(copy(held, progress.goal, at, until), std::memory_order_relaxed);
            at = until;
            progress.copied.store(at, std::memory_order_release);
        }
    }
    progress.state.store(has_memory ? State::ready : State::failed, std::memory_order_seq_cst);
    scheduler_->let_go();
}

// Copies what lies elsewhere in the longer wheel, of frames [from, to); how many bytes.
std::uint64_t WheelGrowth::copy(const Held& held, std::int64_t goal, std::int64_t from, std::int64_t to) const {
    const Wheel& wheel = *held.wheel;
    std::uint64_t samples = 0;
    for (std::int64_t at = from; at < to;) {
        const std::int64_t before = place(at, wheel.capacity), after = place(at, goal);
        const std::int64_t straight = std::min(to - at, wheel.capacity - before);
        if (before != after) {
            std::copy_n(wheel.data + before * wheel.stride, straight * wheel.stride, wheel.data + after * wheel.stride);
            samples += static_cast<std::uint64_t>(straight * wheel.stride);
        }
        at += straight;
    }
    return samples * sizeof(Sample);
}

std::int64_t WheelGrowth::first_needed(const Held& held) {
    std::int64_t first = kNothingNeeded;
    for (const EdgeGate* gate : held.gates) {
        first = std::min(first, gate->shown_cursor());
    }
    return first;
}

Obstacle WheelGrowth::obstacle(std::int64_t end, bool alone) {
    Obstacle found = Obstacle::none;
    for (std::size_t w = 0; w < held_.size(); ++w) {
        found = std::max(found, obstacle_of(w, end, alone));
    }
    return found;
}

Obstacle WheelGrowth::obstacle_of(std::size_t w, std::int64_t stream_end, bool alone) {
    const Held& held = held_[w];
    // A producer whose region stands in the block makes less of it.
    const std::int64_t end = stream_end - held.producer->progress->stood.load(std::memory_order_relaxed);
    Progress& progress = progress_[w];
    State state = progress.state.load(std::memory_order_acquire);
    if (state == State::ready || state == State::failed) {
        if (!alone) {
            return Obstacle::blocks_before;
        }
        if (state == State::ready) {
            take_effect(w);
        } else {
            limit(w);
        }
        state = State::resting;
    }
    const std::int64_t capacity = held.wheel->capacity;
    const std::int64_t needed = first_needed(held);
    const std::int64_t kept = needed == kNothingNeeded ? 0 : end - needed;
    if (state == State::resting && 2 * kept > capacity && capacity < held.most && !progress.is_limited) {
        // At three quarters, twice the twice: what fills so fast is soon full again.
        // Readers that no gate holds are no further back than their delays.
        const std::int64_t delayed = std::max<std::int64_t>(0, end - held.ahead - held.history);
        ask(w, std::min(held.most, (4 * kept > 3 * capacity ? 4 : 2) * capacity), std::min(needed, delayed));
        state = State::asked;
    }
    // What is copied must not be written over either.
    const std::int64_t kept_from =
        state == State::asked ? std::min(needed, progress.copied.load(std::memory_order_acquire)) : needed;
    if (kept_from == kNothingNeeded || end - capacity <= kept_from) {
        return Obstacle::none;
    }
    if (!alone) {
        return Obstacle::blocks_before;
    }
    if (state == State::resting) {
        return Obstacle::none; // there is no memory, and the readers are told to keep up
    }
    if (progress.waits_since == 0) {
        progress.waits_since = monotonic_nanoseconds();
    }
    return Obstacle::preparation;
}

Obstacle WheelGrowth::obstacle_to_taking_over(std::span<const Wheel* const> from) {
    Obstacle found = Obstacle::none;
    for (std::size_t w = 0; w < held_.size(); ++w) {
        if (progress_[w].state.load(std::memory_order_acquire) == State::ready) {
            take_effect(w);
        }
        const Held& held = held_[w];
        Progress& progress = progress_[w];
        std::int64_t goal = held.wheel->capacity;
        while (from[w] != nullptr && goal < held.most && goal < from[w]->capacity + spare(w)) {
            goal *= 2;
        }
        const State state = progress.state.load(std::memory_order_acquire);
        if (state == State::failed) {
            limit(w);
        }
        if (progress.is_limited || goal == held.wheel->capacity) {
            continue;
        }
        if (state == State::resting) {
            ask(w, goal, kNothingNeeded);
        }
        found = Obstacle::preparation;
    }
    return found;
}

Result<bool> WheelGrowth::lengthen_at_once(std::size_t wheel, std::int64_t frames) {
    const Held& held = held_[wheel];
    std::int64_t goal = held.wheel->capacity;
    while (goal < frames && goal < held.most) {
        goal *= 2;
    }
    auto made = arena_.lengthen(held.memory, wheel_bytes(goal, held.wheel->stride));
    if (made.ok()) {
        set_capacity(*held.wheel, goal);
    }
    return made;
}

void WheelGrowth::ask(std::size_t wheel, std::int64_t goal, std::int64_t first) {
    Progress& progress = progress_[wheel];
    progress.goal = goal;
    progress.asked_at = monotonic_nanoseconds();
    progress.copied.store(first, std::memory_order_relaxed);
    progress.moved.store(0, std::memory_order_relaxed);
    progress.state.store(State::asked, std::memory_order_seq_cst);
    asked_.wake(1);
}

void WheelGrowth::take_effect(std::size_t w) {
    const Held& held = held_[w];
    Progress& progress = progress_[w];
    Growth growth;
    const std::int64_t written = held.producer->progress->made();
    growth.moved_ahead = progress.moved.load(std::memory_order_relaxed);
    growth.moved_between = copy(held, progress.goal, progress.copied.load(std::memory_order_relaxed), written);
    growth.bytes_before = wheel_bytes(held.wheel->capacity, held.wheel->stride);
    growth.bytes_after = wheel_bytes(progress.goal, held.wheel->stride);
    set_capacity(*held.wheel, progress.goal);
    held.wheel->shown_growths.fetch_add(1, std::memory_order_relaxed);
    const std::int64_t now = monotonic_nanoseconds();
    growth.frame = held.producer->progress->finished.load(std::memory_order_acquire);
    growth.plan = plan_;
    growth.node = held.producer->index;
    growth.output = held.output;
    growth.nanoseconds = now - progress.asked_at;
    growth.waited_nanoseconds = progress.waits_since == 0 ? 0 : now - progress.waits_since;
    progress.waits_since = 0;
    log_->add(growth);
    progress.state.store(State::resting, std::memory_order_release);
}

// Without memory the oldest frames that wait are dropped, as if the patch bore no more.
void WheelGrowth::limit(std::size_t wheel) {
    const Held& held = held_[wheel];
    for (EdgeGate* gate : held.gates) {
        gate->limit(held.wheel->capacity - held.ahead);
    }
    log_->add_failure();
    progress_[wheel].is_limited = true;
    progress_[wheel].waits_since = 0;
    progress_[wheel].state.store(State::resting, std::memory_order_release);
}

void WheelGrowth::set_capacity(Wheel& wheel, std::int64_t capacity) {
    wheel.capacity = capacity;
    wheel.shown_capacity.store(capacity, std::memory_order_relaxed);
}

} // namespace amp::engine::inline AMP_PRECISION

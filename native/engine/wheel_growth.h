// Wheels behind gates that hold: they become longer, where they lie, while the plan plays.
//
// A ring of C frames keeps frame f at f mod C. Made k times as long in the same place it keeps it at f mod kC, which
// either is the same place or lies in the new memory. So only frames of the second kind are copied, nothing that is
// read meanwhile is written, and a change of one number makes the wheel longer: a thread that makes no sound takes
// memory and copies, and between two blocks a worker copies what has been added since and changes the number.
#pragma once

#include "arena/arena.h"
#include "base/real_time.h"
#include "base/wake_up.h"
#include "engine/edge_gate.h"
#include "engine/graph_node.h"
#include "engine/growth_log.h"
#include "run/scheduler.h"

#include <atomic>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// Bytes of a wheel: kernels read whole registers, which may reach beyond the last lane.
inline std::uint64_t wheel_bytes(std::int64_t frames, int stride) {
    return (static_cast<std::uint64_t>(frames) * static_cast<std::uint64_t>(stride) + kSumColumns) * sizeof(Sample);
}

// The wheels of one plan that grow.
class WheelGrowth {
public:
    struct Held {
        Wheel* wheel = nullptr;
        const GraphNode* producer = nullptr;
        std::uint32_t output = 0;
        arena::Arena::Growing memory;
        std::int64_t most = 0;        // frames that it can have
        std::int64_t history = 0;     // frames that it keeps for delays
        std::int64_t ahead = 0;       // frames that are written before the slowest reader is done with the first
        std::vector<EdgeGate*> gates; // of the edges that hold what it keeps
    };

    // Everything that is named must live as long as this. [compiler]
    WheelGrowth(arena::Arena& arena, std::vector<Held> wheels);
    ~WheelGrowth() { stop(); }
    WheelGrowth(const WheelGrowth&) = delete;
    WheelGrowth& operator=(const WheelGrowth&) = delete;

    // Starts the thread if there is anything that grows. The scheduler runs the plan or will, and both live longer.
    // Throws std::system_error if the system gives no thread. [compiler]
    void start(run::Scheduler& scheduler, GrowthLog& log, std::uint32_t plan);

    // Ends the thread. [compiler]
    void stop();

    // What keeps the block that ends with frame `end` from being written; `alone` says that all before are complete.
    // Asks for what will be needed, and puts into effect what is ready. One caller at a time. [worker]
    run::Obstacle obstacle(std::int64_t end, bool alone) AMP_REAL_TIME;

    // The same until each wheel keeps what that of the same place among `from`, or null, keeps now: another plan hands
    // it over, and this one does not run yet. [worker]
    run::Obstacle obstacle_to_taking_over(std::span<const Wheel* const> from) AMP_REAL_TIME;

    // Makes a wheel long enough for `frames` at once, as far as it grows. Before the plan runs. [compiler]
    Result<bool> lengthen_at_once(std::size_t wheel, std::int64_t frames);

    // Frames that a wheel keeps free of what gates hold. [any]
    std::int64_t spare(std::size_t wheel) const { return held_[wheel].history + held_[wheel].ahead; }

    // [any]
    std::span<const Held> wheels() const { return held_; }

private:
    // A wheel goes from resting over asked to ready or failed, which the thread decides, and back to resting.
    enum class State : std::uint8_t { resting, asked, ready, failed };
    struct alignas(kCacheLine) Progress {
        std::atomic<State> state{State::resting};
        std::atomic<std::int64_t> copied{0}; // all frames that are needed before it
        std::atomic<std::uint64_t> moved{0}; // bytes
        // Of whoever asks for obstacles; the thread reads the goal when it is asked.
        std::int64_t goal = 0; // frames
        std::int64_t asked_at = 0, waits_since = 0;
        bool is_limited = false; // there was no memory for more
    };

    void run();
    void prepare(std::size_t wheel);
    std::uint64_t copy(const Held& held, std::int64_t goal, std::int64_t from, std::int64_t to) const AMP_REAL_TIME;
    run::Obstacle obstacle_of(std::size_t wheel, std::int64_t end, bool alone);
    void ask(std::size_t wheel, std::int64_t goal, std::int64_t first) AMP_REAL_TIME;
    void take_effect(std::size_t wheel) AMP_REAL_TIME;
    void limit(std::size_t wheel) AMP_REAL_TIME;
    static std::int64_t first_needed(const Held& held) AMP_REAL_TIME;
    static void set_capacity(Wheel& wheel, std::int64_t capacity) AMP_REAL_TIME;

    arena::Arena& arena_;
    const std::vector<Held> held_;
    std::vector<Progress> progress_; // of each
    run::Scheduler* scheduler_ = nullptr;
    GrowthLog* log_ = nullptr;
    std::uint32_t plan_ = 0;
    WakeUp asked_;
    std::atomic<bool> is_stopping_{false};
    std::thread thread_;
};

} // namespace amp::engine::inline AMP_PRECISION

// The threaded streamer: the only way in which a plan runs, live, offline, in tests and in benches.
#pragma once

#include "base/result.h"
#include "base/wake_up.h"
#include "control/event.h"
#include "control/sealer.h"
#include "engine/limiter.h"
#include "engine/live_output.h"
#include "engine/node_fault_log.h"
#include "engine/plan_mix.h"
#include "engine/plan_sequence.h"
#include "engine/plan_set.h"
#include "engine/telemetry.h"
#include "plan/description.h"
#include "run/scheduler.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

struct StreamerSettings {
    int block = 64;  // frames, 1 to 4096
    int workers = 1; // 1 to 64
    // Blocks that may run at once: offline 1 to 64, live 1 to 8 and a block of latency for each above 1.
    int in_flight = 1;
    int output_frames = 0;  // frames that the output holds: the most that are made at once for a take (0: one block)
    bool real_time = false; // ask for a real-time class for the workers
    bool journal = false;   // keep applied events
    bool live = false;      // a device paces it and reads the output memory; no take
    std::int64_t first_frame = 0; // where the stream begins, as after so long a silence: a multiple of the block
};

// How each plan of a streamer is built.
InstanceSettings instance_settings(const StreamerSettings& settings, double sample_rate);

class AmpGraphStreamer final : private run::Work {
public:
    // Builds the plan and starts its workers; no frame is made yet. [compiler]
    static Result<std::unique_ptr<AmpGraphStreamer>> create(const plan::Description& plan,
                                                            const StreamerSettings& settings);
    ~AmpGraphStreamer() override;

    int channels() const { return channels_; }
    // Frames by which the sound at the output is later than its stream frame: the limiter's look-ahead.
    int output_latency() const { return limiter_.latency(); }

    // Hands over an event for its frame; its sequence, or nothing when there is no room. What sets something names its
    // plan. [any]
    std::optional<std::uint32_t> post(const control::Event& event) { return sealer_.post(event); }

    // Moves events that were applied to `out`, in their order; how many. One reader. [main]
    std::size_t applied_events(std::span<control::AppliedEvent> out) { return sealer_.applied_events(out); }

    // Makes and copies the next frames, channels side by side in each frame; none if a device paces. No block begins
    // that nobody has asked for, so events can be posted up to the block in which the frames end. Sleeps until they are
    // made or the time-out (negative: none) runs out; returns how many were copied. One caller at a time. [main]
    int take(std::span<float> out, std::int64_t timeout_nanoseconds);

    // The number of the plan from which the newest sealed block took its events. [any]
    std::uint32_t present_plan() const { return sequence_.present_number(); }

    // Plan number `number` (0: the present one), or nothing when it is not there any more. [any]
    PlanSet::Pin find_plan(std::uint32_t number = 0) const;

    enum class Wait { done, timed_out, plan_is_over };

    // Sleeps until the plan's node has finished all frames below `frame`, its plan has ended, or the time-out
    // (negative: none) runs out. The stream goes no further than somebody takes. [main]
    Wait wait_finished(std::uint32_t plan, std::uint32_t node, std::int64_t frame, std::int64_t timeout_nanoseconds);

    // Ends what enters the component of the plan's node, from `frame` on or from the next frame that is not sealed, and
    // sleeps until all that rang on in it has been made; the time-out runs out on what rings for ever. The component
    // stays drained until a drain_node event lets it go on. Nothing if there was no room for the event. [main]
    std::optional<Wait> wait_drained(std::uint32_t plan, std::uint32_t node, std::int64_t frame,
                                     std::int64_t timeout_nanoseconds);

    // Makes a plan ready to follow the present one; its number. What was prepared before and not handed over to is
    // dropped. Nothing that plays changes. Errors: bad_argument if it does not fit the stream, busy while a hand-over
    // is waited for or too many plans ring, no_memory. [main]
    Result<std::uint32_t> prepare(const plan::Description& plan, const HandOverSettings& settings);

    // Hands over to prepared plan `plan` at `frame`; at the first frame that is not sealed if that is later, and after
    // the crossfade before it. Error: bad_argument unless it is the plan that is prepared. [main]
    Result<bool> hand_over(std::uint32_t plan, std::int64_t frame);

    // Frees plans that sound no more; how many are left. [main]
    std::size_t retire();

    // The frame at which the plan took over; HandOver::kNotYet before. Nothing when the plan is gone. [any]
    std::optional<std::int64_t> took_over_at(std::uint32_t plan) const;

    // What only a streamer that a device paces has; else null. [any]
    LiveOutput* live_output() const { return live_output_.get(); }
    Telemetry* telemetry() const { return telemetry_.get(); }

    int block() const { return settings_.block; }
    int workers() const { return settings_.workers; }
    double sample_rate() const { return sample_rate_; }
    int real_time_workers() const { return scheduler_->real_time_workers(); }

    control::EventCounts event_counts() const { return sealer_.counts(); }
    // Voices that ended because the machine was too slow. [any]
    std::uint64_t shed_voices() const { return sequence_.shed_voices(); }
    arena::Stats arena_stats() const { return plans_.arena_stats(); }
    // Wheels that became longer. [any]
    GrowthLog& growths() { return growths_; }
    const GrowthLog& growths() const { return growths_; }
    // Nodes that went wrong. [any]
    NodeFaultLog& node_faults() { return node_faults_; }
    std::int64_t taken() const { return taken_.load(std::memory_order_acquire); }

private:
    AmpGraphStreamer(std::unique_ptr<PlanInstance> plan, std::unique_ptr<LiveOutput> live_output,
                     const StreamerSettings& settings);

    run::Obstacle obstacle(std::int64_t block, bool alone) override;
    run::Program& program_for(std::int64_t block, run::Program& present) override;
    void seal(const run::Program& program, std::int64_t block) override;
    void run(const run::Program& program, run::UnitIndex unit, std::int64_t block, int worker) override;
    void complete(std::int64_t block) override;

    void run_component(const PlanProgram& program, const PlanProgram::Unit& unit, std::int64_t block, int worker);
    void deliver(std::int64_t block);
    template <class Condition>
    Wait wait_until(std::uint32_t plan, std::int64_t timeout_nanoseconds, Condition&& condition);
    void allow_up_to(std::int64_t frame);
    std::optional<Error> refuse(const plan::Description& plan, const HandOverSettings& settings) const;

    void watch(PlanInstance& plan) const;
    PlanInstance& numbered(std::unique_ptr<PlanInstance> plan);
    std::size_t free_what_is_over();

    const StreamerSettings settings_;
    const int channels_;
    const double sample_rate_;
    Sample ceiling_; // of the plan that is limited now
    GrowthLog growths_;
    NodeFaultLog node_faults_;
    PlanSet plans_;
    control::Sealer sealer_;
    PlanSequence sequence_;
    PlanMix mix_;
    Limiter limiter_;
    std::vector<Sample> block_frames_; // channel after channel
    Pace own_pace_;
    std::vector<float> own_output_;
    std::unique_ptr<LiveOutput> live_output_;
    std::unique_ptr<Telemetry> telemetry_;

    // The streamer's own, or those of the output memory.
    Pace& pace_;
    float* const output_; // ring of frames, channels side by side
    const std::int64_t output_capacity_;

    alignas(kCacheLine) std::atomic<std::int64_t> made_;  // frames in the output ring, from the start
    alignas(kCacheLine) std::atomic<std::int64_t> taken_; // frames that were taken from it
    std::atomic<std::int64_t> wanted_{INT64_MAX};         // frames that the taker sleeps for
    WakeUp frames_made_;
    WakeUp node_finished_;
    std::atomic<int> node_waiters_{0};
    std::mutex preparing_;
    PlanInstance* prepared_ = nullptr; // the newest that was prepared, until it has taken over
    std::optional<run::Scheduler> scheduler_;
};

} // namespace amp::engine::inline AMP_PRECISION

// The threaded streamer: the only way in which a plan runs, live, offline, in tests and in benches.
#pragma once

#include "base/result.h"
#include "base/wake_up.h"
#include "control/event.h"
#include "control/sealer.h"
#include "engine/graph.h"
#include "engine/limiter.h"
#include "engine/live_output.h"
#include "engine/telemetry.h"
#include "plan/description.h"
#include "run/scheduler.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace amp::engine {

struct StreamerSettings {
    int block = 64;         // frames, 1 to 4096
    int workers = 1;        // 1 to 64
    int in_flight = 1;      // blocks that may run at once: 1 live, more offline
    int output_frames = 0;  // frames that the output holds: the most that are made at once for a take (0: one block)
    bool real_time = false; // ask for a real-time class for the workers
    bool journal = false;   // keep applied events
    bool live = false;      // a device paces it and reads the output memory; one block in flight, and no take
};

class AmpGraphStreamer final : private run::Work {
public:
    // Builds the plan and starts its workers; no frame is made yet. [compiler]
    static Result<std::unique_ptr<AmpGraphStreamer>> create(const plan::Description& plan,
                                                            const StreamerSettings& settings);
    ~AmpGraphStreamer() override;

    int channels() const { return channels_; }
    // Frames by which the sound at the output is later than its stream frame: the limiter's look-ahead.
    int output_latency() const { return limiter_.latency(); }

    // Hands over an event for its frame; its sequence, or nothing when there is no room. [any]
    std::optional<std::uint32_t> post(const control::Event& event) { return sealer_.post(event); }

    // Moves events that were applied to `out`, in their order; how many. One reader. [main]
    std::size_t applied_events(std::span<control::AppliedEvent> out) { return sealer_.applied_events(out); }

    // Makes and copies the next frames, channels side by side in each frame; none if a device paces. No block begins
    // that nobody has asked for, so events can be posted up to the block in which the frames end. Sleeps until they are
    // made or the time-out (negative: none) runs out; returns how many were copied. One caller at a time. [main]
    int take(std::span<float> out, std::int64_t timeout_nanoseconds);

    // The index of the node called `id`, or nothing. [any]
    std::optional<std::uint32_t> find_node(std::string_view id) const;

    // [any]
    bool has_node(std::uint32_t node) const { return node < graph_->nodes().size(); }
    bool has_parameter(std::uint32_t node, std::uint32_t parameter) const {
        return has_node(node) && parameter < graph_->nodes()[node]->parameters.size();
    }
    bool has_edge(std::uint32_t edge) const { return edge < graph_->edge_targets().size(); }
    // The node that reads the edge. [any]
    std::uint32_t edge_target(std::uint32_t edge) const { return graph_->edge_targets()[edge]; }

    // Frames that the node has finished. [any]
    std::int64_t finished(std::uint32_t node) const;

    // Sleeps until the node has finished all frames below `frame`; false when the time-out (negative: none) ran out
    // first. The stream goes no further than somebody takes. [main]
    bool wait_finished(std::uint32_t node, std::int64_t frame, std::int64_t timeout_nanoseconds);

    // What only a streamer that a device paces has; else null. [any]
    LiveOutput* live_output() const { return live_output_.get(); }
    Telemetry* telemetry() const { return telemetry_.get(); }

    int block() const { return settings_.block; }
    int workers() const { return settings_.workers; }
    double sample_rate() const { return sample_rate_; }
    int real_time_workers() const { return scheduler_->real_time_workers(); }
    const Graph& graph() const { return *graph_; }

    control::EventCounts event_counts() const { return sealer_.counts(); }
    arena::Stats arena_stats() const { return graph_->arena_stats(); }
    std::int64_t taken() const { return taken_.load(std::memory_order_acquire); }

private:
    AmpGraphStreamer(const plan::Description& plan, const plan::Layout& layout, std::unique_ptr<Graph> graph,
                     std::unique_ptr<LiveOutput> live_output, const StreamerSettings& settings);

    void seal(const run::Program& program, std::int64_t block) override;
    void run(const run::Program& program, run::UnitIndex unit, std::int64_t block, int worker) override;
    void complete(std::int64_t block) override;

    void deliver(std::int64_t block);
    void allow_up_to(std::int64_t frame);

    const StreamerSettings settings_;
    const int channels_;
    const double sample_rate_;
    std::unique_ptr<Graph> graph_;
    control::Sealer sealer_;
    Limiter limiter_;
    std::vector<Leaf> leaves_;        // of the sum over outputs
    std::vector<float> block_frames_; // channel after channel
    Pace own_pace_;
    std::vector<float> own_output_;
    std::unique_ptr<LiveOutput> live_output_;
    std::unique_ptr<Telemetry> telemetry_;

    // The streamer's own, or those of the output memory.
    Pace& pace_;
    float* const output_; // ring of frames, channels side by side
    const std::int64_t output_capacity_;

    alignas(kCacheLine) std::atomic<std::int64_t> made_{0};  // frames in the output ring, from the start
    alignas(kCacheLine) std::atomic<std::int64_t> taken_{0}; // frames that were taken from it
    std::atomic<std::int64_t> wanted_{INT64_MAX};            // frames that the taker sleeps for
    WakeUp frames_made_;
    WakeUp node_finished_;
    std::atomic<int> node_waiters_{0};
    std::optional<run::Program> program_;
    std::optional<run::Scheduler> scheduler_;
};

} // namespace amp::engine

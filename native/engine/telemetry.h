// What the workers of a streamer that a device paces write down as they go, and what is read of it.
#pragma once

#include "base/bounded_queue.h"
#include "base/monotonic_clock.h"
#include "base/real_time.h"
#include "engine/block_times.h"
#include "engine/completions.h"
#include "engine/edge_times.h"
#include "engine/kept_blocks.h"
#include "engine/long_times.h"
#include "engine/measured_window.h"
#include "engine/node_times.h"
#include "engine/overload.h"
#include "engine/worker_times.h"
#include "engine/xrun_log.h"
#include "io/output_header.h"
#include "plan/description.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <span>
#include <vector>

struct amp_snapshot;

namespace amp::engine::inline AMP_PRECISION {

// What is written down of one plan.
struct PlanTelemetry {
    NodeTimes nodes;
    EdgeTimes edges; // reads them
    const std::size_t node_count;
    std::vector<const Region*> regions; // of each node: that it may stand with, or null

    PlanTelemetry(const plan::Description& plan, const plan::Layout& layout,
                  std::span<const std::unique_ptr<GraphNode>> graph, int workers, std::int64_t block_frames,
                  const BlockTimes& times, const LongTimes& long_times)
        : nodes(plan, layout, graph, workers),
          edges(plan, layout, graph, block_frames, nodes, times, long_times),
          node_count(graph.size()) {
        for (const auto& node : graph) {
            regions.push_back(node->region);
        }
    }
    PlanTelemetry(const PlanTelemetry&) = delete;
    PlanTelemetry& operator=(const PlanTelemetry&) = delete;
};

// Blocks begin in order, one at a time, and are complete in order, one at a time; at most kMostInFlight run at once.
class Telemetry {
public:
    // The header must live as long as this. [compiler]
    Telemetry(int workers, const io::OutputHeader& header);

    // For a plan of the stream; this and the nodes must live as long as it. [compiler]
    std::unique_ptr<PlanTelemetry> of_plan(const plan::Description& plan, const plan::Layout& layout,
                                           std::span<const std::unique_ptr<GraphNode>> nodes) const;

    // The clocks of the workers; before the first block. [compiler]
    void watch(std::vector<clockid_t> workers) { workers_.emplace(std::move(workers)); }

    // The next block cannot begin, since a wheel is not long enough yet. [worker]
    void waits_for_memory() AMP_REAL_TIME { waits_since_ = waits_since_ == 0 ? monotonic_nanoseconds() : waits_since_; }

    // A block begins; a component of a plan or the streamer's own last step has run since the cycle counter stood at
    // `begin`; the block is complete, in which `newest` is the plan that took over last. [worker]
    void block_begins(std::int64_t block) AMP_REAL_TIME;
    void unit_ran(PlanTelemetry& plan, std::uint32_t unit, std::int64_t block, int worker,
                  std::uint64_t begin) AMP_REAL_TIME {
        const std::uint32_t window = running_[place_in_flight(block)].window;
        workers_->worked(worker, plan.nodes.ran(unit, worker, block, window, begin));
        plan.edges.ran(unit, block, window, begin);
    }
    void output_ran(std::int64_t block, int worker, std::uint64_t begin) AMP_REAL_TIME;
    void block_is_complete(std::int64_t block, PlanTelemetry& newest) AMP_REAL_TIME;

    // Whether a block has been completed since the last call after which work must go. Called as a block begins.
    // [worker]
    bool take_overload() AMP_REAL_TIME { return is_overloaded_.exchange(false, std::memory_order_relaxed); }

    // Blocks that are complete. [any]
    std::int64_t completed() const { return completions_.count(); }

    // Share of a block's time that making the blocks from output frame `frame` on took, as far as they are kept. [any]
    BlockTimes::Load load_since(std::int64_t frame) const;

    // Fills a snapshot with what one block left behind, the newest, of the stream and of one of its plans; false if
    // blocks followed so fast that none could be read whole. [any]
    bool read(const PlanTelemetry& plan, amp_snapshot& snapshot) const;

    // One reader. [main]
    XrunLog& xruns() { return xruns_; }

private:
    // What is known of a block that runs.
    struct alignas(kCacheLine) Running {
        std::uint32_t window = 1;
        std::int64_t sealed_at = 0;
        std::int64_t waited = 0;
        std::int64_t busy_since = 0; // 0: since an earlier block
        std::uint64_t output_cycles = 0;
    };

    std::int64_t asked_since_idle(std::int64_t now) const;
    bool was_late(std::int64_t block) const;
    void clear(const PlanTelemetry& plan, amp_snapshot& snapshot) const;
    bool read_block(const PlanTelemetry& plan, std::int64_t block, const Completion& completion,
                    double seconds_per_cycle, amp_snapshot& snapshot) const;
    bool read_window(const PlanTelemetry& plan, const ClosedWindow& window, double seconds_per_cycle,
                     amp_snapshot& snapshot) const;

    const io::OutputHeader& header_;
    const io::OutputGeometry geometry_; // as it was at first
    const double block_seconds_;
    const int worker_count_;
    const CycleClock cycles_;
    BlockTimes blocks_;
    LongTimes long_times_;
    std::optional<WorkerTimes> workers_;
    Completions completions_;
    XrunLog xruns_;

    MeasuredWindow window_;
    std::array<Running, kMostInFlight> running_;
    std::atomic<bool> is_overloaded_{false};

    // Of the worker that begins a block.
    std::int64_t waits_since_ = 0; // for memory
    std::int64_t anchors_ = 0;

    // Of the worker that completes a block; of the one that begins the next, too, if no other runs.
    BlockTime present_;
    Overload overload_;
    bool is_idle_ = true;
    std::int64_t idle_at_;
    std::int64_t idle_callbacks_ = 0; // callbacks until then
};

} // namespace amp::engine::inline AMP_PRECISION

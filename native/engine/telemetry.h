// What the workers of a streamer that a device paces write down as they go, and what is read of it.
#pragma once

#include "base/monotonic_clock.h"
#include "base/real_time.h"
#include "engine/block_times.h"
#include "engine/completions.h"
#include "engine/edge_times.h"
#include "engine/long_times.h"
#include "engine/measured_window.h"
#include "engine/node_times.h"
#include "engine/worker_times.h"
#include "engine/xrun_log.h"
#include "io/output_header.h"
#include "plan/description.h"
#include "plan/layout.h"

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <span>
#include <vector>

struct amp_snapshot;

namespace amp::engine {

// One block runs at a time: between its completion and the begin of the next one no unit runs.
class Telemetry {
public:
    // All must live as long as this. [compiler]
    Telemetry(const plan::Description& plan, const plan::Layout& layout,
              std::span<const std::unique_ptr<GraphNode>> nodes, int workers, const io::OutputHeader& header);

    // The clocks of the workers; before the first block. [compiler]
    void watch(std::vector<clockid_t> workers) { workers_.emplace(std::move(workers)); }

    // A block begins, one of its units or the streamer's own last step has run since the cycle counter stood at
    // `begin`, the block is complete. [worker]
    void block_begins() AMP_REAL_TIME;
    void unit_ran(std::uint32_t unit, std::int64_t block, int worker, std::uint64_t begin) AMP_REAL_TIME {
        workers_->worked(worker, nodes_.ran(unit, worker, block, window_.number(), begin));
        edges_.ran(unit, block, window_.number(), begin);
    }
    void output_ran(int worker, std::uint64_t begin) AMP_REAL_TIME;
    void block_is_complete(std::int64_t block) AMP_REAL_TIME;

    // Share of a block's time that making the blocks from output frame `frame` on took, as far as they are kept. [any]
    BlockTimes::Load load_since(std::int64_t frame) const;

    // Fills a snapshot with what one block left behind, the newest; false if blocks followed so fast that none could be
    // read whole. [any]
    bool read(amp_snapshot& snapshot) const;

    // One reader. [main]
    XrunLog& xruns() { return xruns_; }

private:
    std::int64_t asked_since_idle(std::int64_t now) const;
    bool was_late(std::int64_t block) const;
    void clear(amp_snapshot& snapshot) const;
    bool read_block(std::int64_t block, const Completion& completion, double seconds_per_cycle,
                    amp_snapshot& snapshot) const;
    bool read_window(const ClosedWindow& window, double seconds_per_cycle, amp_snapshot& snapshot) const;

    const io::OutputHeader& header_;
    const io::OutputGeometry geometry_; // as it was at first
    const double block_seconds_;
    const std::size_t node_count_;
    const CycleClock cycles_;
    BlockTimes blocks_;
    LongTimes long_times_;
    NodeTimes nodes_;
    EdgeTimes edges_;
    std::optional<WorkerTimes> workers_;
    Completions completions_;
    XrunLog xruns_;

    // Of the worker that begins or completes a block; one at a time.
    MeasuredWindow window_;
    BlockTime present_;
    std::uint64_t output_cycles_ = 0;
    bool is_idle_ = true;
    std::int64_t idle_at_;
    std::int64_t idle_callbacks_ = 0; // callbacks until then
    std::int64_t anchors_ = 0;
};

} // namespace amp::engine

// What the workers of a streamer that a device paces write down as they go, and what is read of it.
#pragma once

#include "base/monotonic_clock.h"
#include "base/real_time.h"
#include "engine/block_times.h"
#include "engine/node_times.h"
#include "engine/worker_clocks.h"
#include "engine/xrun_log.h"
#include "io/output_header.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace amp::engine {

class Telemetry {
public:
    // The header must live as long as this. [compiler]
    explicit Telemetry(const io::OutputHeader& header);

    // The clocks of the workers; before the first block. [compiler]
    void watch(std::vector<clockid_t> workers) { clocks_.emplace(std::move(workers)); }

    // A block begins; it is complete, and of the plan that is played `heaviest` took longest. [worker]
    void block_begins() AMP_REAL_TIME;
    void block_is_complete(std::int64_t block, const NodeTimes::Heaviest& heaviest) AMP_REAL_TIME;

    // Share of a block's time that making the blocks from output frame `frame` on took, as far as they are kept. [any]
    BlockTimes::Load load_since(std::int64_t frame) const;

    // [any]
    double seconds(std::uint64_t cycles) const { return cycles_.seconds(cycles); }
    double block_seconds() const { return block_seconds_; }

    // One reader. [main]
    XrunLog& xruns() { return xruns_; }

private:
    std::int64_t asked_since_idle(std::int64_t now) const;

    const io::OutputHeader& header_;
    const io::OutputGeometry geometry_; // as it was at first
    const double block_seconds_;
    const CycleClock cycles_;
    BlockTimes blocks_;
    std::optional<WorkerClocks> clocks_;
    XrunLog xruns_;

    // Of the worker that begins or completes a block; one at a time.
    BlockTime present_;
    bool is_idle_ = true;
    std::int64_t idle_at_;
    std::int64_t idle_callbacks_ = 0; // callbacks until then
    std::int64_t anchors_ = 0;
};

} // namespace amp::engine

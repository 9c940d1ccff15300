#include "engine/telemetry.h"

#include "base/saturated.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

namespace {

constexpr double kKeptSeconds = 4;
constexpr double kWindowSeconds = 2;

// Enough for whoever asks once a second.
std::int64_t kept_blocks(double block_seconds) {
    return static_cast<std::int64_t>(std::clamp(kKeptSeconds / block_seconds, 256.0, 65536.0));
}

} // namespace

Telemetry::Telemetry(int workers, const io::OutputHeader& header)
    : header_(header),
      geometry_(header.geometry),
      block_seconds_(geometry_.block / geometry_.sample_rate),
      worker_count_(workers),
      blocks_(kept_blocks(block_seconds_)),
      long_times_(block_seconds_),
      xruns_(header, blocks_),
      window_(static_cast<std::int64_t>(kWindowSeconds / block_seconds_)),
      overload_(block_seconds_),
      idle_at_(monotonic_nanoseconds()) {}

std::unique_ptr<PlanTelemetry> Telemetry::of_plan(const plan::Description& plan, const plan::Layout& layout,
                                                  std::span<const std::unique_ptr<GraphNode>> nodes) const {
    return std::make_unique<PlanTelemetry>(plan, layout, nodes, worker_count_, geometry_.block, blocks_, long_times_);
}

// When the first callback came after the workers had nothing left to do: from then on there is something.
std::int64_t Telemetry::asked_since_idle(std::int64_t now) const {
    const std::int64_t callbacks = header_.callbacks.load(std::memory_order_relaxed) - idle_callbacks_;
    const double apart_ns =
        1e9 * static_cast<double>(header_.device_frames.load(std::memory_order_relaxed)) / geometry_.sample_rate;
    const double since_first = static_cast<double>(std::max<std::int64_t>(0, callbacks - 1)) * apart_ns;
    const std::int64_t last = callbacks > 0 ? header_.last_callback_ns.load(std::memory_order_relaxed) : now;
    return std::clamp(last - saturated(since_first), idle_at_, now);
}

void Telemetry::block_begins(std::int64_t block) {
    const std::int64_t now = monotonic_nanoseconds();
    const std::int64_t anchors = header_.anchors.load(std::memory_order_relaxed);
    Running& begins = running_[place_in_flight(block)];
    // What the last block left behind is looked at only if it is complete.
    const bool was_idle = completions_.count() == block && is_idle_;
    begins = {window_.begin_block(cycle_counter()), now, waits_since_ == 0 ? 0 : now - waits_since_,
              was_idle ? asked_since_idle(now) : 0, 0};
    if (!was_idle && anchors != anchors_) {
        begins.busy_since = now;
    }
    anchors_ = anchors;
    waits_since_ = 0;
}

void Telemetry::output_ran(std::int64_t block, int worker, std::uint64_t begin) {
    const std::uint64_t cycles = cycles_between(begin, cycle_counter());
    running_[place_in_flight(block)].output_cycles = cycles;
    workers_->worked(worker, cycles);
}

// Whether the block that was just made was asked for before, and the computation is why it was not there. What other
// processes may have written is turned into floating-point numbers, of which none overflows.
bool Telemetry::was_late(std::int64_t block) const {
    const double frame = static_cast<double>(block) * geometry_.block;
    const auto clock = static_cast<double>(header_.clock.load(std::memory_order_relaxed));
    if (!(clock > frame)) {
        return false;
    }
    const double first_asked = clock - static_cast<double>(header_.device_frames.load(std::memory_order_relaxed));
    const double before_last = std::max(0.0, first_asked - frame) / geometry_.sample_rate * 1e9;
    const auto last = static_cast<double>(header_.last_callback_ns.load(std::memory_order_relaxed));
    const double most = static_cast<double>(present_.made_at - present_.busy_since);
    const double budget = last - before_last - static_cast<double>(present_.busy_since);
    return present_.computed_too_long(static_cast<std::int64_t>(std::clamp(budget, 0.0, most)),
                                      static_cast<std::int64_t>(1e9 * block_seconds_));
}

void Telemetry::block_is_complete(std::int64_t block, PlanTelemetry& newest) {
    const Running& ran = running_[place_in_flight(block)];
    const NodeTimes::Heaviest heaviest = newest.nodes.take_heaviest(block);
    present_.sealed_at = ran.sealed_at;
    present_.waited = ran.waited;
    if (ran.busy_since != 0) {
        present_.busy_since = ran.busy_since;
        present_.busy_cpu = 0;
    }
    present_.heaviest_node = heaviest.node;
    present_.heaviest_cycles = heaviest.cycles;
    present_.cpu = workers_->complete(block, window_.completing());
    present_.busy_cpu += present_.cpu;
    if (overload_.add(present_.cpu)) {
        is_overloaded_.store(true, std::memory_order_relaxed);
    }
    present_.made_at = monotonic_nanoseconds();
    present_.made_cycles = cycle_counter();
    blocks_.add(block, present_);
    long_times_.add(block, present_.made_cycles);
    Completion completion;
    completion.cycles = present_.made_cycles;
    completion.time = present_.made_at;
    completion.output_cycles = ran.output_cycles;
    if (was_late(block)) {
        completion.late_node = heaviest.node;
        newest.nodes.note_late(heaviest.node);
    }
    completion.window = window_.complete_block(present_.made_cycles);
    // A callback between these two only makes the next block's time begin later by what is left of this line.
    idle_callbacks_ = header_.callbacks.load(std::memory_order_relaxed);
    is_idle_ = header_.pace.allowed.load(std::memory_order_seq_cst) <= block + 1;
    idle_at_ = present_.made_at;
    completions_.add(block, completion);
}

BlockTimes::Load Telemetry::load_since(std::int64_t frame) const {
    return blocks_.load(std::max<std::int64_t>(0, frame) / geometry_.block, block_seconds_);
}

} // namespace amp::engine::inline AMP_PRECISION

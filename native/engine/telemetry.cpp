#include "engine/telemetry.h"

#include <algorithm>

namespace amp::engine {

namespace {

constexpr double kKeptSeconds = 4;

// Enough for whoever asks once a second.
std::int64_t kept_blocks(double block_seconds) {
    return static_cast<std::int64_t>(std::clamp(kKeptSeconds / block_seconds, 256.0, 65536.0));
}

} // namespace

Telemetry::Telemetry(const io::OutputHeader& header)
    : header_(header),
      geometry_(header.geometry),
      block_seconds_(geometry_.block / geometry_.sample_rate),
      blocks_(kept_blocks(block_seconds_)),
      xruns_(header, blocks_),
      idle_at_(monotonic_nanoseconds()) {}

// When the first callback came after the workers had nothing left to do: from then on there is something.
std::int64_t Telemetry::asked_since_idle(std::int64_t now) const {
    const std::int64_t callbacks = header_.callbacks.load(std::memory_order_relaxed) - idle_callbacks_;
    const double apart_ns =
        1e9 * static_cast<double>(header_.device_frames.load(std::memory_order_relaxed)) / geometry_.sample_rate;
    const double since_first = static_cast<double>(std::max<std::int64_t>(0, callbacks - 1)) * apart_ns;
    const std::int64_t last = callbacks > 0 ? header_.last_callback_ns.load(std::memory_order_relaxed) : now;
    return std::clamp(last - static_cast<std::int64_t>(since_first), idle_at_, now);
}

void Telemetry::block_begins() {
    const std::int64_t now = monotonic_nanoseconds();
    const std::int64_t anchors = header_.anchors.load(std::memory_order_relaxed);
    if (is_idle_ || anchors != anchors_) {
        present_.busy_since = is_idle_ ? asked_since_idle(now) : now;
        present_.busy_cpu = 0;
        anchors_ = anchors;
    }
    present_.sealed_at = now;
}

void Telemetry::block_is_complete(std::int64_t block, const NodeTimes::Heaviest& heaviest) {
    present_.heaviest_node = heaviest.node;
    present_.heaviest_cycles = heaviest.cycles;
    present_.cpu = clocks_->take_busiest();
    present_.busy_cpu += present_.cpu;
    present_.made_at = monotonic_nanoseconds();
    blocks_.add(block, present_);
    // A callback between these two only makes the next block's time begin later by what is left of this line.
    idle_callbacks_ = header_.callbacks.load(std::memory_order_relaxed);
    is_idle_ = header_.pace.allowed.load(std::memory_order_seq_cst) <= block + 1;
    idle_at_ = present_.made_at;
}

BlockTimes::Load Telemetry::load_since(std::int64_t frame) const {
    return blocks_.load(std::max<std::int64_t>(0, frame) / geometry_.block, block_seconds_);
}

} // namespace amp::engine

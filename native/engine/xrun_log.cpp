#include "engine/xrun_log.h"

namespace amp::engine {

namespace {

// Nobody waits for the block of a gap that lies where no stream gets.
constexpr std::int64_t kMostBlocksAhead = std::int64_t{1} << 24;

} // namespace

std::size_t XrunLog::read(std::span<Xrun> out) {
    std::size_t copied = 0;
    while (copied < out.size()) {
        if (!waiting_) {
            io::Gap gap;
            if (header_.gaps.read(next_gap_, {&gap, 1}) == 0) {
                break;
            }
            waiting_ = gap;
        }
        const auto xrun = explain(*waiting_);
        if (!xrun) {
            break;
        }
        out[copied++] = *xrun;
        waiting_.reset();
    }
    return copied;
}

// Nothing while the block that was missing is not complete.
std::optional<Xrun> XrunLog::explain(const io::Gap& gap) const {
    Xrun xrun{gap.frame, gap.frames};
    if (gap.kind != io::GapKind::missing) {
        xrun.cause = gap.kind == io::GapKind::anchor ? XrunCause::anchor : XrunCause::device_not_run;
        return xrun;
    }
    xrun.cause = XrunCause::thread_not_run;
    const std::int64_t block = gap.frame / geometry_.block;
    const std::int64_t added = times_.added();
    if (added <= block && block < added + kMostBlocksAhead) {
        return std::nullopt;
    }
    const auto time = times_.find(block);
    if (!time) {
        return xrun; // nobody asked for so long that the times are not kept any more
    }
    const auto block_ns = static_cast<std::int64_t>(1e9 * geometry_.block / geometry_.sample_rate);
    const std::int64_t budget = gap.time_ns - time->busy_since;
    const bool fits_without_waiting = time->waited > 0 && time->made_at - time->busy_since - time->waited <= budget;
    xrun.cause = fits_without_waiting                        ? XrunCause::growth
                 : time->computed_too_long(budget, block_ns) ? XrunCause::node_late
                 : budget >= block_ns                        ? XrunCause::thread_not_run
                                                             : XrunCause::device_not_run;
    xrun.node = time->heaviest_node;
    xrun.cpu_seconds = static_cast<double>(time->busy_cpu) * 1e-9;
    xrun.wall_seconds = static_cast<double>(time->made_at - time->busy_since) * 1e-9;
    xrun.budget_seconds = static_cast<double>(budget) * 1e-9;
    return xrun;
}

} // namespace amp::engine

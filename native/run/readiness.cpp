#include "run/readiness.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace amp::run {

Readiness::Readiness(std::uint32_t units, std::span<const Dependency> dependencies, int in_flight)
    : slots_(std::bit_ceil(static_cast<std::size_t>(2 * in_flight))),
      initial_(units, 0),
      first_(units + 1, 0),
      is_sink_(units, true),
      counts_(std::make_unique<std::atomic<std::int32_t>[]>(slots_ * units)),
      unfinished_(std::make_unique<std::atomic<std::int32_t>[]>(slots_)) {
    const auto lag_limit = static_cast<std::uint32_t>(in_flight);
    std::vector<Dependency> kept;
    for (const Dependency& dependency : dependencies) {
        if (dependency.lag < lag_limit) { // longer ones hold by themselves: that block is complete
            kept.push_back(dependency);
        }
    }
    // One block after the other for each unit.
    if (in_flight > 1) {
        for (UnitIndex unit = 0; unit < units; ++unit) {
            kept.push_back({unit, unit, 1});
        }
    }
    std::ranges::sort(kept, [](const Dependency& a, const Dependency& b) {
        return std::tie(a.from, a.to, a.lag) < std::tie(b.from, b.to, b.lag);
    });
    const auto same = [](const Dependency& a, const Dependency& b) {
        return a.from == b.from && a.to == b.to && a.lag == b.lag;
    };
    kept.erase(std::unique(kept.begin(), kept.end(), same), kept.end());

    std::vector<bool> waits(units, false);
    for (const Dependency& dependency : kept) {
        ++initial_[dependency.to];
        ++first_[dependency.from + 1];
        if (dependency.lag == 0) {
            waits[dependency.to] = true;
            is_sink_[dependency.from] = false;
        }
        successors_.push_back({dependency.to, dependency.lag});
    }
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    for (UnitIndex unit = 0; unit < units; ++unit) {
        if (!waits[unit]) {
            sources_.push_back(unit);
            ++initial_[unit]; // the seal
        }
        sinks_ += is_sink_[unit] ? 1 : 0;
    }
    for (std::size_t s = 0; s < slots_; ++s) {
        unfinished_[s].store(sinks_ + 1, std::memory_order_relaxed);
        for (UnitIndex unit = 0; unit < units; ++unit) {
            counts_[s * units + unit].store(initial_[unit], std::memory_order_relaxed);
        }
    }
    // What lies before the first block has been done.
    for (const Dependency& dependency : kept) {
        for (std::uint32_t block = 0; block < dependency.lag; ++block) {
            count(dependency.to, block).fetch_sub(1, std::memory_order_relaxed);
        }
    }
    unfinished(0).fetch_sub(1, std::memory_order_relaxed);
}

} // namespace amp::run

#include "run/work_estimate.h"

#include <algorithm>

namespace amp::run {

WorkEstimate::WorkEstimate(std::uint32_t units, std::span<const Dependency> dependencies)
    : made_by_(units, kNobody),
      cost_(std::make_unique<std::atomic<std::uint32_t>[]>(units)),
      brings_(std::make_unique<std::atomic<std::uint32_t>[]>(units)) {
    for (UnitIndex unit = 0; unit < units; ++unit) {
        cost_[unit].store(kUnmeasured, std::memory_order_relaxed);
        brings_[unit].store(kLarge, std::memory_order_relaxed);
    }
    std::vector<std::vector<UnitIndex>> next(units);
    std::vector<std::uint32_t> waits(units, 0);
    std::vector<bool> is_shared(units, false);
    for (const Dependency& dependency : dependencies) {
        if (dependency.lag != 0) {
            continue;
        }
        next[dependency.from].push_back(dependency.to);
        ++waits[dependency.to];
        UnitIndex& maker = made_by_[dependency.to];
        is_shared[dependency.to] = is_shared[dependency.to] || (maker != kNobody && maker != dependency.from);
        maker = dependency.from;
    }
    for (UnitIndex unit = 0; unit < units; ++unit) {
        if (is_shared[unit]) {
            made_by_[unit] = kNobody;
        }
        if (waits[unit] == 0) {
            order_.push_back(unit);
        }
    }
    for (std::size_t i = 0; i < order_.size(); ++i) {
        for (const UnitIndex unit : next[order_[i]]) {
            if (--waits[unit] == 0) {
                order_.push_back(unit);
            }
        }
    }
}

// A unit that was put aside by the system meanwhile counts as twice what it was at most.
void WorkEstimate::note(UnitIndex unit, std::uint64_t cycles) {
    constexpr std::uint64_t kSmall = 1000;
    std::atomic<std::uint32_t>& cost = cost_[unit];
    const std::uint64_t before = cost.load(std::memory_order_relaxed);
    const std::uint64_t now = before == kUnmeasured ? cycles : std::min(cycles, 2 * before + kSmall);
    const std::uint64_t smoothed = before == kUnmeasured ? now : (3 * before + now) / 4;
    cost.store(static_cast<std::uint32_t>(std::min<std::uint64_t>(smoothed, kLarge)), std::memory_order_relaxed);
}

void WorkEstimate::refresh() {
    std::uint64_t total = 0;
    for (const UnitIndex unit : order_) {
        const std::uint32_t cost = cost_[unit].load(std::memory_order_relaxed);
        brings_[unit].store(cost, std::memory_order_relaxed);
        total += cost;
    }
    for (auto unit = order_.rbegin(); unit != order_.rend(); ++unit) {
        if (const UnitIndex maker = made_by_[*unit]; maker != kNobody) {
            const std::uint64_t sum = std::uint64_t{brings_[maker].load(std::memory_order_relaxed)} +
                                      brings_[*unit].load(std::memory_order_relaxed);
            brings_[maker].store(static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, kLarge)),
                                 std::memory_order_relaxed);
        }
    }
    total_.store(total, std::memory_order_relaxed);
}

} // namespace amp::run

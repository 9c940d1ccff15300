#include "engine/block_times.h"

#include <algorithm>

namespace amp::engine {

BlockTimes::BlockTimes(std::int64_t blocks)
    : kept_(blocks), entries_(std::make_unique<Entry[]>(static_cast<std::size_t>(blocks))) {}

void BlockTimes::add(std::int64_t block, const BlockTime& time) {
    Entry& entry = entries_[static_cast<std::size_t>(block % kept_)];
    // A reader that sees a new part of the entry also sees that it is being written.
    entry.block.store(-1, std::memory_order_relaxed);
    entry.sealed_at.store(time.sealed_at, std::memory_order_release);
    entry.made_at.store(time.made_at, std::memory_order_release);
    entry.made_cycles.store(time.made_cycles, std::memory_order_release);
    entry.cpu.store(time.cpu, std::memory_order_release);
    entry.waited.store(time.waited, std::memory_order_release);
    entry.busy_since.store(time.busy_since, std::memory_order_release);
    entry.busy_cpu.store(time.busy_cpu, std::memory_order_release);
    entry.heaviest_node.store(time.heaviest_node, std::memory_order_release);
    entry.heaviest_cycles.store(time.heaviest_cycles, std::memory_order_release);
    entry.block.store(block, std::memory_order_release);
    added_.store(block + 1, std::memory_order_release);
}

std::optional<BlockTime> BlockTimes::find(std::int64_t block) const {
    if (block < 0) {
        return std::nullopt;
    }
    const Entry& entry = entries_[static_cast<std::size_t>(block % kept_)];
    if (entry.block.load(std::memory_order_acquire) != block) {
        return std::nullopt;
    }
    const BlockTime time{
        entry.sealed_at.load(std::memory_order_acquire),      entry.made_at.load(std::memory_order_acquire),
        entry.made_cycles.load(std::memory_order_acquire),    entry.cpu.load(std::memory_order_acquire),
        entry.waited.load(std::memory_order_acquire),         entry.busy_since.load(std::memory_order_acquire),
        entry.busy_cpu.load(std::memory_order_acquire),       entry.heaviest_node.load(std::memory_order_acquire),
        entry.heaviest_cycles.load(std::memory_order_acquire)};
    return entry.block.load(std::memory_order_relaxed) == block ? std::optional(time) : std::nullopt;
}

BlockTimes::Load BlockTimes::load(std::int64_t first, double block_seconds) const {
    const std::int64_t end = added();
    double sum = 0, worst = 0;
    std::int64_t found = 0;
    for (std::int64_t block = std::max(first, end - kept_); block < end; ++block) {
        if (const auto time = find(block)) {
            const double share = static_cast<double>(time->made_at - time->sealed_at) * 1e-9 / block_seconds;
            sum += share;
            worst = std::max(worst, share);
            ++found;
        }
    }
    return {found == 0 ? 0 : sum / static_cast<double>(found), worst, end};
}

} // namespace amp::engine

#include "engine/worker_times.h"

#include <algorithm>
#include <utility>

namespace amp::engine {

std::int64_t WorkerTimes::complete(std::int64_t block, std::uint32_t window) {
    std::int64_t most = 0;
    for (std::size_t worker = 0; worker < count(); ++worker) {
        OfWorker& of_worker = workers_[worker];
        const std::int64_t cpu = std::max<std::int64_t>(0, clocks_.take(worker));
        const std::uint64_t worked = of_worker.worked.load(std::memory_order_relaxed);
        const std::uint64_t busy = worked - std::exchange(of_worker.told, worked);
        Place& place = of_worker.blocks[kept_place(block)];
        place.busy.store(busy, std::memory_order_release);
        place.cpu.store(cpu, std::memory_order_release);
        of_worker.busy.add(window, busy);
        of_worker.cpu.add(window, static_cast<std::uint64_t>(cpu));
        most = std::max(most, cpu);
    }
    return most;
}

WorkerTimes::OfBlock WorkerTimes::of_block(std::size_t worker, std::int64_t block) const {
    const Place& place = workers_[worker].blocks[kept_place(block)];
    return {place.busy.load(std::memory_order_acquire), place.cpu.load(std::memory_order_acquire)};
}

WorkerTimes::OfBlock WorkerTimes::of_window(std::size_t worker, std::uint32_t window) const {
    const OfWorker& of_worker = workers_[worker];
    return {of_worker.busy.of(window).sum, static_cast<std::int64_t>(of_worker.cpu.of(window).sum)};
}

} // namespace amp::engine

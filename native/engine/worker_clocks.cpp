#include "engine/worker_clocks.h"

#include <algorithm>

namespace amp::engine {

namespace {

std::int64_t nanoseconds_of(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

WorkerClocks::WorkerClocks(std::vector<clockid_t> clocks) : clocks_(std::move(clocks)), last_(clocks_.size(), 0) {
    take_busiest();
}

std::int64_t WorkerClocks::take_busiest() {
    std::int64_t most = 0;
    for (std::size_t worker = 0; worker < clocks_.size(); ++worker) {
        const std::int64_t now = nanoseconds_of(clocks_[worker]);
        most = std::max(most, now - last_[worker]);
        last_[worker] = now;
    }
    return most;
}

} // namespace amp::engine

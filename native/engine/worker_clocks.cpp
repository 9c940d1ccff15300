#include "engine/worker_clocks.h"

#include <utility>

namespace amp::engine {

namespace {

std::int64_t nanoseconds_of(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

WorkerClocks::WorkerClocks(std::vector<clockid_t> clocks) : clocks_(std::move(clocks)), last_(clocks_.size(), 0) {
    for (std::size_t worker = 0; worker < count(); ++worker) {
        take(worker);
    }
}

std::int64_t WorkerClocks::take(std::size_t worker) {
    const std::int64_t now = nanoseconds_of(clocks_[worker]);
    return now - std::exchange(last_[worker], now);
}

} // namespace amp::engine

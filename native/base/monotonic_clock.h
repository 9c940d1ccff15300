// The machine's clock that never goes back, and how long cycles take by it.
#pragma once

#include "base/cycle_counter.h"

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace amp {

// CLOCK_MONOTONIC, nanoseconds. The kernel's page in each process answers; where it does not, a system call does. [any]
inline std::int64_t monotonic_nanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// How long a cycle takes, by what has gone by since this was made: after ten milliseconds within a thousandth.
class CycleClock {
public:
    // [any]
    double seconds_per_cycle() const {
        const auto gone = static_cast<double>(std::max<std::uint64_t>(1, cycle_counter() - begin_cycles_));
        return static_cast<double>(monotonic_nanoseconds() - begin_) * 1e-9 / gone;
    }

private:
    const std::int64_t begin_ = monotonic_nanoseconds();
    const std::uint64_t begin_cycles_ = cycle_counter();
};

} // namespace amp

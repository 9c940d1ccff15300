// CLOCK_MONOTONIC, the time of everything that is played.
#pragma once

#include "base/real_time.h"

#include <cstdint>
#include <ctime>

namespace amp::io {

// Nanoseconds; no system call where the kernel maps its clock into the process. [any]
inline std::int64_t monotonic_ns() AMP_REAL_TIME {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

} // namespace amp::io

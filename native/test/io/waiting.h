// Waits for what happens in another thread or process.
#pragma once

#include "base/monotonic_clock.h"
#include "io/period_timer.h"

#include <cstdint>
#include <functional>

namespace amp::test {

// True once the condition holds; false if it does not within twenty seconds.
inline bool becomes_true(const std::function<bool()>& condition) {
    constexpr std::int64_t kMillisecond = 1'000'000;
    const std::int64_t end = monotonic_nanoseconds() + 20'000 * kMillisecond;
    while (monotonic_nanoseconds() < end) {
        if (condition()) {
            return true;
        }
        io::sleep_until(monotonic_nanoseconds() + kMillisecond);
    }
    return false;
}

} // namespace amp::test

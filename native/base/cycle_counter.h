// The processor's own clock: cheap to read, in cycles.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace amp {

// [any]
inline std::uint64_t cycle_counter() {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    std::uint64_t count;
    asm volatile("mrs %0, cntvct_el0" : "=r"(count));
    return count;
#endif
}

// Cores whose counters differ a little do not turn a short time into an endless one. [any]
inline std::uint64_t cycles_between(std::uint64_t begin, std::uint64_t end) { return end > begin ? end - begin : 0; }

} // namespace amp

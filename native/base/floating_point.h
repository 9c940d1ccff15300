// The floating-point control word of whatever thread computes.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace amp {

// While it lives, this thread rounds to nearest, takes denormals for zero, gives zero for them and traps nothing.
class FloatingPointScope {
public:
#if defined(__x86_64__)
    FloatingPointScope() : before_(_mm_getcsr()) { _mm_setcsr(kMaskedNearestFlush); }
    ~FloatingPointScope() { _mm_setcsr(before_); }
#elif defined(__aarch64__)
    FloatingPointScope() {
        asm volatile("mrs %0, fpcr" : "=r"(before_));
        const std::uint64_t flush = std::uint64_t{1} << 24;
        asm volatile("msr fpcr, %0" ::"r"(flush));
    }
    ~FloatingPointScope() { asm volatile("msr fpcr, %0" ::"r"(before_)); }
#else
#error "The floating-point control word of this processor is not known."
#endif
    FloatingPointScope(const FloatingPointScope&) = delete;
    FloatingPointScope& operator=(const FloatingPointScope&) = delete;

private:
#if defined(__x86_64__)
    static constexpr unsigned kMaskedNearestFlush = 0x9FC0; // flush to zero, all exceptions masked, denormals are zero
    unsigned before_;
#else
    std::uint64_t before_;
#endif
};

} // namespace amp

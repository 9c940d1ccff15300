// The promises that a function makes to the thread that calls it. docs/threads.md defines the thread roles.
#pragma once

// Constant time, no allocation, no lock, no system call. Clang's realtime sanitizer and effect warnings check it.
#if defined(__clang__) && __clang_major__ >= 20
#define AMP_REAL_TIME [[clang::nonblocking]]
#else
#define AMP_REAL_TIME
#endif

#if defined(__has_feature)
#if __has_feature(realtime_sanitizer)
#include <sanitizer/rtsan_interface.h>
#define AMP_REAL_TIME_SANITIZER
#endif
#endif

namespace amp {

// While it lives, the realtime sanitizer lets this thread do what no sound thread may. Each place says why.
class RealTimeException {
public:
    RealTimeException() {
#if defined(AMP_REAL_TIME_SANITIZER)
        __rtsan_disable();
#endif
    }
    ~RealTimeException() {
#if defined(AMP_REAL_TIME_SANITIZER)
        __rtsan_enable();
#endif
    }
    RealTimeException(const RealTimeException&) = delete;
    RealTimeException& operator=(const RealTimeException&) = delete;
};

} // namespace amp

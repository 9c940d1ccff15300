#include "support/thread_shortage.h"

#include <cerrno>
#include <dlfcn.h>
#include <pthread.h>

namespace amp::test {

#if defined(AMP_SANITIZED)
bool refuse_threads_after(int) { return false; }
#else
namespace {
thread_local int threads_left = -1; // negative: no end
}

bool refuse_threads_after(int count) {
    threads_left = count;
    return true;
}

// Stands before the system's own.
extern "C" __attribute__((visibility("default"))) int
pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*), void* argument) noexcept {
    if (threads_left == 0) {
        return EAGAIN;
    }
    threads_left -= threads_left > 0 ? 1 : 0;
    using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
    static const auto create = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
    return create(thread, attributes, body, argument);
}
#endif

} // namespace amp::test

#include "guard.h"

#include <atomic>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/prctl.h>

// The C library's own entry points, under the names that stay when the usual ones are replaced.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

std::atomic<bool> watching{false};
std::atomic<std::uint64_t> allocation_count{0}, lock_count{0};

bool has_name(const char* wanted) {
    char name[16] = {};
    prctl(PR_GET_NAME, name);
    return std::strncmp(name, wanted, std::strlen(wanted)) == 0;
}

bool is_sound_thread() { return has_name("amp-worker") || has_name("amp-clock") || has_name("amp-device"); }

void count(std::atomic<std::uint64_t>& counter) {
    if (watching.load(std::memory_order_relaxed) && is_sound_thread()) {
        counter.fetch_add(1, std::memory_order_relaxed);
    }
}

template <class Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

namespace amp::test {

Watch::Watch() {
    allocation_count = 0;
    lock_count = 0;
    watching = true;
}
Watch::~Watch() { watching = false; }
std::uint64_t Watch::allocations() const { return allocation_count; }
std::uint64_t Watch::locks() const { return lock_count; }

} // namespace amp::test

extern "C" {

__attribute__((visibility("default"))) void* malloc(std::size_t size) {
    count(allocation_count);
    return __libc_malloc(size);
}
__attribute__((visibility("default"))) void* calloc(std::size_t items, std::size_t size) {
    count(allocation_count);
    return __libc_calloc(items, size);
}
__attribute__((visibility("default"))) void* realloc(void* memory, std::size_t size) {
    count(allocation_count);
    return __libc_realloc(memory, size);
}
__attribute__((visibility("default"))) void* memalign(std::size_t alignment, std::size_t size) {
    count(allocation_count);
    return __libc_memalign(alignment, size);
}
__attribute__((visibility("default"))) void* aligned_alloc(std::size_t alignment, std::size_t size) {
    count(allocation_count);
    return __libc_memalign(alignment, size);
}
__attribute__((visibility("default"))) int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    count(allocation_count);
    *memory = __libc_memalign(alignment, size);
    return *memory == nullptr ? 12 : 0;
}
__attribute__((visibility("default"))) void free(void* memory) {
    if (memory != nullptr) {
        count(allocation_count);
    }
    __libc_free(memory);
}

// One line a function that locks, or sleeps until somebody else is done.
#define AMP_COUNTED(name, parameters, arguments)                                                                       \
    __attribute__((visibility("default"))) int name parameters {                                                       \
        count(lock_count);                                                                                             \
        static const auto real = next<int(*) parameters>(#name);                                                       \
        return real arguments;                                                                                         \
    }

AMP_COUNTED(pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex))
AMP_COUNTED(pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex))
AMP_COUNTED(pthread_mutex_timedlock, (pthread_mutex_t * mutex, const timespec* until), (mutex, until))
AMP_COUNTED(pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock))
AMP_COUNTED(pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock), (lock))
AMP_COUNTED(pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock))
AMP_COUNTED(pthread_rwlock_trywrlock, (pthread_rwlock_t * lock), (lock))
AMP_COUNTED(pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t* mutex), (condition, mutex))
AMP_COUNTED(pthread_cond_timedwait, (pthread_cond_t * condition, pthread_mutex_t* mutex, const timespec* until),
            (condition, mutex, until))
AMP_COUNTED(pthread_cond_clockwait,
            (pthread_cond_t * condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until),
            (condition, mutex, clock, until))
AMP_COUNTED(sem_wait, (sem_t * semaphore), (semaphore))
AMP_COUNTED(sem_timedwait, (sem_t * semaphore, const timespec* until), (semaphore, until))
AMP_COUNTED(nanosleep, (const timespec* time, timespec* left), (time, left))

// The clock device sleeps until it is time: that is what it is for.
__attribute__((visibility("default"))) int clock_nanosleep(clockid_t clock, int flags, const timespec* time,
                                                           timespec* left) {
    if (!has_name("amp-clock")) {
        count(lock_count);
    }
    static const auto real = next<int (*)(clockid_t, int, const timespec*, timespec*)>("clock_nanosleep");
    return real(clock, flags, time, left);
}

} // extern "C"

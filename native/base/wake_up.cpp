#include "base/wake_up.h"

#include <climits>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace amp {

namespace {

// The kernel finds the sleepers of one process faster.
int operation(int futex, std::uint32_t is_shared) { return is_shared != 0 ? futex : futex | FUTEX_PRIVATE_FLAG; }

} // namespace

void WakeUp::sleep(Ticket ticket, std::int64_t timeout_nanoseconds) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    timespec timeout{timeout_nanoseconds / kSecond, timeout_nanoseconds % kSecond};
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    // The kernel compares the count with the ticket again before it lets the thread sleep.
    syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&happenings_), operation(FUTEX_WAIT, is_shared_), ticket,
            timeout_nanoseconds < 0 ? nullptr : &timeout, nullptr, 0);
    sleepers_.fetch_sub(1, std::memory_order_seq_cst);
}

void WakeUp::wake(int sleepers) {
    happenings_.fetch_add(1, std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) > 0) {
        // Somebody who sleeps can be woken by the kernel alone; it keeps its lock for as long as it takes to find them.
        const RealTimeException exception;
        syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&happenings_), operation(FUTEX_WAKE, is_shared_), sleepers,
                nullptr, nullptr, 0);
    }
}

void WakeUp::wake_all_for_certain() {
    happenings_.fetch_add(1, std::memory_order_seq_cst);
    for (const std::uint32_t is_shared : {0U, 1U}) {
        syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&happenings_), operation(FUTEX_WAKE, is_shared), INT_MAX,
                nullptr, nullptr, 0);
    }
}

} // namespace amp

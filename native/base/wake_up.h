// Lets threads sleep until something has happened, without locks: the one system call of a sound thread.
#pragma once

#include "base/real_time.h"

#include <atomic>
#include <cstdint>

namespace amp {

// A count of happenings. A sleeper takes a ticket, looks whether there is anything to do, and only then sleeps on the
// ticket; whoever makes something to do calls wake afterwards, so no happening is missed. Spurious returns happen.
class WakeUp {
public:
    using Ticket = std::uint32_t;

    // Who sleeps and wakes on it: the threads of one process, or of all processes that map the memory it lies in.
    enum class Reach { own_process, all_processes };

    // [any]
    explicit WakeUp(Reach reach = Reach::own_process) : is_shared_(reach == Reach::all_processes ? 1 : 0) {}

    // [any]
    Ticket ticket() const { return happenings_.load(std::memory_order_seq_cst); }

    // Sleeps until a wake after the ticket, or the time-out (negative: none). [any]
    void sleep(Ticket ticket, std::int64_t timeout_nanoseconds = -1);

    // Wakes at most `sleepers` threads; no system call when nobody sleeps. [any]
    void wake(int sleepers) AMP_REAL_TIME;

    // Wakes all sleepers of this process, even if another one has spoiled the memory in which this lies. [any]
    void wake_all_for_certain();

    // Threads that sleep or are about to. [any]
    int sleepers() const { return sleepers_.load(std::memory_order_seq_cst); }

private:
    std::atomic<std::uint32_t> happenings_{0};
    std::atomic<int> sleepers_{0};
    const std::uint32_t is_shared_; // 0 or not: another process may write anything here
};

} // namespace amp

// Keeps the stream going when no device does.
#pragma once

#include "io/output_memory.h"
#include "io/playout.h"

#include <atomic>
#include <thread>

namespace amp::io {

// A thread, amp-clock, that asks for frames by the machine's clock while it owns the output, and otherwise watches the
// device program that does: when that has not called for 300 ms the output is the clock device's again, from the
// very frame at which the device left it, and the program is ended.
class ClockDevice {
public:
    // The memory must outlive it. [compiler]
    explicit ClockDevice(OutputMemory& memory);
    // Stops. [compiler]
    ~ClockDevice();
    ClockDevice(const ClockDevice&) = delete;
    ClockDevice& operator=(const ClockDevice&) = delete;

    // Begins to ask for frames. Throws std::system_error if the system gives no thread. Nothing if it runs. [compiler]
    void start();

    // Returns once the thread has ended, after 50 ms at most. [compiler]
    void stop();

    // True if the thread runs in the real-time class that it asked for. [any]
    bool is_real_time() const { return is_real_time_.load(std::memory_order_relaxed); }

private:
    void run();
    void keep_pace();
    void watch_owner();
    void take_back(std::uint32_t owner);

    OutputMemory& memory_;
    Playout playout_;
    std::thread thread_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> is_real_time_{false};
};

} // namespace amp::io

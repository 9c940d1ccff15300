// A known sound in an output memory: what was played tells which frames it was.
#pragma once

#include "io/output_memory.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <gtest/gtest.h>
#include <thread>
#include <utility>

namespace amp::test {

// Each frame has a value of its own, exact in a float, never 0 and at most 1.
inline float ramp(std::int64_t frame, int channel) {
    const std::int64_t step = (frame + 1 + 1000 * channel) % (1 << 23);
    return static_cast<float>(step == 0 ? 1 : step) / static_cast<float>(1 << 23);
}

inline io::OutputMemory make_memory(const io::OutputGeometry& geometry) {
    auto memory = io::OutputMemory::create(geometry);
    EXPECT_TRUE(memory.ok()) << (memory.ok() ? "" : memory.error().message);
    return std::move(memory.value());
}

// Makes the frames up to `end`.
inline void make_ramp_until(io::OutputMemory& memory, std::int64_t end) {
    std::int64_t frame = memory.header().made.load();
    for (; frame < end; ++frame) {
        for (int channel = 0; channel < memory.geometry().channels; ++channel) {
            memory.frame(frame)[channel] = ramp(frame, channel);
        }
    }
    memory.header().made.store(std::max(frame, end), std::memory_order_release);
}

// Makes all that is allowed.
inline void make_allowed_ramp(io::OutputMemory& memory) {
    make_ramp_until(
        memory, std::max(memory.header().made.load(), memory.header().pace.allowed.load() * memory.geometry().block));
}

// Makes what is allowed on a thread of its own, as an engine does.
class RampMaker {
public:
    explicit RampMaker(io::OutputMemory& memory) : memory_(memory), thread_([this] { run(); }) {}
    ~RampMaker() {
        stopping_ = true;
        memory_.header().pace.wake_up.wake(1);
        thread_.join();
    }
    RampMaker(const RampMaker&) = delete;
    RampMaker& operator=(const RampMaker&) = delete;

private:
    void run() {
        Pace& pace = memory_.header().pace;
        while (!stopping_) {
            const WakeUp::Ticket ticket = pace.wake_up.ticket();
            make_allowed_ramp(memory_);
            if (memory_.header().made.load() >= pace.allowed.load() * memory_.geometry().block && !stopping_) {
                pace.wake_up.sleep(ticket);
            }
        }
    }

    io::OutputMemory& memory_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace amp::test

// How far a stream may go: set by whoever asks for frames, watched by whoever makes them.
#pragma once

#include "base/bounded_queue.h"
#include "base/real_time.h"
#include "base/wake_up.h"

#include <atomic>
#include <cstdint>

namespace amp {

struct Pace {
    explicit Pace(WakeUp::Reach reach = WakeUp::Reach::own_process) : wake_up(reach) {}

    // Lets blocks below `blocks` begin; the bound never falls. Wakes one sleeper if it has risen. [any]
    void allow(std::int64_t blocks) AMP_REAL_TIME {
        std::int64_t before = allowed.load(std::memory_order_relaxed);
        while (before < blocks) {
            if (allowed.compare_exchange_weak(before, blocks, std::memory_order_seq_cst)) {
                wake_up.wake(1);
                return;
            }
        }
    }

    alignas(kCacheLine) std::atomic<std::int64_t> allowed{0};
    alignas(kCacheLine) WakeUp wake_up;
};

} // namespace amp

// When the machine is too slow for what sounds.
#pragma once

#include "base/real_time.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace amp::engine {

// The blocks of 10 ms, four at least, took the computation longer than they last. After that it is given 10 ms to
// become less before it is measured again: what is done about it does not act at once.
class Overload {
public:
    // [compiler]
    explicit Overload(double block_seconds)
        : blocks_(std::max<std::int64_t>(4, std::llround(kSeconds / block_seconds))),
          allowed_(static_cast<std::int64_t>(1e9 * block_seconds * static_cast<double>(blocks_))) {}

    // A block was completed whose busiest worker computed for so many nanoseconds; whether this is an overload.
    // [worker]
    bool add(std::int64_t cpu) AMP_REAL_TIME {
        if (resting_ > 0) {
            --resting_;
            return false;
        }
        computed_ += cpu;
        if (++added_ < blocks_) {
            return false;
        }
        const bool is_overload = computed_ > allowed_;
        resting_ = is_overload ? blocks_ : 0;
        computed_ = added_ = 0;
        return is_overload;
    }

private:
    static constexpr double kSeconds = 0.01;

    const std::int64_t blocks_, allowed_;
    std::int64_t computed_ = 0, added_ = 0, resting_ = 0;
};

} // namespace amp::engine

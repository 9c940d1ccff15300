// A grid of the transport, on which changes wait for their frame.
#pragma once

#include "base/real_time.h"

#include <cmath>
#include <cstdint>

namespace amp::control {

class Grid {
public:
    // Grid frame k is k times `length` frames, rounded; a length of 0 is the grid of all frames. [compiler]
    explicit Grid(double length = 0) : length_(length) {}

    // The first grid frame that is not before `frame`. [any]
    std::int64_t next(std::int64_t frame) const AMP_REAL_TIME {
        if (!(length_ > 1)) {
            return frame;
        }
        // One step back, since the division rounds.
        double step = std::floor(static_cast<double>(frame) / length_) - 1;
        std::int64_t at = 0;
        do {
            at = static_cast<std::int64_t>(std::floor(step * length_ + 0.5));
            step += 1;
        } while (at < frame);
        return at;
    }

private:
    double length_;
};

} // namespace amp::control

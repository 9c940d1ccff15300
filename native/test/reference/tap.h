// Everything that an output tap has ever given.
#pragma once

#include "node/shape.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace amp::test::reference {

struct Tap {
    Shape shape;
    std::vector<float> frames; // one after another, each of shape.lanes() values

    std::int64_t made() const { return static_cast<std::int64_t>(frames.size()) / shape.lanes(); }

    // One lane at a frame that is made; where the tap has one batch or one channel, it spreads to all.
    float at(std::int64_t frame, int batch, int channel) const {
        const int lane = shape.lane(shape.batch == 1 ? 0 : batch, shape.channels == 1 ? 0 : channel);
        return frames[static_cast<std::size_t>(frame * shape.lanes() + lane)];
    }
};

} // namespace amp::test::reference

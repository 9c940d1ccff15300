// The lanes of a tap: which (batch, channel) pair lies where inside one frame.
#pragma once

#include <cstdint>

namespace amp {

// Lanes of the widest tile that kernels work on.
inline constexpr int kWidestTile = 16;

// `lanes` and those that fill the last of the widest tiles up.
constexpr int whole_tiles(int lanes) { return (lanes + kWidestTile - 1) / kWidestTile * kWidestTile; }

// Lane strides are 1, 2, 4, 8 or a multiple of 16, so that kernels always work on whole registers.
constexpr int padded_lanes(int lanes) {
    if (lanes <= 2) {
        return lanes;
    }
    if (lanes <= 4) {
        return 4;
    }
    return lanes <= 8 ? 8 : whole_tiles(lanes);
}

// Channels lie one after another, each with its whole batch side by side: lane = channel * batch_stride + batch.
struct Shape {
    std::int32_t batch = 1;
    std::int32_t channels = 1;

    constexpr int batch_stride() const { return padded_lanes(batch); }
    constexpr int lanes() const { return padded_lanes(channels * batch_stride()); }
    constexpr int lane(int batch_index, int channel) const { return channel * batch_stride() + batch_index; }
    constexpr bool operator==(const Shape&) const = default;
};

} // namespace amp

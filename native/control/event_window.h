// How many events may take effect in a stretch of the stream. The stretches lie on the stream clock, not on blocks:
// what fits once fits again at any block size, so a performance that is played again never waits where it did not wait.
#pragma once

#include <cstddef>
#include <cstdint>

namespace amp::control {

inline constexpr std::int64_t kWindowFrames = 1024;

// Events that may take effect in one window; more of them wait for the next, and are late.
inline constexpr std::size_t kParametersInWindow = 3072;
inline constexpr std::size_t kNotesInWindow = 3072;

// The most windows that `frames` frames touch, wherever they begin.
constexpr std::size_t windows_touched(std::int64_t frames) {
    return frames < 2 ? 1 : static_cast<std::size_t>((frames - 2) / kWindowFrames + 2);
}

// The most windows that a block of a stream in blocks of `frames` touches.
constexpr std::size_t windows_of_block(std::int64_t frames) {
    if (kWindowFrames % frames == 0) {
        return 1;
    }
    return frames % kWindowFrames == 0 ? static_cast<std::size_t>(frames / kWindowFrames) : windows_touched(frames);
}

} // namespace amp::control

// What a modulation goes through whose edge has a slew: each of its lanes follows what the edge brings, within limits.
#pragma once

#include "control/movement.h"
#include "engine/reader.h"

#include <cstddef>
#include <span>

namespace amp::engine::inline AMP_PRECISION {

class EdgeSlew {
public:
    // Samples of state for so many padded lanes; they begin as zeros.
    static constexpr std::size_t state_size(int lanes) {
        return static_cast<std::size_t>(SlewFollower<Sample, 1>::rows) * static_cast<std::size_t>(lanes);
    }

    // [compiler]
    EdgeSlew(const control::MovementLimits& limits, double sample_rate, std::span<Sample> state, int lanes);

    // What is heard of the frames, whose lanes are those of the state and lie side by side. [worker]
    Leaf follow(const Leaf& read, int frames, Scratch& scratch) AMP_REAL_TIME;

    // As a follower's rows, of all lanes. [worker]
    std::span<const Sample> state() const { return state_; }
    const control::MovementLimits& limits() const { return limits_; }
    double sample_rate() const { return sample_rate_; }

    // A voice begins on the lane. [worker]
    void forget(int lane) AMP_REAL_TIME;

    // Goes on where that of another plan is, of as many lanes. [worker]
    void take_over(const EdgeSlew& from) AMP_REAL_TIME;

private:
    template <int N>
    void follow_lanes(const Leaf& read, int frames, Sample* to) AMP_REAL_TIME;
    template <int N, bool Accelerates, bool HasArea>
    void follow_tile(const Leaf& read, int frames, Sample* to, int lane) AMP_REAL_TIME;

    const control::MovementLimits limits_;
    const double sample_rate_;
    const std::span<Sample> state_;
    const int lanes_;
};

} // namespace amp::engine::inline AMP_PRECISION

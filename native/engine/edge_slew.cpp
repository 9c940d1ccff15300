#include "engine/edge_slew.h"

#include "node/kernel.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

EdgeSlew::EdgeSlew(const control::MovementLimits& limits, double sample_rate, std::span<Sample> state, int lanes)
    : limits_(limits), sample_rate_(sample_rate), state_(state), lanes_(lanes) {}

Leaf EdgeSlew::follow(const Leaf& read, int frames, Scratch& scratch) {
    Sample* const to = scratch.take(static_cast<std::size_t>(frames * lanes_));
    switch (lanes_) {
    case 1:
        follow_lanes<1>(read, frames, to);
        break;
    case 2:
        follow_lanes<2>(read, frames, to);
        break;
    case 4:
        follow_lanes<4>(read, frames, to);
        break;
    default:
        follow_lanes<8>(read, frames, to);
    }
    return {to, lanes_, 1};
}

template <int N>
void EdgeSlew::follow_lanes(const Leaf& read, int frames, Sample* to) {
    for (int lane = 0; lane < lanes_; lane += N) {
        with_constants(
            [&](auto accelerates, auto has_area) { follow_tile<N, accelerates, has_area>(read, frames, to, lane); },
            limits_.acceleration > 0, limits_.area > 0);
    }
}

template <int N, bool Accelerates, bool HasArea>
void EdgeSlew::follow_tile(const Leaf& read, int frames, Sample* to, int lane) {
    using Signal = Lanes<Sample, N>;
    const SlewLimits<N> limits(limits_.rate, limits_.acceleration, limits_.area, sample_rate_);
    Sample* const state = state_.data() + lane;
    auto follower = SlewFollower<Sample, N>::load(state, lanes_);
    for (int f = 0; f < frames; ++f) {
        const Signal in = Signal::load(read.data + f * read.frame_stride + lane) * Signal(read.gain);
        follower.template next<Accelerates, HasArea>(in, limits).store(to + f * lanes_ + lane);
    }
    follower.store(state, lanes_);
}

void EdgeSlew::forget(int lane) {
    for (std::size_t at = static_cast<std::size_t>(lane); at < state_.size(); at += static_cast<std::size_t>(lanes_)) {
        state_[at] = 0;
    }
}

void EdgeSlew::take_over(const EdgeSlew& from) { std::ranges::copy(from.state_, state_.begin()); }

} // namespace amp::engine::inline AMP_PRECISION

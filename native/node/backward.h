// The way back through a firing: reverse mode, through time and state.
//
// Let L be any number that depends on what a node makes. Forward leads from inputs, parameters and a state to outputs
// and the state behind the firing. Backward leads from the derivatives of L by those two to its derivatives by the
// first three. It knows the firing as it was, makes the states of its frames once more, and goes through the frames
// from the last to the first.
//
// A type whose outputs can be differentiated has
//
//     static constexpr int kept_rows = 2;            // values a lane that backward notes for each frame; optional
//     static constexpr int heard_rows = 1;           // backward reads only so many of the first rows of the state
//                                                    // before the firing, which need not all be kept then; optional
//     template <class S>
//     static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME;
//     // False if a derivative jumps where each parameter v is moved by up to margin (|v| + 0.001); optional.
//     template <class S>
//     static bool is_smooth(const Firing<S>& firing, S margin);
//
// Decisions (a gate that is open, a note, a seed) count as constants; where a value is held at a limit, its derivative
// is the one-sided one, 0.
#pragma once

#include "node/kernel.h"

#include <array>
#include <cstddef>
#include <span>

namespace amp {

template <class S>
struct BackwardFiring {
    Firing<S> forward; // as it was called, with the state before it, which is only read; outputs are not there
    std::span<const Block<const S>> output_gradients{}; // of each output: dL by each frame of it
    // Written for each frame; what backward does not write is 0 already. Also of what is constant each frame by itself.
    std::span<const Block<S>> input_gradients{}, parameter_gradients{};
    // Rows as those of the state: dL by the state behind the firing, which becomes that by the state before it. Rows of
    // phases count in turns; rows that hold decisions are left alone.
    S* state_gradients = nullptr;
    std::span<S> memory{}; // frames x kept_rows x lanes

    S* state_gradient(int row) const {
        return state_gradients + static_cast<std::ptrdiff_t>(row) * forward.state_stride;
    }
    // Value `row` of `rows` that is noted for a frame.
    template <class T = S>
    T* kept(int frame, int row, int rows) const {
        static_assert(sizeof(T) == sizeof(S));
        const std::ptrdiff_t place = (static_cast<std::ptrdiff_t>(frame) * rows + row) * forward.lanes;
        return reinterpret_cast<T*>(memory.data() + place);
    }
};

// What a tile has in frame `frame` of a tap or parameter.
template <int N, class S>
inline Lanes<std::remove_const_t<S>, N> lanes_at(const Block<S>& block, int frame, int lane) {
    return Lanes<std::remove_const_t<S>, N>::load(block.frame(frame) + lane);
}

// The derivative of a value that is held at limits: that of the value itself between them, else 0.
template <class S, int N>
inline Lanes<S, N> held_gradient(Lanes<S, N> gradient, Lanes<S, N> value, Lanes<S, N> low, Lanes<S, N> high) {
    return select((value >= low) & (value <= high), gradient, Lanes<S, N>(S(0)));
}

// For each tile: forward(frame) for all frames in their order, then back(frame) from the last to the first. [worker]
template <class S, class Tile>
inline void for_each_tile_back(const BackwardFiring<S>& back, Tile&& make) {
    for_each_tile(back.forward, [&]<int N>(int lane) {
        auto tile = make.template operator()<N>(lane);
        for (int f = 0; f < back.forward.frames; ++f) {
            tile.forward(f);
        }
        tile.turn();
        for (int f = back.forward.frames; f-- > 0;) {
            tile.back(f);
        }
        tile.finish();
    });
}

// Of kernels without state: gradients(frame, lane) for each tile and frame. [worker]
template <class S, class Frame>
inline void map_back(const BackwardFiring<S>& back, Frame&& frame) {
    for_each_tile(back.forward, [&]<int N>(int lane) {
        for (int f = 0; f < back.forward.frames; ++f) {
            frame.template operator()<N>(f, lane);
        }
    });
}

} // namespace amp

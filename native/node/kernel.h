// How kernels walk over lanes: tiles of a fixed number of lanes, each taken through all frames of the firing with its
// state in registers.
#pragma once

#include "base/lanes.h"
#include "node/node.h"

#include <array>
#include <type_traits>

namespace amp {

// Lanes of the widest tile: two registers side by side hide the latency of a recursion, and at least 16.
template <class S>
inline constexpr int kTileLanes = 2 * kRegisterBytes / int(sizeof(S)) < 16 ? 16 : 2 * kRegisterBytes / int(sizeof(S));

// Everything that the function calls becomes a part of it; under a sanitizer that would only take minutes to compile.
#if defined(AMP_SANITIZED) || !defined(__OPTIMIZE__)
#define AMP_FLATTEN
#else
#define AMP_FLATTEN [[gnu::flatten]]
#endif

// One function a tile width with everything inlined: values of several registers that pass through a call go by memory.
template <int N, class Kernel>
AMP_FLATTEN [[gnu::noinline]] void run_tile(Kernel& kernel, int lane) {
    kernel.template operator()<N>(lane);
}

// Calls kernel.operator()<N>(lane) for tiles of N lanes that cover all padded lanes of the firing, and skips tiles of
// 16 lanes in which every voice sleeps. [worker]
template <class S, class Kernel>
inline void for_each_tile(const Firing<S>& firing, Kernel&& kernel) {
    constexpr int kWide = kTileLanes<S>;
    if (firing.frames == 0) {
        return; // kernels may count on a first frame
    }
    switch (firing.lanes) {
    case 1:
        run_tile<1>(kernel, 0);
        return;
    case 2:
        run_tile<2>(kernel, 0);
        return;
    case 4:
        run_tile<4>(kernel, 0);
        return;
    case 8:
        run_tile<8>(kernel, 0);
        return;
    default:
        break;
    }
    if (firing.awake == ~std::uint64_t{0}) {
        int lane = 0;
        for (; lane + kWide <= firing.lanes; lane += kWide) {
            run_tile<kWide>(kernel, lane);
        }
        for (; lane < firing.lanes; lane += 16) {
            run_tile<16>(kernel, lane);
        }
        return;
    }
    const int batch_stride = firing.shape.batch_stride();
    const auto awake = [&](int lane) { return (firing.awake >> (lane % batch_stride / 16 & 63) & 1) != 0; };
    for (int lane = 0; lane < firing.lanes;) {
        bool wide = lane + kWide <= firing.lanes;
        for (int part = lane; wide && part < lane + kWide; part += 16) {
            wide = awake(part);
        }
        if (wide) {
            run_tile<kWide>(kernel, lane);
            lane += kWide;
            continue;
        }
        if (awake(lane)) {
            run_tile<16>(kernel, lane);
        }
        lane += 16;
    }
}

// Calls body with the flags as constants (std::true_type or std::false_type), so that its loops need not ask again.
template <class Body>
inline void with_constants(Body&& body) {
    body();
}
template <class Body, class... More>
inline void with_constants(Body&& body, bool flag, More... more) {
    if (flag) {
        with_constants([&](auto... rest) { body(std::true_type{}, rest...); }, more...);
    } else {
        with_constants([&](auto... rest) { body(std::false_type{}, rest...); }, more...);
    }
}

// Whether a comparison holds in any lane.
template <class I, int N>
inline bool any(Lanes<I, N> where) {
    std::array<I, N> each;
    where.store(each.data());
    I found = 0;
    for (const I one : each) {
        found |= one;
    }
    return found != 0;
}

// out = in, all lanes and frames at once. [worker]
template <class S>
inline void copy_block(const Firing<S>& firing, const Block<S>& out, const Block<const S>& in) {
    if (in.frame_stride == firing.lanes && out.frame_stride == firing.lanes) {
        // No gaps between frames: one straight run.
        const int values = firing.lanes * firing.frames;
        out.array(values, 1) = in.array(values, 1);
    } else {
        out.array(firing.lanes, firing.frames) = in.array(firing.lanes, firing.frames);
    }
}

// State below -400 dB, or not finite, becomes zero: no denormals, and a lane that blew up recovers. Recursive kernels
// call it at the end of a firing that ends on a tick.
template <class S, int N>
inline Lanes<S, N> settled(Lanes<S, N> state) {
    const Lanes<S, N> size = abs(state);
    const auto keep = (size >= Lanes<S, N>(S(1e-20))) & (size < Lanes<S, N>(S(1e30)));
    return select(keep, state, Lanes<S, N>(S(0)));
}

// Reads one tap or parameter frame by frame for a tile.
template <class S, int N>
struct TileReader {
    const S* at;
    std::ptrdiff_t stride;
    TileReader(const Block<const S>& block, int lane) : at(block.data + lane), stride(block.frame_stride) {}
    Lanes<S, N> next() {
        const auto value = Lanes<S, N>::load(at);
        at += stride;
        return value;
    }
};

template <class S, int N>
struct TileWriter {
    S* at;
    std::ptrdiff_t stride;
    TileWriter(const Block<S>& block, int lane) : at(block.data + lane), stride(block.frame_stride) {}
    void next(Lanes<S, N> value) {
        value.store(at);
        at += stride;
    }
};

// out = function(inputs...), frame by frame and lane by lane, for kernels without state. One lane runs along frames.
template <class S, class Function, class... Blocks>
inline void map_lanes(const Firing<S>& firing, const Block<S>& out, Function&& function, const Blocks&... in) {
    if (firing.lanes == 1 && out.frame_stride == 1 && ((in.frame_stride <= 1) && ...)) {
        constexpr int kAlong = 16;
        int f = 0;
        const auto load = [&](const Block<const S>& block, int frame) {
            return block.constant() ? Lanes<S, kAlong>(*block.data) : Lanes<S, kAlong>::load(block.data + frame);
        };
        for (; f + kAlong <= firing.frames; f += kAlong) {
            function(load(in, f)...).store(out.data + f);
        }
        for (; f < firing.frames; ++f) {
            function(Lanes<S, 1>(*in.frame(f))...).store(out.data + f);
        }
        return;
    }
    for_each_tile(firing, [&]<int N>(int lane) {
        for (int f = 0; f < firing.frames; ++f) {
            function(Lanes<S, N>::load(in.frame(f) + lane)...).store(out.frame(f) + lane);
        }
    });
}

} // namespace amp

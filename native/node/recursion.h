// Recursive kernels of one input and one output: a cell says what one frame does to its lanes, and the walks here say
// in which order lanes and frames come.
//
// A cell is a template <class S, int N> struct with
//     static constexpr int rows;                          // of the state
//     Cell(const Firing<S>& firing, int lane);            // reads the parameters of N lanes from `lane` on
//     bool steady() const;                                // whether they are the same in all frames
//     auto coefficients();                                // of the next frame
//     static Lanes<S, N> step(const auto& coefficients, Lanes<S, N> in, std::array<Lanes<S, N>, rows>& state);
#pragma once

#include "node/kernel.h"

#include <array>
#include <tuple>
#include <utility>

namespace amp {

namespace recursion_detail {

template <class S, int N, std::size_t Rows>
std::array<Lanes<S, N>, Rows> load(const Firing<S>& firing, int lane) {
    std::array<Lanes<S, N>, Rows> state;
    for (std::size_t row = 0; row < Rows; ++row) {
        state[row] = Lanes<S, N>::load(firing.state(static_cast<int>(row)) + lane);
    }
    return state;
}

template <class S, int N, std::size_t Rows>
void store(const Firing<S>& firing, int lane, const std::array<Lanes<S, N>, Rows>& state) {
    for (std::size_t row = 0; row < Rows; ++row) {
        (firing.ends_on_tick() ? settled(state[row]) : state[row]).store(firing.state(static_cast<int>(row)) + lane);
    }
}

// Whether link k of a tile has a frame in step s: where 0 <= s - k < frames.
template <class S, int N>
class Busy {
public:
    explicit Busy(int frames) : frames_(frames) {
        for (int i = 0; i < 2 * N; ++i) {
            rising_[i] = i < N ? I(-1) : I(0);
            falling_[i] = i < N ? I(0) : I(-1);
        }
    }
    Lanes<Word<S>, N> at(int s) const {
        const int gone = s - frames_ + 1; // links below have no more frames
        return Lanes<I, N>::load(rising_ + (s < N ? N - 1 - s : 0)) &
               Lanes<I, N>::load(falling_ + (gone > 0 ? N - gone : N));
    }

private:
    using I = Word<S>;
    int frames_;
    I rising_[2 * N], falling_[2 * N];
};

// Whether link k of a tile takes a frame in step s that is heard: frame s - k. A firing in which frames are heard is no
// longer than a tick.
template <class S, int N>
class Heard {
public:
    explicit Heard(const Firing<S>& firing) : any_(!firing.heard_frames.empty()), last_(firing.frames + N - 2) {
        for (const int frame : firing.heard_frames) {
            where_[last_ - frame] = I(-1);
        }
    }
    bool any() const { return any_; }
    Lanes<Word<S>, N> at(int s) const { return Lanes<I, N>::load(where_ + (last_ - s)); }

private:
    using I = Word<S>;
    bool any_;
    int last_; // step
    I where_[kTickFrames + 2 * N] = {};
};

// N links of a chain, one in each lane. In step s link k makes frame s - k of what the link before it made in the step
// before, so all links work at once; in the first and the last steps those that have no frame keep their state.
template <template <class, int> class Cell, int N, class S>
class Links {
public:
    Links(const Firing<S>& firing, int lane)
        : firing_(firing),
          lane_(lane),
          coefficients_(Cell<S, N>(firing, lane).coefficients()),
          state_(load<S, N, Cell<S, N>::rows>(firing, lane)) {
        if (firing.squares != nullptr) {
            squares_ = Lanes<S, N>::load(firing.squares + lane);
        }
    }

    // Steps 0 to frames + N - 2 are its own; in others nothing happens. `in` is frame s of what enters.
    void step(int s, S in, const Busy<S, N>& busy, const Heard<S, N>& heard) {
        const int frames = firing_.frames;
        if (s < 0 || s >= frames + N - 1) {
            return;
        }
        const Lanes<S, N> taken = shifted(made_, in);
        if (heard.any()) {
            const Lanes<S, N> counted = select(heard.at(s), taken, Lanes<S, N>(S(0)));
            squares_ = squares_ + counted * counted;
        }
        if (s >= N - 1 && s < frames) {
            made_ = Cell<S, N>::step(coefficients_, taken, state_);
            return;
        }
        const auto before = state_;
        made_ = Cell<S, N>::step(coefficients_, taken, state_);
        const auto where = busy.at(s);
        for (std::size_t row = 0; row < state_.size(); ++row) {
            state_[row] = select(where, state_[row], before[row]);
        }
    }

    S made(int link) const { return lane_of(made_, link); }
    void finish() const {
        store(firing_, lane_, state_);
        if (firing_.squares != nullptr) {
            squares_.store(firing_.squares + lane_);
        }
    }

private:
    const Firing<S>& firing_;
    const int lane_;
    decltype(std::declval<Cell<S, N>>().coefficients()) coefficients_;
    std::array<Lanes<S, N>, Cell<S, N>::rows> state_;
    Lanes<S, N> made_{S(0)};
    Lanes<S, N> squares_{S(0)};
};

// A group of tiles of links, each N steps behind the one before it: several side by side hide how long a frame takes on
// its way through a link. `from` and `to` are frames of one lane; what link `last` of the last tile makes is the
// output.
template <template <class, int> class Cell, int N, int... Tile, class S>
AMP_FLATTEN [[gnu::noinline]] void run_links(std::integer_sequence<int, Tile...>, const Firing<S>& firing, int lane,
                                             int last, const S* from, std::ptrdiff_t from_stride, S* to,
                                             std::ptrdiff_t to_stride) {
    constexpr int kTiles = sizeof...(Tile);
    const int frames = firing.frames;
    const Busy<S, N> busy(frames);
    const Heard<S, N> heard(firing);
    std::tuple tiles{Links<Cell, N, S>(firing, lane + N * Tile)...};
    const int behind = (kTiles - 1) * N + last;
    for (int s = 0; s < frames + behind; ++s) {
        const S enters = s < frames ? from[s * from_stride] : S(0);
        const std::array<S, sizeof...(Tile) + 1> in{enters, std::get<Tile>(tiles).made(N - 1)...};
        (std::get<Tile>(tiles).step(s - N * Tile, in[Tile], busy, heard), ...);
        if (s >= behind) {
            to[(s - behind) * to_stride] = std::get<kTiles - 1>(tiles).made(last);
        }
    }
    (std::get<Tile>(tiles).finish(), ...);
}

} // namespace recursion_detail

// All lanes side by side, each a filter of its own. [worker]
template <template <class, int> class Cell, class S>
inline void run_recursion(const Firing<S>& firing) {
    for_each_tile(firing, [&]<int N>(int lane) {
        Cell<S, N> cell(firing, lane);
        auto state = recursion_detail::load<S, N, Cell<S, N>::rows>(firing, lane);
        TileReader<S, N> in(firing.inputs[0], lane);
        TileWriter<S, N> out(firing.outputs[0], lane);
        if (cell.steady()) {
            const auto coefficients = cell.coefficients();
            for (int f = 0; f < firing.frames; ++f) {
                out.next(Cell<S, N>::step(coefficients, in.next(), state));
            }
        } else {
            for (int f = 0; f < firing.frames; ++f) {
                out.next(Cell<S, N>::step(cell.coefficients(), in.next(), state));
            }
        }
        recursion_detail::store(firing, lane, state);
    });
}

// A chain: each lane filters what the lane before it gives, lane 0 the input, and the last of `firing.shape.batch`
// lanes gives the output; both taps have one lane, and the rows of states and parameters whole tiles. All parameters
// are constant. The bits are those of filters that run one after the other. [worker]
template <template <class, int> class Cell, class S>
inline void run_chain(const Firing<S>& firing) {
    const S* from = firing.inputs[0].data;
    std::ptrdiff_t from_stride = firing.inputs[0].frame_stride;
    S* const to = firing.outputs[0].data;
    const std::ptrdiff_t to_stride = firing.outputs[0].frame_stride;
    const int links = firing.shape.batch;
    constexpr int kTile = kWidestTile;
    const auto run = [&]<int Tiles>(int lane) {
        const int left = links - lane - (Tiles - 1) * kTile;
        const int last = (left < kTile ? left : kTile) - 1;
        recursion_detail::run_links<Cell, kTile>(std::make_integer_sequence<int, Tiles>(), firing, lane, last, from,
                                                 from_stride, to, to_stride);
        // What these links gave is what the next ones take.
        from = to;
        from_stride = to_stride;
    };
    int lane = 0;
    for (; links - lane > 3 * kTile; lane += 4 * kTile) {
        run.template operator()<4>(lane);
    }
    for (; links - lane > 0; lane += kTile) {
        run.template operator()<1>(lane);
    }
}

} // namespace amp

// The way back through oscillators (node/oscillator.h). Beside `at`, the wave has
//
//     template <bool Crowded, class S, int N> static WaveSlopes<S, N> slopes(Lanes<Word<S>, N> phase, const Pace<S,
//     N>&,
//                                                                            const Form<S, N>&, Lanes<S, N>
//                                                                            turns_a_frame);
#pragma once

#include "node/backward.h"
#include "node/band_limit.h"
#include "node/oscillator.h"

#include <optional>

namespace amp {

// What a wave changes by: for a turn, for a turn a frame of its pace, and for what it has as its width.
template <class S, int N>
struct WaveSlopes {
    Lanes<S, N> by_turn{S(0)}, by_pace{S(0)}, by_width{S(0)};
};

// A phase as turns, from -1/2 to 1/2.
template <class I, int N>
inline auto turns_of_phase(Lanes<I, N> phase) {
    using S = std::conditional_t<sizeof(I) == 4, float, double>;
    return phase.to_floating() * Lanes<S, N>(sizeof(S) == 4 ? S(0x1p-32) : S(0x1p-64));
}

// The derivative of step_residual.
template <class S, int N>
inline Lanes<S, N> step_residual_slope(Lanes<S, N> distance) {
    using L = Lanes<S, N>;
    const L p = max(L(S(2)) - distance, L(S(0)));
    const L q = max(p - L(S(1)), L(S(0)));
    return q * (q * q * L(S(4.0 / 3)) - L(S(8 * kTrebleRestored))) -
           p * (p * p * L(S(1.0 / 3)) - L(S(2 * kTrebleRestored)));
}

// The least pace, in turns a frame, whose edges are smoothed over a part of a turn that counts: below it they are
// jumps, which have no slope.
inline constexpr double kLeastPace = 1e-9;

// 0 where the pace is less than the least.
template <class S, int N>
inline Lanes<S, N> where_edges_are_smooth(Lanes<S, N> slope, Lanes<S, N> turns_a_frame) {
    return select(turns_a_frame < Lanes<S, N>(S(kLeastPace)), Lanes<S, N>(S(0)), slope);
}

// What the residual of a smoothed step changes by, `from_edge` turns from the edge.
template <bool Crowded, class S, int N>
inline WaveSlopes<S, N> step_slopes(Lanes<S, N> from_edge, Lanes<S, N> turns_a_frame) {
    using L = Lanes<S, N>;
    const L pace = max(turns_a_frame, L(S(kLeastPace)));
    const L side = select(from_edge < L(S(0)), L(S(-1)), L(S(1)));
    const L distance = abs(from_edge) / pace;
    const L slope = step_residual_slope(distance);
    WaveSlopes<S, N> slopes;
    slopes.by_turn = slope / pace;
    slopes.by_pace = -(side * slope * distance) / pace;
    if constexpr (Crowded) {
        const L beyond = L(S(1)) / pace - distance;
        const L other = step_residual_slope(beyond);
        slopes.by_turn = slopes.by_turn + other / pace;
        slopes.by_pace = slopes.by_pace + side * other * beyond / pace;
    }
    slopes.by_turn = where_edges_are_smooth(slopes.by_turn, turns_a_frame);
    slopes.by_pace = where_edges_are_smooth(slopes.by_pace, turns_a_frame);
    return slopes;
}

// Where an oscillator has its parameters.
struct OscillatorParameters {
    std::size_t freq, phase;
    std::optional<std::size_t> width{};
};

namespace oscillator_detail {

template <class Wave, bool Crowded, class S, int N>
class OscillatorBack {
    using L = Lanes<S, N>;
    using I = Lanes<Word<S>, N>;
    static constexpr bool kFine = has_fine_phase<Wave>();

public:
    OscillatorBack(const BackwardFiring<S>& back, const OscillatorParameters& where, int lane)
        : back_(back), where_(where), lane_(lane), phase_(back.forward, lane) {}

    void forward(int f) {
        phase_.turns.store(back_.template kept<Word<S>>(f, 0, 1) + lane_);
        phase_.advance(PhaseStep<S, N, kFine>::of(frequency(f), back_.forward.sample_rate));
    }
    void turn() { by_phase_ = L::load(back_.state_gradient(0) + lane_); }
    void back(int f) {
        const double rate = back_.forward.sample_rate;
        const I phase = I::load(back_.template kept<Word<S>>(f, 0, 1) + lane_);
        const auto step = PhaseStep<S, N, kFine>::of(frequency(f), rate);
        const typename Wave::template Pace<S, N> pace(step.whole);
        const auto slopes = Wave::template slopes<Crowded>(phase, pace, form(f), turns_of_phase(step.whole));
        const L by_out = lanes_at<N>(back_.output_gradients[0], f, lane_);
        const L by_turn = by_out * slopes.by_turn;
        const L highest(S(0.49 * rate));
        const L by_frequency = (by_phase_ + by_out * slopes.by_pace) * L(S(1 / rate));
        held_gradient(by_frequency, frequency(f), -highest, highest)
            .store(back_.parameter_gradients[where_.freq].frame(f) + lane_);
        by_turn.store(back_.parameter_gradients[where_.phase].frame(f) + lane_);
        if (where_.width) {
            (by_out * slopes.by_width).store(back_.parameter_gradients[*where_.width].frame(f) + lane_);
        }
        by_phase_ = by_phase_ + by_turn;
    }
    void finish() { by_phase_.store(back_.state_gradient(0) + lane_); }

private:
    L frequency(int f) const { return lanes_at<N>(back_.forward.parameters[where_.freq], f, lane_); }
    auto form(int f) const {
        using Form = typename Wave::template Form<S, N>;
        const L turns = lanes_at<N>(back_.forward.parameters[where_.phase], f, lane_);
        if constexpr (std::is_constructible_v<Form, L, L>) {
            return Form(turns, lanes_at<N>(back_.forward.parameters[*where_.width], f, lane_));
        } else {
            return Form(turns);
        }
    }

    const BackwardFiring<S>& back_;
    const OscillatorParameters& where_;
    const int lane_;
    Phase<S, N, kFine> phase_;
    L by_phase_{};
};

} // namespace oscillator_detail

// Values a lane that oscillate_back notes for each frame.
inline constexpr int kOscillatorKeptRows = 1;

// The way back through `oscillate`. [worker]
template <class Wave, class S>
inline void oscillate_back(const BackwardFiring<S>& back, const OscillatorParameters& where) {
    bool crowded = false;
    for_each_tile(back.forward, [&]<int N>(int lane) {
        crowded =
            crowded || oscillator_detail::is_crowded<Wave, N>(back.forward, back.forward.parameters[where.freq], lane);
    });
    with_constants(
        [&](auto is_crowded) {
            for_each_tile_back(back, [&]<int N>(int lane) {
                return oscillator_detail::OscillatorBack<Wave, is_crowded, S, N>(back, where, lane);
            });
        },
        crowded);
}

// False if the sum of an oscillator's phase and its offset comes within `margin` turns of one of `places` in the
// firing, `places` being multiples of 1 / `parts` of a turn. [worker]
template <class Wave, class S>
inline bool keeps_from_parts_of_a_turn(const Firing<S>& firing, const OscillatorParameters& where, int parts,
                                       S margin) {
    bool keeps = true;
    for_each_tile(firing, [&]<int N>(int lane) {
        using L = Lanes<S, N>;
        oscillator_detail::Phase<S, N, oscillator_detail::has_fine_phase<Wave>()> phase(firing, lane);
        for (int f = 0; f < firing.frames; ++f) {
            const L turns = lanes_at<N>(firing.parameters[where.phase], f, lane);
            const auto at = (phase.turns + phase_of_turns(turns)) * Lanes<Word<S>, N>(Word<S>(parts));
            keeps = keeps && !any(abs(turns_of_phase(at)) < L(S(parts) * margin));
            phase.advance(oscillator_detail::PhaseStep<S, N, oscillator_detail::has_fine_phase<Wave>()>::of(
                lanes_at<N>(firing.parameters[where.freq], f, lane), firing.sample_rate));
        }
    });
    return keeps;
}

} // namespace amp

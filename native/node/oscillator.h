// The phase of an oscillator: an integer in which the whole range is one turn, so that it adds in one cycle, wraps by
// itself and never drifts.
#pragma once

#include "node/kernel.h"

namespace amp {

// Turns a frame for a frequency in hertz, as a phase increment. Beyond +-0.49 of the sample rate it is held there.
template <class S, int N>
inline Lanes<Word<S>, N> phase_increment(Lanes<S, N> frequency, double sample_rate) {
    const S turn = sizeof(S) == 4 ? S(4294967296.0) : S(18446744073709551616.0);
    const S highest = S(0.49 * sample_rate);
    const auto held = clamp(frequency, Lanes<S, N>(-highest), Lanes<S, N>(highest));
    return (held * Lanes<S, N>(S(double(turn) / sample_rate))).to_integers();
}

// A phase in turns, any real number, as an integer phase.
template <class S, int N>
inline Lanes<Word<S>, N> phase_of_turns(Lanes<S, N> turns) {
    const auto quarter_million = clamp(turns, Lanes<S, N>(S(-250000)), Lanes<S, N>(S(250000)));
    const auto fraction = quarter_million - quarter_million.to_integers().to_floating(); // in (-1, 1)
    const S half_turn = sizeof(S) == 4 ? S(2147483648.0) : S(9223372036854775808.0);
    // Half the turn, doubled: the product of a whole turn would not fit the integer.
    return (fraction * Lanes<S, N>(half_turn * S(0.999999))).to_integers() << 1;
}

// Runs an oscillator whose only state is its phase, in row 0. The output is wave(phase, increment, extra...), where
// `extra` are per-frame parameters. One lane runs along frames, more lanes run side by side.
template <class S, class Wave, class... Extra>
inline void oscillate(const Firing<S>& firing, const Block<S>& out, const Block<const S>& frequency, Wave&& wave,
                      const Extra&... extra) {
    using I = Word<S>;
    I* const phases = firing.template state<I>(0);
    const double rate = firing.sample_rate;

    if (firing.lanes == 1 && out.frame_stride == 1) {
        constexpr int kAlong = 16;
        const auto load = [](const Block<const S>& block, int f) {
            if (block.constant()) {
                return Lanes<S, kAlong>(*block.data);
            }
            if (block.frame_stride == 1) {
                return Lanes<S, kAlong>::load(block.data + f);
            }
            S gathered[kAlong];
            for (int i = 0; i < kAlong; ++i) {
                gathered[i] = *block.frame(f + i);
            }
            return Lanes<S, kAlong>::load(gathered);
        };
        I phase = phases[0];
        int f = 0;
        for (; f + kAlong <= firing.frames; f += kAlong) {
            const auto increments = phase_increment(load(frequency, f), rate);
            I step[kAlong];
            increments.store(step);
            I at[kAlong];
            for (int i = 0; i < kAlong; ++i) {
                at[i] = phase;
                phase += step[i];
            }
            wave(Lanes<I, kAlong>::load(at), increments, load(extra, f)...).store(out.data + f);
        }
        for (; f < firing.frames; ++f) {
            const auto increment = phase_increment(Lanes<S, 1>(*frequency.frame(f)), rate);
            wave(Lanes<I, 1>(phase), increment, Lanes<S, 1>(*extra.frame(f))...).store(out.data + f);
            phase += increment.value;
        }
        phases[0] = phase;
        return;
    }

    for_each_tile(firing, [&]<int N>(int lane) {
        auto phase = Lanes<I, N>::load(phases + lane);
        S* to = out.data + lane;
        if (frequency.constant() && (extra.constant() && ...)) {
            const auto run = [&](const auto increment, const auto... settled_extra) {
                for (int f = 0; f < firing.frames; ++f, to += out.frame_stride) {
                    wave(phase, increment, settled_extra...).store(to);
                    phase = phase + increment;
                }
            };
            run(phase_increment(Lanes<S, N>::load(frequency.data + lane), rate), Lanes<S, N>::load(extra.data + lane)...);
        } else {
            for (int f = 0; f < firing.frames; ++f, to += out.frame_stride) {
                const auto increment = phase_increment(Lanes<S, N>::load(frequency.frame(f) + lane), rate);
                wave(phase, increment, Lanes<S, N>::load(extra.frame(f) + lane)...).store(to);
                phase = phase + increment;
            }
        }
        phase.store(phases + lane);
    });
}

} // namespace amp

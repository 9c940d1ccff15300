// Oscillators: an integer phase in which the whole range is one turn, so that it adds in one cycle, wraps by itself and
// never drifts, and the walk over frames and lanes that all of them share.
//
// The wave is a struct of static members:
//
//     struct SawWave {
//         template <class S, int N> struct Pace { explicit Pace(Lanes<Word<S>, N> increment); }; // from the frequency
//         template <class S, int N> struct Form { explicit Form(Lanes<S, N> extra, ...); };      // from the extra
//         parameters template <bool Crowded, class S, int N> static Lanes<S, N> at(Lanes<Word<S>, N> phase, const
//         Pace<S, N>&, const Form<S, N>&); static constexpr double crowded_from = 0.25; // optional: turns a frame from
//         which Crowded is true; else never static constexpr bool fine_phase = true;     // optional: the phase has
//         twice as many bits, in rows 0 and 1
//     };
//
// Pace and Form are made once where their parameters are constant. Crowded may only add terms that are 0 at slower
// paces.
#pragma once

#include "node/kernel.h"

#include <array>
#include <limits>
#include <type_traits>

namespace amp {

// Turns a frame for a frequency in hertz, as a phase increment. Beyond +-0.49 of the sample rate it is held there.
template <class S, int N>
inline Lanes<S, N> exact_phase_increment(Lanes<S, N> frequency, double sample_rate) {
    const S turn = sizeof(S) == 4 ? S(4294967296.0) : S(18446744073709551616.0);
    const S highest = S(0.49 * sample_rate);
    const auto held = clamp(frequency, Lanes<S, N>(-highest), Lanes<S, N>(highest));
    return held * Lanes<S, N>(S(double(turn) / sample_rate));
}

// A phase in turns, any real number, as an integer phase.
template <class S, int N>
inline Lanes<Word<S>, N> phase_of_turns(Lanes<S, N> turns) {
    const auto quarter_million = clamp(turns, Lanes<S, N>(S(-250000)), Lanes<S, N>(S(250000)));
    const auto fraction = quarter_million - quarter_million.to_integers().to_floating(); // in (-1, 1)
    const S half_turn = sizeof(S) == 4 ? S(2147483648.0) : S(9223372036854775808.0);
    // Half the turn, doubled: the product of a whole turn would not fit the integer.
    return (fraction * Lanes<S, N>(half_turn)).to_integers() << 1;
}

// |a|
template <class S, int N>
inline Lanes<S, N> magnitude(Lanes<S, N> a) {
    return (a.bits() & Lanes<Word<S>, N>(std::numeric_limits<Word<S>>::max())).from_bits();
}

// a where the phase is 0 or more, -a where it is negative.
template <class S, int N>
inline Lanes<S, N> with_sign_of(Lanes<S, N> a, Lanes<Word<S>, N> phase) {
    return (a.bits() ^ (phase & Lanes<Word<S>, N>(std::numeric_limits<Word<S>>::min()))).from_bits();
}

// Frames a turn, for frames a unit of the phase.
template <class S, int N>
inline Lanes<S, N> frames_a_turn(Lanes<S, N> frames_a_unit) {
    return frames_a_unit * Lanes<S, N>(sizeof(S) == 4 ? S(4294967296.0) : S(18446744073709551616.0));
}

namespace oscillator_detail {

template <class Wave>
constexpr bool has_fine_phase() {
    if constexpr (requires { Wave::fine_phase; }) {
        return Wave::fine_phase;
    }
    return false;
}

template <class Wave>
constexpr double crowded_from() {
    if constexpr (requires { Wave::crowded_from; }) {
        return Wave::crowded_from;
    }
    return 1;
}

// What one frame adds to the phase. `rest` is what the integer leaves out, in fractions of 2^31 (2^63).
template <class S, int N, bool Fine>
struct PhaseStep {
    using I = Word<S>;
    Lanes<I, N> whole, rest;

    static PhaseStep of(Lanes<S, N> frequency, double sample_rate) {
        const auto exact = exact_phase_increment(frequency, sample_rate);
        PhaseStep step{exact.to_integers(), Lanes<I, N>(I(0))};
        if constexpr (Fine) {
            const S one = sizeof(S) == 4 ? S(2147483648.0) : S(9223372036854775808.0);
            step.rest = ((exact - step.whole.to_floating()) * Lanes<S, N>(one)).to_integers();
        }
        return step;
    }
};

template <class S, int N, bool Fine>
struct Phase {
    using I = Word<S>;
    Lanes<I, N> turns, rest{};

    Phase(const Firing<S>& firing, int lane) : turns(Lanes<I, N>::load(firing.template state<I>(0) + lane)) {
        if constexpr (Fine) {
            rest = Lanes<I, N>::load(firing.template state<I>(1) + lane);
        }
    }
    void advance(const PhaseStep<S, N, Fine>& step) {
        turns = turns + step.whole;
        if constexpr (Fine) {
            const auto sum = rest + step.rest;
            turns = turns - (sum >> (int(sizeof(I)) * 8 - 1)); // the carry is -1
            rest = sum & Lanes<I, N>(std::numeric_limits<I>::max());
        }
    }
    void store(const Firing<S>& firing, int lane) const {
        turns.store(firing.template state<I>(0) + lane);
        if constexpr (Fine) {
            rest.store(firing.template state<I>(1) + lane);
        }
    }
};

// Whether a frequency of this tile is ever high enough for Wave to be crowded.
template <class Wave, int N, class S>
inline bool is_crowded(const Firing<S>& firing, const Block<const S>& frequency, int lane) {
    if constexpr (crowded_from<Wave>() >= 0.5) {
        return false;
    } else {
        auto highest = Lanes<S, N>::load(frequency.data + lane);
        for (int f = 1; f < (frequency.constant() ? 1 : firing.frames); ++f) {
            highest = max(Lanes<S, N>::load(frequency.frame(f) + lane), highest);
        }
        return any(highest > Lanes<S, N>(S(crowded_from<Wave>() * firing.sample_rate)));
    }
}

// One lane: 16 frames side by side.
template <class Wave, class S, class... Extra>
[[gnu::flatten]] void oscillate_along(const Firing<S>& firing, const Block<S>& out, const Block<const S>& frequency,
                            const Extra&... extra) {
    constexpr int kAlong = 16;
    constexpr bool kFine = has_fine_phase<Wave>();
    using I = Word<S>;
    const auto load = [](const Block<const S>& block, int f) {
        if (block.constant()) {
            return Lanes<S, kAlong>(*block.data);
        }
        if (block.frame_stride == 1) {
            return Lanes<S, kAlong>::load(block.data + f);
        }
        std::array<S, kAlong> gathered;
        for (int i = 0; i < kAlong; ++i) {
            gathered[i] = *block.frame(f + i);
        }
        return Lanes<S, kAlong>::load(gathered.data());
    };
    Phase<S, 1, kFine> phase(firing, 0);
    const auto run = [&](auto crowded) {
        int f = 0;
        for (; f + kAlong <= firing.frames; f += kAlong) {
            const auto step = PhaseStep<S, kAlong, kFine>::of(load(frequency, f), firing.sample_rate);
            std::array<I, kAlong> whole, rest, at;
            step.whole.store(whole.data());
            step.rest.store(rest.data());
            for (int i = 0; i < kAlong; ++i) {
                at[i] = phase.turns.value;
                phase.advance({Lanes<I, 1>(whole[i]), Lanes<I, 1>(rest[i])});
            }
            const typename Wave::template Pace<S, kAlong> pace(step.whole);
            const typename Wave::template Form<S, kAlong> form(load(extra, f)...);
            Wave::template at<crowded>(Lanes<I, kAlong>::load(at.data()), pace, form).store(out.data + f);
        }
        for (; f < firing.frames; ++f) {
            const auto step = PhaseStep<S, 1, kFine>::of(Lanes<S, 1>(*frequency.frame(f)), firing.sample_rate);
            const typename Wave::template Pace<S, 1> pace(step.whole);
            const typename Wave::template Form<S, 1> form(Lanes<S, 1>(*extra.frame(f))...);
            Wave::template at<crowded>(phase.turns, pace, form).store(out.data + f);
            phase.advance(step);
        }
    };
    is_crowded<Wave, 1>(firing, frequency, 0) ? run(std::true_type{}) : run(std::false_type{});
    phase.store(firing, 0);
}

template <class Wave, int N, class S, class... Extra>
inline void oscillate_tile(const Firing<S>& firing, const Block<S>& out, int lane, const Block<const S>& frequency,
                           const Extra&... extra) {
    constexpr bool kFine = has_fine_phase<Wave>();
    Phase<S, N, kFine> phase(firing, lane);
    const auto run = [&](auto crowded, auto steady, auto settled) {
        const auto step_at = [&](int f) {
            return PhaseStep<S, N, kFine>::of(Lanes<S, N>::load(frequency.frame(f) + lane), firing.sample_rate);
        };
        const auto form_at = [&](int f) {
            return typename Wave::template Form<S, N>(Lanes<S, N>::load(extra.frame(f) + lane)...);
        };
        auto step = step_at(0);
        typename Wave::template Pace<S, N> pace(step.whole);
        auto form = form_at(0);
        S* to = out.data + lane;
        for (int f = 0; f < firing.frames; ++f, to += out.frame_stride) {
            if constexpr (!steady) {
                step = step_at(f);
                pace = typename Wave::template Pace<S, N>(step.whole);
            }
            if constexpr (!settled) {
                form = form_at(f);
            }
            Wave::template at<crowded>(phase.turns, pace, form).store(to);
            phase.advance(step);
        }
    };
    with_constants(run, is_crowded<Wave, N>(firing, frequency, lane), frequency.constant(), (extra.constant() && ...));
    phase.store(firing, lane);
}

} // namespace oscillator_detail

// Runs an oscillator: out is Wave of the phase, which the frequency in hertz moves on. `extra` are the parameters of
// its form. [worker]
template <class Wave, class S, class... Extra>
inline void oscillate(const Firing<S>& firing, const Block<S>& out, const Block<const S>& frequency,
                      const Extra&... extra) {
    if (firing.lanes == 1 && out.frame_stride == 1) {
        oscillator_detail::oscillate_along<Wave>(firing, out, frequency, extra...);
        return;
    }
    for_each_tile(firing, [&]<int N>(int lane) {
        oscillator_detail::oscillate_tile<Wave, N>(firing, out, lane, frequency, extra...);
    });
}

} // namespace amp

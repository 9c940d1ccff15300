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
#include <numeric>
#include <type_traits>

namespace amp {

// The parameters that audible oscillators share, and the phase that every oscillator has.
inline constexpr ParameterDeclaration kOscillatorFrequency{.name = "freq",
                                                           .purpose = "Frequency.",
                                                           .unit = Unit::hertz,
                                                           .minimum = 0,
                                                           .maximum = 22000,
                                                           .default_value = 440,
                                                           .curve = Curve::exponential};
inline constexpr ParameterDeclaration kOscillatorPhase{
    .name = "phase", .purpose = "Added to the phase.", .unit = Unit::turns, .minimum = -16, .maximum = 16};

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
    Lanes<I, N> turns{}, rest{};

    Phase() = default;
    Phase(Lanes<I, N> t, Lanes<I, N> r) : turns(t), rest(r) {}
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

// Frames that one lane takes side by side.
inline constexpr int kAlong = 16;

template <class S>
inline Lanes<S, kAlong> load_along(const Block<const S>& block, int first) {
    if (block.frame_stride == 1) {
        return Lanes<S, kAlong>::load(block.data + first);
    }
    if (block.constant()) {
        return Lanes<S, kAlong>(*block.data);
    }
    std::array<S, kAlong> gathered;
    for (int i = 0; i < kAlong; ++i) {
        gathered[i] = *block.frame(first + i);
    }
    return Lanes<S, kAlong>::load(gathered.data());
}

// The phases of 16 frames, and the phase moved on behind them.
template <class S, bool Fine>
inline Lanes<Word<S>, kAlong> phases_along(Phase<S, 1, Fine>& phase, const PhaseStep<S, kAlong, Fine>& step) {
    std::array<Word<S>, kAlong> whole, rest, at;
    step.whole.store(whole.data());
    step.rest.store(rest.data());
    for (int i = 0; i < kAlong; ++i) {
        at[i] = phase.turns.value;
        phase.advance({whole[i], rest[i]});
    }
    return Lanes<Word<S>, kAlong>::load(at.data());
}

// The same for steps that are all equal: what 0 to 15 of them add is the same for all groups of frames.
template <class S, bool Fine>
struct Ramp {
    using I = Word<S>;
    PhaseStep<S, kAlong, Fine> ahead;
    PhaseStep<S, 1, Fine> all;

    explicit Ramp(const PhaseStep<S, 1, Fine>& step) {
        if constexpr (!Fine) {
            // Integers: so many times the step is as many added up.
            ahead = {counted() * Lanes<I, kAlong>(step.whole.value), Lanes<I, kAlong>(I(0))};
            all = {Lanes<I, 1>(step.whole.value * I(kAlong)), Lanes<I, 1>(I(0))};
            return;
        }
        Phase<S, 1, Fine> phase{};
        std::array<I, kAlong> whole, rest;
        for (int i = 0; i < kAlong; ++i) {
            whole[i] = phase.turns.value;
            rest[i] = phase.rest.value;
            phase.advance(step);
        }
        ahead = {Lanes<I, kAlong>::load(whole.data()), Lanes<I, kAlong>::load(rest.data())};
        all = {phase.turns, phase.rest};
    }

    // 0, 1, 2, ...
    static Lanes<I, kAlong> counted() {
        std::array<I, kAlong> numbers{};
        std::iota(numbers.begin(), numbers.end(), I(0));
        return Lanes<I, kAlong>::load(numbers.data());
    }

    Lanes<I, kAlong> phases(Phase<S, 1, Fine>& phase) const {
        Phase<S, kAlong, Fine> at{phase.turns.value, phase.rest.value};
        at.advance(ahead);
        phase.advance(all);
        return at.turns;
    }
};

// One lane.
template <class Wave, class S, class... Extra>
AMP_FLATTEN void oscillate_along(const Firing<S>& firing, const Block<S>& out, const Block<const S>& frequency,
                                 const Extra&... extra) {
    constexpr bool kFine = has_fine_phase<Wave>();
    const double rate = firing.sample_rate;
    const int frames = firing.frames;
    const bool steady = frequency.constant();
    const bool settled = (extra.constant() && ...);
    const auto step_at = [&, rate](int f) { return PhaseStep<S, 1, kFine>::of(*frequency.frame(f), rate); };
    const auto steps_along = [&, rate](int f) {
        return PhaseStep<S, kAlong, kFine>::of(load_along(frequency, f), rate);
    };
    const auto form_along = [&](int f) { return typename Wave::template Form<S, kAlong>(load_along(extra, f)...); };
    Phase<S, 1, kFine> phase(firing, 0);
    const auto run = [&](auto crowded) {
        using Pace = typename Wave::template Pace<S, kAlong>;
        int f = 0;
        if (frames >= kAlong) {
            auto step = steps_along(0);
            Pace pace(step.whole);
            auto form = form_along(0);
            const Ramp<S, kFine> ramp(step_at(0));
            for (; f + kAlong <= frames; f += kAlong) {
                if (!steady) {
                    step = steps_along(f);
                    pace = Pace(step.whole);
                }
                if (!settled) {
                    form = form_along(f);
                }
                const auto phases = steady ? ramp.phases(phase) : phases_along(phase, step);
                Wave::template at<crowded>(phases, pace, form).store(out.data + f);
            }
        }
        for (; f < frames; ++f) {
            const auto step = step_at(f);
            const typename Wave::template Pace<S, 1> pace(step.whole);
            const typename Wave::template Form<S, 1> form(*extra.frame(f)...);
            Wave::template at<crowded>(phase.turns, pace, form).store(out.data + f);
            phase.advance(step);
        }
    };
    with_constants(run, is_crowded<Wave, 1>(firing, frequency, 0));
    phase.store(firing, 0);
}

template <class Wave, int N, class S, class... Extra>
inline void oscillate_tile(const Firing<S>& firing, const Block<S>& out, int lane, const Block<const S>& frequency,
                           const Extra&... extra) {
    constexpr bool kFine = has_fine_phase<Wave>();
    using Step = PhaseStep<S, N, kFine>;
    using Pace = typename Wave::template Pace<S, N>;
    using Form = typename Wave::template Form<S, N>;
    const double rate = firing.sample_rate;
    const int frames = firing.frames;
    Phase<S, N, kFine> phase(firing, lane);
    // Blocks are taken by value: what is stored to the output could change them for all that the compiler knows.
    const auto run = [&phase, rate, frames](auto crowded, auto steady, auto settled, TileWriter<S, N> to,
                                            TileReader<S, N> pitch, auto... shape) {
        auto step = Step::of(pitch.next(), rate);
        Pace pace(step.whole);
        Form form(shape.next()...);
        for (int f = 0;;) {
            to.next(Wave::template at<crowded>(phase.turns, pace, form));
            phase.advance(step);
            if (++f >= frames) {
                break;
            }
            if constexpr (!steady) {
                step = Step::of(pitch.next(), rate);
                pace = Pace(step.whole);
            }
            if constexpr (!settled) {
                form = Form(shape.next()...);
            }
        }
    };
    with_constants(
        [&](auto crowded, auto steady, auto settled) {
            run(crowded, steady, settled, TileWriter<S, N>(out, lane), TileReader<S, N>(frequency, lane),
                TileReader<S, N>(extra, lane)...);
        },
        is_crowded<Wave, N>(firing, frequency, lane), frequency.constant(), (extra.constant() && ...));
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

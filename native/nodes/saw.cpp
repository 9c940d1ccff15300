// saw: a band-limited rising sawtooth.
#include "node/band_limit.h"
#include "node/oscillator_backward.h"

namespace amp::nodes {

struct SawWave {
    static constexpr double crowded_from = kLonelyEdgeTurns;

    template <class S, int N>
    struct Pace {
        Lanes<S, N> frames_a_unit; // of the phase
        explicit Pace(Lanes<Word<S>, N> increment)
            : frames_a_unit(Lanes<S, N>(S(1)) / max(increment.to_floating(), Lanes<S, N>(S(1)))) {}
    };
    template <class S, int N>
    struct Form {
        Lanes<Word<S>, N> offset; // makes 0 the phase of the edge, half a turn after the wave's own start
        explicit Form(Lanes<S, N> turns)
            : offset(phase_of_turns(turns) ^ Lanes<Word<S>, N>(std::numeric_limits<Word<S>>::min())) {}
    };
    template <bool Crowded, class S, int N>
    static Lanes<S, N> at(Lanes<Word<S>, N> phase, const Pace<S, N>& pace, const Form<S, N>& form) {
        using L = Lanes<S, N>;
        const auto from_edge = phase + form.offset;
        const L units = from_edge.to_floating();
        const L distance = magnitude(units * pace.frames_a_unit);
        L residual = step_residual(distance);
        if constexpr (Crowded) {
            residual = residual - step_residual(frames_a_turn(pace.frames_a_unit) - distance);
        }
        // Before the edge the naive wave is 1 + 2 t, after it -1 + 2 t, with t the turns from the edge.
        return units * L(kHalfTurn<S>) + with_sign_of(residual - L(S(1)), from_edge);
    }

    template <bool Crowded, class S, int N>
    static WaveSlopes<S, N> slopes(Lanes<Word<S>, N> phase, const Pace<S, N>&, const Form<S, N>& form,
                                   Lanes<S, N> turns_a_frame) {
        auto slopes = step_slopes<Crowded>(turns_of_phase(phase + form.offset), turns_a_frame);
        slopes.by_turn = slopes.by_turn + Lanes<S, N>(S(2));
        return slopes;
    }

private:
    template <class S>
    static constexpr S kHalfTurn = sizeof(S) == 4 ? S(0x1p-31) : S(0x1p-63);
};

struct Saw {
    static constexpr Declaration declaration{
        .purpose = "A band-limited sawtooth that rises through 0 at phase 0 and falls half a turn later.",
        .source =
            "Naive wave of the integer phase, its step smoothed by a compensated cubic B-spline over two frames to "
            "either side (native/node/band_limit.h); -0.5 dB at 10 kHz for a rate of 48 kHz.",
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The sawtooth, -1 to 1."}},
        .parameters = {kOscillatorFrequency, kOscillatorPhase},
    };
    enum : int { freq, phase };
    static constexpr int state_rows = 1;
    static constexpr bool always_finite = true;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        oscillate<SawWave>(firing, firing.outputs[0], firing.parameters[freq], firing.parameters[phase]);
    }

    static constexpr int kept_rows = kOscillatorKeptRows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        oscillate_back<SawWave>(back, {freq, phase});
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Saw)

// triangle: a band-limited triangle wave.
#include "node/band_limit.h"
#include "node/oscillator_backward.h"

namespace amp::nodes {

struct TriangleWave {
    static constexpr double crowded_from = kLonelyEdgeTurns / 2; // two corners a turn

    template <class S, int N>
    struct Pace {
        Lanes<S, N> frames_a_unit; // of the phase
        Lanes<S, N> corner;        // change of slope a frame: 8 increments in turns
        explicit Pace(Lanes<Word<S>, N> increment) {
            const auto units = increment.to_floating();
            frames_a_unit = Lanes<S, N>(S(1)) / max(units, Lanes<S, N>(S(1)));
            corner = units * Lanes<S, N>(sizeof(S) == 4 ? S(0x1p-29) : S(0x1p-61));
        }
    };
    template <class S, int N>
    struct Form {
        Lanes<Word<S>, N> offset;
        explicit Form(Lanes<S, N> turns) : offset(phase_of_turns(turns)) {}
    };
    template <bool Crowded, class S, int N>
    static Lanes<S, N> at(Lanes<Word<S>, N> phase, const Pace<S, N>& pace, const Form<S, N>& form) {
        using L = Lanes<S, N>;
        constexpr int kTop = int(sizeof(S)) * 8 - 1;
        const auto turned = phase + form.offset;
        // The corners stand a quarter turn to either side of 0.
        const auto from_zero = turned ^ (turned >> kTop);
        const auto quarter = Lanes<Word<S>, N>(Word<S>(1) << (kTop - 1));
        const L units = magnitude((quarter - from_zero).to_floating());
        const L distance = units * pace.frames_a_unit;
        L residual = corner_residual(distance);
        if constexpr (Crowded) {
            // The corners beyond, which turn the other way, and the next after them.
            const L turn = frames_a_turn(pace.frames_a_unit);
            const L half = turn * L(S(0.5));
            residual = (residual - corner_residual(half - distance)) -
                       (corner_residual(half + distance) - corner_residual(turn - distance));
        }
        const L quarter_turn = L(sizeof(S) == 4 ? S(0x1p-30) : S(0x1p-62));
        return with_sign_of(L(S(1)) - units * quarter_turn - pace.corner * residual, turned);
    }
    template <bool Crowded, class S, int N>
    static WaveSlopes<S, N> slopes(Lanes<Word<S>, N> phase, const Pace<S, N>&, const Form<S, N>& form,
                                   Lanes<S, N> turns_a_frame) {
        using L = Lanes<S, N>;
        const L one(S(1)), half(S(0.5)), eight(S(8));
        const L turns = turns_of_phase(phase + form.offset);
        const L side = select(turns < L(S(0)), -one, one);
        const L before_corner = L(S(0.25)) - abs(turns);
        const L corner_side = select(before_corner < L(S(0)), -one, one);
        const L pace = max(turns_a_frame, L(S(kLeastPace)));
        const L distance = abs(before_corner) / pace;
        // The residual of a corner falls by half that of a step; a corner counts 8 turns a frame.
        L falls = half * step_residual(distance);
        L residual = corner_residual(distance);
        L by_pace = distance * falls;
        if constexpr (Crowded) {
            const L turn = one / pace;
            const auto other = [&](L at, L sign) {
                const L slope = half * step_residual(at);
                residual = residual + sign * corner_residual(at);
                by_pace = by_pace + sign * at * slope;
                return slope;
            };
            falls = falls + other(half * turn - distance, -one);
            falls = falls - other(half * turn + distance, -one);
            falls = falls - other(turn - distance, one);
        }
        return {corner_side * (L(S(4)) - eight * falls),
                where_edges_are_smooth(-(side * eight * (residual + by_pace)), turns_a_frame)};
    }
};

struct Triangle {
    static constexpr Declaration declaration{
        .purpose = "A band-limited triangle wave that rises through 0 at phase 0.",
        .source =
            "Naive wave of the integer phase, its corners smoothed by a compensated cubic B-spline over two frames to "
            "either side (native/node/band_limit.h); -0.5 dB at 10 kHz for a rate of 48 kHz.",
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The triangle, -1 to 1."}},
        .parameters = {kOscillatorFrequency, kOscillatorPhase},
    };
    enum : int { freq, phase };
    static constexpr int state_rows = 1;
    static constexpr bool always_finite = true;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        oscillate<TriangleWave>(firing, firing.outputs[0], firing.parameters[freq], firing.parameters[phase]);
    }

    static constexpr int kept_rows = kOscillatorKeptRows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        oscillate_back<TriangleWave>(back, {freq, phase});
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Triangle)

// square: a band-limited pulse wave of variable width.
#include "node/band_limit.h"
#include "node/oscillator_backward.h"

namespace amp::nodes {

struct SquareWave {
    static constexpr double crowded_from = kLonelyEdgeTurns;

    template <class S, int N>
    struct Pace {
        Lanes<S, N> frames_a_unit; // of the phase
        explicit Pace(Lanes<Word<S>, N> increment)
            : frames_a_unit(Lanes<S, N>(S(1)) / max(increment.to_floating(), Lanes<S, N>(S(1)))) {}
    };
    template <class S, int N>
    struct Form {
        Lanes<Word<S>, N> offset, width;
        Form(Lanes<S, N> turns, Lanes<S, N> w) : offset(phase_of_turns(turns)), width(phase_of_turns(w)) {}
    };
    template <bool Crowded, class S, int N>
    static Lanes<S, N> at(Lanes<Word<S>, N> phase, const Pace<S, N>& pace, const Form<S, N>& form) {
        using L = Lanes<S, N>;
        using I = Lanes<Word<S>, N>;
        const I sign = I(std::numeric_limits<Word<S>>::min());
        const I from_rise = phase + form.offset;
        const I from_fall = from_rise - form.width;
        // Turning the sign bit makes a signed comparison of the unsigned phases.
        const L naive = select((from_rise ^ sign) < (form.width ^ sign), L(S(1)), L(S(-1)));
        return naive + (with_sign_of(residual<Crowded>(from_fall, pace), from_fall) -
                        with_sign_of(residual<Crowded>(from_rise, pace), from_rise));
    }
    template <bool Crowded, class S, int N>
    static WaveSlopes<S, N> slopes(Lanes<Word<S>, N> phase, const Pace<S, N>&, const Form<S, N>& form,
                                   Lanes<S, N> turns_a_frame) {
        const auto from_rise = phase + form.offset;
        const auto rise = step_slopes<Crowded>(turns_of_phase(from_rise), turns_a_frame);
        const auto fall = step_slopes<Crowded>(turns_of_phase(from_rise - form.width), turns_a_frame);
        return {fall.by_turn - rise.by_turn, fall.by_pace - rise.by_pace, -fall.by_turn};
    }

private:
    template <bool Crowded, class S, int N>
    static Lanes<S, N> residual(Lanes<Word<S>, N> from_edge, const Pace<S, N>& pace) {
        const auto distance = magnitude(from_edge.to_floating() * pace.frames_a_unit);
        const auto nearest = step_residual(distance);
        if constexpr (Crowded) {
            return nearest - step_residual(frames_a_turn(pace.frames_a_unit) - distance);
        } else {
            return nearest;
        }
    }
};

struct Square {
    static constexpr Declaration declaration{
        .purpose =
            "A band-limited square or pulse wave: 1 from phase 0 for its width, else -1 (so its mean is 2 width - 1).",
        .source =
            "Naive wave of the integer phase, its steps smoothed by a compensated cubic B-spline over two frames to "
            "either side (native/node/band_limit.h); -0.5 dB at 10 kHz for a rate of 48 kHz.",
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The pulse wave, -1 to 1."}},
        .parameters = {kOscillatorFrequency,
                       ParameterDeclaration{.name = "width",
                                            .purpose = "Share of the turn that is high.",
                                            .unit = Unit::ratio,
                                            .minimum = 0.01,
                                            .maximum = 0.99,
                                            .default_value = 0.5},
                       kOscillatorPhase},
    };
    enum : int { freq, width, phase };
    static constexpr int state_rows = 1;
    static constexpr bool always_finite = true;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        oscillate<SquareWave>(firing, firing.outputs[0], firing.parameters[freq], firing.parameters[phase],
                              firing.parameters[width]);
    }

    static constexpr int kept_rows = kOscillatorKeptRows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        oscillate_back<SquareWave>(back, {freq, phase, width});
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Square)

// lfo: a slow oscillator for modulation.
#include "base/approximation.h"
#include "node/oscillator_backward.h"

#include <numbers>

namespace amp::nodes {

enum class LfoShape { sine, triangle, square, saw };

// The plain waves: at these rates their aliases lie far below hearing, and a fine phase keeps rates of hours exact.
template <LfoShape Shape>
struct LfoWave {
    static constexpr bool fine_phase = true;

    template <class S, int N>
    struct Pace {
        explicit Pace(Lanes<Word<S>, N>) {}
    };
    template <class S, int N>
    struct Form {
        Lanes<Word<S>, N> offset;
        explicit Form(Lanes<S, N> turns) : offset(phase_of_turns(turns)) {}
    };
    template <bool Crowded, class S, int N>
    static Lanes<S, N> at(Lanes<Word<S>, N> phase, const Pace<S, N>&, const Form<S, N>& form) {
        using L = Lanes<S, N>;
        constexpr int kTop = int(sizeof(S)) * 8 - 1;
        const auto turned = phase + form.offset;
        if constexpr (Shape == LfoShape::sine) {
            return sine_of_phase(turned);
        } else if constexpr (Shape == LfoShape::triangle) {
            const auto from_zero = turned ^ (turned >> kTop);
            const auto quarter = Lanes<Word<S>, N>(Word<S>(1) << (kTop - 1));
            const L from_corner = magnitude((quarter - from_zero).to_floating());
            return with_sign_of(L(S(1)) - from_corner * L(sizeof(S) == 4 ? S(0x1p-30) : S(0x1p-62)), turned);
        } else if constexpr (Shape == LfoShape::square) {
            return with_sign_of(L(S(1)), turned);
        } else {
            return turned.to_floating() * L(sizeof(S) == 4 ? S(0x1p-31) : S(0x1p-63));
        }
    }
    template <bool Crowded, class S, int N>
    static WaveSlopes<S, N> slopes(Lanes<Word<S>, N> phase, const Pace<S, N>&, const Form<S, N>& form, Lanes<S, N>) {
        using L = Lanes<S, N>;
        const auto turned = phase + form.offset;
        if constexpr (Shape == LfoShape::sine) {
            const auto quarter = Lanes<Word<S>, N>(Word<S>(1) << (int(sizeof(S)) * 8 - 2));
            return {sine_of_phase(turned + quarter) * L(S(2 * std::numbers::pi))};
        } else if constexpr (Shape == LfoShape::triangle) {
            return {select(abs(turns_of_phase(turned)) < L(S(0.25)), L(S(4)), L(S(-4)))};
        } else if constexpr (Shape == LfoShape::square) {
            return {};
        } else {
            return {L(S(2))};
        }
    }
};

struct Lfo {
    static constexpr Declaration declaration{
        .purpose = "A slow oscillator for modulation; every shape starts where the sine does, square at 1 and saw "
                   "rising from 0.",
        .source = "Plain waves of an integer phase of twice the width; not band-limited.",
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The wave, -1 to 1."}},
        .parameters = {ParameterDeclaration{.name = "freq",
                                            .purpose = "Frequency.",
                                            .unit = Unit::hertz,
                                            .minimum = 0,
                                            .maximum = 1000,
                                            .default_value = 1,
                                            .curve = Curve::exponential},
                       kOscillatorPhase},
        .options = {OptionDeclaration{
            .name = "shape", .purpose = "The wave.", .choices = {"sine", "triangle", "square", "saw"}}},
    };
    enum : int { freq, phase };
    enum : int { shape };
    static constexpr int state_rows = 2;
    static constexpr bool always_finite = true;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        with_shape(firing, [&]<LfoShape Shape>() {
            oscillate<LfoWave<Shape>>(firing, firing.outputs[0], firing.parameters[freq], firing.parameters[phase]);
        });
    }

    static constexpr int kept_rows = kOscillatorKeptRows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        with_shape(back.forward, [&]<LfoShape Shape>() { oscillate_back<LfoWave<Shape>>(back, {freq, phase}); });
    }

    // The triangle has corners, the square and the saw jump.
    template <class S>
    static bool is_smooth(const Firing<S>& firing, S margin) {
        constexpr OscillatorParameters kWhere{freq, phase};
        switch (static_cast<LfoShape>(int(firing.options[shape]))) {
        case LfoShape::sine:
            return true;
        case LfoShape::triangle:
            return keeps_from_parts_of_a_turn<LfoWave<LfoShape::triangle>>(firing, kWhere, 4, margin);
        case LfoShape::square:
        case LfoShape::saw:
            return keeps_from_parts_of_a_turn<LfoWave<LfoShape::saw>>(firing, kWhere, 2, margin);
        }
        return true;
    }

private:
    template <class S, class Run>
    static void with_shape(const Firing<S>& firing, Run&& run) {
        switch (static_cast<LfoShape>(int(firing.options[shape]))) {
        case LfoShape::sine:
            return run.template operator()<LfoShape::sine>();
        case LfoShape::triangle:
            return run.template operator()<LfoShape::triangle>();
        case LfoShape::square:
            return run.template operator()<LfoShape::square>();
        case LfoShape::saw:
            return run.template operator()<LfoShape::saw>();
        }
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Lfo)

// lfo: a slow oscillator for modulation.
#include "base/approximation.h"
#include "node/oscillator.h"

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

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        switch (static_cast<LfoShape>(int(firing.options[shape]))) {
        case LfoShape::sine:
            return run<LfoShape::sine>(firing);
        case LfoShape::triangle:
            return run<LfoShape::triangle>(firing);
        case LfoShape::square:
            return run<LfoShape::square>(firing);
        case LfoShape::saw:
            return run<LfoShape::saw>(firing);
        }
    }

private:
    template <LfoShape Shape, class S>
    static void run(const Firing<S>& firing) {
        oscillate<LfoWave<Shape>>(firing, firing.outputs[0], firing.parameters[freq], firing.parameters[phase]);
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Lfo)

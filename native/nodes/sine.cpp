// sine: a sine oscillator.
#include "base/approximation.h"
#include "node/oscillator_backward.h"

#include <numbers>

namespace amp::nodes {

struct SineWave {
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
        return sine_of_phase(phase + form.offset);
    }
    template <bool Crowded, class S, int N>
    static WaveSlopes<S, N> slopes(Lanes<Word<S>, N> phase, const Pace<S, N>&, const Form<S, N>& form, Lanes<S, N>) {
        const auto quarter = Lanes<Word<S>, N>(Word<S>(1) << (int(sizeof(S)) * 8 - 2));
        return {sine_of_phase(phase + form.offset + quarter) * Lanes<S, N>(S(2 * std::numbers::pi))};
    }
};

struct Sine {
    static constexpr Declaration declaration{
        .purpose = "A sine oscillator.",
        .source = "Integer phase; odd polynomial of the folded phase (native/base/approximation.h).",
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The sine, -1 to 1."}},
        .parameters = {kOscillatorFrequency, kOscillatorPhase},
    };
    enum : int { freq, phase };
    static constexpr int state_rows = 1;
    static constexpr bool always_finite = true;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        oscillate<SineWave>(firing, firing.outputs[0], firing.parameters[freq], firing.parameters[phase]);
    }

    static constexpr int kept_rows = kOscillatorKeptRows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        oscillate_back<SineWave>(back, {freq, phase});
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Sine)

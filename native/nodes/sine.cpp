// sine: a sine oscillator.
#include "base/approximation.h"
#include "node/oscillator.h"

namespace amp::nodes {

struct Sine {
    static constexpr Declaration declaration{
        .purpose = "A sine oscillator.",
        .source = "Integer phase; odd polynomial of the folded phase (native/base/approximation.h).",
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The sine, -1 to 1."}},
        .parameters = {ParameterDeclaration{.name = "freq", .purpose = "Frequency.", .unit = Unit::hertz, .minimum = 0, .maximum = 22000, .default_value = 440, .curve = Curve::exponential},
                       ParameterDeclaration{.name = "phase", .purpose = "Added to the phase.", .unit = Unit::turns, .minimum = -16, .maximum = 16}},
    };
    enum : int { freq, phase };
    static constexpr int state_rows = 1;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        oscillate(
            firing, firing.outputs[0], firing.parameters[freq],
            [](auto at, auto, auto offset) { return sine_of_phase(at + phase_of_turns(offset)); },
            firing.parameters[phase]);
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Sine)

// gain: scales a signal.
#include "node/kernel.h"

namespace amp::nodes {

struct Gain {
    static constexpr Declaration declaration{
        .purpose = "Scales a signal; modulated by an envelope it is a voltage-controlled amplifier.",
        .source = "out = in * gain.",
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "The signal to scale."}},
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The scaled signal."}},
        .parameters = {ParameterDeclaration{.name = "gain",
                                            .purpose = "The factor; may be negative.",
                                            .unit = Unit::ratio,
                                            .minimum = -16,
                                            .maximum = 16,
                                            .default_value = 1}},
    };
    enum : int { gain };
    static constexpr int state_rows = 0;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        map_lanes(
            firing, firing.outputs[0], [](auto in, auto factor) { return in * factor; }, firing.inputs[0],
            firing.parameters[gain]);
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Gain)

// gain: scales a signal.
#include "node/backward.h"

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

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        const Firing<S>& firing = back.forward;
        map_back(back, [&]<int N>(int f, int lane) {
            const auto by_out = lanes_at<N>(back.output_gradients[0], f, lane);
            (by_out * lanes_at<N>(firing.parameters[gain], f, lane)).store(back.input_gradients[0].frame(f) + lane);
            (by_out * lanes_at<N>(firing.inputs[0], f, lane)).store(back.parameter_gradients[gain].frame(f) + lane);
        });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Gain)

// crossfade: from one signal to another.
#include "node/backward.h"

namespace amp::nodes {

struct Crossfade {
    static constexpr Declaration declaration{
        .purpose = "Fades from one signal to another.",
        .source = "out = a (1 - position) + b position.",
        .inputs = {TapDeclaration{.name = "a", .group = "1a", .purpose = "Alone at position 0."},
                   TapDeclaration{.name = "b", .group = "1b", .purpose = "Alone at position 1."}},
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "What is between the two."}},
        .parameters = {ParameterDeclaration{.name = "position",
                                            .purpose = "From the one to the other.",
                                            .unit = Unit::ratio,
                                            .minimum = 0,
                                            .maximum = 1,
                                            .default_value = 0.5}},
    };
    enum : int { position };
    static constexpr int state_rows = 0;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        map_lanes(
            firing, firing.outputs[0], [](auto a, auto b, auto at) { return a * (decltype(at)(S(1)) - at) + b * at; },
            firing.inputs[0], firing.inputs[1], firing.parameters[position]);
    }

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        const Firing<S>& firing = back.forward;
        map_back(back, [&]<int N>(int f, int lane) {
            const auto by_out = lanes_at<N>(back.output_gradients[0], f, lane);
            const auto at = lanes_at<N>(firing.parameters[position], f, lane);
            const auto apart = lanes_at<N>(firing.inputs[1], f, lane) - lanes_at<N>(firing.inputs[0], f, lane);
            (by_out * (Lanes<S, N>(S(1)) - at)).store(back.input_gradients[0].frame(f) + lane);
            (by_out * at).store(back.input_gradients[1].frame(f) + lane);
            (by_out * apart).store(back.parameter_gradients[position].frame(f) + lane);
        });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Crossfade)

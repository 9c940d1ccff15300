// constant: a value as a signal.
#include "node/backward.h"

namespace amp::nodes {

struct Constant {
    static constexpr Declaration declaration{
        .purpose = "A value as a signal, to modulate with or to set by hand.",
        .source = "out = value.",
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The value."}},
        .parameters = {ParameterDeclaration{
            .name = "value", .purpose = "The value.", .minimum = -1000000, .maximum = 1000000}},
    };
    enum : int { value };
    static constexpr int state_rows = 0;
    static constexpr bool always_finite = true;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        map_lanes(firing, firing.outputs[0], [](auto present) { return present; }, firing.parameters[value]);
    }

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        copy_block(back.forward, back.parameter_gradients[value], back.output_gradients[0]);
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Constant)

// output: what the patch sends out. The engine's one sum (base/sum.h) has already made one lane a channel of all
// leaves.
#include "node/backward.h"

namespace amp::nodes {

struct Output {
    static constexpr Declaration declaration{
        .purpose = "Sums everything that enters it and sends it out; one channel spreads to all.",
        .source = "The one sum: groups of 32 leaves, 16 columns, pairwise trees (native/base/sum.h).",
        .shape = ShapeRule::output,
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "Signals of any batch."}},
        .outputs = {TapDeclaration{
            .name = "out", .group = "1a", .purpose = "Their sum, one lane a channel; only the streamer reads it."}},
        .options = {OptionDeclaration{.name = "channels",
                                      .purpose = "Channels that are sent out.",
                                      .minimum = 1,
                                      .maximum = 64,
                                      .default_value = 2}},
    };
    enum : int { channels };
    static constexpr int state_rows = 0;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        copy_block(firing, firing.outputs[0], firing.inputs[0]);
    }

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        copy_block(back.forward, back.input_gradients[0], back.output_gradients[0]);
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Output)

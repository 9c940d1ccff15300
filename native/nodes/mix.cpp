// mix: sums voices. The engine's one sum (base/sum.h) has already made one lane a channel of all leaves.
#include "node/backward.h"

namespace amp::nodes {

struct Mix {
    static constexpr Declaration declaration{
        .purpose = "Sums everything that enters it: edges, and the voices of each edge; channels stay apart.",
        .source = "The one sum: groups of 32 leaves, 16 columns, pairwise trees (native/base/sum.h).",
        .shape = ShapeRule::sum,
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "Signals of any batch."}},
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "Their sum, one lane a channel."}},
    };
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

AMP_NODE(nodes::Mix)

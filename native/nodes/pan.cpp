// pan: places a signal between left and right.
#include "base/approximation.h"
#include "node/backward.h"

#include <numbers>

namespace amp::nodes {

struct Pan {
    static constexpr Declaration declaration{
        .purpose = "Places a signal between left and right at equal power; two channels come out.",
        .source = "left = in cos((position + 1) pi / 4), right = in sin((position + 1) pi / 4).",
        .shape = ShapeRule::pan,
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "The signal to place, one channel."}},
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "Left and right."}},
        .parameters = {ParameterDeclaration{
            .name = "position", .purpose = "-1: left, 0: centre, 1: right.", .minimum = -1, .maximum = 1}},
    };
    enum : int { position };
    static constexpr int state_rows = 0;

    template <class S, int N>
    struct Gains {
        Lanes<S, N> left, right;

        // The gain of a side is the sine of as many quarter turns as the position is away from the other side, halved.
        explicit Gains(Lanes<S, N> place) {
            const Lanes<S, N> one(S(1)), half(S(0.5));
            left = sine_of_quarters((one - place) * half);
            right = sine_of_quarters((one + place) * half);
        }
    };

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for_each_tile(firing, [&]<int N>(int lane) {
            const int frames = firing.frames;
            TileReader<S, N> in(firing.inputs[0], lane), place(firing.parameters[position], lane);
            TileWriter<S, N> left(firing.outputs[0], lane),
                right(firing.outputs[0], static_cast<int>(lane + firing.channel_stride));
            const auto step = [&](const Gains<S, N>& gains) {
                const auto x = in.next();
                left.next(x * gains.left);
                right.next(x * gains.right);
            };
            if (firing.parameters[position].constant()) {
                const Gains<S, N> gains(place.next());
                for (int f = 0; f < frames; ++f) {
                    step(gains);
                }
            } else {
                for (int f = 0; f < frames; ++f) {
                    step(Gains<S, N>(place.next()));
                }
            }
        });
    }

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        const Firing<S>& firing = back.forward;
        map_back(back, [&]<int N>(int f, int lane) {
            using L = Lanes<S, N>;
            const Gains<S, N> gains(lanes_at<N>(firing.parameters[position], f, lane));
            const L by_left = lanes_at<N>(back.output_gradients[0], f, lane);
            const L by_right = lanes_at<N>(back.output_gradients[0], f, static_cast<int>(lane + firing.channel_stride));
            (by_left * gains.left + by_right * gains.right).store(back.input_gradients[0].frame(f) + lane);
            // Each side's gain is what the other one's changes by, times a quarter of pi.
            const L turned = (by_right * gains.left - by_left * gains.right) * L(S(std::numbers::pi / 4));
            (turned * lanes_at<N>(firing.inputs[0], f, lane)).store(back.parameter_gradients[position].frame(f) + lane);
        });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Pan)

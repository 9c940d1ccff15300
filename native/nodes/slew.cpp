// slew: lets a signal move no faster than it may.
#include "base/slew.h"
#include "node/kernel.h"

namespace amp::nodes {

struct Slew {
    static constexpr Declaration declaration{
        .purpose = "Follows a signal within limits: a rate, an acceleration, and an area between the two. Without "
                   "limits it is the signal.",
        .source = "The discrete form of the time-optimal law for a double integrator (A. E. Bryson, Y.-C. Ho, Applied "
                  "Optimal Control, 1975, 3.9); a jump of size D takes 2 area / D.",
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "The signal to follow."}},
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "What follows it."}},
        .parameters = {ParameterDeclaration{.name = "rate",
                                            .purpose = "Most change a second; 0: no limit.",
                                            .minimum = 0,
                                            .maximum = 1e6},
                       ParameterDeclaration{.name = "acceleration",
                                            .purpose = "Most change of the rate a second; 0: no limit.",
                                            .minimum = 0,
                                            .maximum = 1e9},
                       ParameterDeclaration{.name = "area",
                                            .purpose = "Area between a jump and the way after it; 0: no limit.",
                                            .minimum = 0,
                                            .maximum = 1e4}},
        .tail = kEndless,
        .not_differentiable = "Its way back is not written yet.",
    };
    enum : int { rate, acceleration, area };
    static constexpr int state_rows = SlewFollower<float, 1>::rows;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for_each_tile(firing, [&]<int N>(int lane) {
            // Values are in double, which fills registers sooner.
            constexpr int kPart = N < 8 ? N : 8;
            for (int part = lane; part < lane + N; part += kPart) {
                with_constants([&](auto plain, auto bare) { follow<kPart, !plain, !bare>(firing, part); },
                               is_none<kPart>(firing, acceleration, part), is_none<kPart>(firing, area, part));
            }
        });
    }

private:
    // Whether no lane has the limit, as far as that is known before its frames are read.
    template <int N, class S>
    static bool is_none(const Firing<S>& firing, int parameter, int lane) {
        const Block<const S>& limit = firing.parameters[static_cast<std::size_t>(parameter)];
        return limit.constant() && !any(Lanes<S, N>::load(limit.data + lane) > Lanes<S, N>(S(0)));
    }

    template <int N, bool Accelerates, bool HasArea, class S>
    static void follow(const Firing<S>& firing, int lane) {
        S* const state = firing.state(0) + lane;
        auto follower = SlewFollower<S, N>::load(state, firing.state_stride);
        TileReader<S, N> in(firing.inputs[0], lane), rates(firing.parameters[rate], lane),
            accelerations(firing.parameters[acceleration], lane), areas(firing.parameters[area], lane);
        TileWriter<S, N> out(firing.outputs[0], lane);
        const auto next_limits = [&] {
            return SlewLimits<N>(widened(rates.next()), widened(accelerations.next()), widened(areas.next()),
                                 firing.sample_rate);
        };
        const bool are_steady = firing.parameters[rate].constant() && firing.parameters[acceleration].constant() &&
                                firing.parameters[area].constant();
        SlewLimits<N> limits = next_limits();
        for (int f = 0;;) {
            out.next(follower.template next<Accelerates, HasArea>(in.next(), limits));
            if (++f >= firing.frames) {
                break;
            }
            if (!are_steady) {
                limits = next_limits();
            }
        }
        follower.store(state, firing.state_stride);
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Slew)

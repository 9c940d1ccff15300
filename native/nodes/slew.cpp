// slew: lets a signal move no faster than it may.
#include "base/slew.h"
#include "node/backward.h"
#include "node/kernel.h"
#include "node/slew_backward.h"

#include <algorithm>

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

    static constexpr int kept_rows = state_rows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        for_each_tile(back.forward, [&]<int N>(int lane) {
            constexpr int kPart = N < 4 ? N : 4;
            for (int part = lane; part < lane + N; part += kPart) {
                follow_back<kPart>(back, part);
            }
        });
    }

    // The law has many cases.
    template <class S>
    static bool is_smooth(const Firing<S>& firing, S margin) {
        for (int lane = 0; lane < firing.lanes; ++lane) {
            auto follower = SlewFollower<S, 1>::load(firing.state(0) + lane, firing.state_stride);
            for (int f = 0; f < firing.frames; ++f) {
                if (!frame_of(firing, follower, f, lane).is_smooth(double{margin})) {
                    return false;
                }
                go_on(follower, firing, f, lane);
            }
        }
        return true;
    }

private:
    template <int N, class S>
    static SlewFrame<S, N> frame_of(const Firing<S>& firing, const SlewFollower<S, N>& before, int f, int lane) {
        const auto given = [&](const Block<const S>& block) { return widened(lanes_at<N>(block, f, lane)); };
        return {before,
                given(firing.inputs[0]),
                given(firing.parameters[rate]),
                given(firing.parameters[acceleration]),
                given(firing.parameters[area]),
                firing.sample_rate};
    }
    template <int N, class S>
    static void go_on(SlewFollower<S, N>& follower, const Firing<S>& firing, int f, int lane) {
        const SlewFrame<S, N> frame = frame_of(firing, follower, f, lane);
        follower.template next<true, true>(lanes_at<N>(firing.inputs[0], f, lane),
                                           {frame.rate, frame.acceleration, frame.area, frame.sample_rate});
    }

    template <int N, class S>
    static void follow_back(const BackwardFiring<S>& back, int lane) {
        const Firing<S>& firing = back.forward;
        const auto kept = [&](int f) { return back.kept(f, 0, kept_rows) + lane; };
        auto follower = SlewFollower<S, N>::load(firing.state(0) + lane, firing.state_stride);
        for (int f = 0; f < firing.frames; ++f) {
            follower.store(kept(f), firing.lanes);
            go_on(follower, firing, f, lane);
        }
        SlewGradients<S, N> by;
        by.load(back.state_gradient(0) + lane, firing.state_stride);
        for (int f = firing.frames; f-- > 0;) {
            const auto before = SlewFollower<S, N>::load(kept(f), firing.lanes);
            by.back(frame_of(firing, before, f, lane), widened(lanes_at<N>(back.output_gradients[0], f, lane)));
            const auto put = [&](const Block<S>& to, Lanes<double, N> value) {
                converted<S>(value).store(to.frame(f) + lane);
            };
            put(back.input_gradients[0], by.in);
            put(back.parameter_gradients[rate], by.rate);
            put(back.parameter_gradients[acceleration], by.acceleration);
            put(back.parameter_gradients[area], by.area);
        }
        by.store(back.state_gradient(0) + lane, firing.state_stride);
    }

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

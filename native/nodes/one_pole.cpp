// one_pole: a gentle low-pass filter.
#include "node/filter.h"
#include "node/recursion.h"

namespace amp::nodes {

struct OnePole {
    static constexpr Declaration declaration{
        .purpose = "A one-pole low-pass filter, 6 dB an octave.",
        .source =
            "One trapezoidal integrator, its corner exact by the tangent: z' = a z + (1 - a) x, out = (z + z') / 2, "
            "a = (1 - g) / (1 + g), g = tan(pi cutoff / rate).",
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "The signal to filter."}},
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "Below the cutoff."}},
        .parameters = {ParameterDeclaration{.name = "cutoff",
                                            .purpose = "Corner frequency, where the gain is -3 dB.",
                                            .unit = Unit::hertz,
                                            .minimum = 10,
                                            .maximum = 20000,
                                            .default_value = 1000,
                                            .curve = Curve::exponential}},
        .tail = 0.25,
    };
    enum : int { cutoff };
    static constexpr int state_rows = 1;
    static constexpr bool recursive = true;

    template <class S, int N>
    struct Coefficients {
        Lanes<S, N> kept, taken; // their sum is 1, so that a steady input passes as it is

        Coefficients(Lanes<S, N> frequency, double rate) {
            const CornerTangent<S, N> tangent(frequency, rate);
            taken = (tangent.numerator + tangent.numerator) / (tangent.denominator + tangent.numerator);
            kept = Lanes<S, N>(S(1)) - taken;
        }
    };

    template <class S, int N>
    class Cell {
    public:
        static constexpr int rows = state_rows;

        Cell(const Firing<S>& firing, int lane)
            : frequency_(firing.parameters[cutoff], lane),
              rate_(firing.sample_rate),
              steady_(firing.parameters[cutoff].constant()) {}

        bool steady() const { return steady_; }
        Coefficients<S, N> coefficients() { return {frequency_.next(), rate_}; }

        static Lanes<S, N> step(const Coefficients<S, N>& c, Lanes<S, N> in, std::array<Lanes<S, N>, rows>& state) {
            const auto next = c.kept * state[0] + c.taken * in;
            const auto out = (state[0] + next) * Lanes<S, N>(S(0.5));
            state[0] = next;
            return out;
        }

    private:
        TileReader<S, N> frequency_;
        double rate_;
        bool steady_;
    };

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        run_recursion<Cell>(firing);
    }

    static constexpr int kept_rows = state_rows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        for_each_tile_back(back, [&]<int N>(int lane) { return Back<S, N>(back, lane); });
    }

    template <class S>
    static void forward_chain(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        run_chain<Cell>(firing);
    }

private:
    template <class S, int N>
    class Back {
    public:
        Back(const BackwardFiring<S>& back, int lane)
            : back_(back), lane_(lane), state_(Lanes<S, N>::load(back.forward.state(0) + lane)) {}

        void forward(int f) {
            state_.store(back_.kept(f, 0, kept_rows) + lane_);
            const Coefficients<S, N> c(lanes_at<N>(back_.forward.parameters[cutoff], f, lane_),
                                       back_.forward.sample_rate);
            state_ = c.kept * state_ + c.taken * lanes_at<N>(back_.forward.inputs[0], f, lane_);
        }
        void turn() { by_state_ = Lanes<S, N>::load(back_.state_gradient(0) + lane_); }
        void back(int f) {
            using L = Lanes<S, N>;
            const double rate = back_.forward.sample_rate;
            const L frequency = lanes_at<N>(back_.forward.parameters[cutoff], f, lane_);
            const Coefficients<S, N> c(frequency, rate);
            const L before = L::load(back_.kept(f, 0, kept_rows) + lane_);
            const L half = lanes_at<N>(back_.output_gradients[0], f, lane_) * L(S(0.5));
            const L by_next = by_state_ + half;
            (by_next * c.taken).store(back_.input_gradients[0].frame(f) + lane_);
            // taken = 2 g / (1 + g) changes by 2 / (1 + g)^2 = (1 + kept)^2 / 2 with g.
            const L turned = L(S(1)) + c.kept;
            const L by_tangent =
                by_next * (lanes_at<N>(back_.forward.inputs[0], f, lane_) - before) * (turned * turned * L(S(0.5)));
            (by_tangent * CornerTangent<S, N>(frequency, rate).slope(frequency, rate))
                .store(back_.parameter_gradients[cutoff].frame(f) + lane_);
            by_state_ = half + by_next * c.kept;
        }
        void finish() { by_state_.store(back_.state_gradient(0) + lane_); }

    private:
        const BackwardFiring<S>& back_;
        const int lane_;
        Lanes<S, N> state_, by_state_{};
    };
};

} // namespace amp::nodes

AMP_NODE(nodes::OnePole)

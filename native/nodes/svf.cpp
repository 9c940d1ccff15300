// svf: a resonant state-variable filter with three outputs.
#include "node/filter.h"

namespace amp::nodes {

struct Svf {
    static constexpr Declaration declaration{
        .purpose = "A resonant two-pole state-variable filter: low, high and band pass at once.",
        .source = "Trapezoidal integrators: A. Simper, 'Solving the continuous SVF equations using trapezoidal "
                  "integration and equivalent currents', 2013; resonance r is damping k = 2 (1 - r).",
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "The signal to filter."}},
        .outputs = {TapDeclaration{.name = "low", .group = "1a", .purpose = "Below the cutoff."},
                    TapDeclaration{.name = "high", .group = "1a", .purpose = "Above the cutoff."},
                    TapDeclaration{.name = "band",
                                   .group = "1a",
                                   .purpose = "Around the cutoff, unit gain at its peak times 1 / k."}},
        .parameters = {ParameterDeclaration{.name = "cutoff",
                                            .purpose = "Corner frequency.",
                                            .unit = Unit::hertz,
                                            .minimum = 10,
                                            .maximum = 20000,
                                            .default_value = 1000,
                                            .curve = Curve::exponential},
                       ParameterDeclaration{.name = "resonance",
                                            .purpose = "0: none, 0.99: rings long.",
                                            .minimum = 0,
                                            .maximum = 0.99}},
        .tail = 2,
    };
    enum : int { cutoff, resonance };
    static constexpr int state_rows = 2;
    static constexpr bool recursive = true;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for_each_tile(firing, [&]<int N>(int lane) {
            with_constants([&](auto steady, auto settled) { run<N, steady, settled>(firing, lane); },
                           firing.parameters[cutoff].constant(), firing.parameters[resonance].constant());
        });
    }

    static constexpr int kept_rows = state_rows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        for_each_tile_back(back, [&]<int N>(int lane) { return Back<S, N>(back, lane); });
    }

private:
    template <class S, int N>
    class Back : public StateVariableTile<S, N> {
        using Tile = StateVariableTile<S, N>;
        using Tile::back_, Tile::lane_, Tile::z1_, Tile::z2_, Tile::kept;
        using typename Tile::L;

    public:
        Back(const BackwardFiring<S>& back, int lane) : Tile(back, lane) {}

        void forward(int f) {
            Tile::keep(f);
            const CornerTangent<S, N> tangent(lanes_at<N>(back_.forward.parameters[cutoff], f, lane_),
                                              back_.forward.sample_rate);
            const L damping = L(S(2)) - L(S(2)) * lanes_at<N>(back_.forward.parameters[resonance], f, lane_);
            const StateVariable<S, N> core(tangent.numerator, tangent.denominator, damping);
            core.step(lanes_at<N>(back_.forward.inputs[0], f, lane_) * L(S(0.5)), z1_, z2_);
        }
        void back(int f) {
            const L two(S(2));
            const double rate = back_.forward.sample_rate;
            const L frequency = lanes_at<N>(back_.forward.parameters[cutoff], f, lane_);
            const CornerTangent<S, N> tangent(frequency, rate);
            const L damping = two - two * lanes_at<N>(back_.forward.parameters[resonance], f, lane_);
            const StateVariableBack<S, N> core(tangent.numerator / tangent.denominator, damping);
            const L half = lanes_at<N>(back_.forward.inputs[0], f, lane_) * L(S(0.5));
            const L before1 = kept(f, 0);
            const L before2 = kept(f, 1);
            L after1 = before1, after2 = before2;
            const L band = core.core.step(half, after1, after2).band;
            const L by_high = lanes_at<N>(back_.output_gradients[1], f, lane_);
            const L by_low = lanes_at<N>(back_.output_gradients[0], f, lane_) - by_high;
            const L by_band = lanes_at<N>(back_.output_gradients[2], f, lane_) - damping * by_high;
            const auto by = core.back(by_band, by_low, half, before1, before2, z1_, z2_);
            (by_high + by.x * L(S(0.5))).store(back_.input_gradients[0].frame(f) + lane_);
            (by.g * tangent.slope(frequency, rate)).store(back_.parameter_gradients[cutoff].frame(f) + lane_);
            (two * (by_high * band - by.k)).store(back_.parameter_gradients[resonance].frame(f) + lane_);
        }
    };

    template <int N, bool SteadyCutoff, bool SteadyResonance, class S>
    static void run(const Firing<S>& firing, int lane) {
        using L = Lanes<S, N>;
        const double rate = firing.sample_rate;
        const int frames = firing.frames;
        S* const row1 = firing.state(0) + lane;
        S* const row2 = firing.state(1) + lane;
        L z1 = L::load(row1);
        L z2 = L::load(row2);
        TileReader<S, N> in(firing.inputs[0], lane), frequency(firing.parameters[cutoff], lane),
            amount(firing.parameters[resonance], lane);
        TileWriter<S, N> low(firing.outputs[0], lane), high(firing.outputs[1], lane), band(firing.outputs[2], lane);
        const auto next_tangent = [&] { return CornerTangent<S, N>(frequency.next(), rate); };
        const auto next_damping = [&] { return L(S(2)) - L(S(2)) * amount.next(); };
        auto tangent = next_tangent();
        L damping = next_damping();
        StateVariable<S, N> core(tangent.numerator, tangent.denominator, damping);
        for (int f = 0;;) {
            const L x = in.next();
            const auto out = core.step(x * L(S(0.5)), z1, z2);
            low.next(out.low);
            band.next(out.band);
            high.next((x - out.low) - damping * out.band);
            if (++f >= frames) {
                break;
            }
            if constexpr (!SteadyCutoff) {
                tangent = next_tangent();
            }
            if constexpr (!SteadyResonance) {
                damping = next_damping();
            }
            if constexpr (!SteadyCutoff || !SteadyResonance) {
                core = {tangent.numerator, tangent.denominator, damping};
            }
        }
        if (firing.ends_on_tick()) {
            z1 = settled(z1);
            z2 = settled(z2);
        }
        z1.store(row1);
        z2.store(row2);
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Svf)

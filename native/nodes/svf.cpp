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

private:
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

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

    template <class S, int N>
    struct Coefficients {
        Lanes<S, N> damping;
        StateVariable<S, N> core;

        Coefficients(Lanes<S, N> frequency, Lanes<S, N> r, double rate)
            : damping(Lanes<S, N>(S(2)) - (r + r)), core(made(HalfAngle<S, N>(frequency, rate), damping)) {}

    private:
        static StateVariable<S, N> made(HalfAngle<S, N> angle, Lanes<S, N> k) {
            return {angle.sine * angle.sine, angle.sine * angle.cosine, Lanes<S, N>(S(1)), k};
        }
    };

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for_each_tile(firing, [&]<int N>(int lane) {
            S* const row1 = firing.state(0) + lane;
            S* const row2 = firing.state(1) + lane;
            auto z1 = Lanes<S, N>::load(row1);
            auto z2 = Lanes<S, N>::load(row2);
            TileReader<S, N> in(firing.inputs[0], lane), frequency(firing.parameters[cutoff], lane),
                amount(firing.parameters[resonance], lane);
            TileWriter<S, N> low(firing.outputs[0], lane), high(firing.outputs[1], lane), band(firing.outputs[2], lane);
            const auto step = [&](const Coefficients<S, N>& c) {
                const Lanes<S, N> half(S(0.5));
                const auto x = in.next();
                const auto doubled = c.core.step(x, z1, z2);
                const auto low_pass = doubled.low * half;
                const auto band_pass = doubled.band * half;
                low.next(low_pass);
                band.next(band_pass);
                high.next((x - low_pass) - c.damping * band_pass);
            };
            if (firing.parameters[cutoff].constant() && firing.parameters[resonance].constant()) {
                const Coefficients<S, N> c(frequency.next(), amount.next(), firing.sample_rate);
                for (int f = 0; f < firing.frames; ++f) {
                    step(c);
                }
            } else {
                for (int f = 0; f < firing.frames; ++f) {
                    step(Coefficients<S, N>(frequency.next(), amount.next(), firing.sample_rate));
                }
            }
            if (firing.ends_on_tick()) {
                z1 = settled(z1);
                z2 = settled(z2);
            }
            z1.store(row1);
            z2.store(row2);
        });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Svf)

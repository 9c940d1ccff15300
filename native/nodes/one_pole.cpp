// one_pole: a gentle low-pass filter.
#include "node/filter.h"

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

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for_each_tile(firing, [&]<int N>(int lane) {
            const double rate = firing.sample_rate;
            const int frames = firing.frames;
            S* const row = firing.state(0) + lane;
            auto z = Lanes<S, N>::load(row);
            TileReader<S, N> in(firing.inputs[0], lane), frequency(firing.parameters[cutoff], lane);
            TileWriter<S, N> out(firing.outputs[0], lane);
            const auto step = [&](const Coefficients<S, N>& c) {
                const auto next = c.kept * z + c.taken * in.next();
                out.next((z + next) * Lanes<S, N>(S(0.5)));
                z = next;
            };
            if (firing.parameters[cutoff].constant()) {
                const Coefficients<S, N> c(frequency.next(), rate);
                for (int f = 0; f < frames; ++f) {
                    step(c);
                }
            } else {
                for (int f = 0; f < frames; ++f) {
                    step(Coefficients<S, N>(frequency.next(), rate));
                }
            }
            if (firing.ends_on_tick()) {
                z = settled(z);
            }
            z.store(row);
        });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::OnePole)

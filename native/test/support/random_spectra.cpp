// The part of a random plan in which signals go apart into spectra and come together again.
#include "plan/heat.h"
#include "support/random_plan.h"

#include <iterator>

namespace amp::test {

// fft, up to two nodes that shape its spectra, and ifft. Tokens are delayed by whole periods; one lane spreads to more.
void RandomPlan::add_spectra() {
    constexpr Shape kShapes[] = {{1, 1}, {1, 2}, {3, 1}, {5, 2}, {17, 1}};
    const int size = 64 << below(3), overlap = 2 << below(3);
    const std::map<std::string, double> form{{"size", size}, {"overlap", overlap}};
    const auto delay = [&] { return static_cast<std::uint64_t>(one_in(2) ? 0 : below(6) * (size / overlap)); };
    const Shape shape = kShapes[below(std::size(kShapes))];
    std::string before = add("fft", one_in(3) ? Shape{1, 1} : shape, form);
    feed(before, free_, true);
    for (int shaping = below(3); shaping > 0; --shaping) {
        const std::string shaped = add("spectral_gain", shape, form);
        modulate(shaped, "spectral_gain", free_);
        builder_.edge(before, shaped, {.delay = delay(), .gain = {one_in(3) ? 1 : real(-1, 1)}});
        if (one_in(3)) {
            builder_.edge(before, shaped, {.delay = delay(), .gain = {real(-0.5, 0.5)}});
        }
        before = shaped;
    }
    const std::string together = add("ifft", shape, form);
    builder_.edge(before, together, {.delay = delay()});
    network_.push_back({together, "ifft", shape, shape});
    if (parts_.heat) {
        warm(before);
        warm(together);
        const std::string moved = add("gain", shape);
        builder_.edge(together, moved);
        for (const std::string& heard : {before, together}) {
            builder_.edge(heard + ".thermo.heat", moved + ".gain",
                          {.delay = plan::kHeatDelay + any_delay(), .gain = {real(-0.5, 0.5)}});
        }
        network_.push_back({moved, "gain", shape, shape});
    }
}

} // namespace amp::test

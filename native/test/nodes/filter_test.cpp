// Responses of the filters against their transfer functions.
#include "nodes/measure.h"
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <array>

namespace amp::test {
namespace {

using Complex = std::complex<double>;

constexpr double kRate = 48000;
constexpr std::array kCutoffs{20.0, 150.0, 1000.0, 5000.0, 14000.0, 20000.0};
constexpr std::array kProbes{11.0, 20.0, 47.0, 150.0, 333.0, 1000.0, 2345.0, 5000.0, 9000.0, 14000.0, 19000.0, 23000.0};

// Where the response is smaller than this, single precision has nothing to say.
constexpr double kSmallest = 1e-4;

// Frames after which a resonance of that sharpness is far below what is measured.
std::int64_t ring(double cutoff, double q) { return std::int64_t(kRate * (0.05 + 6 * std::max(q, 0.5) / cutoff)); }

Signal impulse() {
    return [](std::int64_t frame, int, int) { return frame == 0 ? 1.0 : 0.0; };
}

// s of the bilinear transform whose tangent makes `cutoff` exact, at a frequency.
Complex bilinear(double frequency, double cutoff) {
    return Complex(0, std::tan(std::numbers::pi * frequency / kRate) / std::tan(std::numbers::pi * cutoff / kRate));
}

template <class S, class Transfer>
void expect_response(const std::vector<S>& response, const std::string& what, Transfer&& transfer) {
    for (const double probe : kProbes) {
        const double expected = std::abs(transfer(probe));
        if (expected < kSmallest) {
            continue;
        }
        const double measured = std::abs(transform_at(std::span(response), probe / kRate));
        EXPECT_NEAR(decibels(measured), decibels(expected), 0.1) << what << " at " << probe << " Hz";
    }
}

TEST(OnePole, HasItsTransferFunction) {
    for (const double cutoff : kCutoffs) {
        const auto response =
            Node<float>("one_pole").set("cutoff", cutoff).input("in", impulse()).run(ring(cutoff, 1)).output("out");
        expect_response(response, "cutoff " + std::to_string(cutoff),
                        [&](double probe) { return 1.0 / (1.0 + bilinear(probe, cutoff)); });
    }
}

TEST(OnePole, PassesASteadyInputAsItIs) {
    for (const double cutoff : {10.0, 1000.0}) {
        Node<float> node("one_pole");
        const auto out = node.set("cutoff", cutoff).input("in", [](auto...) { return 0.7; }).run(48000).output("out");
        EXPECT_NEAR(out.back(), 0.7, 3e-5) << cutoff;
    }
}

TEST(Svf, HasItsTransferFunctions) {
    for (const double cutoff : kCutoffs) {
        for (const double resonance : {0.0, 0.5, 0.9, 0.99}) {
            const double damping = 2 * (1 - resonance);
            const auto node = Node<float>("svf")
                                  .set("cutoff", cutoff)
                                  .set("resonance", resonance)
                                  .input("in", impulse())
                                  .run(ring(cutoff, 1 / damping));
            const auto denominator = [&](Complex s) { return s * s + damping * s + 1.0; };
            const auto what = " cutoff " + std::to_string(cutoff) + " resonance " + std::to_string(resonance);
            expect_response(node.output("low"), "low" + what,
                            [&](double probe) { return 1.0 / denominator(bilinear(probe, cutoff)); });
            expect_response(node.output("band"), "band" + what, [&](double probe) {
                const Complex s = bilinear(probe, cutoff);
                return s / denominator(s);
            });
            expect_response(node.output("high"), "high" + what, [&](double probe) {
                const Complex s = bilinear(probe, cutoff);
                return s * s / denominator(s);
            });
        }
    }
}

// The digital coefficients of R. Bristow-Johnson's cookbook, as he states them.
struct Cookbook {
    double b0, b1, b2, a0, a1, a2;

    static Cookbook of(std::string_view mode, double cutoff, double q, double gain) {
        const double angle = 2 * std::numbers::pi * cutoff / kRate;
        const double c = std::cos(angle);
        const double alpha = std::sin(angle) / (2 * q);
        const double a = std::sqrt(gain);
        const double root = 2 * std::sqrt(a) * alpha;
        if (mode == "lowpass") {
            return {(1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha};
        }
        if (mode == "highpass") {
            return {(1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha};
        }
        if (mode == "bandpass") {
            return {alpha, 0, -alpha, 1 + alpha, -2 * c, 1 - alpha};
        }
        if (mode == "notch") {
            return {1, -2 * c, 1, 1 + alpha, -2 * c, 1 - alpha};
        }
        if (mode == "peak") {
            return {1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a};
        }
        if (mode == "low_shelf") {
            return {a * ((a + 1) - (a - 1) * c + root), 2 * a * ((a - 1) - (a + 1) * c),
                    a * ((a + 1) - (a - 1) * c - root), (a + 1) + (a - 1) * c + root,
                    -2 * ((a - 1) + (a + 1) * c),       (a + 1) + (a - 1) * c - root};
        }
        if (mode == "high_shelf") {
            return {a * ((a + 1) + (a - 1) * c + root), -2 * a * ((a - 1) + (a + 1) * c),
                    a * ((a + 1) + (a - 1) * c - root), (a + 1) - (a - 1) * c + root,
                    2 * ((a - 1) - (a + 1) * c),        (a + 1) - (a - 1) * c - root};
        }
        return {1 - alpha, -2 * c, 1 + alpha, 1 + alpha, -2 * c, 1 - alpha};
    }

    Complex at(double frequency) const {
        const Complex z = std::polar(1.0, -2 * std::numbers::pi * frequency / kRate);
        return (b0 + b1 * z + b2 * z * z) / (a0 + a1 * z + a2 * z * z);
    }
};

class Biquad : public testing::TestWithParam<const char*> {};

TEST_P(Biquad, HasTheResponseOfTheCookbook) {
    for (const double cutoff : kCutoffs) {
        for (const double q : {0.5, 0.7071, 3.0, 20.0}) {
            for (const double gain : {0.125, 4.0}) {
                const auto response = Node<float>("biquad")
                                          .option("mode", GetParam())
                                          .set("cutoff", cutoff)
                                          .set("q", q)
                                          .set("gain", gain)
                                          .input("in", impulse())
                                          .run(ring(cutoff, q * std::max(1.0, 1 / std::sqrt(gain))))
                                          .output("out");
                const auto cookbook = Cookbook::of(GetParam(), cutoff, q, gain);
                expect_response(response,
                                "cutoff " + std::to_string(cutoff) + " q " + std::to_string(q) + " gain " +
                                    std::to_string(gain),
                                [&](double probe) { return cookbook.at(probe); });
            }
        }
    }
}

TEST_P(Biquad, HasThePhaseOfTheCookbook) {
    const auto response =
        Node<double>("biquad").option("mode", GetParam()).set("q", 2).input("in", impulse()).run(20000).output("out");
    const auto cookbook = Cookbook::of(GetParam(), 1000, 2, 1);
    for (const double probe : {100.0, 800.0, 1300.0, 9000.0}) {
        const Complex ratio = transform_at(std::span(response), probe / kRate) / cookbook.at(probe);
        EXPECT_LT(std::abs(ratio - 1.0), 1e-6) << probe;
    }
}

// A direct form rings and clicks here; this filter's state keeps its meaning.
TEST_P(Biquad, StaysBoundedWhenItsCutoffIsThrownAbout) {
    auto node = Node<float>("biquad", {16, 1});
    node.option("mode", GetParam()).set("q", 4).set("gain", 2);
    node.modulate("cutoff",
                  [](std::int64_t frame, int lane, int) { return 10 + 19990 * random_number(frame / 64, lane); });
    node.input("in", [](std::int64_t frame, int lane, int) { return 2 * random_number(frame, lane, 1) - 1; })
        .run(48000);
    for (int lane = 0; lane < 16; ++lane) {
        for (const float value : node.output("out", lane)) {
            ASSERT_LT(std::abs(value), 40) << lane;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, Biquad,
                         testing::Values("lowpass", "highpass", "bandpass", "notch", "peak", "low_shelf", "high_shelf",
                                         "allpass"),
                         [](const auto& info) { return std::string(info.param); });

class Recursive : public testing::TestWithParam<const char*> {};

TEST_P(Recursive, RecoversFromAnInputThatIsNoNumberOnTheNextTick) {
    for (const double poison : {std::nan(""), HUGE_VAL}) {
        auto node = Node<float>(GetParam(), {2, 1});
        node.input("in", [=](std::int64_t frame, int lane, int) { return frame == 70 && lane == 1 ? poison : 0.5; });
        node.run(200);
        for (std::size_t tap = 0; tap < node.type().declaration->outputs.size(); ++tap) {
            for (std::size_t f = 0; f < 200; ++f) {
                EXPECT_TRUE(std::isfinite(node.output(tap, 0, 0)[f]));
                if (f < 70 || f >= 128) {
                    EXPECT_TRUE(std::isfinite(node.output(tap, 1, 0)[f])) << f;
                }
            }
        }
    }
}

TEST_P(Recursive, EndsInExactSilence) {
    auto node = Node<float>(GetParam());
    node.input("in", impulse()).run(48000);
    for (std::size_t tap = 0; tap < node.type().declaration->outputs.size(); ++tap) {
        EXPECT_EQ(node.output(tap, 0, 0).back(), 0);
    }
}

INSTANTIATE_TEST_SUITE_P(Filters, Recursive, testing::Values("one_pole", "svf", "biquad"),
                         [](const auto& info) { return std::string(info.param); });

} // namespace
} // namespace amp::test

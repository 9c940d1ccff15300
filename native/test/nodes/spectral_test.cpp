// Spectra: what goes apart comes together again, and bins are what they are called.
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <string>

namespace amp::test {
namespace {

constexpr double kRate = 48000;

struct Form {
    int size, overlap;
    const char* window;
};

std::string text(const Form& form) {
    return std::to_string(form.size) + "_" + std::to_string(form.overlap) + "_" + form.window;
}

std::vector<Form> fitting_forms() {
    std::vector<Form> forms;
    for (int size = 64; size <= 8192; size *= 2) {
        for (const int overlap : {2, 4, 8}) {
            for (int window = 0; window < kSpectralWindows; ++window) {
                if (overlap >= kWindowShapes[std::size_t(window)].least_overlap) {
                    constexpr const char* kNames[] = {"sqrt_hann", "hann", "hamming", "blackman"};
                    forms.push_back({size, overlap, kNames[window]});
                }
            }
        }
    }
    return forms;
}

template <class S>
Node<S> spectral(std::string_view type, const Form& form, Shape shape = {}) {
    Node<S> node(type, shape, kRate);
    node.option("size", form.size).option("overlap", form.overlap).option("window", form.window);
    return node;
}

// What an output has recorded, as an input.
template <class S>
Signal again(const Node<S>& node) {
    return [&node](std::int64_t index, int batch, int channel) {
        return double(node.output("out", batch, channel)[std::size_t(index)]);
    };
}

double noise(std::int64_t frame, int batch, int channel) { return 2 * random_number(frame, batch, channel) - 1; }

template <class S>
double worst_after_round_trip(const Form& form, Shape shape) {
    const int frames = 4 * form.size;
    auto apart = spectral<S>("fft", form, shape);
    apart.input("in", noise).run(frames);
    auto together = spectral<S>("ifft", form, shape);
    together.input("in", again(apart)).run(frames);
    const int latency = form.size + form.size / form.overlap;
    double worst = 0;
    for (int channel = 0; channel < shape.channels; ++channel) {
        for (int batch = 0; batch < shape.batch; ++batch) {
            const auto& out = together.output("out", batch, channel);
            for (int frame = 0; frame < frames; ++frame) {
                const double in = frame < latency ? 0 : double(S(noise(frame - latency, batch, channel)));
                worst = std::max(worst, std::abs(double(out[std::size_t(frame)]) - in));
            }
        }
    }
    return worst;
}

class EveryForm : public testing::TestWithParam<Form> {};

TEST_P(EveryForm, UnchangedBinsGiveTheSignalBackAsLateAsDeclared) {
    EXPECT_LT(worst_after_round_trip<float>(GetParam(), {1, 1}), 1e-6); // -120 dB
    EXPECT_LT(worst_after_round_trip<float>(GetParam(), {3, 1}), 1e-6);
    EXPECT_LT(worst_after_round_trip<double>(GetParam(), {1, 1}), 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Spectral, EveryForm, testing::ValuesIn(fitting_forms()),
                         [](const auto& info) { return text(info.param); });

TEST(Spectral, EveryLaneOfAWideNodeComesBack) {
    for (const Shape shape : {Shape{16, 1}, Shape{21, 1}, Shape{1, 3}, Shape{5, 2}}) {
        EXPECT_LT(worst_after_round_trip<float>({256, 4, "hann"}, shape), 1e-6)
            << shape.batch << ", " << shape.channels;
    }
}

// The token that leaves fft from frame `at` on, as numbers.
std::vector<std::complex<double>> bins_at(const Node<double>& node, const Form& form, int at) {
    const auto& out = node.output("out");
    const auto begin = std::size_t(at * form.overlap);
    std::vector<std::complex<double>> bins;
    for (int k = 0; k < form.size / 2; ++k) {
        bins.emplace_back(out[begin + std::size_t(2 * k)], out[begin + std::size_t(2 * k + 1)]);
    }
    bins.emplace_back(bins[0].imag(), 0);
    bins[0] = bins[0].real();
    return bins;
}

class EverySize : public testing::TestWithParam<int> {};

TEST_P(EverySize, BinsAreThoseOfTheDefinition) {
    const Form form{GetParam(), 2, "sqrt_hann"};
    const int size = form.size;
    auto node = spectral<double>("fft", form);
    node.input("in", noise).run(2 * size);
    const auto bins = bins_at(node, form, size);
    const double scale = std::numbers::pi / size; // 2 / (size mean)
    for (int k = 0; k <= size / 2; k += std::max(1, size / 128)) {
        std::complex<double> sum = 0;
        for (int n = 0; n < size; ++n) {
            const double turns = double((std::int64_t(k) * n) % size) / size;
            sum += std::polar(noise(n, 0, 0) * std::sin(std::numbers::pi * n / size), -2 * std::numbers::pi * turns);
        }
        EXPECT_LT(std::abs(bins[std::size_t(k)] - scale * sum), 1e-13) << "bin " << k;
    }
}

INSTANTIATE_TEST_SUITE_P(Spectral, EverySize, testing::Values(64, 128, 256, 512, 1024, 2048, 4096, 8192));

TEST(Spectral, ASineInTheMiddleOfABinIsAsLargeThereAsItsAmplitude) {
    for (const char* window : {"sqrt_hann", "hann", "hamming", "blackman"}) {
        const Form form{512, 8, window};
        auto node = spectral<double>("fft", form);
        node.input("in", [](std::int64_t frame, int, int) {
            return 0.5 * std::sin(2 * std::numbers::pi * 40 * double(frame) / 512);
        });
        node.run(1024);
        EXPECT_NEAR(std::abs(bins_at(node, form, 512)[40]), 0.5, 1e-4) << window;
    }
}

TEST(Spectral, ALaneThatBeginsAnewLosesTheTokenOfWhichItHasAPart) {
    const Form form{64, 4, "sqrt_hann"};
    const auto run = [&](bool token_is_there) {
        auto node = spectral<float>("ifft", form);
        // One token, on frames 32 to 48; its lane begins anew at frame 40.
        node.input("in",
                   [&](std::int64_t index, int, int) { return token_is_there && index >= 4 * 32 && index < 4 * 48; });
        node.run(40).reset(0, 0, 0);
        return node.run(200).output("out");
    };
    EXPECT_EQ(run(true), run(false));
}

// Bins that are all 1, through spectral_gain.
std::vector<double> response(const Form& form, const std::function<void(Node<double>&)>& set) {
    auto node = spectral<double>("spectral_gain", form);
    node.input("in", [](std::int64_t index, int, int) { return index % 2 == 0 ? 1 : 0; });
    set(node);
    node.run(form.size / form.overlap);
    std::vector<double> bins;
    for (int k = 0; k < form.size / 2; ++k) {
        bins.push_back(node.output("out")[std::size_t(2 * k)]);
    }
    return bins;
}

TEST(Spectral, GainLeavesEveryBitAloneUntilItIsTurned) {
    const Form form{256, 4, "sqrt_hann"};
    for (const double rate : {8000.0, 192000.0}) {
        Node<float> node("spectral_gain", {5, 1}, rate);
        node.option("size", form.size).option("overlap", form.overlap).input("in", noise).run(1000);
        for (int batch = 0; batch < 5; ++batch) {
            for (std::size_t i = 0; i < 4000; ++i) {
                ASSERT_EQ(node.output("out", batch)[i], float(noise(std::int64_t(i), batch, 0)));
            }
        }
    }
}

TEST(Spectral, GainKeepsTheBandBetweenItsCuts) {
    const Form form{1024, 4, "sqrt_hann"};
    const double width = kRate / form.size;
    const auto bins =
        response(form, [&](auto& node) { node.set("low_cut", 10 * width).set("high_cut", 20.25 * width); });
    for (int k = 0; k < form.size / 2; ++k) {
        const double expected = k < 10 || k > 21 ? 0 : k == 21 ? 0.25 : 1;
        EXPECT_NEAR(bins[std::size_t(k)], expected, 1e-12) << "bin " << k;
    }
}

TEST(Spectral, GainHalvesBinsAtItsThreshold) {
    const auto bins = response({64, 2, "sqrt_hann"}, [](auto& node) { node.set("threshold", 1).set("gain", 3); });
    for (const double bin : bins) {
        EXPECT_NEAR(bin, 1.5, 1e-12);
    }
}

} // namespace
} // namespace amp::test

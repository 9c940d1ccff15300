#include "engine/limiter.h"

#include "base/floating_point.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

namespace amp::test {
namespace {

using engine::Limiter;
using Signal = std::vector<float>; // one channel

constexpr double kPi = 3.14159265358979323846;
constexpr double kTenthOfADecibel = 1.0116;
constexpr float kCeiling = 0.9F;

Signal made(std::size_t frames, const std::function<double(std::size_t)>& sample) {
    Signal signal(frames);
    for (std::size_t f = 0; f < frames; ++f) {
        signal[f] = static_cast<float>(sample(f));
    }
    return signal;
}

Signal tone(std::size_t frames, double hertz, double size, double phase = 0.1) {
    return made(frames, [=](std::size_t f) { return size * std::sin(2 * kPi * hertz * double(f) / 48000 + phase); });
}

Signal noise(std::size_t frames, double size, std::uint32_t seed = 1) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> value(-size, size);
    return made(frames, [&](std::size_t) { return value(random); });
}

// Noise without the last octave's end, where no interpolation between samples is true any more.
Signal noise_below_19_kilohertz(std::size_t frames, double size) {
    constexpr int kHalf = 60;
    const Signal white = noise(frames + 2 * kHalf, size);
    return made(frames, [&](std::size_t f) {
        double sum = 0;
        for (int k = -kHalf; k <= kHalf; ++k) {
            const double x = k * 37.0 / 48;
            const double sinc = k == 0 ? 1 : std::sin(kPi * x) / (kPi * x);
            sum += white[f + static_cast<std::size_t>(k + kHalf)] * sinc * std::pow(std::cos(kPi * k / (2 * kHalf)), 2);
        }
        return sum;
    });
}

// The channels after the limiter, which hears them in cuts of `cut(i)` frames.
std::vector<Signal> limited(std::vector<Signal> channels, const std::function<int(int)>& cut, double ceiling = kCeiling,
                            double rate = 48000) {
    const FloatingPointScope floating_point;
    Limiter limiter(static_cast<int>(channels.size()), ceiling, rate);
    const auto frames = static_cast<int>(channels.front().size());
    for (int at = 0, i = 0; at < frames; ++i) {
        const int count = std::min(frames - at, cut(i));
        std::vector<float> block;
        for (const Signal& channel : channels) {
            block.insert(block.end(), channel.begin() + at, channel.begin() + at + count);
        }
        limiter.process(block.data(), count, at, count);
        for (std::size_t c = 0; c < channels.size(); ++c) {
            std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(c) * count, count, channels[c].begin() + at);
        }
        at += count;
    }
    return channels;
}

Signal limited(const Signal& signal, double ceiling = kCeiling, double rate = 48000) {
    return limited(std::vector<Signal>{signal}, [](int) { return 64; }, ceiling, rate).front();
}

int latency() { return Limiter(1, kCeiling, 48000).latency(); }

Signal delayed(const Signal& signal, int frames) {
    Signal later(signal.size(), 0);
    std::copy(signal.begin(), signal.end() - frames, later.begin() + frames);
    return later;
}

// The highest size of the signal between and on its samples: eight times as many, by a long windowed sinc of our own.
double true_peak(const Signal& signal) {
    constexpr int kPhases = 8, kHalf = 48;
    double peak = 0;
    for (int phase = 0; phase < kPhases; ++phase) {
        double taps[2 * kHalf];
        for (int k = 0; k < 2 * kHalf; ++k) {
            const double x = k - kHalf + 1 - double(phase) / kPhases;
            const double window = std::pow(std::cos(kPi * x / (2 * kHalf)), 2);
            taps[k] = x == 0 ? 1 : std::sin(kPi * x) / (kPi * x) * window;
        }
        for (std::size_t f = 0; f + 2 * kHalf <= signal.size(); ++f) {
            double sum = 0;
            for (int k = 0; k < 2 * kHalf; ++k) {
                sum += taps[k] * signal[f + static_cast<std::size_t>(k)];
            }
            peak = std::max(peak, std::fabs(sum));
        }
    }
    return peak;
}

TEST(Limiter, PassesWhatIsBelowTheCeilingBitForBit) {
    for (const double size : {1e-30, 1e-6, 0.1, 0.5, 0.6, 0.7, 0.85, 0.895}) {
        const Signal signal = tone(20000, 700, size);
        EXPECT_EQ(limited(signal), delayed(signal, latency())) << size;
    }
}

TEST(Limiter, PassesQuietNoiseBitForBit) {
    const Signal signal = noise(20000, 0.4);
    EXPECT_EQ(limited(signal), delayed(signal, latency()));
}

TEST(Limiter, PassesTheSignalBitForBitAgainSomeTimeAfterAPeak) {
    Signal signal = tone(150000, 300, 0.5);
    for (std::size_t f = 10000; f < 10500; ++f) {
        signal[f] *= 4;
    }
    const Signal out = limited(signal), wanted = delayed(signal, latency());
    EXPECT_TRUE(std::equal(out.begin() + 130000, out.end(), wanted.begin() + 130000));
}

struct Loud {
    const char* name;
    Signal signal;
};

std::vector<Loud> loud_signals() {
    std::vector<Loud> signals;
    for (const double hertz : {50.0, 997.0, 4001.0, 9000.0, 12000.0, 14500.0, 17000.0, 20000.0}) {
        signals.push_back({"a tone", tone(6000, hertz, 2.5, kPi / 4)});
        // Just above the ceiling between the samples only.
        signals.push_back({"a tone that is high between samples", tone(6000, hertz, 0.97, kPi / 4)});
    }
    signals.push_back({"noise", noise_below_19_kilohertz(6000, 3)});
    signals.push_back({"a square", made(6000, [](std::size_t f) { return f / 37 % 2 == 0 ? 1.5 : -1.5; })});
    signals.push_back({"single peaks", made(6000, [](std::size_t f) { return f % 211 == 7 ? 5.0 : 0.01; })});
    signals.push_back({"pairs of peaks", made(6000, [](std::size_t f) { return f % 300 < 2 ? 3.0 : 0.0; })});
    signals.push_back({"a tone that begins", made(6000, [](std::size_t f) {
                           return f < 3000 ? 0.0 : 4 * std::sin(2 * kPi * 440 * double(f) / 48000);
                       })});
    signals.push_back({"a swelling tone", made(6000, [](std::size_t f) {
                           return double(f) / 1500 * std::sin(2 * kPi * 1234 * double(f) / 48000);
                       })});
    return signals;
}

TEST(Limiter, KeepsTheTruePeakBelowTheCeilingWithinATenthOfADecibel) {
    for (const double ceiling : {0.966, 0.25}) {
        for (const Loud& loud : loud_signals()) {
            EXPECT_LE(true_peak(limited(loud.signal, ceiling)), ceiling * kTenthOfADecibel)
                << loud.name << ", ceiling " << ceiling << ": "
                << 20 * std::log10(true_peak(limited(loud.signal, ceiling)) / ceiling) << " dB above";
        }
    }
}

TEST(Limiter, NeverLetsASampleThroughAboveTheCeiling) {
    for (const Loud& loud : loud_signals()) {
        const Signal out = limited(loud.signal);
        for (const float sample : out) {
            ASSERT_LE(std::fabs(sample), kCeiling * 1.000001F) << loud.name;
        }
    }
}

TEST(Limiter, IsNoQuieterThanItMustBe) {
    const Signal out = limited(tone(48000, 997, 3));
    EXPECT_GT(true_peak(Signal(out.begin() + 20000, out.end())), kCeiling * 0.98);
}

TEST(Limiter, MovesItsGainWithoutAStep) {
    Signal signal = tone(60000, 100, 0.4);
    for (std::size_t f = 20000; f < 26000; ++f) {
        signal[f] *= 8;
    }
    const Signal out = limited(signal);
    double before = 1, largest = 0;
    for (std::size_t f = 5000; f < signal.size(); ++f) {
        const double in = signal[f - static_cast<std::size_t>(latency())];
        if (std::fabs(in) > 0.05) {
            const double gain = out[f] / in;
            // Gains are only known where there is sound: over gaps the step may be as many frames longer.
            if (std::fabs(signal[f - static_cast<std::size_t>(latency()) - 1]) > 0.05) {
                largest = std::max(largest, std::fabs(gain - before));
            }
            before = gain;
        }
    }
    EXPECT_LT(largest, 1.0 / 40);
}

TEST(Limiter, GivesAllChannelsOneGain) {
    const Signal loud = tone(5000, 500, 2), quiet = tone(5000, 300, 0.2, 1);
    const auto out = limited({loud, quiet}, [](int) { return 64; });
    const Signal wanted_loud = delayed(loud, latency()), wanted_quiet = delayed(quiet, latency());
    for (std::size_t f = 1000; f < 5000; ++f) {
        ASSERT_NEAR(out[1][f] * wanted_loud[f], out[0][f] * wanted_quiet[f], 1e-6) << f;
    }
}

TEST(Limiter, GivesTheSameBitsHoweverTheStreamIsCut) {
    Signal left = noise(30000, 0.5, 3), right = noise(30000, 0.45, 4);
    for (std::size_t f = 0; f < left.size(); ++f) {
        const bool loud = f / 3000 % 3 == 1;
        left[f] *= loud ? 6 : 1;
        right[f] += f / 7000 % 2 == 1 ? 0.3F : 0;
    }
    left[12345] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<Signal> channels{left, right};
    const auto whole = limited(channels, [](int) { return 30000; });
    EXPECT_EQ(limited(channels, [](int) { return 1; }), whole);
    EXPECT_EQ(limited(channels, [](int) { return 64; }), whole);
    EXPECT_EQ(limited(channels, [](int) { return 100; }), whole);
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        std::mt19937 random(seed);
        EXPECT_EQ(limited(channels, [&](int) { return 1 + static_cast<int>(random() % 700); }), whole) << seed;
    }
}

TEST(Limiter, PutsZeroInPlaceOfWhatIsNoNumberAndCountsIt) {
    const FloatingPointScope floating_point;
    Limiter limiter(1, kCeiling, 48000);
    Signal signal = tone(2000, 500, 0.3);
    signal[100] = std::numeric_limits<float>::quiet_NaN();
    signal[101] = std::numeric_limits<float>::infinity();
    signal[102] = -std::numeric_limits<float>::infinity();
    signal[103] = 3e38F;
    Signal out = signal;
    limiter.process(out.data(), 2000, 0, 2000);
    Signal wanted = signal;
    std::fill_n(wanted.begin() + 100, 4, 0.0F);
    EXPECT_EQ(out, delayed(wanted, latency()));
    EXPECT_EQ(limiter.not_finite(), 4U);
}

class Burst : public testing::TestWithParam<double> {};

// A filter that blew up for a moment must not silence the next minute.
TEST_P(Burst, OfHugeNumbersIsOverWithinASecond) {
    for (const int length : {1, 64, 500}) {
        Signal signal = tone(130000, 500, 0.3);
        for (int f = 0; f < length; ++f) {
            signal[static_cast<std::size_t>(20000 + f)] = static_cast<float>(GetParam());
        }
        const Signal out = limited(signal);
        for (const float sample : out) {
            ASSERT_TRUE(std::isfinite(sample) && std::fabs(sample) <= kCeiling * 1.000001F);
        }
        const Signal wanted = delayed(signal, latency());
        double largest = 0;
        for (std::size_t f = 68500; f < out.size(); ++f) {
            largest = std::max(largest, std::fabs(double(out[f]) - wanted[f]));
        }
        EXPECT_LT(largest, 0.01) << length << " frames";
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Burst, testing::Values(3.0, 1e3, -1e6, 1e12, -9e29));

TEST(Limiter, TakesStandingDirectCurrentAway) {
    const Signal out = limited(made(48000 * 6, [](std::size_t f) { return f < 4800 ? 0.0 : 0.6; }));
    const auto mean = [&](std::size_t from) {
        double sum = 0;
        for (std::size_t f = from; f < from + 4800; ++f) {
            sum += out[f];
        }
        return sum / 4800;
    };
    EXPECT_NEAR(mean(48000 * 6 - 4800), 0.05, 0.01);
}

TEST(Limiter, TakesDirectCurrentAwayWithoutAClick) {
    const Signal signal =
        made(48000 * 4, [](std::size_t f) { return 0.5 + 0.2 * std::sin(2 * kPi * 100 * double(f) / 48000); });
    const Signal out = limited(signal);
    double largest = 0;
    for (std::size_t f = 1000; f < out.size(); ++f) {
        const std::size_t in = f - static_cast<std::size_t>(latency());
        const double step = (double(out[f]) - out[f - 1]) - (double(signal[in]) - signal[in - 1]);
        largest = std::max(largest, std::fabs(step));
    }
    EXPECT_LT(largest, 1e-4);
}

TEST(Limiter, LeavesASmallDirectCurrentAndLowTonesAsTheyAre) {
    const Signal offset = made(96000, [](std::size_t) { return 0.045; });
    EXPECT_EQ(limited(offset), delayed(offset, latency()));
    const Signal bass = tone(96000, 20, 0.8);
    EXPECT_EQ(limited(bass), delayed(bass, latency()));
}

TEST(Limiter, WorksAtEverySampleRate) {
    for (const double rate : {8000.0, 11025.0, 44100.0, 96000.0, 192000.0, 768000.0}) {
        const Signal loud = made(20000, [&](std::size_t f) { return 3 * std::sin(2 * kPi * 0.02 * double(f)); });
        const Signal quiet = made(20000, [&](std::size_t f) { return 0.3 * std::sin(2 * kPi * 0.02 * double(f)); });
        EXPECT_LE(true_peak(limited(loud, kCeiling, rate)), kCeiling * kTenthOfADecibel) << rate;
        EXPECT_EQ(limited(quiet, kCeiling, rate), delayed(quiet, Limiter(1, kCeiling, rate).latency())) << rate;
    }
}

TEST(Limiter, IsAboutAMillisecondLate) {
    EXPECT_EQ(latency(), 48);
    EXPECT_EQ(Limiter(2, kCeiling, 96000).latency(), 96);
}

} // namespace
} // namespace amp::test

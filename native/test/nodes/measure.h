// Measurements of signals, all in double with libm: independent of the engine's own arithmetic.
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

namespace amp::test {

inline double decibels(double ratio) { return 20 * std::log10(ratio); }

inline double cents(double ratio) { return 1200 * std::log2(ratio); }

// Four-term Blackman-Harris: side lobes 92 dB down from 4 bins on.
// Source: F. Harris, "On the use of windows for harmonic analysis with the discrete Fourier transform", 1978.
inline double blackman_harris(std::size_t i, std::size_t length) {
    const double turn = 2 * std::numbers::pi * (double(i) + 0.5) / double(length);
    return 0.35875 - 0.48829 * std::cos(turn) + 0.14128 * std::cos(2 * turn) - 0.01168 * std::cos(3 * turn);
}

// The Fourier transform at one frequency, in cycles a frame.
template <class S>
inline std::complex<double> transform_at(std::span<const S> signal, double cycles) {
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < signal.size(); ++i) {
        const double turns = cycles * double(i);
        sum += double(signal[i]) * std::polar(1.0, -2 * std::numbers::pi * (turns - std::floor(turns)));
    }
    return sum;
}

// Amplitude and phase of a sinusoid of that frequency, by a windowed transform.
template <class S>
inline std::complex<double> amplitude_at(std::span<const S> signal, double cycles) {
    std::vector<double> windowed(signal.size());
    double weight = 0;
    for (std::size_t i = 0; i < signal.size(); ++i) {
        const double window = blackman_harris(i, signal.size());
        windowed[i] = window * double(signal[i]);
        weight += window;
    }
    return transform_at(std::span<const double>(windowed), cycles) * (2 / weight);
}

// The frequency of the sinusoid near `expected` hertz: the slope of its phase between the ends of the signal. Windows
// that lie further and further apart find it without mistaking a turn.
template <class S>
inline double measured_frequency(std::span<const S> signal, double expected, double sample_rate) {
    const std::size_t window = std::size_t(8 * sample_rate / expected);
    double frequency = expected;
    for (std::size_t apart = window / 4; apart + window <= signal.size(); apart *= 2) {
        const double cycles = expected / sample_rate;
        const double first = std::arg(amplitude_at(signal.subspan(0, window), cycles));
        const double second = std::arg(amplitude_at(signal.subspan(apart, window), cycles));
        const double turns = (second - first) / (2 * std::numbers::pi);
        // The second window counts its phase from its own first frame.
        const double estimate = frequency / sample_rate * double(apart);
        frequency = (turns + std::round(estimate - turns)) / double(apart) * sample_rate;
    }
    return frequency;
}

// In place; the length is a power of two.
inline void fast_transform(std::vector<std::complex<double>>& values) {
    const std::size_t length = values.size();
    for (std::size_t i = 1, reversed = 0; i < length; ++i) {
        std::size_t bit = length >> 1;
        for (; reversed & bit; bit >>= 1) {
            reversed ^= bit;
        }
        reversed |= bit;
        if (i < reversed) {
            std::swap(values[i], values[reversed]);
        }
    }
    for (std::size_t half = 1; half < length; half *= 2) {
        for (std::size_t k = 0; k < half; ++k) {
            const auto turn = std::polar(1.0, -std::numbers::pi * double(k) / double(half));
            for (std::size_t at = k; at < length; at += 2 * half) {
                const auto odd = turn * values[at + half];
                values[at + half] = values[at] - odd;
                values[at] += odd;
            }
        }
    }
}

// Amplitudes of the bins 0 to half the length, windowed by Blackman-Harris; the length is a power of two.
template <class S>
inline std::vector<double> spectrum(std::span<const S> signal) {
    std::vector<std::complex<double>> values(signal.size());
    double weight = 0;
    for (std::size_t i = 0; i < signal.size(); ++i) {
        const double window = blackman_harris(i, signal.size());
        values[i] = window * double(signal[i]);
        weight += window;
    }
    fast_transform(values);
    std::vector<double> amplitudes(signal.size() / 2 + 1);
    for (std::size_t bin = 0; bin < amplitudes.size(); ++bin) {
        amplitudes[bin] = std::abs(values[bin]) * 2 / weight;
    }
    return amplitudes;
}

} // namespace amp::test

// What a node type says of itself, as constant data. The schema, the checks, the docs and the screens read only this.
#pragma once

#include "node/spectral_form.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace amp {

// A short list inside a constant: too many items do not compile.
template <class T, std::size_t Capacity>
struct FixedList {
    std::array<T, Capacity> items{};
    std::size_t count = 0;

    constexpr FixedList() = default;
    template <class... Items>
        requires(sizeof...(Items) > 0 && sizeof...(Items) <= Capacity)
    constexpr FixedList(Items... given) : items{T{given}...}, count(sizeof...(Items)) {}

    constexpr const T* begin() const { return items.data(); }
    constexpr const T* end() const { return items.data() + count; }
    constexpr std::size_t size() const { return count; }
    constexpr const T& operator[](std::size_t i) const { return items[i]; }
};

// How the shapes (batch, channels) of a node's taps follow from each other.
enum class ShapeRule : std::uint8_t {
    elementwise, // every tap and parameter has the node's shape
    sum,         // inputs (b, c) are summed over b; outputs (1, c)
    output,      // as sum; the channels are the option `channels`
    pan,         // inputs and parameters (b, 1); outputs (b, 2)
    voices,      // no inputs; outputs (option `voices`, 1)
};

// What an input tap gives while nothing is there: unconnected, before the start, behind a closed gate.
enum class Absent : std::uint8_t { use_default, hold, optional };

enum class Unit : std::uint8_t { none, hertz, seconds, ratio, octaves, turns };

// How a control's travel maps to the parameter's range.
enum class Curve : std::uint8_t { linear, exponential };

struct TapDeclaration {
    std::string_view name;
    std::string_view group;
    std::string_view purpose;
    Absent absent = Absent::use_default;
    double default_value = 0;
    bool spectral = false; // carries spectra, in the form that the first options of its node say
};

struct ParameterDeclaration {
    std::string_view name;
    std::string_view purpose;
    Unit unit = Unit::none;
    double minimum = 0;
    double maximum = 1;
    double default_value = 0;
    Curve curve = Curve::linear;
};

// A choice made in the patch that cannot change while the plan runs: one of `choices`, or a whole number.
struct OptionDeclaration {
    std::string_view name;
    std::string_view purpose;
    FixedList<std::string_view, 12> choices{};
    double minimum = 0;
    double maximum = 0;
    double default_value = 0;
    bool power_of_two = false; // no other whole number fits
};

// dT/dt = gain * power_in - (T - ambient) / tau. Gain in degrees per second at full-scale power, tau in seconds.
struct ThermalDeclaration {
    double gain = 1;
    double tau = 10;
};

inline constexpr double kEndless = -1;

struct Declaration {
    std::string_view purpose;
    std::string_view source; // where the formula comes from
    ShapeRule shape = ShapeRule::elementwise;
    bool envelope = false; // its end ends a voice
    FixedList<TapDeclaration, 8> inputs{};
    FixedList<TapDeclaration, 8> outputs{};
    FixedList<ParameterDeclaration, 8> parameters{};
    FixedList<OptionDeclaration, 4> options{};
    int latency = 0;                                    // frames
    double tail = 0;                                    // seconds until silence in has become silence out, or kEndless
    SpectralFrames spectral_latency{}, spectral_tail{}; // of a spectral type, besides these
    ThermalDeclaration thermal{};
    std::string_view not_differentiable{}; // the reason, or empty

    // Whether it has taps that carry spectra.
    constexpr bool is_spectral() const {
        for (const auto* taps : {&inputs, &outputs}) {
            for (const TapDeclaration& tap : *taps) {
                if (tap.spectral) {
                    return true;
                }
            }
        }
        return false;
    }
    // Its latency with these options, in frames.
    constexpr int latency_of(std::span<const double> values) const {
        return is_spectral() ? latency + spectral_latency.of(spectral_form(values)) : latency;
    }
    // The shape of one of its taps that has the shape `shape` but for spectra.
    constexpr Shape shape_of(const TapDeclaration& tap, Shape shape, std::span<const double> values) const {
        return tap.spectral ? spectral_shape(shape, spectral_form(values)) : shape;
    }
};

} // namespace amp

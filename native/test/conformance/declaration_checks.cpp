// What a type says of itself is whole, and makes sense.
#include "conformance/check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace amp::test {
namespace {

bool is_name(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !text.empty() && text.front() >= 'a' && text.front() <= 'z' && std::ranges::all_of(text, is_letter);
}

// 1a, 1b, 2a, ...
bool is_group(std::string_view text) {
    return text.size() == 2 && text[0] >= '1' && text[0] <= '9' && text[1] >= 'a' && text[1] <= 'z';
}

bool is_sentence(std::string_view text) { return text.size() >= 5 && text.back() == '.'; }

bool is_float(double value) { return std::abs(value) <= double(std::numeric_limits<float>::max()); }

Fault find_in_tap(const TapDeclaration& tap) {
    if (!is_name(tap.name)) {
        return fault("a tap is called \"", tap.name, "\": a word in small letters fits");
    }
    if (!is_group(tap.group)) {
        return fault("tap ", tap.name, ": group \"", tap.group, "\": 1a, 1b, 2a, ... fit");
    }
    if (!is_sentence(tap.purpose)) {
        return fault("tap ", tap.name, ": its purpose is no sentence");
    }
    return is_float(tap.default_value) ? Fault{} : fault("tap ", tap.name, ": its default is no float");
}

Fault find_in_taps(const NodeType& type) {
    const Declaration& declared = *type.declaration;
    if (declared.outputs.size() == 0) {
        return "it has no output";
    }
    std::set<std::string_view> names;
    for (const auto* taps : {&declared.inputs, &declared.outputs}) {
        for (const TapDeclaration& tap : *taps) {
            if (const Fault found = find_in_tap(tap)) {
                return found;
            }
            if (!names.insert(tap.name).second) {
                return fault("two taps are called ", tap.name);
            }
        }
    }
    return {};
}

Fault find_in_parameter(const ParameterDeclaration& parameter) {
    const auto [low, high, usual] = std::tuple{parameter.minimum, parameter.maximum, parameter.default_value};
    if (!is_name(parameter.name)) {
        return fault("a parameter is called \"", parameter.name, "\": a word in small letters fits");
    }
    if (!is_sentence(parameter.purpose)) {
        return fault("parameter ", parameter.name, ": its purpose is no sentence");
    }
    if (!is_float(low) || !is_float(high) || !(low < high)) {
        return fault("parameter ", parameter.name, ": ", low, " to ", high, " is no range of floats");
    }
    if (!(low <= usual && usual <= high)) {
        return fault("parameter ", parameter.name, ": its default ", usual, " lies outside of ", low, " to ", high);
    }
    if (parameter.curve == Curve::exponential && low < 0) {
        return fault("parameter ", parameter.name, ": no exponential curve begins at ", low);
    }
    const bool is_time = parameter.unit == Unit::hertz || parameter.unit == Unit::seconds;
    return is_time && low < 0 ? fault("parameter ", parameter.name, ": a time or frequency of ", low) : Fault{};
}

Fault find_in_option(const OptionDeclaration& option) {
    if (!is_name(option.name) || !is_sentence(option.purpose)) {
        return fault("option \"", option.name, "\": its name or its purpose is missing");
    }
    const double count = double(option.choices.size());
    const double low = count > 0 ? 0 : option.minimum, high = count > 0 ? count - 1 : option.maximum;
    const double usual = option.default_value;
    return low <= usual && usual <= high && std::floor(usual) == usual
               ? Fault{}
               : fault("option ", option.name, ": its default ", usual, " is none of its choices");
}

// A patch writes parameters and options side by side, and an edge names an input or a parameter.
Fault find_in_settings(const NodeType& type) {
    const Declaration& declared = *type.declaration;
    std::set<std::string_view> keys{"type", "batch", "voices_of", "thermal", "slew", "taps"};
    std::set<std::string_view> targets;
    for (const TapDeclaration& tap : declared.inputs) {
        targets.insert(tap.name);
    }
    for (const ParameterDeclaration& parameter : declared.parameters) {
        if (const Fault found = find_in_parameter(parameter)) {
            return found;
        }
        if (!keys.insert(parameter.name).second || !targets.insert(parameter.name).second) {
            return fault("parameter ", parameter.name, ": something else is called so");
        }
    }
    for (const OptionDeclaration& option : declared.options) {
        if (const Fault found = find_in_option(option)) {
            return found;
        }
        if (!keys.insert(option.name).second) {
            return fault("option ", option.name, ": something else is called so");
        }
    }
    return {};
}

Fault find_in_words(const NodeType& type) {
    const Declaration& declared = *type.declaration;
    if (!is_name(type.name)) {
        return fault("it is called \"", type.name, "\": a word in small letters fits");
    }
    if (!is_sentence(declared.purpose)) {
        return "its purpose is no sentence";
    }
    if (!is_sentence(declared.source)) {
        return "it does not say where its formula comes from";
    }
    return declared.not_differentiable.empty() || is_sentence(declared.not_differentiable)
               ? Fault{}
               : Fault{"why it is not differentiable is no sentence"};
}

Fault find_in_thermal(const NodeType& type) {
    const auto [gain, tau] = type.declaration->thermal;
    return std::isfinite(gain) && gain >= 0 && std::isfinite(tau) && tau > 0
               ? Fault{}
               : fault("a thermal gain of ", gain, " and a time of ", tau, " s: at least 0, and more than 0, fit");
}

// Whether the shape's rule fits the taps.
Fault find_in_shape(const NodeType& type) {
    const Declaration& declared = *type.declaration;
    if (declared.shape == ShapeRule::voices && declared.inputs.size() > 0) {
        return "voices come from events, and it has inputs";
    }
    return declared.envelope && declared.inputs.size() == 0 ? Fault{"an envelope has no input"} : Fault{};
}

constexpr Check kChecks[] = {
    {"ItsWordsAreWhole", find_in_words},
    {"EveryTapHasANameAGroupAndAPurpose", find_in_taps},
    {"EveryParameterAndOptionIsWhole", find_in_settings},
    {"ItsHeatIsPossible", find_in_thermal},
    {"ItsShapeFitsItsTaps", find_in_shape},
};

} // namespace

std::span<const Check> declaration_checks() { return kChecks; }

} // namespace amp::test

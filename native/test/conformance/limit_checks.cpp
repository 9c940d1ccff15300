// Every parameter at its limits and beyond them.
#include "conformance/setting.h"
#include "plan/description.h"
#include "support/plan_align.h"
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/stream.h"

#include <limits>

namespace amp::test {
namespace {

// A node whose batch lanes are the corners of all ranges; one of two channels at both ends where lanes are channels.
template <class S>
Node<S> node_at_corners(const NodeType& type, int draw, double rate) {
    const Declaration& declaration = *type.declaration;
    const int corners = lanes_are_channels(type) ? 2 : 1 << declaration.parameters.size();
    const Setting setting{shape_of_lanes(type, corners), Scene{draw}, Steadiness::all_constant, kStandingStill, rate};
    auto node = node_in<S>(type, setting);
    for (std::size_t i = 0; i < declaration.parameters.size(); ++i) {
        const auto& parameter = declaration.parameters[i];
        node.set(parameter.name, [parameter, i](std::int64_t, int batch, int channel) {
            const bool is_high = channel == 1 || (batch >> i & 1) != 0;
            return is_high ? parameter.maximum : parameter.minimum;
        });
    }
    return node;
}

template <class S>
Fault find_not_finite(const Node<S>& node) {
    return in_every_output_lane(node, [&](std::size_t tap, int batch, int channel) -> Fault {
        const auto& made = node.output(tap, batch, channel);
        for (std::size_t f = 0; f < made.size(); ++f) {
            if (!std::isfinite(made[f])) {
                return fault("frame ", f, " is ", made[f]);
            }
        }
        return {};
    });
}

Fault ends_of_ranges(const NodeType& type) {
    return in_both_precisions([&]<class S>() -> Fault {
        for (const double rate : {8000.0, 44100.0, 48000.0, 192000.0}) {
            for (int draw = 0; draw < 12; ++draw) {
                if (const Fault found = find_not_finite(node_at_corners<S>(type, draw, rate).run(2000))) {
                    return fault("at ", rate, " Hz, draw ", draw, ": ", *found);
                }
            }
        }
        return {};
    });
}

// Whatever enters a type that promises finite outputs.
Fault promised_finite(const NodeType& type) {
    return in_both_precisions([&]<class S>() -> Fault {
        if (!type.always_finite) {
            return {};
        }
        using Limits = std::numeric_limits<S>;
        for (const S bad : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), Limits::max()}) {
            for (int draw = 0; draw < 12; ++draw) {
                auto node = node_at_corners<S>(type, draw, 48000);
                for (const TapDeclaration& tap : type.declaration->inputs) {
                    node.input(tap.name, [bad](std::int64_t frame, int, int) {
                        return random_number(frame) < 0.2 ? double(bad) : random_number(frame, 1) - 0.5;
                    });
                }
                if (const Fault found = find_not_finite(node.run(1000))) {
                    return fault("inputs of ", bad, ", draw ", draw, ": ", *found);
                }
            }
        }
        return {};
    });
}

// How a parameter comes to stand at one end of its range.
enum class Way { written, driven, set };

// What a patch of the type alone makes, fed with noise, with one parameter at an end of its range or driven beyond it.
std::vector<float> heard_at_limit(const NodeType& type, std::size_t index, bool is_high, Way way) {
    constexpr int kFrames = 600;
    constexpr double kFar = 1e30;
    const ParameterDeclaration& parameter = type.declaration->parameters[index];
    const std::string name(parameter.name);
    const double end = is_high ? parameter.maximum : parameter.minimum;
    PlanBuilder builder;
    NodeSettings settings;
    if (type.declaration->shape == ShapeRule::output) {
        settings.options["channels"] = 1;
    }
    if (way == Way::written) {
        settings.parameters[name] = {{end}};
    }
    // What is between signals and spectra; short windows, so that something comes of them.
    const std::map<std::string, double> form{{"size", 64}, {"overlap", 2}};
    if (type.declaration->is_spectral()) {
        settings.options.insert(form.begin(), form.end());
    }
    for (const TapDeclaration& tap : type.declaration->inputs) {
        builder.node("noise_" + std::string(tap.name), "noise");
        if (tap.spectral) {
            builder.node("fft_" + std::string(tap.name), "fft", {.options = form});
        }
    }
    builder.node("far", "constant", {.parameters = {{"value", {{is_high ? 1.0 : -1.0}}}}});
    builder.node("tested", std::string(type.name), settings);
    for (const TapDeclaration& tap : type.declaration->inputs) {
        const std::string input(tap.name);
        if (tap.spectral) {
            builder.edge("noise_" + input, "fft_" + input);
        }
        builder.edge((tap.spectral ? "fft_" : "noise_") + input, "tested." + input);
    }
    if (way == Way::driven) {
        builder.edge("far", "tested." + name, {.gain = {kFar}});
    }
    if (type.declaration->shape != ShapeRule::output) {
        builder.node("out", "output");
        for (const TapDeclaration& tap : type.declaration->outputs) {
            const std::string output(tap.name);
            if (tap.spectral) {
                builder.node("ifft_" + output, "ifft", {.options = form}).edge("tested." + output, "ifft_" + output);
            }
            builder.edge((tap.spectral ? "ifft_" : "tested.") + output, "out", {.gain = {0.01}});
        }
    }
    std::vector<amp_event> events;
    if (way == Way::set) {
        const auto beyond = static_cast<float>(is_high ? kFar : -kFar);
        events.push_back(set_parameter(0, builder.index("tested"), static_cast<std::uint32_t>(index), beyond));
    }
    plan::Description plan = builder.build();
    align_latencies(plan);
    return rendered(encode(plan).bytes, kFrames, events);
}

Fault beyond_limits(const NodeType& type) {
    for (std::size_t i = 0; i < type.declaration->parameters.size(); ++i) {
        for (const bool is_high : {false, true}) {
            const auto at_it = heard_at_limit(type, i, is_high, Way::written);
            for (const auto& [way, words] : {std::pair{Way::driven, "modulated"}, std::pair{Way::set, "set"}}) {
                if (!same_bits(at_it, heard_at_limit(type, i, is_high, way))) {
                    return fault("parameter ", type.declaration->parameters[i].name, ", ", words, " beyond its ",
                                 is_high ? "maximum" : "minimum", ": it sounds otherwise than there");
                }
            }
        }
    }
    return {};
}

constexpr Check kChecks[] = {
    {"TheEndsOfAllRangesGiveFiniteOutput", ends_of_ranges},
    {"BeyondItsLimitsAParameterIsAtThem", beyond_limits},
    {"OutputThatIsPromisedToBeFiniteIsFiniteWhateverEnters", promised_finite},
};

} // namespace

std::span<const Check> limit_checks() { return kChecks; }

} // namespace amp::test

// How late a type answers, how long it rings on, and that silence is silence.
#include "conformance/setting.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace amp::test {
namespace {

bool is_envelope(const NodeType& type) { return type.declaration->envelope; }

// A lane for each combination of the ends and the defaults of all parameters; at most 81, or 2 channels.
int settings_of_parameters(const NodeType& type) {
    if (lanes_are_channels(type)) {
        return 3;
    }
    int lanes = 1;
    for (std::size_t i = 0; i < std::min<std::size_t>(4, type.declaration->parameters.size()); ++i) {
        lanes *= 3;
    }
    return lanes;
}

// Lane 0 has all defaults. Where lanes are channels, lanes 1 and 2 have all minima and all maxima.
template <class S>
Node<S> node_of_settings(const NodeType& type, int draw) {
    const Declaration& declared = *type.declaration;
    const Setting setting{shape_of_lanes(type, settings_of_parameters(type)), Scene{draw}, Steadiness::all_constant};
    auto node = node_in<S>(type, setting);
    int place = 1;
    for (std::size_t i = 0; i < declared.parameters.size(); ++i) {
        const ParameterDeclaration& parameter = declared.parameters[i];
        node.set(parameter.name, [=](std::int64_t, int batch, int channel) {
            const int which = channel > 0 ? channel : batch / place % 3;
            return which == 0 ? parameter.default_value : which == 1 ? parameter.minimum : parameter.maximum;
        });
        place = i < 3 ? place * 3 : 1 << 20;
    }
    return node;
}

// Its latency, and its tail, in frames.
template <class S>
std::int64_t latency_of(const Node<S>& node) {
    return node.type().declaration->latency_of(node.options());
}
template <class S>
std::int64_t tail_of(const Node<S>& node) {
    const Declaration& declared = *node.type().declaration;
    const int of_spectra = declared.is_spectral() ? declared.spectral_tail.of(spectral_form(node.options())) : 0;
    return std::int64_t(std::ceil(declared.tail * 48000)) + of_spectra;
}

// Before `onset` nothing enters; then something that never changes its sign, in one input alone.
template <class S>
Node<S> answering(const NodeType& type, int draw, std::size_t input, std::int64_t onset, std::int64_t frames) {
    auto node = node_of_settings<S>(type, draw);
    for (std::size_t i = 0; i < type.declaration->inputs.size(); ++i) {
        const TapDeclaration& tap = type.declaration->inputs[i];
        node.input(tap.name, [=, values = node.values_of(tap)](std::int64_t value, int, int) {
            return i == input && value >= onset * values ? 0.4 + 0.5 * random_number(value) : 0;
        });
    }
    return node.run(frames);
}

// Smaller answers are roundings of a transform.
constexpr double kAnswer = 1e-9;

// Frames from the onset to the first answer of any output lane, of those that were silent before.
std::optional<std::int64_t> least_latency(const NodeType& type, std::size_t input) {
    std::optional<std::int64_t> least;
    const std::int64_t length = type.declaration->latency + 2000;
    for (int draw = 0; draw < 4; ++draw) {
        for (const std::int64_t onset : {200, 256, 300}) {
            const auto node = answering<double>(type, draw, input, onset, onset + length);
            in_every_output_lane(node, [&](std::size_t tap, int batch, int channel) -> Fault {
                const auto& made = node.output(tap, batch, channel);
                const auto first = std::ranges::find_if(made, [](double y) { return std::abs(y) > kAnswer; });
                const std::int64_t found = first - made.begin() - onset;
                if (first != made.end() && found >= 0) {
                    least = std::min(least.value_or(found), found);
                }
                return {};
            });
        }
    }
    return least;
}

// The frame in which the first answer comes of what enters with frame `onset`: a token is of the frames before it, and
// is heard when it is whole. Nothing is of a frame before the first.
std::int64_t answer_of_spectra(const TapDeclaration& in, const TapDeclaration& out, const SpectralForm& form,
                               std::int64_t onset) {
    const std::int64_t token = onset / form.hop() * form.hop();
    if (in.spectral == out.spectral) {
        return onset;
    }
    return in.spectral ? std::max<std::int64_t>(0, token - form.size) : token + form.hop();
}

// In each form: the first answer is in the hop in which it is to come, for windows may begin with silence.
Fault latency_of_spectra(const NodeType& type) {
    const Declaration& declared = *type.declaration;
    for (int draw = 0; draw < 8; ++draw) {
        for (const std::int64_t onset : {200, 256, 300}) {
            const SpectralForm form = spectral_form(node_of_settings<double>(type, draw).options());
            const auto node = answering<double>(type, draw, 0, onset, onset + 2 * form.size + 4 * form.hop());
            const auto& made = node.output(0, 0, 0);
            const auto first = std::ranges::find_if(made, [](double y) { return std::abs(y) > kAnswer; });
            const std::int64_t found = (first - made.begin()) / node.values_of_output(0);
            const std::int64_t expected =
                latency_of(node) + answer_of_spectra(declared.inputs[0], declared.outputs[0], form, onset);
            if (found < expected || found >= expected + form.hop()) {
                return fault("draw ", draw, ": size ", form.size, ", overlap ", form.overlap, ": what enters at frame ",
                             onset, " is to be answered from frame ", expected, " on, and is at ", found);
            }
        }
    }
    return {};
}

Fault latency(const NodeType& type) {
    const Declaration& declared = *type.declaration;
    if (declared.inputs.size() == 0) {
        return declared.latency == 0 ? Fault{} : Fault{"nothing enters it, and it declares a latency"};
    }
    if (declared.is_spectral()) {
        return latency_of_spectra(type);
    }
    std::optional<std::int64_t> least;
    for (std::size_t i = 0; i < declared.inputs.size(); ++i) {
        if (const auto found = least_latency(type, i)) {
            least = std::min(least.value_or(*found), *found);
        }
    }
    if (!least) {
        return fault("it declares a latency of ", declared.latency, " frames, and nothing answers what enters it");
    }
    return *least == declared.latency
               ? Fault{}
               : fault("it declares a latency of ", declared.latency, " frames, and answers after ", *least);
}

constexpr std::int64_t kEnd = 3000; // of what enters

// Noise until kEnd, and the given number of frames of silence after it.
template <class S>
Node<S> ringing(const NodeType& type, int draw, std::int64_t silence) {
    auto node = node_of_settings<S>(type, draw);
    for (std::size_t i = 0; i < type.declaration->inputs.size(); ++i) {
        node.input(type.declaration->inputs[i].name,
                   [=, values = node.values_of(type.declaration->inputs[i]), input = Scene::input(int(i))](
                       std::int64_t value, int b, int c) { return value < kEnd * values ? input(value, b, c) : 0; });
    }
    return node.run(kEnd + silence);
}

bool tells_its_tail(const NodeType& type) {
    return type.declaration->inputs.size() > 0 && type.declaration->tail != kEndless && !is_envelope(type);
}

// With its parameters at their defaults.
Fault silence_after_tail(const NodeType& type) {
    return in_both_precisions([&]<class S>() -> Fault {
        for (int draw = 0; tells_its_tail(type) && draw < 4; ++draw) {
            const auto quiet = node_of_settings<S>(type, draw);
            const std::int64_t tail = latency_of(quiet) + tail_of(quiet);
            const auto node = ringing<S>(type, draw, tail + 500);
            const Fault found = in_every_output_lane(node, [&](std::size_t output, int batch, int channel) -> Fault {
                const bool is_default = batch == 0 && (channel == 0 || !lanes_are_channels(type));
                const auto& made = node.output(output, batch, channel);
                const int values = node.values_of_output(output);
                for (std::size_t f = std::size_t((kEnd + tail) * values); is_default && f < made.size(); ++f) {
                    if (made[f] != 0) {
                        return fault(made[f], " comes ", std::int64_t(f) / values - kEnd,
                                     " frames after the last input, and ", tail, " are declared");
                    }
                }
                return {};
            });
            if (found) {
                return fault("draw ", draw, ": ", *found);
            }
        }
        return {};
    });
}

// With some parameters it sounds for half of its tail at least; a type without inputs has none.
Fault tail_is_needed(const NodeType& type) {
    const bool has_tail = type.declaration->tail != 0 || type.declaration->spectral_tail.of({}) != 0;
    if (!has_tail || type.declaration->tail == kEndless) {
        return {};
    }
    if (!tells_its_tail(type)) {
        return "it declares a tail, and nothing enters it or its end is that of its envelope";
    }
    std::int64_t longest = 0;
    for (int draw = 0; draw < 4; ++draw) {
        const auto quiet = node_of_settings<float>(type, draw);
        const std::int64_t half = latency_of(quiet) + tail_of(quiet) / 2;
        longest = std::max(longest, tail_of(quiet));
        const auto node = ringing<float>(type, draw, half + 200);
        const Fault sounds = in_every_output_lane(node, [&](std::size_t tap, int batch, int channel) -> Fault {
            const auto& made = node.output(tap, batch, channel);
            const auto from = made.begin() + (kEnd + half) * node.values_of_output(tap);
            return std::any_of(from, made.end(), [](float y) { return y != 0; }) ? Fault{"it sounds"} : Fault{};
        });
        if (sounds) {
            return {};
        }
    }
    return fault("it declares a tail of up to ", longest,
                 " frames, and is silent after half of it whatever its parameters are");
}

Fault no_denormals(const NodeType& type) {
    return in_both_precisions([&]<class S>() -> Fault {
        for (int draw = 0; draw < 4; ++draw) {
            const auto node = ringing<S>(type, draw, 3000);
            const Fault found = in_every_output_lane(node, [&](std::size_t tap, int batch, int channel) -> Fault {
                const auto& made = node.output(tap, batch, channel);
                for (std::size_t f = 0; f < made.size(); ++f) {
                    if (std::fpclassify(made[f]) == FP_SUBNORMAL) {
                        return fault("frame ", f, " is ", made[f]);
                    }
                }
                return {};
            });
            if (found) {
                return fault("draw ", draw, ": ", *found);
            }
        }
        return {};
    });
}

constexpr Check kChecks[] = {
    {"ItAnswersAfterItsDeclaredLatency", latency},
    {"SilenceInIsSilenceOutAfterItsTail", silence_after_tail},
    {"ItsTailIsNeeded", tail_is_needed},
    {"NothingIsDenormal", no_denormals},
};

} // namespace

std::span<const Check> time_checks() { return kChecks; }

} // namespace amp::test

// Settings that a type of any declaration can be put into: shapes, options, inputs and parameters.
#pragma once

#include "conformance/check.h"
#include "nodes/node_fixture.h"

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace amp::test {

// A value for everything that the type declares: options from `draw`, inputs and parameters that wander.
struct Scene {
    int draw = 0;

    double option(const OptionDeclaration& declared, int index) const {
        const double choices = double(declared.choices.size());
        const double low = choices > 0 ? 0 : declared.minimum;
        const double high = choices > 0 ? choices - 1 : declared.maximum;
        if (declared.power_of_two) {
            const double doublings = std::log2(high / low);
            return low * std::exp2(std::floor(random_number(draw, index, 11) * (doublings + 1)));
        }
        return low + std::floor(random_number(draw, index, 11) * (high - low + 1));
    }
    // Noise, held for a while and then thrown about, so that gates open and close.
    static Signal input(int index) {
        return [index](std::int64_t frame, int batch, int channel) {
            const double held = random_number(frame / 211, batch, channel, index) < 0.5 ? -0.5 : 0.5;
            return held + 0.6 * (random_number(frame, batch, channel, index) - 0.5);
        };
    }
    // All of the range, and more often its lower end, in steps of `hold` frames.
    static Signal parameter(const ParameterDeclaration& declared, int index, int hold) {
        return [declared, index, hold](std::int64_t frame, int batch, int channel) {
            double travel = random_number(frame / hold, batch, channel, index, 7);
            travel *= travel * travel;
            return declared.curve == Curve::exponential && declared.minimum > 0
                       ? declared.minimum * std::pow(declared.maximum / declared.minimum, travel)
                       : declared.minimum + (declared.maximum - declared.minimum) * travel;
        };
    }
};

inline constexpr int kStandingStill = 1 << 30;

inline Signal of_lane(Signal signal, int batch, int channel) {
    return [signal = std::move(signal), batch, channel](std::int64_t frame, int, int) {
        return signal(frame, batch, channel);
    };
}

// Whether the lanes of a type are channels: its batch is summed.
inline bool lanes_are_channels(const NodeType& type) {
    return type.declaration->shape == ShapeRule::sum || type.declaration->shape == ShapeRule::output;
}

// A node of so many lanes, as batch or as channels.
inline Shape shape_of_lanes(const NodeType& type, int lanes) {
    return lanes_are_channels(type) ? Shape{1, lanes} : Shape{lanes, 1};
}

// The shapes that a type can have, from one lane to more than the widest tile.
inline std::vector<Shape> shapes_of(const NodeType& type) {
    switch (type.declaration->shape) {
    case ShapeRule::sum:
    case ShapeRule::output:
        return {{1, 1}, {1, 2}, {1, 6}, {1, 16}, {1, 37}};
    case ShapeRule::pan:
    case ShapeRule::voices:
        return {{1, 1}, {2, 1}, {3, 1}, {7, 1}, {16, 1}, {83, 1}};
    default:
        return {{1, 1}, {2, 1}, {3, 1}, {5, 1}, {1, 2}, {3, 3}, {16, 1}, {83, 1}, {20, 2}};
    }
}

inline std::uint64_t seed_of(int batch, int channel) {
    return std::uint64_t(random_number(batch, channel, 5) * 0x1p53);
}

// Which parameters are handed over as constants.
enum class Steadiness { all_constant, mixed, all_modulated };

struct Setting {
    Shape shape{};
    Scene scene{};
    Steadiness mode = Steadiness::mixed;
    int hold = 50; // frames between two values of a parameter
    double rate = 48000;

    bool is_constant(int parameter) const {
        return mode == Steadiness::all_constant || (mode == Steadiness::mixed && (scene.draw + parameter) % 2 == 0);
    }
    Signal parameter(const ParameterDeclaration& declared, int index) const {
        return Scene::parameter(declared, index + 100 * scene.draw, is_constant(index) ? kStandingStill : hold);
    }
    std::string text() const {
        std::ostringstream out;
        out << "shape (" << shape.batch << ", " << shape.channels << "), draw " << scene.draw << ", mode " << int(mode)
            << ", hold " << hold;
        return out.str();
    }
};

// A node of the type in the setting, with its lanes begun.
template <class S>
Node<S> node_in(const NodeType& type, const Setting& setting) {
    Node<S> node(type, setting.shape, setting.rate);
    const Declaration& declaration = *type.declaration;
    for (int i = 0; i < int(declaration.options.size()); ++i) {
        const auto& option = declaration.options[std::size_t(i)];
        node.option(option.name, setting.scene.option(option, i));
    }
    for (int i = 0; i < int(declaration.inputs.size()); ++i) {
        node.input(declaration.inputs[std::size_t(i)].name, Scene::input(i));
    }
    for (int i = 0; i < int(declaration.parameters.size()); ++i) {
        const auto& parameter = declaration.parameters[std::size_t(i)];
        const Signal signal = setting.parameter(parameter, i);
        setting.is_constant(i) ? node.set(parameter.name, signal) : node.modulate(parameter.name, signal);
    }
    for (int channel = 0; channel < setting.shape.channels; ++channel) {
        for (int batch = 0; batch < setting.shape.batch; ++batch) {
            node.reset(batch, channel, seed_of(batch, channel));
        }
    }
    // Lanes whose state the engine writes have something to say.
    if (declaration.shape == ShapeRule::voices) {
        for (int row = 0; row < node.state_rows(); ++row) {
            for (int batch = 0; batch < setting.shape.batch; ++batch) {
                node.state(row, batch, 0) = S(random_number(row, batch));
            }
        }
    }
    return node;
}

// The lane (batch, channel) of a setting as a node of its own.
template <class S>
Node<S> lane_alone(const NodeType& type, Setting setting, int batch, int channel) {
    setting.shape = {1, 1};
    auto node = node_in<S>(type, setting);
    const Declaration& declaration = *type.declaration;
    for (int i = 0; i < int(declaration.inputs.size()); ++i) {
        node.input(declaration.inputs[std::size_t(i)].name, of_lane(Scene::input(i), batch, channel));
    }
    for (int i = 0; i < int(declaration.parameters.size()); ++i) {
        const auto& parameter = declaration.parameters[std::size_t(i)];
        const Signal signal = of_lane(setting.parameter(parameter, i), batch, channel);
        setting.is_constant(i) ? node.set(parameter.name, signal) : node.modulate(parameter.name, signal);
    }
    node.reset(0, 0, seed_of(batch, channel));
    if (declaration.shape == ShapeRule::voices) {
        for (int row = 0; row < node.state_rows(); ++row) {
            node.state(row, 0, 0) = S(random_number(row, batch));
        }
    }
    return node;
}

template <class S>
bool same_bits(const std::vector<S>& a, const std::vector<S>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(S)) == 0;
}

// The first fault that find(tap, batch, channel) gives for any lane of any output.
template <class S, class Find>
Fault in_every_output_lane(const Node<S>& node, Find&& find) {
    const auto& outputs = node.type().declaration->outputs;
    for (std::size_t tap = 0; tap < outputs.size(); ++tap) {
        for (int channel = 0; channel < node.output_shape().channels; ++channel) {
            for (int batch = 0; batch < node.output_shape().batch; ++batch) {
                if (const Fault found = find(tap, batch, channel)) {
                    return fault(outputs[tap].name, ", lane (", batch, ", ", channel, "): ", *found);
                }
            }
        }
    }
    return {};
}

template <class S>
Fault find_difference(const Node<S>& a, const Node<S>& b) {
    return in_every_output_lane(a, [&](std::size_t tap, int batch, int channel) -> Fault {
        const auto& one = a.output(tap, batch, channel);
        const auto& other = b.output(tap, batch, channel);
        for (std::size_t f = 0; f < one.size() && f < other.size(); ++f) {
            if (std::memcmp(&one[f], &other[f], sizeof(S)) != 0) {
                return fault("frame ", f, " is ", one[f], " or ", other[f]);
            }
        }
        return {};
    });
}

// The first fault of find(setting), over every shape, several draws of the options, constant and wandering parameters.
template <class Find>
Fault in_every_setting(const NodeType& type, Find&& find) {
    for (const Shape shape : shapes_of(type)) {
        for (int draw = 0; draw < 3; ++draw) {
            for (const auto mode : {Steadiness::all_constant, Steadiness::mixed, Steadiness::all_modulated}) {
                for (const int hold : {1, 170}) {
                    const Setting setting{shape, Scene{draw}, mode, hold};
                    if (const Fault found = find(setting)) {
                        return fault(setting.text(), ": ", *found);
                    }
                }
            }
        }
    }
    return {};
}

} // namespace amp::test

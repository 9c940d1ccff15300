// The way back of each type agrees with finite differences, with no line of code for any of them.
#include "base/floating_point.h"
#include "node/backward.h"
#include "node/spectral_form.h"
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace amp {

// Built from docs/node_contract.md.
extern const NodeType node_type_dc_block;

} // namespace amp

namespace amp::test {
namespace {

constexpr double kStep = 3e-7;   // of a finite difference, relative
constexpr double kMargin = 2e-6; // from what is not smooth
constexpr double kRate = 48000;

using Values = std::vector<double>;

// What enters a tap or a parameter: frames of lanes, or one frame that stands.
struct Signal {
    Values values;
    bool is_constant = false;
    bool in_turns = false;
    int alike = 1; // frames in a row that move in the same direction
    const double* frame(int f, int lanes) const { return values.data() + (is_constant ? 0 : f * lanes); }
};

// A type in a random setting, everything that it is given, and a random sum over everything that it gives.
class Setting {
public:
    Setting(const NodeType& type, Shape shape, int draw) : type_(type), shape_(shape), draw_(draw) {
        const Declaration& declared = *type.declaration;
        for (std::size_t i = 0; i < declared.options.size(); ++i) {
            options_.push_back(choice_of(declared.options[i], random_number(draw, i, 11)));
        }
        if (is_spectral(declared)) {
            const auto window = static_cast<SpectralWindow>(static_cast<int>(options_[2]));
            options_[1] = std::max(options_[1], double(window_shape(window).least_overlap));
            frames_ = 400; // longer than the longest window and its hop
        }
        for (std::size_t i = 0; i < declared.inputs.size(); ++i) {
            lanes_of_.push_back(lanes_of(declared.inputs[i]));
            given_.push_back(filled(false, lanes_of_.back(), [&](int f, int lane) {
                const double held = random_number(f / 37, lane, i, draw) < 0.5 ? -0.5 : 0.5;
                return held + 0.6 * (random_number(f, lane, i, draw) - 0.5);
            }));
        }
        for (std::size_t i = 0; i < declared.parameters.size(); ++i) {
            const auto& parameter = declared.parameters[i];
            const int hold = random_number(draw, i, 21) < 0.5 ? frames_ : 1 + int(random_number(draw, i, 22) * 40);
            lanes_of_.push_back(lanes());
            given_.push_back(filled(random_number(draw, i, 23) < 0.4, lanes(), [&](int f, int lane) {
                const double travel = 0.03 + 0.94 * random_number(f / hold, lane, i, draw, 7);
                return may_be_absent(parameter) && random_number(draw, i, 24) < 0.3 ? 0 : inside(parameter, travel);
            }));
            given_.back().in_turns = parameter.unit == Unit::turns;
            given_.back().alike = may_be_absent(parameter) ? hold : 1;
        }
        for (const TapDeclaration& tap : declared.outputs) {
            const Shape whole = declared.shape == ShapeRule::pan ? Shape{shape.batch, 2} : shape;
            output_shapes_.push_back(declared.shape_of(tap, whole, options_));
        }
        for (int at = 0, cut = 0; at < frames_; at += cut) {
            cut = std::min({frames_ - at, 1 + int(random_number(draw, at, 31) * 80), kTickFrames - at % kTickFrames});
            cuts_.push_back(cut);
        }
    }

    std::size_t given() const { return given_.size(); }
    std::string name(std::size_t index) const {
        const auto& inputs = type_.declaration->inputs;
        return std::string(index < inputs.size() ? inputs[index].name
                                                 : type_.declaration->parameters[index - inputs.size()].name);
    }

    // The sum for what is given, of which one thing is moved by `step` in its direction; nothing where it is not
    // smooth.
    std::optional<long double> sum(std::size_t moved = 0, double step = 0) {
        std::vector<Signal> given = given_;
        for (std::size_t i = 0; i < given[moved].values.size(); ++i) {
            given[moved].values[i] += step * direction(moved, i);
        }
        std::vector<double> state = first_state();
        long double sum = 0;
        int at = 0;
        bool smooth = true;
        squares_ = 0;
        for (const int frames : cuts_) {
            std::vector<Values> out = outputs(frames);
            auto firing = firing_of(given, out, state, at, frames);
            const auto is_smooth = type_.in_double.is_smooth;
            smooth = smooth && (is_smooth == nullptr || is_smooth(firing.firing, kMargin));
            type_.in_double.forward(firing.firing);
            for (std::size_t tap = 0; tap < out.size(); ++tap) {
                for (std::size_t i = 0; i < out[tap].size(); ++i) {
                    const double by = weight(tap, at * output_lanes(tap) + int(i)), value = out[tap][i];
                    sum += by * value;
                    squares_ += by * by * (1 + value * value); // a small value may come from ones of about 1
                }
            }
            at += frames;
        }
        return smooth ? std::optional(sum) : std::nullopt;
    }

    // What rounding of the outputs makes of a finite difference of the sum.
    double noise() const { return 8 * 0x1p-53 * std::sqrt(squares_) / kStep; }

    // The derivative of the sum along the direction of each thing that is given, by the way back.
    std::vector<double> derivatives() {
        std::vector<std::vector<double>> states{first_state()};
        int at = 0;
        for (const int frames : cuts_) {
            std::vector<double> state = states.back();
            std::vector<Values> out = outputs(frames);
            auto firing = firing_of(given_, out, state, at, frames);
            type_.in_double.forward(firing.firing);
            states.push_back(state);
            at += frames;
        }
        std::vector<double> by_state(states.front().size(), 0.0), found(given_.size(), 0.0);
        for (std::size_t c = cuts_.size(); c-- > 0;) {
            const int frames = cuts_[c];
            at -= frames;
            std::vector<Values> none = outputs(0);
            std::vector<double> state = states[c];
            const auto heard = std::size_t(type_.rows_for_backward(options_) * lanes());
            std::fill(state.begin() + std::ptrdiff_t(heard), state.end(), NAN);
            auto firing = firing_of(given_, none, state, at, frames);
            firing.firing.outputs = {};
            BackwardFiring<double> back;
            back.forward = firing.firing;
            std::vector<Values> by_outputs = outputs(frames);
            std::vector<Block<const double>> output_blocks;
            for (std::size_t tap = 0; tap < by_outputs.size(); ++tap) {
                for (std::size_t i = 0; i < by_outputs[tap].size(); ++i) {
                    by_outputs[tap][i] = weight(tap, at * output_lanes(tap) + int(i));
                }
                output_blocks.push_back({by_outputs[tap].data(), output_lanes(tap)});
            }
            back.output_gradients = output_blocks;
            std::vector<Values> by_given;
            std::vector<Block<double>> blocks;
            for (const int width : lanes_of_) {
                Values& values = by_given.emplace_back(std::size_t(frames * width), 0.0);
                blocks.push_back({values.data(), width});
            }
            const std::size_t inputs = type_.declaration->inputs.size();
            back.input_gradients = std::span(blocks).first(inputs);
            back.parameter_gradients = std::span(blocks).subspan(inputs);
            back.state_gradients = by_state.data();
            Values memory(std::size_t(frames * type_.kept_rows * lanes()));
            back.memory = memory;
            type_.in_double.backward(back);
            for (std::size_t g = 0; g < given_.size(); ++g) {
                const int width = lanes_of_[g];
                for (int f = 0; f < frames; ++f) {
                    for (int lane = 0; lane < width; ++lane) {
                        const int place = given_[g].is_constant ? lane : (at + f) * width + lane;
                        found[g] += by_given[g][std::size_t(f * width + lane)] * direction(g, std::size_t(place));
                    }
                }
            }
        }
        return found;
    }

private:
    struct Called {
        std::vector<Block<const double>> in;
        std::vector<Block<double>> out;
        Values work;
        Firing<double> firing;
    };

    int lanes() const { return shape_.lanes(); }
    int lanes_of(const TapDeclaration& tap) const { return type_.declaration->shape_of(tap, shape_, options_).lanes(); }
    int output_lanes(std::size_t tap) const { return output_shapes_[tap].lanes(); }

    static bool is_spectral(const Declaration& declared) {
        const auto spectral = [](const TapDeclaration& tap) { return tap.spectral; };
        return std::ranges::any_of(declared.inputs, spectral) || std::ranges::any_of(declared.outputs, spectral);
    }
    // Of powers of two not the long ones, which would say nothing in so few frames.
    static double choice_of(const OptionDeclaration& option, double travel) {
        const double choices = double(option.choices.size());
        if (option.power_of_two) {
            const double low = std::log2(option.minimum), high = std::log2(std::min(option.maximum, 128.0));
            return std::exp2(low + std::floor(travel * (high - low + 1)));
        }
        const double low = choices > 0 ? 0 : option.minimum, high = choices > 0 ? choices - 1 : option.maximum;
        return low + std::floor(travel * (high - low + 1));
    }

    template <class Value>
    Signal filled(bool is_constant, int lanes, Value&& value) const {
        Signal signal{Values(std::size_t(lanes * (is_constant ? 1 : frames_))), is_constant};
        for (std::size_t i = 0; i < signal.values.size(); ++i) {
            signal.values[i] = value(int(i) / lanes, int(i) % lanes);
        }
        return signal;
    }
    // Limits that are none at 0.
    static bool may_be_absent(const ParameterDeclaration& declared) {
        return declared.minimum == 0 && declared.default_value == 0 && declared.maximum >= 1000;
    }
    // A value that a performer might choose.
    static double inside(const ParameterDeclaration& declared, double travel) {
        const double low = declared.minimum, high = declared.maximum;
        if (may_be_absent(declared)) {
            return high * std::pow(0.1 + 0.9 * travel, 9);
        }
        if (declared.unit == Unit::turns || high - low > 1000000) {
            return 2 * travel - 1;
        }
        if (declared.curve == Curve::exponential || declared.unit == Unit::hertz) {
            const double power = declared.unit == Unit::hertz ? 4 : 6;
            return low > 0 ? low * std::pow(high / low, travel) : high * std::pow(0.1 + 0.9 * travel, power);
        }
        return low + (high - low) * travel;
    }
    double direction(std::size_t given, std::size_t place) const {
        const double value = std::abs(given_[given].values[place]);
        const double size = given_[given].in_turns ? std::min(value, 0.1) : value == 0 ? 0 : value + 1e-3;
        const auto width = std::size_t(lanes_of_[given]);
        const std::size_t run = place / width / std::size_t(given_[given].alike);
        return size * (2 * random_number(run * width + place % width, given, draw_, 41) - 1);
    }
    // Only lanes that are there count.
    double weight(std::size_t tap, int place) const {
        const Shape shape = output_shapes_[tap];
        const int lane = place % shape.lanes();
        const bool is_there = lane % shape.batch_stride() < shape.batch && lane / shape.batch_stride() < shape.channels;
        return is_there ? 2 * random_number(place, tap, draw_, 51) - 1 : 0;
    }
    std::vector<double> first_state() const {
        std::vector<double> state(std::size_t(type_.state_rows(options_) * lanes()));
        if (type_.in_double.seed_lane != nullptr) {
            for (int lane = 0; lane < lanes(); ++lane) {
                type_.in_double.seed_lane(state.data(), lanes(), lane, std::uint64_t(lane));
            }
        }
        return state;
    }
    std::vector<Values> outputs(int frames) const {
        std::vector<Values> outputs;
        for (const Shape shape : output_shapes_) {
            outputs.emplace_back(std::size_t(frames * shape.lanes()));
        }
        return outputs;
    }
    Called firing_of(const std::vector<Signal>& given, std::vector<Values>& out, std::vector<double>& state, int at,
                     int frames) const {
        Called called;
        for (std::size_t i = 0; i < given.size(); ++i) {
            called.in.push_back({given[i].frame(at, lanes_of_[i]), given[i].is_constant ? 0 : lanes_of_[i]});
        }
        for (std::size_t tap = 0; tap < out.size(); ++tap) {
            called.out.push_back({out[tap].data(), output_lanes(tap)});
        }
        called.work.resize(type_.work_values(options_, lanes()));
        const std::size_t inputs = type_.declaration->inputs.size();
        Firing<double>& firing = called.firing;
        firing.frame = at;
        firing.frames = frames;
        firing.lanes = lanes();
        firing.shape = shape_;
        firing.sample_rate = kRate;
        firing.inputs = std::span(called.in).first(inputs);
        firing.parameters = std::span(called.in).subspan(inputs);
        firing.outputs = called.out;
        firing.options = options_;
        firing.work = called.work.data();
        firing.state_data = reinterpret_cast<std::byte*>(state.data());
        firing.state_stride = lanes();
        firing.channel_stride = shape_.batch_stride();
        return called;
    }

    const NodeType& type_;
    const Shape shape_;
    const int draw_;
    int frames_ = 150;
    std::vector<double> options_;
    std::vector<Signal> given_;
    std::vector<int> lanes_of_; // of each that is given
    std::vector<Shape> output_shapes_;
    std::vector<int> cuts_;
    double squares_ = 0; // of the terms of the newest sum
};

std::vector<Shape> shapes_of(const NodeType& type) {
    switch (type.declaration->shape) {
    case ShapeRule::sum:
    case ShapeRule::output:
        return {{1, 1}, {1, 2}, {1, 6}};
    case ShapeRule::pan:
    case ShapeRule::voices:
        return {{1, 1}, {3, 1}, {20, 1}};
    case ShapeRule::elementwise:
        break;
    }
    return {{1, 1}, {3, 1}, {20, 1}, {2, 2}};
}

std::vector<const NodeType*> all_types() { return {node_types().begin(), node_types().end()}; }

std::vector<const NodeType*> types_with_a_way_back() {
    std::vector<const NodeType*> types = all_types();
    std::erase_if(types, [](const NodeType* type) { return type->in_double.backward == nullptr; });
    return types;
}

std::string name_of(const testing::TestParamInfo<const NodeType*>& type) { return std::string(type.param->name); }

class Backward : public testing::TestWithParam<const NodeType*> {};
class WayBack : public testing::TestWithParam<const NodeType*> {};

TEST_P(Backward, AgreesWithFiniteDifferences) {
    const NodeType& type = *GetParam();
    const FloatingPointScope scope;
    constexpr int kDraws = 60;
    int refused = 0, judged = 0;
    for (int draw = 0; draw < kDraws; ++draw) {
        for (const Shape shape : shapes_of(type)) {
            Setting setting(type, shape, draw);
            const std::vector<double> derivatives = setting.derivatives();
            for (std::size_t g = 0; g < setting.given(); ++g) {
                const auto slope = [&](double steps) -> std::optional<double> {
                    const auto ahead = setting.sum(g, steps * kStep), back = setting.sum(g, -steps * kStep);
                    if (!ahead || !back) {
                        return std::nullopt;
                    }
                    return double((*ahead - *back) / (2 * steps * kStep));
                };
                const auto near = slope(1), far = slope(2);
                const double share = 1e-6 * std::max(std::abs(derivatives[g]), near ? std::abs(*near) : 0);
                const double most = share + setting.noise();
                // Where a difference depends on its step it says nothing.
                if (!near || !far || std::abs(*near - *far) > most) {
                    ++refused;
                    continue;
                }
                ++judged;
                // Both differences go into this, with 4/3 and 1/3 of their noise; the far one has half of it.
                ASSERT_LE(std::abs((4 * *near - *far) / 3 - derivatives[g]), share + 1.5 * setting.noise())
                    << setting.name(g) << ": " << derivatives[g] << " instead of " << *near << ", shape ("
                    << shape.batch << ", " << shape.channels << "), draw " << draw;
            }
        }
    }
    EXPECT_LE(refused, (judged + refused) / 10);
}

TEST_P(WayBack, IsThereOrTheDeclarationSaysWhyNot) {
    const NodeType& type = *GetParam();
    EXPECT_NE(type.in_double.backward == nullptr, type.declaration->not_differentiable.empty());
    EXPECT_EQ(type.in_double.backward == nullptr, type.in_float.backward == nullptr);
}

// Gradients of a node in which nothing but silence is, and everything stands as its type declares.
template <class S>
bool is_finite_in_silence(const NodeType& type) {
    const FloatingPointScope scope;
    const Declaration& declared = *type.declaration;
    const Shape shape{1, declared.shape == ShapeRule::output ? 2 : 1};
    constexpr int kSilentFrames = 64, kWidth = 64; // values of a frame, more than any tap here has
    std::vector<double> options;
    for (const OptionDeclaration& option : declared.options) {
        options.push_back(option.default_value);
    }
    const auto lanes = static_cast<std::size_t>(shape.lanes());
    std::vector<S> state(static_cast<std::size_t>(type.state_rows(options)) * lanes), by_state(state.size(), S(1));
    if (type.kernels<S>().seed_lane != nullptr) {
        type.kernels<S>().seed_lane(state.data(), shape.lanes(), 0, 1);
    }
    const std::vector<S> silence(kSilentFrames * kWidth), ones(kSilentFrames * kWidth, S(1));
    std::vector<std::vector<S>> bases, found;
    std::vector<Block<const S>> inputs, parameters, by_outputs;
    std::vector<Block<S>> by_inputs, by_parameters;
    const auto room = [&]() -> Block<S> { return {found.emplace_back(kSilentFrames * kWidth).data(), kWidth}; };
    for ([[maybe_unused]] const auto& input : declared.inputs) {
        inputs.push_back({silence.data(), kWidth});
        by_inputs.push_back(room());
    }
    for (const auto& parameter : declared.parameters) {
        bases.emplace_back(kWidth, static_cast<S>(parameter.default_value));
        parameters.push_back({bases.back().data(), 0});
        by_parameters.push_back(room());
    }
    for ([[maybe_unused]] const auto& output : declared.outputs) {
        by_outputs.push_back({ones.data(), kWidth});
    }
    std::vector<S> work(type.work_values(options, shape.lanes()));
    std::vector<S> memory(kSilentFrames * static_cast<std::size_t>(type.kept_rows) * lanes);
    BackwardFiring<S> back;
    back.forward.frames = kSilentFrames;
    back.forward.lanes = shape.lanes();
    back.forward.shape = shape;
    back.forward.sample_rate = kRate;
    back.forward.inputs = inputs;
    back.forward.parameters = parameters;
    back.forward.options = options;
    back.forward.work = work.data();
    back.forward.state_data = reinterpret_cast<std::byte*>(state.data());
    back.forward.state_stride = shape.lanes();
    back.forward.channel_stride = shape.batch_stride();
    back.output_gradients = by_outputs;
    back.input_gradients = by_inputs;
    back.parameter_gradients = by_parameters;
    back.state_gradients = by_state.data();
    back.memory = memory;
    type.kernels<S>().backward(back);
    return std::ranges::all_of(found, [](const std::vector<S>& values) {
        return std::ranges::all_of(values, [](S value) { return std::isfinite(value); });
    });
}

TEST_P(Backward, OfSilenceIsFinite) {
    EXPECT_TRUE(is_finite_in_silence<float>(*GetParam()));
    EXPECT_TRUE(is_finite_in_silence<double>(*GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Types, Backward, testing::ValuesIn(types_with_a_way_back()), name_of);
INSTANTIATE_TEST_SUITE_P(OfTheTypeThatIsDocumented, Backward, testing::Values(&node_type_dc_block), name_of);
INSTANTIATE_TEST_SUITE_P(AllTypes, WayBack, testing::ValuesIn(all_types()), name_of);

} // namespace
} // namespace amp::test

// What holds for every registered type, with no line of code for any of them.
#include "nodes/node_fixture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <tuple>

namespace amp::test {
namespace {

// A setting for everything that the type declares: options from `draw`, inputs and parameters that wander.
struct Scene {
    int draw = 0;

    double option(const OptionDeclaration& declared, int index) const {
        const double choices = double(declared.choices.size());
        const double low = choices > 0 ? 0 : declared.minimum;
        const double high = choices > 0 ? choices - 1 : declared.maximum;
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

constexpr int kStandingStill = 1 << 30;

Signal of_lane(Signal signal, int batch, int channel) {
    return [signal = std::move(signal), batch, channel](std::int64_t frame, int, int) {
        return signal(frame, batch, channel);
    };
}

// The shapes that a type can have, from one lane to more than the widest tile.
std::vector<Shape> shapes_of(const NodeType& type) {
    switch (type.declaration->shape) {
    case ShapeRule::sum:
    case ShapeRule::output:
        return {{1, 1}, {1, 2}, {1, 6}, {1, 37}};
    case ShapeRule::pan:
    case ShapeRule::voices:
        return {{1, 1}, {2, 1}, {3, 1}, {7, 1}, {83, 1}};
    case ShapeRule::elementwise:
        break;
    }
    return {{1, 1}, {2, 1}, {3, 1}, {5, 1}, {1, 2}, {3, 3}, {83, 1}, {20, 2}};
}

std::uint64_t seed_of(int batch, int channel) { return std::uint64_t(random_number(batch, channel, 5) * 0x1p53); }

enum class Steadiness { all_constant, mixed, all_modulated };

// A node of the type in a random setting; mode says which parameters are handed over as constants. Values wander only
// where `hold` is short.
template <class S>
Node<S> node_in(const NodeType& type, Shape shape, const Scene& scene, Steadiness mode, int hold, double rate = 48000) {
    Node<S> node(type.name, shape, rate);
    const Declaration& declaration = *type.declaration;
    for (int i = 0; i < int(declaration.options.size()); ++i) {
        node.option(declaration.options[std::size_t(i)].name, scene.option(declaration.options[std::size_t(i)], i));
    }
    for (int i = 0; i < int(declaration.inputs.size()); ++i) {
        node.input(declaration.inputs[std::size_t(i)].name, Scene::input(i));
    }
    for (int i = 0; i < int(declaration.parameters.size()); ++i) {
        const auto& parameter = declaration.parameters[std::size_t(i)];
        const bool constant =
            mode == Steadiness::all_constant || (mode == Steadiness::mixed && (scene.draw + i) % 2 == 0);
        if (constant) {
            node.set(parameter.name, Scene::parameter(parameter, i + 100 * scene.draw, kStandingStill));
        } else {
            node.modulate(parameter.name, Scene::parameter(parameter, i + 100 * scene.draw, hold));
        }
    }
    for (int channel = 0; channel < shape.channels; ++channel) {
        for (int batch = 0; batch < shape.batch; ++batch) {
            node.reset(batch, channel, seed_of(batch, channel));
        }
    }
    // Lanes whose state the engine writes have something to say.
    if (declaration.shape == ShapeRule::voices) {
        for (int row = 0; row < type.state_rows; ++row) {
            for (int batch = 0; batch < shape.batch; ++batch) {
                node.state(row, batch, 0) = S(random_number(row, batch));
            }
        }
    }
    return node;
}

template <class S>
bool same_bits(const std::vector<S>& a, const std::vector<S>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(S)) == 0;
}

template <class S>
testing::AssertionResult same_outputs(const Node<S>& a, const Node<S>& b) {
    for (std::size_t tap = 0; tap < a.type().declaration->outputs.size(); ++tap) {
        for (int channel = 0; channel < a.output_shape().channels; ++channel) {
            for (int batch = 0; batch < a.output_shape().batch; ++batch) {
                if (!same_bits(a.output(tap, batch, channel), b.output(tap, batch, channel))) {
                    return testing::AssertionFailure()
                           << "tap " << tap << ", batch " << batch << ", channel " << channel;
                }
            }
        }
    }
    return testing::AssertionSuccess();
}

class Law : public testing::TestWithParam<std::tuple<const NodeType*, bool>> {
protected:
    // Calls check.operator()<S>(type) for the precision of this case.
    template <class Check>
    void in_its_precision(Check&& check) {
        const auto& [type, in_double] = GetParam();
        if (in_double) {
            check.template operator()<double>(*type);
        } else {
            check.template operator()<float>(*type);
        }
    }
    // Calls check for settings of all kinds: every shape, several draws of the options, constant and wandering
    // parameters.
    template <class Check>
    static void in_every_setting(const NodeType& type, Check&& check) {
        for (const Shape shape : shapes_of(type)) {
            for (int draw = 0; draw < 3; ++draw) {
                for (const auto mode : {Steadiness::all_constant, Steadiness::mixed, Steadiness::all_modulated}) {
                    for (const int hold : {1, 170}) {
                        SCOPED_TRACE(testing::Message()
                                     << "shape (" << shape.batch << ", " << shape.channels << "), draw " << draw
                                     << ", mode " << int(mode) << ", hold " << hold);
                        check(shape, Scene{draw}, mode, hold);
                    }
                }
            }
        }
    }
};

TEST_P(Law, AnyCutOfTheFramesGivesTheSameBits) {
    in_its_precision([]<class S>(const NodeType& type) {
        constexpr int kFrames = 400;
        in_every_setting(type, [&](Shape shape, Scene scene, Steadiness mode, int hold) {
            const auto whole = node_in<S>(type, shape, scene, mode, hold).run(kFrames);
            const auto ragged =
                node_in<S>(type, shape, scene, mode, hold).cut(random_cuts(scene.draw, 90)).run(kFrames);
            EXPECT_TRUE(same_outputs(whole, ragged));
            const auto single = node_in<S>(type, shape, scene, mode, hold).cut(equal_cuts(1)).run(kFrames);
            EXPECT_TRUE(same_outputs(whole, single));
        });
    });
}

TEST_P(Law, ALaneInAWideNodeIsBitForBitTheLaneAlone) {
    in_its_precision([]<class S>(const NodeType& type) {
        constexpr int kFrames = 300;
        in_every_setting(type, [&](Shape shape, Scene scene, Steadiness mode, int hold) {
            const auto wide = node_in<S>(type, shape, scene, mode, hold).run(kFrames);
            for (int channel = 0; channel < shape.channels; ++channel) {
                for (int batch = 0; batch < shape.batch; ++batch) {
                    if (random_number(batch, channel, scene.draw) > 12.0 / (shape.batch * shape.channels)) {
                        continue;
                    }
                    auto alone = node_in<S>(type, {1, 1}, scene, mode, hold);
                    const Declaration& declaration = *type.declaration;
                    for (int i = 0; i < int(declaration.inputs.size()); ++i) {
                        alone.input(declaration.inputs[std::size_t(i)].name, of_lane(Scene::input(i), batch, channel));
                    }
                    for (int i = 0; i < int(declaration.parameters.size()); ++i) {
                        const auto& parameter = declaration.parameters[std::size_t(i)];
                        const bool constant = mode == Steadiness::all_constant ||
                                              (mode == Steadiness::mixed && (scene.draw + i) % 2 == 0);
                        const auto signal =
                            of_lane(Scene::parameter(parameter, i + 100 * scene.draw, constant ? kStandingStill : hold),
                                    batch, channel);
                        constant ? alone.set(parameter.name, signal) : alone.modulate(parameter.name, signal);
                    }
                    alone.reset(0, 0, seed_of(batch, channel));
                    if (declaration.shape == ShapeRule::voices) {
                        for (int row = 0; row < type.state_rows; ++row) {
                            alone.state(row, 0, 0) = S(random_number(row, batch));
                        }
                    }
                    alone.run(kFrames);
                    for (std::size_t tap = 0; tap < declaration.outputs.size(); ++tap) {
                        const int widened = alone.output_shape().channels;
                        for (int side = 0; side < widened; ++side) {
                            EXPECT_TRUE(same_bits(wide.output(tap, batch, widened == 1 ? channel : side),
                                                  alone.output(tap, 0, side)))
                                << "tap " << tap << ", batch " << batch << ", channel " << channel;
                        }
                    }
                }
            }
        });
    });
}

TEST_P(Law, AConstantParameterIsBitForBitTheSameValueInEveryFrame) {
    in_its_precision([]<class S>(const NodeType& type) {
        for (const Shape shape : shapes_of(type)) {
            for (int draw = 0; draw < 6; ++draw) {
                const auto constant =
                    node_in<S>(type, shape, Scene{draw}, Steadiness::all_constant, kStandingStill).run(400);
                for (const auto mode : {Steadiness::mixed, Steadiness::all_modulated}) {
                    const auto modulated = node_in<S>(type, shape, Scene{draw}, mode, kStandingStill).run(400);
                    EXPECT_TRUE(same_outputs(constant, modulated))
                        << "shape (" << shape.batch << ", " << shape.channels << "), draw " << draw;
                }
            }
        }
    });
}

// Every corner of the ranges is one batch lane.
TEST_P(Law, TheEndsOfAllRangesGiveFiniteOutput) {
    in_its_precision([]<class S>(const NodeType& type) {
        const Declaration& declaration = *type.declaration;
        const int corners = 1 << declaration.parameters.size();
        for (const double rate : {8000.0, 44100.0, 48000.0, 192000.0}) {
            for (int draw = 0; draw < 12; ++draw) {
                const bool lanes_are_channels = shapes_of(type).back().batch == 1;
                auto node = node_in<S>(type, lanes_are_channels ? Shape{1, 2} : Shape{corners, 1}, Scene{draw},
                                       Steadiness::all_constant, kStandingStill, rate);
                for (std::size_t i = 0; i < declaration.parameters.size(); ++i) {
                    const auto& parameter = declaration.parameters[i];
                    node.set(parameter.name, [&, i](std::int64_t, int batch, int) {
                        return (batch >> i & 1) != 0 ? parameter.maximum : parameter.minimum;
                    });
                }
                node.run(2000);
                for (std::size_t tap = 0; tap < declaration.outputs.size(); ++tap) {
                    for (int channel = 0; channel < node.output_shape().channels; ++channel) {
                        for (int batch = 0; batch < node.output_shape().batch; ++batch) {
                            for (const S value : node.output(tap, batch, channel)) {
                                ASSERT_TRUE(std::isfinite(value)) << "corner " << batch << " at " << rate;
                            }
                        }
                    }
                }
            }
        }
    });
}

TEST_P(Law, AResetLaneIsAFreshLane) {
    in_its_precision([]<class S>(const NodeType& type) {
        const Shape shape = shapes_of(type).back();
        for (int draw = 0; draw < 4; ++draw) {
            auto used = node_in<S>(type, shape, Scene{draw}, Steadiness::mixed, 50).run(500);
            const auto kept = used;
            for (int channel = 0; channel < shape.channels; ++channel) {
                used.reset(shape.batch - 1, channel, seed_of(shape.batch - 1, channel));
            }
            auto fresh = node_in<S>(type, shape, Scene{draw}, Steadiness::mixed, 50).start_at(500);
            auto undisturbed = kept;
            used.run(500);
            fresh.run(500);
            undisturbed.run(500);
            const auto second_half = [](const std::vector<S>& all) {
                return std::vector<S>(all.end() - 500, all.end());
            };
            for (std::size_t tap = 0; tap < type.declaration->outputs.size(); ++tap) {
                for (int channel = 0; channel < used.output_shape().channels; ++channel) {
                    for (int batch = 0; batch < shape.batch; ++batch) {
                        const bool was_reset = batch == shape.batch - 1;
                        const bool voices = type.declaration->shape == ShapeRule::voices;
                        if (was_reset && voices) {
                            continue; // its values come from the engine
                        }
                        EXPECT_TRUE(same_bits(second_half(used.output(tap, batch, channel)),
                                              was_reset ? fresh.output(tap, batch, channel)
                                                        : second_half(undisturbed.output(tap, batch, channel))))
                            << "tap " << tap << ", batch " << batch << ", channel " << channel;
                    }
                }
            }
        }
    });
}

TEST_P(Law, SleepingTilesChangeNothingInTheOthers) {
    in_its_precision([]<class S>(const NodeType& type) {
        const bool lanes_are_channels = shapes_of(type).back().batch == 1;
        const int channels = type.declaration->shape == ShapeRule::elementwise ? 2 : 1;
        for (const std::uint64_t awake : {0b111011, 0b000111, 0b100001}) {
            const Shape shape = lanes_are_channels ? Shape{1, 90} : Shape{90, channels};
            const auto all = node_in<S>(type, shape, Scene{1}, Steadiness::mixed, 50).run(300);
            const auto some = node_in<S>(type, shape, Scene{1}, Steadiness::mixed, 50).awake(awake).run(300);
            for (std::size_t tap = 0; tap < type.declaration->outputs.size(); ++tap) {
                for (int channel = 0; channel < all.output_shape().channels; ++channel) {
                    for (int batch = 0; batch < shape.batch; ++batch) {
                        if ((awake >> (batch / 16) & 1) != 0) {
                            EXPECT_TRUE(same_bits(all.output(tap, batch, channel), some.output(tap, batch, channel)))
                                << "tap " << tap << ", batch " << batch << ", channel " << channel;
                        }
                    }
                }
            }
        }
    });
}

INSTANTIATE_TEST_SUITE_P(EveryType, Law,
                         testing::Combine(testing::ValuesIn(node_types().begin(), node_types().end()), testing::Bool()),
                         [](const auto& info) {
                             return std::string(std::get<0>(info.param)->name) +
                                    (std::get<1>(info.param) ? "_double" : "_float");
                         });

} // namespace
} // namespace amp::test

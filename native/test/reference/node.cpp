#include "reference/node.h"

#include "base/approximation.h"
#include "base/seed.h"
#include "plan/spectral.h"
#include "plan/units.h"
#include "reference/one_sum.h"

#include <algorithm>
#include <cmath>

namespace amp::test::reference {

Node::Node(const plan::Description& plan, std::uint32_t index)
    : planned_(plan.nodes[index]),
      type_(*find_node_type(planned_.type)),
      sample_rate_(plan.stream.sample_rate),
      sums_(type_.declaration->shape == ShapeRule::sum || type_.declaration->shape == ShapeRule::output),
      seed_(plan.stream.seed),
      heat_(plan, index) {
    for (const char letter : planned_.id) {
        seed_ = mixed_seed(seed_, static_cast<unsigned char>(letter));
    }
    for (std::size_t i = 0; i < planned_.parameters.size(); ++i) {
        const plan::Parameter& parameter = planned_.parameters[i];
        const ParameterDeclaration& declared = type_.declaration->parameters[i];
        Parameter& made = parameters_.emplace_back(
            Parameter{static_cast<float>(declared.minimum), static_cast<float>(declared.maximum), {}, {}});
        // What edges feed is held in its range once they are added.
        const bool is_fed = std::ranges::any_of(plan.edges, [&](const plan::Edge& edge) {
            return edge.to_node == index && edge.target == plan::EdgeTarget::parameter && edge.to_index == i;
        });
        for (int batch = 0; batch < planned_.shape.batch; ++batch) {
            const plan::Value& base = parameter.base[parameter.base.size() == 1 ? 0 : static_cast<std::size_t>(batch)];
            const auto value = static_cast<float>(*plan::canonical(base, declared.unit, plan.stream));
            made.base.emplace_back(is_fed ? value : std::clamp(value, made.low, made.high));
        }
        made.limits = {parameter.slew.has_rate ? parameter.slew.rate : 0,
                       parameter.slew.has_acceleration ? parameter.slew.acceleration : 0,
                       parameter.slew.has_area ? parameter.slew.area : 0};
    }
    options_ = plan::option_numbers(planned_);
    for (const TapDeclaration& tap : type_.declaration->inputs) {
        input_shapes_.push_back(type_.declaration->shape_of(tap, planned_.shape, options_));
    }
    for (std::uint32_t i = 0; i < planned_.outputs.size(); ++i) {
        outputs_.push_back({planned_.outputs[i].shape, {}});
        const auto reads = [&](const auto& reader) { return reader.node == index && reader.output == i; };
        const auto carries = [&](const plan::Edge& edge) { return edge.from_node == index && edge.from_output == i; };
        is_heard_.push_back(type_.declaration->shape == ShapeRule::output || std::ranges::any_of(plan.edges, carries) ||
                            std::ranges::any_of(plan.gates, [&](const plan::Gate& gate) {
                                return std::ranges::any_of(gate.signals, reads);
                            }));
    }
    is_bad_.resize(static_cast<std::size_t>(planned_.shape.lanes()), false);
    work_.resize(type_.work_values(options_, planned_.shape.lanes()));
    state_.resize(static_cast<std::size_t>(type_.state_rows(options_) * planned_.shape.lanes()));
    for (int lane = 0; lane < planned_.shape.batch_stride(); ++lane) {
        reset_lane(lane);
    }
    if (type_.declaration->envelope && planned_.voice_group != plan::kNone) {
        ended_.resize(static_cast<std::size_t>(planned_.shape.batch), kNever);
    }
}

void Node::reset_lane(int lane) {
    for (int at = lane; at < planned_.shape.lanes(); at += planned_.shape.batch_stride()) {
        is_bad_[static_cast<std::size_t>(at)] = false;
        for (Edge* const edge : edges_) {
            edge->forget(at);
        }
        reset_state(at);
    }
}

void Node::reset_state(int at) {
    const int lanes = planned_.shape.lanes();
    for (int row = 0; row < type_.state_rows(options_); ++row) {
        state_[static_cast<std::size_t>(row * lanes + at)] = 0;
    }
    if (type_.in_float.seed_lane != nullptr) {
        type_.in_float.seed_lane(state_.data(), lanes, at, mixed_seed(seed_, static_cast<std::uint64_t>(at)));
    }
}

// A lane that is not finite, in anything that somebody hears, gives 0 until the next tick, where it begins anew.
void Node::keep_finite(std::int64_t frame, std::vector<std::vector<float>>& made) {
    const Shape shape = planned_.shape;
    for (int channel = 0; channel < shape.channels; ++channel) {
        for (int batch = 0; batch < shape.batch; ++batch) {
            const auto lane = static_cast<std::size_t>(shape.lane(batch, channel));
            std::vector<float*> values;
            for (std::size_t i = 0; i < made.size(); ++i) {
                const Shape gives = outputs_[i].shape;
                for (int side = 0; is_heard_[i] && side < gives.channels; ++side) {
                    if (side % shape.channels == channel) {
                        values.push_back(&made[i][static_cast<std::size_t>(gives.lane(batch, side))]);
                    }
                }
            }
            is_bad_[lane] =
                is_bad_[lane] || std::ranges::any_of(values, [](float* value) { return !std::isfinite(*value); });
            bad_frames_ += is_bad_[lane] ? 1 : 0;
            for (float* const value : values) {
                *value = is_bad_[lane] ? 0 : *value;
            }
            if (is_bad_[lane] && (frame + 1) % kTickFrames == 0) {
                is_bad_[lane] = false;
                reset_state(static_cast<int>(lane));
            }
        }
    }
}

void Node::set_parameter(const control::Event& event) {
    Parameter& parameter = parameters_[event.parameter];
    const control::MovementLimits asked{event.rate, event.acceleration, event.area};
    const float target = std::clamp(event.value, parameter.low, parameter.high);
    for (control::Movement& base : parameter.base) {
        base.start(target, asked.any() ? asked : parameter.limits, sample_rate_);
    }
}

void Node::apply(const control::LaneEvent& event) {
    using control::LaneEventKind;
    if (event.kind == LaneEventKind::onset) {
        reset_lane(event.lane);
        heat_.hold(event.lane, true);
    } else if (event.kind == LaneEventKind::release || event.kind == LaneEventKind::silence) {
        heat_.hold(event.lane, false);
    }
    if (type_.declaration->shape != ShapeRule::voices) {
        return;
    }
    const auto write = [&](control::VoiceRow row, float value) {
        state_[static_cast<std::size_t>(static_cast<int>(row) * planned_.shape.lanes() + event.lane)] = value;
    };
    if (event.kind == LaneEventKind::onset) {
        write(control::VoiceRow::frequency, event.frequency);
        write(control::VoiceRow::gate, 1);
        write(control::VoiceRow::velocity, event.value);
        write(control::VoiceRow::pressure, event.pressure);
        write(control::VoiceRow::timbre, event.timbre);
        write(control::VoiceRow::bend, event.bend);
    } else if (event.kind == LaneEventKind::release || event.kind == LaneEventKind::silence) {
        write(control::VoiceRow::gate, 0);
    } else if (event.kind == LaneEventKind::set) {
        write(event.row, event.value);
    }
}

// The one sum of its edges, lane by lane; where voices are summed, of all their batches.
std::vector<float> Node::input(std::uint32_t index, const Heard& heard) const {
    const Shape shape = input_shapes_[index];
    std::vector<float> lanes(static_cast<std::size_t>(shape.lanes()), 0.0F);
    for (int channel = 0; channel < shape.channels; ++channel) {
        for (int batch = 0; batch < shape.batch; ++batch) {
            std::vector<float> leaves;
            for (std::size_t e = 0; e < edges_.size(); ++e) {
                const plan::Edge& edge = edges_[e]->planned();
                if (edge.target != plan::EdgeTarget::input || edge.to_index != index) {
                    continue;
                }
                const Shape from = edges_[e]->shape();
                for (int leaf = sums_ ? 0 : batch; leaf < (sums_ ? from.batch : batch + 1); ++leaf) {
                    leaves.push_back(heard[e][static_cast<std::size_t>(from.lane(leaf, channel))]);
                }
            }
            lanes[static_cast<std::size_t>(shape.lane(batch, channel))] =
                leaves.empty() ? static_cast<float>(planned_.inputs[index].default_value) : one_sum(leaves);
        }
    }
    return lanes;
}

// The base and the one sum of what adds to it, scaled by the other edges in their order, and held in its range.
std::vector<float> Node::parameter(std::uint32_t index, const Heard& heard) {
    const Shape shape = planned_.shape;
    Parameter& parameter = parameters_[index];
    std::vector<float> lanes(static_cast<std::size_t>(shape.lanes()), 0.0F);
    for (int batch = 0; batch < shape.batch; ++batch) {
        const float base = parameter.base[static_cast<std::size_t>(batch)].next();
        for (int channel = 0; channel < shape.channels; ++channel) {
            const auto lane = static_cast<std::size_t>(shape.lane(batch, channel));
            std::vector<float> added;
            std::vector<float> factors;
            for (std::size_t e = 0; e < edges_.size(); ++e) {
                const plan::Edge& edge = edges_[e]->planned();
                if (edge.target != plan::EdgeTarget::parameter || edge.to_index != index) {
                    continue;
                }
                if (edge.scale == plan::EdgeScale::octaves) {
                    factors.push_back(power_of_two(Lanes<float, 1>(heard[e][lane])).value);
                } else if (edge.mode == plan::EdgeMode::scale) {
                    factors.push_back(heard[e][lane]);
                } else {
                    added.push_back(heard[e][lane]);
                }
            }
            float value = added.empty() ? base : base + one_sum(added);
            for (const float factor : factors) {
                value *= factor;
            }
            lanes[lane] = std::min(std::max(parameter.low, value), parameter.high);
        }
    }
    return lanes;
}

void Node::fire(std::int64_t frame) {
    const int lanes = planned_.shape.lanes();
    Heard heard;
    for (Edge* const edge : edges_) {
        heard.push_back(edge->hear(frame));
    }
    std::vector<std::vector<float>> read, made;
    for (std::uint32_t i = 0; i < planned_.inputs.size(); ++i) {
        read.push_back(input(i, heard));
        const bool is_fed = std::ranges::any_of(edges_, [&](const Edge* edge) {
            return edge->planned().target == plan::EdgeTarget::input && edge->planned().to_index == i;
        });
        if (is_fed && heat_.reduces()) {
            for (float& lane : read.back()) {
                lane *= heat_.gain(frame);
            }
        }
        if (is_fed) {
            heat_.hear(i, read.back(), frame);
        }
    }
    const float warmth = heat_.shown();
    heat_.end_frame(frame);
    for (std::uint32_t i = 0; i < planned_.parameters.size(); ++i) {
        read.push_back(parameter(i, heard));
    }
    std::vector<Block<const float>> blocks;
    for (const auto& values : read) {
        blocks.push_back({values.data(), static_cast<std::ptrdiff_t>(values.size())});
    }
    std::vector<Block<float>> outputs;
    for (const Tap& tap : std::span(outputs_).first(type_.declaration->outputs.size())) {
        made.emplace_back(static_cast<std::size_t>(tap.shape.lanes()), 0.0F);
        outputs.push_back({made.back().data(), tap.shape.lanes()});
    }
    Firing<float> firing;
    firing.frame = frame;
    firing.frames = 1;
    firing.lanes = lanes;
    firing.shape = planned_.shape;
    firing.sample_rate = sample_rate_;
    firing.inputs = std::span(blocks).first(planned_.inputs.size());
    firing.parameters = std::span(blocks).subspan(planned_.inputs.size());
    firing.outputs = outputs;
    firing.options = options_;
    firing.ended = ended_;
    firing.work = work_.data();
    firing.state_data = reinterpret_cast<std::byte*>(state_.data());
    firing.state_stride = firing.lanes;
    firing.channel_stride = firing.shape.batch_stride();
    type_.in_float.forward(firing);
    keep_finite(frame, made);
    if (outputs_.size() > outputs.size()) {
        outputs_.back().frames.push_back(warmth);
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        outputs_[i].frames.insert(outputs_[i].frames.end(), made[i].begin(), made[i].end());
    }
}

} // namespace amp::test::reference

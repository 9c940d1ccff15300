#include "engine/gradient/graph_backward.h"

#include "base/approximation.h"
#include "engine/edge_slew.h"
#include "node/backward.h"
#include "node/slew_backward.h"

#include <algorithm>
#include <map>
#include <numbers>
#include <string>

namespace amp::engine::inline AMP_PRECISION {

namespace {

std::size_t index_of(std::int64_t frame, int lanes, int lane) { return static_cast<std::size_t>(frame * lanes + lane); }

bool any_nonzero(std::span<const Sample> values) {
    return std::ranges::any_of(values, [](Sample value) { return value != 0; });
}

// What the sum got of an edge for frame `f` of a firing.
Sample signal_of(const Reader& reader, const Reading& reading, int f, int lane) {
    const RecordedValues& values = reader.recording->values;
    if (reader.slew != nullptr) {
        return *values.at(reading.followed + index_of(f, reading.lanes, lane));
    }
    const Sample gain = reading.gains ? values.at(*reading.gains)[f] : reading.gain;
    return *values.at(reading.values + index_of(f, reading.lanes, lane)) * gain;
}

bool is_fed(const GraphNode& node) {
    const auto connected = [](const Feed& feed) { return feed.connected(); };
    return std::ranges::any_of(node.inputs, connected) || std::ranges::any_of(node.parameters, connected);
}

} // namespace

std::uint64_t GraphBackward::bytes(const GraphNode& node, std::int64_t frames) {
    auto values = static_cast<std::uint64_t>(node.state_rows * node.lanes);
    for (const Wheel* wheel : node.outputs) {
        values += wheel == nullptr ? 0 : static_cast<std::uint64_t>(frames * wheel->shape.lanes());
    }
    for (const auto* feeds : {&node.inputs, &node.parameters}) {
        for (const Feed& feed : *feeds) {
            for (const Reader& reader : feed.readers) {
                const auto held = static_cast<std::uint64_t>(2 * lanes_given(reader, feed));
                values += held + (reader.slew == nullptr ? 0 : reader.slew->state().size());
            }
        }
    }
    return values * sizeof(Sample);
}

GraphBackward::GraphBackward(const Graph& graph, const plan::Description& plan,
                             std::span<const std::unique_ptr<NodeRecording>> recordings, std::int64_t frames)
    : frames_(frames), nodes_(graph.nodes().size()) {
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        NodeWay& way = nodes_[n];
        way.recording = recordings[n].get();
        GraphNode& node = way.recording->node;
        way.resets = way.recording->resets().size();
        way.by_state.assign(static_cast<std::size_t>(node.state_rows * node.lanes), 0);
        for (const Wheel* wheel : node.outputs) {
            way.by_outputs.emplace_back(wheel == nullptr ? 0 : index_of(frames, wheel->shape.lanes(), 0), Sample(0));
        }
        for (Feed& feed : node.inputs) {
            way.inputs.push_back({&feed, {}});
        }
        for (Feed& feed : node.parameters) {
            way.parameters.push_back({&feed, {}});
        }
        auto& by_parameters = gradient_.parameters.emplace_back(node.parameters.size());
        for (auto& by_lanes : by_parameters) {
            by_lanes.assign(static_cast<std::size_t>(node.shape.batch), 0.0);
        }
    }
    for (const GraphNode* node : graph.outputs()) {
        outputs_.push_back(node->index);
    }
    gradient_.edge_gains.assign(plan.edges.size(), 0.0);
    for (std::uint32_t e = 0; e < plan.edges.size(); ++e) {
        const plan::Edge& edge = plan.edges[e];
        NodeWay& to = nodes_[edge.to_node];
        FeedWay& feed = (edge.target == plan::EdgeTarget::input ? to.inputs : to.parameters)[edge.to_index];
        Reader& reader = feed.feed->readers[feed.edges.size()];
        const auto lanes = static_cast<std::size_t>(lanes_given(reader, *feed.feed));
        feed.edges.push_back({&reader, e, edge.from_node, edge.from_output, std::vector<Sample>(lanes, 0),
                              std::vector<Sample>(lanes, 0),
                              std::vector<Sample>(reader.slew == nullptr ? 0 : reader.slew->state().size(), 0)});
    }
}

void GraphBackward::begin(std::span<const double> by_output, std::int64_t frames) {
    for (const std::uint32_t n : outputs_) {
        const Shape shape = nodes_[n].recording->node.outputs[0]->shape;
        for (int channel = 0; channel < shape.channels; ++channel) {
            for (std::int64_t f = 0; f < frames; ++f) {
                nodes_[n].by_outputs[0][index_of(f, shape.lanes(), shape.lane(0, channel))] =
                    by_output[static_cast<std::size_t>(channel * frames + f)];
            }
        }
    }
}

Result<Gradient> GraphBackward::run() {
    struct Place {
        std::uint64_t number;
        std::uint32_t node;
        std::uint32_t firing;
    };
    std::vector<Place> order;
    for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
        const auto firings = nodes_[n].recording->firings();
        for (std::uint32_t i = 0; i < firings.size(); ++i) {
            order.push_back({firings[i].number, n, i});
        }
    }
    std::ranges::sort(order, std::greater{}, &Place::number);
    for (const Place& place : order) {
        if (auto ran = run_firing(nodes_[place.node], place.firing); !ran.ok()) {
            return ran.error();
        }
    }
    return std::move(gradient_);
}

// What was before a lane began anew says nothing of what was afterwards: of all resets before firing `from` or later.
void GraphBackward::leave_resets(NodeWay& way, std::size_t from) {
    const GraphNode& node = way.recording->node;
    const auto resets = way.recording->resets();
    for (; way.resets > 0 && resets[way.resets - 1].firing >= from; --way.resets) {
        const auto first = static_cast<std::size_t>(resets[way.resets - 1].lane);
        const auto stride = static_cast<std::size_t>(node.shape.batch_stride());
        for (std::size_t at = first; at < way.by_state.size(); at += stride) {
            way.by_state[at] = 0;
        }
        for (auto* feeds : {&way.inputs, &way.parameters}) {
            for (FeedWay& feed : *feeds) {
                for (EdgeWay& edge : feed.edges) {
                    const bool is_inside = edge.reader->voice_edge == VoiceEdge::inside;
                    for (std::size_t at = first; is_inside && at < edge.by_held.size(); at += stride) {
                        edge.by_held[at] = edge.by_heard[at] = 0;
                    }
                    for (std::size_t at = first; at < edge.by_slew.size(); at += stride) {
                        edge.by_slew[at] = 0;
                    }
                }
            }
        }
    }
}

Result<bool> GraphBackward::run_firing(NodeWay& way, std::size_t index) {
    leave_resets(way, index + 1);
    const NodeRecording& recording = *way.recording;
    const GraphNode& node = recording.node;
    const RecordedFiring& firing = recording.firings()[index];
    const std::int64_t first = firing.frame + node.late; // as the stream counts

    bool matters = any_nonzero(way.by_state);
    auto widest = static_cast<std::size_t>(node.lanes);
    for (std::size_t o = 0; o < way.by_outputs.size(); ++o) {
        if (!way.by_outputs[o].empty()) {
            const int width = node.outputs[o]->shape.lanes();
            widest = std::max(widest, static_cast<std::size_t>(width));
            matters =
                matters ||
                any_nonzero(
                    std::span(way.by_outputs[o]).subspan(index_of(first, width, 0), index_of(firing.frames, width, 0)));
        }
    }
    const auto backward = node.type->kernels<Sample>().backward;
    if (backward == nullptr && matters && is_fed(node)) {
        return Error{ErrorKind::unsupported,
                     "node " + node.id + " of type " + std::string(node.type->name) +
                         " has no gradient: " + std::string(node.type->declaration->not_differentiable)};
    }
    std::vector<std::vector<Sample>> by_given;
    std::vector<Block<Sample>> blocks;
    for (const auto* feeds : {&node.inputs, &node.parameters}) {
        for (const Feed& feed : *feeds) {
            by_given.emplace_back(index_of(firing.frames, feed.lanes, 0), Sample(0));
            blocks.push_back({by_given.back().data(), feed.lanes});
        }
    }
    std::vector<Block<const Sample>> inputs(node.inputs.size()), parameters(node.parameters.size());
    recording.given(firing, inputs, parameters);
    if (backward != nullptr && matters) {
        const std::vector<Sample> silence(widest * 2, 0);
        std::vector<Block<const Sample>> by_outputs;
        for (std::size_t o = 0; o < way.by_outputs.size(); ++o) {
            const int width = way.by_outputs[o].empty() ? 0 : node.outputs[o]->shape.lanes();
            by_outputs.push_back(
                {width == 0 ? silence.data() : way.by_outputs[o].data() + index_of(first, width, 0), width});
        }
        std::vector<Sample> memory(index_of(firing.frames, node.lanes, 0) *
                                   static_cast<std::size_t>(node.type->kept_rows));
        std::vector<Sample> work(node.type->work_values(node.options, node.lanes));
        BackwardFiring<Sample> back;
        back.forward.frame = firing.frame;
        back.forward.frames = firing.frames;
        back.forward.lanes = node.lanes;
        back.forward.shape = node.shape;
        back.forward.sample_rate = node.sample_rate;
        back.forward.awake = firing.awake;
        back.forward.inputs = inputs;
        back.forward.parameters = parameters;
        back.forward.options = node.options;
        // Backward only reads it.
        back.forward.state_data = reinterpret_cast<std::byte*>(const_cast<Sample*>(recording.state(firing)));
        back.forward.state_stride = node.lanes;
        back.forward.work = work.data();
        back.forward.channel_stride = node.outputs.empty() || node.outputs[0] == nullptr
                                          ? node.shape.batch_stride()
                                          : node.outputs[0]->channel_stride;
        back.output_gradients = by_outputs;
        back.input_gradients = std::span(blocks).first(node.inputs.size());
        back.parameter_gradients = std::span(blocks).subspan(node.inputs.size());
        back.state_gradients = way.by_state.data();
        back.memory = memory;
        backward(back);
    }
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        for (EdgeWay& edge : way.inputs[i].edges) {
            give_edge(edge, *way.inputs[i].feed, index, firing, by_given[i]);
        }
    }
    for (std::size_t p = 0; p < node.parameters.size(); ++p) {
        give_parameter(way, p, index, firing, parameters[p], by_given[node.inputs.size() + p]);
    }
    leave_resets(way, index);
    return true;
}

// clamp((base + sum of depth x modulation) x scales)
void GraphBackward::give_parameter(NodeWay& way, std::size_t parameter, std::size_t index, const RecordedFiring& firing,
                                   const Block<const Sample>& value, std::span<Sample> by) {
    const NodeRecording& recording = *way.recording;
    const GraphNode& node = recording.node;
    FeedWay& way_in = way.parameters[parameter];
    const Feed& feed = *way_in.feed;
    const int lanes = node.lanes;
    if (feed.connected()) {
        for (int f = 0; f < firing.frames; ++f) {
            for (int lane = 0; lane < lanes; ++lane) {
                const Sample at = value.frame(f)[lane];
                if (at <= feed.low || at >= feed.high) {
                    by[index_of(f, lanes, lane)] = 0;
                }
            }
        }
    }
    // Factors, of each edge that has one: what the value is multiplied by.
    const auto factor_of = [&](const EdgeWay& edge, const Reading& reading, int f, int lane) {
        const Sample signal = signal_of(*edge.reader, reading, f, lane);
        return edge.reader->effect == Effect::octaves ? power_of_two(Lanes<Sample, 1>(signal)).value : signal;
    };
    std::vector<EdgeWay*> scaling;
    for (EdgeWay& edge : way_in.edges) {
        if (edge.reader->effect != Effect::add) {
            scaling.push_back(&edge);
        }
    }
    if (!scaling.empty()) {
        std::vector<Sample> before(by.size());
        const Sample* const bases = recording.base(firing, parameter);
        for (int f = 0; f < firing.frames; ++f) {
            for (int lane = 0; lane < lanes; ++lane) {
                Sample sum = bases[index_of(f, lanes, lane)];
                for (const EdgeWay& edge : way_in.edges) {
                    if (edge.reader->effect == Effect::add) {
                        sum += signal_of(*edge.reader, edge.reader->recording->readings[index], f, lane);
                    }
                }
                before[index_of(f, lanes, lane)] = sum;
            }
        }
        for (EdgeWay* const edge : scaling) {
            std::vector<Sample> by_signal(by.size());
            const Reading& own = edge->reader->recording->readings[index];
            for (int f = 0; f < firing.frames; ++f) {
                for (int lane = 0; lane < lanes; ++lane) {
                    Sample slope = before[index_of(f, lanes, lane)] * by[index_of(f, lanes, lane)];
                    for (const EdgeWay* const other : scaling) {
                        if (other != edge) {
                            slope *= factor_of(*other, other->reader->recording->readings[index], f, lane);
                        }
                    }
                    if (edge->reader->effect == Effect::octaves) {
                        slope *= factor_of(*edge, own, f, lane) * std::numbers::ln2;
                    }
                    by_signal[index_of(f, lanes, lane)] = slope;
                }
            }
            give_edge(*edge, feed, index, firing, by_signal);
        }
        for (int f = 0; f < firing.frames; ++f) {
            for (int lane = 0; lane < lanes; ++lane) {
                for (const EdgeWay* const edge : scaling) {
                    by[index_of(f, lanes, lane)] *= factor_of(*edge, edge->reader->recording->readings[index], f, lane);
                }
            }
        }
    }
    for (EdgeWay& edge : way_in.edges) {
        if (edge.reader->effect == Effect::add) {
            give_edge(edge, feed, index, firing, by);
        }
    }
    if ((firing.moved >> parameter & 1) == 0) {
        for (int channel = 0; channel < node.shape.channels; ++channel) {
            for (int lane = 0; lane < node.shape.batch; ++lane) {
                double& sum = gradient_.parameters[node.index][parameter][static_cast<std::size_t>(lane)];
                for (int f = 0; f < firing.frames; ++f) {
                    sum += by[index_of(f, lanes, node.shape.lane(lane, channel))];
                }
            }
        }
    }
}

// Of what goes through the slew of an edge, from the derivatives of what comes out of it.
std::vector<Sample> GraphBackward::give_slew(EdgeWay& edge, const Reading& reading, int frames,
                                             std::span<const Sample> by) {
    const Reader& reader = *edge.reader;
    const RecordedValues& values = reader.recording->values;
    const control::MovementLimits& limits = reader.slew->limits();
    const double rate = reader.slew->sample_rate();
    const int lanes = reading.lanes;
    std::vector<Sample> by_signal(by.size());
    std::vector<SlewFollower<Sample, 1>> before(static_cast<std::size_t>(frames));
    for (int lane = 0; lane < lanes; ++lane) {
        const auto signal = [&](int f) {
            const Sample gain = reading.gains ? values.at(*reading.gains)[f] : reading.gain;
            return Lanes<Sample, 1>(*values.at(reading.values + index_of(f, lanes, lane)) * gain);
        };
        auto follower = SlewFollower<Sample, 1>::load(values.at(reading.slew_state) + lane, lanes);
        for (int f = 0; f < frames; ++f) {
            before[static_cast<std::size_t>(f)] = follower;
            follower.next<true, true>(signal(f), {limits.rate, limits.acceleration, limits.area, rate});
        }
        SlewGradients<Sample, 1> gradients;
        gradients.load(edge.by_slew.data() + lane, lanes);
        for (int f = frames; f-- > 0;) {
            gradients.back({before[static_cast<std::size_t>(f)], widened(signal(f)), limits.rate, limits.acceleration,
                            limits.area, rate},
                           double{by[index_of(f, lanes, lane)]});
            by_signal[index_of(f, lanes, lane)] = static_cast<Sample>(gradients.in.value);
        }
        gradients.store(edge.by_slew.data() + lane, lanes);
    }
    return by_signal;
}

// `by_sum` has the lanes of the target.
void GraphBackward::give_edge(EdgeWay& edge, const Feed& feed, std::size_t index, const RecordedFiring& firing,
                              std::span<const Sample> by_sum) {
    const Reader& reader = *edge.reader;
    const Reading& reading = reader.recording->readings[index];
    const RecordedValues& values = reader.recording->values;
    std::vector<Sample>& by_source = nodes_[edge.from_node].by_outputs[edge.from_output];
    const int source_lanes = reader.wheel->shape.lanes();
    double& by_gain = gradient_.edge_gains[edge.edge];
    const std::vector<Sample> by_followed =
        reader.slew == nullptr ? std::vector<Sample>() : give_slew(edge, reading, firing.frames, by_sum);
    const std::span<const Sample> by = reader.slew == nullptr ? by_sum : by_followed;
    for (int f = firing.frames; f-- > 0;) {
        const Sample gain = reading.gains ? values.at(*reading.gains)[f] : reading.gain;
        const Sample held = values.at(reading.held)[f];
        const std::int64_t from = firing.frame + f - reading.back;
        // `lane` of what was read, and `target` of what it is added to.
        const auto give = [&](int lane, int target, int source) {
            const Sample by_leaf = by[index_of(f, feed.lanes, target)];
            if (!reading.gains && reading.gain == reader.recording->gain) {
                by_gain += by_leaf * *values.at(reading.values + index_of(f, reading.lanes, lane));
            }
            Sample by_value = by_leaf * gain * values.at(reading.undrained)[f];
            const auto at = static_cast<std::size_t>(lane);
            if (f == firing.frames - 1) {
                by_value += edge.by_heard[at];
                edge.by_heard[at] = 0;
            }
            edge.by_held[at] += by_value * held;
            if (from >= 0 && from < frames_) {
                by_source[index_of(from, source_lanes, source)] +=
                    by_value * *values.at(reading.weights + index_of(f, reading.lanes, lane));
            }
        };
        const Shape shape = feed.shape;
        for (int channel = 0; channel < shape.channels; ++channel) {
            if (feed.sums_batch) {
                const Shape given = reader.wheel->shape;
                for (int voice = 0; voice < given.batch; ++voice) {
                    const int lane = given.lane(voice, given.channels == 1 ? 0 : channel);
                    give(lane, shape.lane(0, channel), lane);
                }
                continue;
            }
            for (int batch = 0; batch < shape.batch; ++batch) {
                const int lane = shape.lane(batch, channel);
                give(lane, lane, reader.lane_of.empty() ? lane : reader.lane_of[static_cast<std::size_t>(lane)]);
            }
        }
    }
    if (reading.takes_held) {
        for (std::size_t lane = 0; lane < edge.by_held.size(); ++lane) {
            edge.by_heard[lane] += edge.by_held[lane];
            edge.by_held[lane] = 0;
        }
    }
}

} // namespace amp::engine::inline AMP_PRECISION

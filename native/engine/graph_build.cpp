// How a graph is built from a plan: nodes, what they read, and what acts on it.
#include "base/seed.h"
#include "engine/graph.h"
#include "plan/heat.h"
#include "plan/spectral.h"
#include "plan/units.h"

#include <algorithm>
#include <map>
#include <set>

namespace amp::engine::inline AMP_PRECISION {

namespace {

constexpr double kStealFadeSeconds = 0.002;
constexpr double kDeclickSeconds = 0.002;
constexpr std::uint64_t kHeaders = 64; // a power of two; a loop's windows of a block are told from them

// A seed that depends on what the patch calls a node, not on where it stands.
std::uint64_t seed_of(std::uint64_t stream_seed, const std::string& id) {
    std::uint64_t seed = stream_seed;
    for (const char letter : id) {
        seed = mixed_seed(seed, static_cast<unsigned char>(letter));
    }
    return seed;
}

// The lane of the source for each lane of the target, where 1 spreads to n; empty when the shapes are equal.
// Of a spectral tap each channel has `values` values a frame, value after value in all channels.
std::vector<std::int32_t> spread(const Wheel& wheel, Shape to, int values) {
    const Shape from = wheel.shape;
    if (from == to && (from.channels == 1 || !wheel.shares())) {
        return {};
    }
    const int from_channels = from.channels / values, to_channels = to.channels / values;
    const auto channel_of = [&](int channel) {
        const int value = channel / to_channels;
        return value * from_channels + (from_channels == 1 ? 0 : channel % to_channels);
    };
    std::vector<std::int32_t> lane_of(static_cast<std::size_t>(to.lanes()), 0);
    for (int channel = 0; channel < to.channels; ++channel) {
        for (int batch = 0; batch < to.batch; ++batch) {
            lane_of[static_cast<std::size_t>(to.lane(batch, channel))] =
                wheel.lane(from.batch == 1 ? 0 : batch, channel_of(channel));
        }
    }
    return lane_of;
}

Effect effect_of(const plan::Edge& edge) {
    if (edge.scale == plan::EdgeScale::octaves) {
        return Effect::octaves;
    }
    return edge.mode == plan::EdgeMode::scale ? Effect::scale : Effect::add;
}

control::MovementLimits limits_of(const plan::Slew& slew) {
    return {slew.has_rate ? slew.rate : 0, slew.has_acceleration ? slew.acceleration : 0,
            slew.has_area ? slew.area : 0};
}

std::int64_t declick_of(const plan::Description& plan) {
    return static_cast<std::int64_t>(kDeclickSeconds * plan.stream.sample_rate + 0.5);
}

// Frames until a drain finds the beginning of a token.
std::uint64_t wait_for_token(const plan::Node& node) {
    std::uint64_t longest = 1;
    for (std::uint32_t i = 0; i < node.inputs.size(); ++i) {
        longest = std::max(longest, plan::period_of_input(node, i));
    }
    return longest - 1;
}

std::int64_t drain_frames_of(const plan::Description& plan, std::size_t component) {
    std::uint64_t frames = static_cast<std::uint64_t>(declick_of(plan));
    for (const std::uint32_t n : plan.components[component].nodes) {
        const plan::Node& node = plan.nodes[n];
        if (plan.components[component].is_loop || node.tail == plan::kEndlessFrames) {
            return kNever;
        }
        frames += node.aligned_latency + node.latency + node.tail + wait_for_token(node);
    }
    return static_cast<std::int64_t>(frames);
}

// The grid on which a gate changes.
control::Grid grid_of(const plan::Gate& gate, const plan::Stream& stream) {
    const double length = gate.quantize.unit == plan::ValueUnit::frames
                              ? gate.quantize.number
                              : *plan::canonical(gate.quantize, Unit::seconds, stream) * stream.sample_rate;
    return control::Grid(length);
}

// Frames that an edge delays the material: without what only makes it meet other material.
std::uint64_t delay_of_material(const plan::Description& plan, const plan::Edge& edge) {
    const std::int64_t met = static_cast<std::int64_t>(plan.nodes[edge.to_node].aligned_latency) -
                             lateness_after(plan.nodes[edge.from_node]);
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, static_cast<std::int64_t>(edge.total_delay()) - met));
}

// Frames that a group may ring on after its envelopes have ended: the tails of its members and the delays between them.
std::int64_t tail_of(const plan::Description& plan, std::size_t group) {
    std::uint64_t tail = 0;
    for (const std::uint32_t member : plan.voices[group].members) {
        tail += plan.nodes[member].tail + plan.nodes[member].latency;
    }
    for (const plan::Edge& edge : plan.edges) {
        if (plan.nodes[edge.from_node].voice_group == group && plan.nodes[edge.to_node].voice_group == group &&
            !plan::reads_heat(plan, edge)) {
            tail += delay_of_material(plan, edge);
        }
    }
    return static_cast<std::int64_t>(tail);
}

} // namespace

std::vector<control::VoiceGroupSettings> Graph::voice_groups(const plan::Description& plan,
                                                             const plan::Layout& layout) {
    std::vector<control::VoiceGroupSettings> settings;
    for (std::size_t g = 0; g < plan.voices.size(); ++g) {
        const plan::VoiceGroup& group = plan.voices[g];
        control::VoiceGroupSettings& made = settings.emplace_back();
        made.keys = group.keys;
        made.voices.lanes = static_cast<int>(group.lanes);
        made.voices.channel = static_cast<int>(group.channel);
        made.voices.ring = group.ring == plan::kEndlessFrames ? INT64_MAX : static_cast<std::int64_t>(group.ring);
        made.voices.fade = static_cast<std::int64_t>(kStealFadeSeconds * plan.stream.sample_rate + 0.5);
        made.envelopes = static_cast<int>(group.envelopes.size());
        made.sleeps = layout.sleeps[g];
        made.always_awake = layout.moves_gates[g];
        made.stands = layout.region_of[group.keys] != plan::kNone;
    }
    return settings;
}

Result<std::unique_ptr<Graph>> Graph::build(const plan::Description& plan, const plan::Layout& layout, int block,
                                            int workers) {
    std::uint64_t growing_bytes = 0;
    for (const plan::WheelLayout& wheel : layout.wheels) {
        growing_bytes +=
            wheel.most > wheel.capacity ? arena::Arena::growing_room(wheel_bytes(wheel.most, wheel.lanes)) : 0;
    }
    auto arena = arena::Arena::reserve(2 * layout.bytes + (std::uint64_t{1} << 32), growing_bytes);
    if (!arena.ok()) {
        return arena.error();
    }
    std::unique_ptr<Graph> graph(new Graph(std::move(arena.value()), block));
    for (auto add : {&Graph::add_wheels, &Graph::add_rings, &Graph::add_cohort_memories}) {
        if (auto made = ((*graph).*add)(plan, layout); !made.ok()) {
            return made.error();
        }
    }
    FedParameters fed;
    for (const plan::Edge& edge : plan.edges) {
        if (edge.target == plan::EdgeTarget::parameter) {
            fed.insert({edge.to_node, edge.to_index});
        }
    }
    for (std::uint32_t n = 0; n < plan.nodes.size(); ++n) {
        if (auto made = graph->add_node(plan, layout, fed, n); !made.ok()) {
            return made.error();
        }
    }
    graph->add_regions(plan, layout);
    if (auto made = graph->add_readers(plan, layout); !made.ok()) {
        return made.error();
    }
    graph->add_heat(plan, layout);
    graph->add_growth(plan, layout);
    graph->add_voices(plan);
    for (const auto& node : graph->nodes_) {
        prepare(*node);
    }
    for (std::size_t c = 0; c < plan.components.size(); ++c) {
        Component& component = graph->components_.emplace_back();
        component.quantum = layout.quanta[c];
        component.is_loop = plan.components[c].is_loop;
        component.drain_frames = drain_frames_of(plan, c);
        component.region = graph->nodes_[plan.components[c].nodes.front()]->region;
        for (const std::uint32_t node : plan.components[c].nodes) {
            component.nodes.push_back(graph->nodes_[node].get());
        }
    }
    graph->add_cohorts(plan, layout);
    if (auto made = graph->add_scratch(workers); !made.ok()) {
        return made.error();
    }
    graph->arena_.lock();
    return graph;
}

Result<bool> Graph::add_node(const plan::Description& plan, const plan::Layout& layout, const FedParameters& fed,
                             std::uint32_t index) {
    const plan::Node& planned = plan.nodes[index];
    auto made = std::make_unique<GraphNode>();
    GraphNode& node = *made;
    node.id = planned.id;
    node.index = index;
    node.type = find_node_type(planned.type);
    node.shape = planned.shape;
    node.lanes = planned.shape.lanes();
    node.sample_rate = plan.stream.sample_rate;
    node.late = static_cast<std::int64_t>(planned.aligned_latency);
    node.latency = static_cast<std::int64_t>(planned.latency);
    node.rings = planned.tail == plan::kEndlessFrames ? kNever : static_cast<std::int64_t>(planned.tail);
    node.seed = seed_of(plan.stream.seed, planned.id);
    node.hands_out_voices = node.type->declaration->shape == ShapeRule::voices;
    const bool sums =
        node.type->declaration->shape == ShapeRule::sum || node.type->declaration->shape == ShapeRule::output;
    const auto lanes = static_cast<std::uint64_t>(node.lanes);

    auto headers = arena_.take<TokenHeader>(kHeaders);
    if (!headers.ok()) {
        return Error{headers.error().kind, "node " + planned.id + ": " + headers.error().message};
    }
    node.own_progress.headers = headers.value();
    // Beside those of its cohort, or by itself.
    CohortMemory memory;
    std::size_t first_lane = 0;
    if (const std::uint32_t c = layout.cohort_of[index]; c != plan::kNone) {
        memory = cohort_memories_[layout.cohorts[c].rows];
        const auto place = std::ranges::find(layout.cohorts[c].nodes, index) - layout.cohorts[c].nodes.begin();
        first_lane = static_cast<std::size_t>(layout.cohorts[c].first_lanes[static_cast<std::size_t>(place)]);
    } else {
        auto rows = rows_for(planned, static_cast<int>(lanes));
        if (!rows.ok()) {
            return rows.error();
        }
        memory = rows.value();
    }
    const auto row_of = [&](std::span<Sample> rows, std::size_t row) {
        return rows.subspan(row * static_cast<std::size_t>(memory.lanes) + first_lane, lanes);
    };
    node.state = memory.state.data() + first_lane;
    node.state_stride = memory.lanes;
    node.options = plan::option_numbers(planned);
    node.state_rows = node.type->state_rows(node.options);
    node.work_values = node.type->work_values(node.options, node.lanes);
    std::size_t spectral_rows = static_cast<std::size_t>(memory.lanes) * planned.inputs.size();
    for (std::size_t i = 0; i < planned.inputs.size(); ++i) {
        const TapDeclaration& tap = node.type->declaration->inputs[i];
        const Shape shape = node.type->declaration->shape_of(tap, node.shape, node.options);
        std::span<Sample> row = row_of(memory.defaults, i);
        if (tap.spectral) {
            row = memory.defaults.subspan(spectral_rows, static_cast<std::size_t>(shape.lanes()));
            spectral_rows += row.size();
        }
        node.squares.push_back(memory.squares.data() + (row.data() - memory.defaults.data()));
        std::ranges::fill(row, static_cast<Sample>(planned.inputs[i].default_value));
        Feed& feed = node.inputs.emplace_back();
        feed.shape = shape;
        feed.lanes = shape.lanes();
        feed.sums_batch = sums;
        feed.base = {row.data(), 0};
    }
    for (std::size_t i = 0; i < planned.parameters.size(); ++i) {
        const ParameterDeclaration& declared = node.type->declaration->parameters[i];
        const std::span<Sample> row = row_of(memory.bases, i);
        const bool is_fed = fed.contains({index, static_cast<std::uint32_t>(i)});
        const auto base = [&](int batch) {
            const auto& values = planned.parameters[i].base;
            const auto at = values.size() == 1 ? 0 : static_cast<std::size_t>(batch);
            const double number = *plan::canonical(values[at], declared.unit, plan.stream);
            // What edges feed is held in its range once they are added.
            return static_cast<Sample>(is_fed ? number : std::clamp(number, declared.minimum, declared.maximum));
        };
        std::ranges::fill(row, base(0));
        for (int channel = 0; channel < node.shape.channels; ++channel) {
            for (int batch = 0; batch < node.shape.batch; ++batch) {
                row[static_cast<std::size_t>(node.shape.lane(batch, channel))] = base(batch);
            }
        }
        Feed& feed = node.parameters.emplace_back();
        feed.shape = node.shape;
        feed.lanes = node.lanes;
        feed.base = {row.data(), 0};
        feed.low = static_cast<Sample>(declared.minimum);
        feed.high = static_cast<Sample>(declared.maximum);
    }
    for (std::size_t i = 0; i < planned.parameters.size(); ++i) {
        node.movements.add_parameter(node.parameters[i], row_of(memory.bases, i),
                                     limits_of(planned.parameters[i].slew));
    }
    if (node.type->declaration->shape == ShapeRule::output) {
        outputs_.push_back(&node);
        channels_ = std::max(channels_, node.shape.channels);
    }
    component_of_.push_back(planned.component);
    nodes_.push_back(std::move(made));
    return true;
}

void Graph::add_regions(const plan::Description& plan, const plan::Layout& layout) {
    for (const plan::Region& planned : layout.regions) {
        Region& region =
            *regions_.emplace_back(std::make_unique<Region>(block_, static_cast<int>(layout.ahead / block_)));
        std::set<std::uint32_t> components;
        for (const std::uint32_t node : planned.nodes) {
            nodes_[node]->region = &region;
            components.insert(plan.nodes[node].component);
        }
        for (const std::uint32_t component : components) {
            region.add_component(component);
        }
        for (std::uint32_t g = 0; g < plan.voices.size(); ++g) {
            if (nodes_[plan.voices[g].keys]->region == &region) {
                region.add_voices(g);
            }
        }
    }
}

Result<bool> Graph::add_readers(const plan::Description& plan, const plan::Layout& layout) {
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        for (std::size_t o = 0; o < plan::declared_outputs(plan.nodes[n]); ++o) {
            const std::uint32_t w = layout.first_wheel[n] + static_cast<std::uint32_t>(o);
            nodes_[n]->outputs.push_back(layout.wheels[w].read ? &wheels_[w] : nullptr);
        }
        if (find_node_type(plan.nodes[n].type)->declaration->shape == ShapeRule::output) {
            nodes_[n]->heard = ~0U;
        }
    }
    for (const plan::Gate& gate : plan.gates) {
        for (const auto& signal : gate.signals) {
            nodes_[signal.node]->heard |= 1U << signal.output;
        }
    }
    for (std::uint32_t e = 0; e < plan.edges.size(); ++e) {
        const plan::Edge& edge = plan.edges[e];
        GraphNode& target = *nodes_[edge.to_node];
        edge_targets_.push_back(edge.to_node);
        nodes_[edge.from_node]->heard |= 1U << edge.from_output;
        const bool to_input = edge.target == plan::EdgeTarget::input;
        Feed& feed = to_input ? target.inputs[edge.to_index] : target.parameters[edge.to_index];
        Reader& reader = feed.readers.emplace_back();
        reader.wheel = &wheels_[layout.first_wheel[edge.from_node] + edge.from_output];
        reader.delay = static_cast<std::int64_t>(edge.total_delay());
        reader.late = target.late;
        reader.source_late = lateness_after(plan.nodes[edge.from_node]);
        reader.effect = effect_of(edge);
        const Unit unit = to_input                       ? Unit::ratio
                          : reader.effect == Effect::add ? target.type->declaration->parameters[edge.to_index].unit
                                                         : Unit::none;
        reader.gain = static_cast<Sample>(*plan::canonical(edge.gain, unit, plan.stream));
        reader.absent = to_input ? *feed.base.data : 0.0F;
        target.movements.add_edge(e, feed);
        if (edge.slew.any()) {
            auto state = arena_.take<Sample>(EdgeSlew::state_size(feed.lanes));
            if (!state.ok()) {
                return Error{state.error().kind, "node " + target.id + ": " + state.error().message};
            }
            target.movements.add_slew(
                std::make_unique<EdgeSlew>(limits_of(edge.slew), plan.stream.sample_rate, state.value(), feed.lanes));
        }
        const std::uint32_t from_group = plan.nodes[edge.from_node].voice_group;
        if (from_group != plan::kNone && !plan::reads_heat(plan, edge)) {
            const bool inside = from_group == plan.nodes[edge.to_node].voice_group;
            reader.voice_edge = inside ? VoiceEdge::inside : VoiceEdge::leaving;
            reader.group = from_group;
            if (!inside && std::ranges::find(target.sums_groups, from_group) == target.sums_groups.end()) {
                target.sums_groups.push_back(from_group);
            }
        }
        if (!feed.sums_batch) {
            const auto form = plan::form_of_output(plan.nodes[edge.from_node], edge.from_output);
            reader.lane_of = spread(*reader.wheel, feed.shape, form ? form->overlap : 1);
        }
        add_gate(plan, layout, e, feed);
    }
    for (const plan::Gate& gate : plan.gates) {
        std::vector<const GraphNode*>& consumers = gate_consumers_.emplace_back();
        for (const std::uint32_t edge : gate.edges) {
            consumers.push_back(nodes_[plan.edges[edge].to_node].get());
        }
    }
    return true;
}

// Once it is known which inputs are fed.
void Graph::add_heat(const plan::Description& plan, const plan::Layout& layout) {
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        const plan::Node& planned = plan.nodes[n];
        GraphNode& node = *nodes_[n];
        Thermal& thermal = node.thermal;
        thermal.set_up(plan.thermal, plan.thermal.nodes[n], plan::reduces_heat(plan, n), node.sample_rate);
        std::set<std::string> groups;
        for (const plan::InputTap& first : planned.inputs) {
            if (!groups.insert(first.group).second) {
                continue;
            }
            for (std::size_t i = 0; i < planned.inputs.size(); ++i) {
                if (planned.inputs[i].group == first.group) {
                    const Shape shape = node.inputs[i].shape;
                    HeatPlace place{shape.lanes() > 1 ? node.squares[i] : nullptr, nullptr, nullptr};
                    if (layout.cohort_of[n] != plan::kNone) {
                        const CohortMemory& rows = cohort_memories_[layout.cohorts[layout.cohort_of[n]].rows];
                        const std::ptrdiff_t at = node.squares[i] - rows.squares.data();
                        place = {node.squares[i], rows.heat.data() + at, rows.power.data() + at};
                    }
                    thermal.add_input(i, &planned.inputs[i] == &first, shape, node.inputs[i].connected(), place);
                }
            }
        }
        if (planned.voice_group != plan::kNone) {
            thermal.begin_voices();
        }
        node.hears = thermal.hears();
        if (plan::has_heat_tap(planned)) {
            const std::uint32_t w = layout.first_wheel[n] + static_cast<std::uint32_t>(node.outputs.size());
            if (layout.wheels[w].read) {
                thermal.write_to(&wheels_[w], node.late, static_cast<std::int64_t>(planned.outputs.back().history));
            }
        }
    }
}

void Graph::add_growth(const plan::Description& plan, const plan::Layout& layout) {
    std::vector<WheelGrowth::Held> held;
    std::map<const Feed*, std::size_t> readers; // of each feed so far: they come in the plan's order
    std::vector<std::vector<EdgeGate*>> gates(wheels_.size());
    for (const plan::Edge& edge : plan.edges) {
        const GraphNode& target = *nodes_[edge.to_node];
        const bool to_input = edge.target == plan::EdgeTarget::input;
        const Feed& feed = to_input ? target.inputs[edge.to_index] : target.parameters[edge.to_index];
        const std::size_t place = readers[&feed]++;
        if (edge.gate != plan::kNone && plan.gates[edge.gate].while_closed == plan::WhileClosed::hold) {
            std::vector<EdgeGate*>& of_wheel = gates[layout.first_wheel[edge.from_node] + edge.from_output];
            of_wheel.push_back(target.gates.gate_of(feed, place));
            if (plan::stops(plan, edge)) {
                // Without memory the region stands earlier.
                const auto e = static_cast<std::uint32_t>(&edge - plan.edges.data());
                of_wheel.push_back(&regions_[layout.region_of[edge.from_node]]->gate_of(e));
            }
        }
    }
    for (std::size_t w = 0; w < wheels_.size(); ++w) {
        const plan::WheelLayout& wheel = layout.wheels[w];
        if (wheel.most > wheel.capacity) {
            held.push_back({&wheels_[w], nodes_[wheel.node].get(), wheel.output, growing_[w], wheel.most, wheel.history,
                            layout.ahead, std::move(gates[w])});
        }
    }
    growth_.emplace(arena_, std::move(held));
}

void Graph::add_gate(const plan::Description& plan, const plan::Layout& layout, std::uint32_t index, Feed& feed) {
    const plan::Edge& edge = plan.edges[index];
    const plan::Node& from = plan.nodes[edge.from_node];
    const plan::Node& to = plan.nodes[edge.to_node];
    Gates::Membership membership;
    membership.gate = edge.gate;
    membership.enters = from.component != to.component;
    membership.forgets = feed.readers.back().voice_edge == VoiceEdge::inside;
    membership.component = to.component;
    if (edge.gate == plan::kNone && !membership.enters) {
        return;
    }
    EdgeGateSettings settings;
    settings.period = static_cast<std::int64_t>(from.outputs[edge.from_output].period);
    // A token is heard or not: the windows fade.
    settings.declick = settings.period > 1 ? 1 : declick_of(plan);
    if (edge.gate != plan::kNone) {
        const plan::Gate& gate = plan.gates[edge.gate];
        const bool to_input = edge.target == plan::EdgeTarget::input;
        settings.is_open = gate.open;
        settings.holds_frames = gate.while_closed == plan::WhileClosed::hold;
        settings.skips_held = gate.release == plan::GateRelease::skip;
        settings.keeps_last = gate.while_closed == plan::WhileClosed::sample ||
                              (to_input && to.inputs[edge.to_index].absent == plan::AbsentPolicy::hold);
        settings.most_back = static_cast<std::int64_t>(plan::most_back(plan, edge));
        settings.grid = grid_of(gate, plan.stream);
        for (const plan::GateSignal& signal : gate.signals) {
            const plan::Node& source = plan.nodes[signal.node];
            settings.signals.push_back(
                {&wheels_[layout.first_wheel[signal.node] + signal.output], lateness_after(source)});
        }
    }
    if (plan::stops(plan, edge)) {
        Region& region = *regions_[layout.region_of[edge.from_node]];
        region.add_edge(feed.readers.back(), settings, index, edge.gate, to.component);
        settings.region = &region;
    }
    nodes_[edge.to_node]->gates.add_edge(feed, membership, settings);
}

void Graph::add_voices(const plan::Description& plan) {
    for (std::uint32_t g = 0; g < plan.voices.size(); ++g) {
        const plan::VoiceGroup& group = plan.voices[g];
        for (const std::uint32_t member : group.members) {
            nodes_[member]->voice_group = g;
        }
        for (std::size_t e = 0; e < group.envelopes.size(); ++e) {
            EnvelopeMemory& envelope = nodes_[group.envelopes[e]]->envelope;
            envelope.index = static_cast<int>(e);
            envelope.tail = tail_of(plan, g);
            envelope.ended.assign(group.lanes, INT64_MIN);
            envelope.asleep_from.assign(group.lanes, INT64_MIN);
            envelope.held.assign(group.lanes, 0);
        }
    }
}

void Graph::add_cohorts(const plan::Description& plan, const plan::Layout& layout) {
    for (const plan::CohortLayout& cohort : layout.cohorts) {
        std::vector<GraphNode*> members;
        for (const std::uint32_t node : cohort.nodes) {
            members.push_back(nodes_[node].get());
        }
        cohorts_.push_back(std::make_unique<Cohort>(std::move(members), cohort, cohort_memories_[cohort.rows]));
        components_[plan.nodes[cohort.nodes.front()].component].cohort = cohorts_.back().get();
    }
    for (Component& component : components_) {
        if (!component.is_loop && component.region == nullptr && component.cohort == nullptr) {
            component.single = component.nodes.front();
        }
    }
}

} // namespace amp::engine::inline AMP_PRECISION

#include "support/plan_builder.h"

#include "node/node.h"
#include "plan/heat.h"
#include "plan/spectral.h"
#include "support/plan_bytes.h"

#include <algorithm>
#include <stdexcept>

namespace amp::test {

namespace {

constexpr std::uint64_t kMostFrames = 60 * 48000;

std::pair<std::string_view, std::string_view> split(std::string_view path) {
    const auto dot = path.find('.');
    return dot == path.npos ? std::pair{path, std::string_view{}}
                            : std::pair{path.substr(0, dot), path.substr(dot + 1)};
}

template <class List>
std::optional<std::uint32_t> position(const List& list, std::string_view name) {
    const auto found = std::ranges::find(list, name, [](const auto& item) { return std::string_view(item.name); });
    return found == list.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(found - list.begin()));
}

} // namespace

PlanBuilder::PlanBuilder(double sample_rate) {
    stream.name = "test";
    stream.sample_rate = sample_rate;
    stream.ceiling = {-0.3, plan::ValueUnit::decibels};
}

PlanBuilder& PlanBuilder::node(const std::string& id, const std::string& type, NodeSettings settings) {
    const NodeType* const found = find_node_type(type);
    if (found == nullptr) {
        throw std::invalid_argument("no node type is called " + type);
    }
    const Declaration& declared = *found->declaration;
    plan::Node& node = plan_.nodes.emplace_back();
    node.id = id;
    node.type = type;
    node.shape = settings.shape;
    for (const OptionDeclaration& option : declared.options) {
        const auto chosen = settings.options.find(std::string(option.name));
        const double number = chosen == settings.options.end() ? option.default_value : chosen->second;
        node.options.push_back({std::string(option.name), number});
        if (option.name == "voices") {
            node.shape = {static_cast<std::int32_t>(number), 1};
        } else if (option.name == "channels") {
            node.shape = {1, static_cast<std::int32_t>(number)};
        }
    }
    const std::vector<double> options = plan::option_numbers(node);
    node.latency = static_cast<std::uint64_t>(declared.latency_of(options));
    for (const ParameterDeclaration& parameter : declared.parameters) {
        const auto written = settings.parameters.find(std::string(parameter.name));
        plan::Parameter& made = node.parameters.emplace_back();
        made.name = parameter.name;
        made.written = written != settings.parameters.end();
        made.base = made.written ? written->second : std::vector<plan::Value>{{parameter.default_value}};
        if (const auto slew = settings.slews.find(made.name); slew != settings.slews.end()) {
            made.slew = slew->second;
        }
    }
    for (const TapDeclaration& tap : declared.inputs) {
        plan::InputTap& made = node.inputs.emplace_back();
        made.name = tap.name;
        made.group = tap.group;
        made.shape = declared.shape_of(tap, node.shape, options);
        made.default_value = tap.default_value;
        made.max_frames = kMostFrames;
    }
    for (const TapDeclaration& tap : declared.outputs) {
        plan::OutputTap& made = node.outputs.emplace_back();
        made.name = tap.name;
        made.group = tap.group;
        made.shape =
            declared.shape == ShapeRule::pan ? Shape{node.shape.batch, 2} : declared.shape_of(tap, node.shape, options);
        made.period = tap.spectral ? static_cast<std::uint32_t>(spectral_form(options).hop()) : 1;
        made.max_frames = kMostFrames;
    }
    const auto spectral_tail =
        static_cast<std::uint64_t>(declared.is_spectral() ? declared.spectral_tail.of(spectral_form(options)) : 0);
    const auto declared_tail =
        static_cast<std::uint64_t>(std::max(0.0, declared.tail) * stream.sample_rate) + spectral_tail;
    node.tail = settings.tail.value_or(declared.tail == kEndless ? plan::kEndlessFrames : declared_tail);
    plan_.thermal.nodes.push_back({declared.thermal.gain, declared.thermal.tau});
    return *this;
}

PlanBuilder& PlanBuilder::edge(std::string_view from, std::string_view to, EdgeSettings settings) {
    const auto [from_id, from_tap] = split(from);
    const auto [to_id, to_tap] = split(to);
    plan::Edge& edge = plan_.edges.emplace_back();
    edge.from_node = index(from_id);
    edge.to_node = index(to_id);
    plan::Node& target = plan_.nodes[edge.to_node];
    if (from_tap == plan::kHeatTap && !plan::has_heat_tap(plan_.nodes[edge.from_node])) {
        plan::OutputTap& heat = plan_.nodes[edge.from_node].outputs.emplace_back();
        heat.name = plan::kHeatTap;
        heat.group = "thermo";
        heat.shape = {1, 1};
        heat.max_frames = kMostFrames;
    }
    const auto output = from_tap.empty() ? 0 : position(plan_.nodes[edge.from_node].outputs, from_tap);
    const auto input = to_tap.empty() ? 0 : position(target.inputs, to_tap);
    const auto parameter = position(target.parameters, to_tap);
    if (!output || (!input && !parameter)) {
        throw std::invalid_argument("no edge from " + std::string(from) + " to " + std::string(to));
    }
    edge.from_output = *output;
    edge.target = input ? plan::EdgeTarget::input : plan::EdgeTarget::parameter;
    edge.to_index = input ? *input : *parameter;
    edge.delay = settings.delay;
    edge.gain = settings.gain;
    edge.mode = settings.mode;
    edge.scale = settings.scale;
    edge.slew = settings.slew;
    // What a modulation feeds and nobody wrote begins at zero.
    if (!input && edge.mode == plan::EdgeMode::add && !target.parameters[*parameter].written) {
        target.parameters[*parameter].base = {{0, plan::ValueUnit::plain}};
    }
    plan::OutputTap& tap = plan_.nodes[edge.from_node].outputs[*output];
    tap.history = std::max(tap.history, edge.delay);
    return *this;
}

PlanBuilder& PlanBuilder::loop(const std::vector<std::string>& nodes, std::uint32_t quantum) {
    Loop& made = loops_.emplace_back();
    for (const std::string& id : nodes) {
        made.nodes.push_back(index(id));
    }
    std::ranges::sort(made.nodes);
    made.first = made.nodes.front();
    made.quantum = quantum;
    return *this;
}

PlanBuilder& PlanBuilder::voices(const std::string& keys, const std::vector<std::string>& members, std::uint64_t ring) {
    plan::VoiceGroup& group = plan_.voices.emplace_back();
    const auto number = static_cast<std::uint32_t>(plan_.voices.size() - 1);
    group.keys = index(keys);
    group.lanes = static_cast<std::uint32_t>(plan_.nodes[group.keys].shape.batch);
    group.channel = static_cast<std::uint32_t>(plan_.nodes[group.keys].options[1].number);
    group.ring = ring;
    group.members = {group.keys};
    for (const std::string& id : members) {
        group.members.push_back(index(id));
    }
    for (const std::uint32_t member : group.members) {
        plan_.nodes[member].voice_group = number;
        if (find_node_type(plan_.nodes[member].type)->declaration->envelope) {
            group.envelopes.push_back(member);
        }
    }
    return *this;
}

PlanBuilder& PlanBuilder::gate(const std::string& id, const std::vector<std::uint32_t>& members,
                               GateSettings settings) {
    plan::Gate& made = plan_.gates.emplace_back();
    made.id = id;
    made.while_closed = settings.while_closed;
    made.release = settings.release;
    made.open = settings.open;
    made.quantize = settings.quantize;
    made.edges = members;
    for (const std::uint32_t edge : members) {
        plan_.edges[edge].gate = static_cast<std::uint32_t>(plan_.gates.size() - 1);
    }
    for (const std::string& signal : settings.signals) {
        const auto [node, tap] = split(signal);
        const auto output = tap.empty() ? 0 : position(plan_.nodes[index(node)].outputs, tap);
        made.signals.push_back({index(node), output.value()});
    }
    return *this;
}

PlanBuilder& PlanBuilder::max_frames(std::string_view node, std::uint64_t frames) {
    plan_.nodes[index(node)].inputs.front().max_frames = frames;
    return *this;
}

PlanBuilder& PlanBuilder::warms(std::string_view node, double gain, double tau) {
    plan_.thermal.nodes[index(node)] = {gain, tau};
    return *this;
}

PlanBuilder& PlanBuilder::attenuates(double ambient, double warm, double limit) {
    plan_.thermal.ambient = ambient;
    plan_.thermal.warm = warm;
    plan_.thermal.limit = limit;
    plan_.thermal.attenuate = true;
    return *this;
}

PlanBuilder& PlanBuilder::blocks(std::string_view node) {
    plan_.nodes[index(node)].inputs.front().overflow = plan::OverflowPolicy::block;
    return *this;
}

std::uint32_t PlanBuilder::index(std::string_view id) const {
    const auto found =
        std::ranges::find(plan_.nodes, id, [](const plan::Node& node) { return std::string_view(node.id); });
    if (found == plan_.nodes.end()) {
        throw std::invalid_argument("no node is called " + std::string(id));
    }
    return static_cast<std::uint32_t>(found - plan_.nodes.begin());
}

void PlanBuilder::add_components(plan::Description& plan) const {
    std::vector<bool> placed(plan.nodes.size(), false);
    for (std::uint32_t n = 0; n < plan.nodes.size(); ++n) {
        if (placed[n]) {
            continue;
        }
        const auto loop = std::ranges::find(loops_, n, &Loop::first);
        plan::Component component;
        component.nodes = {n};
        if (loop != loops_.end()) {
            component.nodes = loop->nodes;
            component.quantum = loop->quantum;
            component.is_loop = true;
        }
        for (const std::uint32_t node : component.nodes) {
            placed[node] = true;
            plan.nodes[node].component = static_cast<std::uint32_t>(plan.components.size());
        }
        plan.components.push_back(component);
    }
}

plan::Description PlanBuilder::build() const {
    plan::Description plan = plan_;
    plan.stream = stream;
    add_components(plan);
    for (std::uint32_t g = 0; g < plan.voices.size(); ++g) {
        for (std::uint32_t e = 0; e < plan.edges.size(); ++e) {
            if (plan.nodes[plan.edges[e].from_node].voice_group == g &&
                plan.nodes[plan.edges[e].to_node].voice_group != g) {
                plan.voices[g].exit_edges.push_back(e);
            }
        }
    }
    return plan;
}

std::vector<std::byte> PlanBuilder::bytes() const { return encode(build()).bytes; }

} // namespace amp::test

#include "engine/translation.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace amp::engine {

namespace {

using EdgeName = std::tuple<std::string, std::string, std::string, std::string, int, int, int>;

EdgeName name_of(const plan::Description& plan, const plan::Edge& edge) {
    const plan::Node& from = plan.nodes[edge.from_node];
    const plan::Node& to = plan.nodes[edge.to_node];
    const std::string& target =
        edge.target == plan::EdgeTarget::input ? to.inputs[edge.to_index].name : to.parameters[edge.to_index].name;
    return {from.id,
            from.outputs[edge.from_output].name,
            to.id,
            target,
            static_cast<int>(edge.target),
            static_cast<int>(edge.mode),
            static_cast<int>(edge.scale)};
}

std::map<std::string_view, std::uint32_t> nodes_by_id(const plan::Description& plan) {
    std::map<std::string_view, std::uint32_t> nodes;
    for (std::uint32_t n = 0; n < plan.nodes.size(); ++n) {
        nodes.emplace(plan.nodes[n].id, n);
    }
    return nodes;
}

} // namespace

std::vector<std::uint32_t> equal_edges(const plan::Description& from, const plan::Description& to) {
    std::map<EdgeName, std::vector<std::uint32_t>> named;
    for (std::uint32_t e = static_cast<std::uint32_t>(from.edges.size()); e-- > 0;) {
        named[name_of(from, from.edges[e])].push_back(e);
    }
    std::vector<std::uint32_t> equal;
    for (const plan::Edge& edge : to.edges) {
        std::vector<std::uint32_t>& left = named[name_of(to, edge)];
        equal.push_back(left.empty() ? plan::kNone : left.back());
        if (!left.empty()) {
            left.pop_back();
        }
    }
    return equal;
}

Translation::Translation(const plan::Description& from, std::uint32_t from_number, const plan::Description& to,
                         std::uint32_t number)
    : from_number_(from_number), number_(number), edges_(from.edges.size()) {
    const auto nodes = nodes_by_id(to);
    for (const plan::Node& node : from.nodes) {
        first_parameter_.push_back(static_cast<std::uint32_t>(parameters_.size()));
        const auto found = nodes.find(node.id);
        for (const plan::Parameter& parameter : node.parameters) {
            Target& target = parameters_.emplace_back();
            if (found == nodes.end()) {
                continue;
            }
            const auto& there = to.nodes[found->second].parameters;
            const auto same = std::ranges::find(there, parameter.name, &plan::Parameter::name);
            if (same != there.end()) {
                target = {found->second, static_cast<std::uint32_t>(same - there.begin())};
            }
        }
    }
    first_parameter_.push_back(static_cast<std::uint32_t>(parameters_.size()));
    for (const plan::Node& node : from.nodes) {
        const auto found = nodes.find(node.id);
        nodes_.push_back(found == nodes.end() ? Target{} : Target{found->second, to.nodes[found->second].component});
        const auto handed_out = std::ranges::find(to.voices, nodes_.back().node, &plan::VoiceGroup::keys);
        voices_.push_back(handed_out == to.voices.end() ? 0 : handed_out->lanes);
    }
    for (const plan::Gate& gate : from.gates) {
        const auto found = std::ranges::find(to.gates, gate.id, &plan::Gate::id);
        gates_.push_back(found == to.gates.end() ? Target{}
                                                 : Target{static_cast<std::uint32_t>(found - to.gates.begin()), 0});
    }
    const auto equal = equal_edges(from, to);
    for (std::uint32_t e = 0; e < equal.size(); ++e) {
        if (equal[e] != plan::kNone) {
            edges_[equal[e]] = {to.edges[e].to_node, e};
        }
    }
}

bool Translation::apply(control::Event& event) const {
    Target target;
    if (event.plan != from_number_) {
        return false;
    }
    const auto of = [](const std::vector<Target>& targets, std::uint32_t index) {
        return index < targets.size() ? targets[index] : Target{};
    };
    if (event.kind == control::EventKind::set_edge_gain) {
        target = of(edges_, event.parameter);
    } else if (event.kind == control::EventKind::set_gate) {
        target = of(gates_, event.node);
    } else if (event.kind == control::EventKind::drain_node) {
        target = of(nodes_, event.node);
    } else if (event.kind == control::EventKind::shed_voice) {
        const bool is_there = event.node < voices_.size() && event.parameter < voices_[event.node];
        target = is_there ? Target{nodes_[event.node].node, event.parameter} : Target{};
    } else if (event.node + 1 < first_parameter_.size()) {
        const std::uint32_t parameters = first_parameter_[event.node + 1] - first_parameter_[event.node];
        target = event.parameter < parameters ? parameters_[first_parameter_[event.node] + event.parameter] : Target{};
    }
    event.plan = number_;
    event.node = target.node;
    event.parameter = target.index;
    return target.node != plan::kNone;
}

} // namespace amp::engine

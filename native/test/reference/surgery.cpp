#include "reference/surgery.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace amp::test::reference {

namespace {

using control::Event;
using control::EventKind;

// New numbers of what is kept; kNone for the rest.
std::vector<std::uint32_t> numbers(const std::vector<bool>& keep) {
    std::vector<std::uint32_t> made;
    std::uint32_t next = 0;
    for (const bool kept : keep) {
        made.push_back(kept ? next++ : plan::kNone);
    }
    return made;
}

template <class Item>
void keep_items(std::vector<Item>& items, const std::vector<bool>& keep) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (keep[i]) {
            std::swap(items[kept++], items[i]);
        }
    }
    items.resize(kept);
}

void renumber(std::vector<std::uint32_t>& references, const std::vector<std::uint32_t>& number) {
    for (std::uint32_t& reference : references) {
        reference = number[reference];
    }
    std::erase(references, plan::kNone);
}

// Events whose subject has the number kNone now are dropped.
template <class Subject>
void renumber_events(std::vector<Event>& events, const std::vector<std::uint32_t>& number, Subject subject) {
    std::erase_if(events, [&](Event& event) {
        std::uint32_t* const index = subject(event);
        return index != nullptr && (*index = number[*index]) == plan::kNone;
    });
}

void drop_group(plan::Description& plan, std::uint32_t group) {
    plan.voices.erase(plan.voices.begin() + group);
    for (plan::Node& node : plan.nodes) {
        if (node.voice_group == group) {
            node.voice_group = plan::kNone;
        } else if (node.voice_group != plan::kNone && node.voice_group > group) {
            --node.voice_group;
        }
    }
}

} // namespace

Case with_edges(const Case& whole, const std::vector<bool>& keep) {
    Case made = whole;
    const auto number = numbers(keep);
    keep_items(made.plan.edges, keep);
    for (plan::Gate& gate : made.plan.gates) {
        renumber(gate.edges, number);
    }
    renumber_events(made.events, number,
                    [](Event& event) { return event.kind == EventKind::set_edge_gain ? &event.parameter : nullptr; });
    return made;
}

Case with_nodes(const Case& whole, const std::vector<bool>& keep) {
    std::vector<bool> edges;
    for (const plan::Edge& edge : whole.plan.edges) {
        edges.push_back(keep[edge.from_node] && keep[edge.to_node]);
    }
    Case made = with_edges(whole, edges);
    const auto number = numbers(keep);
    for (std::size_t g = made.plan.voices.size(); g-- > 0;) {
        if (!keep[made.plan.voices[g].keys]) {
            drop_group(made.plan, static_cast<std::uint32_t>(g));
        }
    }
    for (plan::VoiceGroup& group : made.plan.voices) {
        group.keys = number[group.keys];
        renumber(group.members, number);
        renumber(group.envelopes, number);
    }
    for (plan::Gate& gate : made.plan.gates) {
        std::erase_if(gate.signals,
                      [&](plan::GateSignal& signal) { return (signal.node = number[signal.node]) == plan::kNone; });
    }
    for (plan::Edge& edge : made.plan.edges) {
        edge.from_node = number[edge.from_node];
        edge.to_node = number[edge.to_node];
    }
    keep_items(made.plan.nodes, keep);
    keep_items(made.plan.thermal.nodes, keep);
    renumber_events(made.events, number, [](Event& event) {
        const bool of_node = event.kind == EventKind::set_parameter || event.kind == EventKind::set_edge_gain ||
                             event.kind == EventKind::drain_node || event.kind == EventKind::shed_voice;
        return of_node ? &event.node : nullptr;
    });
    return made;
}

Case with_gates(const Case& whole, const std::vector<bool>& keep) {
    Case made = whole;
    const auto number = numbers(keep);
    keep_items(made.plan.gates, keep);
    for (plan::Edge& edge : made.plan.edges) {
        edge.gate = edge.gate == plan::kNone ? plan::kNone : number[edge.gate];
    }
    renumber_events(made.events, number,
                    [](Event& event) { return event.kind == EventKind::set_gate ? &event.node : nullptr; });
    return made;
}

Case with_events(const Case& whole, const std::vector<bool>& keep) {
    Case made = whole;
    keep_items(made.events, keep);
    return made;
}

} // namespace amp::test::reference

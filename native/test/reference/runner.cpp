#include "reference/runner.h"

#include "base/floating_point.h"
#include "engine/limiter.h"
#include "plan/units.h"
#include "reference/one_sum.h"

#include <algorithm>

namespace amp::test::reference {

namespace {

bool is_output(const plan::Node& node) { return find_node_type(node.type)->declaration->shape == ShapeRule::output; }

} // namespace

Runner::Runner(const plan::Description& plan, std::vector<control::Event> events, Faults faults)
    : plan_(plan), events_(std::move(events)), judged_(plan.gates.size(), -1) {
    std::ranges::stable_sort(events_, control::comes_before);
    for (std::uint32_t n = 0; n < plan.nodes.size(); ++n) {
        nodes_.emplace_back(plan, n);
    }
    for (const plan::Gate& gate : plan.gates) {
        gates_.emplace_back(gate, plan.stream);
    }
    for (std::uint32_t g = 0; g < plan.voices.size(); ++g) {
        voices_.emplace_back(plan, g);
    }
    for (std::uint32_t e = 0; e < plan.edges.size(); ++e) {
        const plan::Edge& edge = plan.edges[e];
        const std::uint32_t group = plan.nodes[edge.from_node].voice_group;
        edges_.emplace_back(plan, e, tap(edge.from_node, edge.from_output),
                            edge.gate == plan::kNone ? nullptr : &gates_[edge.gate],
                            group == plan::kNone ? nullptr : &voices_[group], faults);
        nodes_[edge.to_node].add(edges_.back());
    }
}

void Runner::run(int frames) {
    const FloatingPointScope as_the_engine;
    for (const std::int64_t end = frame_ + frames; frame_ < end; ++frame_) {
        for (; applied_ < events_.size() && events_[applied_].frame <= frame_; ++applied_) {
            apply(events_[applied_]);
        }
        begin_voices(frame_);
        for (const plan::Component& component : plan_.components) {
            for (const std::uint32_t node : component.nodes) {
                fire(node, frame_);
            }
        }
    }
}

void Runner::apply(const control::Event& event) {
    switch (event.kind) {
    case control::EventKind::set_parameter:
        nodes_[event.node].set_parameter(event);
        return;
    case control::EventKind::set_edge_gain:
        edges_[event.parameter].set_gain(event, plan_.stream.sample_rate);
        return;
    case control::EventKind::set_gate:
        gates_[event.node].command(event.frame, static_cast<int>(event.value));
        return;
    case control::EventKind::drain_node:
        for (Edge& edge : edges_) {
            if (edge.enters(plan_.nodes[event.node].component)) {
                edge.drain(event.value != 0);
            }
        }
        return;
    case control::EventKind::shed_voice:
        for (std::size_t g = 0; g < voices_.size(); ++g) {
            if (plan_.voices[g].keys == event.node && event.parameter < plan_.voices[g].lanes) {
                voices_[g].shed(static_cast<int>(event.parameter), event.frame);
            }
        }
        return;
    default:
        for (VoiceGroup& group : voices_) {
            group.apply(event);
        }
    }
}

void Runner::begin_voices(std::int64_t frame) {
    for (std::size_t g = 0; g < voices_.size(); ++g) {
        for (const control::LaneEvent& event : voices_[g].begin_frame(frame)) {
            for (const std::uint32_t member : plan_.voices[g].members) {
                nodes_[member].apply(event);
            }
        }
    }
}

// On a tick the signals of a gate are judged before anybody reads through it; by then they have made this frame.
void Runner::settle_gate(std::uint32_t gate, std::int64_t frame) {
    if (frame % kTickFrames != 0 || judged_[gate] == frame) {
        return;
    }
    judged_[gate] = frame;
    const std::vector<plan::GateSignal>& signals = plan_.gates[gate].signals;
    for (std::size_t i = 0; i < signals.size(); ++i) {
        gates_[gate].judge(frame, i, tap(signals[i].node, signals[i].output).at(frame, 0, 0));
    }
}

void Runner::fire(std::uint32_t node, std::int64_t frame) {
    for (const Edge* const edge : nodes_[node].edges()) {
        if (edge->planned().gate != plan::kNone) {
            settle_gate(edge->planned().gate, frame);
        }
    }
    nodes_[node].fire(frame);
    const std::uint32_t group = plan_.nodes[node].voice_group;
    if (!nodes_[node].ended().empty() && (frame + 1) % kTickFrames == 0) {
        voices_[group].envelope_ended(node, nodes_[node].ended(), frame + 1);
    }
}

int Runner::channels() const {
    int channels = 0;
    for (const plan::Node& node : plan_.nodes) {
        channels = is_output(node) ? std::max(channels, node.shape.channels) : channels;
    }
    return channels;
}

std::vector<float> Runner::output() const {
    const FloatingPointScope as_the_engine;
    const auto frames = static_cast<std::size_t>(frame_);
    const auto width = static_cast<std::size_t>(channels());
    std::vector<float> apart(frames * width);
    for (std::size_t channel = 0; channel < width; ++channel) {
        for (std::size_t f = 0; f < frames; ++f) {
            std::vector<float> leaves;
            for (std::uint32_t n = 0; n < plan_.nodes.size(); ++n) {
                if (is_output(plan_.nodes[n]) && static_cast<int>(channel) < plan_.nodes[n].shape.channels) {
                    leaves.push_back(tap(n, 0).at(static_cast<std::int64_t>(f), 0, static_cast<int>(channel)));
                }
            }
            apart[channel * frames + f] = one_sum(leaves);
        }
    }
    const double ceiling = *plan::canonical(plan_.stream.ceiling, Unit::ratio, plan_.stream);
    engine::Limiter limiter(channels(), ceiling, plan_.stream.sample_rate);
    limiter.process(apart.data(), static_cast<int>(frames), 0, static_cast<int>(frames));
    std::vector<float> together(frames * width);
    for (std::size_t f = 0; f < frames; ++f) {
        for (std::size_t channel = 0; channel < width; ++channel) {
            together[f * width + channel] = apart[channel * frames + f];
        }
    }
    return together;
}

} // namespace amp::test::reference

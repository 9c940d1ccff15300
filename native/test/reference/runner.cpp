#include "reference/runner.h"

#include "base/floating_point.h"
#include "control/plan_seals.h"
#include "engine/limiter.h"
#include "plan/heat.h"
#include "plan/units.h"
#include "reference/one_sum.h"

#include <algorithm>

namespace amp::test::reference {

namespace {

bool is_output(const plan::Node& node) { return find_node_type(node.type)->declaration->shape == ShapeRule::output; }

} // namespace

Runner::Runner(const plan::Description& plan, std::vector<control::Event> events, Faults faults)
    : plan_(plan), events_(std::move(events)) {
    std::ranges::stable_sort(events_, control::comes_before);
    for (std::uint32_t n = 0; n < plan.nodes.size(); ++n) {
        nodes_.emplace_back(plan, n);
    }
    for (std::uint32_t g = 0; g < plan.voices.size(); ++g) {
        voices_.emplace_back(plan, g);
    }
    for (std::uint32_t e = 0; e < plan.edges.size(); ++e) {
        const plan::Edge& edge = plan.edges[e];
        // Heat is that of all voices together.
        const std::uint32_t group = plan::reads_heat(plan, edge) ? plan::kNone : plan.nodes[edge.from_node].voice_group;
        edges_.emplace_back(plan, e, tap(edge.from_node, edge.from_output),
                            group == plan::kNone ? nullptr : &voices_[group], faults);
        nodes_[edge.to_node].add(edges_.back());
    }
    const std::vector<plan::Region> regions = plan::find_regions(plan);
    region_of_ = plan::region_of_each_node(plan, regions);
    for (const plan::Region& region : regions) {
        regions_.push_back({region, {}, 0, false, false});
    }
}

Runner::Region* Runner::region_of(std::uint32_t node) {
    return region_of_[node] == plan::kNone ? nullptr : &regions_[region_of_[node]];
}

// Every node counts frames as the material does that enters it: at frame t of the stream it makes frame t - its aligned
// latency, from 0 on. In a region it makes the next frame of the region's count, or none.
void Runner::run(int frames) {
    const FloatingPointScope as_the_engine;
    for (const std::int64_t end = frame_ + frames; frame_ < end; ++frame_) {
        begin_frame();
        for (const plan::Component& component : plan_.components) {
            for (const std::uint32_t node : component.nodes) {
                std::int64_t at = frame_ - static_cast<std::int64_t>(plan_.nodes[node].aligned_latency);
                if (Region* const region = region_of(node)) {
                    decide(*region);
                    at = region->stands ? -1 : region->made;
                }
                if (at >= 0) {
                    act(node, at);
                    fire(node, at);
                }
            }
        }
        end_frame();
    }
}

// What happens now happens to the nodes of a region at the next frame that they make.
void Runner::begin_frame() {
    for (; applied_ < events_.size() && events_[applied_].frame <= frame_; ++applied_) {
        const control::Event& event = events_[applied_];
        for (Region& region : regions_) {
            region.events.push_back(event);
            region.events.back().frame = region.made;
        }
        for (std::uint32_t g = 0; g < voices_.size(); ++g) {
            const Region* const region = region_of(plan_.voices[g].keys);
            if (event.kind == control::EventKind::shed_voice) {
                // Voices that may stand are never shed.
                if (region == nullptr && plan_.voices[g].keys == event.node &&
                    event.parameter < plan_.voices[g].lanes) {
                    voices_[g].shed(static_cast<int>(event.parameter), event.frame);
                }
            } else if (!control::sets(event) && !control::gates(event)) {
                voices_[g].apply(region == nullptr ? event : region->events.back(), frame_);
            }
        }
    }
    for (std::uint32_t g = 0; g < voices_.size(); ++g) {
        if (region_of(plan_.voices[g].keys) == nullptr) {
            voices_[g].begin_frame(frame_);
        }
    }
}

// A region stands while a reader has to wait that is as far behind as it may be, and none reads.
void Runner::decide(Region& region) {
    if (region.is_decided) {
        return;
    }
    region.is_decided = true;
    bool is_full = false, is_read = false;
    for (const std::uint32_t index : region.planned.edges) {
        Edge& edge = edges_[index];
        const plan::Node& reader = plan_.nodes[edge.planned().to_node];
        const std::int64_t frame = frame_ - static_cast<std::int64_t>(reader.aligned_latency);
        if (frame < 0) {
            return;
        }
        for (const control::Event& event : events_) {
            if (event.frame == frame) {
                apply_to_gate(edge, event);
            }
        }
        judge_signals(edge, frame);
        const GateMember& member = edge.step_ahead(frame);
        is_full = is_full || (member.waits() && member.is_full());
        is_read = is_read || member.reads();
    }
    region.stands = is_full && !is_read;
    for (const std::uint32_t index : region.planned.edges) {
        edges_[index].settle(region.stands, frame_ - region.made);
    }
    for (std::uint32_t g = 0; g < voices_.size(); ++g) {
        if (!region.stands && region_of(plan_.voices[g].keys) == &region) {
            voices_[g].begin_frame(region.made);
        }
    }
}

void Runner::end_frame() {
    for (Region& region : regions_) {
        region.made += region.stands ? 0 : 1;
        region.is_decided = region.stands = false;
    }
}

// What happens at the node's frame, and what acts at once while the stream is there.
void Runner::act(std::uint32_t node, std::int64_t frame) {
    const Region* const region = region_of(node);
    for (const control::Event& event : region == nullptr ? events_ : region->events) {
        if (event.frame == (event.at_once && region == nullptr ? frame_ : frame)) {
            apply(node, event);
        }
    }
    if (const std::uint32_t group = plan_.nodes[node].voice_group; group != plan::kNone) {
        for (const control::LaneEvent& event : voices_[group].happened()) {
            if (event.frame == frame) {
                nodes_[node].apply(event);
            }
        }
    }
    for (Edge* const edge : nodes_[node].edges()) {
        if (!edge->is_ahead(frame)) {
            judge_signals(*edge, frame);
        }
    }
}

void Runner::apply(std::uint32_t node, const control::Event& event) {
    if (event.kind == control::EventKind::set_parameter && event.node == node) {
        nodes_[node].set_parameter(event);
    }
    for (Edge* const edge : nodes_[node].edges()) {
        const bool is_it =
            event.kind == control::EventKind::set_edge_gain && &edge->planned() == &plan_.edges[event.parameter];
        if (is_it) {
            edge->set_gain(event, plan_.stream.sample_rate);
        } else if (!edge->is_ahead(event.frame)) {
            apply_to_gate(*edge, event);
        }
    }
}

void Runner::apply_to_gate(Edge& edge, const control::Event& event) {
    if (event.kind == control::EventKind::set_gate && edge.planned().gate == event.node) {
        edge.gate()->command(event.frame, static_cast<int>(event.value));
    } else if (event.kind == control::EventKind::drain_node && edge.enters(plan_.nodes[event.node].component)) {
        edge.drain(event.value != 0);
    }
}

// On a tick of the reader's material.
void Runner::judge_signals(Edge& edge, std::int64_t frame) {
    if (edge.gate() == nullptr || frame % kTickFrames != 0) {
        return;
    }
    const std::vector<plan::GateSignal>& signals = plan_.gates[edge.planned().gate].signals;
    for (std::size_t i = 0; i < signals.size(); ++i) {
        const auto latency = static_cast<std::int64_t>(plan_.nodes[signals[i].node].latency);
        edge.gate()->judge(frame, i, tap(signals[i].node, signals[i].output).at(frame + latency, 0, 0));
    }
}

void Runner::fire(std::uint32_t node, std::int64_t frame) {
    nodes_[node].fire(frame);
    const std::uint32_t group = plan_.nodes[node].voice_group;
    if (!nodes_[node].ended().empty() && (frame + 1) % kTickFrames == 0) {
        voices_[group].envelope_ended(node, nodes_[node].ended(), frame + 1);
    }
}

std::int64_t Runner::bad_frames() const {
    std::int64_t frames = 0;
    for (const Node& node : nodes_) {
        frames += node.bad_frames();
    }
    return frames;
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
                    const std::int64_t at =
                        static_cast<std::int64_t>(f) - static_cast<std::int64_t>(plan_.nodes[n].aligned_latency);
                    leaves.push_back(at < 0 ? 0 : tap(n, 0).at(at, 0, static_cast<int>(channel)));
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

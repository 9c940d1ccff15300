#include "engine/gates.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

using control::Event;
using control::EventKind;

void Gates::add_edge(Feed& feed, const Membership& membership, const EdgeGateSettings& settings) {
    const Reader& reader = feed.readers.back();
    const int lanes = std::max(feed.lanes, reader.wheel->lanes);
    Edge& edge = edges_.emplace_back(&feed, feed.readers.size() - 1, membership,
                                     std::make_unique<EdgeGate>(settings, reader.absent, lanes));
    if (edge.is_member()) {
        activate(edge);
    }
}

// The feed's readers may have moved since the edge was added, so the reader learns of its gate when it is first needed.
void Gates::activate(Edge& edge) {
    edge.is_active = true;
    ++active_;
    edge.reader().gate = edge.gate.get();
}

void Gates::apply(const Event& event, std::int64_t frame) {
    for (Edge& edge : edges_) {
        if (event.kind == EventKind::set_gate && edge.membership.gate == event.node) {
            if (event.value > 1) {
                edge.gate->toggle(frame);
            } else {
                edge.gate->ask(frame, event.value > 0.5F);
            }
        } else if (event.kind == EventKind::drain_node && edge.membership.enters &&
                   edge.membership.component == event.parameter) {
            edge.gate->drain(event.value > 0.5F);
            if (!edge.is_active) {
                activate(edge);
            }
        }
    }
}

const Gates::Edge* Gates::find(std::span<const Edge> edges, const Feed& feed, std::size_t place) {
    const auto found =
        std::ranges::find_if(edges, [&](const Edge& edge) { return edge.feed == &feed && edge.place == place; });
    return found == edges.end() ? nullptr : &*found;
}

EdgeGate* Gates::gate_of(const Feed& feed, std::size_t place) const {
    const Edge* const found = find(edges_, feed, place);
    return found == nullptr ? nullptr : found->gate.get();
}

void Gates::take_over(const Feed& feed, std::size_t place, const Gates& from, const Feed& from_feed,
                      std::size_t from_place) {
    const Edge* const before = find(from.edges_, from_feed, from_place);
    const Edge* const found = find(edges_, feed, place);
    if (before == nullptr || found == nullptr || before->is_member() != found->is_member()) {
        return;
    }
    Edge& edge = edges_[static_cast<std::size_t>(found - edges_.data())];
    edge.gate->take_over(*before->gate, before->reader(), edge.reader());
    if (before->is_active && !edge.is_active) {
        activate(edge);
    }
}

// True if something fades or is closed.
bool Gates::begin_active(std::int64_t frame) {
    bool shapes = false;
    for (Edge& edge : edges_) {
        if (edge.is_active) {
            edge.gate->begin(frame, edge.reader());
            shapes = shapes || !edge.gate->passes();
        }
    }
    return shapes;
}

std::int64_t Gates::next_of_active(std::int64_t frame, std::int64_t end) const {
    for (const Edge& edge : edges_) {
        end = edge.is_active ? edge.gate->next(frame, end) : end;
    }
    return end;
}

void Gates::advance_active(std::int64_t frames) {
    for (Edge& edge : edges_) {
        if (!edge.is_active) {
            continue;
        }
        edge.gate->advance(frames, edge.reader());
        if (!edge.is_member() && edge.gate->passes()) {
            edge.is_active = false;
            --active_;
            edge.reader().gate = nullptr;
        }
    }
}

void Gates::show_active(std::int64_t frame) {
    for (Edge& edge : edges_) {
        if (edge.is_active) {
            edge.gate->show(frame, edge.reader());
        }
    }
}

void Gates::forget(int lane) {
    for (Edge& edge : edges_) {
        if (edge.membership.forgets) {
            edge.gate->forget(lane);
        }
    }
}

std::size_t Gates::scratch_samples(int frames) const {
    std::size_t samples = 0;
    for (const Edge& edge : edges_) {
        samples += edge.gate->scratch_samples(frames);
    }
    return samples;
}

const EdgeGate* Gates::member(std::uint32_t gate) const {
    const EdgeGate* furthest = nullptr;
    for (const Edge& edge : edges_) {
        if (edge.membership.gate == gate && (furthest == nullptr || edge.gate->shown_lag() > furthest->shown_lag())) {
            furthest = edge.gate.get();
        }
    }
    return furthest;
}

} // namespace amp::engine::inline AMP_PRECISION

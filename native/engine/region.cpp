#include "engine/region.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

using control::Event;
using control::EventKind;

RegionBlock::At RegionBlock::at(std::int64_t frame) const {
    if (frame >= end_) {
        return {last_ + 1 + frame - end_, true, INT64_MAX};
    }
    const auto next = std::upper_bound(steps_.begin(), steps_.end(), frame,
                                       [](std::int64_t wanted, const Step& step) { return wanted < step.frame; });
    if (next == steps_.begin()) {
        return {first_ + frame - next->frame, true, next->frame};
    }
    const Step& step = *(next - 1);
    return {step.own + (step.runs ? frame - step.frame : 0), step.runs, next == steps_.end() ? end_ : next->frame};
}

Region::Edge::Edge(const Reader& read, const EdgeGateSettings& settings, std::uint32_t edge, std::uint32_t of)
    : gate(settings, 0, 1), index(edge), component(of) {
    reader.delay = read.delay;
    reader.late = read.late;
}

Region::Region(int block_frames, int in_flight) : block_frames_(block_frames) {
    for (int slot = 0; slot <= in_flight; ++slot) {
        blocks_.emplace_back(block_frames);
    }
}

void Region::add_edge(const Reader& reader, const EdgeGateSettings& settings, std::uint32_t edge, std::uint32_t gate,
                      std::uint32_t component) {
    EdgeGateSettings own = settings;
    own.region = nullptr;
    own.keeps_last = false; // when it changes does not depend on what is heard
    edges_.push_back(std::make_unique<Edge>(reader, own, edge, component));
    gate_ = gate;
    late_ = reader.late;
}

void Region::add_component(std::uint32_t component) { drains_.push_back(std::make_unique<Drain>(component)); }

Region::Edge& Region::find(std::uint32_t edge) {
    return **std::ranges::find_if(edges_, [&](const auto& each) { return each->index == edge; });
}

void Region::apply(Edge& edge, const Event& event) {
    if (event.frame < edge.acts_from) {
        return;
    }
    if (event.kind == EventKind::set_gate && event.node == gate_) {
        if (event.value > 1) {
            edge.gate.toggle(event.frame);
        } else {
            edge.gate.ask(event.frame, event.value > 0.5F);
        }
    } else if (event.kind == EventKind::drain_node && event.parameter == edge.component) {
        edge.gate.drain(event.value > 0.5F);
    }
}

void Region::act_on_what_is_owed(Edge& edge, std::int64_t until, control::PlanSeals& seals) {
    for (std::int64_t at = edge.owed_from; at < until; at = (at / block_frames_ + 1) * block_frames_) {
        for (const Event& event : seals.sealed(at / block_frames_).gates) {
            if (event.frame >= at && event.frame < until) {
                apply(edge, event);
            }
        }
    }
    edge.owed_from = kNever;
}

void Region::decide(std::int64_t begin, std::int64_t end, control::PlanSeals& seals) {
    const std::int64_t block = begin / block_frames_;
    RegionBlock& now = blocks_[static_cast<std::size_t>(block % static_cast<std::int64_t>(blocks_.size()))];
    now.steps_.clear();
    now.end_ = end;
    now.first_ = made_;
    const auto go = [&](std::int64_t at, std::int64_t until, bool runs) {
        now.steps_.add({at, made_, runs});
        if (runs) {
            stops_.add(made_, at - made_);
            made_ += until - at;
        }
    };
    std::int64_t at = begin;
    if (at < late_) {
        const std::int64_t until = std::min(end, late_); // nobody reads yet
        go(at, until, true);
        at = until;
    }
    for (const auto& edge : edges_) {
        act_on_what_is_owed(*edge, at - late_, seals);
    }
    while (at < end) {
        const std::int64_t material_block = (at - late_) / block_frames_;
        const std::span<const Event> events = seals.sealed(material_block).gates;
        std::size_t next = 0;
        while (next < events.size() && events[next].frame < at - late_) {
            ++next;
        }
        const std::int64_t until = std::min(end, (material_block + 1) * block_frames_ + late_);
        while (at < until) {
            const std::int64_t frame = at - late_; // as the readers count
            for (; next < events.size() && events[next].frame <= frame; ++next) {
                for (const auto& edge : edges_) {
                    apply(*edge, events[next]);
                }
            }
            std::int64_t cut = until - late_;
            if (next < events.size()) {
                cut = std::min(cut, events[next].frame);
            }
            bool is_full = false, is_read = false;
            for (const auto& edge : edges_) {
                edge->gate.begin(frame, edge->reader);
                cut = edge->gate.next(frame, cut);
                is_read = is_read || edge->gate.reads();
                if (edge->gate.waits()) {
                    const std::int64_t room = edge->gate.room(edge->reader);
                    is_full = is_full || room == 0;
                    cut = room == 0 ? cut : std::min(cut, frame + room);
                }
            }
            // Gates that a hand-over has parted may disagree: then what is read goes on, and who waits loses the
            // oldest.
            const bool stands = is_full && !is_read;
            for (const auto& edge : edges_) {
                edge->gate.stand(stands);
                edge->gate.advance(cut - frame, edge->reader);
            }
            go(at, cut + late_, !stands);
            at = cut + late_;
        }
    }
    now.last_ = made_;
    ends_[kept_place(block)].store(2 * (end - made_) + (now.stands_at_end() ? 1 : 0), std::memory_order_release);
    note_drains(begin, end, seals.sealed(block), now);
    const auto own = [&](std::int64_t frame) { return now.at(frame).own; };
    for (const std::uint32_t group : groups_) {
        // What happens while it stands happens to nodes that stand: nothing piles up.
        seals.seal_in_region(group, block, begin, end, made_ + (now.stands_at_end() ? 1 : 0), own);
    }
}

void Region::note_drains(std::int64_t begin, std::int64_t end, const control::SealedBlock& sealed,
                         const RegionBlock& now) {
    for (const Event& event : sealed.gates) {
        if (event.kind != EventKind::drain_node || event.frame < begin || event.frame >= end) {
            continue;
        }
        for (const auto& drain : drains_) {
            if (drain->component != event.parameter) {
                continue;
            }
            if (event.value < 0.5F) {
                drain->frame.store(kNever, std::memory_order_relaxed);
            } else if (drain->frame.load(std::memory_order_relaxed) == kNever) {
                drain->since.store(now.at(event.frame).own, std::memory_order_relaxed);
                drain->frame.store(event.frame, std::memory_order_release);
            }
        }
    }
}

std::int64_t Region::drained_since(std::uint32_t component, std::int64_t frame) const {
    const auto found = std::ranges::find_if(drains_, [&](const auto& drain) { return drain->component == component; });
    // Whoever asks may know of a drain that is sealed, where this one is not decided yet and the one before it is.
    const bool has_acted = found != drains_.end() && (*found)->frame.load(std::memory_order_acquire) == frame;
    return has_acted ? (*found)->since.load(std::memory_order_relaxed) : kNever;
}

void Region::take_over(const Region* from, std::int64_t frame) {
    made_ = from == nullptr ? frame : from->made_;
    if (from == nullptr) {
        return;
    }
    stops_.take_over(from->stops_);
    for (std::size_t place = 0; place < ends_.size(); ++place) {
        ends_[place].store(from->ends_[place].load(std::memory_order_relaxed), std::memory_order_release);
    }
}

void Region::take_over_edge(std::uint32_t edge, const EdgeGate& from, const Reader& from_reader, std::int64_t acts_from,
                            std::int64_t owed_from) {
    Edge& own = find(edge);
    own.acts_from = acts_from;
    own.owed_from = owed_from;
    own.gate.take_over(from, from_reader, own.reader);
}

} // namespace amp::engine::inline AMP_PRECISION

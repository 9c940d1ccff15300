#include "engine/takeover.h"

#include "engine/plan_instance.h"
#include "plan/units.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace amp::engine::inline AMP_PRECISION {

namespace {

// What looks ahead keeps frames by their number, and so do tokens: such a node only goes on if it counts them as
// before.
bool are_one(const plan::Node& a, const plan::Node& b) {
    const bool counts = a.latency > 0 || find_node_type(a.type)->declaration->is_spectral();
    const bool counts_alike = !counts || a.aligned_latency == b.aligned_latency;
    return a.type == b.type && a.shape == b.shape && a.options == b.options && a.latency == b.latency && counts_alike;
}

// True if the plans say the same of the gates, which may be none.
bool are_one(const plan::Description& before, std::uint32_t old, const plan::Description& after, std::uint32_t gate) {
    if (old == plan::kNone || gate == plan::kNone) {
        return old == gate;
    }
    const plan::Gate& a = before.gates[old];
    const plan::Gate& b = after.gates[gate];
    return a.id == b.id && a.while_closed == b.while_closed && a.release == b.release && a.open == b.open &&
           a.quantize == b.quantize && a.signals.size() == b.signals.size();
}

// What a text says in the unit of its target, so that "1 s" and "1000 ms" are one.
std::vector<double> numbers_of(const std::vector<plan::Value>& values, Unit unit, const plan::Stream& stream) {
    std::vector<double> numbers;
    for (const plan::Value& value : values) {
        numbers.push_back(plan::canonical(value, unit, stream).value_or(0));
    }
    return numbers;
}

// How far back each output of a node is read at most, gates that hold frames among the readers.
std::vector<std::int64_t> histories(const plan::Description& plan, std::uint32_t node) {
    std::vector<std::int64_t> longest(plan.nodes[node].outputs.size(), 0);
    for (const plan::Edge& edge : plan.edges) {
        if (edge.from_node == node) {
            longest[edge.from_output] =
                std::max(longest[edge.from_output], static_cast<std::int64_t>(plan::most_back(plan, edge)));
        }
    }
    return longest;
}

Unit unit_of(const plan::Description& plan, const plan::Edge& edge) {
    if (edge.target == plan::EdgeTarget::input) {
        return Unit::ratio;
    }
    const bool adds = edge.scale != plan::EdgeScale::octaves && edge.mode == plan::EdgeMode::add;
    const Declaration& declared = *find_node_type(plan.nodes[edge.to_node].type)->declaration;
    return adds ? declared.parameters[edge.to_index].unit : Unit::none;
}

// True if the plans sound alike: a schedule changes no bit.
bool sound_alike(const plan::Description& before, plan::Description after) {
    after.has_schedule = before.has_schedule;
    after.stages = before.stages;
    return before == after;
}

// Frames that lie straight in both, but not side by side.
void take_frames(const Wheel& from, const Wheel& to, std::int64_t begin, std::int64_t frames) {
    for (std::int64_t at = begin; at < begin + frames; ++at) {
        for (int channel = 0; channel < from.shape.channels; ++channel) {
            std::copy_n(from.at(at) + from.lane(0, channel), from.shape.batch_stride(),
                        to.at(at) + to.lane(0, channel));
        }
    }
}

} // namespace

Takeover::Takeover(PlanInstance& from, PlanInstance& to, bool carries)
    : from_(from), to_(to), carries_(carries), grown_from_(to.graph->growth().wheels().size(), nullptr) {
    group_of_.assign(to.description.voices.size(), control::PlanSeals::kNoGroup);
    for (const auto& region : to.graph->regions()) {
        counts_.push_back({nullptr, region.get()});
    }
    if (!carries) {
        return;
    }
    const plan::Description& before = from.description;
    const plan::Description& after = to.description;
    is_whole_ = sound_alike(before, after);
    std::map<std::string_view, std::uint32_t> by_id;
    for (std::uint32_t n = 0; n < before.nodes.size(); ++n) {
        by_id.emplace(before.nodes[n].id, n);
    }
    std::vector<std::uint32_t> counterparts;
    for (const plan::Node& node : after.nodes) {
        const auto found = by_id.find(node.id);
        const bool goes_on = found != by_id.end() && are_one(before.nodes[found->second], node);
        counterparts.push_back(goes_on ? found->second : plan::kNone);
    }
    const std::vector<std::uint32_t> counts = counts_of(counterparts);
    const auto counterpart = [&](std::uint32_t node) {
        const std::uint32_t old = counterparts[node];
        // In a region no node is late.
        const bool counts_on = old != plan::kNone && from.layout.region_of[old] == counts[node] &&
                               (to.layout.region_of[node] == plan::kNone || before.nodes[old].aligned_latency == 0);
        return counts_on ? old : plan::kNone;
    };
    std::vector<std::uint32_t> group_of(after.voices.size(), plan::kNone); // of the old plan
    for (std::uint32_t g = 0; g < after.voices.size(); ++g) {
        const std::uint32_t keys = counterpart(after.voices[g].keys);
        if (keys != plan::kNone && before.nodes[keys].voice_group != plan::kNone) {
            group_of[g] = before.nodes[keys].voice_group;
            groups_.push_back({group_of[g], g, from.layout.region_of[keys] != plan::kNone});
            group_of_[g] = group_of[g];
        }
    }
    std::vector<bool> goes_on(after.nodes.size(), false);
    for (std::uint32_t n = 0; n < after.nodes.size(); ++n) {
        const std::uint32_t old = counterpart(n);
        const std::uint32_t group = after.nodes[n].voice_group;
        if (old == plan::kNone ||
            before.nodes[old].voice_group != (group == plan::kNone ? plan::kNone : group_of[group])) {
            continue;
        }
        goes_on[n] = true;
        Node& node = nodes_.emplace_back();
        node.from = from.graph->nodes()[old].get();
        node.to = to.graph->nodes()[n].get();
        node.history = histories(after, n);
        node.readers.resize(node.history.size());
        for (std::uint32_t e = 0; e < before.edges.size(); ++e) {
            const plan::Edge& edge = before.edges[e];
            if (edge.from_node == old) {
                const GraphNode& reads = *from.graph->nodes()[edge.to_node];
                node.readers[edge.from_output].push_back(&reads.movements.place_of(e).reader());
            }
        }
        find_growing(node);
        for (std::size_t p = 0; p < after.nodes[n].parameters.size(); ++p) {
            const Unit unit = node.to->type->declaration->parameters[p].unit;
            node.same_text.push_back(numbers_of(before.nodes[old].parameters[p].base, unit, before.stream) ==
                                     numbers_of(after.nodes[n].parameters[p].base, unit, after.stream));
        }
    }
    for (const Group& group : groups_) {
        const plan::VoiceGroup& voices = after.voices[group.to];
        const auto add_new = [&](std::span<const std::uint32_t> nodes, std::vector<NewMember>& added) {
            for (const std::uint32_t node : nodes) {
                if (!goes_on[node]) {
                    added.push_back({to.graph->nodes()[node].get(), to.graph->nodes()[voices.keys].get()});
                }
            }
        };
        add_new(voices.envelopes, new_envelopes_);
        add_new(voices.members, new_members_);
    }
    const auto equal = equal_edges(before, after);
    for (std::uint32_t e = 0; e < equal.size(); ++e) {
        if (equal[e] == plan::kNone || !goes_on[after.edges[e].to_node]) {
            continue;
        }
        const plan::Edge& old = before.edges[equal[e]];
        const bool same_gain = numbers_of({old.gain}, unit_of(before, old), before.stream) ==
                               numbers_of({after.edges[e].gain}, unit_of(after, after.edges[e]), after.stream);
        const std::uint32_t region = to.layout.region_of[after.edges[e].from_node];
        edges_.push_back({from.graph->nodes()[old.to_node].get(), to.graph->nodes()[after.edges[e].to_node].get(),
                          equal[e], e, same_gain, are_one(before, old.gate, after, after.edges[e].gate),
                          plan::stops(after, after.edges[e]) ? to.graph->regions()[region].get() : nullptr});
    }
}

std::vector<std::uint32_t> Takeover::counts_of(std::span<const std::uint32_t> counterparts) {
    std::vector<std::uint32_t> counts(counterparts.size(), plan::kNone);
    for (std::size_t r = 0; r < counts_.size(); ++r) {
        const std::vector<std::uint32_t>& nodes = to_.layout.regions[r].nodes;
        const auto first =
            std::ranges::find_if(nodes, [&](std::uint32_t node) { return counterparts[node] != plan::kNone; });
        const std::uint32_t old = first == nodes.end() ? plan::kNone : from_.layout.region_of[counterparts[*first]];
        counts_[r].from = old == plan::kNone ? nullptr : from_.graph->regions()[old].get();
        for (const std::uint32_t node : nodes) {
            counts[node] = old;
        }
    }
    return counts;
}

// Finds what each wheel takes over that grows.
void Takeover::find_growing(const Node& node) {
    const std::span<const WheelGrowth::Held> growing = to_.graph->growth().wheels();
    for (std::size_t w = 0; w < growing.size(); ++w) {
        if (growing[w].producer == node.to) {
            grown_from_[w] = node.from->outputs[growing[w].output];
        }
    }
}

Result<bool> Takeover::make_room() const {
    WheelGrowth& growth = to_.graph->growth();
    for (std::size_t w = 0; w < grown_from_.size(); ++w) {
        if (grown_from_[w] == nullptr) {
            continue;
        }
        const std::int64_t held = grown_from_[w]->shown_capacity.load(std::memory_order_relaxed);
        if (auto made = growth.lengthen_at_once(w, held + growth.spare(w)); !made.ok()) {
            return made;
        }
    }
    return true;
}

run::Obstacle Takeover::obstacle() const { return to_.graph->growth().obstacle_to_taking_over(grown_from_); }

void Takeover::take_events(std::int64_t block, const Translation& translation) {
    if (carries_) {
        to_.seals.take_over_events(from_.seals, group_of_, block,
                                   [&](control::Event& event) { return translation.apply(event); });
    }
    for (const Group& group : groups_) {
        if (!group.stands) {
            to_.seals.take_over(group.to, from_.seals, group.from, block);
        }
    }
}

// The stream's frame as the node's region counts.
std::int64_t Takeover::own_frame(const GraphNode& node, std::int64_t frame) {
    return node.region == nullptr ? frame : node.region->made();
}

void Takeover::take_nodes(std::int64_t frame, std::int64_t block) {
    for (const Count& count : counts_) {
        count.to->take_over(count.from, frame);
    }
    for (const Group& group : groups_) {
        if (group.stands) {
            to_.seals.take_over(group.to, from_.seals, group.from, block);
        }
    }
    for (const auto& node : to_.graph->nodes()) {
        for (Wheel* const wheel : node->outputs) {
            if (wheel != nullptr) {
                wheel->first = std::max(own_frame(*node, frame), node->late) + node->latency;
            }
        }
    }
    for (const Node& node : nodes_) {
        for (int row = 0; row < node.from->state_rows; ++row) {
            std::copy_n(node.from->state + row * node.from->state_stride, node.from->lanes,
                        node.to->state + row * node.to->state_stride);
        }
        node.to->guard.take_over(node.from->guard);
        node.to->latency_probe = node.from->latency_probe;
        node.to->watch = node.from->watch;
        node.to->progress->take_headers(*node.from->progress);
        const std::int64_t acted = frame - node.from->late;
        if (node.to->late > node.from->late) {
            node.to->acts_from = acted;
        } else if (node.to->late < node.from->late) {
            node.to->owed_from = std::max<std::int64_t>(0, acted);
        }
        take_wheels(node, own_frame(*node.to, frame));
        node.to->thermal.take_over(node.from->thermal, own_frame(*node.to, frame) - node.to->late);
        for (std::size_t p = 0; p < node.same_text.size(); ++p) {
            node.to->movements.take_over_parameter(p, node.from->movements, node.same_text[p], node.to->sample_rate);
        }
        take_envelope(node, block);
    }
    for (const NewMember& envelope : new_envelopes_) {
        begin_envelope(envelope);
    }
    for (const NewMember& member : new_members_) {
        begin_heat(member);
    }
    for (const Edge& edge : edges_) {
        edge.to->movements.take_over_slew(edge.to_edge, edge.from->movements, edge.from_edge);
        if (edge.same_gain) {
            edge.to->movements.take_over_edge(edge.to_edge, edge.from->movements, edge.from_edge);
        }
        if (edge.same_gate) {
            const Movements::Place from = edge.from->movements.place_of(edge.from_edge);
            const Movements::Place to = edge.to->movements.place_of(edge.to_edge);
            edge.to->gates.take_over(*to.feed, to.place, edge.from->gates, *from.feed, from.place);
            if (edge.stops != nullptr) {
                edge.stops->take_over_edge(edge.to_edge, *edge.from->gates.gate_of(*from.feed, from.place),
                                           from.reader(), edge.to->acts_from, edge.to->owed_from);
            }
        }
    }
    for (const auto& node : to_.graph->nodes()) {
        node->progress->stood.store(frame - own_frame(*node, frame), std::memory_order_relaxed);
        node->progress->finished.store(frame, std::memory_order_release);
    }
}

void Takeover::take_wheels(const Node& node, std::int64_t frame) const {
    for (std::size_t o = 0; o < node.from->outputs.size(); ++o) {
        const Wheel* const from = node.from->outputs[o];
        Wheel* const to = node.to->outputs[o];
        if (from == nullptr || to == nullptr) {
            continue;
        }
        // What the old plan's readers may still read here follows from the events, not from what the wheel happens to
        // hold.
        std::int64_t back = 0;
        for (const Reader* const reader : node.readers[o]) {
            back = std::max(back, reader->behind());
        }
        std::int64_t at = std::max(from->first, frame - std::min(back, node.history[o]));
        to->first = at;
        while (at < frame) {
            const std::int64_t straight =
                std::min({frame - at, from->capacity - from->index(at), to->capacity - to->index(at)});
            if (from->shares() || to->shares()) {
                take_frames(*from, *to, at, straight);
            } else {
                std::copy_n(from->at(at), straight * from->stride, to->at(at));
            }
            at += straight;
        }
    }
}

void Takeover::take_envelope(const Node& node, std::int64_t block) const {
    EnvelopeMemory& now = node.to->envelope;
    const EnvelopeMemory& before = node.from->envelope;
    if (now.ended.empty()) {
        return;
    }
    std::ranges::copy(before.ended, now.ended.begin());
    std::ranges::copy(before.asleep_from, now.asleep_from.begin());
    std::ranges::copy(before.held, now.held.begin());
    const std::int64_t late = std::max(from_.most_late, to_.most_late);
    const std::int64_t block_frames = to_.seals.block_frames();
    for (std::int64_t past = std::max<std::int64_t>(0, block - (late + block_frames - 1) / block_frames); past <= block;
         ++past) {
        take_sleep(node, past);
    }
}

// When lanes slept in a block, as far as only the old plan has run it.
void Takeover::take_sleep(const Node& node, std::int64_t block) const {
    const control::SealedVoices& old = from_.seals.sealed(block).voices[node.from->voice_group];
    control::SealedVoices& sealed = to_.seals.sealed(block).voices[node.to->voice_group];
    const int from = node.from->envelope.index, to = node.to->envelope.index;
    const std::size_t lanes = node.to->envelope.ended.size();
    for (std::size_t event = 0; event < std::min(old.events.size(), sealed.events.size()); ++event) {
        control::SealedVoices::write(sealed.at_event(to, event),
                                     control::SealedVoices::read(old.at_event(from, event)));
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        control::SealedVoices::write(
            sealed.asleep_from[static_cast<std::size_t>(to) * lanes + lane],
            control::SealedVoices::read(old.asleep_from[static_cast<std::size_t>(from) * lanes + lane]));
    }
}

// A node that the old plan did not have is warmed by the notes that are held.
void Takeover::begin_heat(const NewMember& member) {
    const GraphNode& keys = *member.keys;
    const Sample* const gates = keys.state + static_cast<std::ptrdiff_t>(control::VoiceRow::gate) * keys.state_stride;
    for (int lane = 0; lane < member.node->shape.batch; ++lane) {
        member.node->thermal.hold(lane, gates[lane] > 0);
    }
}

// An envelope that the old plan did not have begins with the notes that are held.
void Takeover::begin_envelope(const NewMember& envelope) {
    EnvelopeMemory& memory = envelope.node->envelope;
    const GraphNode& keys = *envelope.keys;
    const Sample* const gates = keys.state + static_cast<std::ptrdiff_t>(control::VoiceRow::gate) * keys.state_stride;
    for (std::size_t lane = 0; lane < memory.held.size(); ++lane) {
        if (gates[lane] > 0) {
            memory.held[lane] = 1;
            memory.ended[lane] = memory.asleep_from[lane] = kNever;
        }
    }
}

} // namespace amp::engine::inline AMP_PRECISION

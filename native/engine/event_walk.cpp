#include "engine/event_walk.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

using control::LaneEvent;
using control::LaneEventKind;
using control::SealedBlock;
using control::SealedVoices;

namespace {

void write_row(GraphNode& keys, int lane, control::VoiceRow row, Sample value) {
    keys.state[static_cast<int>(row) * keys.state_stride + lane] = value;
}

void apply_to_keys(GraphNode& keys, const LaneEvent& event) {
    using control::VoiceRow;
    switch (event.kind) {
    case LaneEventKind::onset:
        write_row(keys, event.lane, VoiceRow::frequency, event.frequency);
        write_row(keys, event.lane, VoiceRow::gate, 1);
        write_row(keys, event.lane, VoiceRow::velocity, event.value);
        write_row(keys, event.lane, VoiceRow::pressure, event.pressure);
        write_row(keys, event.lane, VoiceRow::timbre, event.timbre);
        write_row(keys, event.lane, VoiceRow::bend, event.bend);
        return;
    case LaneEventKind::release:
    case LaneEventKind::silence:
        write_row(keys, event.lane, VoiceRow::gate, 0);
        return;
    case LaneEventKind::set:
        write_row(keys, event.lane, event.row, event.value);
        return;
    case LaneEventKind::fade:
        return;
    }
}

void apply_to_envelope(EnvelopeMemory& envelope, SealedVoices& voices, std::size_t index) {
    const LaneEvent& event = voices.events[index];
    if (event.kind == LaneEventKind::onset) {
        SealedVoices::write(voices.at_event(envelope.index, index), envelope.asleep_from[event.lane]);
        envelope.asleep_from[event.lane] = kNever;
        envelope.ended[event.lane] = kNever;
        envelope.held[event.lane] = 1;
    } else if (event.kind == LaneEventKind::release) {
        envelope.held[event.lane] = 0;
    } else if (event.kind == LaneEventKind::silence) {
        envelope.held[event.lane] = 0;
        envelope.asleep_from[event.lane] = std::min(envelope.asleep_from[event.lane], event.frame);
    }
}

} // namespace

EventWalk::EventWalk(GraphNode& node, SealedBlock& sealed, std::span<const control::Event> at_once, std::int64_t from,
                     const RegionBlock* region)
    : node_(node),
      region_(region),
      sets_(node, sealed.parameters, node.late == 0 ? SetsWalk::Which::all : SetsWalk::Which::with_material, 0, from,
            region),
      at_once_(node, at_once, SetsWalk::Which::at_once, node.late, from, nullptr),
      gates_(sealed.gates),
      voices_(node.voice_group == GraphNode::kNoGroup ? nullptr : &sealed.voices[node.voice_group]) {
    while (next_gate_ < gates_.size() && gate_frame() < from) {
        ++next_gate_;
    }
    while (voices_ != nullptr && next_lane_ < voices_->events.size() && voices_->events[next_lane_].frame < from) {
        ++next_lane_;
    }
}

void EventWalk::apply_at(std::int64_t frame) {
    // At one frame what came with the material was asked for earlier.
    while (std::min(sets_.frame(), at_once_.frame()) <= frame) {
        node_.movements.apply((sets_.frame() <= at_once_.frame() ? sets_ : at_once_).take(), node_.sample_rate);
    }
    while (next_gate_ < gates_.size() && gate_frame() <= frame) {
        node_.gates.apply(gates_[next_gate_], gate_frame());
        ++next_gate_;
    }
    for (; voices_ != nullptr && next_lane_ < voices_->events.size() && voices_->events[next_lane_].frame <= frame;
         ++next_lane_) {
        const LaneEvent& event = voices_->events[next_lane_];
        if (node_.hands_out_voices) {
            apply_to_keys(node_, event);
            continue;
        }
        if (!node_.envelope.ended.empty()) {
            apply_to_envelope(node_.envelope, *voices_, next_lane_);
        }
        if (event.kind == LaneEventKind::onset) {
            reset_lane(node_, event.lane);
            node_.thermal.hold(event.lane, true);
        } else if (event.kind == LaneEventKind::release || event.kind == LaneEventKind::silence) {
            node_.thermal.hold(event.lane, false);
        }
    }
}

std::int64_t EventWalk::next(std::int64_t end) const {
    end = std::min({end, sets_.frame(), at_once_.frame()});
    if (next_gate_ < gates_.size()) {
        end = std::min(end, gate_frame());
    }
    if (voices_ != nullptr && next_lane_ < voices_->events.size()) {
        end = std::min(end, voices_->events[next_lane_].frame);
    }
    return end;
}

void EventWalk::tell_until_next() {
    EnvelopeMemory& envelope = node_.envelope;
    for (std::size_t i = next_lane_; i < voices_->events.size(); ++i) {
        SealedVoices::write(voices_->at_event(envelope.index, i), envelope.asleep_from[voices_->events[i].lane]);
    }
}

} // namespace amp::engine::inline AMP_PRECISION

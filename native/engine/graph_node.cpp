#include "engine/graph_node.h"

#include "base/cycle_counter.h"
#include "base/seed.h"

#include <algorithm>
#include <array>

namespace amp::engine {

using control::LaneEvent;
using control::LaneEventKind;
using control::SealedBlock;
using control::SealedVoices;

namespace {

constexpr std::size_t kMostTaps = 8;

std::int64_t next_tick(std::int64_t frame) { return (frame / kTickFrames + 1) * kTickFrames; }

void write_row(GraphNode& keys, int lane, control::VoiceRow row, float value) {
    keys.state[static_cast<std::size_t>(static_cast<int>(row) * keys.lanes + lane)] = value;
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
        const auto at = static_cast<std::size_t>(envelope.index) * voices.events.capacity() + index;
        voices.asleep_from_at_event[at] = envelope.asleep_from[event.lane];
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

// A lane whose key is up and whose envelope ended a tail ago sleeps from this tick on, until its next onset.
void fall_asleep(EnvelopeMemory& envelope, std::int64_t tick) {
    for (std::size_t lane = 0; lane < envelope.ended.size(); ++lane) {
        if (envelope.held[lane] == 0 && envelope.asleep_from[lane] == kNever && envelope.ended[lane] <= tick &&
            envelope.ended[lane] + envelope.tail <= tick) {
            envelope.asleep_from[lane] = tick;
        }
    }
}

// Walks through the events of a block that concern one node.
class EventWalk {
public:
    EventWalk(GraphNode& node, SealedBlock& sealed, std::int64_t from)
        : node_(node),
          parameters_(sealed.parameters),
          gates_(sealed.gates),
          voices_(node.voice_group == GraphNode::kNoGroup ? nullptr : &sealed.voices[node.voice_group]) {
        skip_parameters(from);
        while (next_gate_ < gates_.size() && gates_[next_gate_].frame < from) {
            ++next_gate_;
        }
        while (voices_ != nullptr && next_lane_ < voices_->events.size() && voices_->events[next_lane_].frame < from) {
            ++next_lane_;
        }
    }

    void apply_at(std::int64_t frame) {
        while (next_parameter_ < parameters_.size() && parameters_[next_parameter_].frame <= frame) {
            const control::Event& event = parameters_[next_parameter_++];
            node_.movements.apply(event, node_.sample_rate);
            skip_parameters(event.frame);
        }
        while (next_gate_ < gates_.size() && gates_[next_gate_].frame <= frame) {
            node_.gates.apply(gates_[next_gate_++]);
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
            }
        }
    }

    std::int64_t next(std::int64_t end) const {
        if (next_parameter_ < parameters_.size()) {
            end = std::min(end, parameters_[next_parameter_].frame);
        }
        if (next_gate_ < gates_.size()) {
            end = std::min(end, gates_[next_gate_].frame);
        }
        if (voices_ != nullptr && next_lane_ < voices_->events.size()) {
            end = std::min(end, voices_->events[next_lane_].frame);
        }
        return end;
    }

    // An envelope that stops in the middle of a block: until the events that come later nothing changes.
    void tell_until_next() {
        EnvelopeMemory& envelope = node_.envelope;
        for (std::size_t i = next_lane_; i < voices_->events.size(); ++i) {
            const auto at = static_cast<std::size_t>(envelope.index) * voices_->events.capacity() + i;
            voices_->asleep_from_at_event[at] = envelope.asleep_from[voices_->events[i].lane];
        }
    }

private:
    // Goes to the next event for this node that is not before `from`.
    void skip_parameters(std::int64_t from) {
        while (next_parameter_ < parameters_.size() &&
               (parameters_[next_parameter_].node != node_.index || parameters_[next_parameter_].frame < from)) {
            ++next_parameter_;
        }
    }

    GraphNode& node_;
    const BoundedList<control::Event>& parameters_;
    const BoundedList<control::Event>& gates_;
    SealedVoices* voices_;
    std::size_t next_parameter_ = 0, next_gate_ = 0, next_lane_ = 0;
};

std::int64_t straight_until(const GraphNode& node, std::int64_t at, std::int64_t end) {
    for (const Wheel* wheel : node.outputs) {
        if (wheel != nullptr) {
            end = std::min(end, at + wheel->capacity - wheel->index(at));
        }
    }
    for (const auto* feeds : {&node.inputs, &node.parameters}) {
        for (const Feed& feed : *feeds) {
            for (const Reader& reader : feed.readers) {
                end = std::min(end, at + reader.straight(at));
            }
        }
    }
    return end;
}

// Voices that leave into a sum fade, begin and fall asleep on events and ticks.
std::int64_t voices_change(const GraphNode& node, const SealedBlock& sealed, std::int64_t at, std::int64_t end) {
    for (const std::uint32_t group : node.sums_groups) {
        for (const LaneEvent& event : sealed.voices[group].events) {
            if (event.frame > at) {
                end = std::min(end, event.frame);
                break;
            }
        }
    }
    return end;
}

void run_span(GraphNode& node, const SealedBlock& sealed, std::int64_t at, int frames, std::span<float> memory) {
    Scratch scratch{memory};
    std::array<Block<const float>, kMostTaps> inputs, parameters;
    std::array<Block<float>, kMostTaps> outputs;
    const bool moving = node.movements.any();
    if (moving) {
        node.movements.begin_span(frames, scratch);
    }
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        inputs[i] = read_input(node.inputs[i], sealed, at, frames, scratch);
    }
    for (std::size_t i = 0; i < node.parameters.size(); ++i) {
        parameters[i] = read_parameter(node.parameters[i], sealed, at, frames, scratch);
    }
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
        // What nobody reads goes to one frame that is written over and over.
        outputs[i] = node.outputs[i] != nullptr
                         ? Block<float>{node.outputs[i]->at(at), node.outputs[i]->stride}
                         : Block<float>{scratch.take(static_cast<std::size_t>(2 * node.lanes)), 0};
    }
    Firing<float> firing;
    firing.frame = at;
    firing.frames = frames;
    firing.lanes = node.lanes;
    firing.shape = node.shape;
    firing.sample_rate = node.sample_rate;
    firing.awake = node.voice_group == GraphNode::kNoGroup ? ~std::uint64_t{0} : sealed.voices[node.voice_group].awake;
    firing.inputs = {inputs.data(), node.inputs.size()};
    firing.outputs = {outputs.data(), node.outputs.size()};
    firing.parameters = {parameters.data(), node.parameters.size()};
    firing.options = node.options;
    firing.ended = node.envelope.ended;
    firing.state_data = reinterpret_cast<std::byte*>(node.state.data());
    node.type->forward(firing);
    if (moving) {
        node.movements.end_span();
    }
}

void stamp(GraphNode& node, std::int64_t frame, int frames) {
    node.headers[node.step % node.headers.size()] = {frame, frames, node.step, cycle_counter()};
    ++node.step;
    node.finished.store(frame + frames, std::memory_order_release);
}

} // namespace

void prepare(GraphNode& node) {
    for (auto* feeds : {&node.inputs, &node.parameters}) {
        for (Feed& feed : *feeds) {
            std::size_t leaves = feed.readers.size();
            for (const Reader& reader : feed.readers) {
                leaves += feed.sums_batch ? static_cast<std::size_t>(reader.wheel->shape.batch) : 0;
            }
            feed.leaves.resize(leaves);
        }
    }
    for (int lane = 0; lane < node.shape.batch_stride(); ++lane) {
        reset_lane(node, lane);
    }
}

namespace {

std::size_t feeds_scratch(const GraphNode& node, int frames) {
    std::size_t floats = 0;
    for (const auto* feeds : {&node.inputs, &node.parameters}) {
        for (const Feed& feed : *feeds) {
            floats += scratch_floats(feed, frames);
        }
    }
    return floats;
}

} // namespace

std::size_t scratch_floats(const GraphNode& node, int frames) {
    const int moving = std::min(frames, kMovingFrames);
    return std::max(feeds_scratch(node, frames), feeds_scratch(node, moving) + node.movements.scratch_floats(moving) +
                                                     node.gates.scratch_floats(moving)) +
           kMostTaps * static_cast<std::size_t>(2 * node.lanes + 16);
}

void reset_lane(GraphNode& node, int lane) {
    for (int at = lane; at < node.lanes; at += node.shape.batch_stride()) {
        node.gates.forget(at);
        for (int row = 0; row < node.type->state_rows; ++row) {
            node.state[static_cast<std::size_t>(row * node.lanes + at)] = 0;
        }
        if (node.type->seed_lane != nullptr) {
            node.type->seed_lane(node.state.data(), node.lanes, at,
                                 mixed_seed(node.seed, static_cast<std::uint64_t>(at)));
        }
    }
}

void fire(GraphNode& node, SealedBlock& sealed, std::int64_t frame, int frames, std::span<float> scratch) {
    const std::int64_t end = frame + frames;
    const bool voiced = node.voice_group != GraphNode::kNoGroup;
    const bool asleep = voiced && sealed.voices[node.voice_group].awake == 0;
    const bool on_ticks = node.type->recursive || !node.sums_groups.empty() || !node.envelope.ended.empty();
    EventWalk events(node, sealed, frame);
    for (std::int64_t at = frame; at < end;) {
        events.apply_at(at);
        node.gates.begin(at);
        std::int64_t cut = events.next(end);
        if (asleep && !node.hands_out_voices && !node.gates.any()) {
            node.movements.skip(cut - at);
            at = cut;
            continue;
        }
        cut = voices_change(node, sealed, at, straight_until(node, at, node.gates.next(at, cut)));
        if (on_ticks) {
            cut = std::min(cut, next_tick(at));
        }
        if (node.movements.any() || node.gates.shapes()) {
            cut = std::min(cut, at + kMovingFrames);
        }
        run_span(node, sealed, at, static_cast<int>(cut - at), scratch);
        node.gates.advance(cut - at);
        if (!node.envelope.ended.empty() && cut % kTickFrames == 0) {
            fall_asleep(node.envelope, cut);
        }
        at = cut;
    }
    node.gates.show(end);
    if (!node.envelope.ended.empty()) {
        events.tell_until_next();
        SealedVoices& voices = sealed.voices[node.voice_group];
        std::ranges::copy(node.envelope.asleep_from,
                          voices.asleep_from.begin() +
                              static_cast<std::ptrdiff_t>(static_cast<std::size_t>(node.envelope.index) *
                                                          node.envelope.ended.size()));
    }
    stamp(node, frame, frames);
}

} // namespace amp::engine

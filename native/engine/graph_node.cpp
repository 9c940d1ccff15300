#include "engine/graph_node.h"

#include "base/cycle_counter.h"
#include "base/seed.h"
#include "engine/region.h"

#include <algorithm>
#include <array>

namespace amp::engine {

using control::LaneEvent;
using control::LaneEventKind;
using control::SealedBlock;
using control::SealedVoices;

namespace {

std::int64_t next_tick(std::int64_t frame) { return (frame / kTickFrames + 1) * kTickFrames; }

void write_row(GraphNode& keys, int lane, control::VoiceRow row, float value) {
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

// A lane whose key is up and whose envelope ended a tail ago sleeps from this tick on, until its next onset.
void fall_asleep(EnvelopeMemory& envelope, std::int64_t tick) {
    for (std::size_t lane = 0; lane < envelope.ended.size(); ++lane) {
        if (envelope.held[lane] == 0 && envelope.asleep_from[lane] == kNever && envelope.ended[lane] <= tick &&
            envelope.ended[lane] + envelope.tail <= tick) {
            envelope.asleep_from[lane] = tick;
        }
    }
}

// The next of the events that set something in one node, and its frame as the node counts them.
class SetsWalk {
public:
    // Of a node that is late, only those that act at once, or only the others; `late` is what their frames are ahead of
    // the node's.
    enum class Which { all, at_once, with_material };
    SetsWalk(const GraphNode& node, std::span<const control::Event> events, Which which, std::int64_t late,
             std::int64_t from, const RegionBlock* region)
        : node_(node), events_(events), which_(which), late_(late), from_(from), region_(region) {
        skip();
    }

    std::int64_t frame() const { return frame_; }
    const control::Event& take() {
        const control::Event& event = events_[next_++];
        skip();
        return event;
    }

private:
    bool concerns(const control::Event& event) const {
        return event.node == node_.index && own_frame(event) >= from_ &&
               (which_ == Which::all || event.at_once == (which_ == Which::at_once));
    }
    void skip() {
        while (next_ < events_.size() && !concerns(events_[next_])) {
            ++next_;
        }
        frame_ = next_ == events_.size() ? INT64_MAX : own_frame(events_[next_]);
    }
    std::int64_t own_frame(const control::Event& event) const {
        return region_ == nullptr ? event.frame - late_ : region_->at(event.frame).own;
    }

    const GraphNode& node_;
    std::span<const control::Event> events_;
    Which which_;
    std::int64_t late_, from_;
    const RegionBlock* region_;
    std::size_t next_ = 0;
    std::int64_t frame_ = INT64_MAX;
};

// Walks through the events that concern one node: those of a block of its material, and those of the block of the
// stream that act at once in a node that is late. In a region, which has no late nodes, `region` says which of its
// frames those of the events are.
class EventWalk {
public:
    EventWalk(GraphNode& node, SealedBlock& sealed, std::span<const control::Event> at_once, std::int64_t from,
              const RegionBlock* region)
        : node_(node),
          region_(region),
          sets_(node, sealed.parameters, node.late == 0 ? SetsWalk::Which::all : SetsWalk::Which::with_material, 0,
                from, region),
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

    void apply_at(std::int64_t frame) {
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
            }
        }
    }

    std::int64_t next(std::int64_t end) const {
        end = std::min({end, sets_.frame(), at_once_.frame()});
        if (next_gate_ < gates_.size()) {
            end = std::min(end, gate_frame());
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
            SealedVoices::write(voices_->at_event(envelope.index, i), envelope.asleep_from[voices_->events[i].lane]);
        }
    }

private:
    std::int64_t gate_frame() const {
        const std::int64_t frame = gates_[next_gate_].frame;
        return region_ == nullptr ? frame : region_->at(frame).own;
    }

    GraphNode& node_;
    const RegionBlock* region_;
    SetsWalk sets_, at_once_;
    std::span<const control::Event> gates_;
    SealedVoices* voices_;
    std::size_t next_gate_ = 0, next_lane_ = 0;
};

std::int64_t straight_until(const GraphNode& node, std::int64_t at, std::int64_t end) {
    for (const Wheel* wheel : node.outputs) {
        if (wheel != nullptr) {
            end = std::min(end, at + wheel->capacity - wheel->index(at + node.late));
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
                         ? Block<float>{node.outputs[i]->at(at + node.late), node.outputs[i]->stride}
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
    firing.state_data = reinterpret_cast<std::byte*>(node.state);
    firing.state_stride = node.state_stride;
    firing.channel_stride = node.outputs.empty() || node.outputs[0] == nullptr ? node.shape.batch_stride()
                                                                               : node.outputs[0]->channel_stride;
    node.type->forward(firing);
    if (moving) {
        node.movements.end_span();
    }
}

void stamp(GraphNode& node, std::int64_t frame, int frames) {
    node.headers[node.step % node.headers.size()] = {frame, frames, node.step, cycle_counter()};
    ++node.step;
}

} // namespace

void prepare(GraphNode& node) {
    for (auto* feeds : {&node.inputs, &node.parameters}) {
        for (Feed& feed : *feeds) {
            std::size_t leaves = feed.readers.size();
            for (const Reader& reader : feed.readers) {
                leaves += feed.sums_batch ? static_cast<std::size_t>(reader.wheel->shape.batch) : 1;
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
            node.state[row * node.state_stride + at] = 0;
        }
        if (node.type->seed_lane != nullptr) {
            node.type->seed_lane(node.state, node.state_stride, at,
                                 mixed_seed(node.seed, static_cast<std::uint64_t>(at)));
        }
    }
}

namespace {

// Makes frames [frame, end), as the node counts them, which lie in the block `sealed`.
void fire_in_block(GraphNode& node, SealedBlock& sealed, std::span<const control::Event> at_once,
                   const RegionBlock* region, std::int64_t frame, std::int64_t end, std::span<float> scratch) {
    const bool voiced = node.voice_group != GraphNode::kNoGroup;
    const bool asleep = voiced && sealed.voices[node.voice_group].awake == 0;
    const bool on_ticks = node.type->recursive || !node.sums_groups.empty() || !node.envelope.ended.empty();
    EventWalk events(node, sealed, at_once, std::max(frame, node.acts_from), region);
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
    if (!node.envelope.ended.empty()) {
        events.tell_until_next();
        SealedVoices& voices = sealed.voices[node.voice_group];
        const std::size_t lanes = node.envelope.ended.size();
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            SealedVoices::write(voices.asleep_from[static_cast<std::size_t>(node.envelope.index) * lanes + lane],
                                node.envelope.asleep_from[lane]);
        }
    }
}

// A node that is less late than in the plan before has passed frames on which something happened since: it acts now.
void act_on_what_is_owed(GraphNode& node, control::PlanSeals& seals, std::int64_t begin) {
    for (std::int64_t at = node.owed_from; at < begin;) {
        const std::int64_t block = at / seals.block_frames();
        const std::int64_t end = std::min<std::int64_t>(begin, (block + 1) * seals.block_frames());
        EventWalk(node, seals.sealed(block), {}, at, nullptr).apply_at(end - 1);
        at = end;
    }
    node.owed_from = kNever;
}

} // namespace

void fire(GraphNode& node, control::PlanSeals& seals, std::int64_t frame, int frames, std::span<float> scratch) {
    const std::int64_t end = frame + frames - node.late;
    const std::span<const control::Event> of_stream = seals.sealed(frame / seals.block_frames()).parameters;
    const std::span<const control::Event> at_once = node.late == 0 ? std::span<const control::Event>{} : of_stream;
    std::int64_t at = std::max<std::int64_t>(0, frame - node.late);
    act_on_what_is_owed(node, seals, at);
    while (at < end) {
        const std::int64_t block = at / seals.block_frames();
        const std::int64_t until = std::min(end, (block + 1) * seals.block_frames());
        fire_in_block(node, seals.sealed(block), at_once, nullptr, at, until, scratch);
        at = until;
    }
    node.gates.show(end);
    stamp(node, frame, frames);
    node.finished.store(frame + frames, std::memory_order_release);
}

void fire_in_region(GraphNode& node, SealedBlock& sealed, const RegionBlock& block, std::int64_t frame,
                    std::int64_t end, std::span<float> scratch) {
    fire_in_block(node, sealed, {}, &block, frame, end, scratch);
    stamp(node, frame, static_cast<int>(end - frame));
}

void finish_in_region(GraphNode& node, SealedBlock& sealed, const RegionBlock& block, std::int64_t frame) {
    if (block.stands_at_end()) {
        EventWalk(node, sealed, {}, std::max(block.last(), node.acts_from), &block).apply_at(block.last());
    }
    node.gates.show(block.last());
    node.stood.store(frame - block.last(), std::memory_order_relaxed);
    node.finished.store(frame, std::memory_order_release);
}

} // namespace amp::engine

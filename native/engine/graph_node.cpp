#include "engine/graph_node.h"

#include "base/seed.h"
#include "engine/event_walk.h"
#include "engine/gradient/recording.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

using control::LaneEvent;
using control::SealedBlock;
using control::SealedVoices;

namespace {

std::int64_t next_tick(std::int64_t frame) { return (frame / kTickFrames + 1) * kTickFrames; }

// A lane whose key is up and whose envelope ended a tail ago sleeps from this tick on, until its next onset.
void fall_asleep(EnvelopeMemory& envelope, std::int64_t tick) {
    for (std::size_t lane = 0; lane < envelope.ended.size(); ++lane) {
        if (envelope.held[lane] == 0 && envelope.asleep_from[lane] == kNever && envelope.ended[lane] <= tick &&
            envelope.ended[lane] + envelope.tail <= tick) {
            envelope.asleep_from[lane] = tick;
        }
    }
}

std::int64_t straight_until(GraphNode& node, std::int64_t at, std::int64_t end) {
    for (KernelCall::Ring& ring : node.call.used_rings()) {
        if (ring.wheel != nullptr) {
            end = std::min(end, at + ring.wheel->capacity - ring.place.of(*ring.wheel, at + node.late));
        }
    }
    for (const KernelCall::Fed& fed : node.call.fed) {
        for (Reader& reader : fed.feed->readers) {
            end = std::min(end, at + reader.straight(at));
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

// Parameters and taps that nothing feeds have their base.
void show_bases(GraphNode& node) {
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        node.call.inputs[i] = node.inputs[i].base;
    }
    for (std::size_t i = 0; i < node.parameters.size(); ++i) {
        node.call.parameters[i] = node.parameters[i].base;
    }
}

// True if what the kernel has made is finite, as far as anybody reads it.
bool is_finite(GraphNode& node, int frames) {
    for (std::size_t i = 0; const KernelCall::Ring& ring : node.call.used_rings()) {
        const Block<Sample>& made = node.call.outputs[i++];
        if (const Wheel* const wheel = ring.wheel; wheel != nullptr) {
            const bool is_apart = wheel->shares() && wheel->shape.channels > 1;
            const bool finite = is_apart ? all_finite(made, frames, wheel->shape.batch_stride(), wheel->shape.channels,
                                                      wheel->channel_stride)
                                         : all_finite(made, frames, wheel->lanes, 1, 0);
            if (!finite) {
                return false;
            }
        }
    }
    return true;
}

// Calls the kernel for frames that lie straight in all wheels; the bases are shown.
void call_kernel(GraphNode& node, const SealedBlock& sealed, std::int64_t at, int frames, Scratch& scratch) {
    KernelCall& call = node.call;
    for (const KernelCall::Fed& fed : call.fed) {
        *fed.block = fed.is_parameter ? read_parameter(*fed.feed, sealed, at, frames, scratch)
                                      : read_input(*fed.feed, sealed, at, frames, scratch);
    }
    if (node.hears) {
        if (!node.thermal.is_plain() && node.thermal.reduces()) {
            node.thermal.reduce({call.inputs.data(), node.inputs.size()}, at, frames, scratch);
        }
        node.thermal.hear(call.firing.inputs, at, frames);
    }
    for (std::size_t i = 0; KernelCall::Ring& ring : call.used_rings()) {
        // What nobody reads goes to one frame that is written over and over.
        call.outputs[i++].data =
            ring.wheel != nullptr ? ring.wheel->data + ring.place.of(*ring.wheel, at + node.late) * ring.wheel->stride
                                  : scratch.take(static_cast<std::size_t>(call.most_lanes));
    }
    if (node.work_values > 0) {
        call.firing.work = scratch.take(node.work_values);
    }
    call.firing.frame = at;
    call.firing.frames = frames;
    if constexpr (kRecords) {
        if (node.recording != nullptr) {
            node.recording->note(call.firing);
        }
    }
    node.type->kernels<Sample>().forward(call.firing);
    if (node.watch.finite && (node.watch.held || !is_finite(node, frames))) {
        node.guard.hold(node, at, frames);
    }
    if (node.watch.latency) {
        probe_latency(node, at, frames, call.firing.inputs, call.firing.outputs);
    }
}

void run_span(GraphNode& node, const SealedBlock& sealed, std::int64_t at, int frames, std::span<Sample> memory) {
    Scratch scratch{memory};
    const bool moving = node.movements.any();
    if (moving) {
        node.movements.begin_span(frames, scratch);
    }
    show_bases(node);
    if (node.voice_group != GraphNode::kNoGroup) {
        node.call.firing.awake = sealed.voices[node.voice_group].awake;
    }
    call_kernel(node, sealed, at, frames, scratch);
    if (moving) {
        node.movements.end_span();
    }
}

void prepare_call(GraphNode& node) {
    KernelCall& call = node.call;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        if (node.inputs[i].connected()) {
            call.fed.push_back({&node.inputs[i], &call.inputs[i], false});
        }
    }
    for (std::size_t i = 0; i < node.parameters.size(); ++i) {
        if (node.parameters[i].connected()) {
            call.fed.push_back({&node.parameters[i], &call.parameters[i], true});
        }
    }
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
        call.rings[i].wheel = node.outputs[i];
        call.outputs[i].frame_stride = node.outputs[i] != nullptr ? node.outputs[i]->stride : 0;
    }
    // A frame of an output that nobody reads has a place too.
    call.most_lanes = 2 * node.lanes;
    for (const TapDeclaration& tap : node.type->declaration->outputs) {
        const Shape shape = node.type->declaration->shape_of(tap, node.shape, node.options);
        call.most_lanes = std::max(call.most_lanes, shape.lanes());
    }
    Firing<Sample>& firing = call.firing;
    firing.lanes = node.lanes;
    firing.shape = node.shape;
    firing.sample_rate = node.sample_rate;
    firing.inputs = {call.inputs.data(), node.inputs.size()};
    firing.outputs = {call.outputs.data(), node.outputs.size()};
    firing.parameters = {call.parameters.data(), node.parameters.size()};
    firing.options = node.options;
    firing.ended = node.envelope.ended;
    firing.state_data = reinterpret_cast<std::byte*>(node.state);
    firing.state_stride = node.state_stride;
    firing.channel_stride = node.outputs.empty() || node.outputs[0] == nullptr ? node.shape.batch_stride()
                                                                               : node.outputs[0]->channel_stride;
}

void prepare_probe(GraphNode& node) {
    const auto is_parameter = [](const KernelCall::Fed& fed) { return fed.is_parameter; };
    const bool moves = std::ranges::any_of(node.call.fed, is_parameter);
    const std::int64_t silence = node.rings == kNever ? kNever : node.rings + node.latency + (1 << 12);
    if (!node.call.fed.empty() && !std::ranges::all_of(node.call.fed, is_parameter)) {
        node.latency_probe.begin({node.latency, silence, !moves && node.call.fed.size() == 1});
    }
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
    prepare_call(node);
    node.guard.prepare(*node.type, node.lanes);
    prepare_probe(node);
    node.watch = {node.guard.watches(), false, node.latency_probe.looks()};
    for (int lane = 0; lane < node.shape.batch_stride(); ++lane) {
        reset_lane(node, lane);
    }
}

namespace {

std::size_t feeds_scratch(const GraphNode& node, int frames) {
    std::size_t samples = 0;
    for (const auto* feeds : {&node.inputs, &node.parameters}) {
        for (const Feed& feed : *feeds) {
            samples += scratch_samples(feed, frames);
        }
    }
    return samples;
}

} // namespace

std::size_t scratch_samples(const GraphNode& node, int frames) {
    const int moving = std::min(frames, kMovingFrames);
    return std::max(feeds_scratch(node, frames), feeds_scratch(node, moving) + node.movements.scratch_samples(moving) +
                                                     node.thermal.scratch_samples(moving) +
                                                     node.gates.scratch_samples(moving)) +
           kMostTaps * static_cast<std::size_t>(node.call.most_lanes + 16) + node.work_values + 16;
}

void reset_state(GraphNode& node, int lane) {
    for (int row = 0; row < node.state_rows; ++row) {
        node.state[row * node.state_stride + lane] = 0;
    }
    if (const auto seed_lane = node.type->kernels<Sample>().seed_lane; seed_lane != nullptr) {
        seed_lane(node.state, node.state_stride, lane, mixed_seed(node.seed, static_cast<std::uint64_t>(lane)));
    }
}

void reset_lane(GraphNode& node, int lane) {
    if constexpr (kRecords) {
        if (node.recording != nullptr) {
            node.recording->note_reset(lane);
        }
    }
    for (int at = lane; at < node.lanes; at += node.shape.batch_stride()) {
        node.gates.forget(at);
        node.movements.forget(at);
        node.guard.forget(at);
        reset_state(node, at);
    }
}

[[gnu::noinline]] void probe_latency(GraphNode& node, std::int64_t frame, int frames,
                                     std::span<const Block<const Sample>> inputs,
                                     std::span<const Block<Sample>> outputs) {
    std::array<Block<const Sample>, kMostTaps> entering;
    std::array<Block<Sample>, kMostTaps> leaving;
    std::size_t enter = 0, leave = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (node.inputs[i].connected()) {
            entering[enter++] = inputs[i];
        }
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (node.outputs[i] != nullptr) {
            leaving[leave++] = outputs[i];
        }
    }
    const auto measured =
        node.latency_probe.look(frame, frames, node.lanes, {entering.data(), enter}, {leaving.data(), leave});
    node.watch.latency = node.latency_probe.looks();
    if (measured) {
        node.faults.tell(
            {.kind = NodeFaultKind::latency, .frame = frame, .declared = node.latency, .measured = *measured},
            node.index);
    }
}

namespace {

// Makes frames [frame, end), as the node counts them, which lie in the block `sealed`.
void fire_in_block(GraphNode& node, SealedBlock& sealed, std::span<const control::Event> at_once,
                   const RegionBlock* region, std::int64_t frame, std::int64_t end, std::span<Sample> scratch) {
    const bool voiced = node.voice_group != GraphNode::kNoGroup;
    const bool asleep = voiced && sealed.voices[node.voice_group].awake == 0;
    const bool on_ticks =
        node.type->recursive || !node.sums_groups.empty() || !node.envelope.ended.empty() || node.thermal.may_reduce();
    EventWalk events(node, sealed, at_once, std::max(frame, node.acts_from), region);
    for (std::int64_t at = frame; at < end;) {
        events.apply_at(at);
        node.gates.begin(at);
        std::int64_t cut = events.next(end);
        if (asleep && !node.hands_out_voices && !node.gates.any()) {
            node.movements.skip(cut - at);
            node.thermal.rest(at, static_cast<int>(cut - at));
            at = cut;
            continue;
        }
        cut = voices_change(node, sealed, at, straight_until(node, at, node.gates.next(at, cut)));
        if (on_ticks) {
            cut = std::min(cut, next_tick(at));
        }
        if (node.movements.any() || node.gates.shapes() || node.thermal.reduces()) {
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

bool may_settle(const GraphNode& node) {
    return node.voice_group == GraphNode::kNoGroup && node.sums_groups.empty() && node.region == nullptr &&
           !node.thermal.may_reduce();
}

// As fire_in_block where nothing acts in the node but its kernel, whatever blocks the frames lie in.
void fire_settled(GraphNode& node, const SealedBlock& sealed, std::int64_t frame, std::int64_t end,
                  std::span<Sample> memory) {
    for (std::int64_t at = frame; at < end;) {
        const std::int64_t tick = node.type->recursive ? std::min(end, next_tick(at)) : end;
        const std::int64_t cut = straight_until(node, at, tick);
        Scratch scratch{memory};
        call_kernel(node, sealed, at, static_cast<int>(cut - at), scratch);
        at = cut;
    }
}

// As fire_in_block for frames in several blocks.
void fire_in_blocks(GraphNode& node, control::PlanSeals& seals, std::int64_t stream_block, std::int64_t frame,
                    std::int64_t end, std::span<Sample> scratch) {
    const std::span<const control::Event> at_once =
        node.late == 0 ? std::span<const control::Event>{} : seals.sealed(stream_block).parameters;
    act_on_what_is_owed(node, seals, frame);
    for (std::int64_t at = frame; at < end;) {
        const std::int64_t block = at / seals.block_frames();
        const std::int64_t until = std::min(end, (block + 1) * seals.block_frames());
        fire_in_block(node, seals.sealed(block), at_once, nullptr, at, until, scratch);
        at = until;
    }
}

} // namespace

bool is_restless(const GraphNode& node, std::int64_t frame) {
    return node.movements.any() || node.gates.any() || node.watch.held || node.acts_from > frame ||
           node.owed_from != kNever;
}

void fire_in_cohort(GraphNode& node, control::PlanSeals& seals, std::int64_t block, std::int64_t frame, int frames,
                    std::span<Sample> scratch) {
    const std::int64_t end = frame + frames - node.late;
    const std::int64_t begin = std::max<std::int64_t>(0, frame - node.late);
    const auto is_it = [&](std::uint32_t index) { return index == node.index; };
    if (node.is_settled && !may_be_touched(seals, {block, begin, end}, node.late, is_it)) {
        fire_settled(node, seals.sealed(block), begin, end, scratch);
    } else {
        fire_in_blocks(node, seals, block, begin, end, scratch);
        // Once nothing acts any more, only an event can change that.
        node.is_settled = may_settle(node) && !is_restless(node, end);
        if (node.is_settled) {
            show_bases(node);
        }
        node.gates.show(end);
    }
}

void fire(GraphNode& node, control::PlanSeals& seals, std::int64_t block, std::int64_t frame, int frames,
          std::span<Sample> scratch) {
    fire_in_cohort(node, seals, block, frame, frames, scratch);
    node.progress->stamp(frame, frames);
    node.progress->finished.store(frame + frames, std::memory_order_release);
}

void fire_in_region(GraphNode& node, SealedBlock& sealed, const RegionBlock& block, std::int64_t frame,
                    std::int64_t end, std::span<Sample> scratch) {
    fire_in_block(node, sealed, {}, &block, frame, end, scratch);
    node.progress->stamp(frame, static_cast<int>(end - frame));
}

void finish_in_region(GraphNode& node, SealedBlock& sealed, const RegionBlock& block, std::int64_t frame) {
    if (block.stands_at_end()) {
        EventWalk(node, sealed, {}, std::max(block.last(), node.acts_from), &block).apply_at(block.last());
    }
    node.gates.show(block.last());
    node.progress->stood.store(frame - block.last(), std::memory_order_relaxed);
    node.progress->finished.store(frame, std::memory_order_release);
}

} // namespace amp::engine::inline AMP_PRECISION

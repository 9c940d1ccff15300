// What a plan does, noted firing by firing, so that gradients can go the same way back.
//
// Of each firing of a node: its frames, the state before it as far as the way back reads it, what entered it, and of
// each edge what was read and how much of it was heard. All room is taken before the first block. Only an engine for
// doubles records.
#pragma once

#include "base/bounded_list.h"
#include "base/real_time.h"
#include "engine/graph_node.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// Values one after another, of which a sound thread takes some at a time.
class RecordedValues {
public:
    // [compiler]
    explicit RecordedValues(std::size_t room = 0) : values_(room) {}

    std::size_t size() const { return used_; }
    // Room for so many more; empty if there is not so much.
    std::span<Sample> take(std::size_t count) {
        if (count > values_.size() - used_) {
            return {};
        }
        used_ += count;
        return std::span(values_).subspan(used_ - count, count);
    }
    const Sample* at(std::size_t place) const { return values_.data() + place; }
    std::span<Sample> span(std::size_t place, std::size_t count) { return std::span(values_).subspan(place, count); }

private:
    std::vector<Sample> values_;
    std::size_t used_ = 0;
};

// What one edge gave to a firing.
struct Reading {
    std::int64_t back = 0;  // frames from the node's to those of the wheel that was read
    int lanes = 0;          // of what was read: those of the target, or the source's where its voices are summed
    std::size_t values = 0; // as the sum got them, without the edge's gain and its slew; frames x lanes
    Sample gain = 1;
    std::optional<std::size_t> gains; // of each frame, where the gain moves
    std::size_t weights = 0;          // of each frame and lane: how much of it is what was read
    // Of an edge whose gate holds a frame: how much is that, of each frame; and whether it was taken just before.
    std::size_t held = 0;
    bool takes_held = false;
    std::size_t undrained = 0; // what a drain leaves of it, of each frame
    // Of an edge with a slew: its state before the frames, and what the sum got, gain and all; frames x lanes.
    std::size_t slew_state = 0, followed = 0;
};

struct EdgeRecording {
    Sample gain = 1;               // as the plan has it
    BoundedList<Reading> readings; // one a firing of the node
    RecordedValues values;
    bool newest_fits = true; // there was room for the newest
};

struct RecordedFiring {
    std::uint64_t number = 0; // in the order in which firings began
    std::int64_t frame = 0;
    int frames = 0;
    std::uint64_t awake = 0;
    std::uint64_t constant = 0; // bit i: input i stands in all frames; from bit 32 on: a parameter
    std::uint64_t moved = 0;    // bit i: the base of parameter i was not the plan's
    std::size_t state = 0, given = 0, bases = 0;
};

// Where lanes of a voice began anew before a firing.
struct RecordedReset {
    std::uint32_t firing = 0; // the node's next one
    int lane = 0;             // of the batch
};

class NodeRecording {
public:
    // Of a node that is prepared, for so many firings over so many frames. [compiler]
    NodeRecording(GraphNode& node, std::size_t firings, std::size_t frames, std::atomic<std::uint64_t>& numbers);
    NodeRecording(const NodeRecording&) = delete;
    NodeRecording& operator=(const NodeRecording&) = delete;

    // Bytes that the recording of such a node takes. [any]
    static std::uint64_t bytes(const GraphNode& node, std::size_t firings, std::size_t frames);

    // The kernel is about to be called; the readers have noted what they gave. [worker]
    void note(const Firing<Sample>& firing) AMP_REAL_TIME;
    // A lane begins anew. [worker]
    void note_reset(int lane) AMP_REAL_TIME;

    bool is_full() const { return is_full_.load(std::memory_order_relaxed); }
    std::span<const RecordedFiring> firings() const { return firings_.all(); }
    std::span<const RecordedReset> resets() const { return resets_.all(); }
    const Sample* state(const RecordedFiring& firing) const { return values_.at(firing.state); }
    // What entered: inputs, then parameters, each of `frames` or one frame. [any]
    void given(const RecordedFiring& firing, std::span<Block<const Sample>> inputs,
               std::span<Block<const Sample>> parameters) const;

    // The base of a parameter that some edge scales, frame by frame. [any]
    const Sample* base(const RecordedFiring& firing, std::size_t parameter) const;

    GraphNode& node;

private:
    std::atomic<std::uint64_t>& numbers_;
    BoundedList<RecordedFiring> firings_;
    BoundedList<RecordedReset> resets_;
    RecordedValues values_;
    std::vector<std::vector<Sample>> bases_; // of each parameter, as the plan has it
    std::vector<std::unique_ptr<EdgeRecording>> edges_;
    std::atomic<bool> is_full_{false};
};

// What the reader gave to the present firing; `leaf` before a gain that moves, and before a slew. [worker]
void record_reading(Reader& reader, const Feed& feed, const control::SealedBlock& sealed, std::int64_t frame,
                    int frames, const Leaf& leaf) AMP_REAL_TIME;

// What the slew of the reader made of that. [worker]
void record_followed(Reader& reader, int frames, const Leaf& followed) AMP_REAL_TIME;

} // namespace amp::engine::inline AMP_PRECISION

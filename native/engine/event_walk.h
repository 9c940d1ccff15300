// The events that concern one node, in the order in which they act.
#pragma once

#include "engine/graph_node.h"
#include "engine/region.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace amp::engine::inline AMP_PRECISION {

// Frames [begin, end) of a node's material, which it runs in block `stream_block` of the stream.
struct Stretch {
    std::int64_t stream_block, begin, end;
};

// Whether an event may act in the stretch on nodes that are `late` and whose indices are those that `concerns` says.
// [worker]
template <class Concerns>
inline bool may_be_touched(control::PlanSeals& seals, const Stretch& stretch, std::int64_t late, Concerns&& concerns) {
    const auto touches = [&](std::int64_t block) {
        const control::SealedBlock& sealed = seals.sealed(block);
        return !sealed.gates.empty() || std::ranges::any_of(sealed.parameters, [&](const control::Event& event) {
            return concerns(event.node);
        });
    };
    if (late == 0) {
        return touches(stretch.stream_block);
    }
    const int length = seals.block_frames();
    for (std::int64_t at = stretch.begin; at < stretch.end; at = (at / length + 1) * length) {
        if (touches(at / length)) {
            return true;
        }
    }
    return touches(stretch.stream_block);
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
    const control::Event& take() AMP_REAL_TIME {
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
    // Frames before `from` have had theirs. [worker]
    EventWalk(GraphNode& node, control::SealedBlock& sealed, std::span<const control::Event> at_once, std::int64_t from,
              const RegionBlock* region);

    // What happens until `frame`, the next one that the node makes. [worker]
    void apply_at(std::int64_t frame) AMP_REAL_TIME;

    // The frame of the next event, or `end`. [worker]
    std::int64_t next(std::int64_t end) const AMP_REAL_TIME;

    // An envelope that stops in the middle of a block: until the events that come later nothing changes. [worker]
    void tell_until_next() AMP_REAL_TIME;

private:
    std::int64_t gate_frame() const {
        const std::int64_t frame = gates_[next_gate_].frame;
        return region_ == nullptr ? frame : region_->at(frame).own;
    }

    GraphNode& node_;
    const RegionBlock* region_;
    SetsWalk sets_, at_once_;
    std::span<const control::Event> gates_;
    control::SealedVoices* voices_;
    std::size_t next_gate_ = 0, next_lane_ = 0;
};

} // namespace amp::engine::inline AMP_PRECISION

// A region of a plan at work: nodes that stand together, on the exact frame, while the readers of what they make wait
// as long as they may.
//
// A region counts frames of its own, as if it were the stream: those that it makes. All that happens to it happens by
// this count, so what comes while it stands happens at its first frame after. Only its decision and its readers know
// the stream's frames too. A decision has gates of its own that do what those of the readers do: they get the same
// events on the same frames and judge the same signals, so it can be made before any reader has run.
#pragma once

#include "base/bounded_list.h"
#include "base/real_time.h"
#include "control/plan_seals.h"
#include "engine/edge_gate.h"
#include "engine/kept_blocks.h"
#include "engine/reader.h"
#include "engine/stop_log.h"
#include "node/node.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// What a region does in a block, or in the part of one on one side of a hand-over: decided once, then only read.
class RegionBlock {
public:
    // [compiler]
    explicit RegionBlock(int block_frames) : steps_(static_cast<std::size_t>(block_frames) + 1) {}

    // Frames [first, last) of its own that it makes.
    std::int64_t first() const { return first_; }
    std::int64_t last() const { return last_; }
    // True if it stands as the block ends.
    bool stands_at_end() const { return !steps_.empty() && !steps_[steps_.size() - 1].runs; }

    // How it is at a frame of the stream; what lies outside the part belongs to frames before or after its own.
    struct At {
        std::int64_t own = 0;   // the frames that it has made before
        bool runs = true;       // it makes this one
        std::int64_t until = 0; // a frame of the stream up to which nothing of this changes
    };
    At at(std::int64_t frame) const AMP_REAL_TIME;

private:
    friend class Region;
    struct Step {
        std::int64_t frame = 0, own = 0;
        bool runs = true;
    };
    std::int64_t end_ = 0, first_ = 0, last_ = 0;
    BoundedList<Step> steps_;
};

class Region {
public:
    // [compiler]
    Region(int block_frames, int in_flight);
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;

    // Adds an edge that stops it. All are read by nodes of one lateness, which belong to the component. [compiler]
    void add_edge(const Reader& reader, const EdgeGateSettings& settings, std::uint32_t edge, std::uint32_t gate,
                  std::uint32_t component);
    // Adds one of its voice groups. [compiler]
    void add_voices(std::uint32_t group) { groups_.push_back(group); }
    // Adds one of its components, whose drains it notes by its own frames. [compiler]
    void add_component(std::uint32_t component);

    // Decides frames [begin, end) of the stream, which lie in a block that is sealed; frames follow each other.
    // [worker]
    void decide(std::int64_t begin, std::int64_t end, control::PlanSeals& seals) AMP_REAL_TIME;

    // What was decided last for the block of the stream. [worker]
    const RegionBlock& block_of(std::int64_t frame) const {
        return blocks_[static_cast<std::size_t>(frame / block_frames_ % static_cast<std::int64_t>(blocks_.size()))];
    }

    // Goes on where the region of another plan is at `frame` of the stream, or with the stream: null. [worker]
    void take_over(const Region* from, std::int64_t frame) AMP_REAL_TIME;
    // The gate of its edge goes on where that of the reader of another plan is. What happened to the reader's node
    // before its frame `acts_from` has acted, and what happened since `owed_from` has not. [worker]
    void take_over_edge(std::uint32_t edge, const EdgeGate& from, const Reader& from_reader, std::int64_t acts_from,
                        std::int64_t owed_from) AMP_REAL_TIME;

    // How it was as a block of the stream ended.
    struct AtEnd {
        std::int64_t stood = 0; // frames of the stream that it had not made until then
        bool stands = false;
    };
    // Of a kept block. [any]
    AtEnd at_end(std::int64_t block) const {
        const std::int64_t kept = ends_[kept_place(block)].load(std::memory_order_acquire);
        return {kept >> 1, (kept & 1) != 0};
    }

    // The frame of the stream at which it has made frame `own` of its own. [any]
    std::int64_t stream_frame(std::int64_t own) const { return own + stops_.stood_before(own); }

    // The frames that it has made. [worker]
    std::int64_t made() const { return made_; }
    // Its own frame from which on the drain at `frame` of the stream has acted in the component, or kNever. [any]
    std::int64_t drained_since(std::uint32_t component, std::int64_t frame) const;
    // The gates of its decision, each of an edge. [compiler]
    EdgeGate& gate_of(std::uint32_t edge) { return find(edge).gate; }

private:
    struct Edge {
        Edge(const Reader& read, const EdgeGateSettings& settings, std::uint32_t index, std::uint32_t component);
        Reader reader; // its lag, delay and lateness are those of the one that reads
        EdgeGate gate;
        std::uint32_t index, component;
        std::int64_t acts_from = INT64_MIN, owed_from = kNever;
    };
    struct Drain {
        explicit Drain(std::uint32_t of) : component(of) {}
        std::uint32_t component;
        std::atomic<std::int64_t> frame{kNever}, since{kNever}; // of the stream, and the region's own
    };
    Edge& find(std::uint32_t edge);
    void apply(Edge& edge, const control::Event& event);
    void act_on_what_is_owed(Edge& edge, std::int64_t until, control::PlanSeals& seals);
    void note_drains(std::int64_t begin, std::int64_t end, const control::SealedBlock& sealed, const RegionBlock& now);

    const int block_frames_;
    std::uint32_t gate_ = 0;
    std::int64_t late_ = 0;
    std::vector<std::unique_ptr<Edge>> edges_;
    std::vector<std::uint32_t> groups_;
    std::vector<std::unique_ptr<Drain>> drains_;
    std::vector<RegionBlock> blocks_;
    std::int64_t made_ = 0;
    // Of each kept block: twice what it had not made, and one more where it stands.
    std::array<std::atomic<std::int64_t>, kKeptBlocks> ends_{};
    StopLog stops_;
};

} // namespace amp::engine::inline AMP_PRECISION

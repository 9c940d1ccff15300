// The gates of a node: those whose members are among the edges that feed it, and the drains that end what enters it.
#pragma once

#include "control/event.h"
#include "engine/edge_gate.h"
#include "engine/reader.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

class Gates {
public:
    // What a plan's edge is to the gates of its consumer.
    struct Membership {
        static constexpr std::uint32_t kNoGate = ~std::uint32_t{0};
        std::uint32_t gate = kNoGate; // of the plan, that it is a member of
        bool enters = false;          // comes from outside the consumer's component, so a drain ends it
        bool forgets = false;         // a voice that begins forgets what it holds
        std::uint32_t component = 0;  // of the consumer
    };

    // The newest reader of `feed` may be gated. Nothing else is added to the feed before the node fires. [compiler]
    void add_edge(Feed& feed, const Membership& membership, const EdgeGateSettings& settings);

    // Applies a set_gate or a drain_node event at `frame`, which is the next one as the node counts. [worker]
    void apply(const control::Event& event, std::int64_t frame) AMP_REAL_TIME;

    // The gate and the drain of the reader at `place` of `feed` go on where those of another plan's reader are. Nothing
    // if either is never gated. [worker]
    void take_over(const Feed& feed, std::size_t place, const Gates& from, const Feed& from_feed,
                   std::size_t from_place) AMP_REAL_TIME;

    // True while something may act otherwise than by letting everything pass. [worker]
    bool any() const { return active_ > 0; }
    // True if the spans must be short, since something fades or is closed. [worker]
    bool shapes() const { return shaping_; }

    // What happens at `frame`, the next one. [worker]
    void begin(std::int64_t frame) AMP_REAL_TIME { shaping_ = any() && begin_active(frame); }
    // The first frame after `frame` at which something acts otherwise, or `end`. [worker]
    std::int64_t next(std::int64_t frame, std::int64_t end) const AMP_REAL_TIME {
        return any() ? next_of_active(frame, end) : end;
    }
    // The span is over. [worker]
    void advance(std::int64_t frames) AMP_REAL_TIME {
        if (any()) {
            advance_active(frames);
        }
    }
    // The firing before `frame` is over: for those who watch. [worker]
    void show(std::int64_t frame) AMP_REAL_TIME {
        if (any()) {
            show_active(frame);
        }
    }

    // A voice begins on the lane, and on those of its other channels. [worker]
    void forget(int lane) AMP_REAL_TIME;

    // Samples of scratch that a span of `frames` needs while everything fades. [compiler]
    std::size_t scratch_samples(int frames) const;

    // The member of the plan's gate that is read furthest back here, or null. [any]
    const EdgeGate* member(std::uint32_t gate) const;

    // The gate of the reader at `place` of `feed`, or null. [compiler]
    EdgeGate* gate_of(const Feed& feed, std::size_t place) const;

private:
    struct Edge {
        Feed* feed;
        std::size_t place; // among the feed's readers
        Membership membership;
        std::unique_ptr<EdgeGate> gate;
        bool is_active = false; // its reader knows the gate

        Reader& reader() const { return feed->readers[place]; }
        bool is_member() const { return membership.gate != Membership::kNoGate; }
    };

    void activate(Edge& edge);
    bool begin_active(std::int64_t frame) AMP_REAL_TIME;
    std::int64_t next_of_active(std::int64_t frame, std::int64_t end) const AMP_REAL_TIME;
    void advance_active(std::int64_t frames) AMP_REAL_TIME;
    void show_active(std::int64_t frame) AMP_REAL_TIME;
    static const Edge* find(std::span<const Edge> edges, const Feed& feed, std::size_t place);

    std::vector<Edge> edges_;
    int active_ = 0;
    bool shaping_ = false;
};

} // namespace amp::engine::inline AMP_PRECISION

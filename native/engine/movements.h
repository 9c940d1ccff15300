// What moves in a node: the bases of its parameters, the gains and depths of the edges that feed it, and what those
// bring that have a slew.
#pragma once

#include "control/event.h"
#include "control/movement.h"
#include "engine/edge_slew.h"
#include "engine/reader.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// While something moves, a node runs in spans of at most so many frames: what they need beside the settled frames is
// small however long a block is.
inline constexpr int kMovingFrames = 32;

class Movements {
public:
    // The parameter's base is one frame of lanes, to which its feed points; both stay where they are. Parameters come
    // in their order. [compiler]
    void add_parameter(Feed& feed, std::span<Sample> base, const control::MovementLimits& slew);

    // The newest reader of `feed` reads the plan's edge `edge`. Edges come in their order. [compiler]
    void add_edge(std::uint32_t edge, Feed& feed);

    // What the newest edge brings goes its way within limits. [compiler]
    void add_slew(std::unique_ptr<EdgeSlew> slew);

    // Parameter `parameter` goes on where that of `from` is, a node of the same type and shape: on its way if the
    // plans' texts give it the same base, else to the base of its own plan, as an event would. [worker]
    void take_over_parameter(std::size_t parameter, const Movements& from, bool same_text,
                             double sample_rate) AMP_REAL_TIME;

    // The gain of the plan's edge `edge` goes on where that of edge `from_edge` in `from` is. [worker]
    void take_over_edge(std::uint32_t edge, const Movements& from, std::uint32_t from_edge) AMP_REAL_TIME;

    // What edge `edge` brings goes on where that of edge `from_edge` in `from` is, if both have a slew. [worker]
    void take_over_slew(std::uint32_t edge, const Movements& from, std::uint32_t from_edge) AMP_REAL_TIME;

    // A voice begins on the lane. [worker]
    void forget(int lane) AMP_REAL_TIME;

    // Where the plan's edge `edge` is read: the feed, and the place among its readers. [any]
    struct Place {
        Feed* feed;
        std::size_t place;
        Reader& reader() const { return feed->readers[place]; }
    };
    Place place_of(std::uint32_t edge) const;

    // True while something moves. [worker]
    bool any() const { return moving_ > 0; }

    // Applies a set_* event of the node: at its frame, which is the next one, the way to its value begins. [worker]
    void apply(const control::Event& event, double sample_rate) AMP_REAL_TIME;

    // Goes through the next frames, at most kMovingFrames, and shows what moves to the feeds until `end_span`. [worker]
    void begin_span(int frames, Scratch& scratch) AMP_REAL_TIME;
    void end_span() AMP_REAL_TIME;

    // Goes through frames that nobody reads. [worker]
    void skip(std::int64_t frames) AMP_REAL_TIME;

    // Samples of scratch that a span of `frames` needs while everything moves. [compiler]
    std::size_t scratch_samples(int frames) const;

    // Calls tell(is_edge, index, moves) for each parameter and each of the plan's edges whose moves took more time than
    // their area lets them. A move of several lanes counts once. [any]
    template <class Tell>
    void tell_slow_moves(Tell&& tell) const {
        for (std::size_t i = 0; i < parameters_.size(); ++i) {
            if (const std::uint32_t moves = parameters_[i].slow_moves.read(); moves > 0) {
                tell(false, static_cast<std::uint32_t>(i), moves);
            }
        }
        for (const Edge& edge : edges_) {
            if (const std::uint32_t moves = edge.slow_moves.read(); moves > 0) {
                tell(true, edge.number, moves);
            }
        }
    }

private:
    // Moves that were too slow for their area: one thread counts, any reads.
    struct SlowMoves {
        std::uint32_t number = 0;
        bool is_told = false; // the present one is counted

        void begin() { is_told = false; }
        void count() AMP_REAL_TIME;
        std::uint32_t read() const;
        void take_over(const SlowMoves& from) AMP_REAL_TIME;
    };
    struct Parameter {
        Feed* feed;
        std::span<Sample> base;
        control::MovementLimits slew;
        std::vector<control::Movement> lanes; // of each lane; the first stands for all if the base is uniform
        bool is_uniform;
        bool is_moving = false;
        SlowMoves slow_moves{};

        std::span<control::Movement> movements() { return {lanes.data(), is_uniform ? 1 : lanes.size()}; }
        void advance(Sample* row) AMP_REAL_TIME;
    };
    struct Edge {
        std::uint32_t number;
        Feed* feed;
        std::size_t place; // among the feed's readers
        control::Movement movement;
        bool is_moving = false;
        SlowMoves slow_moves{};
        std::unique_ptr<EdgeSlew> slew{};

        Reader& reader() const { return feed->readers[place]; }
    };

    Edge& find_edge(std::uint32_t number);
    const Edge& find_edge(std::uint32_t number) const;
    void set_moving(bool& is_moving, bool now);
    void settle();

    std::vector<Parameter> parameters_;
    std::vector<Edge> edges_;
    int moving_ = 0;
};

} // namespace amp::engine::inline AMP_PRECISION

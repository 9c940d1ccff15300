// What moves in a node: the bases of its parameters, and the gains and depths of the edges that feed it.
#pragma once

#include "control/event.h"
#include "control/movement.h"
#include "engine/reader.h"

#include <cstddef>
#include <cstdint>
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

    // Parameter `parameter` goes on where that of `from` is, a node of the same type and shape: on its way if the
    // plans' texts give it the same base, else to the base of its own plan, as an event would. [worker]
    void take_over_parameter(std::size_t parameter, const Movements& from, bool same_text,
                             double sample_rate) AMP_REAL_TIME;

    // The gain of the plan's edge `edge` goes on where that of edge `from_edge` in `from` is. [worker]
    void take_over_edge(std::uint32_t edge, const Movements& from, std::uint32_t from_edge) AMP_REAL_TIME;

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

private:
    struct Parameter {
        Feed* feed;
        std::span<Sample> base;
        control::MovementLimits slew;
        std::vector<control::Movement> lanes; // of each lane; the first stands for all if the base is uniform
        bool is_uniform;
        bool is_moving = false;

        std::span<control::Movement> movements() { return {lanes.data(), is_uniform ? 1 : lanes.size()}; }
        void advance(Sample* row) AMP_REAL_TIME;
    };
    struct Edge {
        std::uint32_t number;
        Feed* feed;
        std::size_t place; // among the feed's readers
        control::Movement movement;
        bool is_moving = false;

        Reader& reader() const { return feed->readers[place]; }
    };

    Edge& find_edge(std::uint32_t number);
    void set_moving(bool& is_moving, bool now);
    void settle();

    std::vector<Parameter> parameters_;
    std::vector<Edge> edges_;
    int moving_ = 0;
};

} // namespace amp::engine::inline AMP_PRECISION

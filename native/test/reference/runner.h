// The reference: runs a plan on one thread, one frame at a time, straight from the rules of the design. It shares the
// kernels of the node types, the movement of values and the choice of voices with the engine, and nothing that has to
// do with blocks, windows, wheels or workers.
#pragma once

#include "control/event.h"
#include "plan/description.h"
#include "plan/regions.h"
#include "reference/edge.h"
#include "reference/gate.h"
#include "reference/node.h"
#include "reference/voices.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace amp::test::reference {

class Runner {
public:
    // The plan has passed plan::check; it stays where it is while this runs it. Events may come in any order.
    Runner(const plan::Description& plan, std::vector<control::Event> events, Faults faults = {});
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    // Makes the next `frames` frames of all taps.
    void run(int frames);

    const Tap& tap(std::uint32_t node, std::uint32_t output) const { return nodes_[node].outputs()[output]; }

    int channels() const;

    // Frames of lanes that were not finite.
    std::int64_t bad_frames() const;

    // All frames that were made, summed over the output nodes and limited, channels side by side: what a streamer
    // gives.
    std::vector<float> output() const;

private:
    // Nodes that stand together; they count the frames that they make.
    struct Region {
        plan::Region planned;
        std::vector<control::Event> events; // until now, at the frames that they belong to
        std::int64_t made = 0;
        bool stands = false; // in this frame of the stream
        bool is_decided = false;
    };
    Region* region_of(std::uint32_t node);
    void begin_frame();
    void decide(Region& region);
    void end_frame();
    void act(std::uint32_t node, std::int64_t frame);
    void apply(std::uint32_t node, const control::Event& event);
    void apply_to_gate(Edge& edge, const control::Event& event);
    void judge_signals(Edge& edge, std::int64_t frame);
    void fire(std::uint32_t node, std::int64_t frame);

    const plan::Description& plan_;
    std::vector<control::Event> events_;
    std::size_t applied_ = 0;
    std::int64_t frame_ = 0;
    std::deque<Node> nodes_;
    std::deque<Edge> edges_;
    std::deque<VoiceGroup> voices_;
    std::vector<Region> regions_;
    std::vector<std::uint32_t> region_of_; // of each node
};

} // namespace amp::test::reference

// One node, fired for one frame at a time through its type's own kernel.
#pragma once

#include "control/movement.h"
#include "control/voices.h"
#include "node/node.h"
#include "plan/description.h"
#include "reference/edge.h"
#include "reference/heat.h"
#include "reference/tap.h"

#include <cstdint>
#include <vector>

namespace amp::test::reference {

class Node {
public:
    Node(const plan::Description& plan, std::uint32_t index);

    const std::vector<Tap>& outputs() const { return outputs_; }

    // Edges that it reads come in the plan's order.
    void add(Edge& edge) { edges_.push_back(&edge); }
    const std::vector<Edge*>& edges() const { return edges_; }

    void set_parameter(const control::Event& event);
    void apply(const control::LaneEvent& event);

    // Makes the next frame of all outputs.
    void fire(std::int64_t frame);

    // Of an envelope in voices: from when on each lane is silent, or kNever.
    const std::vector<std::int64_t>& ended() const { return ended_; }

    // Frames of its lanes that were 0 since they were not finite.
    std::int64_t bad_frames() const { return bad_frames_; }

private:
    struct Parameter {
        float low, high;
        std::vector<control::Movement> base; // of each batch lane
        control::MovementLimits limits;
    };
    using Heard = std::vector<std::vector<float>>; // of each edge

    std::vector<float> input(std::uint32_t index, const Heard& heard) const;
    std::vector<float> parameter(std::uint32_t index, const Heard& heard);
    void reset_lane(int lane);
    void reset_state(int at);
    void keep_finite(std::int64_t frame, std::vector<std::vector<float>>& made);

    const plan::Node& planned_;
    const NodeType& type_;
    const double sample_rate_;
    const bool sums_;
    std::uint64_t seed_;
    std::vector<Edge*> edges_;
    std::vector<Parameter> parameters_;
    std::vector<double> options_;
    std::vector<Shape> input_shapes_;
    std::vector<float> state_, work_;
    std::vector<std::int64_t> ended_;
    std::vector<Tap> outputs_;
    std::int64_t bad_frames_ = 0;
    std::vector<bool> is_heard_; // of each output
    std::vector<bool> is_bad_;   // of each lane, until the next tick
    Heat heat_;
};

} // namespace amp::test::reference

// Equal nodes that run as one: a call of the kernel over all their lanes, or over a chain of them.
//
// Their states, bases and defaults lie side by side, and their taps in the frames of one ring; each node's own view of
// them is that of a part. So a node in which something acts that does not act in all (an event, a gate, something that
// moves) leaves the others and runs by itself, on the same memory and with the same bits.
#pragma once

#include "engine/event_walk.h"
#include "engine/graph_node.h"
#include "plan/layout.h"

#include <cstdint>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// The memory of equal nodes, of which a cohort has all or a part: rows of `lanes` values.
struct CohortMemory {
    int lanes = 1;
    // Rows of the state, of inputs, of parameters, and of the squares that inputs have heard in the present tick.
    std::span<Sample> state, defaults, bases, squares;
    std::span<double> heat, power; // as Thermal has them, beside the squares
};

class Cohort {
public:
    // The members are equal, in the order of their lanes, and have their edges. [compiler]
    Cohort(std::vector<GraphNode*> members, const plan::CohortLayout& layout, const CohortMemory& memory);

    // As `fire` for all members. [worker]
    void run(control::PlanSeals& seals, std::int64_t block, std::int64_t frame, int frames,
             std::span<Sample> scratch) AMP_REAL_TIME;

    // Samples of scratch that a firing over `frames` may take. [compiler]
    std::size_t scratch_samples(int frames) const;

    std::span<GraphNode* const> members() const { return members_; }
    bool is_chain() const { return is_chain_; }

    // Where an input or a parameter of all members comes from.
    enum class Source : std::uint8_t {
        row,    // nothing feeds it
        beside, // one ring has it in the order of the lanes
        apart,  // each member reads it by itself
        linked  // in a chain the first member reads it by itself, each other has it from the one before
    };

    // Of each input and each parameter. [any]
    std::span<const Source> input_sources() const { return inputs_; }
    std::span<const Source> parameter_sources() const { return parameters_; }

private:
    Source source_of(std::vector<Feed> GraphNode::* feeds, std::size_t index) const;
    void look_again(control::PlanSeals& seals, const Stretch& stretch) AMP_REAL_TIME;
    void run_block(const control::SealedBlock& sealed, std::int64_t frame, std::int64_t end,
                   std::span<Sample> scratch) AMP_REAL_TIME;
    void run_span(const control::SealedBlock& sealed, std::int64_t frame, int frames,
                  std::span<Sample> scratch) AMP_REAL_TIME;
    void run_chain_span(const control::SealedBlock& sealed, std::int64_t frame, int frames,
                        std::span<Sample> scratch) AMP_REAL_TIME;
    std::int64_t straight_until(std::int64_t frame, std::int64_t end);
    bool is_finite(const Firing<Sample>& firing) const AMP_REAL_TIME;
    void hold(std::int64_t frame, int frames) AMP_REAL_TIME;
    Firing<Sample> firing_of(std::int64_t frame, int frames) const;
    template <class Read>
    Block<const Sample> gather(std::vector<Feed> GraphNode::* feeds, std::size_t index, int frames, Scratch& scratch,
                               Read&& read);

    // Where the member's lanes begin among those of all members.
    int lane_of(std::size_t member) const { return first_lanes_[member] - first_lanes_.front(); }
    // Of the state's row, from the first member's lane on.
    Sample* state_row(int row) const { return memory_.state.data() + row * memory_.lanes + first_lanes_.front(); }
    // Of the squares that input `input` has heard in the present tick.
    Sample* squares_row(std::size_t input) const {
        return memory_.squares.data() + static_cast<int>(input) * memory_.lanes + first_lanes_.front();
    }
    double* heat_row() { return memory_.heat.data() + first_lanes_.front(); } // of the first input
    void step_heats() AMP_REAL_TIME;
    void hear(std::span<const Block<const Sample>> inputs, std::int64_t frame, int frames) AMP_REAL_TIME;
    void pass(const TickPart& part) AMP_REAL_TIME;

    const std::vector<GraphNode*> members_;
    const std::vector<int> first_lanes_; // in the rows of the memory
    const bool is_chain_;
    const CohortMemory memory_;
    const int lanes_;                    // of all members, padded
    std::vector<std::uint32_t> indices_; // of the members in the plan, ascending
    std::vector<Source> inputs_, parameters_;

    const bool watches_; // whether what it gives may not be finite
    bool holds_ = false; // a lane of a member gives 0 until the next tick; in a chain: something is bad
    // Of all members, while one computes to no purpose.
    std::vector<Sample> kept_state_, kept_squares_; // rows
    std::vector<double> kept_heat_;                 // of the members of a chain
    std::vector<double> decays_, rises_;            // of the members, if all are plain
    std::vector<std::uint8_t> is_restless_;         // of each member: it runs by itself
    std::size_t restless_ = 0;                      // members, and links that let not everything pass
    std::vector<Source> present_inputs_;            // of the members that run as one
    std::vector<RingPlace> places_;                 // of the outputs
    bool is_settled_ = false;                       // nothing acts in any of them until an event concerns one
};

} // namespace amp::engine::inline AMP_PRECISION

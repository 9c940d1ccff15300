// A plan made runnable at one block size: nodes, wheels and state in one arena.
#pragma once

#include "arena/arena.h"
#include "base/result.h"
#include "control/sealer.h"
#include "engine/cohort.h"
#include "engine/graph_node.h"
#include "engine/region.h"
#include "engine/wheel_growth.h"
#include "plan/description.h"
#include "plan/layout.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// How a gate stands: its state, the frame of a change that waits (or -1) and whether that opens it, and the largest
// number of frames that it makes one of its members wait.
struct GateStatus {
    GateState state = GateState::open;
    std::int64_t change_frame = -1;
    bool opens = false;
    std::int64_t held = 0;
};

// Frames [begin, end) of the stream, which lie in block `block`.
struct BlockPart {
    std::int64_t block, begin, end;
};

// Frames by which what a node gives is late.
inline std::int64_t lateness_after(const plan::Node& node) {
    return static_cast<std::int64_t>(node.aligned_latency + node.latency);
}

class Graph {
public:
    // Builds everything; nothing is allocated after this. [compiler]
    static Result<std::unique_ptr<Graph>> build(const plan::Description& plan, const plan::Layout& layout, int block,
                                                int workers);

    // Runs one component over a part of a block that is sealed; parts follow each other. [worker]
    void run(std::uint32_t component, const BlockPart& part, int worker, control::PlanSeals& seals) AMP_REAL_TIME;

    // Decides which of the frames a region makes, before any of its components runs them. [worker]
    void decide(std::uint32_t region, std::int64_t begin, std::int64_t end, control::PlanSeals& seals) AMP_REAL_TIME {
        regions_[region]->decide(begin, end, seals);
    }
    std::span<const std::unique_ptr<Region>> regions() const { return regions_; }

    // True if the component has finished, by the event that drained it at `since`, until it is silent. [any]
    bool is_drained(std::uint32_t node, std::int64_t since) const;

    std::uint32_t components() const { return static_cast<std::uint32_t>(components_.size()); }
    std::span<const std::unique_ptr<GraphNode>> nodes() const { return nodes_; }
    // The nodes whose outputs are heard, in plan order, and their components.
    std::span<GraphNode* const> outputs() const { return outputs_; }
    // The nodes that run as one.
    std::span<const std::unique_ptr<Cohort>> cohorts() const { return cohorts_; }
    // The index of the node that each edge of the plan feeds.
    std::span<const std::uint32_t> edge_targets() const { return edge_targets_; }
    // Gates of the plan, and how one stands after the newest firings of its consumers. [any]
    std::uint32_t gates() const { return static_cast<std::uint32_t>(gate_consumers_.size()); }
    GateStatus gate_status(std::uint32_t gate) const;
    // The component of a node, by their indices in the plan. [any]
    std::uint32_t component_of(std::uint32_t node) const { return component_of_[node]; }
    // Frames from the event that drains a component until it is silent: its edges have faded, and its latencies and
    // tails have run out; kNever for a loop and where a tail is endless. [any]
    std::int64_t drain_frames(std::uint32_t component) const { return components_[component].drain_frames; }
    int channels() const { return channels_; }
    arena::Stats arena_stats() const { return arena_.stats(); }

    // Where its nodes tell their faults from now on; before the first block. [compiler]
    void tell_faults_to(NodeFaultLog& log, std::uint32_t plan) {
        for (const auto& node : nodes_) {
            node->faults = {&log, plan};
        }
    }

    // The wheels that grow. [any]
    WheelGrowth& growth() { return *growth_; }
    const WheelGrowth& growth() const { return *growth_; }

    // What the sealer must know of each voice group. [compiler]
    static std::vector<control::VoiceGroupSettings> voice_groups(const plan::Description& plan,
                                                                 const plan::Layout& layout);

private:
    struct Component {
        GraphNode* single = nullptr; // its only node, if that runs by itself
        Cohort* cohort = nullptr;    // that it leads
        const Region* region = nullptr;
        bool is_loop = false;
        int quantum = 1;
        std::vector<GraphNode*> nodes;
        std::int64_t drain_frames = kNever;
    };

    Graph(arena::Arena arena, int block) : arena_(std::move(arena)), block_(block) {}
    // Parameters that edges feed: the node, and the place of the parameter.
    using FedParameters = std::set<std::pair<std::uint32_t, std::uint32_t>>;
    Result<bool> add_node(const plan::Description& plan, const plan::Layout& layout, const FedParameters& fed,
                          std::uint32_t index);
    Result<CohortMemory> rows_for(const plan::Node& node, int lanes);
    void add_cohorts(const plan::Description& plan, const plan::Layout& layout);
    Result<bool> add_cohort_memories(const plan::Description& plan, const plan::Layout& layout);
    Result<bool> add_rings(const plan::Description& plan, const plan::Layout& layout);
    Result<bool> add_wheels(const plan::Description& plan, const plan::Layout& layout);
    Result<bool> add_readers(const plan::Description& plan, const plan::Layout& layout);
    void add_regions(const plan::Description& plan, const plan::Layout& layout);
    void run_in_region(const Component& component, const BlockPart& part, std::span<Sample> scratch,
                       control::PlanSeals& seals);
    void add_heat(const plan::Description& plan, const plan::Layout& layout);
    void add_growth(const plan::Description& plan, const plan::Layout& layout);
    void add_gate(const plan::Description& plan, const plan::Layout& layout, std::uint32_t edge, Feed& feed);
    void add_voices(const plan::Description& plan);
    Result<bool> add_scratch(int workers);

    arena::Arena arena_;
    const int block_;
    int channels_ = 0;
    std::vector<std::unique_ptr<GraphNode>> nodes_;
    std::vector<Wheel> wheels_;
    std::vector<CohortMemory> cohort_memories_;
    std::vector<std::unique_ptr<Cohort>> cohorts_;
    std::vector<std::unique_ptr<Region>> regions_;
    std::vector<Component> components_;
    std::vector<GraphNode*> outputs_;
    std::vector<std::uint32_t> edge_targets_;
    std::vector<std::uint32_t> component_of_;                   // of each node
    std::vector<std::vector<const GraphNode*>> gate_consumers_; // of each gate
    std::vector<std::span<Sample>> scratch_;                    // of each worker
    std::vector<arena::Arena::Growing> growing_;                // of each wheel
    std::optional<WheelGrowth> growth_;
};

} // namespace amp::engine::inline AMP_PRECISION

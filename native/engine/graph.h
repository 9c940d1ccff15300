// A plan made runnable at one block size: nodes, wheels and state in one arena.
#pragma once

#include "arena/arena.h"
#include "base/result.h"
#include "control/sealer.h"
#include "engine/graph_node.h"
#include "plan/description.h"
#include "plan/layout.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine {

class Graph {
public:
    // Builds everything; nothing is allocated after this. [compiler]
    static Result<std::unique_ptr<Graph>> build(const plan::Description& plan, const plan::Layout& layout, int block,
                                                int workers);

    // Runs one component over frames [begin, end), which lie in the one block that is sealed; frames follow each other.
    // [worker]
    void run(std::uint32_t component, std::int64_t begin, std::int64_t end, int worker,
             control::SealedBlock& sealed) AMP_REAL_TIME;

    std::uint32_t components() const { return static_cast<std::uint32_t>(components_.size()); }
    std::span<const std::unique_ptr<GraphNode>> nodes() const { return nodes_; }
    // The nodes whose outputs are heard, in plan order, and their components.
    std::span<GraphNode* const> outputs() const { return outputs_; }
    // The index of the node that each edge of the plan feeds.
    std::span<const std::uint32_t> edge_targets() const { return edge_targets_; }
    int channels() const { return channels_; }
    arena::Stats arena_stats() const { return arena_.stats(); }

    // What the sealer must know of each voice group. [compiler]
    static std::vector<control::VoiceGroupSettings> voice_groups(const plan::Description& plan,
                                                                 const plan::Layout& layout);

private:
    struct Component {
        std::vector<GraphNode*> nodes;
        int quantum = 1;
        bool is_loop = false;
    };

    Graph(arena::Arena arena, int block) : arena_(std::move(arena)), block_(block) {}
    Result<bool> add_node(const plan::Description& plan, std::uint32_t index);
    Result<bool> add_wheels(const plan::Description& plan, const plan::Layout& layout);
    void add_readers(const plan::Description& plan, const plan::Layout& layout);
    void add_voices(const plan::Description& plan);
    Result<bool> add_scratch(int workers);

    arena::Arena arena_;
    const int block_;
    int channels_ = 0;
    std::vector<std::unique_ptr<GraphNode>> nodes_;
    std::vector<Wheel> wheels_;
    std::vector<Component> components_;
    std::vector<GraphNode*> outputs_;
    std::vector<std::uint32_t> edge_targets_;
    std::vector<std::span<float>> scratch_; // of each worker
};

} // namespace amp::engine

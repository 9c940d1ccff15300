// What a new plan takes over from the one before it: states, wheels, movements and voices of the nodes that both have.
#pragma once

#include "base/real_time.h"
#include "base/result.h"
#include "engine/graph_node.h"
#include "engine/translation.h"
#include "run/work.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

struct PlanInstance;

class Takeover {
public:
    // Nodes go on if id, type, options and shape are equal; those of voices only if their keys node does too. Without
    // `carries` nothing goes on. A region goes on counting as its first node that both plans have did; a node that was
    // counted otherwise begins anew. [compiler]
    Takeover(PlanInstance& from, PlanInstance& to, bool carries);

    // True when the plans are equal: the new one gives the same bits as the old one would.
    bool is_whole() const { return is_whole_; }

    // Makes room at once for what the old plan's gates hold now. [compiler]
    Result<bool> make_room() const;

    // What keeps the hand-over from the block that begins: room for what the old plan's gates hold. All blocks before
    // are complete. [worker]
    run::Obstacle obstacle() const AMP_REAL_TIME;

    // The voices go on, at a frame of block `block` that is being sealed, and so does what is on its way to nodes that
    // act late. [worker]
    void take_events(std::int64_t block, const Translation& translation) AMP_REAL_TIME;

    // The nodes go on at frame `frame` of block `block`, which the old plan has run until there. [worker]
    void take_nodes(std::int64_t frame, std::int64_t block) AMP_REAL_TIME;

private:
    struct Node {
        GraphNode* from;
        GraphNode* to;
        std::vector<std::vector<const Reader*>> readers; // of each output, in the old plan
        std::vector<std::int64_t> history;               // frames of each output that the new plan keeps
        std::vector<bool> same_text;                     // of each parameter
    };
    struct Edge {
        GraphNode* from;
        GraphNode* to;
        std::uint32_t from_edge, to_edge;
        bool same_gain, same_gate; // the plans say the same of it
        Region* stops;             // that it stops in the new plan, or null
    };
    struct Group {
        std::size_t from, to;
        bool stands; // in both plans: by frames of a region
    };
    // Whose frames a region goes on counting: those of one of the old plan, or of the stream.
    struct Count {
        const Region* from; // null: the stream's
        Region* to;
    };
    // Of voices that go on.
    struct NewMember {
        GraphNode* node;
        const GraphNode* keys;
    };
    // The region of the old plan, or kNone for the stream, as each node of the new one counts from now on.
    std::vector<std::uint32_t> counts_of(std::span<const std::uint32_t> counterparts);
    void find_growing(const Node& node);
    static std::int64_t own_frame(const GraphNode& node, std::int64_t frame);
    void take_wheels(const Node& node, std::int64_t frame) const;
    void take_envelope(const Node& node, std::int64_t block) const;
    void take_sleep(const Node& node, std::int64_t block) const;
    static void begin_envelope(const NewMember& envelope);
    static void begin_heat(const NewMember& member);

    PlanInstance& from_;
    PlanInstance& to_;
    bool is_whole_ = false;
    std::vector<Node> nodes_;
    std::vector<Edge> edges_;
    std::vector<Group> groups_;
    std::vector<std::size_t> group_of_; // for each group of the new plan that of the old, or PlanSeals::kNoGroup
    bool carries_ = false;
    std::vector<Count> counts_; // of each region
    std::vector<NewMember> new_envelopes_, new_members_;
    std::vector<const Wheel*> grown_from_; // of each wheel of the new plan that grows: what it takes over, or null
};

} // namespace amp::engine::inline AMP_PRECISION

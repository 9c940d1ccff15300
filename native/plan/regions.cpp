#include "plan/regions.h"

#include "node/node.h"

#include <algorithm>
#include <numeric>

namespace amp::plan {

namespace {

// Sets of nodes that become one.
class Sets {
public:
    explicit Sets(std::size_t count) : parents_(count) { std::iota(parents_.begin(), parents_.end(), 0U); }

    std::uint32_t of(std::uint32_t node) {
        while (parents_[node] != node) {
            node = parents_[node] = parents_[parents_[node]];
        }
        return node;
    }
    void join(std::uint32_t a, std::uint32_t b) {
        const auto [low, high] = std::minmax({of(a), of(b)});
        parents_[high] = low;
    }

private:
    std::vector<std::uint32_t> parents_;
};

Sets joined(const Description& plan) {
    Sets sets(plan.nodes.size());
    for (const Edge& edge : plan.edges) {
        if (!stops(plan, edge)) {
            sets.join(edge.from_node, edge.to_node);
        }
    }
    for (const Gate& gate : plan.gates) {
        for (const GateSignal& signal : gate.signals) {
            for (const std::uint32_t edge : gate.edges) {
                sets.join(signal.node, plan.edges[edge].to_node);
            }
        }
    }
    for (const VoiceGroup& group : plan.voices) {
        for (const std::uint32_t member : group.members) {
            sets.join(group.keys, member);
        }
    }
    return sets;
}

std::optional<std::string> check_region(const Description& plan, const Region& region,
                                        std::span<const std::uint32_t> region_of) {
    const Edge& first = plan.edges[region.edges.front()];
    const Gate& gate = plan.gates[first.gate];
    const std::uint32_t index = region_of[first.from_node];
    const std::string where =
        "the edge from " + plan.nodes[first.from_node].id + " to " + plan.nodes[first.to_node].id + " blocks, but ";
    for (const std::uint32_t number : region.edges) {
        const Edge& edge = plan.edges[number];
        if (region_of[edge.to_node] == index) {
            return where + plan.nodes[edge.to_node].id + " would be stopped with " + plan.nodes[edge.from_node].id;
        }
        if (edge.gate != first.gate) {
            return where + "what feeds it leaves through gate " + plan.gates[edge.gate].id + " besides " + gate.id;
        }
        if (plan.nodes[edge.to_node].aligned_latency != plan.nodes[first.to_node].aligned_latency) {
            return where + plan.nodes[edge.to_node].id + " reads what feeds it earlier or later";
        }
    }
    std::uint32_t earliest = kNone;
    for (const std::uint32_t number : region.nodes) {
        const Node& node = plan.nodes[number];
        earliest = std::min(earliest, node.component);
        if (find_node_type(node.type)->declaration->shape == ShapeRule::output) {
            return where + "it would starve " + node.id;
        }
        for (const std::uint32_t other : plan.components[node.component].nodes) {
            if (region_of[other] != index) {
                return where + plan.nodes[other].id + " is in a loop with " + node.id + ", which it would stop";
            }
        }
        if (node.aligned_latency != 0) {
            return where + node.id + ", which it would stop, works behind a look-ahead";
        }
    }
    for (const Edge& edge : plan.edges) {
        if (region_of[edge.to_node] == index && stops(plan, edge)) {
            return where + "it would stop " + plan.nodes[edge.to_node].id + ", before which the edge from " +
                   plan.nodes[edge.from_node].id + " blocks";
        }
    }
    for (const GateSignal& signal : gate.signals) {
        if (plan.nodes[signal.node].component >= earliest) {
            return where + plan.nodes[signal.node].id + ", a signal of gate " + gate.id + ", runs too late to stop it";
        }
    }
    return {};
}

} // namespace

bool stops(const Description& plan, const Edge& edge) {
    return edge.gate != kNone && edge.target == EdgeTarget::input &&
           plan.gates[edge.gate].while_closed == WhileClosed::hold &&
           plan.nodes[edge.to_node].inputs[edge.to_index].overflow == OverflowPolicy::block;
}

std::vector<Region> find_regions(const Description& plan) {
    if (std::ranges::none_of(plan.edges, [&](const Edge& edge) { return stops(plan, edge); })) {
        return {};
    }
    Sets sets = joined(plan);
    std::vector<std::uint32_t> place(plan.nodes.size(), kNone); // of the region of each set, by its first node
    for (const Edge& edge : plan.edges) {
        if (stops(plan, edge)) {
            place[sets.of(edge.from_node)] = 0;
        }
    }
    std::vector<Region> regions;
    for (std::uint32_t n = 0; n < plan.nodes.size(); ++n) {
        const std::uint32_t set = sets.of(n);
        if (place[set] == kNone) {
            continue;
        }
        if (set == n) {
            place[n] = static_cast<std::uint32_t>(regions.size());
            regions.emplace_back();
        }
        regions[place[set]].nodes.push_back(n);
    }
    for (std::uint32_t e = 0; e < plan.edges.size(); ++e) {
        if (stops(plan, plan.edges[e])) {
            regions[place[sets.of(plan.edges[e].from_node)]].edges.push_back(e);
        }
    }
    return regions;
}

std::vector<std::uint32_t> region_of_each_node(const Description& plan, std::span<const Region> regions) {
    std::vector<std::uint32_t> region_of(plan.nodes.size(), kNone);
    for (std::uint32_t r = 0; r < regions.size(); ++r) {
        for (const std::uint32_t node : regions[r].nodes) {
            region_of[node] = r;
        }
    }
    return region_of;
}

std::optional<std::string> check_regions(const Description& plan) {
    const std::vector<Region> regions = find_regions(plan);
    const std::vector<std::uint32_t> region_of = region_of_each_node(plan, regions);
    for (const Region& region : regions) {
        if (auto wrong = check_region(plan, region, region_of)) {
            return wrong;
        }
    }
    return {};
}

} // namespace amp::plan

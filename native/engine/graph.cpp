#include "engine/graph.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

GateStatus Graph::gate_status(std::uint32_t gate) const {
    GateStatus status;
    bool first = true;
    for (const GraphNode* consumer : gate_consumers_[gate]) {
        const EdgeGate* const member = consumer->gates.member(gate);
        if (member == nullptr) {
            continue;
        }
        if (first) {
            status.state = member->shown_state();
            const std::int64_t change = member->shown_change();
            const std::int64_t late = consumer->late + consumer->progress->stood.load(std::memory_order_relaxed);
            status.change_frame = change < 0 ? change : change + late;
            status.opens = member->shown_opens();
        }
        first = false;
        status.held = std::max(status.held, member->shown_lag());
    }
    return status;
}

void Graph::run(std::uint32_t component_index, const BlockPart& part, int worker, control::PlanSeals& seals) {
    const Component& component = components_[component_index];
    const std::span<Sample> scratch = scratch_[static_cast<std::size_t>(worker)];
    if (component.single != nullptr) {
        fire(*component.single, seals, part.block, part.begin, static_cast<int>(part.end - part.begin), scratch);
        return;
    }
    if (component.cohort != nullptr) {
        component.cohort->run(seals, part.block, part.begin, static_cast<int>(part.end - part.begin), scratch);
        return;
    }
    if (component.region != nullptr) {
        run_in_region(component, part, scratch, seals);
        return;
    }
    for (std::int64_t at = part.begin; at < part.end;) {
        const std::int64_t window = std::min<std::int64_t>(part.end, (at / component.quantum + 1) * component.quantum);
        for (GraphNode* node : component.nodes) {
            fire(*node, seals, part.block, at, static_cast<int>(window - at), scratch);
        }
        at = window;
    }
}

// A region counts on while the stream does not wait for it: its windows lie on a grid of its own frames.
void Graph::run_in_region(const Component& component, const BlockPart& part, std::span<Sample> scratch,
                          control::PlanSeals& seals) {
    const RegionBlock& block = component.region->block_of(part.begin);
    control::SealedBlock& sealed = seals.sealed(part.block);
    for (std::int64_t at = block.first(); at < block.last();) {
        const std::int64_t window =
            component.is_loop ? std::min<std::int64_t>(block.last(), (at / component.quantum + 1) * component.quantum)
                              : block.last();
        for (GraphNode* node : component.nodes) {
            fire_in_region(*node, sealed, block, at, window, scratch);
        }
        at = window;
    }
    for (GraphNode* node : component.nodes) {
        finish_in_region(*node, sealed, block, part.end);
    }
}

bool Graph::is_drained(std::uint32_t node, std::int64_t since) const {
    const std::uint32_t component = component_of_[node];
    const Region* const region = components_[component].region;
    const std::int64_t frames = components_[component].drain_frames;
    const std::int64_t begun = region == nullptr ? since : region->drained_since(component, since);
    const GraphNode& drained = *nodes_[node];
    return since != kNever && begun != kNever && frames != kNever && drained.progress->made() >= begun + frames;
}

} // namespace amp::engine::inline AMP_PRECISION

// One plan as it runs: its graph, its voices, what is sealed for it, and what is written down of it.
#pragma once

#include "base/result.h"
#include "control/plan_seals.h"
#include "engine/graph.h"
#include "engine/hand_over.h"
#include "engine/plan_program.h"
#include "engine/telemetry.h"
#include "plan/description.h"
#include "plan/layout.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

struct InstanceSettings {
    int block = 64;
    run::SchedulerSettings scheduling;
    bool live = false;          // a device paces it
    std::int64_t most_late = 0; // frames by which nodes of the plan that it takes over from are late
};

struct PlanInstance {
    // Everything that the plan needs in order to run alone. [compiler]
    static Result<std::unique_ptr<PlanInstance>> build(const plan::Description& plan, const InstanceSettings& settings);

    // The index of the node called `id`, or nothing. [any]
    std::optional<std::uint32_t> find_node(std::string_view id) const;

    // [any]
    bool has_node(std::uint32_t node) const { return node < graph->nodes().size(); }
    bool has_parameter(std::uint32_t node, std::uint32_t parameter) const {
        return has_node(node) && parameter < graph->nodes()[node]->parameters.size();
    }
    bool has_edge(std::uint32_t edge) const { return edge < graph->edge_targets().size(); }
    // Notes since when components are drained by the block's events; before any unit runs it. [worker]
    void note_drains(std::int64_t block) AMP_REAL_TIME;

    bool has_voice(std::uint32_t node, std::uint32_t voice) const;

    struct Voice {
        std::uint32_t keys = 0, lane = 0;
    };
    // The softest voice, or nearly so, that sounds as `block` begins, and whose end may spare work; nothing if fewer
    // than two sound. Frames before `made` are there to be judged by. [worker]
    std::optional<Voice> softest_voice(std::int64_t block, std::int64_t made) const AMP_REAL_TIME;

    // The node that reads the edge. [any]
    std::uint32_t edge_target(std::uint32_t edge) const { return graph->edge_targets()[edge]; }

    // Frames that the node has finished. [any]
    std::int64_t finished(std::uint32_t node) const {
        return graph->nodes()[node]->progress->finished.load(std::memory_order_acquire);
    }

    const plan::Description description;
    const plan::Layout layout;
    const std::unique_ptr<Graph> graph;
    const std::int64_t most_late; // frames by which its nodes are late at most
    control::PlanSeals seals;
    std::vector<Leaf> leaves; // of the sum over its outputs
    const Sample ceiling;     // factor of full scale

    std::uint32_t number = 0;                             // 1, 2, 3, ... in the order in which plans are prepared
    std::unique_ptr<PlanProgram> alone;                   // runs it when no other plan sounds
    std::optional<HandOver> hand_over;                    // from the plan before
    std::unique_ptr<PlanTelemetry> telemetry;             // null offline
    std::atomic<bool> is_over{false};                     // it runs no more
    std::vector<std::atomic<std::int64_t>> drained_since; // of each component: the frame of its drain, or kNever

private:
    PlanInstance(const plan::Description& plan, plan::Layout laid_out, std::unique_ptr<Graph> built,
                 const InstanceSettings& settings);
    Sample loudness(std::size_t group, int lane, std::int64_t frame) const;
};

} // namespace amp::engine::inline AMP_PRECISION

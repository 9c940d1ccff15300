#include "engine/plan_instance.h"

#include "plan/units.h"

#include <algorithm>

namespace amp::engine {

namespace {

std::int64_t most_late_of(const plan::Description& plan) {
    std::uint64_t most = 0;
    for (const plan::Node& node : plan.nodes) {
        most = std::max(most, node.aligned_latency);
    }
    return static_cast<std::int64_t>(most);
}

} // namespace

Result<std::unique_ptr<PlanInstance>> PlanInstance::build(const plan::Description& plan,
                                                          const InstanceSettings& settings) {
    auto layout = plan::lay_out(plan, {settings.block, settings.scheduling.in_flight, settings.live});
    if (!layout.ok()) {
        return layout.error();
    }
    auto graph = Graph::build(plan, layout.value(), settings.block, settings.scheduling.workers);
    if (!graph.ok()) {
        return graph.error();
    }
    std::unique_ptr<PlanInstance> made(
        new PlanInstance(plan, std::move(layout.value()), std::move(graph.value()), settings));
    PlanInstance* const alone[] = {made.get()};
    made->alone = PlanProgram::of(alone, settings.scheduling);
    return made;
}

PlanInstance::PlanInstance(const plan::Description& plan, plan::Layout laid_out, std::unique_ptr<Graph> built,
                           const InstanceSettings& settings)
    : description(plan),
      layout(std::move(laid_out)),
      graph(std::move(built)),
      most_late(most_late_of(description)),
      seals(Graph::voice_groups(description, layout), settings.block, settings.scheduling.in_flight,
            std::max(most_late, settings.most_late)),
      leaves(graph->outputs().size() * static_cast<std::size_t>(std::max(1, graph->channels()))),
      ceiling(
          static_cast<float>(plan::canonical(description.stream.ceiling, Unit::ratio, description.stream).value_or(1))),
      drained_since(graph->components()) {
    for (auto& since : drained_since) {
        since.store(kNever, std::memory_order_relaxed);
    }
}

void PlanInstance::note_drains(std::int64_t block) {
    for (const control::Event& event : seals.sealed(block).gates) {
        if (event.kind == control::EventKind::drain_node) {
            std::atomic<std::int64_t>& since = drained_since[event.parameter];
            const std::int64_t before = since.load(std::memory_order_relaxed);
            since.store(event.value < 0.5F ? kNever : std::min(before, event.frame), std::memory_order_release);
        }
    }
}

std::optional<std::uint32_t> PlanInstance::find_node(std::string_view id) const {
    for (const auto& node : graph->nodes()) {
        if (node->id == id) {
            return node->index;
        }
    }
    return std::nullopt;
}

} // namespace amp::engine

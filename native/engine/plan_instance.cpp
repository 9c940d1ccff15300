#include "engine/plan_instance.h"

#include "plan/units.h"

#include <algorithm>

namespace amp::engine {

Result<std::unique_ptr<PlanInstance>> PlanInstance::build(const plan::Description& plan,
                                                          const InstanceSettings& settings) {
    auto layout = plan::lay_out(plan, {settings.block, settings.scheduling.in_flight});
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
      seals(Graph::voice_groups(description, layout), settings.block, settings.scheduling.in_flight),
      edges(description, layout, graph->nodes()),
      leaves(graph->outputs().size() * static_cast<std::size_t>(std::max(1, graph->channels()))),
      ceiling(static_cast<float>(
          plan::canonical(description.stream.ceiling, Unit::ratio, description.stream).value_or(1))) {
    if (settings.live) {
        times.emplace(description, graph->nodes(), settings.scheduling.workers);
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

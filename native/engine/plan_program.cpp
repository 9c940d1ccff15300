#include "engine/plan_program.h"

#include "engine/plan_instance.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

using run::Dependency;
using run::UnitIndex;

class PlanProgram::Builder {
public:
    // Adds all components of a plan; returns the first one's unit.
    UnitIndex add(PlanInstance& plan, Step step) {
        const UnitIndex first = next();
        const std::vector<std::uint32_t>& leader_of = plan.layout.leader_of;
        std::vector<UnitIndex> units(leader_of.size());
        for (std::uint32_t component = 0; component < leader_of.size(); ++component) {
            if (leader_of[component] == component) {
                units[component] = next();
                units_.push_back({step, &plan, component});
            }
        }
        for (const Dependency& dependency : plan.layout.dependencies) {
            const std::uint32_t from = leader_of[dependency.from], to = leader_of[dependency.to];
            if (from != to) {
                dependencies_.push_back({units[from], units[to], dependency.lag});
            }
        }
        return first;
    }

    UnitIndex add(Step step, PlanInstance* plan = nullptr) {
        units_.push_back({step, plan, 0});
        return next() - 1;
    }

    void depend(UnitIndex from, UnitIndex to) { dependencies_.push_back({from, to, 0}); }

    UnitIndex next() const { return static_cast<UnitIndex>(units_.size()); }

    // The delivery comes behind the outputs of all plans that were added to run.
    std::unique_ptr<PlanProgram> finish(bool switches, const run::SchedulerSettings& settings) {
        const UnitIndex components = next();
        const UnitIndex deliver = add(Step::deliver);
        for (UnitIndex unit = 0; unit < components; ++unit) {
            const Unit& made = units_[unit];
            if (made.step == Step::run && std::ranges::any_of(made.plan->graph->outputs(), [&](const GraphNode* node) {
                    return made.plan->description.nodes[node->index].component == made.component;
                })) {
                depend(unit, deliver);
            }
        }
        return std::unique_ptr<PlanProgram>(new PlanProgram(std::move(units_), dependencies_, switches, settings));
    }

private:
    std::vector<Unit> units_;
    std::vector<Dependency> dependencies_;
};

std::unique_ptr<PlanProgram> PlanProgram::of(std::span<PlanInstance* const> plans,
                                             const run::SchedulerSettings& settings) {
    Builder builder;
    for (PlanInstance* const plan : plans) {
        builder.add(*plan, Step::run);
    }
    return builder.finish(false, settings);
}

std::unique_ptr<PlanProgram> PlanProgram::switching(PlanInstance& old, PlanInstance& next,
                                                    std::span<PlanInstance* const> others,
                                                    const run::SchedulerSettings& settings) {
    Builder builder;
    builder.add(old, Step::run_before);
    const UnitIndex take_over = builder.next();
    builder.add(Step::take_over, &next);
    for (UnitIndex unit = 0; unit < take_over; ++unit) {
        builder.depend(unit, take_over);
    }
    builder.add(old, Step::run);
    builder.add(next, Step::run);
    for (UnitIndex unit = take_over + 1; unit < builder.next(); ++unit) {
        builder.depend(take_over, unit);
    }
    for (PlanInstance* const other : others) {
        builder.add(*other, Step::run);
    }
    return builder.finish(true, settings);
}

PlanProgram::PlanProgram(std::vector<Unit> units, std::span<const Dependency> dependencies, bool switches,
                         const run::SchedulerSettings& settings)
    : Program(static_cast<std::uint32_t>(units.size()), dependencies, settings),
      units_(std::move(units)),
      switches_(switches) {}

bool PlanProgram::runs(const PlanInstance& plan) const {
    return std::ranges::any_of(units_, [&](const Unit& unit) { return unit.plan == &plan; });
}

} // namespace amp::engine::inline AMP_PRECISION

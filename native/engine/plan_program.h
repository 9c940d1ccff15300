// The programs of running plans: one plan alone, two at the block of a hand-over, several while old ones ring out.
#pragma once

#include "engine/sample.h"
#include "run/program.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

struct PlanInstance;

class PlanProgram final : public run::Program {
public:
    enum class Step : std::uint8_t {
        run,        // a component runs what the block has of its plan, or a region decides it
        run_before, // a component of the old plan runs the frames before the hand-over
        take_over,  // the new plan takes over what it can
        deliver,    // all outputs are summed and given out
    };
    struct Unit {
        Step step = Step::run;
        PlanInstance* plan = nullptr;
        std::uint32_t component = 0; // behind the components: a region
    };

    // For blocks that all of `plans` run. [compiler]
    static std::unique_ptr<PlanProgram> of(std::span<PlanInstance* const> plans,
                                           const run::SchedulerSettings& settings);

    // For the block at which `next` takes over from `old`, while `others` sound too: `old` runs the frames before the
    // hand-over, then both run the frames after it. [compiler]
    static std::unique_ptr<PlanProgram> switching(PlanInstance& old, PlanInstance& next,
                                                  std::span<PlanInstance* const> others,
                                                  const run::SchedulerSettings& settings);

    const Unit& unit(run::UnitIndex index) const { return units_[index]; }
    bool switches() const { return switches_; }

    // True if it runs any of `plan`. [any]
    bool runs(const PlanInstance& plan) const;

private:
    class Builder;
    PlanProgram(std::vector<Unit> units, std::span<const run::Dependency> dependencies, bool switches,
                const run::SchedulerSettings& settings);

    const std::vector<Unit> units_;
    const bool switches_;
};

} // namespace amp::engine::inline AMP_PRECISION

#include "plan/check_schedule.h"

#include <cstddef>
#include <vector>

namespace amp::plan {

std::optional<std::string> check_schedule(const Description& plan) {
    if (!plan.has_schedule) {
        return plan.stages.empty() ? std::nullopt : std::optional<std::string>("stage 0: the plan has no schedule");
    }
    std::vector<std::uint32_t> stage_of(plan.nodes.size(), kNone);
    for (std::uint32_t s = 0; s < plan.stages.size(); ++s) {
        for (const Cohort& cohort : plan.stages[s].cohorts) {
            if (cohort.nodes.empty()) {
                return "stage " + std::to_string(s) + ": a cohort of " + cohort.type + " without nodes";
            }
            for (const std::uint32_t n : cohort.nodes) {
                const Node& node = plan.nodes[n];
                if (stage_of[n] != kNone) {
                    return "node " + node.id + ": stands in the schedule twice";
                }
                if (node.type != cohort.type) {
                    return "node " + node.id + ": of type " + node.type + ", but the schedule has it in a cohort of " +
                           cohort.type;
                }
                stage_of[n] = s;
            }
        }
    }
    for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
        if (stage_of[n] == kNone) {
            return "node " + plan.nodes[n].id + ": the schedule leaves it out";
        }
    }
    for (const Component& component : plan.components) {
        for (const std::uint32_t n : component.nodes) {
            const std::uint32_t first = component.nodes.front();
            if (stage_of[n] != stage_of[first]) {
                return "node " + plan.nodes[n].id + ": the schedule has it in stage " + std::to_string(stage_of[n]) +
                       ", but its loop in stage " + std::to_string(stage_of[first]);
            }
        }
    }
    return {};
}

} // namespace amp::plan

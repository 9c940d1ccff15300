#include "engine/hand_over.h"

#include "base/approximation.h"
#include "engine/plan_instance.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

namespace {

std::int64_t frames_of(double seconds, double sample_rate) {
    return static_cast<std::int64_t>(seconds * sample_rate + 0.5);
}

// Equal power: the sine of a quarter turn, taken in the middle of each frame, so that the squares of this and of the
// same backwards add up to 1.
std::vector<Sample> quarter_turn(std::int64_t frames) {
    std::vector<Sample> gains;
    for (std::int64_t frame = 0; frame < frames; ++frame) {
        const double at = (static_cast<double>(frame) + 0.5) / static_cast<double>(frames);
        gains.push_back(static_cast<Sample>(sine_of_quarters(Lanes<double, 1>(at)).value));
    }
    return gains;
}

// Frames for which a plan may sound after its voices are silent: what lies between them and the outputs, with all
// delays. A loop rings for ever.
std::int64_t tail_after_voices(const plan::Description& plan) {
    std::vector<bool> behind(plan.nodes.size(), false);
    for (const plan::VoiceGroup& group : plan.voices) {
        for (const std::uint32_t edge : group.exit_edges) {
            behind[plan.edges[edge].to_node] = true;
        }
    }
    for (bool grows = true; grows;) {
        grows = false;
        for (const plan::Edge& edge : plan.edges) {
            grows = grows || (behind[edge.from_node] && !behind[edge.to_node]);
            behind[edge.to_node] = behind[edge.to_node] || behind[edge.from_node];
        }
    }
    std::uint64_t tail = 0, late = 0; // of what lies before that
    for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
        const plan::Node& node = plan.nodes[n];
        if (behind[n] && (node.tail == plan::kEndlessFrames || plan.components[node.component].is_loop)) {
            return kNever;
        }
        tail += behind[n] ? node.tail + node.latency : 0;
        late = std::max(late, behind[n] ? 0 : node.aligned_latency);
    }
    for (const plan::Edge& edge : plan.edges) {
        tail += behind[edge.to_node] ? edge.total_delay() : 0;
    }
    return static_cast<std::int64_t>(std::min<std::uint64_t>(tail + late, kNever / 4));
}

std::unique_ptr<PlanProgram> program_of_all(PlanInstance& from, PlanInstance& to, std::span<PlanInstance* const> others,
                                            const run::SchedulerSettings& scheduling) {
    std::vector<PlanInstance*> all(others.begin(), others.end());
    all.push_back(&from);
    all.push_back(&to);
    return PlanProgram::of(all, scheduling);
}

} // namespace

HandOver::HandOver(PlanInstance& old, PlanInstance& to, std::span<PlanInstance* const> others,
                   const HandOverSettings& settings, const run::SchedulerSettings& scheduling)
    : kind(settings.kind),
      from(old),
      crossfade(frames_of(settings.crossfade_seconds, to.description.stream.sample_rate)),
      ring(frames_of(settings.ring_seconds, to.description.stream.sample_rate)),
      tail(tail_after_voices(old.description)),
      rising(quarter_turn(crossfade)),
      takeover(old, to, settings.kind == HandOverKind::reload),
      translation(std::make_unique<Translation>(old.description, old.number, to.description, to.number)),
      switching(PlanProgram::switching(old, to, others, scheduling)),
      both(program_of_all(old, to, others, scheduling)) {}

} // namespace amp::engine::inline AMP_PRECISION

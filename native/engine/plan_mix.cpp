#include "engine/plan_mix.h"

namespace amp::engine::inline AMP_PRECISION {

PlanMix::PlanMix(int channels, int block) : channels_(channels), one_plan_(static_cast<std::size_t>(block)) {}

void PlanMix::sum_plan(PlanInstance& plan, std::int64_t frame, int frames, int channel, Sample* to) {
    const int channels = plan.graph->channels();
    const bool to_all = channels == 1;
    const bool from_all = channels_ == 1 && channels > 1;
    const Sample gain = from_all ? 1.0F / static_cast<Sample>(channels) : 1;
    std::size_t count = 0;
    for (const GraphNode* node : plan.graph->outputs()) {
        const Wheel& wheel = *node->outputs.front();
        for (int from = 0; from < wheel.shape.channels; ++from) {
            if (to_all || from_all || from == channel) {
                // A block never wraps: wheels hold whole blocks.
                plan.leaves[count++] = {wheel.at(frame) + wheel.shape.lane(0, from), wheel.stride, gain};
            }
        }
    }
    if (count == 0) {
        std::fill_n(to, frames, 0.0F);
        return;
    }
    sum_strided({plan.leaves.data(), count}, to, 1, frames);
}

void PlanMix::sum(std::span<const SoundingPlan> plans, std::int64_t frame, int frames, Sample* to) {
    const std::int64_t end = frame + frames;
    if (plans.size() == 1) {
        const SoundingPlan& only = plans.front();
        if (only.from + static_cast<std::int64_t>(only.rising.size()) <= frame && only.fades_out >= end) {
            for (int channel = 0; channel < channels_; ++channel) {
                sum_plan(*only.plan, frame, frames, channel, to + static_cast<std::ptrdiff_t>(channel) * frames);
            }
            return;
        }
    }
    // -0 is what changes nothing that is added to it.
    std::fill_n(to, static_cast<std::ptrdiff_t>(channels_) * frames, -0.0F);
    for (const SoundingPlan& sounding : plans) {
        const std::int64_t first = std::max(frame, sounding.from);
        const std::int64_t last = std::min(end, sounding.until());
        const auto count = static_cast<int>(last - first);
        for (int channel = 0; channel < channels_ && count > 0; ++channel) {
            sum_plan(*sounding.plan, first, count, channel, one_plan_.data());
            Sample* const out = to + static_cast<std::ptrdiff_t>(channel) * frames + (first - frame);
            for (int f = 0; f < count; ++f) {
                const auto risen = static_cast<std::size_t>(first + f - sounding.from);
                Sample sample = one_plan_[static_cast<std::size_t>(f)];
                if (risen < sounding.rising.size()) {
                    sample *= sounding.rising[risen];
                }
                if (first + f >= sounding.fades_out) {
                    sample *= sounding.falling[static_cast<std::size_t>(sounding.until() - 1 - (first + f))];
                }
                out[f] += sample;
            }
        }
    }
}

} // namespace amp::engine::inline AMP_PRECISION

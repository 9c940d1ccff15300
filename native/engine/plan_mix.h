// The sum of the plans that sound at once, each with the fades of its hand-overs.
#pragma once

#include "base/real_time.h"
#include "engine/plan_instance.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// A plan among those that sound.
struct SoundingPlan {
    PlanInstance* plan = nullptr;
    std::int64_t from = 0;                // its first frame
    std::int64_t fades_out = kNever;      // from this frame on it fades out
    std::span<const Sample> rising = {};  // gains of its first frames
    std::span<const Sample> falling = {}; // gains of its last frames, backwards

    // From which frame on nothing is heard of it.
    std::int64_t until() const {
        return fades_out == kNever ? kNever : fades_out + static_cast<std::int64_t>(falling.size());
    }
    bool sounds_between(std::int64_t begin, std::int64_t end) const { return from < end && until() > begin; }
};

class PlanMix {
public:
    // Frames of a block, channels of the output. A plan of one channel is heard on all of them; an output of one
    // channel gets the mean of a plan's. [compiler]
    PlanMix(int channels, int block);

    // False if the output has too few channels for the plan.
    bool fits(const Graph& graph) const { return graph.channels() <= channels_ || channels_ == 1; }

    // Sums frames [frame, frame + frames), which lie in one block, of all plans, channel after channel `frames` apart.
    // [worker]
    void sum(std::span<const SoundingPlan> plans, std::int64_t frame, int frames, Sample* to) AMP_REAL_TIME;

private:
    void sum_plan(PlanInstance& plan, std::int64_t frame, int frames, int channel, Sample* to);

    const int channels_;
    std::vector<Sample> one_plan_; // a channel of it
};

} // namespace amp::engine::inline AMP_PRECISION

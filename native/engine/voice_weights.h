// What voices do to the lanes of an edge over a span of frames in which nothing begins or ends.
#pragma once

#include "control/sealer.h"

#include <cstdint>
#include <span>

namespace amp::engine {

// The newest onset of `lane` at or before `frame`, or control::Voices::kNoOnset. [worker]
std::int64_t onset_at(const control::SealedVoices& voices, int lane, std::int64_t frame);

// True if some lane began after `since` and at or before `frame`. [worker]
bool any_onset_between(const control::SealedVoices& voices, std::int64_t since, std::int64_t frame);

// The weight of a leaving lane: asleep, plainly there, or ever softer from `fade_begin` on for the fade's frames.
struct LaneWeight {
    bool asleep, fading;
    std::int32_t later_onset; // the block's first onset after the frame, by its index; -1: none
    std::int64_t onset, fade_begin;
};

// The weights of all lanes from `frame` on until the next tick or event; true if all are plainly there. [worker]
bool leaving_weights(const control::SealedVoices& voices, std::int64_t frame, std::span<LaneWeight> weights);

} // namespace amp::engine

// How one plan hands over to the next.
#pragma once

#include "engine/plan_program.h"
#include "engine/takeover.h"
#include "engine/translation.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

enum class HandOverKind : std::uint8_t {
    reload,          // what both plans have goes on; the old one is faded out at once
    after_last_note, // nothing goes on; the old one rings until its voices and tails have run out, at most a set time
    after_time,      // nothing goes on; the old one rings for a set time
};

struct HandOverSettings {
    HandOverKind kind = HandOverKind::reload;
    double crossfade_seconds = 0.03;
    double ring_seconds = 0; // the set time
};

// Prepared together with the new plan, which owns it. The plans that it names live as long as a scheduler uses its
// programs.
struct HandOver {
    static constexpr std::int64_t kNotYet = -1;

    // [compiler]
    HandOver(PlanInstance& from, PlanInstance& to, std::span<PlanInstance* const> others,
             const HandOverSettings& settings, const run::SchedulerSettings& scheduling);

    const HandOverKind kind;
    PlanInstance& from;
    const std::int64_t crossfade, ring; // frames
    const std::int64_t tail;            // frames that the old plan may sound after its voices; kNever: for ever
    const std::vector<Sample> rising;   // gains of the crossfade, frame by frame
    Takeover takeover;
    std::unique_ptr<Translation> translation; // of the old plan's events; the sealing thread keeps it for later ones
    const std::unique_ptr<PlanProgram> switching, both;
    std::atomic<std::int64_t> asked{kNotYet};   // the frame that was asked for
    std::atomic<std::int64_t> applied{kNotYet}; // the frame at which it took effect
};

} // namespace amp::engine::inline AMP_PRECISION

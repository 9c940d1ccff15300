// What happens to one running plan, block by block, once it is sealed. Firings read only this.
#pragma once

#include "base/bounded_list.h"
#include "base/real_time.h"
#include "control/event.h"
#include "control/voices.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace amp::control {

// What happens to one voice group in one block.
struct SealedVoices {
    BoundedList<LaneEvent> events;
    std::vector<std::int64_t> onset_before; // newest onset of each lane before the block, or Voices::kNoOnset
    std::vector<std::int64_t> fade_before;  // when the fade began that goes on as the block begins, or kNoFade
    // Written by the envelopes as they run the block: from which frame on each lane sleeps.
    std::vector<std::int64_t> asleep_from;          // [envelope][lane], at the block's end
    std::vector<std::int64_t> asleep_from_at_event; // [envelope][event], before an onset
    std::uint64_t awake = ~std::uint64_t{0};        // bit t: a lane of [16 t, 16 t + 16) may sound in the block

    int envelopes = 0;
    bool sleeps = false;          // lanes fall asleep when their envelopes have ended
    std::int64_t fade_frames = 0; // of a steal

    static constexpr std::int64_t kNoFade = INT64_MAX;
};

struct SealedBlock {
    std::int64_t begin = 0, end = 0;
    BoundedList<Event> parameters; // set_parameter and set_edge_gain, in order
    BoundedList<Event> gates;      // set_gate and drain_node, in order
    std::vector<SealedVoices> voices;
};

struct VoiceGroupSettings {
    VoiceSettings voices;
    std::uint32_t keys = 0; // the index of the node that hands them out
    int envelopes = 0;
    bool sleeps = false;
    bool always_awake = false; // its lanes are heard beside any voice: they are computed before their first note, too
};

// True for what sets a parameter or an edge.
inline bool sets(const Event& event) {
    return event.kind == EventKind::set_parameter || event.kind == EventKind::set_edge_gain;
}

// True for what moves a gate, or ends what enters a component.
inline bool gates(const Event& event) {
    return event.kind == EventKind::set_gate || event.kind == EventKind::drain_node;
}

// True for what names something of one plan.
inline bool is_of_plan(const Event& event) {
    return sets(event) || gates(event) || event.kind == EventKind::shed_voice;
}

class PlanSeals {
public:
    // [compiler]
    PlanSeals(std::span<const VoiceGroupSettings> groups, int block_frames, int in_flight);

    // A block is sealed by `begin`, `apply` for each of its events in their order, and `finish`, which returns how many
    // changes of voices found no room. [worker]
    void begin(std::int64_t block) AMP_REAL_TIME;
    void apply(const Event& event, std::int64_t block) AMP_REAL_TIME;
    std::uint64_t finish(std::int64_t block) AMP_REAL_TIME;

    // What is sealed for `block`, as long as it is in flight. [worker]
    SealedBlock& sealed(std::int64_t block) { return blocks_[static_cast<std::size_t>(block % slots_)]; }

    // The voices of group `group` go on where those of group `from_group` of another plan are, whose settings are
    // equal but for `ring`. Between `begin` and `finish` of both. [worker]
    void take_over(std::size_t group, const PlanSeals& from, std::size_t from_group, std::int64_t block) AMP_REAL_TIME;

    // Whether a lane of a group may be heard when `block` begins, when everything before it has been made. [worker]
    bool may_sound(std::size_t group, int lane, std::int64_t block) const AMP_REAL_TIME;

    int block_frames() const { return block_frames_; }
    std::span<const VoiceGroupSettings> groups() const { return groups_; }
    const Voices& voices(std::size_t group) const { return voices_[group]; }

    // From which frame on all voices are silent, as their history tells until now; Voices::kHeld while a key or the
    // pedal holds one. [worker]
    std::int64_t silent_from() const AMP_REAL_TIME;

private:
    const SealedBlock& before(std::int64_t block) const {
        return blocks_[static_cast<std::size_t>((block == 0 ? 0 : block - 1) % slots_)];
    }
    void seal_voices(std::size_t group, const SealedBlock& before, SealedBlock& block);
    static void advance_over(std::span<const LaneEvent> events, SealedVoices& now);

    std::vector<VoiceGroupSettings> groups_;
    const int block_frames_;
    const int slots_;
    std::vector<Voices> voices_;
    std::vector<bool> taken_over_; // groups, in the block that is being sealed
    std::uint64_t voices_lost_ = 0;
    std::vector<SealedBlock> blocks_;
};

} // namespace amp::control

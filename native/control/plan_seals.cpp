#include "control/plan_seals.h"

#include "control/event_window.h"

#include <algorithm>

namespace amp::control {

PlanSeals::PlanSeals(std::span<const VoiceGroupSettings> groups, int block_frames, int in_flight)
    : groups_(groups.begin(), groups.end()),
      block_frames_(block_frames),
      slots_(in_flight + 1),
      taken_over_(groups.size(), false),
      blocks_(static_cast<std::size_t>(slots_)) {
    for (const VoiceGroupSettings& group : groups_) {
        voices_.emplace_back(group.voices, block_frames);
    }
    for (SealedBlock& block : blocks_) {
        block.parameters = BoundedList<Event>(windows_of_block(block_frames) * kParametersInWindow);
        block.gates = BoundedList<Event>(windows_of_block(block_frames) * kNotesInWindow);
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            const VoiceGroupSettings& group = groups_[g];
            const auto lanes = static_cast<std::size_t>(group.voices.lanes);
            const auto envelopes = static_cast<std::size_t>(group.envelopes);
            const std::size_t events = voices_[g].most_taken();
            SealedVoices& voices = block.voices.emplace_back();
            voices.envelopes = group.envelopes;
            voices.sleeps = group.sleeps;
            voices.fade_frames = group.voices.fade;
            voices.events = BoundedList<LaneEvent>(events);
            voices.onset_before.assign(lanes, Voices::kNoOnset);
            voices.fade_before.assign(lanes, SealedVoices::kNoFade);
            voices.asleep_from.assign(lanes * envelopes, INT64_MIN);
            voices.asleep_from_at_event.assign(events * envelopes, INT64_MIN);
        }
    }
}

void PlanSeals::begin(std::int64_t block_index) {
    SealedBlock& block = sealed(block_index);
    block.begin = block_index * block_frames_;
    block.end = block.begin + block_frames_;
    block.parameters.clear();
    block.gates.clear();
}

void PlanSeals::apply(const Event& event, std::int64_t block) {
    if (sets(event)) {
        sealed(block).parameters.add(event);
        return;
    }
    if (gates(event)) {
        sealed(block).gates.add(event);
        return;
    }
    if (event.kind == EventKind::shed_voice) {
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            if (groups_[g].keys == event.node &&
                event.parameter < static_cast<std::uint32_t>(groups_[g].voices.lanes)) {
                voices_[g].shed(static_cast<int>(event.parameter), event.frame);
            }
        }
        return;
    }
    for (Voices& voices : voices_) {
        voices.apply(event);
    }
}

bool PlanSeals::may_sound(std::size_t group, int lane, std::int64_t block) const {
    const Voices& voices = voices_[group];
    if (!voices.may_sound(lane, block * block_frames_)) {
        return false;
    }
    const VoiceGroupSettings& settings = groups_[group];
    const SealedVoices& last = before(block).voices[group];
    std::int64_t asleep_from = settings.sleeps ? INT64_MIN : INT64_MAX;
    for (int e = 0; settings.sleeps && e < settings.envelopes; ++e) {
        asleep_from =
            std::max(asleep_from,
                     last.asleep_from[static_cast<std::size_t>(e) * static_cast<std::size_t>(settings.voices.lanes) +
                                      static_cast<std::size_t>(lane)]);
    }
    return asleep_from == INT64_MAX || voices.newest_onset(lane) >= asleep_from;
}

std::uint64_t PlanSeals::finish(std::int64_t block_index) {
    SealedBlock& block = sealed(block_index);
    for (std::size_t group = 0; group < groups_.size(); ++group) {
        seal_voices(group, before(block_index), block);
        taken_over_[group] = false;
    }
    std::uint64_t lost = 0;
    for (const Voices& voices : voices_) {
        lost += voices.lost();
    }
    const std::uint64_t newly = lost - voices_lost_;
    voices_lost_ = lost;
    return newly;
}

void PlanSeals::take_over(std::size_t group, const PlanSeals& from, std::size_t from_group, std::int64_t block) {
    const std::uint64_t lost_before = voices_[group].lost();
    voices_[group].take_over(from.voices_[from_group]);
    voices_lost_ += voices_[group].lost() - lost_before;
    // The events of the block before the hand-over lie in both plans' lists: so all that is asked of these lists has
    // one answer.
    const SealedVoices& last = from.before(block).voices[from_group];
    SealedVoices& now = sealed(block).voices[group];
    now.onset_before = last.onset_before;
    now.fade_before = last.fade_before;
    if (block > 0) {
        advance_over(last.events.all(), now);
    }
    taken_over_[group] = true;
}

std::int64_t PlanSeals::silent_from() const {
    std::int64_t silent = INT64_MIN;
    for (const Voices& voices : voices_) {
        silent = std::max(silent, voices.silent_from());
    }
    return silent;
}

void PlanSeals::seal_voices(std::size_t group, const SealedBlock& before, SealedBlock& block) {
    const VoiceGroupSettings& settings = groups_[group];
    SealedVoices& now = block.voices[group];
    const auto lanes = static_cast<std::size_t>(settings.voices.lanes);

    // The slot's old content is of a block that is complete: what slept then, and has had no onset since, sleeps now.
    // Read it before it is overwritten.
    const auto slept = [&](std::size_t lane) {
        if (settings.always_awake) {
            return false;
        }
        const std::int64_t onset = voices_[group].newest_onset(static_cast<int>(lane));
        if (onset == Voices::kNoOnset) {
            return true;
        }
        std::int64_t from = settings.sleeps ? INT64_MIN : INT64_MAX;
        for (int e = 0; settings.sleeps && e < settings.envelopes; ++e) {
            from = std::max(from, now.asleep_from[static_cast<std::size_t>(e) * lanes + lane]);
        }
        return from != INT64_MAX && onset < from;
    };
    const SealedVoices& last = before.voices[group];
    if (&before != &block && !taken_over_[group]) {
        now.onset_before = last.onset_before;
        now.fade_before = last.fade_before;
        advance_over(last.events.all(), now);
    }
    now.events.clear();
    voices_[group].take(block.end, now.events);

    now.awake = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (!slept(lane)) {
            now.awake |= std::uint64_t{1} << (lane / 16 & 63);
        }
    }
}

void PlanSeals::advance_over(std::span<const LaneEvent> events, SealedVoices& now) {
    for (const LaneEvent& event : events) {
        if (event.kind == LaneEventKind::onset) {
            now.onset_before[event.lane] = event.frame;
            now.fade_before[event.lane] = SealedVoices::kNoFade;
        } else if (event.kind == LaneEventKind::fade) {
            now.fade_before[event.lane] = event.frame;
        }
    }
}

} // namespace amp::control

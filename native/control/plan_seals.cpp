#include "control/plan_seals.h"

#include "control/event_window.h"

#include <algorithm>
#include <bit>

namespace amp::control {

PlanSeals::PlanSeals(std::span<const VoiceGroupSettings> groups, int block_frames, int in_flight,
                     std::int64_t most_late)
    : groups_(groups.begin(), groups.end()),
      block_frames_(block_frames),
      late_blocks_(static_cast<int>((most_late + block_frames - 1) / block_frames)),
      kept_blocks_(in_flight + 1 + late_blocks_),
      parameters_(windows_of_block(block_frames) * kParametersInWindow),
      gates_(windows_of_block(block_frames) * kNotesInWindow),
      taken_over_(groups.size(), 0),
      sealed_in_(groups.size(), -1),
      blocks_(std::bit_ceil(static_cast<std::size_t>(kept_blocks_))) {
    const std::int64_t kept_frames = std::int64_t{kept_blocks_} * block_frames;
    kept_parameters_ = {windows_touched(kept_frames) * kParametersInWindow, parameters_.capacity()};
    kept_gates_ = {windows_touched(kept_frames) * kNotesInWindow, gates_.capacity()};
    if (std::ranges::any_of(groups_, &VoiceGroupSettings::stands)) {
        notes_ = BoundedList<Event>(gates_.capacity());
        kept_notes_ = {windows_touched(kept_frames) * kNotesInWindow, notes_.capacity()};
    }
    for (const VoiceGroupSettings& group : groups_) {
        const std::size_t in_block = voices_.emplace_back(group.voices, block_frames).most_taken();
        const std::size_t in_all = Voices::most_taken_of(group.voices, kept_frames);
        const auto envelopes = static_cast<std::size_t>(group.envelopes);
        taken_.emplace_back(in_block);
        kept_events_.emplace_back(in_all, in_block);
        kept_asleep_.emplace_back(in_all * envelopes, in_block * envelopes);
    }
    for (SealedBlock& block : blocks_) {
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            const VoiceGroupSettings& group = groups_[g];
            const auto lanes = static_cast<std::size_t>(group.voices.lanes);
            const auto envelopes = static_cast<std::size_t>(group.envelopes);
            SealedVoices& voices = block.voices.emplace_back();
            voices.envelopes = group.envelopes;
            voices.sleeps = group.sleeps;
            voices.fade_frames = group.voices.fade;
            voices.onset_before.assign(lanes, Voices::kNoOnset);
            voices.fade_before.assign(lanes, SealedVoices::kNoFade);
            voices.asleep_from.assign(lanes * envelopes, INT64_MIN);
        }
    }
}

void PlanSeals::begin(std::int64_t block_index) {
    SealedBlock& block = sealed(block_index);
    block.begin = block_index * block_frames_;
    block.end = block.begin + block_frames_;
    parameters_.clear();
    gates_.clear();
    notes_.clear();
}

void PlanSeals::apply(const Event& event) {
    if (sets(event)) {
        parameters_.add(event);
        return;
    }
    if (gates(event)) {
        gates_.add(event);
        return;
    }
    if (event.kind == EventKind::shed_voice) {
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            if (groups_[g].keys == event.node && !groups_[g].stands &&
                event.parameter < static_cast<std::uint32_t>(groups_[g].voices.lanes)) {
                voices_[g].shed(static_cast<int>(event.parameter), event.frame);
            }
        }
        return;
    }
    notes_.add(event);
    for (std::size_t group = 0; group < groups_.size(); ++group) {
        if (!groups_[group].stands) {
            voices_[group].apply(event);
        }
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
        const auto at = static_cast<std::size_t>(e * settings.voices.lanes + lane);
        asleep_from = std::max(asleep_from, SealedVoices::read(last.asleep_from[at]));
    }
    return asleep_from == INT64_MAX || voices.newest_onset(lane) >= asleep_from;
}

std::uint64_t PlanSeals::finish(std::int64_t block_index) {
    SealedBlock& block = sealed(block_index);
    block.parameters = kept_parameters_.keep(parameters_.all());
    block.gates = kept_gates_.keep(gates_.all());
    block.notes = kept_notes_.keep(notes_.all());
    std::uint64_t lost = 0;
    for (std::size_t group = 0; group < groups_.size(); ++group) {
        if (!groups_[group].stands) {
            seal_voices(group, before(block_index), block, block.end);
            taken_over_[group] = 0;
            lost += voices_[group].lost();
        }
    }
    const std::uint64_t newly = lost - voices_lost_;
    voices_lost_ = lost;
    return newly + lost_in_regions_.exchange(0, std::memory_order_relaxed);
}

void PlanSeals::take_in_region(std::size_t group, std::int64_t block_index, std::int64_t end) {
    SealedBlock& block = sealed(block_index);
    // The part of the block after a hand-over goes on where the one before it ended.
    if (sealed_in_[group] == block_index && taken_over_[group] == 0) {
        advance_over(block.voices[group].events, block.voices[group]);
        taken_over_[group] = 1;
    }
    seal_voices(group, before(block_index), block, end);
    taken_over_[group] = 0;
    sealed_in_[group] = block_index;
}

void PlanSeals::take_over(std::size_t group, const PlanSeals& from, std::size_t from_group, std::int64_t block) {
    const std::uint64_t lost_before = voices_[group].lost();
    voices_[group].take_over(from.voices_[from_group]);
    voices_lost_ += groups_[group].stands ? 0 : voices_[group].lost() - lost_before;
    // The events of the block before the hand-over lie in both plans' lists: so all that is asked of these lists has
    // one answer. Those of voices that may stand were taken out for the part of the block before the hand-over.
    const bool in_block = from.groups_[from_group].stands && from.sealed_in_[from_group] == block;
    const SealedBlock& last_block = in_block ? from.kept(block) : from.before(block);
    const SealedVoices& last = last_block.voices[from_group];
    SealedVoices& now = sealed(block).voices[group];
    now.onset_before = last.onset_before;
    now.fade_before = last.fade_before;
    if (block > 0 || in_block) {
        advance_over(last.events, now);
    }
    taken_over_[group] = 1;
}

std::int64_t PlanSeals::silent_from() const {
    std::int64_t silent = INT64_MIN;
    for (std::size_t group = 0; group < groups_.size(); ++group) {
        // What stands may be heard whenever it goes on.
        silent = std::max(silent, groups_[group].stands ? Voices::kHeld : voices_[group].silent_from());
    }
    return silent;
}

void PlanSeals::seal_voices(std::size_t group, const SealedBlock& before, SealedBlock& block, std::int64_t end) {
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
            from = std::max(from, SealedVoices::read(now.asleep_from[static_cast<std::size_t>(e) * lanes + lane]));
        }
        return from != INT64_MAX && onset < from;
    };
    const SealedVoices& last = before.voices[group];
    if (&before != &block && taken_over_[group] == 0) {
        now.onset_before = last.onset_before;
        now.fade_before = last.fade_before;
        advance_over(last.events, now);
    }
    taken_[group].clear();
    voices_[group].take(end, taken_[group]);
    keep_voices(group, taken_[group].all(), now);

    now.awake = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (!slept(lane)) {
            now.awake |= std::uint64_t{1} << (lane / 16 & 63);
        }
    }
}

void PlanSeals::keep_voices(std::size_t group, std::span<const LaneEvent> events, SealedVoices& now) {
    now.events = kept_events_[group].keep(events);
    now.asleep_from_at_event = kept_asleep_[group].take(events.size() * static_cast<std::size_t>(now.envelopes));
    for (std::int64_t& asleep : now.asleep_from_at_event) {
        SealedVoices::write(asleep, INT64_MIN);
    }
}

void PlanSeals::keep_past_voices(std::size_t group, const SealedVoices& past, SealedVoices& now) {
    keep_voices(group, past.events, now);
    std::ranges::copy(past.onset_before, now.onset_before.begin());
    std::ranges::copy(past.fade_before, now.fade_before.begin());
    now.awake = past.awake;
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

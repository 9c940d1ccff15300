#include "control/sealer.h"

#include <algorithm>

namespace amp::control {

namespace {

bool comes_after(const Event& a, const Event& b) { return comes_before(b, a); }

constexpr std::size_t kPostedEvents = 16384;
constexpr std::size_t kPendingEvents = 65536;
constexpr std::size_t kParameterEvents = 8192; // in one block
constexpr std::size_t kLaneEvents = 8192;      // in one block and voice group

} // namespace

Sealer::Sealer(std::span<const VoiceGroupSettings> groups, int block_frames, int in_flight, bool)
    : groups_(groups.begin(), groups.end()),
      block_frames_(block_frames),
      slots_(in_flight + 1),
      posted_(kPostedEvents),
      pending_(kPendingEvents),
      blocks_(static_cast<std::size_t>(slots_)) {
    for (const VoiceGroupSettings& group : groups_) {
        voices_.emplace_back(group.voices);
    }
    for (SealedBlock& block : blocks_) {
        block.parameters = BoundedList<Event>(kParameterEvents);
        for (const VoiceGroupSettings& group : groups_) {
            const auto lanes = static_cast<std::size_t>(group.voices.lanes);
            const auto envelopes = static_cast<std::size_t>(group.envelopes);
            SealedVoices& voices = block.voices.emplace_back();
            voices.envelopes = group.envelopes;
            voices.sleeps = group.sleeps;
            voices.fade_frames = group.voices.fade;
            voices.events = BoundedList<LaneEvent>(kLaneEvents);
            voices.onset_before.assign(lanes, Voices::kNoOnset);
            voices.fade_before.assign(lanes, SealedVoices::kNoFade);
            voices.asleep_from.assign(lanes * envelopes, INT64_MIN);
            voices.asleep_from_at_event.assign(kLaneEvents * envelopes, INT64_MIN);
        }
    }
}

std::optional<std::uint32_t> Sealer::post(const Event& event) {
    Event numbered = event;
    numbered.sequence = next_sequence_.fetch_add(1, std::memory_order_relaxed);
    if (posted_.push(numbered)) {
        return numbered.sequence;
    }
    lost_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
}

std::size_t Sealer::applied_events(std::span<AppliedEvent>) { return 0; }

void Sealer::take_posted(std::int64_t begin) {
    while (!pending_.full()) {
        auto event = posted_.pop();
        if (!event) {
            return;
        }
        if (event->frame < begin) {
            event->frame = begin;
            late_.fetch_add(1, std::memory_order_relaxed);
        }
        pending_.add(*event);
        std::push_heap(pending_.begin(), pending_.end(), comes_after);
    }
}

void Sealer::seal(std::int64_t block_index) {
    SealedBlock& block = sealed(block_index);
    block.begin = block_index * block_frames_;
    block.end = block.begin + block_frames_;
    block.parameters.clear();
    take_posted(block.begin);

    while (!pending_.empty() && pending_[0].frame < block.end) {
        Event event = pending_[0];
        if (event.kind == EventKind::set_parameter && block.parameters.full()) {
            break; // the rest stays, and is late
        }
        if (event.frame < block.begin) {
            // There was no room for it in the block before.
            event.frame = block.begin;
            late_.fetch_add(1, std::memory_order_relaxed);
        }
        std::pop_heap(pending_.begin(), pending_.end(), comes_after);
        pending_.remove_last();
        if (event.kind == EventKind::set_parameter) {
            block.parameters.add(event);
        } else {
            for (Voices& voices : voices_) {
                voices.apply(event);
            }
        }
    }

    SealedBlock& before = sealed(block_index == 0 ? 0 : block_index - 1);
    for (std::size_t group = 0; group < groups_.size(); ++group) {
        seal_voices(group, before, block);
    }
}

void Sealer::seal_voices(std::size_t group, const SealedBlock& before, SealedBlock& block) {
    const VoiceGroupSettings& settings = groups_[group];
    SealedVoices& now = block.voices[group];
    const auto lanes = static_cast<std::size_t>(settings.voices.lanes);

    // The slot's old content is of a block that is complete: what slept then, and has had no onset since, sleeps now.
    // Read it before it is overwritten.
    const auto slept = [&](std::size_t lane) {
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
    if (&before != &block) {
        now.onset_before = last.onset_before;
        now.fade_before = last.fade_before;
        for (const LaneEvent& event : last.events) {
            if (event.kind == LaneEventKind::onset) {
                now.onset_before[event.lane] = event.frame;
                now.fade_before[event.lane] = SealedVoices::kNoFade;
            } else if (event.kind == LaneEventKind::fade) {
                now.fade_before[event.lane] = event.frame;
            }
        }
    }
    now.events.clear();
    const std::uint64_t lost_before = voices_lost_;
    late_.fetch_add(voices_[group].take(block.begin, block.end, now.events), std::memory_order_relaxed);
    voices_lost_ = 0;
    for (const Voices& voices : voices_) {
        voices_lost_ += voices.lost();
    }
    lost_.fetch_add(voices_lost_ - lost_before, std::memory_order_relaxed);

    now.awake = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (!slept(lane)) {
            now.awake |= std::uint64_t{1} << (lane / 16 & 63);
        }
    }
}

} // namespace amp::control

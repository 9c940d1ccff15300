#include "control/sealer.h"

#include "control/event_window.h"

#include <algorithm>

namespace amp::control {

namespace {

constexpr std::size_t kAppliedEvents = 65536;

bool sets(const Event& event) {
    return event.kind == EventKind::set_parameter || event.kind == EventKind::set_edge_gain;
}

bool gates(const Event& event) { return event.kind == EventKind::set_gate || event.kind == EventKind::drain_node; }

} // namespace

Sealer::Sealer(std::span<const VoiceGroupSettings> groups, int block_frames, int in_flight, bool journal)
    : groups_(groups.begin(), groups.end()),
      block_frames_(block_frames),
      slots_(in_flight + 1),
      notes_(kNotesInWindow),
      parameters_(kParametersInWindow),
      blocks_(static_cast<std::size_t>(slots_)) {
    if (journal) {
        applied_.emplace(kAppliedEvents);
    }
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

std::optional<std::uint32_t> Sealer::post(const Event& event) {
    Event numbered = event;
    numbered.sequence = next_sequence_.fetch_add(1, std::memory_order_relaxed);
    if ((sets(event) ? parameters_ : notes_).post(numbered)) {
        return numbered.sequence;
    }
    lost_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
}

std::size_t Sealer::applied_events(std::span<AppliedEvent> out) {
    std::size_t moved = 0;
    while (applied_ && moved < out.size()) {
        const auto event = applied_->pop();
        if (!event) {
            break;
        }
        out[moved++] = *event;
    }
    return moved;
}

// The queue whose next event takes effect first, or null if none does before `end`.
EventQueue* Sealer::next_queue(std::int64_t begin, std::int64_t end) {
    const bool note = notes_.find_next(begin, end);
    const bool parameter = parameters_.find_next(begin, end);
    if (!note || !parameter) {
        return note ? &notes_ : parameter ? &parameters_ : nullptr;
    }
    if (notes_.next_frame() != parameters_.next_frame()) {
        return notes_.next_frame() < parameters_.next_frame() ? &notes_ : &parameters_;
    }
    return comes_before_at_once(notes_.next(), parameters_.next()) ? &notes_ : &parameters_;
}

void Sealer::seal(std::int64_t block_index) {
    SealedBlock& block = sealed(block_index);
    block.begin = block_index * block_frames_;
    block.end = block.begin + block_frames_;
    block.parameters.clear();
    block.gates.clear();
    // Before the queues are looked at: whoever posts for a later frame is seen by the next seal at the latest.
    next_frame_.store(block.end, std::memory_order_release);
    notes_.take_posted();
    parameters_.take_posted();

    while (EventQueue* const queue = next_queue(block.begin, block.end)) {
        AppliedEvent applied{queue->next(), queue->next_frame() != queue->next().frame};
        applied.event.frame = queue->next_frame();
        if (applied_ && !applied_->push(applied)) {
            break; // nobody reads what was applied: the rest stays, and is late
        }
        queue->remove_next();
        late_.fetch_add(applied.was_late ? 1 : 0, std::memory_order_relaxed);
        if (sets(applied.event)) {
            block.parameters.add(applied.event);
        } else if (gates(applied.event)) {
            block.gates.add(applied.event);
        } else {
            for (Voices& voices : voices_) {
                voices.apply(applied.event);
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
    voices_[group].take(block.end, now.events);
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

#include "control/voices.h"

#include "base/units.h"
#include "control/event_window.h"

#include <algorithm>

namespace amp::control {

namespace {

// Changes of rows that events of one window may make. All that begins and ends notes has room beside them: a flood of
// bends leaves no note hanging.
std::size_t most_sets(std::size_t lanes) { return 4096 + 48 * lanes; }

bool happens_before(const LaneEvent& a, const LaneEvent& b) { return a.frame < b.frame; }

// Events bend in semitones, the tap tells octaves: what an edge with "in": "octaves" takes.
float octaves_of(float semitones) { return semitones / 12; }

float frequency_of(int note, float bend) { return static_cast<float>(hertz_of_note(note + double{bend})); }

} // namespace

// A note fades another out, begins and ends; notes from before end too. Nothing happens later than a fade after its
// event.
std::size_t Voices::most_taken_of(const VoiceSettings& settings, std::int64_t frames) {
    const auto lanes = static_cast<std::size_t>(settings.lanes);
    return windows_touched(frames + settings.fade) * (most_sets(lanes) + 3 * kNotesInWindow) + lanes;
}

Voices::Voices(const VoiceSettings& settings, int block_frames)
    : settings_(settings),
      lanes_(static_cast<std::size_t>(settings.lanes)),
      pending_(most_taken_of(settings, block_frames)),
      most_sets_(most_sets(static_cast<std::size_t>(settings.lanes))) {
    while (!lanes_.full()) {
        lanes_.add(Lane{});
    }
}

void Voices::apply(const Event& event, std::int64_t stream_frame) {
    if (const std::int64_t window = stream_frame / kWindowFrames; window != window_) {
        window_ = window;
        sets_ = 0;
    }
    if (settings_.channel != 0 && event.channel != settings_.channel && event.channel != 0) {
        return;
    }
    Channel& channel = channels_[event.channel];
    const auto on_channel = [&](const Lane& lane) { return event.channel == 0 || lane.channel == event.channel; };
    switch (event.kind) {
    case EventKind::note_on:
        if (event.value > 0) {
            note_on(event);
        } else {
            note_off(event);
        }
        return;
    case EventKind::note_off:
        note_off(event);
        return;
    case EventKind::pitch_bend:
        channel.bend = event.value;
        for (const Lane& lane : lanes_) {
            if (lane.used && on_channel(lane)) {
                set(lane, event.frame, VoiceRow::bend, octaves_of(event.value));
                set(lane, event.frame, VoiceRow::frequency, frequency_of(lane.note, event.value));
            }
        }
        return;
    case EventKind::pressure:
        if (event.note == kAllNotes) {
            channel.pressure = event.value;
        }
        for (const Lane& lane : lanes_) {
            if (lane.sounding() && on_channel(lane) && (event.note == kAllNotes || event.note == lane.note)) {
                set(lane, event.frame, VoiceRow::pressure, event.value);
            }
        }
        return;
    case EventKind::timbre:
        channel.timbre = event.value;
        for (const Lane& lane : lanes_) {
            if (lane.used && on_channel(lane)) {
                set(lane, event.frame, VoiceRow::timbre, event.value);
            }
        }
        return;
    case EventKind::sustain:
        channel.pedal = event.value > 0.5F;
        if (!channel.pedal) {
            for (Lane& lane : lanes_) {
                if (lane.sustained && on_channel(lane)) {
                    release(lane, event.frame);
                }
            }
        }
        return;
    case EventKind::all_notes_off:
        for (Lane& lane : lanes_) {
            if (lane.sounding() && on_channel(lane)) {
                release(lane, event.frame);
            }
        }
        return;
    case EventKind::set_parameter:
    case EventKind::set_edge_gain:
    case EventKind::hand_over:
    case EventKind::set_gate:
    case EventKind::drain_node:
    case EventKind::shed_voice:
        return;
    }
}

void Voices::shed(int which, std::int64_t frame) {
    Lane& lane = lanes_[static_cast<std::size_t>(which)];
    if (!lane.used || lane.begun >= frame) {
        return;
    }
    const std::uint16_t at = number(lane);
    if (lane.onset > frame) {
        // Its note has not begun: what it waits for is the fade's end.
        forget_pending(lane, frame);
    } else {
        add({.frame = frame, .lane = at, .kind = LaneEventKind::fade});
        lane.onset = frame + settings_.fade;
    }
    add({.frame = lane.onset, .lane = at, .kind = LaneEventKind::silence});
    lane.used = lane.held = lane.sustained = false;
    lane.released = INT64_MIN;
}

bool Voices::may_sound(int lane, std::int64_t frame) const {
    return !is_silent(lanes_[static_cast<std::size_t>(lane)], frame);
}

void Voices::take_over(const Voices& other) {
    lanes_.assign(other.lanes_.all());
    std::ranges::copy(other.channels_, channels_);
    pending_.assign(other.pending_.all());
    window_ = other.window_;
    sets_ = other.sets_;
    lost_ = other.lost_;
}

std::int64_t Voices::silent_from() const {
    std::int64_t silent = INT64_MIN;
    for (const Lane& lane : lanes_) {
        if (lane.used && lane.sounding()) {
            return kHeld;
        }
        if (!lane.used) {
            silent = std::max(silent, lane.onset); // the end of its fade, if it was shed
        } else {
            silent = std::max(silent, lane.released > kHeld - settings_.ring ? kHeld : lane.released + settings_.ring);
        }
    }
    return silent;
}

int Voices::choose() const {
    int best = 0;
    const auto rank = [](const Lane& lane) {
        return std::pair{lane.sounding() ? 1 : 0, lane.sounding() ? lane.begun : lane.released};
    };
    for (int i = 1; i < settings_.lanes; ++i) {
        if (rank(lanes_[static_cast<std::size_t>(i)]) < rank(lanes_[static_cast<std::size_t>(best)])) {
            best = i;
        }
    }
    return best;
}

void Voices::note_on(const Event& event) {
    Lane& lane = lanes_[static_cast<std::size_t>(choose())];
    const std::uint16_t which = number(lane);
    const bool waits = lane.onset > event.frame; // a fade that began a moment ago has not ended
    const bool silent = is_silent(lane, event.frame);
    std::int64_t onset = event.frame;
    if (waits) {
        forget_pending(lane, event.frame);
        onset = lane.onset;
    } else if (!silent) {
        add({.frame = event.frame, .lane = which, .kind = LaneEventKind::fade});
        onset = event.frame + settings_.fade;
    }
    const Channel& channel = channels_[event.channel];
    lane.used = lane.held = true;
    lane.sustained = false;
    lane.channel = event.channel;
    lane.note = event.note;
    lane.begun = event.frame;
    lane.velocity = event.value;
    lane.onset = onset;
    add({.frame = onset,
         .lane = which,
         .kind = LaneEventKind::onset,
         .value = event.value,
         .frequency = frequency_of(event.note, channel.bend),
         .bend = octaves_of(channel.bend),
         .pressure = channel.pressure,
         .timbre = channel.timbre});
}

void Voices::note_off(const Event& event) {
    Lane* oldest = nullptr;
    for (Lane& lane : lanes_) {
        if (lane.held && lane.note == event.note && lane.channel == event.channel &&
            (oldest == nullptr || lane.begun < oldest->begun)) {
            oldest = &lane;
        }
    }
    if (oldest == nullptr) {
        return;
    }
    if (channels_[event.channel].pedal) {
        oldest->held = false;
        oldest->sustained = true;
    } else {
        release(*oldest, event.frame);
    }
}

void Voices::release(Lane& lane, std::int64_t frame) {
    // A note that began late by its fade ends late by it.
    const std::int64_t at = frame + (lane.onset - lane.begun);
    lane.held = lane.sustained = false;
    lane.released = at;
    add({.frame = at, .lane = number(lane), .kind = LaneEventKind::release});
}

void Voices::set(const Lane& lane, std::int64_t frame, VoiceRow row, float value) {
    if (++sets_ > most_sets_) {
        ++lost_;
        return;
    }
    const LaneEvent event{.frame = std::max(frame, lane.onset),
                          .lane = number(lane),
                          .kind = LaneEventKind::set,
                          .row = row,
                          .value = value};
    // A note that has not begun may wait for long where its frames stand: of what is set meanwhile the newest counts.
    if (lane.onset > frame) {
        const auto replaced = std::ranges::find_if(pending_, [&](const LaneEvent& pending) {
            return pending.frame == event.frame && pending.lane == event.lane && pending.kind == event.kind &&
                   pending.row == row;
        });
        if (replaced != pending_.end()) {
            replaced->value = value;
            return;
        }
    }
    add(event);
}

// What is to happen to the lane after `frame`, but for a fade.
void Voices::forget_pending(const Lane& lane, std::int64_t frame) {
    const std::uint16_t which = number(lane);
    pending_.remove_if([&](const LaneEvent& pending) {
        return pending.lane == which && pending.kind != LaneEventKind::fade && pending.frame > frame;
    });
}

void Voices::add(const LaneEvent& event) { pending_.insert_sorted(event, happens_before); }

void Voices::take(std::int64_t end, BoundedList<LaneEvent>& out) {
    std::size_t taken = 0;
    for (; taken < pending_.size() && pending_[taken].frame < end; ++taken) {
        const LaneEvent& event = pending_[taken];
        out.add(event);
        if (event.kind == LaneEventKind::onset) {
            lanes_[event.lane].taken_onset = event.frame;
        }
    }
    pending_.remove_first(taken);
}

} // namespace amp::control

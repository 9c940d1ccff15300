// Notes to lanes. A keys node's voices are handed out by its own history alone, never by the sound.
#pragma once

#include "base/bounded_list.h"
#include "base/real_time.h"
#include "control/event.h"

#include <cstdint>

namespace amp::control {

// The rows of a keys node's state, in the order of its outputs (native/nodes/keys.cpp).
enum class VoiceRow : std::uint8_t { frequency, gate, velocity, pressure, timbre, bend };

enum class LaneEventKind : std::uint8_t {
    fade,    // a steal: from here the lane leaves its group ever softer, for the fade's frames
    onset,   // the lane begins anew: states are reset, the gate opens
    release, // the gate closes
    set,     // one row changes
    silence, // a fade without a note behind it has ended: the lane sleeps, and its gate closes
};

// What happens to one voice's lane, at a frame.
struct LaneEvent {
    std::int64_t frame = 0;
    std::uint16_t lane = 0;
    LaneEventKind kind = LaneEventKind::onset;
    VoiceRow row = VoiceRow::frequency;       // of a set
    float value = 0;                          // of a set; of an onset: the velocity
    float frequency = 0;                      // of an onset, in hertz
    float bend = 0, pressure = 0, timbre = 0; // of an onset; bend in octaves
};

struct VoiceSettings {
    int lanes = 16;
    int channel = 0;        // 0: any
    std::int64_t ring = 0;  // frames from a release until the lane is silent
    std::int64_t fade = 96; // frames of a steal's fade
};

// A lane is free when its note is released. The one released longest ago is taken, else the oldest held one, the lowest
// number first. A lane that may still sound is faded before its new note begins; the new note and its release are then
// late by the fade. All calls come from the thread that seals a block. [worker]
class Voices {
public:
    // What it has room for holds for any stretch of `block_frames` frames. [compiler]
    Voices(const VoiceSettings& settings, int block_frames);

    // Applies one event; events come in order of their frames, at most kNotesInWindow of them in a window.
    void apply(const Event& event) AMP_REAL_TIME { apply(event, event.frame); }
    // The same for voices that count frames of their own: the event happens at `stream_frame` of the stream.
    void apply(const Event& event, std::int64_t stream_frame) AMP_REAL_TIME;

    // The lane's voice fades away within the fade's frames, and no event reaches it any more; the lane is the next that
    // a note takes. Nothing if it has none, or one that begins at this frame.
    void shed(int lane, std::int64_t frame) AMP_REAL_TIME;

    // Whether the lane's voice may be heard at `frame`, as far as its history tells; the frame of its note-on and its
    // velocity. [worker]
    bool may_sound(int lane, std::int64_t frame) const AMP_REAL_TIME;
    std::int64_t begun(int lane) const { return lanes_[static_cast<std::size_t>(lane)].begun; }
    float velocity(int lane) const { return lanes_[static_cast<std::size_t>(lane)].velocity; }

    // Moves everything that happens before `end` into `out`, in order of frames. `out` is empty and has room for
    // `most_taken` events.
    void take(std::int64_t end, BoundedList<LaneEvent>& out) AMP_REAL_TIME;

    // The most events that a stretch of `block_frames` frames can hold.
    std::size_t most_taken() const { return pending_.capacity(); }
    static std::size_t most_taken_of(const VoiceSettings& settings, std::int64_t frames);

    // The frame of the lane's newest onset that was taken; kNoOnset before the first.
    std::int64_t newest_onset(int lane) const { return lanes_[static_cast<std::size_t>(lane)].taken_onset; }
    static constexpr std::int64_t kNoOnset = INT64_MIN;

    const VoiceSettings& settings() const { return settings_; }

    // Goes on where `other` is, whose settings are equal but for `ring`.
    void take_over(const Voices& other) AMP_REAL_TIME;

    // From which frame on all lanes are silent if nothing more is played; kHeld while a key or the pedal holds one,
    // INT64_MIN before the first note.
    std::int64_t silent_from() const AMP_REAL_TIME;
    static constexpr std::int64_t kHeld = INT64_MAX;

    // Changes of rows that were more than a window holds: a flood far beyond what hands can play.
    std::uint64_t lost() const { return lost_; }

private:
    struct Lane {
        bool used = false;
        bool held = false;      // the key is down
        bool sustained = false; // the key is up, the pedal holds the note
        std::uint8_t channel = 0, note = 0;
        std::int64_t begun = 0, released = INT64_MIN, onset = INT64_MIN;
        std::int64_t taken_onset = kNoOnset;
        float velocity = 0;
        bool sounding() const { return held || sustained; }
    };
    struct Channel {
        float bend = 0, pressure = 0, timbre = 0;
        bool pedal = false;
    };

    int choose() const;
    bool is_silent(const Lane& lane, std::int64_t frame) const {
        return !lane.used || (!lane.sounding() && frame - lane.released > settings_.ring);
    }
    void forget_pending(const Lane& lane, std::int64_t frame);
    void note_on(const Event& event);
    void note_off(const Event& event);
    void release(Lane& lane, std::int64_t frame);
    void set(const Lane& lane, std::int64_t frame, VoiceRow row, float value);
    void add(const LaneEvent& event);
    std::uint16_t number(const Lane& lane) const { return static_cast<std::uint16_t>(&lane - lanes_.begin()); }

    VoiceSettings settings_;
    BoundedList<Lane> lanes_;
    Channel channels_[17];
    BoundedList<LaneEvent> pending_;
    const std::size_t most_sets_; // in one window
    std::int64_t window_ = 0;     // the newest of the stream in which something happened
    std::size_t sets_ = 0;        // how many changed in it
    std::uint64_t lost_ = 0;
};

} // namespace amp::control

// What happens to a running plan from outside, at a frame.
#pragma once

#include <cstdint>

namespace amp::control {

enum class EventKind : std::uint8_t {
    note_on,       // channel, note, value = velocity 0..1
    note_off,      // channel, note
    pitch_bend,    // channel, value in semitones
    pressure,      // channel, note (kAllNotes: the channel), value 0..1
    timbre,        // channel, value 0..1
    sustain,       // channel, value > 0.5: the pedal is down
    all_notes_off, // channel (0: all)
    set_parameter, // node, parameter, value in the parameter's unit
    set_edge_gain, // node that the edge feeds, parameter: index of the edge in the plan, value
    set_gate,      // node: index of the gate in the plan, value: 0 closes, 1 opens, 2 does the opposite of the newest
    drain_node,    // node, parameter: its component, value: 1 ends what enters the component, 0 lets it in again
    shed_voice,    // node: of the keys, parameter: the lane of the voice that fades away
    hand_over,     // plan: only ever applied, never posted
};
inline constexpr int kEventKinds = 12; // that can be posted
inline constexpr std::uint8_t kAllNotes = 255;

struct Event {
    std::int64_t frame = 0;
    std::uint32_t sequence = 0; // orders events of one frame
    EventKind kind = EventKind::note_on;
    std::uint8_t channel = 0; // 1 to 16
    std::uint8_t note = 0;
    std::uint32_t plan = 0; // set_*, drain_node, shed_voice: the number of the plan whose node, parameter or edge is
                            // meant; hand_over: the new one
    std::uint32_t node = 0, parameter = 0;
    float value = 0;
    float rate = 0, acceleration = 0; // set_*: limits a second and a second squared; 0: none
    float area = 0;                   // set_*: limit of units times seconds; 0: none
    bool at_once = false;             // set_*: acts at its frame, however late the material is that enters its node
};

// An event whose frame is the one at which it took effect.
struct AppliedEvent {
    Event event;
    bool was_late = false; // it was posted for an earlier frame
};

// Events of one frame apply in their sequence.
inline bool comes_before_at_once(const Event& a, const Event& b) {
    return static_cast<std::int32_t>(a.sequence - b.sequence) < 0;
}
inline bool comes_before(const Event& a, const Event& b) {
    return a.frame != b.frame ? a.frame < b.frame : comes_before_at_once(a, b);
}

} // namespace amp::control

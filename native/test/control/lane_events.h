// Events as hands make them, and what becomes of them.
#pragma once

#include "control/event.h"
#include "control/voices.h"

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace amp::test {

using control::Event;
using control::EventKind;
using control::LaneEvent;
using control::LaneEventKind;
using control::VoiceRow;

inline Event note_on(std::int64_t frame, int note, int channel = 1, float velocity = 0.5F) {
    return {.frame = frame,
            .kind = EventKind::note_on,
            .channel = static_cast<std::uint8_t>(channel),
            .note = static_cast<std::uint8_t>(note),
            .value = velocity};
}

inline Event note_off(std::int64_t frame, int note, int channel = 1) {
    return {.frame = frame,
            .kind = EventKind::note_off,
            .channel = static_cast<std::uint8_t>(channel),
            .note = static_cast<std::uint8_t>(note)};
}

// Whatever concerns a whole channel: bend, timbre, sustain, all notes off.
inline Event on_channel(std::int64_t frame, EventKind kind, float value = 0, int channel = 1) {
    return {.frame = frame, .kind = kind, .channel = static_cast<std::uint8_t>(channel), .value = value};
}

inline Event pressure(std::int64_t frame, float value, int note = control::kAllNotes, int channel = 1) {
    return {.frame = frame,
            .kind = EventKind::pressure,
            .channel = static_cast<std::uint8_t>(channel),
            .note = static_cast<std::uint8_t>(note),
            .value = value};
}

// "frame:kind:lane", for what is compared at a glance.
inline std::string brief(const LaneEvent& event) {
    constexpr const char* kKinds[] = {"fade", "onset", "release", "set", "silence"};
    return std::to_string(event.frame) + ":" + kKinds[static_cast<int>(event.kind)] + ":" + std::to_string(event.lane);
}

inline std::string brief(const std::vector<LaneEvent>& events) {
    std::string text;
    for (const LaneEvent& event : events) {
        text += (text.empty() ? "" : " ") + brief(event);
    }
    return text;
}

// Everything that an event says.
inline std::string whole(const LaneEvent& event) {
    std::string text = brief(event) + "/" + std::to_string(static_cast<int>(event.row));
    for (const float number : {event.value, event.frequency, event.bend, event.pressure, event.timbre}) {
        text += "/" + std::to_string(number);
    }
    return text;
}

} // namespace amp::test

#include "engine/c_api_events.h"

#include <cmath>

namespace amp::engine {

namespace {

// Anything finite for a parameter, which holds it in its own range.
bool value_fits(const amp_event& event) {
    constexpr float kWidestBend = 96;
    switch (event.kind) {
    case AMP_EVENT_NOTE_ON:
    case AMP_EVENT_PRESSURE:
    case AMP_EVENT_TIMBRE:
    case AMP_EVENT_SUSTAIN:
        return event.value >= 0 && event.value <= 1;
    case AMP_EVENT_SET_GATE:
        return event.value == 0 || event.value == 1 || event.value == 2;
    case AMP_EVENT_DRAIN_NODE:
        return event.value == 0 || event.value == 1;
    case AMP_EVENT_PITCH_BEND:
        return event.value >= -kWidestBend && event.value <= kWidestBend;
    default:
        return std::isfinite(event.value);
    }
}

bool limits_fit(const amp_event& event) {
    const auto fits = [](float limit) { return std::isfinite(limit) && limit >= 0; };
    return fits(event.rate) && fits(event.acceleration) && fits(event.area);
}

} // namespace

bool has_fitting_numbers(const amp_event& event) {
    const bool all_channels = event.kind == AMP_EVENT_ALL_NOTES_OFF || is_of_plan(event);
    const bool whole_channel = event.kind == AMP_EVENT_PRESSURE && event.note == control::kAllNotes;
    return event.kind >= 0 && event.kind < control::kEventKinds && event.frame >= 0 &&
           event.channel >= (all_channels ? 0 : 1) && event.channel <= 16 && event.note >= 0 &&
           (event.note <= 127 || whole_channel) && value_fits(event) && (!sets_value(event) || limits_fit(event));
}

control::Event control_event(const amp_event& event) {
    control::Event made;
    made.frame = event.frame;
    made.kind = static_cast<control::EventKind>(event.kind);
    made.channel = static_cast<std::uint8_t>(event.channel);
    made.note = static_cast<std::uint8_t>(event.note);
    made.node = event.node;
    made.parameter = event.parameter;
    made.value = event.value;
    if (sets_value(event)) {
        made.rate = event.rate;
        made.acceleration = event.acceleration;
        made.area = event.area;
        made.at_once = event.at_once != 0;
    }
    return made;
}

} // namespace amp::engine

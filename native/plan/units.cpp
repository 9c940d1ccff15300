#include "plan/units.h"

#include "base/units.h"

namespace amp::plan {

namespace {

// The length of a whole note: four beats of a 4/4 meter, whatever the meter.
double seconds_of_whole_note(const Stream& stream) { return 240 / stream.tempo; }

std::optional<double> seconds(const Value& value, const Stream& stream) {
    switch (value.unit) {
    case ValueUnit::seconds:
        return value.number;
    case ValueUnit::milliseconds:
        return value.number / 1000;
    case ValueUnit::frames:
        return value.number / stream.sample_rate;
    case ValueUnit::whole_notes:
        return value.number * seconds_of_whole_note(stream);
    case ValueUnit::bars:
        return value.number * seconds_of_whole_note(stream) * stream.meter_numerator / stream.meter_denominator;
    default:
        return std::nullopt;
    }
}

std::optional<double> hertz(const Value& value, const Stream& stream) {
    switch (value.unit) {
    case ValueUnit::hertz:
        return value.number;
    case ValueUnit::kilohertz:
        return value.number * 1000;
    case ValueUnit::note:
        return hertz_of_note(value.number);
    case ValueUnit::whole_notes:
    case ValueUnit::bars: {
        const auto period = seconds(value, stream);
        return *period > 0 ? std::optional(1 / *period) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<double> canonical(const Value& value, Unit unit, const Stream& stream) {
    if (value.unit == ValueUnit::plain) {
        return value.number;
    }
    if (value.unit == ValueUnit::percent && unit != Unit::hertz && unit != Unit::seconds) {
        return value.number / 100;
    }
    switch (unit) {
    case Unit::hertz:
        return hertz(value, stream);
    case Unit::seconds:
        return seconds(value, stream);
    case Unit::ratio:
        return value.unit == ValueUnit::decibels ? std::optional(ratio_of_decibels(value.number)) : std::nullopt;
    default:
        return std::nullopt;
    }
}

} // namespace amp::plan

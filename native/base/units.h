// Musical pitch and level as numbers.
#pragma once

#include "base/approximation.h"

namespace amp {

// The frequency of a (fractional) MIDI note in equal temperament, A4 = note 69 = 440 Hz. [any]
inline double hertz_of_note(double note) { return 440 * power_of_two((note - 69) / 12); }

// A gain in decibels as a factor. [any]
inline double ratio_of_decibels(double decibels) {
    constexpr double kOctavesADecibel = 0.16609640474436813; // log2(10) / 20
    return power_of_two(decibels * kOctavesADecibel);
}

} // namespace amp

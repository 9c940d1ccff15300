// Joins frames that are there and frames that are missing without a click.
#pragma once

#include "base/real_time.h"

#include <cstdint>
#include <vector>

namespace amp::io {

// While frames are missing the last value that was heard falls to zero; when they are there again they rise from zero.
// Both ramps are straight, run at once where they meet, and change nothing once they are over.
class Declick {
public:
    // Channels side by side in each frame; each ramp takes `fade_frames`. [compiler]
    Declick(int channels, int fade_frames);

    // The next frames follow other ones than those played last: they rise from zero, or are heard whole. [device]
    void begin(bool fades_in) AMP_REAL_TIME { risen_ = fades_in ? 0 : fade_frames_; }

    // Copies frames that are there; the ramps act on the copy. [device]
    void play(const float* frames, float* out, std::int64_t count) AMP_REAL_TIME;

    // Writes what is heard in place of frames that are missing. [device]
    void miss(float* out, std::int64_t count) AMP_REAL_TIME;

private:
    void remember(const float* out, std::int64_t count) AMP_REAL_TIME;

    const int channels_;
    const int fade_frames_;
    std::vector<float> last_; // a value a channel: what was heard last
    std::vector<float> held_; // what falls
    int risen_;               // frames of the rise so far
    int falling_ = 0;         // frames of the fall yet to come
};

} // namespace amp::io

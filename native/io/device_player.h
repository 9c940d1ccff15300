// Plays an output memory on a device with channels of its own.
#pragma once

#include "base/real_time.h"
#include "io/output_memory.h"
#include "io/playout.h"

#include <cstdint>
#include <vector>

namespace amp::io {

// Writes `frames` frames for a device. One channel of the device carries the mean of all; one channel of the stream
// goes to the first two of the device; otherwise channels meet by number, and what has no partner is silent or not
// heard. [device]
void fit_channels(const float* in, int in_channels, float* out, int out_channels, std::int64_t frames) AMP_REAL_TIME;

class DevicePlayer {
public:
    // [compiler]
    DevicePlayer(OutputMemory memory, std::uint32_t token, int device_channels);

    // What the device's callback does; as Playout::pull, with the device's channels. [device]
    void pull(float* out, int frames, std::int64_t now_ns) AMP_REAL_TIME;

    // [device]
    void report_device_underflow() AMP_REAL_TIME { playout_.report_device_underflow(); }

    // [device]
    void report_lost_time(std::int64_t frames) AMP_REAL_TIME { playout_.report_lost_time(frames); }

    // Leaves the output to the clock device; what follows fades out. [any]
    void release() { playout_.release(); }

    // As release, for a device that has stopped to call. [any]
    void give_up() { playout_.give_up(); }

    // [any]
    PlayoutState state() const { return playout_.state(); }

    // [any]
    const OutputGeometry& geometry() const { return memory_.geometry(); }

private:
    OutputMemory memory_;
    Playout playout_;
    const int device_channels_;
    std::vector<float> frames_; // in the stream's channels
};

} // namespace amp::io

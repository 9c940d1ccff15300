// What can play an output memory: a sound card, a sound server, a file.
#pragma once

#include "io/device_player.h"

#include <optional>
#include <string>

namespace amp::io {

struct DeviceRequest {
    std::string device = "default";
    int channels = 2;
    double sample_rate = 0;     // hertz; 0: the device's own
    int frames = 0;             // a callback; 0: the device's choice
    double latency_seconds = 0; // 0: what suits the device
};

// What the device gave, which may be other than what was asked.
struct GrantedDevice {
    std::string device;
    std::string host_api; // empty for a file
    double sample_rate = 0;
    int channels = 0;
    int frames = 0; // a callback, as it has come
    double latency_seconds = 0;
};

class OutputDevice {
public:
    virtual ~OutputDevice() = default;

    // [main]
    virtual const GrantedDevice& granted() const = 0;

    // Plays from now on; once at most. The player must outlive the device. [main]
    virtual void play(DevicePlayer& player) = 0;

    // Frames of the latest callback. [any]
    virtual int frames() const = 0;

    // Why the device plays no longer; nothing while it does. Never waits for the device. [main]
    virtual std::optional<std::string> find_loss() = 0;

    // Makes whole what must be whole before the program ends; never waits for a sound server. [main]
    virtual void finish() = 0;
};

} // namespace amp::io

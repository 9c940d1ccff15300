// The sound cards and servers of this machine, as PortAudio finds them.
#pragma once

#include "base/result.h"

#include <portaudio.h>

#include <string>
#include <vector>

namespace amp::io {

struct ListedDevice {
    PaDeviceIndex index = paNoDevice;
    std::string name;
    std::string id; // "ALSA/hw:Loopback,0": the same after a restart, whatever numbers cards have then
    std::string host_api;
    PaHostApiTypeId host_api_type = paInDevelopment;
    int channels = 0;
    double sample_rate = 0;
    bool is_default = false; // what the name "default" opens
    double low_latency_seconds = 0;
    double high_latency_seconds = 0;
};

struct ListedHostApi {
    std::string name;
    std::vector<ListedDevice> devices; // those with outputs
};

// Starts PortAudio, which may take seconds and, where a sound server is ill, for ever. Nothing undoes it but the end of
// the program: undoing it would wait for the server too. Errors: unsupported, with PortAudio's words. [main]
Result<std::vector<ListedHostApi>> list_port_audio_devices();

// The device meant by `name`: "default", an id, a whole name, or a part of an id or a name in any case that only one
// device has. Errors: bad_argument, which names the devices in question. [main]
Result<ListedDevice> find_device(const std::vector<ListedHostApi>& host_apis, const std::string& name);

} // namespace amp::io

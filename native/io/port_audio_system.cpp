#include "io/port_audio_system.h"

#include <alsa/asoundlib.h>
#include <pa_jack.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>

namespace amp::io {

namespace {

std::string short_name(const PaHostApiInfo& host_api) {
    switch (host_api.type) {
    case paALSA:
        return "ALSA";
    case paJACK:
        return "JACK";
    case paOSS:
        return "OSS";
    default:
        return host_api.name;
    }
}

std::optional<std::string> card_id(int card) {
    snd_ctl_t* control = nullptr;
    if (snd_ctl_open(&control, ("hw:" + std::to_string(card)).c_str(), SND_CTL_NONBLOCK) < 0) {
        return std::nullopt;
    }
    snd_ctl_card_info_t* info = nullptr;
    snd_ctl_card_info_alloca(&info);
    std::optional<std::string> id;
    if (snd_ctl_card_info(control, info) >= 0) {
        id = snd_ctl_card_info_get_id(info);
    }
    snd_ctl_close(control);
    return id;
}

// PortAudio's "Loopback: PCM (hw:1,0)" becomes "hw:Loopback,0"; names without a card stay.
std::string steady_name(const std::string& name) {
    const std::size_t at = name.rfind("(hw:");
    int card = 0, device = 0;
    if (at == std::string::npos || std::sscanf(name.c_str() + at, "(hw:%d,%d)", &card, &device) != 2) {
        return name;
    }
    const std::optional<std::string> id = card_id(card);
    return id ? "hw:" + *id + "," + std::to_string(device) : name;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return text;
}

// A running JACK server was started on purpose; otherwise PortAudio's own choice, or the first there is.
PaDeviceIndex default_device() {
    const PaHostApiIndex jack = Pa_HostApiTypeIdToHostApiIndex(paJACK);
    if (jack >= 0 && Pa_GetHostApiInfo(jack)->defaultOutputDevice != paNoDevice) {
        return Pa_GetHostApiInfo(jack)->defaultOutputDevice;
    }
    PaDeviceIndex device = Pa_GetDefaultOutputDevice();
    for (PaHostApiIndex i = 0; device == paNoDevice && i < Pa_GetHostApiCount(); ++i) {
        device = Pa_GetHostApiInfo(i)->defaultOutputDevice;
    }
    return device;
}

ListedDevice describe(PaDeviceIndex index, const PaDeviceInfo& info, const PaHostApiInfo& host_api) {
    ListedDevice device;
    device.index = index;
    device.name = info.name;
    device.host_api = short_name(host_api);
    device.host_api_type = host_api.type;
    device.id = device.host_api + "/" + (host_api.type == paALSA ? steady_name(device.name) : device.name);
    device.channels = info.maxOutputChannels;
    device.sample_rate = info.defaultSampleRate;
    device.is_default = index == default_device();
    device.low_latency_seconds = info.defaultLowOutputLatency;
    device.high_latency_seconds = info.defaultHighOutputLatency;
    return device;
}

std::string ids_of(const std::vector<ListedDevice>& devices) {
    std::string text;
    for (const ListedDevice& device : devices) {
        text += (text.empty() ? "\"" : ", \"") + device.id + "\"";
    }
    return text;
}

} // namespace

Result<std::vector<ListedHostApi>> list_port_audio_devices() {
    // Before PortAudio looks for a server: it is not to start one, and is to be known to others by our name.
    setenv("JACK_NO_START_SERVER", "1", 1);
    PaJack_SetClientName("amp-live");
    if (const PaError error = Pa_Initialize(); error != paNoError) {
        return Error{ErrorKind::unsupported, std::string("PortAudio does not start: ") + Pa_GetErrorText(error) + "."};
    }
    std::vector<ListedHostApi> host_apis;
    for (PaHostApiIndex i = 0; i < Pa_GetHostApiCount(); ++i) {
        const PaHostApiInfo& host_api = *Pa_GetHostApiInfo(i);
        ListedHostApi listed{host_api.name, {}};
        for (int device = 0; device < host_api.deviceCount; ++device) {
            const PaDeviceIndex index = Pa_HostApiDeviceIndexToDeviceIndex(i, device);
            if (const PaDeviceInfo& info = *Pa_GetDeviceInfo(index); info.maxOutputChannels > 0) {
                listed.devices.push_back(describe(index, info, host_api));
            }
        }
        host_apis.push_back(std::move(listed));
    }
    return host_apis;
}

Result<ListedDevice> find_device(const std::vector<ListedHostApi>& host_apis, const std::string& name) {
    std::vector<ListedDevice> all, defaults, by_id, by_name, by_part;
    for (const ListedHostApi& host_api : host_apis) {
        for (const ListedDevice& device : host_api.devices) {
            const std::string wanted = lower(name);
            const auto add_to = [&device](std::vector<ListedDevice>& found, bool is_found) {
                if (is_found) {
                    found.push_back(device);
                }
            };
            add_to(all, true);
            add_to(defaults, name == "default" && device.is_default);
            add_to(by_id, device.id == name);
            add_to(by_name, device.name == name);
            add_to(by_part, lower(device.id).find(wanted) != std::string::npos ||
                                lower(device.name).find(wanted) != std::string::npos);
        }
    }
    for (const auto* found : {&defaults, &by_id, &by_name, &by_part}) {
        if (found->size() == 1) {
            return found->front();
        }
        if (found->size() > 1) {
            return Error{ErrorKind::bad_argument, "\"" + name + "\" fits several devices: " + ids_of(*found) + "."};
        }
    }
    if (all.empty()) {
        return Error{ErrorKind::bad_argument, "There is no sound device on this machine."};
    }
    return Error{ErrorKind::bad_argument, "No sound device is called \"" + name + "\"; there are " + ids_of(all) + "."};
}

} // namespace amp::io

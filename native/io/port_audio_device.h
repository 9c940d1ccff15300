// A sound card or server, through PortAudio.
#pragma once

#include "base/result.h"
#include "io/output_device.h"
#include "io/port_audio_system.h"

#include <portaudio.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace amp::io {

// Its stream runs from the moment it is opened, silent until there is something to play, so that what is granted is
// what was seen. Nothing of PortAudio is undone at the end: it may wait for a server for ever.
class PortAudioDevice final : public OutputDevice {
public:
    // Waits until the device has asked for its first frames. Errors: bad_argument for what the device does not do,
    // unsupported for a device that does not work. [main]
    static Result<std::unique_ptr<PortAudioDevice>> open(const ListedDevice& device, const DeviceRequest& request);

    const GrantedDevice& granted() const override { return granted_; }
    void play(DevicePlayer& player) override { player_.store(&player, std::memory_order_release); }
    int frames() const override { return static_cast<int>(frames_.load(std::memory_order_relaxed)); }
    std::optional<std::string> find_loss() override;
    void finish() override;

private:
    PortAudioDevice() = default;
    static int call_back(const void* in, void* out, unsigned long frames, const PaStreamCallbackTimeInfo* times,
                         PaStreamCallbackFlags flags, void* device);
    void fill(float* out, int frames, PaStreamCallbackFlags flags) AMP_REAL_TIME;
    PaError open_stream(const ListedDevice& device, const DeviceRequest& request, int channels);
    bool begins_to_ask() const;

    GrantedDevice granted_;
    PaStream* stream_ = nullptr;
    bool runs_in_real_time_ = false; // a card that PortAudio drives by a thread of its own
    std::atomic<DevicePlayer*> player_{nullptr};
    std::atomic<std::int64_t> callbacks_{0};
    std::atomic<std::int64_t> frames_{0};
    std::int64_t seen_callbacks_ = 0; // by find_loss,
    std::int64_t seen_at_ns_ = 0;     // and since when there are so many
};

} // namespace amp::io

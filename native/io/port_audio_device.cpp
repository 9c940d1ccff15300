#include "io/port_audio_device.h"

#include "base/monotonic_clock.h"
#include "io/period_timer.h"

#include <pa_linux_alsa.h>

#include <algorithm>
#include <pthread.h>
#include <sched.h>
#include <string>

namespace amp::io {

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr double kUsualSampleRate = 48000;
constexpr std::int64_t kLongestBeginning = 3000 * kMillisecond;
constexpr std::int64_t kLongestSilence = 500 * kMillisecond;

// Above the engine's workers, as JACK's clients are.
constexpr int kRealTimePriority = 5;

// Time for the last frames to fade out and be heard.
constexpr std::int64_t kFadeTime = 30 * kMillisecond;

// PortAudio's ALSA thread does not start at all where it asks for a real-time class that it may not have.
bool may_run_in_real_time() {
    sched_param before{};
    int policy = 0;
    pthread_getschedparam(pthread_self(), &policy, &before);
    const sched_param lowest{1};
    const bool may = pthread_setschedparam(pthread_self(), SCHED_FIFO, &lowest) == 0;
    pthread_setschedparam(pthread_self(), policy, &before);
    return may;
}

double latency_for(const ListedDevice& device, const DeviceRequest& request, double sample_rate) {
    if (request.latency_seconds > 0) {
        return request.latency_seconds;
    }
    // Below three buffers a card's own jitter is heard.
    return std::max(device.low_latency_seconds, 3 * request.frames / sample_rate);
}

// What was asked for, or the device's own rate. A card of ALSA has none, whatever PortAudio says: the usual one then.
double sample_rate_for(const ListedDevice& device, const DeviceRequest& request, const PaStreamParameters& output) {
    if (request.sample_rate > 0) {
        return request.sample_rate;
    }
    const bool does_usual = device.host_api_type == paALSA &&
                            Pa_IsFormatSupported(nullptr, &output, kUsualSampleRate) == paFormatIsSupported;
    return does_usual ? kUsualSampleRate : device.sample_rate;
}

std::string words_of(PaError error) {
    const PaHostErrorInfo* host = Pa_GetLastHostErrorInfo();
    if (error == paUnanticipatedHostError && host != nullptr && host->errorText != nullptr && host->errorText[0] != 0) {
        return host->errorText;
    }
    return Pa_GetErrorText(error);
}

} // namespace

Result<std::unique_ptr<PortAudioDevice>> PortAudioDevice::open(const ListedDevice& device,
                                                               const DeviceRequest& request) {
    std::unique_ptr<PortAudioDevice> opened(new PortAudioDevice);
    const int channels = std::min(request.channels, device.channels);
    PaError error = opened->open_stream(device, request, channels);
    if (error == paInvalidChannelCount && channels == 1 && device.channels >= 2) {
        error = opened->open_stream(device, request, 2); // many cards have no mono
    }
    if (error == paInvalidSampleRate) {
        return Error{ErrorKind::bad_argument,
                     device.id + " does not run at " + std::to_string(std::lround(request.sample_rate)) +
                         " frames a second; its own rate is " + std::to_string(std::lround(device.sample_rate)) + "."};
    }
    if (error == paNoError) {
        error = Pa_StartStream(opened->stream_);
    }
    if (error != paNoError) {
        return Error{ErrorKind::unsupported, device.id + " does not open: " + words_of(error) + "."};
    }
    if (!opened->begins_to_ask()) {
        return Error{ErrorKind::unsupported, device.id + " opens, but asks for no frames."};
    }
    const PaStreamInfo& info = *Pa_GetStreamInfo(opened->stream_);
    opened->granted_.device = device.name;
    opened->granted_.host_api = device.host_api;
    opened->granted_.sample_rate = info.sampleRate;
    opened->granted_.frames = opened->frames();
    opened->granted_.latency_seconds = info.outputLatency;
    if (device.host_api_type == paJACK) {
        // PortAudio takes one buffer off what the server says of its ports (pa_jack.c).
        opened->granted_.latency_seconds += opened->granted_.frames / info.sampleRate;
    }
    return opened;
}

PaError PortAudioDevice::open_stream(const ListedDevice& device, const DeviceRequest& request, int channels) {
    PaStreamParameters output{};
    output.device = device.index;
    output.channelCount = channels;
    output.sampleFormat = paFloat32;
    const double sample_rate = sample_rate_for(device, request, output);
    output.suggestedLatency = latency_for(device, request, sample_rate);
    const bool is_free = device.host_api_type == paALSA && request.frames > 0;
    const auto frames =
        is_free ? static_cast<unsigned long>(request.frames) : static_cast<unsigned long>(paFramesPerBufferUnspecified);
    const PaError error = Pa_OpenStream(&stream_, nullptr, &output, sample_rate, frames, paClipOff | paDitherOff,
                                        &PortAudioDevice::call_back, this);
    if (error == paNoError) {
        granted_.channels = channels;
        runs_in_real_time_ = device.host_api_type == paALSA && may_run_in_real_time();
        if (runs_in_real_time_) {
            PaAlsa_EnableRealtimeScheduling(stream_, 1);
        }
    }
    return error;
}

bool PortAudioDevice::begins_to_ask() const {
    const std::int64_t end = monotonic_nanoseconds() + kLongestBeginning;
    while (callbacks_.load(std::memory_order_relaxed) == 0 && monotonic_nanoseconds() < end) {
        sleep_until(monotonic_nanoseconds() + kMillisecond);
    }
    return callbacks_.load(std::memory_order_relaxed) > 0;
}

int PortAudioDevice::call_back(const void*, void* out, unsigned long frames, const PaStreamCallbackTimeInfo*,
                               PaStreamCallbackFlags flags, void* device) {
    static_cast<PortAudioDevice*>(device)->fill(static_cast<float*>(out), static_cast<int>(frames), flags);
    return paContinue;
}

void PortAudioDevice::fill(float* out, int frames, PaStreamCallbackFlags flags) AMP_REAL_TIME {
    frames_.store(frames, std::memory_order_relaxed);
    if (callbacks_.fetch_add(1, std::memory_order_relaxed) == 0 && runs_in_real_time_) {
        // PortAudio asks for the lowest class there is, which a plan that is too heavy would starve.
        const sched_param priority{kRealTimePriority};
        pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);
    }
    DevicePlayer* const player = player_.load(std::memory_order_acquire);
    if (player == nullptr) {
        std::fill_n(out, static_cast<std::ptrdiff_t>(frames) * granted_.channels, 0.0F);
        return;
    }
    if ((flags & paOutputUnderflow) != 0) {
        player->report_device_underflow();
    }
    player->pull(out, frames, monotonic_nanoseconds());
}

// A card that is unplugged stays active and only stops to call; a server that ends is told by PortAudio.
std::optional<std::string> PortAudioDevice::find_loss() {
    const std::int64_t now_ns = monotonic_nanoseconds();
    const std::int64_t callbacks = callbacks_.load(std::memory_order_relaxed);
    if (callbacks != seen_callbacks_ || seen_at_ns_ == 0) {
        seen_callbacks_ = callbacks;
        seen_at_ns_ = now_ns;
    } else if (now_ns - seen_at_ns_ > kLongestSilence) {
        return "it asks for no more frames";
    }
    if (Pa_IsStreamActive(stream_) != 1) {
        return "the sound system has stopped it";
    }
    return std::nullopt;
}

void PortAudioDevice::finish() {
    if (DevicePlayer* const player = player_.load(std::memory_order_acquire); player != nullptr) {
        player->release();
        sleep_until(monotonic_nanoseconds() + kFadeTime);
    }
}

} // namespace amp::io

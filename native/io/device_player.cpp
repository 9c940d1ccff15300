#include "io/device_player.h"

#include <algorithm>
#include <utility>

namespace amp::io {

namespace {

constexpr int kMostFrames = 16384; // of a callback; what is more is silent

} // namespace

void fit_channels(const float* in, int in_channels, float* out, int out_channels, std::int64_t frames) AMP_REAL_TIME {
    if (in_channels == out_channels) {
        std::copy(in, in + frames * in_channels, out);
        return;
    }
    const int shared = std::min(in_channels, out_channels);
    for (std::int64_t frame = 0; frame < frames; ++frame, in += in_channels, out += out_channels) {
        if (out_channels == 1) {
            float sum = 0;
            for (int channel = 0; channel < in_channels; ++channel) {
                sum += in[channel];
            }
            out[0] = sum / static_cast<float>(in_channels);
        } else {
            std::copy(in, in + shared, out);
            std::fill(out + shared, out + out_channels, 0.0F);
            if (in_channels == 1) {
                out[1] = in[0];
            }
        }
    }
}

DevicePlayer::DevicePlayer(OutputMemory memory, std::uint32_t token, int device_channels)
    : memory_(std::move(memory)),
      playout_(memory_, token),
      device_channels_(device_channels),
      frames_(static_cast<std::size_t>(kMostFrames) * static_cast<std::size_t>(memory_.geometry().channels)) {}

void DevicePlayer::pull(float* out, int frames, std::int64_t now_ns) AMP_REAL_TIME {
    const int pulled = std::min(frames, kMostFrames);
    playout_.pull(frames_.data(), pulled, now_ns);
    fit_channels(frames_.data(), memory_.geometry().channels, out, device_channels_, pulled);
    std::fill(out + static_cast<std::ptrdiff_t>(pulled) * device_channels_,
              out + static_cast<std::ptrdiff_t>(frames) * device_channels_, 0.0F);
}

} // namespace amp::io

#include "io/declick.h"

#include <algorithm>

namespace amp::io {

Declick::Declick(int channels, int fade_frames)
    : channels_(channels),
      fade_frames_(std::max(1, fade_frames)),
      last_(static_cast<std::size_t>(channels), 0.0F),
      held_(static_cast<std::size_t>(channels), 0.0F),
      risen_(fade_frames_) {}

void Declick::play(const float* frames, float* out, std::int64_t count) AMP_REAL_TIME {
    const auto fade = static_cast<float>(fade_frames_);
    std::int64_t at = 0;
    for (; at < count && (risen_ < fade_frames_ || falling_ > 0); ++at) {
        risen_ = std::min(risen_ + 1, fade_frames_);
        falling_ = std::max(falling_ - 1, 0);
        const float rise = static_cast<float>(risen_) / fade;
        const float fall = static_cast<float>(falling_) / fade;
        for (int channel = 0; channel < channels_; ++channel) {
            const std::int64_t i = at * channels_ + channel;
            out[i] = frames[i] * rise + held_[static_cast<std::size_t>(channel)] * fall;
        }
    }
    std::copy(frames + at * channels_, frames + count * channels_, out + at * channels_);
    remember(out, count);
}

void Declick::miss(float* out, std::int64_t count) AMP_REAL_TIME {
    if (count > 0 && risen_ > 0) {
        std::copy(last_.begin(), last_.end(), held_.begin());
        falling_ = fade_frames_;
        risen_ = 0;
    }
    const auto fade = static_cast<float>(fade_frames_);
    std::int64_t at = 0;
    for (; at < count && falling_ > 0; ++at) {
        const float fall = static_cast<float>(--falling_) / fade;
        for (int channel = 0; channel < channels_; ++channel) {
            out[at * channels_ + channel] = held_[static_cast<std::size_t>(channel)] * fall;
        }
    }
    std::fill(out + at * channels_, out + count * channels_, 0.0F);
    remember(out, count);
}

void Declick::remember(const float* out, std::int64_t count) AMP_REAL_TIME {
    if (count > 0) {
        std::copy_n(out + (count - 1) * channels_, channels_, last_.begin());
    }
}

} // namespace amp::io

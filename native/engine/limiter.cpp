#include "engine/limiter.h"

#include "base/approximation.h"
#include "node/node.h"

#include <algorithm>
#include <cmath>

namespace amp::engine::inline AMP_PRECISION {

namespace {

constexpr double kLookAheadSeconds = 0.001;
constexpr double kReleaseSeconds = 0.08;
constexpr double kMeanSeconds = 0.5; // time constant of the DC meter
constexpr double kDcAllowed = 0.05;
constexpr Sample kDcMetered = 16; // larger samples count as this much: a burst must not be taken for DC for a minute

double sine_of_turns(double turns) {
    const double whole = turns - static_cast<double>(static_cast<std::int64_t>(turns));
    return sine_of_phase(Lanes<std::int64_t, 1>(static_cast<std::int64_t>(whole * 4611686018427387904.0) << 2)).value;
}

// A sinc between the samples under a cosine window of the same length: less steep than others, but true up to 20 kHz.
double interpolating(double distance, double half_width) {
    if (distance == static_cast<double>(static_cast<int>(distance)) || std::fabs(distance) >= half_width) {
        return distance == 0 ? 1 : 0;
    }
    const double angle = 3.141592653589793 * distance;
    const double window = sine_of_turns(distance / (4 * half_width) + 0.25);
    return sine_of_turns(distance / 2) / angle * window;
}

} // namespace

Limiter::Limiter(int channels, double ceiling, double sample_rate)
    : channels_(static_cast<std::size_t>(channels)),
      ceiling_(static_cast<Sample>(ceiling)),
      look_ahead_(static_cast<int>(kLookAheadSeconds * sample_rate + 0.5)),
      interpolator_delay_(std::clamp(look_ahead_ / 3, 4, kTaps / 2)),
      window_(look_ahead_ - interpolator_delay_ + 1),
      mean_step_(kTickFrames / (kMeanSeconds * sample_rate)),
      release_step_(static_cast<std::int64_t>(65536 / (kReleaseSeconds * sample_rate) + 1)),
      candidates_(static_cast<std::size_t>(window_) + 2),
      minima_(static_cast<std::size_t>(window_), kUnity),
      minima_sum_(kUnity * window_) {
    make_interpolator();
    set_ceiling(ceiling_);
    for (Channel& channel : channels_) {
        channel.delay.assign(static_cast<std::size_t>(look_ahead_), 0);
    }
}

void Limiter::make_interpolator() {
    for (int phase = 0; phase < kPhases; ++phase) {
        Sample sum = 0;
        for (int tap = 0; tap < kTaps; ++tap) {
            const double distance = tap - (kTaps - 1 - interpolator_delay_) - static_cast<double>(phase) / kPhases;
            const auto value = static_cast<Sample>(interpolating(distance, interpolator_delay_));
            interpolator_[static_cast<std::size_t>(tap * kPhases + phase)] = value;
            sum += std::fabs(value);
        }
        largest_rise_ = std::max(largest_rise_, sum);
    }
}

void Limiter::set_ceiling(Sample ceiling) {
    ceiling_ = ceiling;
    certain_ = ceiling / (largest_rise_ * 1.0001F);
    // What was certain under another ceiling is looked at again.
    for (Channel& channel : channels_) {
        channel.certain_frames = 0;
    }
}

// Makes samples finite and takes away standing DC beyond what is allowed; returns the largest size. The DC is metered
// and corrected on ticks, and the correction glides from one tick to the next.
Sample Limiter::guard(Channel& channel, Sample* samples, std::int64_t frame, int frames) {
    Sample largest = 0;
    for (int f = 0; f < frames; ++f) {
        Sample sample = samples[f];
        if (!(std::fabs(sample) < 1e30F)) {
            sample = 0;
            not_finite_.fetch_add(1, std::memory_order_relaxed);
        }
        const auto in_tick = static_cast<int>((frame + f) % kTickFrames);
        if (in_tick == 0) {
            channel.mean += (channel.tick_sum / kTickFrames - channel.mean) * mean_step_;
            channel.tick_sum = 0;
            const double allowed = std::clamp(channel.mean, -kDcAllowed, kDcAllowed);
            channel.correction = channel.next_correction;
            channel.next_correction = static_cast<Sample>(channel.mean - allowed);
        }
        channel.tick_sum += std::clamp(sample, -kDcMetered, kDcMetered);
        const Sample glide = static_cast<Sample>(in_tick) / kTickFrames;
        sample -= channel.correction + (channel.next_correction - channel.correction) * glide;
        samples[f] = sample;
        largest = std::max(largest, std::fabs(sample));
    }
    return largest;
}

// Puts a sample into the interpolator's ring; returns its samples, the oldest first.
const Sample* Limiter::remember(Channel& channel, Sample sample) {
    channel.recent[channel.oldest] = channel.recent[channel.oldest + kTaps] = sample;
    channel.oldest = channel.oldest + 1 == kTaps ? 0 : channel.oldest + 1;
    channel.certain_frames = std::fabs(sample) < certain_ ? channel.certain_frames + 1 : 0;
    return channel.recent.data() + channel.oldest;
}

// The largest size of the signal at the sample that is now in the middle, and between it and the next; 0 if that is
// certainly below the ceiling.
Sample Limiter::true_peak(Channel& channel, Sample sample) {
    using Phases = Lanes<Sample, kPhases>;
    const Sample* const recent = remember(channel, sample);
    if (channel.certain_frames >= kTaps) {
        return 0;
    }
    Phases even(0.0F), odd(0.0F);
    for (int tap = 0; tap < kTaps; tap += 2) {
        const Sample* const taps = interpolator_.data() + tap * kPhases;
        even = even + Phases(recent[tap]) * Phases::load(taps);
        odd = odd + Phases(recent[tap + 1]) * Phases::load(taps + kPhases);
    }
    std::array<Sample, kPhases> sizes;
    abs(even + odd).store(sizes.data());
    return *std::ranges::max_element(sizes);
}

std::int64_t Limiter::gain_for(Sample peak) {
    const std::int64_t needed =
        peak > ceiling_ ? static_cast<std::int64_t>(static_cast<double>(ceiling_) / peak * kUnity) : kUnity;
    const std::int64_t risen = std::min(kUnity, eased_ + ((kUnity - eased_) * release_step_ >> 16) + 1);
    eased_ = std::min(needed, risen);
    return eased_;
}

// The gain for the frame that leaves the look-ahead now: the mean over the window of the least gain over the window.
Sample Limiter::applied_gain(Sample peak, std::int64_t frame) {
    const std::int64_t gain = gain_for(peak);
    const std::size_t room = candidates_.size();
    while (candidate_count_ > 0 && candidates_[(first_ + candidate_count_ - 1) % room].gain >= gain) {
        --candidate_count_;
    }
    candidates_[(first_ + candidate_count_++) % room] = {frame, gain};
    if (candidates_[first_].frame < frame - window_) {
        first_ = (first_ + 1) % room;
        --candidate_count_;
    }
    std::int64_t& oldest = minima_[static_cast<std::size_t>(frame % window_)];
    minima_sum_ += candidates_[first_].gain - oldest;
    oldest = candidates_[first_].gain;
    const std::int64_t unity_sum = kUnity * window_;
    return minima_sum_ == unity_sum
               ? 1.0F
               : static_cast<Sample>(static_cast<double>(minima_sum_) / static_cast<double>(unity_sum));
}

// True when every gain that is remembered is unity, and nothing that is remembered can ask for less.
bool Limiter::at_rest() const {
    return eased_ == kUnity && minima_sum_ == kUnity * window_ &&
           std::ranges::all_of(channels_, [](const Channel& channel) { return channel.certain_frames >= kTaps; });
}

void Limiter::delay(Sample* samples, int stride, std::int64_t frame, int frames) {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        Sample* const row = samples + static_cast<std::ptrdiff_t>(c) * stride;
        for (int f = std::max(0, frames - kTaps); f < frames; ++f) {
            remember(channels_[c], row[f]);
        }
        auto at = static_cast<std::size_t>(frame % look_ahead_);
        for (int f = 0; f < frames; ++f) {
            std::swap(row[f], channels_[c].delay[at]);
            at = at + 1 == static_cast<std::size_t>(look_ahead_) ? 0 : at + 1;
        }
    }
}

void Limiter::process(Sample* samples, int stride, std::int64_t frame, int frames) {
    // Short pieces: what is loud for a moment does not cost a whole block its rest.
    constexpr int kPiece = 16;
    for (int begin = 0; begin < frames; begin += kPiece) {
        process_piece(samples + begin, stride, frame + begin, std::min(kPiece, frames - begin));
    }
}

void Limiter::process_piece(Sample* samples, int stride, std::int64_t frame, int frames) {
    Sample largest = 0;
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        largest =
            std::max(largest, guard(channels_[c], samples + static_cast<std::ptrdiff_t>(c) * stride, frame, frames));
    }
    if (largest < certain_ && at_rest()) {
        delay(samples, stride, frame, frames);
        return;
    }
    for (int f = 0; f < frames; ++f) {
        Sample peak = 0;
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            peak = std::max(peak, true_peak(channels_[c], samples[static_cast<std::ptrdiff_t>(c) * stride + f]));
        }
        const Sample gain = applied_gain(peak, frame + f);
        for (std::size_t c = 0; c < channels_.size(); ++c) {
            Sample& sample = samples[static_cast<std::ptrdiff_t>(c) * stride + f];
            std::swap(sample, channels_[c].delay[static_cast<std::size_t>((frame + f) % look_ahead_)]);
            sample *= gain;
        }
    }
}

} // namespace amp::engine::inline AMP_PRECISION

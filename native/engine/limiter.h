// The last thing before the output, in every stream: no sample that is not a number, no standing DC, no peak above the
// ceiling, not even between the samples. What needs none of this passes bit for bit, later by the latency.
#pragma once

#include "base/real_time.h"
#include "engine/sample.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

class Limiter {
public:
    // Ceiling as a factor of full scale. [compiler]
    Limiter(int channels, double ceiling, double sample_rate);

    // Frames by which the sound comes later: the look-ahead.
    int latency() const { return look_ahead_; }

    // Limits `frames` frames that begin at stream frame `frame`, in place; samples are channel after channel, `stride`
    // samples apart. Gives the same bits however the stream is cut. [worker]
    void process(Sample* samples, int stride, std::int64_t frame, int frames) AMP_REAL_TIME;

    // Holds the peaks of what comes from now on under another ceiling, a factor of full scale. [worker]
    void set_ceiling(Sample ceiling) AMP_REAL_TIME;

    // Samples that were not finite and became 0. [any]
    std::uint64_t not_finite() const { return not_finite_.load(std::memory_order_relaxed); }

private:
    // True peak as in ITU-R BS.1770-4, annex 2, but finer: that one's 4 phases of 12 taps miss 0.7 dB at 20 kHz.
    static constexpr int kTaps = 24; // of the interpolator, each phase
    static constexpr int kPhases = 8;
    static constexpr std::int64_t kUnity = std::int64_t{1} << 30;

    struct Channel {
        std::vector<Sample> delay; // ring of the look-ahead
        std::array<Sample, 2 * kTaps>
            recent{}; // ring of the interpolator, twice, so that it lies straight from anywhere
        std::size_t oldest = 0;
        std::int64_t certain_frames = 0; // in a row, that are too small for a peak above the ceiling
        double tick_sum = 0;
        double mean = 0;
        Sample correction = 0, next_correction = 0;
    };

    void process_piece(Sample* samples, int stride, std::int64_t frame, int frames);
    void make_interpolator();
    Sample guard(Channel& channel, Sample* samples, std::int64_t frame, int frames);
    const Sample* remember(Channel& channel, Sample sample);
    Sample true_peak(Channel& channel, Sample sample);
    std::int64_t gain_for(Sample peak);
    Sample applied_gain(Sample peak, std::int64_t frame);
    bool at_rest() const;
    void delay(Sample* samples, int stride, std::int64_t frame, int frames);

    std::vector<Channel> channels_;
    Sample ceiling_;
    const int look_ahead_;
    const int interpolator_delay_; // frames until a peak between two samples is known
    const int window_;
    const double mean_step_;
    const std::int64_t release_step_;
    std::array<Sample, kTaps * kPhases>
        interpolator_{};      // the phases of a tap side by side; phase 0 is the sample itself
    Sample largest_rise_ = 1; // of a peak above the samples around it
    Sample certain_ = 0;      // samples below it cannot make a peak above the ceiling

    // The gain each frame needs, eased back to unity; its minimum over the window and one frame more, so that both
    // samples beside a peak come down alike; the mean of that over the window.
    struct Candidate {
        std::int64_t frame, gain;
    };
    std::int64_t eased_ = kUnity;
    std::vector<Candidate> candidates_; // ring of falling gains
    std::size_t first_ = 0, candidate_count_ = 0;
    std::vector<std::int64_t> minima_; // ring of the window
    std::int64_t minima_sum_ = 0;
    std::atomic<std::uint64_t> not_finite_{0};
};

} // namespace amp::engine::inline AMP_PRECISION

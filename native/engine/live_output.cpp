#include "engine/live_output.h"

#include "base/monotonic_clock.h"
#include "base/saturated.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <system_error>

namespace amp::engine {

namespace {

constexpr std::int64_t kLeastFrames = std::int64_t{1} << 19;
constexpr double kLeastSeconds = 10;
constexpr double kJitterSeconds = 0.00025; // of threads that post
constexpr double kLevelSeconds = 0.05;
constexpr std::int64_t kOverwriteMargin = 16; // a sixteenth of the ring: nobody sleeps so long in a copy

} // namespace

Result<std::unique_ptr<LiveOutput>> LiveOutput::create(int channels, int block, int in_flight, double sample_rate) {
    const auto least = std::max(kLeastFrames, static_cast<std::int64_t>(std::ceil(kLeastSeconds * sample_rate)));
    io::OutputGeometry geometry{channels, block, block, sample_rate, std::int64_t{block} * (in_flight - 1)};
    while (geometry.capacity_frames < least) {
        geometry.capacity_frames *= 2;
    }
    auto memory = io::OutputMemory::create(geometry);
    if (!memory.ok()) {
        return memory.error();
    }
    return std::unique_ptr<LiveOutput>(new LiveOutput(std::move(memory.value())));
}

Result<bool> LiveOutput::start_clock() {
    try {
        clock_device_.start();
        return true;
    } catch (const std::system_error& error) {
        return Error{ErrorKind::no_thread, std::string("the system gives no thread for the clock: ") + error.what()};
    }
}

std::int64_t LiveOutput::event_delay() const {
    const std::int64_t block = memory_.geometry().block;
    const auto told = [&](const std::atomic<std::int64_t>& frames) {
        return std::clamp(frames.load(std::memory_order_relaxed), block, memory_.geometry().capacity_frames);
    };
    const std::int64_t device = told(header().device_frames);
    const std::int64_t lookahead = told(header().lookahead);
    const auto jitter = static_cast<std::int64_t>(std::ceil(kJitterSeconds * memory_.geometry().sample_rate));
    return device + lookahead + (device % block == 0 ? 0 : block) + jitter;
}

io::ClockFit LiveOutput::clock_fit() const {
    const io::ClockFit begins_now{header().clock.load(std::memory_order_relaxed), monotonic_nanoseconds(),
                                  1e9 / memory_.geometry().sample_rate};
    return header().clock_fit.read().value_or(begins_now);
}

std::int64_t LiveOutput::event_frame(std::int64_t arrival_ns) const {
    return std::max<std::int64_t>(0, saturated(std::floor(clock_fit().frame_at(arrival_ns))) + event_delay());
}

std::int64_t LiveOutput::frame_time(std::int64_t frame) const { return saturated(clock_fit().time_at(frame)); }

std::optional<int> LiveOutput::read(std::int64_t frame, std::span<float> out) const {
    const io::OutputGeometry& geometry = memory_.geometry();
    const auto oldest = [&](std::int64_t spare) {
        // The block that is being made lies where the oldest one lay.
        return made() + geometry.block + spare - geometry.capacity_frames;
    };
    if (frame < oldest(geometry.capacity_frames / kOverwriteMargin)) {
        return std::nullopt;
    }
    const auto wanted = static_cast<std::int64_t>(out.size()) / geometry.channels;
    const std::int64_t end = frame + std::min(wanted, std::max<std::int64_t>(0, made() - frame));
    float* to = out.data();
    for (std::int64_t at = frame; at < end;) {
        const std::int64_t straight = std::min(end - at, memory_.straight_frames(at));
        to = std::copy_n(memory_.frame(at), straight * geometry.channels, to);
        at += straight;
    }
    if (frame < oldest(0)) {
        return std::nullopt;
    }
    return static_cast<int>(end - frame);
}

std::vector<LiveOutput::Level> LiveOutput::levels() const {
    const auto channels = static_cast<std::size_t>(memory_.geometry().channels);
    const std::int64_t end = made();
    const auto window = static_cast<std::int64_t>(kLevelSeconds * memory_.geometry().sample_rate);
    const std::int64_t begin = std::max<std::int64_t>(0, end - window);
    std::vector<float> samples(static_cast<std::size_t>(end - begin) * channels);
    const auto frames = static_cast<std::size_t>(read(begin, samples).value_or(0));
    std::vector<Level> levels(channels);
    for (std::size_t channel = 0; channel < channels && frames > 0; ++channel) {
        double sum = 0;
        for (std::size_t frame = 0; frame < frames; ++frame) {
            const float sample = samples[frame * channels + channel];
            levels[channel].peak = std::max(levels[channel].peak, std::abs(sample));
            sum += double{sample} * double{sample};
        }
        levels[channel].rms = static_cast<float>(std::sqrt(sum / static_cast<double>(frames)));
    }
    return levels;
}

} // namespace amp::engine

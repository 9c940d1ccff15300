#include "support/hand_over.h"

#include <stdexcept>
#include <string>

namespace amp::test {

std::uint32_t prepare(const Stream& stream, const std::vector<std::byte>& bytes,
                      const amp_hand_over_settings& settings) {
    amp_error error{};
    amp_plan* plan = nullptr;
    if (amp_plan_read(bytes.data(), bytes.size(), &plan, &error) != AMP_OK) {
        throw std::runtime_error(error.message);
    }
    std::uint32_t number = 0;
    const amp_status prepared = amp_streamer_prepare(stream.get(), plan, &settings, &number, &error);
    amp_plan_free(plan);
    if (prepared != AMP_OK) {
        throw std::runtime_error(error.message);
    }
    return number;
}

amp_status try_to_prepare(const Stream& stream, const std::vector<std::byte>& bytes,
                          const amp_hand_over_settings& settings) {
    amp_plan* plan = nullptr;
    std::uint32_t number = 0;
    amp_plan_read(bytes.data(), bytes.size(), &plan, nullptr);
    const amp_status answer = amp_streamer_prepare(stream.get(), plan, &settings, &number, nullptr);
    amp_plan_free(plan);
    return answer;
}

std::uint32_t hand_over(const Stream& stream, const Change& change) {
    const std::uint32_t number = prepare(stream, change.plan, change.settings);
    if (amp_streamer_hand_over(stream.get(), number, change.frame) != AMP_OK) {
        throw std::runtime_error("the hand-over is refused");
    }
    return number;
}

std::int64_t took_over(const Stream& stream, std::uint32_t plan) {
    std::int64_t frame = -1;
    if (amp_streamer_took_over(stream.get(), plan, &frame) != AMP_OK) {
        throw std::runtime_error("the plan is gone");
    }
    return frame;
}

std::vector<float> performed(const std::vector<std::byte>& first, const std::vector<Change>& changes,
                             const std::vector<amp_event>& events, int frames, const amp_streamer_settings& settings) {
    const Stream stream(first, settings);
    stream.post(events);
    std::vector<float> samples;
    const auto take_until = [&](std::int64_t frame) {
        const auto taken = static_cast<std::int64_t>(samples.size()) / stream.channels();
        const auto piece = stream.take(static_cast<int>(frame - taken));
        samples.insert(samples.end(), piece.begin(), piece.end());
    };
    for (const Change& change : changes) {
        const std::uint32_t plan = hand_over(stream, change);
        take_until(change.frame + 1);
        if (took_over(stream, plan) != change.frame) {
            throw std::runtime_error("took over at " + std::to_string(took_over(stream, plan)) + " instead of " +
                                     std::to_string(change.frame));
        }
    }
    take_until(frames);
    return samples;
}

} // namespace amp::test

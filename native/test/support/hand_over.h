// Performances in which one plan follows another, through amp.h and nothing else.
#pragma once

#include "support/stream.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace amp::test {

// Another plan follows at a frame.
struct Change {
    std::vector<std::byte> plan;
    std::int64_t frame = 0;
    amp_hand_over_settings settings = amp_hand_over_settings_for(AMP_HAND_OVER_RELOAD);
};

// The number of the plan that is made ready; throws if it is refused.
std::uint32_t prepare(const Stream& stream, const std::vector<std::byte>& plan,
                      const amp_hand_over_settings& settings = amp_hand_over_settings_for(AMP_HAND_OVER_RELOAD));

// Answers what amp_streamer_prepare does, and nothing more.
amp_status try_to_prepare(const Stream& stream, const std::vector<std::byte>& plan,
                          const amp_hand_over_settings& settings);

// Makes the plan ready and hands over to it; its number.
std::uint32_t hand_over(const Stream& stream, const Change& change);

// The frame at which a plan took over; -1 before.
std::int64_t took_over(const Stream& stream, std::uint32_t plan);

// The first `frames` output frames, channels side by side, of a plan and those that follow it, each prepared when the
// one before has taken over. Throws if one takes over at another frame than its own.
std::vector<float> performed(const std::vector<std::byte>& first, const std::vector<Change>& changes,
                             const std::vector<amp_event>& events, int frames, const amp_streamer_settings& settings);

} // namespace amp::test

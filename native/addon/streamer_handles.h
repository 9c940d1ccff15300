// Streamers that several threads of the process hold at once, by number.
#pragma once

#include "amp.h"

#include <cstdint>
#include <memory>

namespace amp::addon {

struct StreamerDeleter {
    void operator()(amp_streamer* streamer) const { amp_streamer_free(streamer); }
};
using SharedStreamer = std::shared_ptr<amp_streamer>;

// A number for the streamer that no other streamer of this process has had. [any]
std::uint32_t add_streamer(const SharedStreamer& streamer);

// The streamer of that number, or null when its last holder has let go of it. [any]
SharedStreamer find_streamer(std::uint32_t handle);

} // namespace amp::addon

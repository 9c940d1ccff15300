#include "addon/streamer_handles.h"

#include <map>
#include <mutex>

namespace amp::addon {

namespace {

struct Registry {
    std::mutex mutex;
    std::uint32_t last = 0;
    std::map<std::uint32_t, std::weak_ptr<amp_streamer>> streamers;
};

Registry& registry() {
    static Registry the_registry;
    return the_registry;
}

} // namespace

std::uint32_t add_streamer(const SharedStreamer& streamer) {
    Registry& all = registry();
    const std::lock_guard held(all.mutex);
    std::erase_if(all.streamers, [](const auto& entry) { return entry.second.expired(); });
    all.streamers.emplace(++all.last, streamer);
    return all.last;
}

SharedStreamer find_streamer(std::uint32_t handle) {
    Registry& all = registry();
    const std::lock_guard held(all.mutex);
    const auto found = all.streamers.find(handle);
    return found == all.streamers.end() ? nullptr : found->second.lock();
}

} // namespace amp::addon

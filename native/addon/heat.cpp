#include "addon/heat.h"

#include "addon/rows.h"

#include <array>
#include <vector>

namespace amp::addon {

Napi::Value heat_of(Napi::Env env, const amp_streamer* streamer) {
    std::vector<amp_heat> groups(amp_streamer_heat(streamer, nullptr, 0));
    // Another plan may have taken over since.
    const size_t count = amp_streamer_heat(streamer, groups.data(), groups.size());
    groups.resize(std::min(count, groups.size()));
    return rows_of(env, groups, [](const amp_heat& group) {
        return std::array{static_cast<double>(group.node), static_cast<double>(group.input), group.power, group.heat,
                          group.gain};
    });
}

} // namespace amp::addon

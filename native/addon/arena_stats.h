// The memory of a streamer as an object.
#pragma once

#include "amp.h"

#include <napi.h>

namespace amp::addon {

// [main]
inline Napi::Object arena_stats_of(Napi::Env env, const amp_streamer* streamer) {
    const amp_arena_stats stats = amp_streamer_arena_stats(streamer);
    auto object = Napi::Object::New(env);
    object.Set("reserved", static_cast<double>(stats.reserved));
    object.Set("committed", static_cast<double>(stats.committed));
    object.Set("used", static_cast<double>(stats.used));
    object.Set("largestHole", static_cast<double>(stats.largest_hole));
    object.Set("growths", static_cast<double>(stats.growths));
    object.Set("failedGrowths", static_cast<double>(stats.failed_growths));
    object.Set("movedBytes", static_cast<double>(stats.moved_bytes));
    object.Set("waitedSeconds", static_cast<double>(stats.waited_ns) * 1e-9);
    return object;
}

} // namespace amp::addon

// The class LiveStreamer of the addon: a plan that a device paces.
#pragma once

#include <napi.h>

namespace amp::addon {

// [main]
Napi::Function define_live_streamer(Napi::Env env);

} // namespace amp::addon

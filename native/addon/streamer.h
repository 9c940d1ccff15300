// The class Streamer of the addon: a plan whose frames are taken.
#pragma once

#include <napi.h>

namespace amp::addon {

// [main]
Napi::Function define_streamer(Napi::Env env);

} // namespace amp::addon

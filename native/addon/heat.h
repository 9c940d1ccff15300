// How warm the nodes of a streamer's plan are.
#pragma once

#include "amp.h"

#include <napi.h>

namespace amp::addon {

// Rows of the fields of amp_heat. [main]
Napi::Value heat_of(Napi::Env env, const amp_streamer* streamer);

} // namespace amp::addon

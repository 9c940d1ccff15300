// Hand-overs from plan to plan, as both streamer classes of the addon offer them.
#pragma once

#include "addon/streamer_handles.h"

#include <napi.h>

namespace amp::addon {

// (plan bytes, { kind, crossfadeSeconds, ringSeconds }) -> Promise<number | failure>; prepares on Node's thread pool.
// [main]
Napi::Value prepare_plan(const Napi::CallbackInfo& info, const SharedStreamer& streamer);

// (plan, frame) -> status [main]
Napi::Value hand_over_to(const Napi::CallbackInfo& info, amp_streamer* streamer);

// (plan) -> frame, -1 before, or -2 when the plan is not there any more [main]
Napi::Value took_over_at(const Napi::CallbackInfo& info, const amp_streamer* streamer);

// () -> Promise<plans that are left>; frees on Node's thread pool. [main]
Napi::Value retire_plans(const Napi::CallbackInfo& info, const SharedStreamer& streamer);

} // namespace amp::addon

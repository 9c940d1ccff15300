// Events on their way between JavaScript and the C API.
#pragma once

#include "amp.h"

#include <napi.h>

namespace amp::addon {

// Posts the event in the arguments, the fields of amp_event in their order without the plan; its sequence, or a status
// below 0. [main]
Napi::Value post_event(const Napi::CallbackInfo& info, amp_streamer* streamer);

// All events that were applied since the last call, as a Float64Array of fourteen numbers each: the fields of amp_event
// in their order up to the plan, the sequence, 1 if it was late, and 1 if it acts at once. [main]
Napi::Value applied_events(Napi::Env env, amp_streamer* streamer);

} // namespace amp::addon

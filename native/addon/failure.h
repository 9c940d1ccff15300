// Failures and plans as they pass between JavaScript and the C API.
#pragma once

#include "amp.h"

#include <memory>
#include <napi.h>

namespace amp::addon {

// A failure as a plain value: the host's typed face makes a typed error of it. [main]
Napi::Value failure(Napi::Env env, amp_status status, const char* message);

struct PlanDeleter {
    void operator()(amp_plan* plan) const { amp_plan_free(plan); }
};
using OwnedPlan = std::unique_ptr<amp_plan, PlanDeleter>;

// The plan in a Uint8Array, or null and why in `error`. [main]
OwnedPlan read_plan(const Napi::Value& value, amp_error& error);

} // namespace amp::addon

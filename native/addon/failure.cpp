#include "addon/failure.h"

namespace amp::addon {

Napi::Value failure(Napi::Env env, amp_status status, const char* message) {
    auto object = Napi::Object::New(env);
    object.Set("status", static_cast<int>(status));
    object.Set("message", message);
    return object;
}

OwnedPlan read_plan(const Napi::Value& value, amp_error& error) {
    const auto bytes = value.As<Napi::Uint8Array>();
    amp_plan* plan = nullptr;
    error.status = amp_plan_read(bytes.Data(), bytes.ByteLength(), &plan, &error);
    return OwnedPlan(error.status == AMP_OK ? plan : nullptr);
}

} // namespace amp::addon

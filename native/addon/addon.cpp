// The engine's C API as a Node module: plans in, frames out. What may block runs on Node's thread pool.
#include "addon/failure.h"
#include "addon/gradient.h"
#include "addon/live_streamer.h"
#include "addon/streamer.h"
#include "addon/whole_text.h"
#include "amp.h"

#include <napi.h>

namespace amp::addon {

namespace {

Napi::Value node_types_json(const Napi::CallbackInfo& info) {
    return Napi::String::New(info.Env(),
                             whole_text([](char* text, size_t size) { return amp_node_types_json(text, size); }));
}

Napi::Value plan_json(const Napi::CallbackInfo& info) {
    amp_error error{};
    const OwnedPlan plan = read_plan(info[0], error);
    if (!plan) {
        return failure(info.Env(), error.status, error.message);
    }
    return Napi::String::New(
        info.Env(), whole_text([&](char* text, size_t size) { return amp_plan_json(plan.get(), text, size); }));
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
    exports.Set("version", amp_version());
    exports.Set("instructionSet", amp_instruction_set());
    exports.Set("nodeTypesJson", Napi::Function::New<node_types_json>(env));
    exports.Set("planJson", Napi::Function::New<plan_json>(env));
    exports.Set("Streamer", define_streamer(env));
    exports.Set("LiveStreamer", define_live_streamer(env));
#if defined(AMP_HAS_GRADIENTS)
    exports.Set("Gradient", define_gradient(env));
    exports.Set("SpectralLoss", define_spectral_loss(env));
#endif
    return exports;
}

} // namespace

} // namespace amp::addon

using amp::addon::initialise;
NODE_API_MODULE(amp_addon, initialise)

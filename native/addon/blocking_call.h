// A call of the C API that may sleep, on Node's thread pool.
#pragma once

#include "addon/streamer_handles.h"

#include <functional>
#include <napi.h>
#include <utility>

namespace amp::addon {

// Resolves its promise with the call's status, and holds the streamer until then.
class BlockingCall : public Napi::AsyncWorker {
public:
    using Body = std::function<amp_status()>;
    // [main]
    BlockingCall(Napi::Env env, SharedStreamer streamer, Body body)
        : AsyncWorker(env),
          promise_(Napi::Promise::Deferred::New(env)),
          streamer_(std::move(streamer)),
          body_(std::move(body)) {}

    // Keeps a value alive until the call is over. [main]
    void keep(const Napi::Object& value) { kept_ = Napi::Persistent(value); }
    // [main]
    Napi::Promise promise() const { return promise_.Promise(); }

    void Execute() override { status_ = body_(); }
    void OnOK() override { promise_.Resolve(Napi::Number::New(Env(), status_)); }
    void OnError(const Napi::Error& error) override { promise_.Reject(error.Value()); }

private:
    Napi::Promise::Deferred promise_;
    SharedStreamer streamer_;
    Body body_;
    Napi::ObjectReference kept_;
    amp_status status_ = AMP_OK;
};

} // namespace amp::addon

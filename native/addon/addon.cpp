// The engine's C API as a Node module: plans in, frames out. What may block runs on Node's thread pool.
#include "amp.h"

#include <algorithm>
#include <memory>
#include <napi.h>
#include <string>
#include <vector>

namespace {

// A failure as a plain value: the host's typed face makes a typed error of it.
Napi::Value failure(Napi::Env env, amp_status status, const char* message) {
    auto object = Napi::Object::New(env);
    object.Set("status", static_cast<int>(status));
    object.Set("message", message);
    return object;
}

struct PlanDeleter {
    void operator()(amp_plan* plan) const { amp_plan_free(plan); }
};
struct StreamerDeleter {
    void operator()(amp_streamer* streamer) const { amp_streamer_free(streamer); }
};
using OwnedPlan = std::unique_ptr<amp_plan, PlanDeleter>;
using SharedStreamer = std::shared_ptr<amp_streamer>;

OwnedPlan read_plan(const Napi::Value& value, amp_error& error) {
    const auto bytes = value.As<Napi::Uint8Array>();
    amp_plan* plan = nullptr;
    error.status = amp_plan_read(bytes.Data(), bytes.ByteLength(), &plan, &error);
    return OwnedPlan(error.status == AMP_OK ? plan : nullptr);
}

template <class Fill>
std::string whole_text(Fill&& fill) {
    std::string text(fill(nullptr, 0), '\0');
    fill(text.data(), text.size() + 1);
    return text;
}

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

// All events that were applied since the last call.
std::vector<amp_applied_event> read_applied_events(amp_streamer* streamer) {
    constexpr size_t kAtOnce = 1024;
    std::vector<amp_applied_event> events;
    for (size_t count = kAtOnce; count == kAtOnce;) {
        const size_t before = events.size();
        events.resize(before + kAtOnce);
        count = amp_streamer_applied_events(streamer, events.data() + before, kAtOnce);
        events.resize(before + count);
    }
    return events;
}

Napi::Value numbers_of(Napi::Env env, const std::vector<amp_applied_event>& events) {
    constexpr size_t kNumbers = 11;
    auto numbers = Napi::Float64Array::New(env, events.size() * kNumbers);
    double* to = numbers.Data();
    for (const auto& [event, sequence, was_late] : events) {
        const double row[kNumbers] = {static_cast<double>(event.frame), double(event.kind),  double(event.channel),
                                      double(event.note),               double(event.node),  double(event.parameter),
                                      double{event.value},              double{event.rate},  double{event.acceleration},
                                      double(sequence),                 double(was_late)};
        to = std::copy_n(row, kNumbers, to);
    }
    return numbers;
}

// Runs a call that may sleep on the thread pool and resolves with its status.
class BlockingCall : public Napi::AsyncWorker {
public:
    using Body = std::function<amp_status()>;
    BlockingCall(Napi::Env env, SharedStreamer streamer, Body body)
        : AsyncWorker(env),
          promise_(Napi::Promise::Deferred::New(env)),
          streamer_(std::move(streamer)),
          body_(std::move(body)) {}

    // Keeps a value alive until the call is over.
    void keep(const Napi::Object& value) { kept_ = Napi::Persistent(value); }
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

class Streamer : public Napi::ObjectWrap<Streamer> {
public:
    static Napi::Function define(Napi::Env env) {
        return DefineClass(
            env, "Streamer",
            {InstanceMethod<&Streamer::take>("take"), InstanceMethod<&Streamer::post>("post"),
             InstanceMethod<&Streamer::applied_events>("appliedEvents"),
             InstanceMethod<&Streamer::find_node>("findNode"),
             InstanceMethod<&Streamer::wait_node_completion>("waitNodeCompletion"),
             InstanceMethod<&Streamer::node_has_completed>("nodeHasCompleted"),
             InstanceMethod<&Streamer::arena_stats>("arenaStats"),
             InstanceMethod<&Streamer::event_counts>("eventCounts"), InstanceMethod<&Streamer::close>("close"),
             InstanceAccessor<&Streamer::channels>("channels"), InstanceAccessor<&Streamer::latency>("latency")});
    }

    // (plan bytes, { block, workers, journal }). On failure `failure` holds why, and the streamer is closed.
    explicit Streamer(const Napi::CallbackInfo& info) : ObjectWrap(info) {
        amp_error error{};
        const OwnedPlan plan = read_plan(info[0], error);
        if (plan) {
            const auto options = info[1].As<Napi::Object>();
            auto settings = amp_streamer_settings_offline(options.Get("block").As<Napi::Number>().Int32Value(),
                                                          options.Get("workers").As<Napi::Number>().Int32Value());
            settings.journal = options.Get("journal").ToBoolean() ? 1 : 0;
            amp_streamer* made = nullptr;
            error.status = amp_streamer_create(plan.get(), &settings, &made, &error);
            if (error.status == AMP_OK) {
                streamer_ = SharedStreamer(made, StreamerDeleter{});
            }
        }
        info.This().As<Napi::Object>().Set("failure", streamer_ ? info.Env().Null()
                                                                : failure(info.Env(), error.status, error.message));
    }

private:
    bool open(const Napi::CallbackInfo& info) const {
        if (!streamer_) {
            Napi::Error::New(info.Env(), "the streamer is closed").ThrowAsJavaScriptException();
        }
        return streamer_ != nullptr;
    }

    // (samples: Float32Array, timeout in nanoseconds: number) -> Promise<status>
    Napi::Value take(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        auto samples = info[0].As<Napi::Float32Array>();
        float* const data = samples.Data();
        const auto frames =
            static_cast<int32_t>(samples.ElementLength() / static_cast<size_t>(amp_streamer_channels(streamer_.get())));
        const int64_t timeout = info[1].As<Napi::Number>().Int64Value();
        auto* const call = new BlockingCall(info.Env(), streamer_, [streamer = streamer_.get(), data, frames, timeout] {
            return amp_streamer_take(streamer, data, frames, timeout, nullptr);
        });
        call->keep(samples);
        call->Queue();
        return call->promise();
    }

    // (the fields of amp_event in their order) -> sequence, or a status below 0
    Napi::Value post(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        const auto number = [&](size_t i) { return info[i].As<Napi::Number>(); };
        const amp_event event{number(0).Int64Value(), number(1).Int32Value(),  number(2).Int32Value(),
                              number(3).Int32Value(), number(4).Uint32Value(), number(5).Uint32Value(),
                              number(6).FloatValue(), number(7).FloatValue(),  number(8).FloatValue()};
        uint32_t sequence = 0;
        const amp_status status = amp_streamer_post(streamer_.get(), &event, &sequence);
        return Napi::Number::New(info.Env(), status == AMP_OK ? double{sequence} : -double{status});
    }

    // () -> Float64Array of eleven numbers an event: the fields of amp_event in their order, the sequence, 1 if late
    Napi::Value applied_events(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        return numbers_of(info.Env(), read_applied_events(streamer_.get()));
    }

    // (id) -> index, or -1
    Napi::Value find_node(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        uint32_t node = 0;
        const std::string id = info[0].As<Napi::String>();
        const bool found = amp_streamer_find_node(streamer_.get(), id.c_str(), &node) == AMP_OK;
        return Napi::Number::New(info.Env(), found ? static_cast<double>(node) : -1.0);
    }

    // (node, frame, timeout in nanoseconds) -> Promise<status>
    Napi::Value wait_node_completion(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        const uint32_t node = info[0].As<Napi::Number>().Uint32Value();
        const int64_t frame = info[1].As<Napi::Number>().Int64Value();
        const int64_t timeout = info[2].As<Napi::Number>().Int64Value();
        auto* const call = new BlockingCall(info.Env(), streamer_, [streamer = streamer_.get(), node, frame, timeout] {
            return amp_wait_node_completion(streamer, node, frame, AMP_COMPLETION_WAIT, timeout);
        });
        call->Queue();
        return call->promise();
    }

    // (node, frame) -> status
    Napi::Value node_has_completed(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        return Napi::Number::New(
            info.Env(), amp_wait_node_completion(streamer_.get(), info[0].As<Napi::Number>().Uint32Value(),
                                                 info[1].As<Napi::Number>().Int64Value(), AMP_COMPLETION_POLL, 0));
    }

    Napi::Value arena_stats(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        const amp_arena_stats stats = amp_streamer_arena_stats(streamer_.get());
        auto object = Napi::Object::New(info.Env());
        object.Set("reserved", static_cast<double>(stats.reserved));
        object.Set("committed", static_cast<double>(stats.committed));
        object.Set("used", static_cast<double>(stats.used));
        return object;
    }

    Napi::Value event_counts(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        const amp_event_counts counts = amp_streamer_event_counts(streamer_.get());
        auto object = Napi::Object::New(info.Env());
        object.Set("late", static_cast<double>(counts.late));
        object.Set("lost", static_cast<double>(counts.lost));
        return object;
    }

    // Calls that are still running keep the streamer until they are over.
    void close(const Napi::CallbackInfo&) { streamer_.reset(); }

    Napi::Value channels(const Napi::CallbackInfo& info) {
        return open(info) ? Napi::Number::New(info.Env(), amp_streamer_channels(streamer_.get()))
                          : info.Env().Undefined();
    }
    Napi::Value latency(const Napi::CallbackInfo& info) {
        return open(info) ? Napi::Number::New(info.Env(), amp_streamer_latency(streamer_.get()))
                          : info.Env().Undefined();
    }

    SharedStreamer streamer_;
};

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
    exports.Set("version", amp_version());
    exports.Set("instructionSet", amp_instruction_set());
    exports.Set("nodeTypesJson", Napi::Function::New<node_types_json>(env));
    exports.Set("planJson", Napi::Function::New<plan_json>(env));
    exports.Set("Streamer", Streamer::define(env));
    return exports;
}

} // namespace

NODE_API_MODULE(amp_addon, initialise)

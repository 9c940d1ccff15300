#include "addon/streamer.h"

#include "addon/arena_stats.h"
#include "addon/blocking_call.h"
#include "addon/events.h"
#include "addon/failure.h"
#include "addon/hand_over.h"
#include "addon/heat.h"
#include "addon/streamer_handles.h"
#include "addon/whole_text.h"

#include <string>

namespace amp::addon {

namespace {

class Streamer : public Napi::ObjectWrap<Streamer> {
public:
    static Napi::Function define(Napi::Env env) {
        return DefineClass(
            env, "Streamer",
            {InstanceMethod<&Streamer::take>("take"), InstanceMethod<&Streamer::post>("post"),
             InstanceMethod<&Streamer::applied>("appliedEvents"), InstanceMethod<&Streamer::find_node>("findNode"),
             InstanceMethod<&Streamer::wait_node_completion>("waitNodeCompletion"),
             InstanceMethod<&Streamer::node_has_completed>("nodeHasCompleted"),
             InstanceMethod<&Streamer::arena_stats>("arenaStats"),
             InstanceMethod<&Streamer::cohorts_json>("cohortsJson"), InstanceMethod<&Streamer::heat>("heat"),
             InstanceMethod<&Streamer::event_counts>("eventCounts"), InstanceMethod<&Streamer::prepare>("prepare"),
             InstanceMethod<&Streamer::hand_over>("handOver"), InstanceMethod<&Streamer::took_over>("tookOverAt"),
             InstanceMethod<&Streamer::present_plan>("presentPlan"), InstanceMethod<&Streamer::retire>("retire"),
             InstanceMethod<&Streamer::close>("close"), InstanceAccessor<&Streamer::channels>("channels"),
             InstanceAccessor<&Streamer::latency>("latency")});
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

    Napi::Value post(const Napi::CallbackInfo& info) {
        return open(info) ? post_event(info, streamer_.get()) : info.Env().Undefined();
    }

    Napi::Value applied(const Napi::CallbackInfo& info) {
        return open(info) ? applied_events(info.Env(), streamer_.get()) : info.Env().Undefined();
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

    // (plan, node, frame, timeout in nanoseconds, whether to drain it) -> Promise<status>
    Napi::Value wait_node_completion(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        const uint32_t plan = info[0].As<Napi::Number>().Uint32Value();
        const uint32_t node = info[1].As<Napi::Number>().Uint32Value();
        const int64_t frame = info[2].As<Napi::Number>().Int64Value();
        const int64_t timeout = info[3].As<Napi::Number>().Int64Value();
        const amp_completion_mode mode =
            info[4].As<Napi::Boolean>().Value() ? AMP_COMPLETION_DRAIN : AMP_COMPLETION_WAIT;
        auto* const call =
            new BlockingCall(info.Env(), streamer_, [streamer = streamer_.get(), plan, node, frame, mode, timeout] {
                return amp_wait_plan_node_completion(streamer, plan, node, frame, mode, timeout);
            });
        call->Queue();
        return call->promise();
    }

    // (plan, node, frame) -> status
    Napi::Value node_has_completed(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        return Napi::Number::New(
            info.Env(), amp_wait_plan_node_completion(streamer_.get(), info[0].As<Napi::Number>().Uint32Value(),
                                                      info[1].As<Napi::Number>().Uint32Value(),
                                                      info[2].As<Napi::Number>().Int64Value(), AMP_COMPLETION_POLL, 0));
    }

    Napi::Value arena_stats(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        return arena_stats_of(info.Env(), streamer_.get());
    }

    Napi::Value cohorts_json(const Napi::CallbackInfo& info) {
        if (!open(info)) {
            return info.Env().Undefined();
        }
        return Napi::String::New(info.Env(), whole_text([this](char* text, size_t size) {
                                     return amp_streamer_cohorts_json(streamer_.get(), text, size);
                                 }));
    }

    Napi::Value heat(const Napi::CallbackInfo& info) {
        return open(info) ? heat_of(info.Env(), streamer_.get()) : info.Env().Undefined();
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

    Napi::Value prepare(const Napi::CallbackInfo& info) {
        return open(info) ? prepare_plan(info, streamer_) : info.Env().Undefined();
    }
    Napi::Value hand_over(const Napi::CallbackInfo& info) {
        return open(info) ? hand_over_to(info, streamer_.get()) : info.Env().Undefined();
    }
    Napi::Value took_over(const Napi::CallbackInfo& info) {
        return open(info) ? took_over_at(info, streamer_.get()) : info.Env().Undefined();
    }
    Napi::Value present_plan(const Napi::CallbackInfo& info) {
        return open(info) ? Napi::Number::New(info.Env(), amp_streamer_present_plan(streamer_.get()))
                          : info.Env().Undefined();
    }
    Napi::Value retire(const Napi::CallbackInfo& info) {
        return open(info) ? retire_plans(info, streamer_) : info.Env().Undefined();
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

} // namespace

Napi::Function define_streamer(Napi::Env env) { return Streamer::define(env); }

} // namespace amp::addon

#include "addon/gradient.h"

#include "addon/failure.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace amp::addon {

namespace {

// A call of the C API on Node's thread pool. Resolves its promise with null, or with a failure.
class FallibleCall : public Napi::AsyncWorker {
public:
    using Body = std::function<amp_status(amp_error&)>;
    FallibleCall(Napi::Env env, Body body)
        : AsyncWorker(env), promise_(Napi::Promise::Deferred::New(env)), body_(std::move(body)) {}

    // Keeps a value alive until the call is over.
    void keep(const Napi::Object& value) { kept_.push_back(Napi::Persistent(value)); }

    Napi::Promise start() {
        Queue();
        return promise_.Promise();
    }

    void Execute() override { error_.status = body_(error_); }
    void OnOK() override {
        promise_.Resolve(error_.status == AMP_OK ? Env().Null() : failure(Env(), error_.status, error_.message));
    }
    void OnError(const Napi::Error& error) override { promise_.Reject(error.Value()); }

private:
    Napi::Promise::Deferred promise_;
    Body body_;
    std::vector<Napi::ObjectReference> kept_;
    amp_error error_{};
};

// The values of a Float64Array, or null for anything else.
double* values_of(const Napi::Value& value) {
    return value.IsTypedArray() ? value.As<Napi::Float64Array>().Data() : nullptr;
}

Napi::Value closed(Napi::Env env, const char* what) {
    Napi::Error::New(env, what).ThrowAsJavaScriptException();
    return env.Undefined();
}

class Gradient : public Napi::ObjectWrap<Gradient> {
public:
    static Napi::Function define(Napi::Env env) {
        return DefineClass(env, "Gradient",
                           {InstanceMethod<&Gradient::record>("record"),
                            InstanceMethod<&Gradient::backward>("backward"),
                            InstanceMethod<&Gradient::close>("close")});
    }

    // (plan bytes, { block, workers, frames, events }), events as twelve numbers each. On failure `failure` holds why,
    // and the run is closed.
    explicit Gradient(const Napi::CallbackInfo& info) : ObjectWrap(info) {
        amp_error error{};
        const OwnedPlan plan = read_plan(info[0], error);
        auto self = info.This().As<Napi::Object>();
        if (plan) {
            const auto options = info[1].As<Napi::Object>();
            const std::vector<amp_event> events = events_of(options.Get("events").As<Napi::Float64Array>());
            const amp_gradient_settings settings{options.Get("block").As<Napi::Number>().Int32Value(),
                                                 options.Get("workers").As<Napi::Number>().Int32Value(),
                                                 options.Get("frames").As<Napi::Number>().Int64Value(), events.data(),
                                                 events.size()};
            amp_gradient* made = nullptr;
            error.status = amp_gradient_create(plan.get(), &settings, &made, &error);
            if (error.status == AMP_OK) {
                gradient_.reset(made, amp_gradient_free);
                self.Set("channels", amp_gradient_channels(made));
                self.Set("parameters", static_cast<double>(amp_gradient_parameters(made)));
                self.Set("edges", static_cast<double>(amp_gradient_edges(made)));
                self.Set("bytes", static_cast<double>(amp_gradient_bytes(made)));
            }
        }
        self.Set("failure", gradient_ ? info.Env().Null() : failure(info.Env(), error.status, error.message));
    }

private:
    static std::vector<amp_event> events_of(const Napi::Float64Array& numbers) {
        constexpr size_t kNumbers = 12;
        std::vector<amp_event> events;
        for (size_t at = 0; at + kNumbers <= numbers.ElementLength(); at += kNumbers) {
            const double* const row = numbers.Data() + at;
            events.push_back({static_cast<int64_t>(row[0]), static_cast<int32_t>(row[1]), static_cast<int32_t>(row[2]),
                              static_cast<int32_t>(row[3]), static_cast<uint32_t>(row[4]),
                              static_cast<uint32_t>(row[5]), static_cast<float>(row[6]), static_cast<float>(row[7]),
                              static_cast<float>(row[8]), static_cast<float>(row[9]), static_cast<uint32_t>(row[10]),
                              static_cast<int32_t>(row[11])});
        }
        return events;
    }

    // (sound: Float64Array) -> Promise<null or failure>
    Napi::Value record(const Napi::CallbackInfo& info) {
        if (!gradient_) {
            return closed(info.Env(), "the gradient is closed");
        }
        double* const sound = values_of(info[0]);
        auto* const call = new FallibleCall(info.Env(), [gradient = gradient_, sound](amp_error& error) {
            return amp_gradient_record(gradient.get(), sound, &error);
        });
        call->keep(info[0].As<Napi::Object>());
        return call->start();
    }

    // (by sound, by parameters, by edge gains: Float64Array) -> Promise<null or failure>
    Napi::Value backward(const Napi::CallbackInfo& info) {
        if (!gradient_) {
            return closed(info.Env(), "the gradient is closed");
        }
        double* const by_sound = values_of(info[0]);
        double* const by_parameters = values_of(info[1]);
        double* const by_edge_gains = values_of(info[2]);
        auto* const call = new FallibleCall(
            info.Env(), [gradient = gradient_, by_sound, by_parameters, by_edge_gains](amp_error& error) {
                return amp_gradient_backward(gradient.get(), by_sound, by_parameters, by_edge_gains, &error);
            });
        for (size_t i = 0; i < info.Length(); ++i) {
            call->keep(info[i].As<Napi::Object>());
        }
        return call->start();
    }

    // Calls that are still running keep it until they are over.
    void close(const Napi::CallbackInfo&) { gradient_.reset(); }

    std::shared_ptr<amp_gradient> gradient_;
};

class SpectralLoss : public Napi::ObjectWrap<SpectralLoss> {
public:
    static Napi::Function define(Napi::Env env) {
        return DefineClass(
            env, "SpectralLoss",
            {InstanceMethod<&SpectralLoss::measure>("measure"), InstanceMethod<&SpectralLoss::close>("close")});
    }

    // (wanted: Float64Array, channels). On failure `failure` holds why, and it is closed.
    explicit SpectralLoss(const Napi::CallbackInfo& info) : ObjectWrap(info) {
        const auto wanted = info[0].As<Napi::Float64Array>();
        const int32_t channels = info[1].As<Napi::Number>().Int32Value();
        const auto frames = static_cast<int64_t>(wanted.ElementLength()) / (channels < 1 ? 1 : channels);
        amp_error error{};
        amp_spectral_loss* made = nullptr;
        error.status = amp_spectral_loss_create(wanted.Data(), channels, frames, &made, &error);
        if (error.status == AMP_OK) {
            loss_.reset(made, amp_spectral_loss_free);
        }
        info.This().As<Napi::Object>().Set("failure", loss_ ? info.Env().Null()
                                                            : failure(info.Env(), error.status, error.message));
    }

private:
    // (sound, distance: Float64Array of one, by sound: Float64Array or null) -> Promise<null or failure>
    Napi::Value measure(const Napi::CallbackInfo& info) {
        if (!loss_) {
            return closed(info.Env(), "the loss is closed");
        }
        const double* const sound = values_of(info[0]);
        double* const distance = values_of(info[1]);
        double* const by_sound = values_of(info[2]);
        auto* const call = new FallibleCall(info.Env(), [loss = loss_, sound, distance, by_sound](amp_error& error) {
            return amp_spectral_loss_measure(loss.get(), sound, distance, by_sound, &error);
        });
        for (size_t i = 0; i < info.Length(); ++i) {
            if (info[i].IsObject()) {
                call->keep(info[i].As<Napi::Object>());
            }
        }
        return call->start();
    }

    void close(const Napi::CallbackInfo&) { loss_.reset(); }

    std::shared_ptr<amp_spectral_loss> loss_;
};

} // namespace

Napi::Function define_gradient(Napi::Env env) { return Gradient::define(env); }
Napi::Function define_spectral_loss(Napi::Env env) { return SpectralLoss::define(env); }

} // namespace amp::addon

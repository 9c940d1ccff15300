#include "addon/hand_over.h"

#include "addon/failure.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace amp::addon {

namespace {

class Preparation : public Napi::AsyncWorker {
public:
    Preparation(Napi::Env env, SharedStreamer streamer, std::vector<std::uint8_t> plan,
                const amp_hand_over_settings& settings)
        : AsyncWorker(env),
          promise_(Napi::Promise::Deferred::New(env)),
          streamer_(std::move(streamer)),
          plan_(std::move(plan)),
          settings_(settings) {}

    Napi::Promise promise() const { return promise_.Promise(); }

    void Execute() override {
        amp_plan* read = nullptr;
        error_.status = amp_plan_read(plan_.data(), plan_.size(), &read, &error_);
        const OwnedPlan plan(read);
        if (error_.status == AMP_OK) {
            error_.status = amp_streamer_prepare(streamer_.get(), plan.get(), &settings_, &number_, &error_);
        }
    }
    void OnOK() override {
        promise_.Resolve(error_.status == AMP_OK ? Napi::Number::New(Env(), number_)
                                                 : failure(Env(), error_.status, error_.message));
    }
    void OnError(const Napi::Error& error) override { promise_.Reject(error.Value()); }

private:
    Napi::Promise::Deferred promise_;
    SharedStreamer streamer_;
    const std::vector<std::uint8_t> plan_;
    const amp_hand_over_settings settings_;
    amp_error error_{};
    std::uint32_t number_ = 0;
};

class Retirement : public Napi::AsyncWorker {
public:
    Retirement(Napi::Env env, SharedStreamer streamer)
        : AsyncWorker(env), promise_(Napi::Promise::Deferred::New(env)), streamer_(std::move(streamer)) {}

    Napi::Promise promise() const { return promise_.Promise(); }

    void Execute() override { left_ = amp_streamer_retire(streamer_.get()); }
    void OnOK() override { promise_.Resolve(Napi::Number::New(Env(), static_cast<double>(left_))); }
    void OnError(const Napi::Error& error) override { promise_.Reject(error.Value()); }

private:
    Napi::Promise::Deferred promise_;
    SharedStreamer streamer_;
    std::size_t left_ = 0;
};

} // namespace

Napi::Value prepare_plan(const Napi::CallbackInfo& info, const SharedStreamer& streamer) {
    const auto bytes = info[0].As<Napi::Uint8Array>();
    const auto options = info[1].As<Napi::Object>();
    const amp_hand_over_settings settings{options.Get("kind").As<Napi::Number>().Int32Value(),
                                          options.Get("crossfadeSeconds").As<Napi::Number>().DoubleValue(),
                                          options.Get("ringSeconds").As<Napi::Number>().DoubleValue()};
    auto* const preparation =
        new Preparation(info.Env(), streamer, {bytes.Data(), bytes.Data() + bytes.ByteLength()}, settings);
    preparation->Queue();
    return preparation->promise();
}

Napi::Value hand_over_to(const Napi::CallbackInfo& info, amp_streamer* streamer) {
    return Napi::Number::New(info.Env(), amp_streamer_hand_over(streamer, info[0].As<Napi::Number>().Uint32Value(),
                                                                info[1].As<Napi::Number>().Int64Value()));
}

Napi::Value took_over_at(const Napi::CallbackInfo& info, const amp_streamer* streamer) {
    constexpr double kGone = -2;
    std::int64_t frame = -1;
    const amp_status status = amp_streamer_took_over(streamer, info[0].As<Napi::Number>().Uint32Value(), &frame);
    return Napi::Number::New(info.Env(), status == AMP_OK ? static_cast<double>(frame) : kGone);
}

Napi::Value retire_plans(const Napi::CallbackInfo& info, const SharedStreamer& streamer) {
    auto* const retirement = new Retirement(info.Env(), streamer);
    retirement->Queue();
    return retirement->promise();
}

} // namespace amp::addon

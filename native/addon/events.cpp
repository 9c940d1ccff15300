#include "addon/events.h"

#include <algorithm>
#include <vector>

namespace amp::addon {

Napi::Value post_event(const Napi::CallbackInfo& info, amp_streamer* streamer) {
    const auto number = [&](size_t i) { return info[i].As<Napi::Number>(); };
    const amp_event event{number(0).Int64Value(), number(1).Int32Value(),   number(2).Int32Value(),
                          number(3).Int32Value(), number(4).Uint32Value(),  number(5).Uint32Value(),
                          number(6).FloatValue(), number(7).FloatValue(),   number(8).FloatValue(),
                          number(9).FloatValue(), number(10).Uint32Value(), number(11).Int32Value()};
    uint32_t sequence = 0;
    const amp_status status = amp_streamer_post(streamer, &event, &sequence);
    return Napi::Number::New(info.Env(),
                             status == AMP_OK ? static_cast<double>(sequence) : -static_cast<double>(status));
}

Napi::Value applied_events(Napi::Env env, amp_streamer* streamer) {
    constexpr size_t kAtOnce = 1024;
    std::vector<amp_applied_event> events;
    for (size_t count = kAtOnce; count == kAtOnce;) {
        const size_t before = events.size();
        events.resize(before + kAtOnce);
        count = amp_streamer_applied_events(streamer, events.data() + before, kAtOnce);
        events.resize(before + count);
    }
    constexpr size_t kNumbers = 14;
    auto numbers = Napi::Float64Array::New(env, events.size() * kNumbers);
    double* to = numbers.Data();
    for (const auto& [event, sequence, was_late] : events) {
        const double row[kNumbers] = {static_cast<double>(event.frame),
                                      double(event.kind),
                                      double(event.channel),
                                      double(event.note),
                                      double(event.node),
                                      double(event.parameter),
                                      double{event.value},
                                      double{event.rate},
                                      double{event.acceleration},
                                      double{event.area},
                                      double(event.plan),
                                      double(sequence),
                                      double(was_late),
                                      double(event.at_once)};
        to = std::copy_n(row, kNumbers, to);
    }
    return numbers;
}

} // namespace amp::addon

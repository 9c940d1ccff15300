// A plan that plays, through amp.h and nothing else.
#pragma once

#include "amp.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace amp::test {

// Settings for `workers` workers with some blocks in flight and room in the output.
amp_streamer_settings settings_for(int block, int workers);
amp_streamer_settings settings_for(int block, int workers, int in_flight, int output_frames);

class Stream {
public:
    // Throws std::runtime_error with the engine's message if the plan is refused.
    explicit Stream(const std::vector<std::byte>& plan, amp_streamer_settings settings = settings_for(64, 1));

    amp_streamer* get() const { return streamer_.get(); }
    int channels() const { return amp_streamer_channels(get()); }
    int latency() const { return amp_streamer_latency(get()); }

    // Throws if there is no such node, or the event is refused.
    std::uint32_t node(const char* id) const;
    void post(const amp_event& event) const;
    void post(const std::vector<amp_event>& events) const;

    // The next frames, channels side by side; throws if they take a minute.
    std::vector<float> take(int frames) const;

private:
    std::unique_ptr<amp_streamer, decltype(&amp_streamer_free)> streamer_;
};

// The first `frames` stream frames of `channel`: what is heard, without the limiter's latency.
std::vector<float> rendered(const std::vector<std::byte>& plan, int frames, const std::vector<amp_event>& events = {},
                            int block = 64, int workers = 1, int channel = 0);

amp_event note_on(std::int64_t frame, int note, float velocity = 0.5F, int channel = 1);
amp_event note_off(std::int64_t frame, int note, int channel = 1);
amp_event channel_event(std::int64_t frame, amp_event_kind kind, float value, int channel = 1);
amp_event set_parameter(std::int64_t frame, std::uint32_t node, std::uint32_t parameter, float value, float rate = 0,
                        float acceleration = 0, float area = 0);
amp_event set_edge_gain(std::int64_t frame, std::uint32_t edge, float value, float rate = 0, float acceleration = 0,
                        float area = 0);

amp_event set_gate(std::int64_t frame, std::uint32_t gate, int change);
amp_event drain_node(std::int64_t frame, std::uint32_t node, bool ends);
amp_event shed_voice(std::int64_t frame, std::uint32_t keys, std::uint32_t voice);

// All events that were applied and not read yet.
std::vector<amp_applied_event> applied_events(const Stream& stream);

} // namespace amp::test

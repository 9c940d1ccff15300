#include "support/stream.h"

#include "support/patience.h"

#include <stdexcept>
#include <string>

namespace amp::test {

namespace {

constexpr std::int64_t kLongest = kPatience * 60'000'000'000;

amp_streamer* started(const std::vector<std::byte>& bytes, const amp_streamer_settings& settings) {
    amp_error error{};
    amp_plan* plan = nullptr;
    if (amp_plan_read(bytes.data(), bytes.size(), &plan, &error) != AMP_OK) {
        throw std::runtime_error(error.message);
    }
    amp_streamer* streamer = nullptr;
    const amp_status made = amp_streamer_create(plan, &settings, &streamer, &error);
    amp_plan_free(plan);
    if (made != AMP_OK) {
        throw std::runtime_error(error.message);
    }
    return streamer;
}

} // namespace

amp_streamer_settings settings_for(int block, int workers) {
    return settings_for(block, workers, workers > 1 ? 4 : 1, 2048);
}

amp_streamer_settings settings_for(int block, int workers, int in_flight, int output_frames) {
    amp_streamer_settings settings{};
    settings.block = block;
    settings.workers = workers;
    settings.in_flight = in_flight;
    settings.output_frames = output_frames;
    return settings;
}

Stream::Stream(const std::vector<std::byte>& plan, amp_streamer_settings settings)
    : streamer_(started(plan, settings), amp_streamer_free) {}

std::uint32_t Stream::node(const char* id) const {
    std::uint32_t found = 0;
    if (amp_streamer_find_node(get(), id, &found) != AMP_OK) {
        throw std::runtime_error(std::string("no node ") + id);
    }
    return found;
}

void Stream::post(const amp_event& event) const {
    const amp_status posted = amp_streamer_post(get(), &event, nullptr);
    if (posted != AMP_OK) {
        throw std::runtime_error(std::string("event refused: ") + amp_status_text(posted));
    }
}

void Stream::post(const std::vector<amp_event>& events) const {
    for (const amp_event& event : events) {
        post(event);
    }
}

std::vector<float> Stream::take(int frames) const {
    std::vector<float> samples(static_cast<std::size_t>(frames * channels()));
    if (amp_streamer_take(get(), samples.data(), frames, kLongest, nullptr) != AMP_OK) {
        throw std::runtime_error("no frames come");
    }
    return samples;
}

std::vector<float> rendered(const std::vector<std::byte>& plan, int frames, const std::vector<amp_event>& events,
                            int block, int workers, int channel) {
    const Stream stream(plan, settings_for(block, workers));
    stream.post(events);
    const auto samples = stream.take(frames + stream.latency());
    std::vector<float> heard;
    for (int f = stream.latency(); f < frames + stream.latency(); ++f) {
        heard.push_back(samples[static_cast<std::size_t>(f * stream.channels() + channel)]);
    }
    return heard;
}

amp_event note_on(std::int64_t frame, int note, float velocity, int channel) {
    return {frame, AMP_EVENT_NOTE_ON, channel, note, 0, 0, velocity, 0, 0, 0, 0, 0};
}

amp_event note_off(std::int64_t frame, int note, int channel) {
    return {frame, AMP_EVENT_NOTE_OFF, channel, note, 0, 0, 0, 0, 0, 0, 0, 0};
}

amp_event channel_event(std::int64_t frame, amp_event_kind kind, float value, int channel) {
    return {frame, kind, channel, kind == AMP_EVENT_PRESSURE ? 255 : 0, 0, 0, value, 0, 0, 0, 0, 0};
}

amp_event set_parameter(std::int64_t frame, std::uint32_t node, std::uint32_t parameter, float value, float rate,
                        float acceleration, float area) {
    return {frame, AMP_EVENT_SET_PARAMETER, 0, 0, node, parameter, value, rate, acceleration, area, 0, 0};
}

amp_event set_edge_gain(std::int64_t frame, std::uint32_t edge, float value, float rate, float acceleration,
                        float area) {
    return {frame, AMP_EVENT_SET_EDGE_GAIN, 0, 0, edge, 0, value, rate, acceleration, area, 0, 0};
}

amp_event set_gate(std::int64_t frame, std::uint32_t gate, int change) {
    return {frame, AMP_EVENT_SET_GATE, 0, 0, gate, 0, static_cast<float>(change), 0, 0, 0, 0, 0};
}

amp_event shed_voice(std::int64_t frame, std::uint32_t keys, std::uint32_t voice) {
    return {frame, AMP_EVENT_SHED_VOICE, 0, 0, keys, voice, 0, 0, 0, 0, 0, 0};
}

amp_event drain_node(std::int64_t frame, std::uint32_t node, bool ends) {
    return {frame, AMP_EVENT_DRAIN_NODE, 0, 0, node, 0, ends ? 1.0F : 0.0F, 0, 0, 0, 0, 0};
}

std::vector<amp_applied_event> applied_events(const Stream& stream) {
    std::vector<amp_applied_event> events(100'000);
    events.resize(amp_streamer_applied_events(stream.get(), events.data(), events.size()));
    return events;
}

} // namespace amp::test

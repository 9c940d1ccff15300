#include "support/live_stream.h"

#include "support/patience.h"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace amp::test {

namespace {

using Clock = std::chrono::steady_clock;

// Looks each 5 ms whether it is so.
void wait_until(const char* what, const std::function<bool()>& is_so) {
    for (const auto begin = Clock::now(); !is_so();) {
        if (Clock::now() - begin > kPatience * std::chrono::seconds(60)) {
            throw std::runtime_error(std::string(what) + ": it does not come");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

} // namespace

amp_streamer_settings live_settings(int block, int workers, int in_flight) {
    amp_streamer_settings settings = amp_streamer_settings_live(block, workers);
    settings.in_flight = in_flight;
    settings.real_time = 0;
    return settings;
}

LiveStream::LiveStream(const std::vector<std::byte>& plan, int block, int workers, const std::vector<amp_event>& events,
                       int in_flight)
    : Stream(plan, live_settings(block, workers, in_flight)) {
    post(events);
    if (amp_streamer_start_clock(get()) != AMP_OK) {
        throw std::runtime_error("no clock");
    }
}

LiveSnapshot LiveStream::snapshot() const {
    LiveSnapshot snapshot;
    amp_snapshot& told = snapshot.told;
    told.version = AMP_SNAPSHOT_VERSION;
    const auto fill = [&] {
        if (amp_streamer_snapshot(get(), &told) != AMP_OK) {
            throw std::runtime_error("no snapshot");
        }
    };
    fill();
    snapshot.nodes.resize(told.node_count);
    snapshot.edges.resize(told.edge_count);
    snapshot.workers.resize(told.worker_count);
    told.nodes = snapshot.nodes.data();
    told.node_room = told.node_count;
    told.edges = snapshot.edges.data();
    told.edge_room = told.edge_count;
    told.workers = snapshot.workers.data();
    told.worker_room = told.worker_count;
    fill();
    return snapshot;
}

LiveSnapshot LiveStream::snapshot_once(const std::function<bool(const LiveSnapshot&)>& wanted) const {
    LiveSnapshot snapshot;
    wait_until("the snapshot", [&] {
        snapshot = this->snapshot();
        return wanted(snapshot);
    });
    return snapshot;
}

void LiveStream::wait_for(std::int64_t frames) const {
    wait_until("frames", [&] { return status().made >= frames; });
}

std::vector<float> LiveStream::output(std::int64_t frame, int frames) const {
    std::vector<float> samples(static_cast<std::size_t>(frames * channels()));
    std::int32_t copied = 0;
    if (amp_streamer_read_output(get(), frame, samples.data(), frames, &copied) != AMP_OK || copied != frames) {
        throw std::runtime_error("the frames are not there");
    }
    return samples;
}

std::vector<amp_applied_event> LiveStream::applied() const {
    std::vector<amp_applied_event> events(65536);
    events.resize(amp_streamer_applied_events(get(), events.data(), events.size()));
    return events;
}

std::vector<amp_xrun> LiveStream::xruns_until(const std::function<bool(const amp_xrun&)>& wanted) const {
    std::vector<amp_xrun> found;
    wait_until("the xrun", [&] {
        amp_xrun xrun{};
        while (amp_streamer_xruns(get(), &xrun, 1) == 1) {
            found.push_back(xrun);
            if (wanted(xrun)) {
                return true;
            }
        }
        return false;
    });
    return found;
}

} // namespace amp::test

// A plan that the clock device paces, through amp.h and nothing else.
#pragma once

#include "support/stream.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace amp::test {

// A snapshot with room for everything.
struct LiveSnapshot {
    amp_snapshot told{};
    std::vector<amp_node_status> nodes;
    std::vector<amp_edge_status> edges;
    std::vector<amp_worker_status> workers;
};

class LiveStream : public Stream {
public:
    // The clock runs; `events` were posted before its first frame.
    explicit LiveStream(const std::vector<std::byte>& plan, int block = 64, int workers = 1,
                        const std::vector<amp_event>& events = {}, int in_flight = 1);

    amp_live_status status() const { return amp_streamer_live_status(get(), 0); }

    // Throws if there is none.
    LiveSnapshot snapshot() const;

    // Sleeps until a snapshot is `wanted`, and gives it; throws if that does not come.
    LiveSnapshot snapshot_once(const std::function<bool(const LiveSnapshot&)>& wanted) const;

    // Sleeps until so many frames are made; throws if that does not come.
    void wait_for(std::int64_t frames) const;

    // Output frames that are made and kept; throws if they are not.
    std::vector<float> output(std::int64_t frame, int frames) const;

    // All events that were applied since the last call.
    std::vector<amp_applied_event> applied() const;

    // Collects xruns until one is `wanted`, which comes last; throws if that does not come.
    std::vector<amp_xrun> xruns_until(const std::function<bool(const amp_xrun&)>& wanted) const;
};

// Live settings without the wish for a real-time class, which would let a test stop its machine.
amp_streamer_settings live_settings(int block, int workers, int in_flight = 1);

} // namespace amp::test

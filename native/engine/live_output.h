// The output of a streamer that a device paces: the memory that is played, and what the stream clock says of time.
#pragma once

#include "base/result.h"
#include "io/clock_device.h"
#include "io/output_memory.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace amp::engine {

class LiveOutput {
public:
    // Room for at least ten seconds. Of `in_flight` blocks that may run at once all but one are made ahead. [compiler]
    static Result<std::unique_ptr<LiveOutput>> create(int channels, int block, int in_flight, double sample_rate);

    // Frames begin to be asked for: by the clock device while no device program owns the output. Nothing the second
    // time. Error: no_thread. [main]
    Result<bool> start_clock();

    // [any]
    const io::OutputMemory& memory() const { return memory_; }
    io::OutputHeader& header() const { return memory_.header(); }

    // The ring's frames below `frames` are made. [worker]
    void publish(std::int64_t frames) AMP_REAL_TIME {
        made_.store(frames, std::memory_order_release);
        header().made.store(frames, std::memory_order_seq_cst);
    }

    // Frames that are made; not read from the memory, where another process may write. [any]
    std::int64_t made() const { return made_.load(std::memory_order_acquire); }

    // Frames from an event's arrival to the frame at which it applies: the block after the longest that may be sealed
    // by then. [any]
    std::int64_t event_delay() const;

    // The stream frame for something that arrived at `arrival_ns` (CLOCK_MONOTONIC). [any]
    std::int64_t event_frame(std::int64_t arrival_ns) const;

    // When output frame `frame` is asked for (CLOCK_MONOTONIC); before the first was, as if that were now. [any]
    std::int64_t frame_time(std::int64_t frame) const;

    // Copies made frames from `frame` on, channels side by side, and returns how many; nothing when they are
    // overwritten, or so old that they might be meanwhile. [any]
    std::optional<int> read(std::int64_t frame, std::span<float> out) const;

    struct Level {
        float peak = 0, rms = 0;
    };

    // Of each channel, over the last 50 ms that were made. [main]
    std::vector<Level> levels() const;

private:
    explicit LiveOutput(io::OutputMemory memory) : memory_(std::move(memory)), clock_device_(memory_) {}
    io::ClockFit clock_fit() const;

    io::OutputMemory memory_;
    std::atomic<std::int64_t> made_{0};
    io::ClockDevice clock_device_;
};

} // namespace amp::engine

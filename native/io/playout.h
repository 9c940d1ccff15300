// Plays the output memory: what a device's callback does.
#pragma once

#include "base/real_time.h"
#include "io/declick.h"
#include "io/delay_locked_loop.h"
#include "io/output_memory.h"

#include <atomic>
#include <cstdint>

namespace amp::io {

// What a playout has to do with the output.
enum class PlayoutState {
    waiting, // somebody else plays, or the first frames are not made yet
    playing, // owner of the output
    deposed, // it was the owner, and another has taken the output: it never plays again
};

// One player of an output memory. Of all players, in all processes, only the owner moves the clock and is heard.
// A device program takes the output from the clock device as soon as the frames for its buffer are made.
class Playout {
public:
    // `token` is kClockDevice or a number that no other device program of this stream has. The memory must outlive it.
    // [compiler]
    Playout(OutputMemory& memory, std::uint32_t token);

    // Gives the next `frames` frames, channels side by side, and lets the engine make those after them. `out` may be
    // null: then the frames are only counted. `now_ns` is CLOCK_MONOTONIC. Never waits: frames that are not made in
    // time are faded over, counted and skipped; more than 8 buffers behind, the clock goes back to what is made. False
    // if somebody else plays. [device]
    bool pull(float* out, int frames, std::int64_t now_ns) AMP_REAL_TIME;

    // The device says that it ran out of frames before the next pull. [device]
    void report_device_underflow() AMP_REAL_TIME { device_underflow_ = true; }

    // Time was lost before the next pull that nobody will make up for. [device]
    void report_lost_time(std::int64_t frames) AMP_REAL_TIME { lost_frames_ = frames; }

    // Leaves the output to the clock device; later pulls fade out. [any]
    void release() AMP_REAL_TIME;

    // As release, for a device that has stopped to call: the loss is counted. [any]
    void give_up() AMP_REAL_TIME;

    // [any]
    PlayoutState state() const { return state_.load(std::memory_order_acquire); }

private:
    bool take_turn() AMP_REAL_TIME;
    void end_turn() AMP_REAL_TIME;
    bool is_owner(int frames) AMP_REAL_TIME;
    bool take_over(int frames) AMP_REAL_TIME;
    void listen_for_bursts(int frames, std::int64_t now_ns) AMP_REAL_TIME;
    void play(float* out, int frames, std::int64_t now_ns) AMP_REAL_TIME;
    void copy(float* out, std::int64_t frame, std::int64_t count) AMP_REAL_TIME;
    void anchor(std::int64_t now_ns) AMP_REAL_TIME;
    void count_missing(std::int64_t frame, std::int64_t available, std::int64_t missing,
                       std::int64_t now_ns) AMP_REAL_TIME;
    void close_gap() AMP_REAL_TIME;
    void keep_time(std::int64_t frame, bool all_there, std::int64_t now_ns) AMP_REAL_TIME;
    void allow_beyond(std::int64_t frame) AMP_REAL_TIME;
    std::int64_t most_ahead() const AMP_REAL_TIME;

    OutputMemory& memory_;
    OutputHeader& header_;
    const std::uint32_t token_;
    const std::int32_t process_;
    const double ns_per_frame_;
    Declick declick_;
    DelayLockedLoop loop_;
    std::atomic<PlayoutState> state_{PlayoutState::waiting};
    std::int64_t left_at_ = -1; // the clock after this player's last frames
    bool begins_anew_ = true;   // the next frames do not follow this player's last ones
    bool device_underflow_ = false;
    std::int64_t lost_frames_ = 0;
    bool was_off_ = false; // the last call came at an odd time
    int tries_ = 0;        // bursts that have waited to take over

    // Some devices ask for several buffers at once, then pause: what they ask for in one go counts as one buffer.
    std::int64_t last_pull_ns_ = 0;
    std::int64_t last_pull_frames_ = 0;
    bool in_burst_ = false;
    std::int64_t burst_frames_ = 0;         // so far, of the present burst
    int large_bursts_ = 0;                  // bursts beyond the buffer that have come one after another,
    std::int64_t smallest_large_burst_ = 0; // and the smallest of them
    std::int64_t buffer_frames_ = 0;        // what is believed
};

} // namespace amp::io

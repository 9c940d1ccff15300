// What lies in front of the samples of the output memory: one layout for the engine and for the device program.
#pragma once

#include "base/bounded_queue.h"
#include "base/pace.h"
#include "io/clock_fit.h"
#include "io/gap_log.h"

#include <atomic>
#include <cstdint>
#include <type_traits>

namespace amp::io {

inline constexpr std::uint64_t kOutputMagic = 0x54554F'504D41; // "AMPOUT"
inline constexpr std::uint32_t kOutputVersion = 3;

struct OutputGeometry {
    std::int32_t channels = 2;
    std::int32_t block = 64;          // frames that the engine makes at once
    std::int64_t capacity_frames = 0; // a multiple of the block, so a block never wraps
    double sample_rate = 48000;       // hertz
    std::int64_t ahead_frames = 0;    // that are made so much earlier: blocks overlap
};

// The owner that is no device program: the clock device in the engine's own process.
inline constexpr std::uint32_t kClockDevice = 0;

// All counters count from the stream's start. Whoever holds `pulling` is the one writer of what is below it.
struct OutputHeader {
    explicit OutputHeader(const OutputGeometry& with) : geometry(with) {}

    // Written once, before anybody else can see it.
    std::uint64_t magic = kOutputMagic;
    std::uint32_t version = kOutputVersion;
    std::uint32_t header_bytes = 0;
    OutputGeometry geometry;

    // Output frames that the engine has made.
    alignas(kCacheLine) std::atomic<std::int64_t> made{0};

    // Blocks that the engine may make.
    alignas(kCacheLine) Pace pace{WakeUp::Reach::all_processes};

    alignas(kCacheLine) std::atomic<std::uint32_t> owner{kClockDevice}; // or the token of a device program
    std::atomic<std::int32_t> owner_process{0};                         // of the newest device program that played
    std::atomic<std::uint64_t> pulling{0}; // 0, or the token of whoever pulls just now, plus 1

    alignas(kCacheLine) std::atomic<std::int64_t> clock{0}; // the next output frame to be asked for
    std::atomic<std::int64_t> callbacks{0};
    std::atomic<std::int64_t> last_callback_ns{0}; // CLOCK_MONOTONIC
    std::atomic<std::int64_t> device_frames{0};    // the largest pull of the present owner
    std::atomic<std::int64_t> lookahead{0};        // frames that may be made beyond the clock
    std::atomic<std::int64_t> missed_frames{0};    // asked for before they were made
    std::atomic<std::int64_t> anchors{0};
    std::atomic<std::int64_t> device_underflows{0};
    std::atomic<std::int64_t> device_losses{0}; // device programs that stopped calling
    std::atomic<std::int64_t> gap_begin{0};     // a gap of missing frames that is not over: its first frame,
    std::atomic<std::int64_t> gap_frames{0};    // its length so far, 0: there is none,
    std::atomic<std::int64_t> gap_begin_ns{0};  // and its time
    alignas(kCacheLine) PublishedClockFit clock_fit;
    alignas(kCacheLine) GapLog gaps;
};

// Two processes share it: nothing in it may depend on where it lies or hide a lock.
static_assert(std::is_standard_layout_v<OutputHeader> && std::is_trivially_destructible_v<OutputHeader>);
static_assert(std::atomic<std::int64_t>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free &&
              std::atomic<std::uint32_t>::is_always_lock_free && std::atomic<double>::is_always_lock_free);
static_assert(sizeof(OutputHeader) % kCacheLine == 0);

} // namespace amp::io

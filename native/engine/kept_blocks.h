// How long what workers measure stays readable while they go on.
#pragma once

#include <cstddef>
#include <cstdint>

namespace amp::engine {

// Blocks of a streamer that a device paces which may run at once.
inline constexpr int kMostInFlight = 8;

inline std::size_t place_in_flight(std::int64_t block) { return static_cast<std::size_t>(block) % kMostInFlight; }

// What is measured of each block stays for so many blocks, then its place serves another.
inline constexpr std::int64_t kKeptBlocks = 16;

inline std::size_t kept_place(std::int64_t block) { return static_cast<std::size_t>(block) % kKeptBlocks; }

// A block so far before the newest complete one still has its place, whatever runs.
inline constexpr std::int64_t kSafelyKept = kKeptBlocks - kMostInFlight - 1;

// What is measured of a window stays until the next one is complete: that one has a place, the one after it, of which
// blocks may run already, too.
inline constexpr std::uint32_t kWindowPlaces = 3;

} // namespace amp::engine

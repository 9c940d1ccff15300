#include "run/program.h"

#include <algorithm>

namespace amp::run {

namespace {

// Sources are handed out in chunks: small enough to share, large enough that handing out costs little.
std::uint32_t chunk_of(std::size_t sources, int workers) {
    const auto share = static_cast<std::uint32_t>(sources) / (static_cast<std::uint32_t>(workers) * 4);
    return workers == 1 ? 0xFFFFFFFFU : std::clamp(share, std::uint32_t{1}, std::uint32_t{64});
}

// The most entries that can be pushed while one is being taken. A worker that the system puts aside in the middle of
// taking an entry keeps its place in the queue, but its block stays incomplete too: until the worker goes on, the
// others push at most all units and chunks of the blocks that can be in flight together with that one.
std::size_t queue_room(std::uint32_t units, std::size_t sources, std::uint32_t chunk, int in_flight) {
    return (units + sources / chunk + 1) * (2 * static_cast<std::size_t>(in_flight) - 1);
}

} // namespace

Program::Program(std::uint32_t units, std::span<const Dependency> dependencies, const SchedulerSettings& settings)
    : readiness_(units, dependencies, settings.in_flight),
      source_chunk_(chunk_of(readiness_.sources().size(), settings.workers)),
      queue_(queue_room(units, readiness_.sources().size(), source_chunk_, settings.in_flight)) {}

} // namespace amp::run

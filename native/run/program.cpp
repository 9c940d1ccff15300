#include "run/program.h"

namespace amp::run {

namespace {

// The most entries that can be pushed while one is being taken. A worker that the system puts aside in the middle of
// taking an entry keeps its place in the queue, but its block stays incomplete too: until the worker goes on, the
// others push at most all units of the blocks that can be in flight together with that one.
std::size_t queue_room(std::uint32_t units, int in_flight) {
    return units * (2 * static_cast<std::size_t>(in_flight) - 1);
}

} // namespace

Program::Program(std::uint32_t units, std::span<const Dependency> dependencies, const SchedulerSettings& settings)
    : readiness_(units, dependencies, settings.in_flight),
      estimate_(units, dependencies),
      sources_(readiness_.sources().size(), settings.workers, settings.in_flight),
      queue_(queue_room(units, settings.in_flight)) {}

} // namespace amp::run

// What a plan, events and a number of frames give, in the reference and in the streamer.
#pragma once

#include "control/event.h"
#include "plan/description.h"
#include "reference/runner.h"
#include "support/stream.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace amp::test::reference {

struct Case {
    plan::Description plan;
    std::vector<control::Event> events; // in order
    int frames = 0;
};

// How a streamer goes about it.
struct Way {
    int block = 64, workers = 1, in_flight = 1;
    std::uint64_t schedule = 0; // the seed of the schedule that is drawn for the plan; 0 for none
};

std::string text(const Way& way);

// Events as the engine applies them, in order.
std::vector<control::Event> control_events(const plan::Description& plan, const std::vector<amp_event>& events);

// Output frames, channels side by side.
std::vector<float> referenced(const Case& played, Faults faults = {});
std::vector<float> streamed(const Case& played, const Way& way);

// The first place where the bits of two outputs differ.
std::optional<std::size_t> first_difference(const std::vector<float>& a, const std::vector<float>& b);

} // namespace amp::test::reference

#include "reference/case.h"

#include "support/plan_bytes.h"
#include "support/random_schedule.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace amp::test::reference {

std::string text(const Way& way) {
    return "blocks of " + std::to_string(way.block) + ", " + std::to_string(way.workers) + " workers, " +
           std::to_string(way.in_flight) + " in flight" +
           (way.schedule == 0 ? "" : ", schedule " + std::to_string(way.schedule));
}

std::vector<control::Event> control_events(const plan::Description& plan, const std::vector<amp_event>& events) {
    std::vector<control::Event> made;
    for (const amp_event& event : events) {
        const bool of_edge = event.kind == AMP_EVENT_SET_EDGE_GAIN;
        made.push_back({.frame = event.frame,
                        .sequence = static_cast<std::uint32_t>(made.size()),
                        .kind = static_cast<control::EventKind>(event.kind),
                        .channel = static_cast<std::uint8_t>(event.channel),
                        .note = static_cast<std::uint8_t>(event.note),
                        .node = of_edge ? plan.edges[event.node].to_node : event.node,
                        .parameter = of_edge ? event.node : event.parameter,
                        .value = event.value,
                        .rate = event.rate,
                        .acceleration = event.acceleration,
                        .area = event.area,
                        .at_once = event.at_once != 0});
    }
    std::ranges::stable_sort(made, control::comes_before);
    return made;
}

std::vector<float> referenced(const Case& played, Faults faults) {
    Runner runner(played.plan, played.events, faults);
    runner.run(played.frames);
    return runner.output();
}

std::vector<float> streamed(const Case& played, const Way& way) {
    plan::Description plan = played.plan;
    if (way.schedule != 0) {
        draw_schedule(plan, way.schedule);
    }
    const Stream stream(encode(plan).bytes, settings_for(way.block, way.workers, way.in_flight, 1024));
    for (const control::Event& event : played.events) {
        const bool of_edge = event.kind == control::EventKind::set_edge_gain;
        stream.post({event.frame, static_cast<std::int32_t>(event.kind), event.channel, event.note,
                     of_edge ? event.parameter : event.node, event.parameter, event.value, event.rate,
                     event.acceleration, event.area, 0, event.at_once ? 1 : 0});
    }
    std::vector<float> samples = stream.take(played.frames);
    const amp_event_counts counts = amp_streamer_event_counts(stream.get());
    if (counts.late + counts.lost > 0) {
        throw std::runtime_error("events were late or lost");
    }
    return samples;
}

std::optional<std::size_t> first_difference(const std::vector<float>& a, const std::vector<float>& b) {
    const auto same = [](float x, float y) {
        return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
    };
    const auto [in_a, in_b] = std::ranges::mismatch(a, b, same);
    return in_a == a.end() && in_b == b.end() ? std::nullopt
                                              : std::optional(static_cast<std::size_t>(in_a - a.begin()));
}

} // namespace amp::test::reference

#include "engine/plan_instance.h"

#include "plan/units.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace amp::engine::inline AMP_PRECISION {

namespace {

std::int64_t most_late_of(const plan::Description& plan) {
    std::uint64_t most = 0;
    for (const plan::Node& node : plan.nodes) {
        most = std::max(most, node.aligned_latency);
    }
    return static_cast<std::int64_t>(most);
}

// Calls visit(group, lane, how many voices sound among the lanes that are computed together with it) for each voice
// that sounds as `block` begins and whose end may spare work.
template <class Visit>
void for_each_sounding(const control::PlanSeals& seals, std::int64_t block, Visit&& visit) {
    constexpr int kTogether = 16;
    for (std::size_t g = 0; g < seals.groups().size(); ++g) {
        const control::VoiceGroupSettings& group = seals.groups()[g];
        if (!group.sleeps || group.always_awake || group.stands) {
            continue; // its lanes are computed whether they sound or not, or count frames of their own
        }
        for (int first = 0; first < group.voices.lanes; first += kTogether) {
            const int end = std::min(first + kTogether, group.voices.lanes);
            int sounding = 0;
            for (int lane = first; lane < end; ++lane) {
                sounding += seals.may_sound(g, lane, block) ? 1 : 0;
            }
            for (int lane = first; lane < end && sounding > 0; ++lane) {
                if (seals.may_sound(g, lane, block)) {
                    visit(g, lane, sounding);
                }
            }
        }
    }
}

} // namespace

Result<std::unique_ptr<PlanInstance>> PlanInstance::build(const plan::Description& plan,
                                                          const InstanceSettings& settings) {
    auto layout = plan::lay_out(
        plan, {settings.block, settings.scheduling.in_flight, settings.live, settings.scheduling.workers});
    if (!layout.ok()) {
        return layout.error();
    }
    auto graph = Graph::build(plan, layout.value(), settings.block, settings.scheduling.workers);
    if (!graph.ok()) {
        return graph.error();
    }
    std::unique_ptr<PlanInstance> made(
        new PlanInstance(plan, std::move(layout.value()), std::move(graph.value()), settings));
    PlanInstance* const alone[] = {made.get()};
    made->alone = PlanProgram::of(alone, settings.scheduling);
    return made;
}

PlanInstance::PlanInstance(const plan::Description& plan, plan::Layout laid_out, std::unique_ptr<Graph> built,
                           const InstanceSettings& settings)
    : description(plan),
      layout(std::move(laid_out)),
      graph(std::move(built)),
      most_late(most_late_of(description)),
      seals(Graph::voice_groups(description, layout), settings.block, settings.scheduling.in_flight,
            std::max(most_late, settings.most_late)),
      leaves(graph->outputs().size() * static_cast<std::size_t>(std::max(1, graph->channels()))),
      ceiling(static_cast<Sample>(
          plan::canonical(description.stream.ceiling, Unit::ratio, description.stream).value_or(1))),
      drained_since(graph->components()) {
    for (auto& since : drained_since) {
        since.store(kNever, std::memory_order_relaxed);
    }
}

void PlanInstance::note_drains(std::int64_t block) {
    for (const control::Event& event : seals.sealed(block).gates) {
        if (event.kind == control::EventKind::drain_node) {
            std::atomic<std::int64_t>& since = drained_since[event.parameter];
            const std::int64_t before = since.load(std::memory_order_relaxed);
            since.store(event.value < 0.5F ? kNever : std::min(before, event.frame), std::memory_order_release);
        }
    }
}

bool PlanInstance::has_voice(std::uint32_t node, std::uint32_t voice) const {
    return std::ranges::any_of(
        description.voices, [&](const plan::VoiceGroup& group) { return group.keys == node && voice < group.lanes; });
}

// The velocity, as far as the voice's envelopes are open. A note that has just begun counts as open.
Sample PlanInstance::loudness(std::size_t group, int lane, std::int64_t frame) const {
    constexpr double kYoungSeconds = 0.1;
    const control::Voices& voices = seals.voices(group);
    const auto young = static_cast<std::int64_t>(kYoungSeconds * description.stream.sample_rate);
    Sample open = 0;
    bool known = false;
    for (const std::uint32_t envelope : description.voices[group].envelopes) {
        const GraphNode& node = *graph->nodes()[envelope];
        if (!node.outputs.empty() && node.outputs.front() != nullptr) {
            open = std::max(open, std::abs(node.outputs.front()->at(frame - 1)[lane]));
            known = true;
        }
    }
    return voices.velocity(lane) * (known && frame - voices.begun(lane) > young ? open : 1);
}

// Of voices that are nearly as soft as the softest, the one beside which the fewest sound: what is computed together is
// left out only once all of it sleeps.
std::optional<PlanInstance::Voice> PlanInstance::softest_voice(std::int64_t block, std::int64_t made) const {
    constexpr Sample kNearly = 1.41F; // 3 dB
    int sounding = 0;
    Sample least = std::numeric_limits<Sample>::infinity();
    for_each_sounding(seals, block, [&](std::size_t group, int lane, int) {
        ++sounding;
        least = std::min(least, loudness(group, lane, made));
    });
    if (sounding < 2) {
        return std::nullopt;
    }
    std::optional<Voice> softest;
    std::pair<int, Sample> best;
    for_each_sounding(seals, block, [&](std::size_t group, int lane, int together) {
        const Sample loud = loudness(group, lane, made);
        const std::pair<int, Sample> rank{together, loud};
        if (!(loud > kNearly * least) && (!softest || rank < best)) {
            softest = Voice{seals.groups()[group].keys, static_cast<std::uint32_t>(lane)};
            best = rank;
        }
    });
    return softest;
}

std::optional<std::uint32_t> PlanInstance::find_node(std::string_view id) const {
    for (const auto& node : graph->nodes()) {
        if (node->id == id) {
            return node->index;
        }
    }
    return std::nullopt;
}

} // namespace amp::engine::inline AMP_PRECISION

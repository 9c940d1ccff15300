#include "plan/layout.h"

#include "node/node.h"
#include "plan/gate_dependencies.h"
#include "plan/heat.h"
#include "plan/spectral.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace amp::plan {

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 34;
constexpr std::uint64_t kMostAddresses = std::uint64_t{1} << 44; // bytes
constexpr double kHeldAtFirstSeconds = 0.25;                     // live: time to make a wheel longer before it is full

std::int64_t round_up(std::int64_t frames, std::int64_t to) { return (frames + to - 1) / to * to; }

// Frames that a gate holds among the voices of a group are heard whenever it opens.
bool is_held(const Description& plan, std::size_t index) {
    return std::ranges::any_of(plan.edges, [&](const Edge& edge) {
        return edge.gate != kNone && plan.gates[edge.gate].while_closed == WhileClosed::hold &&
               plan.nodes[edge.from_node].voice_group == index && plan.nodes[edge.to_node].voice_group == index;
    });
}

// A signal is read however its voice sounds.
bool moves_a_gate(const Description& plan, std::size_t index) {
    return std::ranges::any_of(plan.gates, [&](const Gate& gate) {
        return std::ranges::any_of(
            gate.signals, [&](const GateSignal& signal) { return plan.nodes[signal.node].voice_group == index; });
    });
}

// A lane sleeps when its envelopes have ended and the tails have run out. Its group's sums must then know the
// envelopes, which is only possible where they run later.
bool may_sleep(const Description& plan, const VoiceGroup& group, std::size_t index) {
    if (group.envelopes.empty() || is_held(plan, index) || moves_a_gate(plan, index)) {
        return false;
    }
    for (const std::uint32_t member : group.members) {
        if (plan.nodes[member].tail == kEndlessFrames || plan.components[plan.nodes[member].component].is_loop) {
            return false;
        }
    }
    return std::ranges::all_of(plan.edges, [&](const Edge& edge) {
        const Node& target = plan.nodes[edge.to_node];
        const bool leaves =
            plan.nodes[edge.from_node].voice_group == index && target.voice_group != index && !reads_heat(plan, edge);
        return !leaves || std::ranges::all_of(group.envelopes, [&](std::uint32_t envelope) {
            return plan.nodes[envelope].component < target.component &&
                   plan.nodes[envelope].aligned_latency <= target.aligned_latency;
        });
    });
}

void add_wheels(const Description& plan, const LayoutSettings& settings, Layout& layout) {
    for (std::uint32_t n = 0; n < plan.nodes.size(); ++n) {
        layout.first_wheel.push_back(static_cast<std::uint32_t>(layout.wheels.size()));
        for (std::uint32_t o = 0; o < plan.nodes[n].outputs.size(); ++o) {
            WheelLayout wheel;
            wheel.node = n;
            wheel.output = o;
            wheel.lanes = plan.nodes[n].outputs[o].shape.lanes();
            wheel.read = find_node_type(plan.nodes[n].type)->declaration->shape == ShapeRule::output;
            layout.wheels.push_back(wheel);
        }
    }
    std::vector<std::int64_t> history(layout.wheels.size(), 0), held(layout.wheels.size(), 0);
    for (const Edge& edge : plan.edges) {
        const std::uint32_t wheel = layout.first_wheel[edge.from_node] + edge.from_output;
        const std::uint64_t asks =
            edge.target == EdgeTarget::input ? plan.nodes[edge.to_node].inputs[edge.to_index].asks : 0;
        history[wheel] = std::max(history[wheel], static_cast<std::int64_t>(edge.total_delay() + asks));
        layout.wheels[wheel].read = true;
        if (edge.gate != kNone && plan.gates[edge.gate].while_closed == WhileClosed::hold) {
            held[wheel] = std::max(held[wheel], static_cast<std::int64_t>(most_back(plan, edge)));
        }
    }
    for (const Gate& gate : plan.gates) {
        for_each_dependency(plan, gate, [&](const GateDependency& dependency) {
            if (dependency.signal != nullptr) {
                const std::uint32_t wheel = layout.first_wheel[dependency.from] + dependency.signal->output;
                history[wheel] = std::max(history[wheel], static_cast<std::int64_t>(dependency.delay));
                layout.wheels[wheel].read = true;
            }
        });
    }
    layout.ahead = std::int64_t{settings.block} * settings.in_flight;
    const auto seconds = settings.live ? kHeldAtFirstSeconds : 0;
    const std::int64_t at_first = std::max(layout.ahead, static_cast<std::int64_t>(seconds * plan.stream.sample_rate));
    for (std::size_t w = 0; w < layout.wheels.size(); ++w) {
        WheelLayout& wheel = layout.wheels[w];
        wheel.history = history[w];
        const std::int64_t waits = std::max<std::int64_t>(0, held[w] - history[w]);
        wheel.capacity = round_up(history[w] + layout.ahead + std::min(waits, at_first), settings.block);
        wheel.most = wheel.capacity;
        while (wheel.most < history[w] + layout.ahead + waits) {
            wheel.most *= 2;
        }
    }
}

std::uint32_t lag_of(std::uint64_t delay, const LayoutSettings& settings) {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(delay / static_cast<std::uint64_t>(settings.block), 1U << 30));
}

// Between two components the shortest of a gate's waits stands for all.
void add_gate_dependencies(const Description& plan, const LayoutSettings& settings, Layout& layout) {
    for (const Gate& gate : plan.gates) {
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> shortest;
        for_each_dependency(plan, gate, [&](const GateDependency& dependency) {
            const std::pair between{plan.nodes[dependency.from].component, plan.nodes[dependency.to].component};
            if (between.first != between.second) {
                std::uint64_t& delay = shortest.try_emplace(between, dependency.delay).first->second;
                delay = std::min(delay, dependency.delay);
            }
        });
        for (const auto& [between, delay] : shortest) {
            layout.dependencies.push_back({between.first, between.second, lag_of(delay, settings)});
        }
    }
}

// When a region stands is decided once its gate's signals are known, and before anybody runs or reads it.
void add_region_dependencies(const Description& plan, const LayoutSettings& settings, Layout& layout) {
    for (std::size_t r = 0; r < layout.regions.size(); ++r) {
        const Region& region = layout.regions[r];
        const auto decision = static_cast<std::uint32_t>(plan.components.size() + r);
        std::set<std::uint32_t> waiting;
        for (const std::uint32_t node : region.nodes) {
            waiting.insert(plan.nodes[node].component);
        }
        for (const std::uint32_t edge : region.edges) {
            waiting.insert(plan.nodes[plan.edges[edge].to_node].component);
        }
        for (const std::uint32_t component : waiting) {
            layout.dependencies.push_back({decision, component, 0});
        }
        const Edge& edge = plan.edges[region.edges.front()];
        for (const GateSignal& signal : plan.gates[edge.gate].signals) {
            const Node& from = plan.nodes[signal.node];
            const std::uint64_t delay = signal_delay(from, plan.nodes[edge.to_node]);
            layout.dependencies.push_back({from.component, decision, lag_of(delay, settings)});
        }
    }
}

void add_dependencies(const Description& plan, const LayoutSettings& settings, Layout& layout) {
    for (const Edge& edge : plan.edges) {
        const std::uint32_t from = plan.nodes[edge.from_node].component;
        const std::uint32_t to = plan.nodes[edge.to_node].component;
        if (from != to) {
            layout.dependencies.push_back({from, to, lag_of(edge.total_delay(), settings)});
        }
    }
    add_gate_dependencies(plan, settings, layout);
    add_region_dependencies(plan, settings, layout);
    for (std::size_t g = 0; g < plan.voices.size(); ++g) {
        if (!layout.sleeps[g]) {
            continue;
        }
        for (const Edge& edge : plan.edges) {
            const Node& target = plan.nodes[edge.to_node];
            if (plan.nodes[edge.from_node].voice_group != g || target.voice_group == g || reads_heat(plan, edge)) {
                continue;
            }
            for (const std::uint32_t envelope : plan.voices[g].envelopes) {
                layout.dependencies.push_back({plan.nodes[envelope].component, target.component, 0});
            }
        }
    }
}

// The wheels of taps that lie side by side have the frames of the longest.
void align_wheels(std::span<const std::uint32_t> nodes, std::size_t outputs, Layout& layout) {
    for (std::size_t o = 0; o < outputs; ++o) {
        const auto wheel = [&](std::uint32_t node) -> WheelLayout& {
            return layout.wheels[layout.first_wheel[node] + o];
        };
        WheelLayout longest = wheel(nodes.front());
        for (const std::uint32_t node : nodes) {
            longest.capacity = std::max(longest.capacity, wheel(node).capacity);
            longest.read = longest.read || wheel(node).read;
        }
        for (const std::uint32_t node : nodes) {
            wheel(node).capacity = wheel(node).most = longest.capacity;
            wheel(node).read = longest.read;
        }
    }
}

// Where the nodes are divided among the workers: the first of each part. A part begins with a whole tile, so that no
// register of a kernel and no cache line belongs to two.
std::vector<std::size_t> find_parts(std::span<const int> first_lanes, int lanes, int workers) {
    constexpr int kLeastLanes = 2 * kWidestTile; // in less time than these take nobody else is awake
    const int parts = std::max(1, std::min(workers, lanes / kLeastLanes));
    std::vector<std::size_t> begins{0};
    for (std::size_t node = 1; node < first_lanes.size(); ++node) {
        const int share = static_cast<int>(begins.size()) * lanes / parts;
        if (first_lanes[node] % kWidestTile == 0 && first_lanes[node] + kWidestTile > share) {
            begins.push_back(node);
        }
        if (static_cast<int>(begins.size()) == parts) {
            break;
        }
    }
    return begins;
}

void add_cohorts(const Description& plan, const LayoutSettings& settings, Layout& layout) {
    layout.cohort_of.assign(plan.nodes.size(), kNone);
    for (FusedCohort& fused : find_fused_cohorts(plan, layout.region_of)) {
        std::vector<int> first_lanes;
        int lanes = 0;
        for (const std::uint32_t node : fused.nodes) {
            first_lanes.push_back(lanes);
            lanes += plan.nodes[node].shape.batch_stride();
        }
        const int padded = fused.is_chain ? whole_tiles(lanes) : padded_lanes(lanes);
        const auto parts =
            fused.is_chain ? std::vector<std::size_t>{0} : find_parts(first_lanes, lanes, settings.workers);
        for (std::size_t p = 0; p < parts.size(); ++p) {
            const bool is_last = p + 1 == parts.size();
            const auto begin = static_cast<std::ptrdiff_t>(parts[p]);
            const auto end = static_cast<std::ptrdiff_t>(is_last ? fused.nodes.size() : parts[p + 1]);
            CohortLayout cohort;
            cohort.nodes.assign(fused.nodes.begin() + begin, fused.nodes.begin() + end);
            cohort.first_lanes.assign(first_lanes.begin() + begin, first_lanes.begin() + end);
            cohort.is_chain = fused.is_chain;
            cohort.rows = static_cast<std::uint32_t>(layout.rows.size());
            cohort.lanes = (is_last ? padded : first_lanes[parts[p + 1]]) - cohort.first_lanes.front();
            for (const std::uint32_t node : cohort.nodes) {
                layout.cohort_of[node] = static_cast<std::uint32_t>(layout.cohorts.size());
            }
            layout.cohorts.push_back(std::move(cohort));
        }
        align_wheels(fused.nodes, declared_outputs(plan.nodes[fused.nodes.front()]), layout);
        layout.rows.push_back({std::move(fused.nodes), fused.is_chain, padded});
    }
    for (std::uint32_t unit = 0; unit < plan.components.size() + layout.regions.size(); ++unit) {
        layout.leader_of.push_back(unit);
    }
    for (const CohortLayout& cohort : layout.cohorts) {
        for (const std::uint32_t node : cohort.nodes) {
            layout.leader_of[plan.nodes[node].component] = plan.nodes[cohort.nodes.front()].component;
        }
    }
}

// The first unit that waits for itself, because a cohort waits for what waits for it; nothing if all can run.
std::optional<std::uint32_t> find_waiting(const Layout& layout) {
    const std::size_t units = layout.leader_of.size();
    std::vector<std::vector<std::uint32_t>> after(units);
    std::vector<std::uint32_t> waits(units, 0), ready;
    for (const run::Dependency& dependency : layout.dependencies) {
        const std::uint32_t from = layout.leader_of[dependency.from], to = layout.leader_of[dependency.to];
        if (dependency.lag == 0 && from != to) {
            after[from].push_back(to);
            ++waits[to];
        }
    }
    for (std::uint32_t unit = 0; unit < units; ++unit) {
        if (waits[unit] == 0) {
            ready.push_back(unit);
        }
    }
    for (std::size_t next = 0; next < ready.size(); ++next) {
        for (const std::uint32_t unit : after[ready[next]]) {
            if (--waits[unit] == 0) {
                ready.push_back(unit);
            }
        }
    }
    const auto waiting = std::ranges::find_if(waits, [](std::uint32_t count) { return count > 0; });
    return waiting == waits.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(waiting - waits.begin()));
}

} // namespace

std::uint64_t most_back(const Description& plan, const Edge& edge) {
    const std::uint64_t written = plan.nodes[edge.from_node].outputs[edge.from_output].max_frames;
    const std::uint64_t read =
        edge.target == EdgeTarget::input ? plan.nodes[edge.to_node].inputs[edge.to_index].max_frames : written;
    return std::max(std::min(written, read), edge.total_delay());
}

Result<Layout> lay_out(const Description& plan, const LayoutSettings& settings) {
    Layout layout;
    layout.regions = find_regions(plan);
    layout.region_of = region_of_each_node(plan, layout.regions);
    add_wheels(plan, settings, layout);
    for (std::size_t g = 0; g < plan.voices.size(); ++g) {
        layout.moves_gates.push_back(moves_a_gate(plan, g));
        layout.sleeps.push_back(may_sleep(plan, plan.voices[g], g));
    }
    add_dependencies(plan, settings, layout);
    add_cohorts(plan, settings, layout);
    if (const auto waiting = find_waiting(layout)) {
        const auto node = *waiting < plan.components.size() ? plan.components[*waiting].nodes.front() : 0;
        return Error{ErrorKind::bad_plan, "node " + plan.nodes[node].id +
                                              ": the schedule has it in a cohort that waits for what waits for it"};
    }
    const auto block_power = static_cast<int>(std::bit_floor(static_cast<unsigned>(settings.block)));
    for (const Component& component : plan.components) {
        layout.quanta.push_back(component.is_loop ? std::min(static_cast<int>(component.quantum), block_power)
                                                  : settings.block);
    }
    constexpr std::uint64_t kItem = 256; // header and rounding of whatever a node takes
    for (const WheelLayout& wheel : layout.wheels) {
        layout.bytes +=
            static_cast<std::uint64_t>(wheel.capacity) * static_cast<std::uint64_t>(wheel.lanes) * 4 + kItem;
        if (layout.bytes > kMostBytes) {
            return Error{ErrorKind::no_memory,
                         "node " + plan.nodes[wheel.node].id + ": its wheel makes the plan larger than 16 GiB"};
        }
    }
    std::uint64_t addresses = 0;
    for (const WheelLayout& wheel : layout.wheels) {
        addresses += static_cast<std::uint64_t>(wheel.most) * static_cast<std::uint64_t>(wheel.lanes) * 4;
        if (addresses > kMostAddresses) {
            return Error{ErrorKind::no_memory, "node " + plan.nodes[wheel.node].id +
                                                   ": its wheel may grow until the plan is larger than 16 TiB"};
        }
    }
    for (const Node& node : plan.nodes) {
        const auto lanes = static_cast<std::uint64_t>(node.shape.lanes());
        const auto rows = static_cast<std::uint64_t>(find_node_type(node.type)->state_rows(option_numbers(node))) +
                          node.parameters.size();
        layout.bytes += (rows + 1) * (lanes * 4 + kItem) + 4096;
    }
    return layout;
}

} // namespace amp::plan

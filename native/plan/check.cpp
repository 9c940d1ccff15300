#include "plan/check.h"

#include "node/node.h"
#include "plan/check_gates.h"
#include "plan/check_schedule.h"
#include "plan/heat.h"
#include "plan/regions.h"
#include "plan/spectral.h"
#include "plan/units.h"

#include <algorithm>
#include <bit>
#include <span>
#include <tuple>

namespace amp::plan {

namespace {

// Whatever happens is kept for so long.
constexpr std::uint64_t kMostLatency = 1U << 16;

using Wrong = std::optional<std::string>;

std::string text(Shape shape) {
    return "(" + std::to_string(shape.batch) + ", " + std::to_string(shape.channels) + ")";
}

std::string name_of(const Description& plan, const Edge& edge) {
    return "edge " + (edge.id.empty() ? "" : edge.id + " ") + "from " + plan.nodes[edge.from_node].id + " to " +
           plan.nodes[edge.to_node].id;
}

template <class Found, class Declared>
Wrong check_names(const std::string& where, std::string_view what, const Found& found, const Declared& declared) {
    if (found.size() != declared.size()) {
        return where + ": " + std::to_string(found.size()) + " " + std::string(what) + "s, its type has " +
               std::to_string(declared.size());
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i].name != declared[i].name) {
            return where + ": " + std::string(what) + " " + found[i].name + " stands where its type has " +
                   std::string(declared[i].name);
        }
    }
    return {};
}

Shape output_shape(ShapeRule rule, Shape node) { return rule == ShapeRule::pan ? Shape{node.batch, 2} : node; }

Wrong check_options(const Node& node, const Declaration& declared, const std::string& where) {
    for (std::size_t i = 0; i < node.options.size(); ++i) {
        const OptionDeclaration& option = declared.options[i];
        const bool chosen = option.choices.size() > 0;
        const double low = chosen ? 0 : option.minimum;
        const double high = chosen ? static_cast<double>(option.choices.size()) - 1 : option.maximum;
        const double number = node.options[i].number;
        if (number < low || number > high || number != static_cast<double>(static_cast<std::int64_t>(number))) {
            return where + ": option " + node.options[i].name + " is no whole number from " + std::to_string(low) +
                   " to " + std::to_string(high);
        }
        if (option.power_of_two && !std::has_single_bit(static_cast<std::uint64_t>(number))) {
            return where + ": option " + node.options[i].name +
                   " is no power of two: " + std::to_string(static_cast<std::int64_t>(number));
        }
    }
    return declared.is_spectral() ? check_windows(node) : Wrong{};
}

Wrong check_shape_rule(const Node& node, const Declaration& declared, const std::string& where) {
    const auto option = [&](std::string_view name) {
        for (const Option& found : node.options) {
            if (found.name == name) {
                return static_cast<std::int32_t>(found.number);
            }
        }
        return 0;
    };
    switch (declared.shape) {
    case ShapeRule::elementwise:
        return {};
    case ShapeRule::sum:
        return node.shape.batch == 1 ? Wrong{} : where + ": a sum has a batch of 1, not " + text(node.shape);
    case ShapeRule::output:
        return node.shape == Shape{1, option("channels")}
                   ? Wrong{}
                   : where + ": shape " + text(node.shape) + " is not its channels";
    case ShapeRule::pan:
        return node.shape.channels == 1 ? Wrong{} : where + ": pans one channel, not " + text(node.shape);
    case ShapeRule::voices:
        return node.shape == Shape{option("voices"), 1} ? Wrong{}
                                                        : where + ": shape " + text(node.shape) + " is not its voices";
    }
    return {};
}

Wrong check_slew(const Slew& slew, const std::string& where) {
    const std::tuple<const char*, bool, double> limits[] = {{"rate", slew.has_rate, slew.rate},
                                                            {"acceleration", slew.has_acceleration, slew.acceleration},
                                                            {"area", slew.has_area, slew.area}};
    for (const auto& [name, is_limited, limit] : limits) {
        if (is_limited && !(limit > 0)) {
            return where + ": its slew " + name + " is not above 0";
        }
    }
    return {};
}

// Those of the type, and the heat, if anything reads it.
Wrong check_outputs_of(const Node& node, const Declaration& declared, const std::string& where) {
    if (node.outputs.size() != declared.outputs.size() + 1 || node.outputs.back().name != kHeatTap) {
        return check_names(where, "output", node.outputs, declared.outputs);
    }
    const OutputTap& heat = node.outputs.back();
    if (!(heat.shape == Shape{1, 1}) || heat.period != 1) {
        return where + "." + heat.name + ": heat is one value a frame, not " + text(heat.shape);
    }
    return check_names(where, "output", std::span(node.outputs).first(declared.outputs.size()), declared.outputs);
}

Wrong check_node(const Description& plan, std::size_t index) {
    const Node& node = plan.nodes[index];
    const std::string where = "node " + node.id;
    const NodeType* type = find_node_type(node.type);
    if (type == nullptr) {
        return where + ": this engine has no type " + node.type;
    }
    const Declaration& declared = *type->declaration;
    for (auto wrong :
         {check_names(where, "option", node.options, declared.options),
          check_names(where, "parameter", node.parameters, declared.parameters),
          check_names(where, "input", node.inputs, declared.inputs), check_outputs_of(node, declared, where)}) {
        if (wrong) {
            return wrong;
        }
    }
    if (auto wrong = check_options(node, declared, where)) {
        return wrong;
    }
    if (auto wrong = check_shape_rule(node, declared, where)) {
        return wrong;
    }
    const std::vector<double> options = option_numbers(node);
    for (std::uint32_t o = 0; o < declared.outputs.size(); ++o) {
        const OutputTap& tap = node.outputs[o];
        const Shape out = declared.shape_of(declared.outputs[o], output_shape(declared.shape, node.shape), options);
        if (!(tap.shape == out)) {
            return where + "." + tap.name + ": shape " + text(tap.shape) + ", its node gives " + text(out);
        }
        if (const auto period = period_of_output(node, o); tap.period != period) {
            return where + "." + tap.name + ": a period of " + std::to_string(tap.period) + " frames, its node gives " +
                   std::to_string(period);
        }
    }
    for (std::size_t i = 0; i < node.parameters.size(); ++i) {
        const Parameter& parameter = node.parameters[i];
        if (parameter.base.size() != 1 && parameter.base.size() != static_cast<std::size_t>(node.shape.batch)) {
            return where + "." + parameter.name + ": " + std::to_string(parameter.base.size()) +
                   " values for a batch of " + std::to_string(node.shape.batch);
        }
        for (const Value& value : parameter.base) {
            if (!canonical(value, declared.parameters[i].unit, plan.stream)) {
                return where + "." + parameter.name + ": its unit does not fit";
            }
        }
        if (auto wrong = check_slew(parameter.slew, where + "." + parameter.name)) {
            return wrong;
        }
    }
    if (const int latency = declared.latency_of(options); node.latency != static_cast<std::uint64_t>(latency)) {
        return where + ": a latency of " + std::to_string(node.latency) + " frames, its type has " +
               std::to_string(latency);
    }
    if (node.aligned_latency > kMostLatency) {
        return where + ": is late by " + std::to_string(node.aligned_latency) + " frames, " +
               std::to_string(kMostLatency) + " is the most";
    }
    if (node.voice_group != kNone && node.voice_group >= plan.voices.size()) {
        return where + ": there is no voice group " + std::to_string(node.voice_group);
    }
    return {};
}

// 1 spreads to n; nothing else meets.
bool meets(Shape from, Shape to) {
    return (from.batch == to.batch || from.batch == 1) && (from.channels == to.channels || from.channels == 1);
}

bool sums_batch(ShapeRule rule) { return rule == ShapeRule::sum || rule == ShapeRule::output; }

// What a reader may lag is what its own tap and the output's allow; the terms that the planner has settled must hold.
Wrong check_terms(const Description& plan, const Edge& edge, const std::string& where) {
    const Node& from = plan.nodes[edge.from_node];
    const Node& to = plan.nodes[edge.to_node];
    const OutputTap& output = from.outputs[edge.from_output];
    if (output.release == ReleasePolicy::on_publish) {
        return where + ": " + from.id + "." + output.name + " is for readers outside of the graph (on_publish)";
    }
    const InputTap* const input = edge.target == EdgeTarget::input ? &to.inputs[edge.to_index] : nullptr;
    const std::uint64_t reach = edge.total_delay() + (input == nullptr ? 0 : input->asks);
    const auto too_far = [&](const std::string& tap, std::uint64_t most) {
        return where + ": reads " + std::to_string(reach) + " frames back, but max_frames of " + tap + " is " +
               std::to_string(most);
    };
    if (reach > output.max_frames) {
        return too_far(from.id + "." + output.name, output.max_frames);
    }
    if (input != nullptr && reach > input->max_frames) {
        return too_far(to.id + "." + input->name, input->max_frames);
    }
    return {};
}

Wrong check_edge(const Description& plan, const Edge& edge) {
    const std::string where = name_of(plan, edge);
    const Node& from = plan.nodes[edge.from_node];
    const Node& to = plan.nodes[edge.to_node];
    if (edge.from_output >= from.outputs.size()) {
        return where + ": " + from.id + " has no output " + std::to_string(edge.from_output);
    }
    const bool to_input = edge.target == EdgeTarget::input;
    if (edge.to_index >= (to_input ? to.inputs.size() : to.parameters.size())) {
        return where + ": " + to.id + (to_input ? " has no input " : " has no parameter ") +
               std::to_string(edge.to_index);
    }
    const Declaration& target = *find_node_type(to.type)->declaration;
    if (to_input && (edge.mode != EdgeMode::add || edge.scale != EdgeScale::linear)) {
        return where + ": only a parameter can be scaled";
    }
    if (to_input && edge.slew.any()) {
        return where + ": only what feeds a parameter has a slew";
    }
    if (auto wrong = check_slew(edge.slew, where)) {
        return wrong;
    }
    const Unit unit = to_input ? Unit::ratio : target.parameters[edge.to_index].unit;
    const bool plain_depth = edge.mode == EdgeMode::scale || edge.scale == EdgeScale::octaves;
    if (!canonical(edge.gain, plain_depth ? Unit::none : unit, plan.stream)) {
        return where + ": the unit of its gain does not fit";
    }
    if (edge.gate != kNone && edge.gate >= plan.gates.size()) {
        return where + ": there is no gate " + std::to_string(edge.gate);
    }
    if (auto wrong = check_spectral_edge(plan, edge)) {
        return where + ": " + *wrong;
    }
    // The lanes of spectra meet as those of signals do.
    const auto form = form_of_output(from, edge.from_output);
    Shape source = from.outputs[edge.from_output].shape;
    source.channels /= form ? form->overlap : 1;
    Shape needed = to.shape;
    if (to_input && sums_batch(target.shape)) {
        needed.batch = source.batch;
    }
    if (!meets(source, needed)) {
        return where + ": shape " + text(source) + " does not meet " + text(needed);
    }
    if (auto wrong = check_terms(plan, edge, where)) {
        return wrong;
    }
    if (reads_heat(plan, edge)) {
        if (edge.gate != kNone && plan.gates[edge.gate].while_closed == WhileClosed::hold) {
            return where + ": heat goes on while a gate holds what reads it; mute or sample fit";
        }
        // Inside a loop it has given up what latencies take.
        if (from.component != to.component && edge.total_delay() < kHeatDelay) {
            return where + ": reads heat " + std::to_string(edge.total_delay()) + " frames back, not " +
                   std::to_string(kHeatDelay);
        }
        return {}; // that of all voices together
    }
    if (from.voice_group != kNone && from.voice_group != to.voice_group && !sums_batch(target.shape)) {
        return where + ": voices leave their group only into a sum";
    }
    const std::uint64_t lateness = from.aligned_latency + from.latency;
    if (from.voice_group != kNone && from.voice_group != to.voice_group &&
        lateness + edge.total_delay() != to.aligned_latency) {
        return where + ": voices leave their group without delay; a sum can be delayed";
    }
    return {};
}

// Fills `position` with the place of each node in the order in which all run.
Wrong check_components(const Description& plan, std::vector<std::uint32_t>& position) {
    position.assign(plan.nodes.size(), kNone);
    std::size_t placed = 0;
    for (std::size_t c = 0; c < plan.components.size(); ++c) {
        const Component& component = plan.components[c];
        if (component.nodes.empty() || (component.nodes.size() > 1 && !component.is_loop)) {
            return "component " + std::to_string(c) + ": " + std::to_string(component.nodes.size()) +
                   " nodes without a loop";
        }
        for (const std::uint32_t node : component.nodes) {
            if (position[node] != kNone || plan.nodes[node].component != c) {
                return "node " + plan.nodes[node].id + ": not in exactly one component";
            }
            position[node] = static_cast<std::uint32_t>(placed++);
        }
    }
    if (placed != plan.nodes.size()) {
        return "components hold " + std::to_string(placed) + " of " + std::to_string(plan.nodes.size()) + " nodes";
    }
    for (const Edge& edge : plan.edges) {
        const std::uint32_t from = plan.nodes[edge.from_node].component;
        const std::uint32_t to = plan.nodes[edge.to_node].component;
        const Component& component = plan.components[to];
        const bool inside = from == to;
        if (inside && !component.is_loop) {
            return name_of(plan, edge) + ": a loop, but its component says that it is none";
        }
        const bool carried = inside && edge.total_delay() >= component.quantum;
        if (!carried && position[edge.from_node] >= position[edge.to_node]) {
            return name_of(plan, edge) + ": runs against the order";
        }
    }
    return {};
}

Wrong check_voices(const Description& plan) {
    std::vector<std::uint32_t> group_of(plan.nodes.size(), kNone);
    for (std::size_t g = 0; g < plan.voices.size(); ++g) {
        const VoiceGroup& group = plan.voices[g];
        const std::string where = "voices of " + plan.nodes[group.keys].id;
        if (find_node_type(plan.nodes[group.keys].type)->declaration->shape != ShapeRule::voices) {
            return where + ": not a node that has voices";
        }
        for (const std::uint32_t member : group.members) {
            const Node& node = plan.nodes[member];
            if (node.voice_group != g || group_of[member] != kNone) {
                return where + ": " + node.id + " is not in exactly this group";
            }
            if (sums_batch(find_node_type(node.type)->declaration->shape)) {
                return where + ": " + node.id + " sums voices and is none itself";
            }
            if (node.shape.batch != static_cast<std::int32_t>(group.lanes)) {
                return where + ": " + node.id + " has shape " + text(node.shape) + " for " +
                       std::to_string(group.lanes) + " voices";
            }
            group_of[member] = static_cast<std::uint32_t>(g);
        }
        if (group_of[group.keys] != g) {
            return where + ": keys is no member";
        }
        for (const std::uint32_t envelope : group.envelopes) {
            if (group_of[envelope] != g || !find_node_type(plan.nodes[envelope].type)->declaration->envelope) {
                return where + ": " + plan.nodes[envelope].id + " is no envelope of it";
            }
        }
    }
    for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
        if (plan.nodes[i].voice_group != group_of[i]) {
            return "node " + plan.nodes[i].id + ": its voice group does not list it";
        }
        if (find_node_type(plan.nodes[i].type)->declaration->shape == ShapeRule::voices && group_of[i] == kNone) {
            return "node " + plan.nodes[i].id + ": has voices, but no voice group";
        }
    }
    return {};
}

Wrong check_ceiling(const Description& plan) {
    constexpr double kLowest = 0.00099; // -60 dB, rounded
    const auto ceiling = canonical(plan.stream.ceiling, Unit::ratio, plan.stream);
    return ceiling && *ceiling >= kLowest && *ceiling <= 1 ? Wrong{} : "the limiter's ceiling: -60 dB to 0 dB fit";
}

Wrong check_thermal(const Description& plan) {
    const Thermal& thermal = plan.thermal;
    const bool is_in_order = thermal.ambient < thermal.warm && thermal.warm < thermal.limit;
    return !thermal.attenuate || is_in_order ? Wrong{}
                                             : "thermal: ambient, warm and limit rise in this order where a limit acts";
}

Wrong check_outputs(const Description& plan) {
    const bool found = std::ranges::any_of(plan.nodes, [](const Node& node) {
        return find_node_type(node.type)->declaration->shape == ShapeRule::output;
    });
    return found ? Wrong{} : "no node of type output";
}

} // namespace

std::optional<std::string> check(const Description& plan) {
    for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
        if (auto wrong = check_node(plan, i)) {
            return wrong;
        }
    }
    for (const Edge& edge : plan.edges) {
        if (auto wrong = check_edge(plan, edge)) {
            return wrong;
        }
    }
    std::vector<std::uint32_t> position;
    if (auto wrong = check_components(plan, position)) {
        return wrong;
    }
    for (auto* part : {check_schedule, check_voices, check_ceiling, check_thermal, check_outputs}) {
        if (auto wrong = part(plan)) {
            return wrong;
        }
    }
    if (auto wrong = check_gates(plan, position)) {
        return wrong;
    }
    return check_regions(plan);
}

} // namespace amp::plan

// The part of a random plan in which anything may feed anything.
#include "node/node.h"
#include "plan/heat.h"
#include "support/random_plan.h"

#include <algorithm>
#include <iterator>

namespace amp::test {

namespace {

constexpr std::string_view kTypes[] = {"gain",  "svf", "biquad",  "one_pole", "mix",      "pan",
                                       "adsr",  "saw", "sine",    "square",   "triangle", "constant",
                                       "noise", "lfo", "limiter", "slew",     "crossfade"};

bool sums_batch(const std::string& type) { return find_node_type(type)->declaration->shape == ShapeRule::sum; }

bool spreads(int from, int to) { return from == 1 || from == to; }

} // namespace

Shape RandomPlan::any_shape(const std::string& type) {
    constexpr Shape kShapes[] = {{1, 1}, {1, 1}, {1, 2}, {3, 1}, {2, 2}, {5, 2}, {17, 1}};
    Shape shape = kShapes[below(std::size(kShapes))];
    if (sums_batch(type)) {
        shape.batch = 1;
    } else if (type == "pan") {
        shape.channels = 1;
    }
    return shape;
}

// Whatever does not run forward is delayed: by one frame, by a few, or by up to three blocks of 1024.
void RandomPlan::connect(std::size_t from, std::size_t to) {
    const NetworkNode& source = network_[from];
    const NetworkNode& target = network_[to];
    const Declaration& declared = *find_node_type(target.type)->declaration;
    const bool batches_meet = spreads(source.gives.batch, target.shape.batch);
    if (!(batches_meet || sums_batch(target.type)) || !spreads(source.gives.channels, target.shape.channels)) {
        return;
    }
    const Declaration& giving = *find_node_type(source.type)->declaration;
    if (parts_.heat && giving.inputs.size() > 0 && declared.parameters.size() > 0 && one_in(6)) {
        const auto place = static_cast<std::size_t>(below(static_cast<int>(declared.parameters.size())));
        const ParameterDeclaration& warmed = declared.parameters[place];
        const double depth = real(-0.1, 0.1) * std::min(warmed.maximum - warmed.minimum, 200.0);
        builder_.edge(source.id + ".thermo.heat", target.id + "." + std::string(warmed.name),
                      {.delay = plan::kHeatDelay + any_delay(), .gain = {depth}});
        return;
    }
    const auto& outputs = giving.outputs;
    const auto output = static_cast<std::size_t>(below(static_cast<int>(outputs.size())));
    const std::string path = source.id + "." + std::string(outputs[output].name);
    const bool forward = from < to;
    EdgeSettings settings{.delay = any_delay(), .gain = {forward && one_in(4) ? 1 : real(-0.3, 0.3)}};
    if (!forward && settings.delay == 0) {
        settings.delay = static_cast<std::uint64_t>(one_in(2) ? 1 + below(5) : 1 + below(3 * 1024));
    }
    if (declared.inputs.size() > 0 && !one_in(4)) {
        const auto inputs = static_cast<int>(declared.inputs.size());
        const auto input = static_cast<std::size_t>(inputs == 1 ? 0 : below(inputs));
        builder_.edge(path, target.id + "." + std::string(declared.inputs[input].name), settings);
        return;
    }
    if (declared.parameters.size() == 0 || !batches_meet) {
        return;
    }
    const auto index = static_cast<std::size_t>(below(static_cast<int>(declared.parameters.size())));
    const ParameterDeclaration& parameter = declared.parameters[index];
    if (one_in(3)) {
        settings.scale = plan::EdgeScale::octaves;
    } else if (one_in(3)) {
        settings.mode = plan::EdgeMode::scale;
    } else {
        const double range = parameter.maximum - parameter.minimum;
        settings.gain.number *= std::min(range, parameter.unit == Unit::seconds ? 0.05 : 2000.0);
    }
    builder_.edge(path, target.id + "." + std::string(parameter.name), settings);
}

void RandomPlan::warm(const std::string& node) { builder_.warms(node, real(0, 1000), real(0.001, 0.1)); }

void RandomPlan::add_network() {
    if (parts_.heat && one_in(5)) {
        builder_.attenuates(25, real(26, 40), real(41, 60));
    }
    const int nodes = 3 + below(10);
    for (int n = 0; n < nodes; ++n) {
        // The last one has two groups, whose heat is what is of interest.
        const std::string type(kTypes[below(static_cast<int>(std::size(kTypes)) - (parts_.heat ? 0 : 1))]);
        const Shape shape = any_shape(type);
        const std::string id = add(type, shape);
        if (parts_.heat && find_node_type(type)->declaration->inputs.size() > 0 && one_in(2)) {
            warm(id);
        }
        network_.push_back({id, type, shape, type == "pan" ? Shape{shape.batch, 2} : shape});
        if (find_node_type(type)->declaration->inputs.size() > 0 && one_in(2)) {
            feed(id, one_in(2) && !buses_.empty() && shape.channels == 2 ? buses_ : free_, true);
        }
    }
    for (int edges = nodes + below(2 * nodes); edges > 0; --edges) {
        connect(static_cast<std::size_t>(below(nodes)), static_cast<std::size_t>(below(nodes)));
    }
}

} // namespace amp::test

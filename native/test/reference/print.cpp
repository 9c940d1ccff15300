#include "reference/shrink.h"

#include <sstream>

namespace amp::test::reference {

namespace {

constexpr const char* kUnits[] = {"",      " Hz",          " kHz",    " s", " ms",  " dB",
                                  " note", " whole notes", " frames", " %", " bars"};
constexpr const char* kModes[] = {"mute", "sample", "hold"};
constexpr const char* kEvents[] = {"note on",       "note off", "bend",          "pressure",
                                   "timbre",        "sustain",  "all notes off", "set parameter",
                                   "set edge gain", "set gate", "drain node",    "shed voice"};

std::string text(const plan::Value& value) {
    std::ostringstream out;
    out << value.number << kUnits[static_cast<int>(value.unit)];
    return out.str();
}

std::string text(Shape shape) {
    return "(" + std::to_string(shape.batch) + ", " + std::to_string(shape.channels) + ")";
}

void print(std::ostream& out, const plan::Slew& slew) {
    if (slew.any()) {
        out << " (rate " << slew.rate << ", acceleration " << slew.acceleration << ", area " << slew.area << ")";
    }
}

void print(std::ostream& out, const plan::Node& node, std::size_t index) {
    out << "  node " << index << " " << node.id << " " << text(node.shape) << " in component " << node.component;
    if (node.voice_group != plan::kNone) {
        out << ", voices " << node.voice_group;
    }
    for (const plan::Option& option : node.options) {
        out << ", " << option.name << " " << option.number;
    }
    for (const plan::Parameter& parameter : node.parameters) {
        out << ", " << parameter.name;
        for (const plan::Value& base : parameter.base) {
            out << " " << text(base);
        }
        print(out, parameter.slew);
    }
    out << "\n";
}

void print(std::ostream& out, const plan::Description& plan, std::size_t index) {
    const plan::Edge& edge = plan.edges[index];
    const plan::Node& from = plan.nodes[edge.from_node];
    const plan::Node& to = plan.nodes[edge.to_node];
    const bool to_input = edge.target == plan::EdgeTarget::input;
    out << "  edge " << index << " " << from.id << "." << from.outputs[edge.from_output].name << " to " << to.id << "."
        << (to_input ? to.inputs[edge.to_index].name : to.parameters[edge.to_index].name) << ", delay "
        << edge.total_delay() << ", gain " << text(edge.gain) << (edge.mode == plan::EdgeMode::scale ? ", scales" : "")
        << (edge.scale == plan::EdgeScale::octaves ? ", in octaves" : "");
    print(out, edge.slew);
    if (edge.gate != plan::kNone) {
        out << ", gate " << edge.gate << ", at most " << from.outputs[edge.from_output].max_frames << " frames";
        if (to_input) {
            const plan::InputTap& tap = to.inputs[edge.to_index];
            out << " and " << tap.max_frames << ", default " << tap.default_value
                << (tap.absent == plan::AbsentPolicy::hold ? ", holds" : "");
        }
    }
    out << "\n";
}

void print(std::ostream& out, const plan::Gate& gate, std::size_t index) {
    out << "  gate " << index << " " << kModes[static_cast<int>(gate.while_closed)]
        << (gate.release == plan::GateRelease::skip ? ", skips" : ", resumes") << (gate.open ? ", open" : ", closed")
        << ", quantize " << text(gate.quantize);
    for (const plan::GateSignal& signal : gate.signals) {
        out << ", signal of node " << signal.node << " output " << signal.output;
    }
    out << "\n";
}

void print(std::ostream& out, const control::Event& event) {
    out << "  at " << event.frame << " " << kEvents[static_cast<int>(event.kind)];
    if (event.kind < control::EventKind::set_parameter) {
        out << " channel " << int{event.channel} << ", note " << int{event.note};
    } else {
        const bool is_of_part =
            event.kind < control::EventKind::set_gate || event.kind == control::EventKind::shed_voice;
        out << " " << event.node;
        if (is_of_part) {
            out << "." << event.parameter;
        }
    }
    out << ": " << event.value;
    if (event.rate > 0 || event.acceleration > 0 || event.area > 0) {
        out << " (rate " << event.rate << ", acceleration " << event.acceleration << ", area " << event.area << ")";
    }
    out << "\n";
}

} // namespace

std::string text(const Case& played) {
    std::ostringstream out;
    out.precision(9);
    const plan::Description& plan = played.plan;
    out << played.frames << " frames, " << plan.stream.sample_rate << " Hz, tempo " << plan.stream.tempo << "\n";
    for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
        print(out, plan.nodes[n], n);
    }
    for (std::size_t e = 0; e < plan.edges.size(); ++e) {
        print(out, plan, e);
    }
    for (std::size_t g = 0; g < plan.gates.size(); ++g) {
        print(out, plan.gates[g], g);
    }
    for (const control::Event& event : played.events) {
        print(out, event);
    }
    return out.str();
}

} // namespace amp::test::reference

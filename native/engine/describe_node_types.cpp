#include "engine/describe.h"
#include "engine/json_writer.h"
#include "node/node.h"

namespace amp::engine {

namespace {

std::string_view name_of(ShapeRule rule) {
    switch (rule) {
    case ShapeRule::elementwise:
        return "elementwise";
    case ShapeRule::sum:
        return "sum";
    case ShapeRule::output:
        return "output";
    case ShapeRule::pan:
        return "pan";
    case ShapeRule::voices:
        return "voices";
    }
    return "";
}

std::string_view name_of(Unit unit) {
    switch (unit) {
    case Unit::none:
        return "none";
    case Unit::hertz:
        return "hertz";
    case Unit::seconds:
        return "seconds";
    case Unit::ratio:
        return "ratio";
    case Unit::octaves:
        return "octaves";
    case Unit::turns:
        return "turns";
    }
    return "";
}

std::string_view name_of(Absent absent) {
    switch (absent) {
    case Absent::use_default:
        return "default";
    case Absent::hold:
        return "hold";
    case Absent::optional:
        return "optional";
    }
    return "";
}

void write_tap(JsonWriter& json, const TapDeclaration& tap, bool input) {
    json.begin_object().key("name").text(tap.name).key("group").text(tap.group).key("purpose").text(tap.purpose);
    json.key("spectral").boolean(tap.spectral);
    if (input) {
        json.key("absent").text(name_of(tap.absent)).key("default").number(tap.default_value);
    }
    json.end_object();
}

void write_parameter(JsonWriter& json, const ParameterDeclaration& parameter) {
    json.begin_object().key("name").text(parameter.name).key("purpose").text(parameter.purpose);
    json.key("unit").text(name_of(parameter.unit));
    json.key("minimum").number(parameter.minimum).key("maximum").number(parameter.maximum);
    json.key("default").number(parameter.default_value);
    json.key("curve").text(parameter.curve == Curve::linear ? "linear" : "exponential").end_object();
}

void write_option(JsonWriter& json, const OptionDeclaration& option) {
    json.begin_object().key("name").text(option.name).key("purpose").text(option.purpose);
    if (option.choices.size() > 0) {
        json.key("choices").begin_array();
        for (const std::string_view choice : option.choices) {
            json.text(choice);
        }
        json.end_array();
    } else {
        json.key("minimum").number(option.minimum).key("maximum").number(option.maximum);
        json.key("powerOfTwo").boolean(option.power_of_two);
    }
    json.key("default").number(option.default_value).end_object();
}

template <class List, class Write>
void write_list(JsonWriter& json, std::string_view name, const List& list, Write&& write) {
    json.key(name).begin_array();
    for (const auto& item : list) {
        write(json, item);
    }
    json.end_array();
}

void write_frames(JsonWriter& json, std::string_view name, SpectralFrames frames) {
    json.key(name).begin_object().key("sizes").number(frames.sizes).key("hops").number(frames.hops).end_object();
}

void write_spectral(JsonWriter& json, const Declaration& declared) {
    json.key("spectral");
    if (!declared.is_spectral()) {
        json.null();
        return;
    }
    json.begin_object();
    write_frames(json, "latency", declared.spectral_latency);
    write_frames(json, "tail", declared.spectral_tail);
    json.key("leastOverlaps").begin_array();
    for (const WindowShape& window : kWindowShapes) {
        json.number(window.least_overlap);
    }
    json.end_array().end_object();
}

void write_type(JsonWriter& json, const NodeType& type) {
    const Declaration& declared = *type.declaration;
    json.begin_object().key("name").text(type.name).key("purpose").text(declared.purpose);
    json.key("source").text(declared.source).key("shape").text(name_of(declared.shape));
    json.key("envelope").boolean(declared.envelope);
    write_list(json, "inputs", declared.inputs, [](auto& out, const auto& tap) { write_tap(out, tap, true); });
    write_list(json, "outputs", declared.outputs, [](auto& out, const auto& tap) { write_tap(out, tap, false); });
    write_list(json, "parameters", declared.parameters, write_parameter);
    write_list(json, "options", declared.options, write_option);
    json.key("chains").boolean(type.chains());
    json.key("latency").number(declared.latency).key("tail").number(declared.tail);
    write_spectral(json, declared);
    json.key("thermal").begin_object().key("gain").number(declared.thermal.gain);
    json.key("tau").number(declared.thermal.tau).end_object();
    json.key("differentiable");
    if (declared.not_differentiable.empty()) {
        json.boolean(true);
    } else {
        json.text(declared.not_differentiable);
    }
    json.end_object();
}

} // namespace

std::string describe_node_types() {
    JsonWriter json;
    json.begin_object().key("format").number(1);
    write_list(json, "types", node_types(), [](auto& out, const NodeType* type) { write_type(out, *type); });
    json.end_object();
    return json.result();
}

} // namespace amp::engine

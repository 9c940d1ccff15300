// A plan as it was read: names, numbers and references, checked, but nothing built. docs/plan_format.md is its grammar.
#pragma once

#include "node/shape.h"

#include <cstdint>
#include <string>
#include <vector>

namespace amp::plan {

inline constexpr std::uint32_t kNone = 0xFFFFFFFFU;
inline constexpr std::uint64_t kEndlessFrames = ~std::uint64_t{0};

// The unit of a number as the patch wrote it; the engine converts it (plan/units.h).
enum class ValueUnit : std::uint8_t {
    plain,
    hertz,
    kilohertz,
    seconds,
    milliseconds,
    decibels,
    note,
    whole_notes,
    frames,
    percent,
    bars,
};
inline constexpr int kValueUnits = 11;

struct Value {
    double number = 0;
    ValueUnit unit = ValueUnit::plain;
    bool operator==(const Value&) const = default;
};

struct Stream {
    std::string name;
    double sample_rate = 48000;
    double tempo = 120;
    std::uint32_t meter_numerator = 4;
    std::uint32_t meter_denominator = 4;
    std::uint64_t seed = 0;
    Value ceiling;
    std::uint64_t output_latency = 0;
    bool shed_on_overload = false;
    bool operator==(const Stream&) const = default;
};

struct Option {
    std::string name;
    double number = 0;
    bool operator==(const Option&) const = default;
};

struct Slew {
    bool has_rate = false, has_acceleration = false, has_area = false;
    double rate = 0, acceleration = 0, area = 0;

    bool any() const { return has_rate || has_acceleration || has_area; }
    bool operator==(const Slew&) const = default;
};

struct Parameter {
    std::string name;
    bool written = false;
    std::vector<Value> base; // one, or one a batch lane
    Slew slew;
    bool operator==(const Parameter&) const = default;
};

enum class AbsentPolicy : std::uint8_t { use_default, hold, optional };
enum class OverflowPolicy : std::uint8_t { drop_oldest, block };
enum class ReleasePolicy : std::uint8_t { on_consume, on_publish };

struct InputTap {
    std::string name, group;
    Shape shape;
    double default_value = 0;
    AbsentPolicy absent = AbsentPolicy::use_default;
    std::uint64_t asks = 0;
    std::uint64_t max_frames = 0;
    OverflowPolicy overflow = OverflowPolicy::drop_oldest;
    bool operator==(const InputTap&) const = default;
};

struct OutputTap {
    std::string name, group;
    Shape shape;
    ReleasePolicy release = ReleasePolicy::on_consume;
    std::uint64_t history = 0;
    std::uint64_t max_frames = 0;
    std::uint32_t period = 1;
    bool operator==(const OutputTap&) const = default;
};

struct Node {
    std::string id, type;
    Shape shape;
    std::uint32_t component = 0;
    std::uint32_t voice_group = kNone;
    std::uint64_t latency = 0, aligned_latency = 0;
    std::uint64_t tail = 0;
    std::vector<Option> options;
    std::vector<Parameter> parameters;
    std::vector<InputTap> inputs;
    std::vector<OutputTap> outputs;
    bool operator==(const Node&) const = default;
};

enum class EdgeTarget : std::uint8_t { input, parameter };
enum class EdgeMode : std::uint8_t { add, scale };
enum class EdgeScale : std::uint8_t { linear, octaves };

struct Edge {
    std::string id;
    std::uint32_t from_node = 0, from_output = 0, to_node = 0;
    EdgeTarget target = EdgeTarget::input;
    std::uint32_t to_index = 0;
    std::uint64_t delay = 0, alignment = 0;
    Value gain; // of a tap edge; the depth of a parameter edge
    EdgeMode mode = EdgeMode::add;
    EdgeScale scale = EdgeScale::linear;
    std::uint32_t gate = kNone;
    bool align = true;
    Slew slew; // of a modulation

    std::uint64_t total_delay() const { return delay + alignment; }
    bool operator==(const Edge&) const = default;
};

struct Component {
    std::uint32_t quantum = 4096;
    bool is_loop = false;
    std::vector<std::uint32_t> nodes; // in the order in which they run inside a window
    bool operator==(const Component&) const = default;
};

enum class WhileClosed : std::uint8_t { mute, sample, hold };
enum class GateRelease : std::uint8_t { resume, skip };

// An output tap whose lane 0, above 0.5 or not on a tick, asks a gate to open or close.
struct GateSignal {
    std::uint32_t node = 0, output = 0;
    bool operator==(const GateSignal&) const = default;
};

struct Gate {
    std::string id;
    WhileClosed while_closed = WhileClosed::mute;
    GateRelease release = GateRelease::resume;
    bool open = true;
    Value quantize;
    std::vector<std::uint32_t> edges;
    std::vector<GateSignal> signals;
    bool operator==(const Gate&) const = default;
};

struct VoiceGroup {
    std::uint32_t keys = 0;
    std::uint32_t lanes = 0;
    std::uint32_t channel = 0;
    std::uint64_t ring = kEndlessFrames; // frames from a release until silence
    std::vector<std::uint32_t> members, exit_edges, envelopes;
    bool operator==(const VoiceGroup&) const = default;
};

struct NodeThermal {
    double gain = 0, tau = 1;
    bool operator==(const NodeThermal&) const = default;
};

struct Thermal {
    double ambient = 25, warm = 55, limit = 80;
    bool attenuate = false;
    std::vector<NodeThermal> nodes;
    bool operator==(const Thermal&) const = default;
};

struct Cohort {
    std::string type;
    std::vector<std::uint32_t> nodes;
    bool operator==(const Cohort&) const = default;
};

struct Stage {
    std::uint32_t partial_latency = 0;
    std::vector<Cohort> cohorts;
    bool operator==(const Stage&) const = default;
};

struct Description {
    Stream stream;
    std::vector<Node> nodes;
    std::vector<Edge> edges;
    std::vector<Component> components;
    std::vector<Gate> gates;
    std::vector<VoiceGroup> voices;
    Thermal thermal;
    bool has_schedule = false;
    std::vector<Stage> stages;
    bool operator==(const Description&) const = default;
};

} // namespace amp::plan

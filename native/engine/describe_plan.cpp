#include "engine/describe.h"
#include "engine/json_writer.h"

namespace amp::engine {

namespace {

using namespace plan;

template <class Enum, std::size_t Count>
std::string_view word(Enum value, const std::string_view (&words)[Count]) {
    return words[static_cast<std::size_t>(value)];
}

constexpr std::string_view kUnits[] = {"plain", "hertz",       "kilohertz", "seconds", "milliseconds", "decibels",
                                       "note",  "whole_notes", "frames",    "percent", "bars"};
constexpr std::string_view kAbsent[] = {"default", "hold", "optional"};
constexpr std::string_view kOverflow[] = {"drop_oldest", "block"};
constexpr std::string_view kRelease[] = {"on_consume", "on_publish"};
constexpr std::string_view kTarget[] = {"input", "parameter"};
constexpr std::string_view kMode[] = {"add", "scale"};
constexpr std::string_view kScale[] = {"linear", "octaves"};
constexpr std::string_view kWhileClosed[] = {"mute", "sample", "hold"};
constexpr std::string_view kGateRelease[] = {"resume", "skip"};

// JSON objects and lists whose keys are those of the host's plan (src/plan/plan.ts).
class PlanWriter {
public:
    std::string write(const Description& plan) {
        json_.begin_object();
        write_stream(plan.stream);
        list("nodes", plan.nodes, [this](const Node& node) { write_node(node); });
        list("edges", plan.edges, [this](const Edge& edge) { write_edge(edge); });
        list("components", plan.components, [this](const Component& component) {
            json_.begin_object();
            count("quantum", component.quantum).flag("isLoop", component.is_loop).indices("nodes", component.nodes);
            json_.end_object();
        });
        list("gates", plan.gates, [this](const Gate& gate) {
            json_.begin_object();
            text("id", gate.id).text("whileClosed", word(gate.while_closed, kWhileClosed));
            text("release", word(gate.release, kGateRelease))
                .flag("isOpen", gate.open)
                .value("quantize", gate.quantize);
            indices("edges", gate.edges);
            list("signals", gate.signals, [this](const GateSignal& signal) {
                json_.begin_object();
                count("node", signal.node).count("output", signal.output);
                json_.end_object();
            });
            json_.end_object();
        });
        list("voiceGroups", plan.voices, [this](const VoiceGroup& group) { write_voices(group); });
        write_thermal(plan.thermal);
        write_schedule(plan);
        json_.end_object();
        return json_.result();
    }

private:
    PlanWriter& text(std::string_view name, std::string_view content) {
        json_.key(name).text(content);
        return *this;
    }
    PlanWriter& number(std::string_view name, double content) {
        json_.key(name).number(content);
        return *this;
    }
    PlanWriter& count(std::string_view name, std::uint64_t content) {
        json_.key(name).integer(content);
        return *this;
    }
    PlanWriter& flag(std::string_view name, bool content) {
        json_.key(name).boolean(content);
        return *this;
    }
    PlanWriter& extent(std::string_view name, std::uint64_t frames) {
        return frames == kEndlessFrames ? text(name, "endless") : count(name, frames);
    }
    PlanWriter& index(std::string_view name, std::uint32_t content) {
        if (content == kNone) {
            json_.key(name).null();
            return *this;
        }
        return count(name, content);
    }
    PlanWriter& limit(std::string_view name, bool given, double content) {
        if (!given) {
            json_.key(name).null();
            return *this;
        }
        return number(name, content);
    }
    PlanWriter& indices(std::string_view name, const std::vector<std::uint32_t>& content) {
        return list(name, content, [this](std::uint32_t item) { json_.integer(item); });
    }
    void write_value(const Value& value) {
        json_.begin_object();
        number("number", value.number).text("unit", word(value.unit, kUnits));
        json_.end_object();
    }
    PlanWriter& value(std::string_view name, const Value& content) {
        json_.key(name);
        write_value(content);
        return *this;
    }
    PlanWriter& shape(Shape content) {
        return count("batch", static_cast<std::uint64_t>(content.batch))
            .count("channels", static_cast<std::uint64_t>(content.channels));
    }
    template <class Items, class Write>
    PlanWriter& list(std::string_view name, const Items& items, Write&& write) {
        json_.key(name).begin_array();
        for (const auto& item : items) {
            write(item);
        }
        json_.end_array();
        return *this;
    }

    void write_stream(const Stream& stream) {
        json_.key("stream").begin_object();
        text("name", stream.name).number("sampleRate", stream.sample_rate).number("tempo", stream.tempo);
        count("meterNumerator", stream.meter_numerator).count("meterDenominator", stream.meter_denominator);
        count("seed", stream.seed).value("ceiling", stream.ceiling).count("outputLatency", stream.output_latency);
        text("overload", stream.shed_on_overload ? "shed" : "none");
        json_.end_object();
    }

    void write_node(const Node& node) {
        json_.begin_object();
        text("id", node.id).text("type", node.type).shape(node.shape).count("component", node.component);
        index("voiceGroup", node.voice_group).count("latency", node.latency);
        count("alignedLatency", node.aligned_latency).extent("tail", node.tail);
        list("options", node.options, [this](const Option& option) {
            json_.begin_object();
            text("name", option.name).number("number", option.number);
            json_.end_object();
        });
        list("parameters", node.parameters, [this](const Parameter& parameter) {
            json_.begin_object();
            text("name", parameter.name).flag("isWritten", parameter.written);
            list("base", parameter.base, [this](const Value& base) { write_value(base); });
            write_slew(parameter.slew);
            json_.end_object();
        });
        list("inputs", node.inputs, [this](const InputTap& tap) {
            json_.begin_object();
            text("name", tap.name).text("group", tap.group).shape(tap.shape).number("default", tap.default_value);
            text("absent", word(tap.absent, kAbsent)).count("asks", tap.asks).count("maxFrames", tap.max_frames);
            text("overflow", word(tap.overflow, kOverflow));
            json_.end_object();
        });
        list("outputs", node.outputs, [this](const OutputTap& tap) {
            json_.begin_object();
            text("name", tap.name)
                .text("group", tap.group)
                .shape(tap.shape)
                .text("release", word(tap.release, kRelease));
            count("history", tap.history).count("maxFrames", tap.max_frames).count("period", tap.period);
            json_.end_object();
        });
        json_.end_object();
    }

    void write_edge(const Edge& edge) {
        json_.begin_object();
        text("id", edge.id).count("fromNode", edge.from_node).count("fromOutput", edge.from_output);
        count("toNode", edge.to_node).text("toKind", word(edge.target, kTarget)).count("toIndex", edge.to_index);
        count("delay", edge.delay).count("alignment", edge.alignment).value("gain", edge.gain);
        text("mode", word(edge.mode, kMode)).text("in", word(edge.scale, kScale)).index("gate", edge.gate);
        flag("align", edge.align);
        write_slew(edge.slew);
        json_.end_object();
    }

    void write_slew(const Slew& slew) {
        json_.key("slew").begin_object();
        limit("rate", slew.has_rate, slew.rate).limit("acceleration", slew.has_acceleration, slew.acceleration);
        limit("area", slew.has_area, slew.area);
        json_.end_object();
    }

    void write_voices(const VoiceGroup& group) {
        json_.begin_object();
        count("keysNode", group.keys).count("lanes", group.lanes).count("channel", group.channel);
        extent("ring", group.ring).indices("members", group.members).indices("exitEdges", group.exit_edges);
        indices("envelopes", group.envelopes);
        json_.end_object();
    }

    void write_thermal(const Thermal& thermal) {
        json_.key("thermal").begin_object();
        number("ambient", thermal.ambient).number("warm", thermal.warm).number("limit", thermal.limit);
        text("onLimit", thermal.attenuate ? "attenuate" : "report");
        list("nodes", thermal.nodes, [this](const NodeThermal& node) {
            json_.begin_object();
            number("gain", node.gain).number("tau", node.tau);
            json_.end_object();
        });
        json_.end_object();
    }

    void write_schedule(const Description& plan) {
        json_.key("schedule");
        if (!plan.has_schedule) {
            json_.null();
            return;
        }
        json_.begin_object();
        list("stages", plan.stages, [this](const Stage& stage) {
            json_.begin_object();
            count("partialLatency", stage.partial_latency);
            list("cohorts", stage.cohorts, [this](const plan::Cohort& cohort) {
                json_.begin_object();
                text("type", cohort.type).indices("nodes", cohort.nodes);
                json_.end_object();
            });
            json_.end_object();
        });
        json_.end_object();
    }

    JsonWriter json_;
};

} // namespace

std::string describe_plan(const plan::Description& plan) { return PlanWriter().write(plan); }

} // namespace amp::engine

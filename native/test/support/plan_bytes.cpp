#include "support/plan_bytes.h"

#include "base/crc32.h"

#include <cstring>
#include <span>
#include <string_view>

namespace amp::test {

namespace {

using namespace plan;

class Writer {
public:
    PlanBytes made;

    template <class Number>
    void number(Number value) {
        if (sizeof(Number) == 4) {
            made.words.push_back(made.bytes.size());
        }
        const auto* const first = reinterpret_cast<const std::byte*>(&value);
        made.bytes.insert(made.bytes.end(), first, first + sizeof(Number));
    }
    void byte(int value) { number(static_cast<std::uint8_t>(value)); }
    template <class Enum>
    void choice(Enum value) {
        byte(static_cast<int>(value));
    }
    void text(std::string_view content) {
        number(static_cast<std::uint32_t>(content.size()));
        raw(content);
    }
    void raw(std::string_view content) {
        const auto bytes = std::as_bytes(std::span(content));
        made.bytes.insert(made.bytes.end(), bytes.begin(), bytes.end());
    }
    void value(const Value& content) {
        number(content.number);
        choice(content.unit);
    }
    void shape(Shape content) {
        number(static_cast<std::uint32_t>(content.batch));
        number(static_cast<std::uint32_t>(content.channels));
    }
    template <class Items, class Write>
    void list(const Items& items, Write&& write) {
        number(static_cast<std::uint32_t>(items.size()));
        for (const auto& item : items) {
            write(item);
        }
    }
    void indices(const std::vector<std::uint32_t>& items) {
        list(items, [this](std::uint32_t item) { number(item); });
    }
    template <class Write>
    void section(std::string_view tag, Write&& write) {
        made.sections.push_back(made.bytes.size());
        raw(tag);
        const std::size_t length_at = made.bytes.size();
        number(std::uint32_t{0});
        write();
        write_word(made.bytes, length_at, static_cast<std::uint32_t>(made.bytes.size() - length_at - 4));
    }

    void stream(const Stream& stream) {
        text(stream.name);
        number(stream.sample_rate);
        number(stream.tempo);
        number(stream.meter_numerator);
        number(stream.meter_denominator);
        number(stream.seed);
        value(stream.ceiling);
        number(stream.output_latency);
        byte(stream.shed_on_overload);
    }

    void node(const Node& node) {
        text(node.id);
        text(node.type);
        shape(node.shape);
        number(node.component);
        number(node.voice_group);
        number(node.latency);
        number(node.aligned_latency);
        number(node.tail);
        list(node.options, [this](const Option& option) {
            text(option.name);
            number(option.number);
        });
        list(node.parameters, [this](const Parameter& parameter) {
            text(parameter.name);
            byte(parameter.written);
            list(parameter.base, [this](const Value& base) { value(base); });
            slew(parameter.slew);
        });
        list(node.inputs, [this](const InputTap& tap) {
            text(tap.name);
            text(tap.group);
            shape(tap.shape);
            number(tap.default_value);
            choice(tap.absent);
            number(tap.asks);
            number(tap.max_frames);
            choice(tap.overflow);
        });
        list(node.outputs, [this](const OutputTap& tap) {
            text(tap.name);
            text(tap.group);
            shape(tap.shape);
            choice(tap.release);
            number(tap.history);
            number(tap.max_frames);
            number(tap.period);
        });
    }

    void edge(const Edge& edge) {
        text(edge.id);
        number(edge.from_node);
        number(edge.from_output);
        number(edge.to_node);
        choice(edge.target);
        number(edge.to_index);
        number(edge.delay);
        number(edge.alignment);
        value(edge.gain);
        choice(edge.mode);
        choice(edge.scale);
        number(edge.gate);
        byte(edge.align);
        slew(edge.slew);
    }

    void slew(const Slew& slew) {
        byte((slew.has_rate ? 1 : 0) + (slew.has_acceleration ? 2 : 0) + (slew.has_area ? 4 : 0));
        number(slew.rate);
        number(slew.acceleration);
        number(slew.area);
    }

    void gate(const Gate& gate) {
        text(gate.id);
        choice(gate.while_closed);
        choice(gate.release);
        byte(gate.open);
        value(gate.quantize);
        indices(gate.edges);
        list(gate.signals, [this](const GateSignal& signal) {
            number(signal.node);
            number(signal.output);
        });
    }

    void voice_group(const VoiceGroup& group) {
        number(group.keys);
        number(group.lanes);
        number(group.channel);
        number(group.ring);
        indices(group.members);
        indices(group.exit_edges);
        indices(group.envelopes);
    }

    void thermal(const Thermal& thermal) {
        number(thermal.ambient);
        number(thermal.warm);
        number(thermal.limit);
        byte(thermal.attenuate);
        list(thermal.nodes, [this](const NodeThermal& node) {
            number(node.gain);
            number(node.tau);
        });
    }

    void schedule(const Description& plan) {
        byte(plan.has_schedule);
        list(plan.stages, [this](const Stage& stage) {
            number(stage.partial_latency);
            list(stage.cohorts, [this](const Cohort& cohort) {
                text(cohort.type);
                indices(cohort.nodes);
            });
        });
    }
};

} // namespace

PlanBytes encode(const Description& plan) {
    Writer out;
    out.raw({"AMPPLAN\0", 8});
    out.number(std::uint32_t{3});
    out.number(std::uint32_t{0});
    out.number(std::uint64_t{0});
    out.section("STRM", [&] { out.stream(plan.stream); });
    out.section("NODE", [&] { out.list(plan.nodes, [&](const Node& node) { out.node(node); }); });
    out.section("EDGE", [&] { out.list(plan.edges, [&](const Edge& edge) { out.edge(edge); }); });
    out.section("COMP", [&] {
        out.list(plan.components, [&](const Component& component) {
            out.number(component.quantum);
            out.byte(component.is_loop);
            out.indices(component.nodes);
        });
    });
    out.section("GATE", [&] { out.list(plan.gates, [&](const Gate& gate) { out.gate(gate); }); });
    out.section("VOIC", [&] { out.list(plan.voices, [&](const VoiceGroup& group) { out.voice_group(group); }); });
    out.section("THRM", [&] { out.thermal(plan.thermal); });
    out.section("SCHD", [&] { out.schedule(plan); });
    out.section("END_", [] {});
    const std::uint64_t length = out.made.bytes.size();
    std::memcpy(out.made.bytes.data() + 16, &length, sizeof(length));
    mend_checksum(out.made.bytes);
    return out.made;
}

void mend_checksum(std::vector<std::byte>& bytes) {
    if (bytes.size() >= 16) {
        write_word(bytes, 12, crc32(std::span(bytes).subspan(16)));
    }
}

void write_word(std::vector<std::byte>& bytes, std::size_t offset, std::uint32_t value) {
    std::memcpy(bytes.data() + offset, &value, sizeof(value));
}

std::uint32_t read_word(const std::vector<std::byte>& bytes, std::size_t offset) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + offset, sizeof(value));
    return value;
}

} // namespace amp::test

#include "plan/reader.h"

#include "base/crc32.h"
#include "plan/check.h"
#include "plan/cursor.h"

#include <new>

namespace amp::plan {

namespace {

constexpr std::string_view kMagic{"AMPPLAN\0", 8};
constexpr std::uint32_t kVersion = 3;
constexpr std::uint64_t kHeaderBytes = 24;
constexpr std::uint64_t kMostItems = 1U << 20;
constexpr std::uint64_t kMostLanes = 4096;
constexpr std::uint64_t kLongestDelay = std::uint64_t{1} << 32;

Value read_value(Cursor& cursor, std::string_view what) {
    Value value;
    value.number = cursor.finite(what);
    value.unit = cursor.choice<ValueUnit>(what, kValueUnits);
    return value;
}

std::uint64_t read_frames(Cursor& cursor, std::string_view what) {
    const std::uint64_t where = cursor.offset();
    const auto frames = cursor.number<std::uint64_t>(what);
    if (frames > kLongestDelay) {
        cursor.refuse(where, std::string(what) + ": " + std::to_string(frames) + " frames are too many");
    }
    return frames;
}

std::uint64_t read_frames_or_endless(Cursor& cursor, std::string_view what) {
    const std::uint64_t where = cursor.offset();
    const auto frames = cursor.number<std::uint64_t>(what);
    if (frames > kLongestDelay && frames != kEndlessFrames) {
        cursor.refuse(where, std::string(what) + ": " + std::to_string(frames) + " frames are too many");
    }
    return frames;
}

Shape read_shape(Cursor& cursor) {
    const std::uint64_t where = cursor.offset();
    const auto batch = cursor.number<std::uint32_t>("batch");
    const auto channels = cursor.number<std::uint32_t>("channels");
    if (batch == 0 || channels == 0 || batch > kMostLanes || channels > kMostLanes ||
        std::uint64_t{batch} * channels > kMostLanes) {
        cursor.refuse(where,
                      "shape (" + std::to_string(batch) + ", " + std::to_string(channels) + "): 1 to 4096 lanes fit");
    }
    return Shape{static_cast<std::int32_t>(batch), static_cast<std::int32_t>(channels)};
}

std::vector<std::uint32_t> read_indices(Cursor& cursor, std::string_view what, std::uint64_t bound) {
    std::vector<std::uint32_t> indices(cursor.count(what, 4, kMostItems));
    for (auto& index : indices) {
        index = cursor.below(what, bound);
    }
    return indices;
}

Stream read_stream(Cursor cursor) {
    Stream stream;
    stream.name = cursor.string("name");
    stream.sample_rate = cursor.between("sample rate", 8000, 768000);
    stream.tempo = cursor.between("tempo", 1, 1000);
    stream.meter_numerator = cursor.below("meter numerator", 129);
    stream.meter_denominator = cursor.below("meter denominator", 129);
    if (stream.meter_numerator == 0 || stream.meter_denominator == 0) {
        cursor.refuse(cursor.offset() - 8, "meter: both numbers are at least 1");
    }
    stream.seed = cursor.number<std::uint64_t>("seed");
    stream.ceiling = read_value(cursor, "ceiling");
    stream.output_latency = read_frames(cursor, "output latency");
    stream.shed_on_overload = cursor.flag("overload");
    cursor.expect_end("STRM");
    return stream;
}

Slew read_slew(Cursor& cursor) {
    const auto flags = cursor.choice<std::uint8_t>("slew flags", 8);
    Slew slew{(flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0};
    slew.rate = cursor.finite("slew rate");
    slew.acceleration = cursor.finite("slew acceleration");
    slew.area = cursor.finite("slew area");
    return slew;
}

Parameter read_parameter(Cursor& cursor) {
    Parameter parameter;
    parameter.name = cursor.string("parameter");
    parameter.written = cursor.flag("written");
    parameter.base.resize(cursor.count("base values", 9, kMostLanes));
    for (auto& value : parameter.base) {
        value = read_value(cursor, "base value");
    }
    parameter.slew = read_slew(cursor);
    return parameter;
}

InputTap read_input(Cursor& cursor) {
    InputTap tap;
    tap.name = cursor.string("input");
    tap.group = cursor.string("group");
    tap.shape = read_shape(cursor);
    tap.default_value = cursor.finite("default");
    tap.absent = cursor.choice<AbsentPolicy>("absent", 3);
    tap.asks = read_frames(cursor, "asks");
    tap.max_frames = read_frames(cursor, "max_frames");
    tap.overflow = cursor.choice<OverflowPolicy>("overflow", 2);
    return tap;
}

OutputTap read_output(Cursor& cursor) {
    OutputTap tap;
    tap.name = cursor.string("output");
    tap.group = cursor.string("group");
    tap.shape = read_shape(cursor);
    tap.release = cursor.choice<ReleasePolicy>("release", 2);
    tap.history = read_frames(cursor, "history");
    tap.max_frames = read_frames(cursor, "max_frames");
    tap.period = cursor.below("period", 1U << 20);
    return tap;
}

std::vector<Node> read_nodes(Cursor cursor) {
    std::vector<Node> nodes(cursor.count("nodes", 60, kMostItems));
    for (Node& node : nodes) {
        node.id = cursor.string("node id");
        node.type = cursor.string("node type");
        node.shape = read_shape(cursor);
        node.component = cursor.number<std::uint32_t>("component");
        node.voice_group = cursor.number<std::uint32_t>("voice group");
        node.latency = read_frames(cursor, "latency");
        node.aligned_latency = read_frames(cursor, "aligned latency");
        node.tail = read_frames_or_endless(cursor, "tail");
        node.options.resize(cursor.count("options", 12, 64));
        for (auto& option : node.options) {
            option.name = cursor.string("option");
            option.number = cursor.finite("option");
        }
        node.parameters.resize(cursor.count("parameters", 34, 64));
        for (auto& parameter : node.parameters) {
            parameter = read_parameter(cursor);
        }
        node.inputs.resize(cursor.count("inputs", 42, 64));
        for (auto& input : node.inputs) {
            input = read_input(cursor);
        }
        node.outputs.resize(cursor.count("outputs", 37, 64));
        for (auto& output : node.outputs) {
            output = read_output(cursor);
        }
    }
    cursor.expect_end("NODE");
    return nodes;
}

std::vector<Edge> read_edges(Cursor cursor, std::uint64_t nodes) {
    std::vector<Edge> edges(cursor.count("edges", 78, kMostItems));
    for (Edge& edge : edges) {
        edge.id = cursor.string("edge id");
        edge.from_node = cursor.below("from node", nodes);
        edge.from_output = cursor.number<std::uint32_t>("from output");
        edge.to_node = cursor.below("to node", nodes);
        edge.target = cursor.choice<EdgeTarget>("edge target", 2);
        edge.to_index = cursor.number<std::uint32_t>("to index");
        edge.delay = read_frames(cursor, "delay");
        edge.alignment = read_frames(cursor, "alignment");
        edge.gain = read_value(cursor, "gain");
        edge.mode = cursor.choice<EdgeMode>("mode", 2);
        edge.scale = cursor.choice<EdgeScale>("in", 2);
        edge.gate = cursor.number<std::uint32_t>("gate");
        edge.align = cursor.flag("align");
        edge.slew = read_slew(cursor);
    }
    cursor.expect_end("EDGE");
    return edges;
}

std::vector<Component> read_components(Cursor cursor, std::uint64_t nodes) {
    std::vector<Component> components(cursor.count("components", 9, kMostItems));
    for (Component& component : components) {
        const std::uint64_t where = cursor.offset();
        component.quantum = cursor.number<std::uint32_t>("quantum");
        const std::uint32_t quantum = component.quantum;
        if (quantum == 0 || quantum > 4096 || (quantum & (quantum - 1)) != 0) {
            cursor.refuse(where, "quantum " + std::to_string(quantum) + ": a power of two from 1 to 4096 is needed");
        }
        component.is_loop = cursor.flag("is_loop");
        component.nodes = read_indices(cursor, "component's node", nodes);
    }
    cursor.expect_end("COMP");
    return components;
}

std::vector<Gate> read_gates(Cursor cursor, std::uint64_t nodes, std::uint64_t edges) {
    std::vector<Gate> gates(cursor.count("gates", 24, kMostItems));
    for (Gate& gate : gates) {
        gate.id = cursor.string("gate id");
        gate.while_closed = cursor.choice<WhileClosed>("while_closed", 3);
        gate.release = cursor.choice<GateRelease>("release", 2);
        gate.open = cursor.flag("open");
        gate.quantize = read_value(cursor, "quantize");
        gate.edges = read_indices(cursor, "gate's edge", edges);
        gate.signals.resize(cursor.count("gate's signals", 8, kMostItems));
        for (GateSignal& signal : gate.signals) {
            signal.node = cursor.below("signal's node", nodes);
            signal.output = cursor.number<std::uint32_t>("signal's output");
        }
    }
    cursor.expect_end("GATE");
    return gates;
}

std::vector<VoiceGroup> read_voices(Cursor cursor, std::uint64_t nodes, std::uint64_t edges) {
    std::vector<VoiceGroup> groups(cursor.count("voice groups", 32, 1024));
    for (VoiceGroup& group : groups) {
        group.keys = cursor.below("keys node", nodes);
        group.lanes = cursor.below("voices", 1025);
        group.channel = cursor.below("channel", 17);
        group.ring = read_frames_or_endless(cursor, "ring");
        group.members = read_indices(cursor, "member", nodes);
        group.exit_edges = read_indices(cursor, "exit edge", edges);
        group.envelopes = read_indices(cursor, "envelope", nodes);
    }
    cursor.expect_end("VOIC");
    return groups;
}

Thermal read_thermal(Cursor cursor, std::uint64_t nodes) {
    Thermal thermal;
    thermal.ambient = cursor.between("ambient", -273.15, 10000);
    thermal.warm = cursor.between("warm", -273.15, 10000);
    thermal.limit = cursor.between("limit", -273.15, 10000);
    thermal.attenuate = cursor.flag("on_limit");
    const std::uint64_t where = cursor.offset();
    thermal.nodes.resize(cursor.count("thermal nodes", 16, kMostItems));
    if (thermal.nodes.size() != nodes) {
        cursor.refuse(where, "thermal coefficients for " + std::to_string(thermal.nodes.size()) + " of " +
                                 std::to_string(nodes) + " nodes");
    }
    for (NodeThermal& node : thermal.nodes) {
        node.gain = cursor.between("thermal gain", 0, 1e9);
        node.tau = cursor.between("thermal tau", 1e-6, 1e9);
    }
    cursor.expect_end("THRM");
    return thermal;
}

bool read_schedule(Cursor cursor, std::uint64_t nodes, std::vector<Stage>& stages) {
    const bool present = cursor.flag("schedule");
    stages.resize(cursor.count("stages", 8, kMostItems));
    for (Stage& stage : stages) {
        stage.partial_latency = cursor.below("partial latency", 1025);
        stage.cohorts.resize(cursor.count("cohorts", 8, kMostItems));
        for (Cohort& cohort : stage.cohorts) {
            cohort.type = cursor.string("cohort type");
            cohort.nodes = read_indices(cursor, "cohort's node", nodes);
        }
    }
    cursor.expect_end("SCHD");
    return present;
}

Description read_checked(std::span<const std::byte> bytes) {
    Cursor cursor(bytes, 0, bytes.size());
    if (bytes.size() < kHeaderBytes || std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
        cursor.refuse(0, "not a plan: it does not begin with AMPPLAN");
    }
    cursor = Cursor(bytes, kMagic.size(), bytes.size());
    const auto version = cursor.number<std::uint32_t>("version");
    if (version != kVersion) {
        cursor.refuse(8,
                      "version " + std::to_string(version) + ": this engine reads version " + std::to_string(kVersion));
    }
    const auto checksum = cursor.number<std::uint32_t>("checksum");
    const auto length = cursor.number<std::uint64_t>("length");
    if (length != bytes.size()) {
        cursor.refuse(16, "length " + std::to_string(length) + ", but there are " + std::to_string(bytes.size()) +
                              " bytes");
    }
    if (crc32(bytes.subspan(16)) != checksum) {
        cursor.refuse(12, "the checksum does not fit the bytes");
    }
    Description plan;
    plan.stream = read_stream(cursor.section("STRM"));
    plan.nodes = read_nodes(cursor.section("NODE"));
    plan.edges = read_edges(cursor.section("EDGE"), plan.nodes.size());
    plan.components = read_components(cursor.section("COMP"), plan.nodes.size());
    plan.gates = read_gates(cursor.section("GATE"), plan.nodes.size(), plan.edges.size());
    plan.voices = read_voices(cursor.section("VOIC"), plan.nodes.size(), plan.edges.size());
    plan.thermal = read_thermal(cursor.section("THRM"), plan.nodes.size());
    plan.has_schedule = read_schedule(cursor.section("SCHD"), plan.nodes.size(), plan.stages);
    cursor.section("END_").expect_end("END_");
    cursor.expect_end("plan");
    return plan;
}

} // namespace

Result<Description> read(std::span<const std::byte> bytes) {
    try {
        Description plan = read_checked(bytes);
        if (auto wrong = check(plan)) {
            return Error{ErrorKind::bad_plan, *wrong};
        }
        return plan;
    } catch (const Refused& refused) {
        return Error{ErrorKind::bad_plan, "offset " + std::to_string(refused.offset) + ": " + refused.message};
    } catch (const std::bad_alloc&) {
        return Error{ErrorKind::no_memory, "not enough memory to read the plan"};
    }
}

} // namespace amp::plan

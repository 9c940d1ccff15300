// What the reader takes, and what it says of bytes that are cut, damaged or made up.
#include "plan/reader.h"
#include "plan/sample_plan.h"
#include "support/plan_bytes.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

namespace amp::test {
namespace {

using Bytes = std::vector<std::byte>;

std::string refusal(const Bytes& bytes) {
    const auto read = plan::read(bytes);
    return read.ok() ? "" : read.error().message;
}

// What is said of the sample plan after a change.
std::string refusal_after(const std::function<void(plan::Description&)>& change) {
    plan::Description plan = sample_plan();
    change(plan);
    return refusal(encode(plan).bytes);
}

void mend_length(Bytes& bytes) {
    const std::uint64_t length = bytes.size();
    std::memcpy(bytes.data() + 16, &length, sizeof(length));
    mend_checksum(bytes);
}

bool names_an_offset(const std::string& message, std::size_t limit) {
    constexpr std::string_view kOffset = "offset ";
    char* end = nullptr;
    return message.starts_with(kOffset) && std::strtoull(message.c_str() + kOffset.size(), &end, 10) <= limit &&
           end != message.c_str() + kOffset.size() && std::string_view(end).starts_with(": ");
}

TEST(PlanReader, TakesAPlanThatHasEverything) {
    const auto read = plan::read(encode(sample_plan()).bytes);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(encode(read.value()).bytes, encode(sample_plan()).bytes);
}

TEST(PlanReader, RefusesAPlanThatIsCutAnywhere) {
    const Bytes whole = encode(sample_plan()).bytes;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string message = refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
        ASSERT_TRUE(names_an_offset(message, whole.size())) << size << " bytes: " << message;
    }
}

TEST(PlanReader, RefusesAPlanThatIsCutAnywhereAndSealedAgain) {
    const Bytes whole = encode(sample_plan()).bytes;
    for (std::size_t size = 24; size < whole.size(); ++size) {
        Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        mend_length(cut);
        const std::string message = refusal(cut);
        ASSERT_TRUE(names_an_offset(message, size)) << size << " bytes: " << message;
    }
}

TEST(PlanReader, RefusesEverySingleBitThatFlips) {
    Bytes bytes = encode(sample_plan()).bytes;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            bytes[at] ^= std::byte{1} << bit;
            ASSERT_TRUE(names_an_offset(refusal(bytes), bytes.size())) << "bit " << bit << " of byte " << at;
            bytes[at] ^= std::byte{1} << bit;
        }
    }
}

TEST(PlanReader, RefusesBytesBehindTheEnd) {
    Bytes bytes = encode(sample_plan()).bytes;
    const std::size_t end = bytes.size();
    bytes.push_back(std::byte{0});
    mend_length(bytes);
    EXPECT_EQ(refusal(bytes), "offset " + std::to_string(end) + ": plan: 1 bytes too many");
}

TEST(PlanReader, RefusesNothingAtAll) { EXPECT_TRUE(names_an_offset(refusal({}), 0)); }

TEST(PlanReader, RefusesAnotherVersion) {
    Bytes bytes = encode(sample_plan()).bytes;
    write_word(bytes, 8, 1);
    EXPECT_EQ(refusal(bytes), "offset 8: version 1: this engine reads version 3");
}

TEST(PlanReader, RefusesHugeCountsWithTheirOffset) {
    const PlanBytes whole = encode(sample_plan());
    const std::size_t nodes = whole.sections[1] + 8;
    Bytes bytes = whole.bytes;
    write_word(bytes, nodes, 0xFFFFFFFF);
    mend_checksum(bytes);
    EXPECT_EQ(refusal(bytes), "offset " + std::to_string(nodes) + ": nodes: 4294967295 items do not fit");
}

TEST(PlanReader, RefusesSectionsInAnotherOrder) {
    const PlanBytes whole = encode(sample_plan());
    Bytes bytes = whole.bytes;
    std::memcpy(bytes.data() + whole.sections[2], "COMP", 4);
    mend_checksum(bytes);
    EXPECT_EQ(refusal(bytes), "offset " + std::to_string(whole.sections[2]) + ": section EDGE was expected here");
}

TEST(PlanReader, RefusesASectionLongerThanThePlan) {
    const PlanBytes whole = encode(sample_plan());
    Bytes bytes = whole.bytes;
    write_word(bytes, whole.sections[7] + 4, 100000);
    mend_checksum(bytes);
    EXPECT_TRUE(names_an_offset(refusal(bytes), whole.sections[7] + 4)) << refusal(bytes);
}

TEST(PlanReader, RefusesASectionWithBytesLeftOver) {
    const PlanBytes whole = encode(sample_plan());
    Bytes bytes = whole.bytes;
    // The section of gates swallows the next section's tag.
    const std::size_t length = whole.sections[4] + 4;
    write_word(bytes, length, read_word(bytes, length) + 4);
    mend_checksum(bytes);
    EXPECT_EQ(refusal(bytes), "offset " + std::to_string(whole.sections[5]) + ": GATE: 4 bytes too many");
}

struct Field {
    const char* name;
    std::function<void(plan::Description&)> spoil;
    const char* says; // a part of the message
};

void PrintTo(const Field& field, std::ostream* out) { *out << field.name; }

class SpoiltField : public testing::TestWithParam<Field> {};

TEST_P(SpoiltField, IsRefusedAtItsOffset) {
    const std::string message = refusal_after(GetParam().spoil);
    EXPECT_TRUE(names_an_offset(message, 100000)) << message;
    EXPECT_NE(message.find(GetParam().says), std::string::npos) << message;
}

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t kTooManyFrames = (std::uint64_t{1} << 32) + 1;

using Plan = plan::Description;

INSTANTIATE_TEST_SUITE_P(
    Of, SpoiltField,
    testing::Values(
        Field{"sample_rate_nan", [](Plan& p) { p.stream.sample_rate = kNotANumber; }, "sample rate"},
        Field{"sample_rate_low", [](Plan& p) { p.stream.sample_rate = 7999; }, "sample rate"},
        Field{"tempo_zero", [](Plan& p) { p.stream.tempo = 0; }, "tempo"},
        Field{"meter_zero", [](Plan& p) { p.stream.meter_denominator = 0; }, "meter"},
        Field{"meter_large", [](Plan& p) { p.stream.meter_numerator = 129; }, "meter numerator"},
        Field{"ceiling_infinite", [](Plan& p) { p.stream.ceiling.number = kInfinity; }, "ceiling"},
        Field{"value_unit", [](Plan& p) { p.stream.ceiling.unit = plan::ValueUnit{11}; }, "ceiling"},
        Field{"output_latency", [](Plan& p) { p.stream.output_latency = kTooManyFrames; }, "output latency"},
        Field{"name_not_utf8", [](Plan& p) { p.stream.name = "\xC0\x80"; }, "name: not UTF-8"},
        Field{"name_surrogate", [](Plan& p) { p.stream.name = "\xED\xA0\x80"; }, "name: not UTF-8"},
        Field{"name_beyond_unicode", [](Plan& p) { p.stream.name = "\xF4\x90\x80\x80"; }, "name: not UTF-8"},
        Field{"name_cut_letter", [](Plan& p) { p.stream.name = "\xE2\x82"; }, "name: not UTF-8"},
        Field{"name_long", [](Plan& p) { p.stream.name = std::string(65536, 'a'); }, "name: a text of 65536 bytes"},
        Field{"batch_zero", [](Plan& p) { p.nodes[1].shape.batch = 0; }, "shape (0, 1)"},
        Field{"channels_zero", [](Plan& p) { p.nodes[1].shape.channels = 0; }, "shape (6, 0)"},
        Field{"lanes_many", [](Plan& p) { p.nodes[1].shape = {65536, 65536}; }, "shape (65536, 65536)"},
        Field{"lanes_too_many", [](Plan& p) { p.nodes[1].shape = {64, 65}; }, "shape (64, 65)"},
        Field{"lanes_negative", [](Plan& p) { p.nodes[1].shape.batch = -1; }, "shape (4294967295, 1)"},
        Field{"latency", [](Plan& p) { p.nodes[0].latency = kTooManyFrames; }, "latency"},
        Field{"tail", [](Plan& p) { p.nodes[0].tail = kTooManyFrames; }, "tail"},
        Field{"option_nan", [](Plan& p) { p.nodes[0].options[0].number = kNotANumber; }, "option"},
        Field{"base_nan", [](Plan& p) { p.nodes[2].parameters[0].base[0].number = kNotANumber; }, "base value"},
        Field{"slew_infinite", [](Plan& p) { p.nodes[4].parameters[0].slew.rate = kInfinity; }, "slew rate"},
        Field{"default_nan", [](Plan& p) { p.nodes[4].inputs[0].default_value = kNotANumber; }, "default"},
        Field{"absent", [](Plan& p) { p.nodes[4].inputs[0].absent = plan::AbsentPolicy{3}; }, "absent"},
        Field{"overflow", [](Plan& p) { p.nodes[4].inputs[0].overflow = plan::OverflowPolicy{2}; }, "overflow"},
        Field{"release", [](Plan& p) { p.nodes[4].outputs[0].release = plan::ReleasePolicy{9}; }, "release"},
        Field{"history", [](Plan& p) { p.nodes[4].outputs[0].history = kTooManyFrames; }, "history"},
        Field{"from_node", [](Plan& p) { p.edges[3].from_node = 10; }, "from node: 10 is not below 10"},
        Field{"to_node", [](Plan& p) { p.edges[3].to_node = plan::kNone; }, "to node"},
        Field{"target", [](Plan& p) { p.edges[3].target = plan::EdgeTarget{2}; }, "edge target"},
        Field{"delay", [](Plan& p) { p.edges[3].delay = kTooManyFrames; }, "delay"},
        Field{"alignment", [](Plan& p) { p.edges[3].alignment = plan::kEndlessFrames; }, "alignment"},
        Field{"gain_nan", [](Plan& p) { p.edges[3].gain.number = kNotANumber; }, "gain"},
        Field{"mode", [](Plan& p) { p.edges[3].mode = plan::EdgeMode{2}; }, "mode"},
        Field{"in", [](Plan& p) { p.edges[3].scale = plan::EdgeScale{2}; }, "in"},
        Field{"quantum_zero", [](Plan& p) { p.components[7].quantum = 0; }, "quantum 0"},
        Field{"quantum_odd", [](Plan& p) { p.components[7].quantum = 3; }, "quantum 3"},
        Field{"quantum_large", [](Plan& p) { p.components[7].quantum = 8192; }, "quantum 8192"},
        Field{"component_node", [](Plan& p) { p.components[0].nodes[0] = 10; }, "component's node"},
        Field{"while_closed", [](Plan& p) { p.gates[0].while_closed = plan::WhileClosed{3}; }, "while_closed"},
        Field{"gate_release", [](Plan& p) { p.gates[0].release = plan::GateRelease{2}; }, "release"},
        Field{"gate_edge", [](Plan& p) { p.gates[0].edges[0] = 13; }, "gate's edge"},
        Field{"signal_node", [](Plan& p) { p.gates[1].signals[0].node = 10; }, "signal's node: 10 is not below 10"},
        Field{"keys_node", [](Plan& p) { p.voices[0].keys = 77; }, "keys node"},
        Field{"voices", [](Plan& p) { p.voices[0].lanes = 1025; }, "voices"},
        Field{"voice_channel", [](Plan& p) { p.voices[0].channel = 17; }, "channel"},
        Field{"ring", [](Plan& p) { p.voices[0].ring = kTooManyFrames; }, "ring"},
        Field{"member", [](Plan& p) { p.voices[0].members[1] = 10; }, "member"},
        Field{"exit_edge", [](Plan& p) { p.voices[0].exit_edges[0] = 13; }, "exit edge"},
        Field{"envelope", [](Plan& p) { p.voices[0].envelopes[0] = 10; }, "envelope"},
        Field{"ambient", [](Plan& p) { p.thermal.ambient = -300; }, "ambient"},
        Field{"limit_nan", [](Plan& p) { p.thermal.limit = kNotANumber; }, "limit"},
        Field{"thermal_nodes", [](Plan& p) { p.thermal.nodes.pop_back(); }, "thermal coefficients for 9 of 10 nodes"},
        Field{"thermal_tau", [](Plan& p) { p.thermal.nodes[2].tau = 0; }, "thermal tau"},
        Field{"partial_latency", [](Plan& p) { p.stages[0].partial_latency = 2000; }, "partial latency"},
        Field{"cohort_node", [](Plan& p) { p.stages[0].cohorts[0].nodes[0] = 10; }, "cohort's node"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(PlanReader, TakesTextInAnyScript) {
    EXPECT_EQ(refusal_after([](Plan& p) { p.stream.name = "\xC3\xA9t\xC3\xA9 \xE9\x9F\xB3 \xF0\x9F\x8E\xB9"; }), "");
}

TEST(PlanReader, TakesFlagsOnlyAsZeroOrOne) {
    const PlanBytes whole = encode(sample_plan());
    Bytes bytes = whole.bytes;
    bytes[whole.sections[7] + 8] = std::byte{2}; // whether there is a schedule
    mend_checksum(bytes);
    EXPECT_TRUE(names_an_offset(refusal(bytes), bytes.size())) << refusal(bytes);
}

} // namespace
} // namespace amp::test

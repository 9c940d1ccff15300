// What is heard of notes: beginnings, ends, steals, delays inside voices, and sleep.
#include "support/plan_builder.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace amp::test {
namespace {

using plan::ValueUnit;
using Signal = std::vector<float>;

constexpr int kFade = 96;

// One tap of a keys node, summed and heard at a quarter of its size.
std::vector<std::byte> keys_alone(const std::string& tap, int voices, std::uint64_t ring = plan::kEndlessFrames) {
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", voices}}}).node("out", "output");
    builder.edge("keys." + tap, "out", {.gain = {0.25}}).voices("keys", {}, ring);
    return builder.bytes();
}

TEST(Keys, OpenAndCloseTheirGateOnTheFrame) {
    for (const int block : {1, 64, 100, 1024}) {
        const Signal gate = rendered(keys_alone("gate", 4), 2000, {note_on(333, 60), note_off(1234, 60)}, block);
        for (int f = 0; f < 2000; ++f) {
            ASSERT_EQ(gate[static_cast<std::size_t>(f)], f >= 333 && f < 1234 ? 0.25F : 0.0F) << f;
        }
    }
}

TEST(Keys, TellVelocityUntilTheNextNote) {
    const Signal velocity = rendered(keys_alone("velocity", 1, 50), 1000,
                                     {note_on(100, 60, 0.5F), note_off(200, 60), note_on(300, 61, 0.25F)});
    EXPECT_EQ(velocity[99], 0);
    EXPECT_EQ(velocity[100], 0.125F);
    EXPECT_EQ(velocity[299], 0.125F);
    EXPECT_EQ(velocity[300], 0.0625F);
}

TEST(Keys, TellPressureTimbreAndBendAsTheyCome) {
    const std::vector<amp_event> events{note_on(10, 60), channel_event(100, AMP_EVENT_PRESSURE, 0.5F),
                                        channel_event(200, AMP_EVENT_TIMBRE, 0.75F),
                                        channel_event(300, AMP_EVENT_PITCH_BEND, 12)};
    const auto at = [&](const char* tap, std::size_t frame) {
        return 4 * rendered(keys_alone(tap, 2), 400, events)[frame];
    };
    EXPECT_EQ(at("pressure", 99), 0);
    EXPECT_EQ(at("pressure", 100), 0.5F);
    EXPECT_EQ(at("timbre", 199), 0);
    EXPECT_EQ(at("timbre", 200), 0.75F);
    EXPECT_EQ(at("bend", 299), 0);
    EXPECT_EQ(at("bend", 300), 1);
}

TEST(Steal, FadesTheOldNoteAndThenBeginsTheNewOne) {
    for (const int block : {1, 64, 100, 1024}) {
        const Signal heard =
            rendered(keys_alone("velocity", 1), 1000, {note_on(0, 60, 1), note_on(500, 61, 0.5F)}, block);
        for (int f = 0; f < 1000; ++f) {
            const float left = static_cast<float>(500 + kFade - f) / kFade;
            const float wanted = f < 500 ? 0.25F : f < 500 + kFade ? left * 0.25F : 0.125F;
            ASSERT_EQ(heard[static_cast<std::size_t>(f)], wanted) << "frame " << f << ", blocks of " << block;
        }
    }
}

TEST(Steal, LeavesTheOtherVoicesAlone) {
    const Signal heard =
        rendered(keys_alone("velocity", 2), 1000, {note_on(0, 60, 1), note_on(10, 61, 0.5F), note_on(500, 62, 0.25F)});
    EXPECT_EQ(heard[499], 0.375F);
    EXPECT_EQ(heard[500 + kFade / 2], 0.5F * 0.25F + 0.125F);
    EXPECT_EQ(heard[500 + kFade], 0.0625F + 0.125F);
}

TEST(Shed, FadesOneVoiceAndLeavesTheOthersAlone) {
    for (const int block : {1, 64, 100, 1024}) {
        const Signal heard = rendered(keys_alone("velocity", 2), 1000,
                                      {note_on(0, 60, 1), note_on(0, 61, 0.5F), shed_voice(500, 0, 0)}, block);
        for (int f = 0; f < 1000; ++f) {
            const float left = static_cast<float>(std::max(0, 500 + kFade - f)) / kFade;
            const float wanted = f < 500 ? 0.375F : left * 0.25F + 0.125F;
            ASSERT_EQ(heard[static_cast<std::size_t>(f)], wanted) << "frame " << f << ", blocks of " << block;
        }
    }
}

TEST(Shed, LetsTheNextNoteBeginAtOnceWhereTheFadeHasEnded) {
    const Signal heard =
        rendered(keys_alone("velocity", 1), 1000, {note_on(0, 60, 1), shed_voice(300, 0, 0), note_on(500, 61, 0.5F)});
    EXPECT_EQ(heard[499], 0);
    EXPECT_EQ(heard[500], 0.125F);
}

// A voice: an oscillator through an envelope; `more` nodes may follow inside.
PlanBuilder voice(int voices, const std::string& oscillator = "saw", double release = 0.004) {
    const Shape shape{voices, 1};
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", voices}}})
        .node("tone", oscillator, {.shape = shape})
        .node("env", "adsr",
              {.shape = shape, .parameters = {{"attack", {{0.002}}}, {"decay", {{0.01}}}, {"release", {{release}}}}})
        .node("vca", "gain", {.shape = shape});
    builder.edge("keys.gate", "env.gate").edge("tone", "vca").edge("env", "vca.gain");
    if (oscillator != "noise") {
        builder.edge("keys.freq", "tone.freq");
    }
    return builder;
}

std::vector<std::byte> heard_voice(PlanBuilder builder, const std::string& last, std::vector<std::string> members = {},
                                   double gain = 0.1) {
    builder.node("out", "output").edge(last, "out", {.gain = {gain}});
    members.insert(members.end(), {"tone", "env", "vca"});
    builder.voices("keys", members, 192);
    return builder.bytes();
}

TEST(Voice, BeginsEachNoteAnew) {
    for (const char* oscillator : {"saw", "sine", "noise"}) {
        const auto plan = heard_voice(voice(1, oscillator), "vca");
        const Signal heard =
            rendered(plan, 6000, {note_on(100, 57), note_off(1000, 57), note_on(3037, 57), note_off(3937, 57)});
        EXPECT_TRUE(std::equal(heard.begin() + 100, heard.begin() + 3000, heard.begin() + 3037)) << oscillator;
        EXPECT_GT(*std::ranges::max_element(heard), 0.01F);
    }
}

TEST(Voice, HasANoiseOfItsOwnInEachLane) {
    const auto plan = heard_voice(voice(2, "noise"), "vca");
    const Signal both =
        rendered(plan, 3000, {note_on(0, 60), note_off(900, 60), note_on(1500, 61), note_off(2400, 61)});
    EXPECT_FALSE(std::equal(both.begin(), both.begin() + 1000, both.begin() + 1500));
}

TEST(Voice, IsSilentToTheBitWhenItHasEnded) {
    const auto plan = heard_voice(voice(3), "vca");
    const Signal heard = rendered(plan, 4000, {note_on(0, 60), note_off(1000, 60)});
    EXPECT_NE(Signal(heard.begin(), heard.begin() + 1000), Signal(1000, 0.0F));
    EXPECT_EQ(Signal(heard.begin() + 1300, heard.end()), Signal(2700, 0.0F));
}

TEST(Voice, SoundsTheSameWhateverTheNumberOfVoices) {
    std::vector<amp_event> events;
    for (int i = 0; i < 7; ++i) {
        events.push_back(note_on(200 + 900 * (i / 2), 50 + 3 * i));
        events.push_back(note_off(1200 + 900 * (i / 2), 50 + 3 * i));
    }
    const Signal wanted = rendered(heard_voice(voice(7), "vca"), 8000, events);
    for (const int voices : {8, 15, 16, 17, 32, 33, 100, 1024}) {
        EXPECT_EQ(rendered(heard_voice(voice(voices), "vca"), 8000, events), wanted) << voices;
    }
}

TEST(Voice, IsAsLateAsADelayInsideItSays) {
    constexpr std::size_t kDelay = 777;
    const std::vector<amp_event> events{note_on(100, 57),   note_on(150, 64),  note_off(1000, 57),
                                        note_off(1100, 64), note_on(5000, 60), note_off(5600, 60)};
    const Signal direct = rendered(heard_voice(voice(4), "vca"), 9000, events);
    for (const int block : {1, 64, 1000}) {
        PlanBuilder builder = voice(4);
        builder.node("late", "gain", {.shape = {4, 1}}).edge("vca", "late", {.delay = kDelay});
        const Signal late = rendered(heard_voice(builder, "late", {"late"}), 9000, events, block);
        EXPECT_EQ(Signal(late.begin(), late.begin() + kDelay), Signal(kDelay, 0.0F));
        EXPECT_TRUE(std::equal(late.begin() + kDelay, late.end(), direct.begin())) << "blocks of " << block;
    }
}

TEST(Voice, ForgetsWhatWasBeforeItsNote) {
    constexpr int kDelay = 400;
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 1}}})
        .node("late", "gain", {.shape = {1, 1}, .parameters = {{"gain", {{1}}}}})
        .node("out", "output");
    builder.edge("keys.velocity", "late", {.delay = kDelay})
        .edge("late", "out", {.gain = {0.25}})
        .voices("keys", {"late"});
    for (const int block : {1, 64, 1000}) {
        const Signal heard = rendered(builder.bytes(), 3000, {note_on(0, 60, 1), note_on(1000, 61, 0.5F)}, block);
        EXPECT_EQ(heard[kDelay - 1], 0);
        EXPECT_EQ(heard[kDelay], 0.25F);
        EXPECT_EQ(heard[999], 0.25F);
        // The steal: nothing of the old note is heard after the new one's beginning.
        EXPECT_EQ(Signal(heard.begin() + 1000 + kFade, heard.begin() + 1000 + kFade + kDelay), Signal(kDelay, 0.0F));
        EXPECT_EQ(heard[1000 + kFade + kDelay], 0.125F);
    }
}

// A filter rings on behind the envelope; its declared tail says how long it is heard.
std::vector<std::byte> ringing(std::uint64_t tail) {
    PlanBuilder builder = voice(5);
    builder.node("low", "one_pole", {.shape = {5, 1}, .parameters = {{"cutoff", {{20}}}}, .tail = tail});
    builder.edge("vca", "low");
    return heard_voice(builder, "low", {"low"});
}

TEST(Voice, IsHeardForItsTailAndSleepsOnTheTickAfterIt) {
    // The envelope ends 192 frames after its gate closed at 1000; the next tick behind 1192 + 300 is 1536.
    for (const int block : {1, 64, 100, 257, 1024}) {
        const Signal heard = rendered(ringing(300), 4000, {note_on(0, 60), note_off(1000, 60)}, block);
        EXPECT_NE(heard[1535], 0) << "blocks of " << block;
        EXPECT_EQ(Signal(heard.begin() + 1536, heard.end()), Signal(heard.size() - 1536, 0.0F))
            << "blocks of " << block;
    }
}

TEST(Voice, WakesFromSleepAsIfItHadNeverSounded) {
    const Signal fresh = rendered(ringing(300), 2000, {note_on(64, 60), note_off(1000, 60)});
    for (const int block : {1, 64, 100, 1024}) {
        const Signal again = rendered(
            ringing(300), 12000, {note_on(64, 60), note_off(1000, 60), note_on(10048, 60), note_off(10984, 60)}, block);
        // The second note takes another lane: the least used one. Lanes of a saw sound alike.
        EXPECT_TRUE(std::equal(fresh.begin() + 64, fresh.begin() + 1600, again.begin() + 10048))
            << "blocks of " << block;
    }
}

// A note that is shed leaves nothing behind its fade, however long its release and its tail are.
TEST(Shed, IsThenAsIfItsNoteHadNeverBeen) {
    PlanBuilder builder = voice(20, "saw", 5);
    builder.node("low", "one_pole", {.shape = {20, 1}, .parameters = {{"cutoff", {{20}}}}, .tail = 96000});
    builder.edge("vca", "low");
    const auto plan = heard_voice(builder, "low", {"low"});
    std::vector<amp_event> events{note_on(0, 60)};
    const Signal alone = rendered(plan, 6000, events);
    events.insert(events.end(), {note_on(100, 67), shed_voice(1001, 0, 1), note_off(3000, 67)});
    for (const int block : {1, 64, 100, 257, 1024}) {
        const Signal heard = rendered(plan, 6000, events, block);
        EXPECT_NE(heard[1000 + kFade], alone[1000 + kFade]) << "blocks of " << block;
        EXPECT_TRUE(std::equal(heard.begin() + 1001 + kFade, heard.end(), alone.begin() + 1001 + kFade))
            << "blocks of " << block;
    }
}

TEST(Voice, NeverSleepsWithoutAnEnvelope) {
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 2}}})
        .node("tone", "sine", {.shape = {2, 1}})
        .node("out", "output");
    builder.edge("keys.freq", "tone.freq").edge("tone", "out", {.gain = {0.1}}).voices("keys", {"tone"});
    const Signal heard = rendered(builder.bytes(), 20000, {note_on(0, 60), note_off(10, 60)});
    EXPECT_GT(*std::max_element(heard.begin() + 19000, heard.end()), 0.05F);
}

TEST(Voice, IsSilentBeforeItsFirstNote) {
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 3}}})
        .node("tone", "noise", {.shape = {3, 1}})
        .node("out", "output");
    builder.edge("tone", "out", {.gain = {0.1}}).voices("keys", {"tone"});
    EXPECT_EQ(rendered(builder.bytes(), 1000), Signal(1000, 0.0F));
}

TEST(Voice, FollowsABendWithItsFrequency) {
    PlanBuilder builder;
    builder.node("keys", "keys", {.options = {{"voices", 1}}})
        .node("small", "gain", {.parameters = {{"gain", {{0.0005}}}}})
        .node("out", "output");
    builder.edge("keys.freq", "small").edge("small", "out").voices("keys", {"small"});
    const Signal heard = rendered(
        builder.bytes(), 300,
        {note_on(0, 69), channel_event(100, AMP_EVENT_PITCH_BEND, -12), channel_event(200, AMP_EVENT_PITCH_BEND, 1)});
    EXPECT_NEAR(heard[50], 0.22, 1e-6);
    EXPECT_NEAR(heard[150], 0.11, 1e-6);
    EXPECT_NEAR(heard[250], 0.22 * std::exp2(1.0 / 12), 1e-6);
}

} // namespace
} // namespace amp::test

// When a machine counts as too slow, and which voices then end.
#include "engine/overload.h"

#include "engine/amp_graph_streamer.h"
#include "support/live_stream.h"
#include "support/plan_builder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace amp::test {
namespace {

constexpr double kBlockSeconds = 0.001;
constexpr std::int64_t kInTime = 900'000, kTooLong = 1'100'000; // nanoseconds of computing
constexpr int kMeasured = 10;                                   // blocks of a millisecond

// The blocks after which there is an overload.
std::vector<int> overloads(const std::vector<std::int64_t>& blocks) {
    engine::Overload overload(kBlockSeconds);
    std::vector<int> found;
    for (std::size_t block = 0; block < blocks.size(); ++block) {
        if (overload.add(blocks[block])) {
            found.push_back(static_cast<int>(block));
        }
    }
    return found;
}

TEST(Overload, IsNoneWhileBlocksTakeLessThanTheyLast) {
    EXPECT_EQ(overloads(std::vector<std::int64_t>(1000, kInTime)), std::vector<int>{});
}

TEST(Overload, IsNoneForOneLongBlockAmongShortOnes) {
    std::vector<std::int64_t> blocks(1000, kInTime);
    blocks[500] = 2 * kTooLong - kInTime / 2;
    EXPECT_EQ(overloads(blocks), std::vector<int>{});
}

TEST(Overload, IsToldAfterTenMillisecondsThatTookLonger) {
    EXPECT_EQ(overloads(std::vector<std::int64_t>(kMeasured + 1, kTooLong)), std::vector<int>{kMeasured - 1});
}

TEST(Overload, GivesWhatIsDoneAboutItTenMillisecondsToAct) {
    EXPECT_EQ(overloads(std::vector<std::int64_t>(5 * kMeasured, kTooLong)),
              (std::vector<int>{kMeasured - 1, 3 * kMeasured - 1, 5 * kMeasured - 1}));
}

TEST(Overload, EndsWhenBlocksAreInTimeAgain) {
    std::vector<std::int64_t> blocks(kMeasured, kTooLong);
    blocks.resize(1000, kInTime);
    EXPECT_EQ(overloads(blocks), std::vector<int>{kMeasured - 1});
}

TEST(Overload, IsMeasuredOverFourBlocksThatLastLonger) {
    engine::Overload overload(0.05);
    std::vector<bool> found;
    for (int block = 0; block < 4; ++block) {
        found.push_back(overload.add(60'000'000));
    }
    EXPECT_EQ(found, (std::vector<bool>{false, false, false, true}));
}

constexpr int kSettled = 9600; // frames
constexpr int kHeavy = 8;      // nodes

PlanBuilder& add_voices(PlanBuilder& builder, int voices) {
    const Shape shape{voices, 1};
    return builder.node("keys", "keys", {.options = {{"voices", voices}}})
        .node("tone", "saw", {.shape = shape})
        .node("env", "adsr", {.shape = shape})
        .node("vca", "gain", {.shape = shape})
        .edge("keys.gate", "env.gate")
        .edge("keys.freq", "tone.freq")
        .edge("tone", "vca")
        .edge("env", "vca.gain");
}

PlanBuilder& hear_voices(PlanBuilder& builder) {
    return builder.edge("vca", "out", {.gain = {0.1}}).voices("keys", {"tone", "env", "vca"}, 192);
}

// Voices beside nodes that no machine computes in time, whatever sounds.
std::vector<std::byte> hopeless_voices(int voices, bool sheds) {
    PlanBuilder builder(192000);
    builder.stream.shed_on_overload = sheds;
    builder.node("light", "sine");
    for (int i = 0; i < kHeavy; ++i) {
        builder.node("heavy" + std::to_string(i), "svf", {.shape = {4096, 1}});
    }
    add_voices(builder, voices).node("sum", "mix").node("out", "output");
    for (int i = 0; i < kHeavy; ++i) {
        builder.edge("light", "heavy" + std::to_string(i)).edge("heavy" + std::to_string(i), "sum");
    }
    builder.edge("sum", "out", {.gain = {0.0001}});
    return hear_voices(builder).bytes();
}

std::vector<amp_event> notes_of(const std::vector<float>& velocities) {
    std::vector<amp_event> notes;
    for (const float velocity : velocities) {
        notes.push_back(note_on(0, 60 + static_cast<int>(notes.size()), velocity));
    }
    return notes;
}

// The softest in lane 2, then 0, 3 and 1.
const std::vector<float> kFour{0.4F, 0.9F, 0.2F, 0.6F};

// A stream in which all voices sound.
class Overloaded {
public:
    explicit Overloaded(const std::vector<float>& velocities = kFour, bool sheds = true)
        : voices_(velocities.size()),
          plan_(hopeless_voices(static_cast<int>(velocities.size()), sheds)),
          stream_(plan_, 64, 1, notes_of(velocities)) {}

    // Sleeps until so many voices are shed; throws if that takes seconds of the stream.
    void wait_until_shed(std::uint64_t voices) const {
        std::int64_t frames = 0;
        while (stream_.status().shed_voices < voices) {
            stream_.wait_for(frames += kSettled / 4);
            if (frames > 100 * kSettled) {
                throw std::runtime_error("too few voices are shed");
            }
        }
    }
    void wait_until_one_is_left() const { wait_until_shed(voices_ - 1); }

    const std::vector<std::byte>& plan() const { return plan_; }
    const LiveStream& stream() const { return stream_; }

private:
    std::size_t voices_;
    std::vector<std::byte> plan_;
    LiveStream stream_;
};

std::vector<amp_event> shed(const std::vector<amp_applied_event>& applied) {
    std::vector<amp_event> found;
    for (const amp_applied_event& each : applied) {
        if (each.event.kind == AMP_EVENT_SHED_VOICE) {
            found.push_back(each.event);
        }
    }
    return found;
}

TEST(Shedding, BeginsWithTheSoftestVoiceAndLeavesOne) {
    const Overloaded overloaded;
    overloaded.wait_until_one_is_left();
    const std::int64_t made = overloaded.stream().status().made;
    overloaded.stream().wait_for(made + kSettled);
    std::vector<std::uint32_t> lanes;
    for (const amp_event& event : shed(overloaded.stream().applied())) {
        EXPECT_EQ(event.node, overloaded.stream().node("keys"));
        lanes.push_back(event.parameter);
    }
    EXPECT_EQ(lanes, (std::vector<std::uint32_t>{2, 0, 3}));
    EXPECT_EQ(overloaded.stream().status().shed_voices, 3U);
}

std::uint32_t first_shed(const std::vector<float>& velocities) {
    const Overloaded overloaded(velocities);
    overloaded.wait_until_shed(1);
    return shed(overloaded.stream().applied()).at(0).parameter;
}

// The last of 17 voices is computed alone, the others together.
TEST(Shedding, OfVoicesThatAreNearlyAsSoftBeginsWhereItSparesWork) {
    std::vector<float> velocities(17, 0.5F);
    velocities.back() = 0.6F;
    EXPECT_EQ(first_shed(velocities), 16U);
}

TEST(Shedding, TakesASoftVoiceBeforeALoudOneWhoseEndWouldSpareWork) {
    std::vector<float> velocities(17, 0.5F);
    velocities.back() = 0.8F;
    EXPECT_EQ(first_shed(velocities), 0U);
}

TEST(Shedding, IsPlayedAgainFromItsEventsBitForBit) {
    const Overloaded overloaded;
    overloaded.wait_until_one_is_left();
    const auto frames = static_cast<int>(overloaded.stream().status().made / 64 * 64);
    const auto played = overloaded.stream().output(0, frames);
    // Frames that came too late are made all the same.
    EXPECT_GT(overloaded.stream().status().missed_frames, 0);
    const Stream again(overloaded.plan(), settings_for(333, 2));
    for (const amp_applied_event& event : overloaded.stream().applied()) {
        again.post(event.event);
    }
    EXPECT_EQ(again.take(frames), played);
}

// Which sixteens of 17 voices that are held are computed, as bits, after the last voice was shed or not.
std::uint64_t computed(bool sheds) {
    constexpr int kBlock = 64, kBlocks = 50;
    PlanBuilder builder;
    add_voices(builder, 17).node("out", "output");
    const auto made = engine::AmpGraphStreamer::create(hear_voices(builder).build(), {.block = kBlock});
    engine::AmpGraphStreamer& streamer = *made.value();
    for (int note = 0; note < 17; ++note) {
        streamer.post({.kind = control::EventKind::note_on,
                       .channel = 1,
                       .note = static_cast<std::uint8_t>(40 + note),
                       .value = 0.5F});
    }
    if (sheds) {
        streamer.post({.frame = 1000,
                       .kind = control::EventKind::shed_voice,
                       .plan = streamer.present_plan(),
                       .node = builder.index("keys"),
                       .parameter = 16});
    }
    std::vector<float> samples(static_cast<std::size_t>(kBlock * kBlocks * streamer.channels()));
    streamer.take(samples, -1);
    return streamer.find_plan()->seals.sealed(kBlocks - 1).voices[0].awake;
}

TEST(Shedding, SparesTheLanesThatAreComputedTogetherOnceAllOfThemSleep) {
    EXPECT_EQ(computed(false), 0b11U);
    EXPECT_EQ(computed(true), 0b01U);
}

TEST(Shedding, IsDoneOnlyWhereThePlanAllowsIt) {
    const Overloaded overloaded(kFour, false);
    overloaded.stream().wait_for(kSettled);
    EXPECT_EQ(shed(overloaded.stream().applied()).size(), 0U);
}

} // namespace
} // namespace amp::test

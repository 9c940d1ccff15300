#include "control/event_window.h"
#include "control/lane_events.h"
#include "control/sealer.h"
#include "support/patience.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace amp::test {
namespace {

using control::kNotesInWindow;
using control::kParametersInWindow;
using control::kWindowFrames;
using control::PlanSeals;
using control::VoiceGroupSettings;

constexpr std::int64_t kFade = 96;

// A sealer whose events all go to one plan.
class Sealing : private control::EventSink {
public:
    Sealing(std::span<const VoiceGroupSettings> groups, int block_frames, int in_flight, bool journal = false)
        : sealer_(journal), seals_(groups, block_frames, in_flight), block_frames_(block_frames) {}

    std::optional<std::uint32_t> post(const Event& event) { return sealer_.post(event); }
    std::size_t applied_events(std::span<control::AppliedEvent> out) { return sealer_.applied_events(out); }
    void seal(std::int64_t block) {
        seals_.begin(block);
        sealer_.seal(block * block_frames_, (block + 1) * block_frames_, *this);
        sealer_.count_lost(seals_.finish(block));
    }
    control::SealedBlock& sealed(std::int64_t block) { return seals_.sealed(block); }
    control::EventCounts counts() const { return sealer_.counts(); }

private:
    bool place(Event&) override { return true; }
    void apply(const Event& event) override { seals_.apply(event); }

    control::Sealer sealer_;
    PlanSeals seals_;
    const int block_frames_;
};

VoiceGroupSettings group(int lanes, int channel = 0, std::int64_t ring = 2000) {
    return {.voices = {.lanes = lanes, .channel = channel, .ring = ring, .fade = kFade}};
}

Event set_parameter(std::int64_t frame, float value, std::uint32_t node = 0) {
    return {.frame = frame, .kind = EventKind::set_parameter, .node = node, .value = value};
}

std::vector<float> values_of(std::span<const Event> events) {
    std::vector<float> values;
    for (const Event& event : events) {
        values.push_back(event.value);
    }
    return values;
}

TEST(Sealer, PutsEventsIntoTheBlockOfTheirFrame) {
    Sealing sealer({}, 64, 1);
    for (const std::int64_t frame : {64, 0, 63, 127, 128}) {
        sealer.post(set_parameter(frame, static_cast<float>(frame)));
    }
    sealer.seal(0);
    EXPECT_EQ(values_of(sealer.sealed(0).parameters), (std::vector<float>{0, 63}));
    sealer.seal(1);
    EXPECT_EQ(values_of(sealer.sealed(1).parameters), (std::vector<float>{64, 127}));
    sealer.seal(2);
    EXPECT_EQ(values_of(sealer.sealed(2).parameters), (std::vector<float>{128}));
    EXPECT_EQ(sealer.counts().late, 0U);
}

TEST(Sealer, OrdersEventsByFrameAndThenAsTheyCame) {
    Sealing sealer({}, 64, 1);
    const std::pair<int, float> posted[] = {{5, 1}, {3, 2}, {5, 3}, {3, 4}, {0, 5}, {5, 6}};
    for (const auto& [frame, value] : posted) {
        sealer.post(set_parameter(frame, value));
    }
    sealer.seal(0);
    EXPECT_EQ(values_of(sealer.sealed(0).parameters), (std::vector<float>{5, 2, 4, 1, 3, 6}));
}

TEST(Sealer, MovesLateEventsToTheNextBlockAndCountsThem) {
    Sealing sealer({}, 64, 1);
    sealer.seal(0);
    sealer.post(set_parameter(10, 1));
    sealer.post(set_parameter(64, 2));
    sealer.seal(1);
    ASSERT_EQ(values_of(sealer.sealed(1).parameters), (std::vector<float>{1, 2}));
    EXPECT_EQ(sealer.sealed(1).parameters[0].frame, 64);
    EXPECT_EQ(sealer.counts().late, 1U);
}

TEST(Sealer, MovesWhatFindsNoRoomInAWindowToTheNext) {
    Sealing sealer({}, 64, 1);
    constexpr std::size_t kPosted = kParametersInWindow + 100;
    for (std::size_t i = 0; i < kPosted; ++i) {
        ASSERT_TRUE(sealer.post(set_parameter(5, static_cast<float>(i))));
    }
    sealer.seal(0);
    ASSERT_EQ(sealer.sealed(0).parameters.size(), kParametersInWindow);
    constexpr std::int64_t kNext = kWindowFrames / 64;
    for (std::int64_t block = 1; block < kNext; ++block) {
        sealer.seal(block);
        ASSERT_TRUE(sealer.sealed(block).parameters.empty()) << "block " << block;
    }
    sealer.seal(kNext);
    ASSERT_EQ(sealer.sealed(kNext).parameters.size(), 100U);
    EXPECT_EQ(sealer.sealed(kNext).parameters[0].frame, kWindowFrames);
    EXPECT_EQ(sealer.sealed(kNext).parameters[0].value, static_cast<float>(kParametersInWindow));
    EXPECT_EQ(sealer.counts().late, 100U);
    EXPECT_EQ(sealer.counts().lost, 0U);
}

TEST(Sealer, LetsNoNoteWaitBehindAFloodOfParameters) {
    const VoiceGroupSettings settings[] = {group(4)};
    Sealing sealer(settings, 64, 1);
    std::optional<std::uint32_t> posted = 0;
    while (posted) {
        posted = sealer.post(set_parameter(5, 0));
    }
    ASSERT_TRUE(sealer.post(note_on(5, 60)));
    ASSERT_TRUE(sealer.post(note_off(6, 60)));
    sealer.seal(0);
    const auto& events = sealer.sealed(0).voices[0].events;
    EXPECT_EQ(brief({events.begin(), events.end()}), "5:onset:0 6:release:0");
}

TEST(Sealer, TellsTheSequenceInWhichEventsOfOneFrameApply) {
    Sealing sealer({}, 64, 1);
    for (std::uint32_t i = 0; i < 5; ++i) {
        EXPECT_EQ(sealer.post(set_parameter(5, 0)), i);
    }
}

// A song of several tracks, handed over track by track, at worst from its end.
TEST(Sealer, SortsManyEventsThatComeBackwardsInLittleTime) {
    Sealing sealer({}, 64, 1);
    const auto begin = std::chrono::steady_clock::now();
    for (int block = 0; block < 4; ++block) {
        for (int i = 0; i < 16000; ++i) {
            ASSERT_TRUE(sealer.post(set_parameter(1'000'000 - 16000 * block - i, 0)));
        }
        sealer.seal(block);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kPatience * std::chrono::milliseconds(800));
    const std::int64_t last = 1'000'000 / 64;
    std::vector<std::int64_t> frames;
    for (std::int64_t block = 4; block <= last; ++block) {
        sealer.seal(block);
        for (const Event& event : sealer.sealed(block).parameters) {
            frames.push_back(event.frame);
        }
    }
    EXPECT_EQ(frames.size(), 64000U);
    EXPECT_TRUE(std::ranges::is_sorted(frames));
    EXPECT_EQ(sealer.counts().late, 0U);
}

TEST(Sealer, RefusesAndCountsWhatFindsNoRoomAtAll) {
    Sealing sealer({}, 64, 1);
    std::uint64_t refused = 0;
    for (int i = 0; i < 40000; ++i) {
        refused += sealer.post(set_parameter(0, 0)) ? 0 : 1;
    }
    EXPECT_GT(refused, 0U);
    EXPECT_EQ(sealer.counts().lost, refused);
}

TEST(Sealer, CountsLaneEventsThatFindNoRoom) {
    const VoiceGroupSettings settings[] = {group(512)};
    Sealing sealer(settings, 4096, 1);
    for (int note = 0; note < 512; ++note) {
        sealer.post(note_on(0, note % 128, 1 + note / 128));
    }
    for (int i = 0; i < 200; ++i) {
        for (int channel = 1; channel <= 4; ++channel) {
            sealer.post(on_channel(i, EventKind::pitch_bend, 1, channel));
        }
    }
    sealer.seal(0);
    EXPECT_GT(sealer.counts().lost, 0U);
}

TEST(Sealer, GivesEachVoiceGroupItsOwnNotes) {
    const VoiceGroupSettings settings[] = {group(2, 1), group(2, 2), group(2)};
    Sealing sealer(settings, 64, 1);
    sealer.post(note_on(3, 60, 1));
    sealer.post(note_on(4, 61, 2));
    sealer.seal(0);
    const auto text = [&](std::size_t g) {
        const auto& events = sealer.sealed(0).voices[g].events;
        return brief({events.begin(), events.end()});
    };
    EXPECT_EQ(text(0), "3:onset:0");
    EXPECT_EQ(text(1), "4:onset:0");
    EXPECT_EQ(text(2), "3:onset:0 4:onset:1");
}

TEST(Sealer, RemembersOnsetsAndFadesOfTheBlocksBefore) {
    const VoiceGroupSettings settings[] = {group(1)};
    Sealing sealer(settings, 64, 1);
    sealer.post(note_on(10, 60));
    sealer.post(note_on(100, 61));
    sealer.seal(0);
    EXPECT_EQ(sealer.sealed(0).voices[0].onset_before[0], control::Voices::kNoOnset);
    sealer.seal(1);
    EXPECT_EQ(sealer.sealed(1).voices[0].onset_before[0], 10);
    EXPECT_EQ(sealer.sealed(1).voices[0].fade_before[0], control::SealedVoices::kNoFade);
    sealer.seal(2);
    EXPECT_EQ(sealer.sealed(2).voices[0].fade_before[0], 100);
    sealer.seal(3);
    sealer.seal(4);
    EXPECT_EQ(sealer.sealed(4).voices[0].onset_before[0], 196);
    EXPECT_EQ(sealer.sealed(4).voices[0].fade_before[0], control::SealedVoices::kNoFade);
}

TEST(Sealer, LetsLanesRestThatNeverSounded) {
    const VoiceGroupSettings settings[] = {group(40)};
    Sealing sealer(settings, 64, 1);
    sealer.seal(0);
    EXPECT_EQ(sealer.sealed(0).voices[0].awake, 0U);
    for (int note = 0; note < 17; ++note) {
        sealer.post(note_on(70, note));
    }
    sealer.seal(1);
    EXPECT_EQ(sealer.sealed(1).voices[0].awake, 3U);
}

// ---- the same events in blocks of any size ----

// Events as two careless hands make them: dense and sparse, equal notes, pedals, steals, several on one frame.
std::vector<Event> random_events(std::uint32_t seed, int count, std::int64_t frames) {
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t bound) { return static_cast<int>(random() % bound); };
    std::vector<Event> events;
    for (int i = 0; i < count; ++i) {
        const std::int64_t frame = below(3) == 0 && !events.empty() ? events.back().frame + below(4)
                                                                    : below(static_cast<std::uint32_t>(frames));
        const int channel = 1 + below(2), note = 60 + below(8);
        switch (below(12)) {
        case 0:
            events.push_back(on_channel(frame, EventKind::pitch_bend, static_cast<float>(below(5) - 2), channel));
            break;
        case 1:
            events.push_back(
                pressure(frame, 0.1F * static_cast<float>(below(10)), below(2) == 0 ? note : 255, channel));
            break;
        case 2:
            events.push_back(on_channel(frame, EventKind::timbre, 0.1F * static_cast<float>(below(10)), channel));
            break;
        case 3:
            events.push_back(on_channel(frame, EventKind::sustain, static_cast<float>(below(2)), channel));
            break;
        case 4:
            events.push_back(below(4) == 0 ? on_channel(frame, EventKind::all_notes_off, 0, below(3))
                                           : set_parameter(frame, static_cast<float>(i)));
            break;
        case 5:
        case 6:
        case 7:
            events.push_back(note_off(frame, note, channel));
            break;
        default:
            events.push_back(note_on(frame, note, channel, 0.1F * static_cast<float>(1 + below(9))));
        }
    }
    return events;
}

// All that is sealed, whatever block it is in. With `lead`, events are handed over just before their block is sealed.
std::vector<std::string> sealed_in_blocks(const std::vector<Event>& events, int block, std::int64_t frames,
                                          bool just_in_time, std::span<const VoiceGroupSettings> settings) {
    Sealing sealer(settings, block, 3);
    std::vector<std::string> sealed;
    std::vector<bool> posted(events.size(), false);
    for (std::int64_t n = 0; n * block < frames; ++n) {
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (!posted[i] && (!just_in_time || events[i].frame < (n + 1) * block)) {
                EXPECT_TRUE(sealer.post(events[i]));
                posted[i] = true;
            }
        }
        sealer.seal(n);
        const control::SealedBlock& now = sealer.sealed(n);
        for (const Event& event : now.parameters) {
            sealed.push_back("parameter " + std::to_string(event.frame) + " " + std::to_string(event.value));
        }
        for (std::size_t g = 0; g < now.voices.size(); ++g) {
            for (const LaneEvent& event : now.voices[g].events) {
                EXPECT_GE(event.frame, n * block);
                EXPECT_LT(event.frame, (n + 1) * block);
                sealed.push_back(std::to_string(g) + " " + whole(event));
            }
        }
    }
    EXPECT_EQ(sealer.counts().late, 0U);
    EXPECT_EQ(sealer.counts().lost, 0U);
    // Groups and parameters are lists of their own: only the order inside each matters.
    std::ranges::stable_sort(sealed, {}, [](const std::string& line) { return line.substr(0, line.find(' ')); });
    return sealed;
}

TEST(Sealer, SealsTheSameInBlocksOfAnySize) {
    constexpr std::int64_t kFrames = 12000;
    const VoiceGroupSettings settings[] = {group(4), group(1, 2), group(3, 1, INT64_MAX), group(16, 0, 0)};
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
        const auto events = random_events(seed, 50 + static_cast<int>(seed) * 20, kFrames - 200);
        const auto wanted = sealed_in_blocks(events, 1000, kFrames, false, settings);
        ASSERT_GT(wanted.size(), 10U);
        for (const int block : {1, 7, 64, 4096}) {
            ASSERT_EQ(sealed_in_blocks(events, block, kFrames, false, settings), wanted)
                << "seed " << seed << ", blocks of " << block;
        }
    }
}

TEST(Sealer, SealsTheSameWhetherEventsComeEarlyOrJustInTime) {
    constexpr std::int64_t kFrames = 8000;
    const VoiceGroupSettings settings[] = {group(3), group(5, 2)};
    for (std::uint32_t seed = 100; seed < 110; ++seed) {
        auto events = random_events(seed, 300, kFrames - 200);
        std::ranges::stable_sort(events, {}, &Event::frame);
        EXPECT_EQ(sealed_in_blocks(events, 64, kFrames, true, settings),
                  sealed_in_blocks(events, 64, kFrames, false, settings))
            << "seed " << seed;
    }
}

// ---- applied events ----

std::vector<control::AppliedEvent> applied(Sealing& sealer) {
    std::vector<control::AppliedEvent> events(200'000);
    events.resize(sealer.applied_events(events));
    return events;
}

TEST(AppliedEvents, AreNotKeptUnlessAsked) {
    Sealing sealer({}, 64, 1);
    sealer.post(set_parameter(0, 1));
    sealer.seal(0);
    EXPECT_TRUE(applied(sealer).empty());
}

TEST(AppliedEvents, TellTheFrameAtWhichTheyTookEffect) {
    const VoiceGroupSettings settings[] = {group(4)};
    Sealing sealer(settings, 64, 1, true);
    sealer.post(set_parameter(70, 1));
    sealer.post(note_on(3, 60));
    sealer.seal(0);
    sealer.post(set_parameter(10, 2));
    sealer.seal(1);
    const auto events = applied(sealer);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0].event.frame, 3);
    EXPECT_EQ(events[0].event.kind, EventKind::note_on);
    EXPECT_FALSE(events[0].was_late);
    EXPECT_EQ(events[1].event.frame, 64);
    EXPECT_EQ(events[1].event.value, 2);
    EXPECT_EQ(events[1].event.sequence, 2U);
    EXPECT_TRUE(events[1].was_late);
    EXPECT_EQ(events[2].event.frame, 70);
    EXPECT_FALSE(events[2].was_late);
    EXPECT_TRUE(applied(sealer).empty());
}

TEST(AppliedEvents, WaitWhenNobodyReadsThemSoThatNoneGoesUntold) {
    Sealing sealer({}, 64, 1, true);
    std::size_t posted = 0, sealed = 0;
    std::int64_t block = 0;
    const auto seal = [&] {
        sealer.seal(block);
        sealed += sealer.sealed(block++).parameters.size();
    };
    while (posted < 80'000) {
        posted += sealer.post(set_parameter(block * 64 + 1, 0)) ? 1 : 0;
        if (posted % 100 == 0) {
            seal();
        }
    }
    EXPECT_LT(sealed, posted);
    std::size_t told = applied(sealer).size();
    EXPECT_EQ(told, sealed);
    for (int i = 0; i < 4000 && told < posted; ++i) {
        seal();
        told += applied(sealer).size();
    }
    EXPECT_EQ(told, posted);
    EXPECT_EQ(sealed, posted);
}

// A flood as a careless program makes it: far more events than windows hold, posted when it pleases it, and late ones.
TEST(AppliedEvents, ArePlayedAgainInBlocksOfAnySizeAsTheyWereAFlood) {
    constexpr std::int64_t kFrames = 8 * kWindowFrames;
    const VoiceGroupSettings settings[] = {group(4), group(64, 1)};
    const auto line = [](const LaneEvent& event) { return whole(event); };
    const auto run = [&](int block, auto&& post) {
        Sealing sealer(settings, block, 2, true);
        std::vector<std::string> sealed[3];
        for (std::int64_t n = 0; n * block < kFrames; ++n) {
            post(sealer, n * block, (n + 1) * block);
            sealer.seal(n);
            for (const Event& event : sealer.sealed(n).parameters) {
                if (event.frame < kFrames) {
                    sealed[0].push_back(std::to_string(event.frame) + " " + std::to_string(event.value));
                }
            }
            for (const std::size_t g : {0, 1}) {
                for (const LaneEvent& event : sealer.sealed(n).voices[g].events) {
                    if (event.frame < kFrames) {
                        sealed[g + 1].push_back(line(event));
                    }
                }
            }
        }
        return std::tuple{sealed[0], sealed[1], sealed[2], applied(sealer), sealer.counts()};
    };
    for (const int first_block : {64, 100, 4096}) {
        std::mt19937 random(static_cast<std::uint32_t>(first_block));
        const auto below = [&](std::int64_t bound) { return static_cast<std::int64_t>(random() % bound); };
        const auto live = run(first_block, [&](Sealing& sealer, std::int64_t begin, std::int64_t end) {
            const std::int64_t count = (end - begin) * 10;
            for (std::int64_t i = 0; i < count; ++i) {
                const std::int64_t frame = std::max<std::int64_t>(0, begin - 50 + below(end - begin + 200));
                const int note = static_cast<int>(below(128));
                switch (below(8)) {
                case 0:
                    sealer.post(note_on(frame, note));
                    break;
                case 1:
                    sealer.post(note_off(frame, note));
                    break;
                case 2:
                    sealer.post(on_channel(frame, EventKind::pitch_bend, 0.01F * static_cast<float>(i % 100)));
                    break;
                default:
                    sealer.post(set_parameter(frame, static_cast<float>(i)));
                }
            }
        });
        const auto& events = std::get<3>(live);
        ASSERT_GT(std::get<4>(live).late, 1000U);
        for (const int block : {1, 64, 257, 1024, 4096}) {
            std::size_t posted = 0;
            const auto again = run(block, [&](Sealing& sealer, std::int64_t, std::int64_t end) {
                for (; posted < events.size() && events[posted].event.frame < end; ++posted) {
                    ASSERT_TRUE(sealer.post(events[posted].event));
                }
            });
            const std::string where = std::to_string(first_block) + " again in " + std::to_string(block);
            EXPECT_EQ(std::get<4>(again).late, 0U) << where;
            EXPECT_TRUE(std::get<0>(again) == std::get<0>(live)) << where << ": parameters differ";
            EXPECT_TRUE(std::get<1>(again) == std::get<1>(live)) << where << ": voices differ";
            EXPECT_TRUE(std::get<2>(again) == std::get<2>(live)) << where << ": voices of channel 1 differ";
        }
    }
}

} // namespace
} // namespace amp::test

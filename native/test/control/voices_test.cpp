#include "control/lane_events.h"

#include <gtest/gtest.h>

#include <cmath>

namespace amp::test {
namespace {

using control::Voices;

constexpr std::int64_t kRing = 1000, kFade = 96;
constexpr int kFrames = 16384; // of any test

// Everything that `events`, in order of their frames, make of a group of voices.
std::vector<LaneEvent> played(control::VoiceSettings settings, const std::vector<Event>& events) {
    Voices voices(settings, kFrames);
    for (const Event& event : events) {
        voices.apply(event);
    }
    BoundedList<LaneEvent> out(voices.most_taken());
    voices.take(INT64_MAX, out);
    return {out.begin(), out.end()};
}

std::vector<LaneEvent> played(int lanes, const std::vector<Event>& events) {
    return played({.lanes = lanes, .ring = kRing, .fade = kFade}, events);
}

std::vector<LaneEvent> of_kind(LaneEventKind kind, std::vector<LaneEvent> events) {
    std::erase_if(events, [&](const LaneEvent& event) { return event.kind != kind; });
    return events;
}

std::vector<LaneEvent> of_row(VoiceRow row, std::vector<LaneEvent> events) {
    events = of_kind(LaneEventKind::set, std::move(events));
    std::erase_if(events, [&](const LaneEvent& event) { return event.row != row; });
    return events;
}

float hertz(double note) { return static_cast<float>(440 * std::exp2((note - 69) / 12)); }

TEST(Voices, TakeUnusedLanesFromTheLowestUp) {
    EXPECT_EQ(brief(played(3, {note_on(5, 60), note_on(5, 64), note_on(9, 67)})), "5:onset:0 5:onset:1 9:onset:2");
}

// What comes of two notes at 0 and 5, of which lane 1 is shed at 500, and of `later` events.
std::string shed_lane(const std::vector<Event>& later, std::int64_t frame = 500) {
    Voices voices({.lanes = 2, .ring = kRing, .fade = kFade}, kFrames);
    for (const Event& event : {note_on(0, 60), note_on(5, 64)}) {
        voices.apply(event);
    }
    voices.shed(1, frame);
    for (const Event& event : later) {
        voices.apply(event);
    }
    BoundedList<LaneEvent> out(voices.most_taken());
    voices.take(INT64_MAX, out);
    return brief({out.begin(), out.end()});
}

TEST(Voices, FadeALaneThatIsShedAndThenSilenceIt) {
    EXPECT_EQ(shed_lane({note_off(700, 64)}), "0:onset:0 5:onset:1 500:fade:1 596:silence:1");
}

TEST(Voices, BeginANoteWhereTheFadeOfItsShedLaneEnds) {
    EXPECT_EQ(shed_lane({note_on(510, 67)}), "0:onset:0 5:onset:1 500:fade:1 596:onset:1");
}

TEST(Voices, TakeAShedLaneFirst) {
    EXPECT_EQ(shed_lane({note_off(600, 60), note_on(9000, 67)}),
              "0:onset:0 5:onset:1 500:fade:1 596:silence:1 600:release:0 9000:onset:1");
}

TEST(Voices, KeepANoteThatBeginsWhenItsLaneIsShed) { EXPECT_EQ(shed_lane({}, 5), "0:onset:0 5:onset:1"); }

TEST(Voices, AreSilentOnceALaneThatWasShedHasFaded) {
    Voices voices({.lanes = 1, .ring = kRing, .fade = kFade}, kFrames);
    voices.apply(note_on(0, 60));
    voices.shed(0, 500);
    EXPECT_EQ(voices.silent_from(), 500 + kFade);
}

TEST(Voices, TakeAnUnusedLaneBeforeAReleasedOne) {
    EXPECT_EQ(brief(of_kind(LaneEventKind::onset,
                            played(3, {note_on(0, 60), note_off(1, 60), note_on(9000, 64), note_on(9001, 65)}))),
              "0:onset:0 9000:onset:1 9001:onset:2");
}

TEST(Voices, TakeTheLaneThatWasReleasedLongestAgo) {
    const std::vector<Event> events{note_on(0, 60),    note_on(0, 61),    note_on(0, 62),
                                    note_off(10, 61),  note_off(20, 62),  note_off(30, 60),
                                    note_on(9000, 70), note_on(9000, 71), note_on(9000, 72)};
    EXPECT_EQ(brief(of_kind(LaneEventKind::onset, played(3, events))),
              "0:onset:0 0:onset:1 0:onset:2 9000:onset:1 9000:onset:2 9000:onset:0");
}

TEST(Voices, TakeTheLowestOfLanesThatWereReleasedTogether) {
    const std::vector<Event> events{note_on(0, 60), note_on(0, 61), note_off(10, 61), note_off(10, 60),
                                    note_on(9000, 70)};
    EXPECT_EQ(brief(of_kind(LaneEventKind::onset, played(2, events))), "0:onset:0 0:onset:1 9000:onset:0");
}

TEST(Voices, StealTheOldestNoteWhenAllAreHeld) {
    const std::vector<Event> events{note_on(0, 60), note_on(1, 61), note_on(500, 62)};
    EXPECT_EQ(brief(played(2, events)), "0:onset:0 1:onset:1 500:fade:0 596:onset:0");
}

TEST(Voices, PreferALaneThatStillRingsToAHeldOne) {
    const std::vector<Event> events{note_on(0, 60), note_on(1, 61), note_off(400, 61), note_on(500, 62)};
    EXPECT_EQ(brief(played(2, events)), "0:onset:0 1:onset:1 400:release:1 500:fade:1 596:onset:1");
}

TEST(Voices, FadeALaneOnlyWhileItMayRing) {
    const auto last_note_at = [](std::int64_t frame) {
        return brief(played(1, {note_on(0, 60), note_off(100, 60), note_on(frame, 61)}));
    };
    EXPECT_EQ(last_note_at(100 + kRing), "0:onset:0 100:release:0 1100:fade:0 1196:onset:0");
    EXPECT_EQ(last_note_at(101 + kRing), "0:onset:0 100:release:0 1101:onset:0");
}

TEST(Voices, ThatRingForeverAlwaysFade) {
    const control::VoiceSettings settings{.lanes = 1, .ring = INT64_MAX, .fade = kFade};
    EXPECT_EQ(brief(played(settings, {note_on(0, 60), note_off(100, 60), note_on(99999999, 61)})),
              "0:onset:0 100:release:0 99999999:fade:0 100000095:onset:0");
}

TEST(Voices, ReleaseAStolenLanesNoteAsLateAsItBegan) {
    EXPECT_EQ(brief(played(1, {note_on(0, 60), note_on(500, 61), note_off(510, 61)})),
              "0:onset:0 500:fade:0 596:onset:0 606:release:0");
}

TEST(Voices, IgnoreTheReleaseOfANoteThatWasStolen) {
    EXPECT_EQ(brief(played(1, {note_on(0, 60), note_on(500, 61), note_off(700, 60)})),
              "0:onset:0 500:fade:0 596:onset:0");
}

TEST(Voices, GiveTheLastOfSeveralThievesTheLane) {
    const auto events =
        played(1, {note_on(0, 60), note_on(500, 61), note_on(510, 62), note_on(520, 63), note_off(530, 63)});
    EXPECT_EQ(brief(events), "0:onset:0 500:fade:0 596:onset:0 606:release:0");
    EXPECT_EQ(events[2].frequency, hertz(63));
}

TEST(Voices, LetTwoNotesOnOneFrameFollowEachOther) {
    EXPECT_EQ(brief(played(1, {note_on(7, 60), note_on(7, 61)})), "7:onset:0 7:fade:0 103:onset:0");
}

TEST(Voices, BeginAndEndANoteOnOneFrame) {
    EXPECT_EQ(brief(played(1, {note_on(7, 60), note_off(7, 60)})), "7:onset:0 7:release:0");
}

TEST(Voices, TellVelocityAndFrequencyAtTheOnset) {
    const auto events = played(1, {note_on(0, 60, 1, 0.75F)});
    EXPECT_EQ(events.front().value, 0.75F);
    EXPECT_EQ(events.front().frequency, hertz(60));
}

TEST(Voices, TakeANoteOnOfNoVelocityAsANoteOff) {
    EXPECT_EQ(brief(played(2, {note_on(0, 60), note_on(50, 60, 1, 0)})), "0:onset:0 50:release:0");
}

TEST(Voices, IgnoreTheReleaseOfANoteThatDoesNotSound) {
    EXPECT_EQ(brief(played(2, {note_off(0, 60), note_on(10, 60), note_off(20, 61), note_off(30, 60, 2)})),
              "10:onset:0");
}

TEST(Voices, ReleaseTheOldestOfEqualNotesFirst) {
    EXPECT_EQ(brief(played(3, {note_on(0, 60), note_on(10, 60), note_off(20, 60), note_off(30, 60), note_off(40, 60)})),
              "0:onset:0 10:onset:1 20:release:0 30:release:1");
}

TEST(Voices, KeepNotesWhileThePedalIsDown) {
    const std::vector<Event> events{
        note_on(0, 60),   note_on(0, 61),  on_channel(5, EventKind::sustain, 1),  note_off(10, 60),
        note_off(20, 61), note_on(30, 62), on_channel(50, EventKind::sustain, 0), note_off(60, 62)};
    EXPECT_EQ(brief(played(3, events)), "0:onset:0 0:onset:1 30:onset:2 50:release:0 50:release:1 60:release:2");
}

TEST(Voices, TakeASustainedNoteOnlyWhenAllLanesSound) {
    const std::vector<Event> events{note_on(0, 60), on_channel(1, EventKind::sustain, 1), note_off(2, 60),
                                    note_on(3, 61), note_on(900, 62)};
    EXPECT_EQ(brief(played(2, events)), "0:onset:0 3:onset:1 900:fade:0 996:onset:0");
}

TEST(Voices, KeepAHeldNoteWhenThePedalGoesUp) {
    const std::vector<Event> events{note_on(0, 60), on_channel(1, EventKind::sustain, 1),
                                    on_channel(9, EventKind::sustain, 0.5F)};
    EXPECT_EQ(brief(played(1, events)), "0:onset:0");
}

TEST(Voices, KeepPedalsOfChannelsApart) {
    const std::vector<Event> events{note_on(0, 60, 1),   note_on(0, 61, 2),   on_channel(1, EventKind::sustain, 1, 2),
                                    note_off(10, 60, 1), note_off(10, 61, 2), on_channel(20, EventKind::sustain, 0, 1)};
    EXPECT_EQ(brief(played(2, events)), "0:onset:0 0:onset:1 10:release:0");
}

TEST(Voices, ReleaseWholeChannelsOrAll) {
    const std::vector<Event> chord{note_on(0, 60, 1), note_on(0, 61, 2), note_on(0, 62, 2)};
    auto one = chord, all = chord;
    one.push_back(on_channel(9, EventKind::all_notes_off, 0, 2));
    all.push_back(on_channel(9, EventKind::all_notes_off, 0, 0));
    EXPECT_EQ(brief(of_kind(LaneEventKind::release, played(4, one))), "9:release:1 9:release:2");
    EXPECT_EQ(brief(of_kind(LaneEventKind::release, played(4, all))), "9:release:0 9:release:1 9:release:2");
}

TEST(Voices, ReleaseWhatThePedalHoldsWhenAllNotesGoOff) {
    EXPECT_EQ(brief(played(1, {note_on(0, 60), on_channel(1, EventKind::sustain, 1), note_off(2, 60),
                               on_channel(9, EventKind::all_notes_off)})),
              "0:onset:0 9:release:0");
}

TEST(Voices, BendWhatSoundsAndWhatRings) {
    const auto events = of_row(VoiceRow::frequency, played(3, {note_on(0, 60), note_on(0, 64), note_off(5, 64),
                                                               on_channel(10, EventKind::pitch_bend, 1.5F)}));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].value, hertz(61.5));
    EXPECT_EQ(events[1].value, hertz(65.5));
}

TEST(Voices, TellTheBendInOctaves) {
    const auto events = played(1, {note_on(0, 60), on_channel(10, EventKind::pitch_bend, 6)});
    const auto bends = of_row(VoiceRow::bend, events);
    ASSERT_EQ(bends.size(), 1U);
    EXPECT_EQ(bends[0].value, 0.5F);
    const auto later = played(1, {on_channel(0, EventKind::pitch_bend, -3), note_on(1, 60)});
    EXPECT_EQ(later.front().bend, -0.25F);
    EXPECT_EQ(later.front().frequency, hertz(57));
}

TEST(Voices, BendOnlyTheirChannel) {
    EXPECT_EQ(brief(of_row(VoiceRow::frequency, played(2, {note_on(0, 60, 1), note_on(0, 61, 2),
                                                           on_channel(10, EventKind::pitch_bend, 1, 2)}))),
              "10:set:1");
}

TEST(Voices, PressOneNoteOrTheWholeChannel) {
    const std::vector<Event> chord{note_on(0, 60), note_on(0, 64), note_on(0, 67, 2)};
    auto one = chord, all = chord;
    one.push_back(pressure(10, 0.25F, 64));
    all.push_back(pressure(10, 0.25F));
    EXPECT_EQ(brief(of_row(VoiceRow::pressure, played(3, one))), "10:set:1");
    EXPECT_EQ(brief(of_row(VoiceRow::pressure, played(3, all))), "10:set:0 10:set:1");
}

TEST(Voices, BeginWithTheirChannelsPressureAndTimbre) {
    const auto events = played(1, {pressure(0, 0.25F), on_channel(0, EventKind::timbre, 0.75F), note_on(1, 60)});
    EXPECT_EQ(events.front().pressure, 0.25F);
    EXPECT_EQ(events.front().timbre, 0.75F);
}

TEST(Voices, DoNotBeginWithThePressureOfAnotherNote) {
    const auto events = played(2, {note_on(0, 60), pressure(1, 1, 60), note_on(2, 61)});
    EXPECT_EQ(events.back().pressure, 0);
}

TEST(Voices, ChangeAStolenLaneOnlyWhenItsNoteBegins) {
    const auto events = played(1, {note_on(0, 60), note_on(500, 61), on_channel(550, EventKind::timbre, 1),
                                   on_channel(560, EventKind::timbre, 0.5F)});
    EXPECT_EQ(brief(events), "0:onset:0 500:fade:0 596:onset:0 596:set:0");
    EXPECT_EQ(events.back().value, 0.5F);
}

TEST(Voices, HearOneChannelOnlyWhenTold) {
    const control::VoiceSettings second{.lanes = 4, .channel = 2, .ring = kRing, .fade = kFade};
    EXPECT_EQ(brief(played(second, {note_on(0, 60, 1), note_on(1, 61, 2), note_on(2, 62, 3), note_off(9, 61, 2)})),
              "1:onset:0 9:release:0");
    EXPECT_EQ(brief(played(second, {note_on(1, 61, 2), on_channel(9, EventKind::all_notes_off, 0, 1)})), "1:onset:0");
    EXPECT_EQ(brief(played(second, {note_on(1, 61, 2), on_channel(9, EventKind::all_notes_off, 0, 0)})),
              "1:onset:0 9:release:0");
}

TEST(Voices, HandOutEventsInOrderAndKeepWhatIsLater) {
    Voices voices({.lanes = 2, .ring = kRing, .fade = kFade}, kFrames);
    BoundedList<LaneEvent> out(100);
    voices.apply(note_on(0, 60));
    voices.apply(note_on(1, 61));
    voices.apply(note_on(50, 62));
    voices.take(64, out);
    EXPECT_EQ(brief({out.begin(), out.end()}), "0:onset:0 1:onset:1 50:fade:0");
    EXPECT_EQ(voices.newest_onset(0), 0);
    out.clear();
    voices.take(1000, out);
    EXPECT_EQ(brief({out.begin(), out.end()}), "146:onset:0");
    EXPECT_EQ(voices.newest_onset(0), 146);
}

TEST(Voices, HaveNoOnsetBeforeTheirFirst) {
    const Voices voices({.lanes = 2}, kFrames);
    EXPECT_EQ(voices.newest_onset(1), Voices::kNoOnset);
}

TEST(Voices, CountWhatAFloodTakesAwayAndKeepTheNotes) {
    Voices voices({.lanes = 64, .ring = kRing, .fade = kFade}, kFrames);
    for (int note = 0; note < 64; ++note) {
        voices.apply(note_on(0, 30 + note));
    }
    for (int i = 0; i < 1000; ++i) {
        voices.apply(on_channel(1, EventKind::pitch_bend, 0.01F * static_cast<float>(i)));
    }
    EXPECT_GT(voices.lost(), 0U);
    for (int note = 0; note < 64; ++note) {
        voices.apply(note_off(2, 30 + note));
    }
    BoundedList<LaneEvent> out(voices.most_taken());
    voices.take(INT64_MAX, out);
    EXPECT_EQ(of_kind(LaneEventKind::release, {out.begin(), out.end()}).size(), 64U);
}

} // namespace
} // namespace amp::test

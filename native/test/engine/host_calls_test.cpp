// What else a host asks and says: nodes by name, events, texts, statistics.
#include "engine/host_plans.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace amp::test {
namespace {

TEST(FindNode, KnowsAllNodesByName) {
    const Stream stream(tone_plan());
    std::uint32_t node = 99;
    EXPECT_EQ(amp_streamer_find_node(stream.get(), "out", &node), AMP_OK);
    EXPECT_EQ(node, 1U);
    for (const char* id : {"ou", "outs", "", "OUT"}) {
        EXPECT_EQ(amp_streamer_find_node(stream.get(), id, &node), AMP_E_NOT_FOUND) << id;
    }
    EXPECT_EQ(amp_streamer_find_node(stream.get(), nullptr, &node), AMP_E_NOT_FOUND);
    EXPECT_EQ(node, 1U);
}

TEST(Post, RefusesEventsOutOfRange) {
    PlanBuilder builder;
    builder.node("tone", "sine").node("out", "output").edge("tone", "out");
    const Stream stream(builder.bytes());
    const float nan = NAN, infinity = INFINITY;
    const amp_event wrong[] = {{-1, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, 0.5F, 0, 0, 0, 0, 0},
                               {0, -1, 1, 60, 0, 0, 0.5F, 0, 0, 0, 0, 0},
                               {0, 11, 1, 60, 0, 0, 0.5F, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_NOTE_ON, 0, 60, 0, 0, 0.5F, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_NOTE_ON, 17, 60, 0, 0, 0.5F, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_NOTE_ON, 1, -1, 0, 0, 0.5F, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_NOTE_ON, 1, 128, 0, 0, 0.5F, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, nan, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, 1.5F, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, -0.5F, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_NOTE_OFF, 1, 255, 0, 0, 0, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_PITCH_BEND, 1, 0, 0, 0, infinity, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_PITCH_BEND, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_PRESSURE, 1, 200, 0, 0, 0.5F, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_TIMBRE, 1, 0, 0, 0, nan, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_SUSTAIN, 17, 0, 0, 0, 1, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 0, 0, nan, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_ALL_NOTES_OFF, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 0, 0, 1, 0, nan, 0, 0, 0},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 0, 0, 1, infinity, 0, 0, 0, 0},
                               {0, AMP_EVENT_SET_EDGE_GAIN, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_SET_EDGE_GAIN, 0, 0, 0, 0, infinity, 0, 0, 0, 0, 0},
                               {0, AMP_EVENT_SET_EDGE_GAIN, 0, 0, 0, 0, 1, 0, -1, 0, 0, 0},
                               {0, AMP_EVENT_SET_PARAMETER, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0},
                               {0, AMP_EVENT_SET_EDGE_GAIN, 0, 0, 0, 0, 1, 0, 0, nan, 0, 0},
                               {INT64_MIN, AMP_EVENT_NOTE_ON, 1, 60, 0, 0, 0.5F, 0, 0, 0, 0, 0}};
    int number = 0;
    for (const amp_event& event : wrong) {
        EXPECT_EQ(amp_streamer_post(stream.get(), &event, nullptr), AMP_E_ARGUMENT) << "event " << number;
        ++number;
    }
}

TEST(Post, TakesTheEndsOfAllRanges) {
    const Stream stream(tone_plan());
    for (const amp_event& event :
         {note_on(0, 0, 1, 1), note_on(INT64_MAX, 127, 1, 16), note_off(0, 127, 16),
          channel_event(0, AMP_EVENT_ALL_NOTES_OFF, 0, 0), channel_event(0, AMP_EVENT_PRESSURE, 1, 16)}) {
        EXPECT_EQ(amp_streamer_post(stream.get(), &event, nullptr), AMP_OK);
    }
    EXPECT_NO_THROW(stream.take(500));
}

TEST(Post, TellsTheSequenceOfWhatItTook) {
    const Stream stream(tone_plan());
    std::uint32_t sequence = 99;
    for (std::uint32_t i = 0; i < 3; ++i) {
        const amp_event event = note_on(0, 60);
        EXPECT_EQ(amp_streamer_post(stream.get(), &event, &sequence), AMP_OK);
        EXPECT_EQ(sequence, i);
    }
    const amp_event wrong = note_on(-1, 60);
    EXPECT_EQ(amp_streamer_post(stream.get(), &wrong, &sequence), AMP_E_ARGUMENT);
    EXPECT_EQ(sequence, 2U);
}

TEST(AppliedEvents, NameTheEdgeThatWasSet) {
    amp_streamer_settings settings = settings_for(64, 1);
    settings.journal = 1;
    const Stream stream(tone_plan(), settings);
    stream.post(set_edge_gain(5, 0, 0.5F, 2, 3, 4));
    stream.take(64);
    const auto events = applied_events(stream);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].event.frame, 5);
    EXPECT_EQ(events[0].event.kind, AMP_EVENT_SET_EDGE_GAIN);
    EXPECT_EQ(events[0].event.node, 0U);
    EXPECT_EQ(events[0].event.parameter, 0U);
    EXPECT_EQ(events[0].event.value, 0.5F);
    EXPECT_EQ(events[0].event.rate, 2);
    EXPECT_EQ(events[0].event.acceleration, 3);
    EXPECT_EQ(events[0].event.area, 4);
    EXPECT_EQ(events[0].was_late, 0);
}

TEST(Post, SaysWhenTheQueueIsFull) {
    const Stream stream(tone_plan());
    amp_status status = AMP_OK;
    std::uint64_t taken = 0;
    for (; status == AMP_OK && taken < 1'000'000; ++taken) {
        const amp_event event = note_on(0, 60);
        status = amp_streamer_post(stream.get(), &event, nullptr);
    }
    EXPECT_EQ(status, AMP_E_FULL);
    EXPECT_GT(taken, 10000U);
    EXPECT_EQ(amp_streamer_event_counts(stream.get()).lost, 1U);
}

TEST(Post, FromManyThreadsWhileTheStreamRuns) {
    const Stream stream(tone_plan(), settings_for(16, 2));
    std::atomic<bool> over{false};
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; !over; ++i) {
                const amp_event event = i % 2 == 0 ? note_on(i, 60 + t) : note_off(i, 60 + t);
                amp_streamer_post(stream.get(), &event, nullptr);
                std::this_thread::yield();
            }
        });
    }
    EXPECT_NO_THROW(stream.take(20000));
    over = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
}

TEST(Json, TellsHowMuchRoomItNeedsAndCutsWhatDoesNotFit) {
    const PlanHandle plan(tone_plan());
    const std::size_t size = amp_plan_json(plan.plan, nullptr, 0);
    ASSERT_GT(size, 100U);
    std::string whole(size + 1, '?'), cut(size + 1, '?');
    EXPECT_EQ(amp_plan_json(plan.plan, whole.data(), size + 1), size);
    EXPECT_EQ(whole.back(), '\0');
    EXPECT_EQ(amp_plan_json(plan.plan, cut.data(), 11), size);
    EXPECT_EQ(cut.substr(0, 10), whole.substr(0, 10));
    EXPECT_EQ(cut[10], '\0');
    EXPECT_EQ(cut[11], '?');
    EXPECT_GT(amp_node_types_json(nullptr, 0), 1000U);
}

TEST(Status, HasASentenceForEach) {
    for (int status = AMP_OK; status <= AMP_E_FULL; ++status) {
        EXPECT_STRNE(amp_status_text(static_cast<amp_status>(status)), "an unknown status") << status;
    }
    EXPECT_STREQ(amp_status_text(static_cast<amp_status>(99)), "an unknown status");
}

TEST(ArenaStats, TellWhatAStreamHolds) {
    const Stream small(tone_plan()), large(heavy_plan());
    const amp_arena_stats few = amp_streamer_arena_stats(small.get()), many = amp_streamer_arena_stats(large.get());
    EXPECT_LE(few.used, few.committed);
    EXPECT_LE(few.committed, few.reserved);
    EXPECT_GT(many.used, few.used);
}

} // namespace
} // namespace amp::test

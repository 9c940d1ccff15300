// What a plan that plays tells of its nodes, edges and workers.
#include "engine/host_plans.h"
#include "support/live_stream.h"
#include "support/plan_bytes.h"
#include "support/random_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

namespace amp::test {
namespace {

// Two nodes that do the same to many lanes and to few, and a delayed edge.
std::vector<std::byte> unequal_plan(std::uint64_t delay = 0) {
    PlanBuilder builder;
    builder.node("tone", "saw").node("wide", "svf", {.shape = {1024, 1}}).node("narrow", "svf", {.shape = {4, 1}});
    builder.node("sum", "mix").node("out", "output").edge("tone", "wide").edge("tone", "narrow");
    builder.edge("wide", "sum", {.gain = {0.0001}}).edge("narrow", "sum", {.delay = delay}).edge("sum", "out");
    return builder.bytes();
}

// A loop of two nodes, of which the first does far more.
std::vector<std::byte> loop_plan() {
    const Shape wide{1024, 1};
    PlanBuilder builder;
    builder.node("tone", "noise").node("first", "gain", {.shape = wide}).node("heavy", "svf", {.shape = wide});
    builder.node("last", "gain", {.shape = wide}).node("sum", "mix").node("out", "output");
    builder.edge("tone", "first").edge("first", "heavy").edge("heavy", "last").edge("last", "sum");
    builder.edge("last", "heavy", {.delay = 8, .gain = {0.1}}).edge("sum", "out", {.gain = {0.001}});
    return builder.loop({"heavy", "last"}, 8).bytes();
}

bool has_window(const LiveSnapshot& snapshot) { return snapshot.told.window_blocks > 0; }

std::int64_t now_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * kSecond + time.tv_nsec;
}

double busy_seconds(const LiveSnapshot& snapshot) {
    double sum = 0;
    for (const amp_worker_status& worker : snapshot.workers) {
        sum += worker.last_busy_seconds;
    }
    return sum;
}

double computed_seconds(const LiveSnapshot& snapshot) {
    double sum = snapshot.told.output_seconds;
    for (const amp_node_status& node : snapshot.nodes) {
        sum += node.last_seconds;
    }
    return sum;
}

TEST(Snapshot, OfAStreamThatNobodyPacesIsNone) {
    const Stream stream(tone_plan());
    amp_snapshot snapshot{};
    snapshot.version = AMP_SNAPSHOT_VERSION;
    EXPECT_EQ(amp_streamer_snapshot(stream.get(), &snapshot), AMP_E_UNSUPPORTED);
}

TEST(Snapshot, OfAnotherVersionIsRefused) {
    const LiveStream stream(tone_plan());
    amp_snapshot snapshot{};
    snapshot.version = AMP_SNAPSHOT_VERSION + 1;
    EXPECT_EQ(amp_streamer_snapshot(stream.get(), &snapshot), AMP_E_ARGUMENT);
}

TEST(Snapshot, BeforeTheFirstBlockTellsHowMuchThereIs) {
    const Stream stream(tone_plan(), live_settings(64, 2));
    amp_snapshot snapshot{};
    snapshot.version = AMP_SNAPSHOT_VERSION;
    ASSERT_EQ(amp_streamer_snapshot(stream.get(), &snapshot), AMP_OK);
    EXPECT_EQ(snapshot.number, 0);
    EXPECT_EQ(snapshot.node_count, 2U);
    EXPECT_EQ(snapshot.edge_count, 1U);
    EXPECT_EQ(snapshot.worker_count, 2U);
}

TEST(Snapshot, FillsNoMoreThanThereIsRoomFor) {
    const LiveStream stream(unequal_plan());
    stream.wait_for(6400);
    std::vector<amp_node_status> nodes(5);
    amp_snapshot snapshot{};
    snapshot.version = AMP_SNAPSHOT_VERSION;
    snapshot.nodes = nodes.data();
    snapshot.node_room = 2;
    ASSERT_EQ(amp_streamer_snapshot(stream.get(), &snapshot), AMP_OK);
    EXPECT_EQ(snapshot.node_count, 5U);
    EXPECT_GT(nodes[1].last_seconds, 0);
    EXPECT_EQ(nodes[2].last_seconds, 0);
}

TEST(Snapshot, OrdersNodesByWhatTheyTake) {
    const LiveStream stream(unequal_plan(), 256);
    const std::uint32_t wide = stream.node("wide");
    // Where the machine has other work, a node may be put aside in a window, but not in all.
    const LiveSnapshot snapshot = stream.snapshot_once([&](const LiveSnapshot& candidate) {
        return std::ranges::all_of(std::vector{"tone", "narrow", "out"}, [&](const char* other) {
            const amp_node_status &heavy = candidate.nodes[wide], &light = candidate.nodes[stream.node(other)];
            return heavy.mean_seconds > 4 * light.mean_seconds && heavy.last_seconds > 4 * light.last_seconds;
        });
    });
    EXPECT_GT(snapshot.nodes[wide].share, 4 * snapshot.nodes[stream.node("narrow")].share);
}

TEST(Snapshot, TellsOfEachNodeWhatFitsTogether) {
    const LiveStream stream(unequal_plan(), 256);
    const LiveSnapshot snapshot = stream.snapshot_once(has_window);
    for (const amp_node_status& node : snapshot.nodes) {
        EXPECT_GT(node.mean_seconds, 0);
        EXPECT_LE(node.mean_seconds, node.max_seconds);
        EXPECT_LE(node.p99_seconds, node.max_seconds);
        EXPECT_GT(node.p99_seconds, 0);
        EXPECT_NEAR(node.share, node.mean_seconds / (256.0 / 48000), 1e-9);
    }
}

TEST(Snapshot, SharesOutTheTimeOfALoop) {
    // More windows than there are headers.
    const LiveStream stream(loop_plan(), 1024, 1);
    const std::uint32_t heavy = stream.node("heavy"), last = stream.node("last");
    const LiveSnapshot snapshot = stream.snapshot_once([&](const LiveSnapshot& candidate) {
        return candidate.nodes[heavy].last_seconds > 2 * candidate.nodes[last].last_seconds;
    });
    EXPECT_GT(snapshot.nodes[last].last_seconds, 0);
}

// Three rows of a source and a filter, side by side in two cohorts, of which the second has three times the lanes.
std::vector<std::byte> cohort_plan() {
    PlanBuilder builder;
    const std::string rows[] = {"0", "1", "2"};
    for (const std::string& row : rows) {
        builder.node("s" + row, "saw", {.shape = {row == "1" ? 48 : 16, 1}});
    }
    for (const std::string& row : rows) {
        builder.node("f" + row, "svf", {.shape = {row == "1" ? 48 : 16, 1}});
    }
    builder.node("sum", "mix").node("out", "output");
    for (const std::string& row : rows) {
        builder.edge("s" + row, "f" + row).edge("f" + row, "sum");
    }
    builder.edge("sum", "out");
    plan::Description plan = builder.build();
    plan.has_schedule = true;
    plan.stages = {{0, {{"saw", {0, 1, 2}}}}, {0, {{"svf", {3, 4, 5}}}}, {0, {{"mix", {6}}}}, {0, {{"output", {7}}}}};
    return encode(plan).bytes;
}

TEST(Snapshot, SharesOutTheTimeOfACohortByItsLanes) {
    const LiveStream stream(cohort_plan(), 1024, 1);
    const LiveSnapshot snapshot =
        stream.snapshot_once([](const LiveSnapshot& candidate) { return candidate.nodes[0].mean_seconds > 0; });
    for (const std::uint32_t first : {0U, 3U}) {
        const auto& nodes = snapshot.nodes;
        EXPECT_GT(nodes[first].last_seconds, 0);
        for (const auto time : {&amp_node_status::last_seconds, &amp_node_status::mean_seconds,
                                &amp_node_status::p99_seconds, &amp_node_status::max_seconds}) {
            EXPECT_DOUBLE_EQ(nodes[first + 1].*time, 3 * nodes[first].*time);
            EXPECT_DOUBLE_EQ(nodes[first + 2].*time, nodes[first].*time);
        }
    }
}

TEST(Snapshot, TellsOfEachEdgeOfACohortHowLongTokensTake) {
    const LiveStream stream(cohort_plan(), 1024, 2);
    const LiveSnapshot snapshot = stream.snapshot_once(
        [](const LiveSnapshot& candidate) { return candidate.edges[0].mean_traversal_seconds > 0; });
    for (const amp_edge_status& edge : snapshot.edges) {
        EXPECT_GT(edge.mean_traversal_seconds, 0) << "from node " << edge.from_node;
        EXPECT_GE(edge.peak, 1024U) << "from node " << edge.from_node;
    }
}

TEST(Snapshot, CountsTheBlocksThatANodeMadeLate) {
    PlanBuilder builder(192000);
    builder.node("light", "sine").node("heavy", "svf", {.shape = {4096, 1}}).node("sum", "mix").node("out", "output");
    builder.edge("light", "heavy").edge("heavy", "sum").edge("sum", "out", {.gain = {0.001}});
    const LiveStream stream(builder.bytes(), 64, 1);
    const std::uint32_t heavy = stream.node("heavy");
    const LiveSnapshot snapshot =
        stream.snapshot_once([&](const LiveSnapshot& candidate) { return candidate.nodes[heavy].late > 0; });
    EXPECT_LE(snapshot.nodes[heavy].late, snapshot.told.number);
    EXPECT_EQ(snapshot.nodes[stream.node("light")].late, 0);
}

TEST(Snapshot, CountsNoneOfTheBlocksThatWereInTime) {
    const LiveStream stream(tone_plan(), 1024, 1);
    stream.wait_for(20480);
    for (const amp_node_status& node : stream.snapshot().nodes) {
        EXPECT_EQ(node.late, 0);
    }
}

TEST(Snapshot, TellsWhatADelayHolds) {
    constexpr std::int64_t kDelay = 7000;
    const LiveStream stream(unequal_plan(kDelay));
    stream.wait_for(2 * kDelay);
    const LiveSnapshot snapshot =
        stream.snapshot_once([](const LiveSnapshot& candidate) { return candidate.edges[3].peak >= kDelay; });
    const amp_edge_status& delayed = snapshot.edges[3];
    EXPECT_EQ(delayed.from_node, stream.node("narrow"));
    EXPECT_EQ(delayed.to_node, stream.node("sum"));
    EXPECT_EQ(delayed.delay, kDelay);
    EXPECT_EQ(delayed.depth, kDelay);
    // The reader may be before or after the producer in a block.
    EXPECT_LE(delayed.peak, kDelay + 64);
    EXPECT_GE(delayed.capacity, delayed.peak);
    EXPECT_EQ(snapshot.edges[2].depth, 0);
    EXPECT_EQ(snapshot.edges[2].peak, 64);
    EXPECT_EQ(snapshot.edges[2].oldest_age_seconds, 0);
}

// A level that stands when it is `most` frames ahead of its reader, whose gate is closed from the start, and another
// one that plays on.
constexpr std::uint32_t kLevel = 0, kFree = 1;
std::vector<std::byte> standing_plan(std::uint64_t most) {
    PlanBuilder builder;
    builder.node("level", "constant").node("free", "constant").node("out", "output");
    builder.edge("level", "out").edge("free", "out");
    builder.gate("drop", {0}, {.while_closed = plan::WhileClosed::hold, .open = false});
    return builder.max_frames("out", most).blocks("out").bytes();
}

TEST(Snapshot, TellsWhichNodesStandAndWhatTheyHaveNotMade) {
    constexpr std::int64_t kMost = 1000;
    const LiveStream stream(standing_plan(kMost), 64, 2);
    const LiveSnapshot snapshot =
        stream.snapshot_once([](const LiveSnapshot& candidate) { return candidate.told.frame > 2 * kMost; });
    EXPECT_EQ(snapshot.nodes[kLevel].stood, snapshot.told.frame - kMost);
    EXPECT_EQ(snapshot.nodes[kLevel].stands, 1);
    EXPECT_EQ(snapshot.nodes[kFree].stood, 0);
    EXPECT_EQ(snapshot.nodes[kFree].stands, 0);
}

TEST(Snapshot, CountsWhatANodeHasNotMadeWhenItGoesOn) {
    const LiveStream stream(standing_plan(1000), 64, 1, {set_gate(3000, 0, 1)});
    const LiveSnapshot snapshot =
        stream.snapshot_once([](const LiveSnapshot& candidate) { return candidate.told.frame > 4000; });
    EXPECT_EQ(snapshot.nodes[kLevel].stood, 3000 - 1000);
    EXPECT_EQ(snapshot.nodes[kLevel].stands, 0);
}

TEST(Snapshot, FillsADelayAsTheStreamBegins) {
    const LiveStream stream(unequal_plan(480000));
    stream.wait_for(4800);
    const LiveSnapshot snapshot = stream.snapshot();
    EXPECT_EQ(snapshot.edges[3].depth, snapshot.told.frame);
}

TEST(Snapshot, TellsThatTheOldestTokenAgesByTheClockUntilItIsRead) {
    const std::int64_t before = now_ns();
    const LiveStream stream(unequal_plan(480000));
    stream.wait_for(640);
    double last_age = 0;
    std::int64_t last_time = 0;
    for (int i = 0; i < 20; ++i) {
        const LiveSnapshot snapshot = stream.snapshot();
        const double age = snapshot.edges[3].oldest_age_seconds;
        EXPECT_LE(age, static_cast<double>(snapshot.told.time_ns - before) * 1e-9 * 1.01);
        if (last_time != 0) {
            EXPECT_NEAR(age - last_age, static_cast<double>(snapshot.told.time_ns - last_time) * 1e-9, 0.002);
        }
        last_age = age;
        last_time = snapshot.told.time_ns;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_GT(last_age, 0.15);
}

// A delay of which the newest tokens, the latest blocks and the long times know.
class Age : public testing::TestWithParam<std::int64_t> {};

// By readings of the test's own clock: how long ago which frames were there, and which were not.
class AgeByReadings {
public:
    // Sleeps until a snapshot is `wanted`, and reads the clock meanwhile.
    template <class Wanted>
    AgeByReadings(const LiveStream& stream, Wanted&& wanted) {
        snapshot_ = stream.snapshot_once([&](const LiveSnapshot& candidate) {
            const std::int64_t before = now_ns();
            readings_.push_back({stream.snapshot().told.frame, before, now_ns()});
            return wanted(candidate);
        });
    }
    const LiveSnapshot& snapshot() const { return snapshot_; }

    // The age of what waits on an edge is that of frame `oldest` of the stream.
    void expect(std::size_t edge, std::int64_t oldest) const {
        const auto there = std::ranges::find_if(readings_, [&](const Reading& each) { return each.frame > oldest; });
        ASSERT_NE(there, readings_.begin());
        ASSERT_NE(there, readings_.end());
        const auto seconds_since = [&](std::int64_t time) {
            return static_cast<double>(snapshot_.told.time_ns - time) * 1e-9;
        };
        const double age = snapshot_.edges[edge].oldest_age_seconds;
        EXPECT_GE(age, 0.999 * seconds_since(there->after));
        // What is made of a block that is not complete is not seen by the readings.
        EXPECT_LE(age, 1.001 * seconds_since((there - 1)->before) + 0.02);
    }

private:
    struct Reading {
        std::int64_t frame, before, after;
    };
    std::vector<Reading> readings_;
    LiveSnapshot snapshot_;
};

TEST_P(Age, IsTheTimeSinceTheFrameWasMade) {
    const std::int64_t delay = GetParam();
    const LiveStream stream(unequal_plan(static_cast<std::uint64_t>(delay)));
    const AgeByReadings age(stream, [&](const LiveSnapshot& candidate) { return candidate.told.frame > delay + 9600; });
    age.expect(3, age.snapshot().told.frame - delay);
}

TEST_P(Age, OfWhatAFiringReadsIsNoLessThanTheDelay) {
    const double seconds = static_cast<double>(GetParam()) / 48000;
    const LiveStream stream(unequal_plan(static_cast<std::uint64_t>(GetParam())));
    const std::int64_t begin = now_ns();
    const amp_edge_status edge =
        stream
            .snapshot_once([](const LiveSnapshot& candidate) { return candidate.edges[3].mean_traversal_seconds > 0; })
            .edges[3];
    // Blocks are made a few at once, when they are asked for so.
    EXPECT_GT(edge.mean_traversal_seconds, seconds - 0.02);
    EXPECT_GE(edge.max_traversal_seconds, edge.mean_traversal_seconds);
    EXPECT_LT(edge.max_traversal_seconds, 1.001 * static_cast<double>(now_ns() - begin) * 1e-9 + 0.02);
}

INSTANTIATE_TEST_SUITE_P(OfFrames, Age, testing::Values(64, 200, 4000, 24000, 240000));

// What stands while its reader waits, goes on, and stands again: the frames that it has made by then, and how long they
// wait before they are read.
constexpr std::int64_t kMost = 4800, kOpens = 14400, kCloses = 24000;
constexpr std::int64_t kStandsAgain = kCloses + 95; // the gate has read the last frame of its fade

TEST(WhatStands, LeavesTokensThatAgeWhileItStands) {
    const LiveStream stream(standing_plan(kMost), 64, 1, {set_gate(2000, 0, 1), set_gate(4000, 0, 0)});
    const AgeByReadings age(stream, [](const LiveSnapshot& candidate) { return candidate.told.frame > 20000; });
    EXPECT_EQ(age.snapshot().edges[0].depth, kMost);
    age.expect(0, 4095 - 2000);
}

TEST(WhatStands, LeavesTokensAsOldAsTheyAreAfterEachStop) {
    const LiveStream stream(standing_plan(kMost), 64, 1, {set_gate(kOpens, 0, 1), set_gate(kCloses, 0, 0)});
    const AgeByReadings age(stream, [](const LiveSnapshot& candidate) { return candidate.told.frame > 30000; });
    EXPECT_EQ(age.snapshot().nodes[kLevel].stood, kOpens - kMost + age.snapshot().told.frame - kStandsAgain);
    age.expect(0, kStandsAgain - kMost);
}

TEST(WhatStands, LeavesTokensToAReaderThatTakesLongerByEachStop) {
    const LiveStream stream(standing_plan(kMost), 64, 1, {set_gate(kOpens, 0, 1)});
    // What was made before it stood takes as long as the gate was closed; what was made later waits for the lag alone.
    stream.snapshot_once([](const LiveSnapshot& candidate) {
        return candidate.nodes[kLevel].stands == 0 && candidate.edges[0].max_traversal_seconds > 0.25;
    });
    const LiveSnapshot late = stream.snapshot_once([](const LiveSnapshot& candidate) {
        return candidate.told.frame > 2 * (kOpens + kMost) && candidate.edges[0].mean_traversal_seconds < 0.2;
    });
    EXPECT_GE(late.edges[0].mean_traversal_seconds, 0.08);
}

TEST(Snapshot, TellsThatATokenIsReadSoonWhereNoDelayHoldsIt) {
    const LiveStream stream(unequal_plan(), 256);
    // Of the two readers of "tone" one waits for the other.
    const LiveSnapshot snapshot = stream.snapshot_once([&](const LiveSnapshot& candidate) {
        const double later =
            std::max(candidate.edges[0].mean_traversal_seconds, candidate.edges[1].mean_traversal_seconds);
        double all = 0;
        for (const amp_node_status& node : candidate.nodes) {
            all += node.mean_seconds;
        }
        return later > candidate.nodes[stream.node("narrow")].mean_seconds && later < all;
    });
    for (const amp_edge_status& edge : snapshot.edges) {
        EXPECT_GT(edge.mean_traversal_seconds, 0);
        EXPECT_LE(edge.mean_traversal_seconds, edge.max_traversal_seconds);
    }
}

TEST(Snapshot, TellsHowLongTokensTakeWithinALoop) {
    const LiveStream stream(loop_plan(), 64, 1);
    const LiveSnapshot snapshot = stream.snapshot_once(has_window);
    const amp_edge_status &forwards = snapshot.edges[2], &back = snapshot.edges[4];
    const double heavy = snapshot.nodes[stream.node("heavy")].mean_seconds;
    EXPECT_EQ(back.depth, 8);
    EXPECT_EQ(back.peak, 8);
    EXPECT_EQ(forwards.peak, 8);
    // What comes back is read by the next firing of "heavy", what goes forward by the one right behind.
    EXPECT_LT(forwards.mean_traversal_seconds, heavy);
    EXPECT_LT(back.mean_traversal_seconds, heavy);
}

TEST(Snapshot, TellsHowBusyWorkersAre) {
    const LiveStream stream(unequal_plan(), 256, 2);
    const LiveSnapshot snapshot = stream.snapshot_once(has_window);
    ASSERT_EQ(snapshot.workers.size(), 2U);
    double busy = 0, mean = 0;
    for (const amp_worker_status& worker : snapshot.workers) {
        EXPECT_GE(worker.busy, 0);
        EXPECT_NEAR(worker.busy + worker.idle, 1, 1e-9);
        busy += worker.busy * snapshot.told.window_seconds;
    }
    for (const amp_node_status& node : snapshot.nodes) {
        mean += node.mean_seconds * static_cast<double>(snapshot.told.window_blocks);
    }
    EXPECT_GE(busy, mean * 0.999);
    EXPECT_GT(snapshot.workers[0].cpu + snapshot.workers[1].cpu, 0);
}

// What is told is of one block, and of no mixture of two. If blocks run one after the other, all that nodes take is
// what the workers worked.
void expect_whole(const LiveStream& stream, int block, bool one_by_one, std::int64_t snapshots) {
    amp_snapshot before{};
    for (std::int64_t seen = 0; seen < snapshots;) {
        const LiveSnapshot snapshot = stream.snapshot();
        const amp_snapshot& told = snapshot.told;
        ASSERT_GE(told.number, before.number);
        if (told.number == before.number) {
            ASSERT_EQ(told.time_ns, before.time_ns);
            std::this_thread::yield();
            continue;
        }
        ASSERT_EQ(told.frame, told.number * block);
        ASSERT_GT(told.time_ns, before.time_ns);
        if (one_by_one) {
            ASSERT_NEAR(computed_seconds(snapshot), busy_seconds(snapshot), 1e-9 * busy_seconds(snapshot));
        }
        for (const amp_edge_status& edge : snapshot.edges) {
            ASSERT_EQ(edge.depth, std::min(edge.delay, told.frame));
        }
        before = told;
        ++seen;
    }
}

class WholeSnapshot : public testing::TestWithParam<int> {};

TEST_P(WholeSnapshot, IsOfOneBlockHoweverManyReadWhileTwoWorkersGoOn) {
    constexpr int kBlock = 16;
    const LiveStream stream(RandomPlan(5).bytes(), kBlock, 2, {}, GetParam());
    stream.wait_for(kBlock);
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] { expect_whole(stream, kBlock, GetParam() == 1, 500); });
    }
    for (std::thread& reader : readers) {
        reader.join();
    }
}

INSTANTIATE_TEST_SUITE_P(OfBlocksInFlight, WholeSnapshot, testing::Values(1, 2, 8));

} // namespace
} // namespace amp::test

// What a plan that plays tells of its nodes, edges and workers.
#include "engine/host_plans.h"
#include "support/live_stream.h"
#include "support/random_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
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
    const LiveSnapshot snapshot = stream.snapshot_once(has_window);
    const amp_node_status& wide = snapshot.nodes[stream.node("wide")];
    for (const char* const other : {"tone", "narrow", "out"}) {
        const amp_node_status& node = snapshot.nodes[stream.node(other)];
        EXPECT_GT(wide.mean_seconds, 4 * node.mean_seconds) << other;
        EXPECT_GT(wide.share, node.share) << other;
        EXPECT_GT(wide.last_seconds, node.last_seconds) << other;
    }
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
    stream.wait_for(8192);
    const LiveSnapshot snapshot = stream.snapshot();
    const double heavy = snapshot.nodes[stream.node("heavy")].last_seconds;
    const double last = snapshot.nodes[stream.node("last")].last_seconds;
    EXPECT_GT(last, 0);
    EXPECT_GT(heavy, last);
}

TEST(Snapshot, CountsTheBlocksThatANodeMadeLate) {
    PlanBuilder builder(192000);
    builder.node("light", "sine").node("heavy", "svf", {.shape = {4096, 1}}).node("sum", "mix").node("out", "output");
    builder.edge("light", "heavy").edge("heavy", "sum").edge("sum", "out", {.gain = {0.001}});
    const LiveStream stream(builder.bytes(), 64, 1);
    const std::uint32_t heavy = stream.node("heavy");
    const LiveSnapshot snapshot =
        stream.snapshot_once([&](const LiveSnapshot& candidate) { return candidate.nodes[heavy].late > 3; });
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

// A delay that the token headers, the latest blocks and the long times know of.
class Age : public testing::TestWithParam<std::int64_t> {};

TEST_P(Age, AndTraversalAreAboutTheDelay) {
    const std::int64_t delay = GetParam();
    const LiveStream stream(unequal_plan(static_cast<std::uint64_t>(delay)));
    stream.wait_for(delay + 9600);
    const amp_edge_status edge =
        stream
            .snapshot_once([](const LiveSnapshot& candidate) { return candidate.edges[3].mean_traversal_seconds > 0; })
            .edges[3];
    const double seconds = static_cast<double>(delay) / 48000;
    // Blocks are made in bursts on a machine with other work.
    EXPECT_NEAR(edge.oldest_age_seconds, seconds, 0.05 + 0.01 * seconds);
    EXPECT_GE(edge.max_traversal_seconds, edge.mean_traversal_seconds);
    EXPECT_NEAR(edge.mean_traversal_seconds, seconds, 0.05 + 0.01 * seconds);
}

INSTANTIATE_TEST_SUITE_P(OfFrames, Age, testing::Values(64, 200, 4000, 24000, 240000));

TEST(Snapshot, TellsThatATokenIsReadSoonWhereNoDelayHoldsIt) {
    const LiveStream stream(unequal_plan(), 256);
    const LiveSnapshot snapshot = stream.snapshot_once(has_window);
    for (const amp_edge_status& edge : snapshot.edges) {
        EXPECT_GT(edge.mean_traversal_seconds, 0);
        EXPECT_LE(edge.mean_traversal_seconds, edge.max_traversal_seconds);
    }
    // "tone" waits for "wide" to be through before "narrow" runs, or the other way round.
    const double least = snapshot.nodes[stream.node("narrow")].mean_seconds;
    EXPECT_GT(std::max(snapshot.edges[0].mean_traversal_seconds, snapshot.edges[1].mean_traversal_seconds), least);
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

// The invariant holds in each block, and in no mixture of two.
void expect_whole(const LiveStream& stream, int block, std::int64_t snapshots) {
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
        ASSERT_NEAR(computed_seconds(snapshot), busy_seconds(snapshot), 1e-9 * busy_seconds(snapshot));
        for (const amp_edge_status& edge : snapshot.edges) {
            ASSERT_EQ(edge.depth, std::min(edge.delay, told.frame));
        }
        before = told;
        ++seen;
    }
}

TEST(Snapshot, IsOfOneBlockHoweverManyReadWhileTwoWorkersGoOn) {
    constexpr int kBlock = 16;
    const LiveStream stream(RandomPlan(5).bytes(), kBlock, 2);
    stream.wait_for(kBlock);
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] { expect_whole(stream, kBlock, 500); });
    }
    for (std::thread& reader : readers) {
        reader.join();
    }
}

} // namespace
} // namespace amp::test

#include "base/real_time.h"
#include "run/checking_work.h"
#include "run/scheduler.h"
#include "support/patience.h"
#include "support/thread_shortage.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <random>
#include <system_error>
#include <thread>
#include <tuple>

namespace amp::test {
namespace {

using run::Dependency;
using run::Scheduler;
using Clock = std::chrono::steady_clock;

// Edges that go forward with any lag, and edges that go back or to the unit itself with a lag of at least one.
std::vector<Dependency> random_network(std::mt19937& random, std::uint32_t units, int in_flight) {
    std::vector<Dependency> dependencies;
    const std::uint32_t edges = random() % (3 * units);
    for (std::uint32_t i = 0; i < edges; ++i) {
        const std::uint32_t from = random() % units, to = random() % units;
        const std::uint32_t lag = random() % 3 == 0 ? random() % static_cast<std::uint32_t>(in_flight + 3) : 0;
        dependencies.push_back({from, to, from < to ? lag : lag + 1});
    }
    return dependencies;
}

// True when `blocks` blocks are complete before patience ends.
bool completes(const Scheduler& scheduler, std::int64_t blocks) {
    const auto begin = Clock::now();
    while (scheduler.completed() < blocks) {
        if (Clock::now() - begin > kPatience * std::chrono::seconds(10)) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

class Workers : public testing::TestWithParam<std::tuple<int, int>> {
protected:
    int workers() const { return std::get<0>(GetParam()); }
    int in_flight() const { return std::get<1>(GetParam()); }
    run::SchedulerSettings settings() const { return {workers(), in_flight(), false}; }
};

TEST_P(Workers, RunRandomNetworksInOrder) {
    constexpr std::int64_t kBlocks = 150;
    for (std::uint32_t seed = 0; seed < 25; ++seed) {
        std::mt19937 random(seed);
        const std::uint32_t units = 1 + random() % 40;
        const auto network = random_network(random, units, in_flight());
        CheckingWork work(units, network, in_flight());
        work.effort = seed % 3 == 0 ? 40 : 0;
        {
            Pace pace;
            run::Program program(units, network, settings());
            Scheduler scheduler(work, pace, program, settings());
            pace.allow(kBlocks);
            ASSERT_TRUE(completes(scheduler, kBlocks)) << "seed " << seed;
        }
        ASSERT_EQ(work.broken(), "") << "seed " << seed;
        ASSERT_EQ(work.sealed(), kBlocks);
        for (run::UnitIndex unit = 0; unit < units; ++unit) {
            ASSERT_EQ(work.blocks_of(unit), kBlocks) << "seed " << seed << ", unit " << unit;
        }
    }
}

TEST_P(Workers, LoseNoUnitWhenBlocksAreAllowedOneByOne) {
    constexpr std::int64_t kBlocks = 1500;
    std::mt19937 random(42);
    const std::uint32_t units = 9;
    const auto network = random_network(random, units, in_flight());
    CheckingWork work(units, network, in_flight());
    {
        Pace pace;
        run::Program program(units, network, settings());
        Scheduler scheduler(work, pace, program, settings());
        std::thread driver([&] {
            for (std::int64_t block = 1; block <= kBlocks; ++block) {
                pace.allow(block);
                // Now and then the workers fall asleep before the next block.
                if (block % 3 == 0 && !completes(scheduler, block)) {
                    return;
                }
                if (block % 50 == 0) {
                    std::this_thread::sleep_for(std::chrono::microseconds(200));
                }
            }
        });
        driver.join();
        EXPECT_TRUE(completes(scheduler, kBlocks));
    }
    EXPECT_EQ(work.broken(), "");
}

TEST_P(Workers, StopWhileUnitsRun) {
    for (std::uint32_t seed = 0; seed < 25; ++seed) {
        std::mt19937 random(seed);
        const std::uint32_t units = 1 + random() % 30;
        const auto network = random_network(random, units, in_flight());
        CheckingWork work(units, network, in_flight());
        work.effort = 30;
        {
            Pace pace;
            run::Program program(units, network, settings());
            Scheduler scheduler(work, pace, program, settings());
            pace.allow(INT64_MAX);
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 700));
        }
        ASSERT_FALSE(work.anybody_runs()) << "seed " << seed;
        ASSERT_EQ(work.broken(), "") << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(AndBlocksInFlight, Workers,
                         testing::Combine(testing::Values(1, 2, 3, 8), testing::Values(1, 2, 3, 8)));

TEST(Scheduler, BeginsNothingThatIsNotAllowed) {
    CheckingWork work(4, {}, 4);
    {
        Pace pace;
        const run::SchedulerSettings settings{2, 4, false};
        run::Program program(4, {}, settings);
        Scheduler scheduler(work, pace, program, settings);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        EXPECT_EQ(work.sealed(), 0);
        pace.allow(3);
        EXPECT_TRUE(completes(scheduler, 3));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(work.sealed(), 3);
    EXPECT_EQ(work.broken(), "");
}

// Each block's one unit goes on only when so many blocks are sealed.
class MeetingWork final : public run::Work {
public:
    explicit MeetingWork(std::int64_t blocks) : blocks_(blocks) {}
    void seal(const run::Program&, std::int64_t block) override { sealed_ = block + 1; }
    void run(const run::Program&, run::UnitIndex, std::int64_t, int) override {
        const auto begin = Clock::now();
        const RealTimeException exception; // it waits for another worker, which may want this one's core
        while (sealed_ < blocks_ && Clock::now() - begin < kPatience * std::chrono::seconds(8)) {
            std::this_thread::yield();
        }
        met_ = met_ && sealed_ >= blocks_;
    }
    void complete(std::int64_t) override {}
    bool met() const { return met_; }

private:
    const std::int64_t blocks_;
    std::atomic<std::int64_t> sealed_{0};
    std::atomic<bool> met_{true};
};

TEST(Scheduler, BeginsTheNextBlocksWhileTheFirstStillRuns) {
    constexpr int kInFlight = 4;
    MeetingWork work(kInFlight);
    {
        Pace pace;
        const run::SchedulerSettings settings{2, kInFlight, false};
        run::Program program(1, {}, settings);
        Scheduler scheduler(work, pace, program, settings);
        pace.allow(kInFlight);
        EXPECT_TRUE(completes(scheduler, kInFlight));
    }
    EXPECT_TRUE(work.met());
}

TEST(Scheduler, RunsTenThousandIndependentUnits) {
    constexpr std::uint32_t kUnits = 10000;
    for (const int workers : {1, 2, 8}) {
        CheckingWork work(kUnits, {}, 3);
        {
            Pace pace;
            const run::SchedulerSettings settings{workers, 3, false};
            run::Program program(kUnits, {}, settings);
            Scheduler scheduler(work, pace, program, settings);
            pace.allow(12);
            EXPECT_TRUE(completes(scheduler, 12)) << workers << " workers";
        }
        EXPECT_EQ(work.broken(), "") << workers << " workers";
    }
}

TEST(Scheduler, RunsALongChain) {
    constexpr std::uint32_t kUnits = 5000;
    std::vector<Dependency> chain;
    for (std::uint32_t unit = 1; unit < kUnits; ++unit) {
        chain.push_back({unit - 1, unit, 0});
    }
    CheckingWork work(kUnits, chain, 4);
    {
        Pace pace;
        const run::SchedulerSettings settings{3, 4, false};
        run::Program program(kUnits, chain, settings);
        Scheduler scheduler(work, pace, program, settings);
        pace.allow(20);
        EXPECT_TRUE(completes(scheduler, 20));
    }
    EXPECT_EQ(work.broken(), "");
}

TEST(Scheduler, TakesTheSameDependencyTwiceAndLagsBeyondAllBlocksInFlight) {
    const std::vector<Dependency> network{{0, 1, 0}, {0, 1, 0}, {0, 1, 2}, {1, 0, 1}, {1, 0, 1000}, {0, 0, 1U << 30}};
    CheckingWork work(2, network, 4);
    {
        Pace pace;
        const run::SchedulerSettings settings{2, 4, false};
        run::Program program(2, network, settings);
        Scheduler scheduler(work, pace, program, settings);
        pace.allow(1000);
        EXPECT_TRUE(completes(scheduler, 1000));
    }
    EXPECT_EQ(work.broken(), "");
}

// A worker may be put aside by the system while it takes a unit from the queue; however many units the others push
// meanwhile, all find room. More workers than cores, and units that take no time, make that likely.
TEST(Scheduler, LosesNoUnitWhenWorkersArePutAside) {
    constexpr std::uint32_t kUnits = 13;
    constexpr int kInFlight = 8;
    constexpr std::int64_t kBlocks = 20000;
    CheckingWork work(kUnits, {}, kInFlight);
    {
        Pace pace;
        const run::SchedulerSettings settings{8, kInFlight, false};
        run::Program program(kUnits, {}, settings);
        Scheduler scheduler(work, pace, program, settings);
        pace.allow(kBlocks);
        EXPECT_TRUE(completes(scheduler, kBlocks));
    }
    EXPECT_EQ(work.broken(), "");
}

TEST(Scheduler, KeepsTheHighestBoundWhenSeveralThreadsAllow) {
    CheckingWork work(1, {}, 1);
    Pace pace;
    const run::SchedulerSettings settings{1, 1, false};
    run::Program program(1, {}, settings);
    Scheduler scheduler(work, pace, program, settings);
    std::atomic<std::int64_t> begun{0}, done{0};
    std::atomic<bool> over{false};
    std::thread other([&] {
        for (std::int64_t round = 1; !over; ++round) {
            while (begun.load() < round && !over) {
            }
            pace.allow(2 * round - 1);
            done.store(round);
        }
    });
    bool kept = true;
    const auto begin = Clock::now();
    for (std::int64_t round = 1; kept && Clock::now() - begin < std::chrono::milliseconds(800); ++round) {
        begun.store(round);
        pace.allow(2 * round);
        while (done.load() < round) {
        }
        kept = completes(scheduler, 2 * round);
    }
    over = true;
    other.join();
    EXPECT_TRUE(kept);
}

// Independent units that each take a while, and who ran them.
class SharedWork final : public run::Work {
public:
    explicit SharedWork(std::chrono::nanoseconds effort) : effort_(effort) {}
    void seal(const run::Program&, std::int64_t) override {}
    void run(const run::Program&, run::UnitIndex, std::int64_t block, int worker) override {
        if (block >= watched_from) {
            ++watched_[static_cast<std::size_t>(worker)];
        }
        for (const auto begin = Clock::now(); Clock::now() - begin < effort_;) {
        }
    }
    void complete(std::int64_t) override {}

    std::atomic<std::int64_t> watched_from{INT64_MAX};
    // Workers that ran units of the blocks that are watched.
    int helping() const { return (watched_[0] > 0 ? 1 : 0) + (watched_[1] > 0 ? 1 : 0); }

private:
    const std::chrono::nanoseconds effort_;
    std::array<std::atomic<std::int64_t>, 2> watched_{};
};

// Lets two workers run blocks as a device asks for them, one after the other; how many of the two took part once what
// units cost was known.
int workers_that_help(SharedWork& work, std::chrono::nanoseconds block_time = {}) {
    constexpr std::uint32_t kUnits = 16;
    constexpr std::int64_t kBlocks = 400;
    Pace pace;
    const run::SchedulerSettings settings{.workers = 2, .block_time = block_time.count()};
    run::Program program(kUnits, {}, settings);
    Scheduler scheduler(work, pace, program, settings);
    work.watched_from = kBlocks / 2;
    for (std::int64_t block = 1; block <= kBlocks; ++block) {
        pace.allow(block);
        EXPECT_TRUE(completes(scheduler, block));
    }
    return work.helping();
}

TEST(Scheduler, LeavesABlockOfLittleWorkToOneWorker) {
    SharedWork work(std::chrono::nanoseconds(0));
    EXPECT_EQ(workers_that_help(work), 1);
}

TEST(Scheduler, LeavesABlockToOneWorkerThatHasTimeEnough) {
    SharedWork work(std::chrono::microseconds(20));
    EXPECT_EQ(workers_that_help(work, std::chrono::milliseconds(20)), 1);
}

TEST(Scheduler, SharesABlockOfMuchWork) {
    SharedWork work(std::chrono::microseconds(100));
    EXPECT_EQ(workers_that_help(work), 2);
}

TEST(Scheduler, StopsTheThreadsThatItHasWhenTheSystemGivesNoMore) {
    for (int given = 0; given < 4; ++given) {
        CheckingWork work(3, {}, 2);
        if (!refuse_threads_after(given)) {
            GTEST_SKIP() << "the sanitizer makes the threads";
        }
        Pace pace;
        const run::SchedulerSettings settings{4, 2, false};
        run::Program program(3, {}, settings);
        EXPECT_THROW(Scheduler(work, pace, program, settings), std::system_error) << given << " threads";
        refuse_threads_after(-1);
        EXPECT_FALSE(work.anybody_runs());
    }
}

} // namespace
} // namespace amp::test

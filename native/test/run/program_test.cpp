// How a scheduler goes from one program to the next while it runs.
#include "run/scheduler.h"
#include "support/patience.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <tuple>
#include <vector>

namespace amp::test {
namespace {

using run::Dependency;
using run::Program;
using run::Scheduler;
using run::SchedulerSettings;
using Clock = std::chrono::steady_clock;

// A chain beside units that wait for nothing.
std::vector<Dependency> network_of(std::uint32_t units) {
    std::vector<Dependency> network;
    for (std::uint32_t unit = 1; unit < units / 2; ++unit) {
        network.push_back({unit - 1, unit, 0});
        network.push_back({unit, unit - 1, 1});
    }
    return network;
}

class NumberedProgram final : public Program {
public:
    NumberedProgram(std::uint32_t units, const SchedulerSettings& settings)
        : Program(units, network_of(units), settings), units_(units) {}

    std::uint32_t units() const { return units_; }

private:
    const std::uint32_t units_;
};

// Goes over to `next` at the first block at which it may, and watches that no two programs ever run at once.
class ChangingWork final : public run::Work {
public:
    std::atomic<NumberedProgram*> next{nullptr};

    Program& program_for(std::int64_t, Program& present) override {
        NumberedProgram* const wanted = next.load();
        return wanted == nullptr ? present : *wanted;
    }
    void seal(const Program& program, std::int64_t block) override {
        const auto& now = static_cast<const NumberedProgram&>(program);
        if (&now == next.load()) {
            next = nullptr;
            expect(completed_ == block);
            expect(runs_ == expected_);
        }
        expected_ += now.units();
    }
    void run(const Program& program, run::UnitIndex unit, std::int64_t, int) override {
        expect(unit < static_cast<const NumberedProgram&>(program).units());
        ++runs_;
    }
    void complete(std::int64_t block) override { completed_ = block + 1; }

    bool is_right() const { return right_; }
    std::int64_t left() const { return expected_ - runs_; }

private:
    void expect(bool kept) { right_ = right_ && kept; }

    std::atomic<std::int64_t> completed_{0}, runs_{0}, expected_{0};
    std::atomic<bool> right_{true};
};

template <class Test>
bool comes_true(Test test) {
    for (const auto begin = Clock::now(); !test();) {
        if (Clock::now() - begin > kPatience * std::chrono::seconds(10)) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

class Programs : public testing::TestWithParam<std::tuple<int, int>> {
protected:
    SchedulerSettings settings() const { return {std::get<0>(GetParam()), std::get<1>(GetParam()), false}; }
};

// Old programs are freed as soon as nobody uses them: a sanitizer would see whoever still does.
TEST_P(Programs, FollowEachOtherWithoutABlockInBothAndAreFreed) {
    std::mt19937 random(1);
    ChangingWork work;
    auto present = std::make_unique<NumberedProgram>(5, settings());
    Pace pace;
    Scheduler scheduler(work, pace, *present, settings());
    for (int change = 0; change < 300; ++change) {
        auto next = std::make_unique<NumberedProgram>(1 + random() % 90, settings());
        work.next = next.get();
        pace.allow(pace.allowed + 1 + static_cast<std::int64_t>(random() % 20));
        ASSERT_TRUE(comes_true([&] { return work.next.load() == nullptr; })) << "change " << change;
        ASSERT_TRUE(comes_true([&] { return !scheduler.uses(*present); })) << "change " << change;
        EXPECT_TRUE(scheduler.uses(*next));
        present = std::move(next);
    }
    EXPECT_TRUE(comes_true([&] { return scheduler.completed() == pace.allowed; }));
    EXPECT_EQ(work.left(), 0);
    EXPECT_TRUE(work.is_right());
}

TEST_P(Programs, OfWorkersThatSleepAreNotUsed) {
    ChangingWork work;
    NumberedProgram first(3, settings()), second(4, settings());
    Pace pace;
    Scheduler scheduler(work, pace, first, settings());
    pace.allow(1);
    ASSERT_TRUE(comes_true([&] { return scheduler.completed() == 1; }));
    EXPECT_TRUE(scheduler.uses(first));
    EXPECT_FALSE(scheduler.uses(second));
    work.next = &second;
    pace.allow(2);
    ASSERT_TRUE(comes_true([&] { return scheduler.completed() == 2; }));
    EXPECT_TRUE(comes_true([&] { return !scheduler.uses(first); }));
    EXPECT_TRUE(work.is_right());
}

// Nothing begins while a preparation is not done, or blocks before it are not complete.
class HeldUpWork final : public run::Work {
public:
    std::atomic<bool> is_prepared{false};
    std::atomic<std::int64_t> asked{0};

    run::Obstacle obstacle(std::int64_t block, bool alone) override {
        if (block % 5 == 2 && !alone) {
            return run::Obstacle::blocks_before;
        }
        right_ = right_ && (block % 5 != 2 || completed_ == block);
        if (block == kWaits && !is_prepared) {
            ++asked;
            return run::Obstacle::preparation;
        }
        return run::Obstacle::none;
    }
    void seal(const Program&, std::int64_t block) override { right_ = right_ && (block < kWaits || is_prepared); }
    void run(const Program&, run::UnitIndex, std::int64_t, int) override {}
    void complete(std::int64_t block) override { completed_ = block + 1; }
    bool is_right() const { return right_; }

    static constexpr std::int64_t kWaits = 7;

private:
    std::atomic<std::int64_t> completed_{0};
    std::atomic<bool> right_{true};
};

TEST_P(Programs, WaitForWhatIsPreparedAndSleepMeanwhile) {
    for (int i = 0; i < 50; ++i) {
        HeldUpWork work;
        NumberedProgram program(9, settings());
        Pace pace;
        Scheduler scheduler(work, pace, program, settings());
        pace.allow(40);
        ASSERT_TRUE(comes_true([&] { return scheduler.completed() == HeldUpWork::kWaits && work.asked > 0; }));
        if (i == 0) {
            ASSERT_TRUE(comes_true([&] { return scheduler.asleep() == settings().workers; }));
        }
        work.is_prepared = true;
        scheduler.let_go();
        ASSERT_TRUE(comes_true([&] { return scheduler.completed() == 40; })) << i;
        EXPECT_TRUE(work.is_right());
    }
}

INSTANTIATE_TEST_SUITE_P(AndWorkers, Programs, testing::Combine(testing::Values(1, 2, 3, 8), testing::Values(1, 3, 8)));

} // namespace
} // namespace amp::test

#include "run/work_estimate.h"

#include <gtest/gtest.h>

#include <vector>

namespace amp::test {
namespace {

using run::Dependency;
using run::WorkEstimate;

// 0 makes 1 ready, 1 makes 2 and 3, and 4 waits for both of these.
WorkEstimate diamond() {
    const std::vector<Dependency> dependencies{{0, 1, 0}, {1, 2, 0}, {1, 3, 0}, {2, 4, 0}, {3, 4, 0}, {4, 0, 1}};
    return WorkEstimate(5, dependencies);
}

// What was noted in the first block counts before the second measured one.
void note(WorkEstimate& estimate, const std::vector<std::uint64_t>& cycles) {
    for (run::UnitIndex unit = 0; unit < cycles.size(); ++unit) {
        estimate.note(unit, cycles[unit]);
    }
    for (std::int64_t block = 0; block < 16; ++block) {
        estimate.begin_block(block);
    }
}

TEST(WorkEstimate, SumsUpWhatAUnitAloneMakesReady) {
    const std::vector<std::uint64_t> cycles{100, 20, 3000, 400, 50};
    WorkEstimate estimate = diamond();
    note(estimate, cycles);
    EXPECT_EQ(estimate.total(), 3570U);
    EXPECT_EQ(estimate.brings(0), 3520U);
    EXPECT_EQ(estimate.brings(1), 3420U);
    EXPECT_EQ(estimate.brings(2), 3000U);
    EXPECT_EQ(estimate.brings(4), 50U);
}

TEST(WorkEstimate, IsHardlyMovedByAUnitThatWasPutAside) {
    const std::vector<std::uint64_t> cycles{10'000, 1, 1, 1, 1};
    WorkEstimate estimate = diamond();
    note(estimate, cycles);
    estimate.note(0, 30'000'000);
    for (std::int64_t block = 16; block < 32; ++block) {
        estimate.begin_block(block);
    }
    EXPECT_LT(estimate.total(), 13'000U);
}

TEST(WorkEstimate, HoldsWhatIsNotMeasuredForWorthSharing) {
    const WorkEstimate estimate = diamond();
    EXPECT_GT(estimate.total(), 100'000'000U);
}

} // namespace
} // namespace amp::test

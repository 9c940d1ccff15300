// Who is told to be the cause of missing frames.
#include "engine/xrun_log.h"
#include "io/output_memory.h"

#include <gtest/gtest.h>

namespace amp::engine {
namespace {

constexpr int kBlock = 48; // a millisecond
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::uint32_t kNode = 7;

// An output in which block 10 was not there when it was asked for.
class XrunLogTest : public testing::Test {
protected:
    // Block 10 might begin at 0, took so much CPU time, and was asked for at `asked_at`.
    Xrun explain_missing(std::int64_t cpu, std::int64_t asked_at) {
        for (std::int64_t block = 0; block <= 10; ++block) {
            BlockTime time;
            time.made_at = 9 * kMillisecond;
            time.cpu = cpu;
            time.busy_cpu = cpu;
            time.heaviest_node = kNode;
            times_.add(block, time);
        }
        return explain({10 * kBlock, kBlock, asked_at, io::GapKind::missing});
    }

    Xrun explain(const io::Gap& gap) {
        memory_.header().gaps.push(gap);
        Xrun xrun;
        EXPECT_EQ(log_.read({&xrun, 1}), 1U);
        return xrun;
    }

    io::OutputMemory memory_ = std::move(io::OutputMemory::create({2, kBlock, 100 * kBlock, 48000}).value());
    BlockTimes times_{64};
    XrunLog log_{memory_.header(), times_};
};

TEST_F(XrunLogTest, NamesTheHeaviestNodeWhereTheComputationTookLongerThanThereWasTime) {
    const Xrun xrun = explain_missing(3 * kMillisecond, 2 * kMillisecond);
    EXPECT_EQ(xrun.cause, XrunCause::node_late);
    EXPECT_EQ(xrun.node, kNode);
}

TEST_F(XrunLogTest, BlamesTheSystemWhereTheComputationAloneWouldHaveBeenInTime) {
    EXPECT_EQ(explain_missing(kMillisecond, 2 * kMillisecond).cause, XrunCause::thread_not_run);
}

TEST_F(XrunLogTest, BlamesADeviceThatAsksForABlockSoonerThanItLasts) {
    EXPECT_EQ(explain_missing(kMillisecond / 2, kMillisecond / 4).cause, XrunCause::device_not_run);
}

TEST_F(XrunLogTest, BlamesANodeThatNeedsMoreThanItsBlockLastsHoweverSoonTheDeviceAsks) {
    EXPECT_EQ(explain_missing(2 * kMillisecond, kMillisecond / 4).cause, XrunCause::node_late);
}

TEST_F(XrunLogTest, BlamesTheDeviceForFramesThatWereReady) {
    EXPECT_EQ(explain({480, 48, kMillisecond, io::GapKind::device}).cause, XrunCause::device_not_run);
}

TEST_F(XrunLogTest, WaitsForTheBlockThatIsMissing) {
    memory_.header().gaps.push({10 * kBlock, kBlock, kMillisecond, io::GapKind::missing});
    Xrun xrun;
    EXPECT_EQ(log_.read({&xrun, 1}), 0U);
}

} // namespace
} // namespace amp::engine

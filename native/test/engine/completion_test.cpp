// How a host learns that a node has finished its frames.
#include "engine/host_plans.h"
#include "support/plan_align.h"
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/plan_order.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

namespace amp::test {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

TEST(Completion, IsPolledAtOnce) {
    const Stream stream(tone_plan());
    const std::uint32_t out = stream.node("out");
    EXPECT_EQ(amp_wait_node_completion(stream.get(), out, 0, AMP_COMPLETION_POLL, 0), AMP_OK);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), out, 1, AMP_COMPLETION_POLL, kSecond), AMP_E_TIMEOUT);
    stream.take(65);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), out, 128, AMP_COMPLETION_POLL, 0), AMP_OK);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), out, 129, AMP_COMPLETION_POLL, 0), AMP_E_TIMEOUT);
}

TEST(Completion, WaitsNoLongerThanItsTimeOut) {
    const Stream stream(tone_plan());
    const auto begin = Clock::now();
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 0, 1, AMP_COMPLETION_WAIT, kSecond / 20), AMP_E_TIMEOUT);
    EXPECT_GE(seconds_since(begin), 0.049);
    EXPECT_LT(seconds_since(begin), 5);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 0, 1, AMP_COMPLETION_WAIT, 0), AMP_E_TIMEOUT);
}

TEST(Completion, RefusesWhatIsNotThere) {
    const Stream stream(tone_plan());
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 2, 0, AMP_COMPLETION_POLL, 0), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), UINT32_MAX, 0, AMP_COMPLETION_WAIT, 0), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 0, -1, AMP_COMPLETION_DRAIN, 0), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 0, 0, static_cast<amp_completion_mode>(9), 0), AMP_E_ARGUMENT);
}

double cpu_seconds_of_this_thread() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

TEST(Completion, TakesWhoWaitsLessThanAHundredthOfAProcessor) {
    const Stream stream(tone_plan());
    const auto begin = Clock::now();
    const double cpu = cpu_seconds_of_this_thread();
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 0, 1, AMP_COMPLETION_WAIT, kSecond), AMP_E_TIMEOUT);
    EXPECT_LT(cpu_seconds_of_this_thread() - cpu, 0.01 * seconds_since(begin));
}

// Many threads wait for nodes, block after block, while one takes; nobody waits longer than the block takes.
TEST(Completion, WakesAllWhoWaitWithTheirFrame) {
    constexpr int kBlocks = 1500, kBlock = 16;
    const Stream stream(tone_plan(), settings_for(kBlock, 2, 2, 0));
    std::atomic<int> reached{0}, failed{0};
    std::vector<std::thread> waiters;
    constexpr int kWaiters = 3;
    for (int w = 0; w < kWaiters; ++w) {
        waiters.emplace_back([&, w] {
            for (int n = 1; n <= kBlocks; ++n) {
                const auto begin = Clock::now();
                const amp_status status = amp_wait_node_completion(stream.get(), static_cast<std::uint32_t>(w % 2),
                                                                   n * kBlock, AMP_COMPLETION_WAIT, 20 * kSecond);
                failed += status != AMP_OK || seconds_since(begin) > 10 ? 1 : 0;
                ++reached;
            }
        });
    }
    for (int n = 1; n <= kBlocks; ++n) {
        stream.take(kBlock);
        // The next block is asked for only when all have seen this one: each wait is for the stream's last block.
        while (reached < kWaiters * n && failed == 0) {
            std::this_thread::yield();
        }
    }
    for (std::thread& waiter : waiters) {
        waiter.join();
    }
    EXPECT_EQ(failed, 0);
}

// A level that rings on for `tail` frames behind a gain.
PlanBuilder ringing(std::uint64_t tail) {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{0.01}}}}});
    builder.node("vca", "gain", {.tail = tail}).node("out", "output");
    builder.edge("level", "vca").edge("vca", "out");
    return builder;
}

// Takes block after block until it is told to stop; the last frames that were taken.
std::vector<float> take_until(const Stream& stream, const std::atomic<bool>& stop) {
    std::vector<float> last;
    while (!stop) {
        last = stream.take(64);
    }
    return last;
}

TEST(Drain, WaitsUntilTheTailHasRunOutAndLeavesSilence) {
    constexpr std::int64_t kTail = 5000, kDeclick = 96, kFrom = 640;
    const Stream stream(ringing(kTail).bytes());
    std::atomic<bool> stop{false};
    std::vector<float> last;
    std::thread taker([&] { last = take_until(stream, stop); });
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 1, kFrom, AMP_COMPLETION_DRAIN, 20 * kSecond), AMP_OK);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 1, kFrom + kDeclick + kTail, AMP_COMPLETION_POLL, 0), AMP_OK);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 2, kFrom + kDeclick + kTail, AMP_COMPLETION_WAIT, 20 * kSecond),
              AMP_OK);
    stop = true;
    taker.join();
    EXPECT_EQ(last, std::vector<float>(last.size(), 0.0F));
}

TEST(Drain, OfSpectraWaitsUntilTheirWheelsAreEmpty) {
    constexpr std::int64_t kSize = 1024, kHop = 256, kDeclick = 96, kFrom = 640;
    PlanBuilder builder;
    builder.node("tone", "sine").node("apart", "fft").node("together", "ifft").node("out", "output");
    builder.edge("tone", "apart").edge("apart", "together").edge("together", "out");
    plan::Description plan = builder.build();
    ASSERT_TRUE(put_in_order(plan) && align_latencies(plan));
    const Stream stream(encode(plan).bytes);
    std::atomic<bool> stop{false};
    std::vector<float> last;
    std::thread taker([&] { last = take_until(stream, stop); });
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 2, kFrom, AMP_COMPLETION_DRAIN, 20 * kSecond), AMP_OK);
    // Its own latency and tail, after those of what is before it.
    const std::int64_t drained = kFrom + kDeclick + kHop + kSize;
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 2, drained, AMP_COMPLETION_POLL, 0), AMP_OK);
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 3, drained + kSize + kHop + 64, AMP_COMPLETION_WAIT, 20 * kSecond),
              AMP_OK);
    stop = true;
    taker.join();
    EXPECT_EQ(last, std::vector<float>(last.size(), 0.0F));
}

TEST(Drain, OfWhatRingsForEverRunsIntoTheTimeOut) {
    const Stream stream(ringing(plan::kEndlessFrames).bytes());
    std::atomic<bool> stop{false};
    std::thread taker([&] { take_until(stream, stop); });
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 1, 0, AMP_COMPLETION_DRAIN, kSecond / 5), AMP_E_TIMEOUT);
    stop = true;
    taker.join();
}

TEST(Drain, ThatNobodyTakesFramesForRunsIntoTheTimeOut) {
    const Stream stream(ringing(0).bytes());
    EXPECT_EQ(amp_wait_node_completion(stream.get(), 1, 0, AMP_COMPLETION_DRAIN, kSecond / 20), AMP_E_TIMEOUT);
}

TEST(Drain, OfSeveralWaitersAnswersThemAll) {
    const Stream stream(ringing(1000).bytes());
    std::atomic<bool> stop{false};
    std::atomic<int> drained{0};
    std::thread taker([&] { take_until(stream, stop); });
    std::vector<std::thread> waiters;
    for (int w = 0; w < 3; ++w) {
        waiters.emplace_back([&] {
            drained +=
                amp_wait_node_completion(stream.get(), 1, 0, AMP_COMPLETION_DRAIN, 20 * kSecond) == AMP_OK ? 1 : 0;
        });
    }
    for (std::thread& waiter : waiters) {
        waiter.join();
    }
    stop = true;
    taker.join();
    EXPECT_EQ(drained, 3);
}

} // namespace
} // namespace amp::test

#include "base/wake_up.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace amp::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kMillisecond = 1'000'000;

// Longer than any sleep that ends by a wake.
constexpr std::int64_t kNeverWoken = 20'000 * kMillisecond;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

TEST(WakeUp, SleepsNoLongerThanItsTimeOut) {
    WakeUp wake_up;
    const auto begin = Clock::now();
    wake_up.sleep(wake_up.ticket(), 30 * kMillisecond);
    EXPECT_GE(seconds_since(begin), 0.029);
    EXPECT_LT(seconds_since(begin), 5);
}

TEST(WakeUp, DoesNotSleepOnATicketFromBeforeAWake) {
    WakeUp wake_up;
    const WakeUp::Ticket ticket = wake_up.ticket();
    wake_up.wake(1);
    const auto begin = Clock::now();
    wake_up.sleep(ticket, kNeverWoken);
    EXPECT_LT(seconds_since(begin), 5);
}

TEST(WakeUp, CountsItsSleepers) {
    WakeUp wake_up;
    std::thread sleeper([&] { wake_up.sleep(wake_up.ticket(), kNeverWoken); });
    const auto begin = Clock::now();
    while (wake_up.sleepers() == 0 && seconds_since(begin) < 10) {
        std::this_thread::yield();
    }
    EXPECT_EQ(wake_up.sleepers(), 1);
    wake_up.wake(1);
    sleeper.join();
    EXPECT_EQ(wake_up.sleepers(), 0);
}

// Two threads hand a ball to and fro; a wake that is lost costs a time-out.
TEST(WakeUp, LosesNoWakeBetweenTwoThreads) {
    constexpr int kRounds = 30000;
    std::atomic<int> ball{0};
    WakeUp wake_ups[2];
    std::atomic<bool> overslept{false};
    const auto play = [&](int side) {
        for (int round = side; round < kRounds && !overslept; round += 2) {
            while (ball.load() != round && !overslept) {
                const WakeUp::Ticket ticket = wake_ups[side].ticket();
                if (ball.load() != round) {
                    const auto begin = Clock::now();
                    wake_ups[side].sleep(ticket, kNeverWoken);
                    if (seconds_since(begin) > 10) {
                        overslept = true;
                    }
                }
            }
            ball.store(round + 1);
            wake_ups[1 - side].wake(1);
        }
    };
    std::thread other([&] { play(1); });
    play(0);
    other.join();
    EXPECT_FALSE(overslept);
    EXPECT_GE(ball.load(), kRounds - 1);
}

// One thread makes work for many, who sleep when there is none; all of it is done, and nobody oversleeps.
TEST(WakeUp, WakesEnoughOfManySleepers) {
    constexpr int kWork = 20000, kSleepers = 4;
    std::atomic<int> made{0}, done{0};
    std::atomic<bool> overslept{false};
    WakeUp wake_up;
    const auto take_one = [&] {
        int at = done.load();
        while (at < made.load()) {
            if (done.compare_exchange_weak(at, at + 1)) {
                return true;
            }
        }
        return false;
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < kSleepers; ++i) {
        threads.emplace_back([&] {
            while (done.load() < kWork && !overslept) {
                const WakeUp::Ticket ticket = wake_up.ticket();
                if (take_one() || done.load() == kWork) {
                    continue;
                }
                const auto begin = Clock::now();
                wake_up.sleep(ticket, kNeverWoken);
                if (seconds_since(begin) > 10) {
                    overslept = true;
                }
            }
            wake_up.wake(kSleepers);
        });
    }
    for (int i = 0; i < kWork; ++i) {
        ++made;
        wake_up.wake(1);
        while (i % 100 == 0 && done.load() < made.load() && !overslept) {
            std::this_thread::yield();
        }
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_FALSE(overslept);
    EXPECT_EQ(done.load(), kWork);
}

} // namespace
} // namespace amp::test

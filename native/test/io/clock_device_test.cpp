#include "base/monotonic_clock.h"
#include "io/clock_device.h"
#include "io/period_timer.h"
#include "ramp.h"
#include "waiting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <random>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace amp::test {
namespace {

using io::ClockDevice;

using io::OutputMemory;
using io::Playout;
using io::PlayoutState;

constexpr std::int64_t kMillisecond = 1'000'000;

void pause(std::int64_t milliseconds) { io::sleep_until(monotonic_nanoseconds() + milliseconds * kMillisecond); }

TEST(ClockDevice, AsksForFramesAtTheSampleRate) {
    for (const int block : {16, 64, 512}) {
        OutputMemory memory = make_memory({2, block, 65536, 48000});
        const RampMaker maker(memory);
        ClockDevice clock(memory);
        clock.start();
        const auto frame_now = [&memory] {
            const auto fit = memory.header().clock_fit.read();
            return fit ? fit->frame : 0;
        };
        ASSERT_TRUE(becomes_true([&] { return frame_now() > 0; }));
        const std::int64_t begin_ns = monotonic_nanoseconds(), begin = memory.header().clock.load();
        pause(1000);
        const std::int64_t end_ns = monotonic_nanoseconds(), end = memory.header().clock.load();
        const std::int64_t lost = memory.header().gaps.count();
        const double expected = static_cast<double>(end_ns - begin_ns) * 48e-6;
        // Within what may be late without being lost, unless the machine stood still for longer.
        EXPECT_TRUE(lost > 0 || std::abs(static_cast<double>(end - begin) - expected) < 9 * std::max(64, block))
            << "block " << block << ": " << end - begin << " frames of " << expected;
    }
}

TEST(ClockDevice, AsksForNothingAfterItWasStopped) {
    OutputMemory memory = make_memory({1, 64, 65536, 48000});
    const RampMaker maker(memory);
    ClockDevice clock(memory);
    clock.start();
    ASSERT_TRUE(becomes_true([&] { return memory.header().clock.load() > 0; }));
    clock.stop();
    const std::int64_t stopped_at = memory.header().clock.load();
    pause(50);
    EXPECT_EQ(memory.header().clock.load(), stopped_at);
}

TEST(ClockDevice, GoesOnWhenItIsStartedAgain) {
    OutputMemory memory = make_memory({1, 64, 65536, 48000});
    const RampMaker maker(memory);
    ClockDevice clock(memory);
    clock.start();
    ASSERT_TRUE(becomes_true([&] { return memory.header().clock.load() > 0; }));
    clock.stop();
    const std::int64_t stopped_at = memory.header().clock.load();
    clock.start();
    EXPECT_TRUE(becomes_true([&] { return memory.header().clock.load() > stopped_at; }));
}

TEST(ClockDevice, TakesTheOutputBackFromAProgramThatStopsCalling) {
    OutputMemory memory = make_memory({1, 64, 65536, 48000});
    const RampMaker maker(memory);
    ClockDevice clock(memory);
    clock.start();
    Playout program(memory, 3);
    std::vector<float> out(64);
    ASSERT_TRUE(becomes_true([&] {
        program.pull(out.data(), 64, monotonic_nanoseconds());
        return program.state() == PlayoutState::playing;
    }));
    const std::int64_t left_at = memory.header().clock.load();
    EXPECT_TRUE(becomes_true([&] { return memory.header().clock.load() > left_at; }));
    EXPECT_EQ(memory.header().owner.load(), io::kClockDevice);
    EXPECT_EQ(memory.header().device_losses.load(), 1);
}

TEST(ClockDevice, TakesTheOutputBackFromAProcessThatIsKilled) {
    OutputMemory memory = make_memory({1, 64, 65536, 48000});
    const pid_t child = fork();
    if (child == 0) {
        auto mapped = OutputMemory::open("/proc/self/fd/" + std::to_string(memory.descriptor()));
        if (!mapped.ok()) {
            _exit(1);
        }
        Playout program(mapped.value(), 5);
        std::vector<float> out(64);
        for (;;) {
            program.pull(out.data(), 64, monotonic_nanoseconds());
            pause(1);
        }
    }
    {
        const RampMaker maker(memory);
        ClockDevice clock(memory);
        clock.start();
        EXPECT_TRUE(becomes_true([&] { return memory.header().owner.load() == 5; }));
        // As if it had died in the middle of a pull.
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        memory.header().pulling.store(6);
        const std::int64_t left_at = memory.header().clock.load();
        EXPECT_TRUE(becomes_true([&] { return memory.header().clock.load() > left_at; }));
    }
    EXPECT_EQ(memory.header().owner.load(), io::kClockDevice);
}

TEST(ClockDevice, GoesOnAfterAProgramThatLeftTheOutputAndDiedAsItPulled) {
    OutputMemory memory = make_memory({1, 64, 65536, 48000});
    const RampMaker maker(memory);
    ClockDevice clock(memory);
    clock.start();
    ASSERT_TRUE(becomes_true([&] { return memory.header().clock.load() > 0; }));
    const std::uint64_t turn_of_the_dead = 6;
    ASSERT_TRUE(becomes_true([&] {
        std::uint64_t nobody = 0;
        return memory.header().pulling.compare_exchange_strong(nobody, turn_of_the_dead);
    }));
    const std::int64_t left_at = memory.header().clock.load();
    EXPECT_TRUE(becomes_true([&] { return memory.header().clock.load() > left_at; }));
}

// Nothing that a program writes there may reach beyond the memory, or outlast the program's loss.
TEST(ClockDevice, GoesOnAfterAProgramThatWroteNonsenseIntoAllThatIsTheDevices) {
    for (unsigned seed = 0; seed < 8; ++seed) {
        OutputMemory memory = make_memory({1, 64, 65536, 48000});
        io::OutputHeader& header = memory.header();
        ClockDevice clock(memory);
        {
            const RampMaker maker(memory);
            clock.start();
            ASSERT_TRUE(becomes_true([&] { return header.clock.load() > 0; }));
        }
        std::mt19937 random(seed);
        std::vector<unsigned char> nonsense(sizeof(header) - offsetof(io::OutputHeader, owner));
        std::ranges::generate(nonsense, random);
        ASSERT_EQ(pwrite(memory.descriptor(), nonsense.data(), nonsense.size(), offsetof(io::OutputHeader, owner)),
                  static_cast<ssize_t>(nonsense.size()));
        header.made.store(6400);
        const RampMaker maker(memory);
        const auto goes_on = [&] {
            const std::int64_t at = header.clock.load();
            return header.owner.load() == io::kClockDevice && at > header.made.load() - 65536 &&
                   at < header.made.load() + 65536 && becomes_true([&] { return header.clock.load() > at; });
        };
        EXPECT_TRUE(becomes_true(goes_on)) << "seed " << seed;
    }
}

TEST(ClockDevice, LeavesTheOutputToAProgramThatCalls) {
    OutputMemory memory = make_memory({1, 64, 65536, 48000});
    const RampMaker maker(memory);
    ClockDevice clock(memory);
    clock.start();
    Playout program(memory, 3);
    std::vector<float> out(64);
    const std::int64_t end = monotonic_nanoseconds() + 1000 * kMillisecond;
    std::int64_t longest_pause = 0;
    for (std::int64_t last = monotonic_nanoseconds(); last < end;) {
        program.pull(out.data(), 64, last);
        pause(1);
        longest_pause = std::max(longest_pause, monotonic_nanoseconds() - last);
        last = monotonic_nanoseconds();
    }
    EXPECT_TRUE(program.state() == PlayoutState::playing || longest_pause > 250 * kMillisecond);
}

} // namespace
} // namespace amp::test

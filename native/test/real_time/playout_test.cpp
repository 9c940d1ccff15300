// What plays neither allocates nor locks, whether frames are there or missing and whoever owns the output.

#include "guard.h"
#include "io/device_player.h"
#include "io/output_memory.h"
#include "io/playout.h"

#include <gtest/gtest.h>

#include <pthread.h>
#include <thread>
#include <vector>

namespace amp::test {
namespace {

io::OutputMemory make_memory() {
    auto memory = io::OutputMemory::create({2, 64, 1 << 16, 48000});
    EXPECT_TRUE(memory.ok());
    return std::move(memory.value());
}

// Plays for a while with frames that come and go; the device program takes over half-way and is put aside near the end.
void play(io::OutputMemory& memory, io::Playout& clock_device, io::DevicePlayer& program, std::vector<float>& out) {
    io::OutputHeader& header = memory.header();
    for (int i = 0; i < 4000; ++i) {
        const std::int64_t now_ns = std::int64_t{i} * 64 * 1'000'000 / 48;
        if (i % 37 < 30 || i % 1000 < 900) {
            header.made.store(header.pace.allowed.load() * 64);
        }
        clock_device.pull(out.data(), 64, now_ns);
        if (i > 2000) {
            program.report_device_underflow();
            program.pull(out.data(), 64, now_ns);
        }
        if (i == 3900) {
            header.owner.store(io::kClockDevice);
        }
    }
}

TEST(Playout, NeitherAllocatesNorLocks) {
    io::OutputMemory memory = make_memory();
    auto mapped = io::OutputMemory::open("/proc/self/fd/" + std::to_string(memory.descriptor()));
    ASSERT_TRUE(mapped.ok());
    io::Playout clock_device(memory, io::kClockDevice);
    io::DevicePlayer program(std::move(mapped.value()), 5, 1);
    std::vector<float> out(128);
    std::uint64_t allocations = 0, locks = 0;
    std::thread([&] {
        pthread_setname_np(pthread_self(), "amp-device");
        const Watch watch;
        play(memory, clock_device, program, out);
        allocations = watch.allocations();
        locks = watch.locks();
    }).join();
    EXPECT_EQ(program.state(), io::PlayoutState::deposed);
    EXPECT_GT(memory.header().missed_frames.load(), 0);
    EXPECT_EQ(allocations, 0U);
    EXPECT_EQ(locks, 0U);
}

} // namespace
} // namespace amp::test

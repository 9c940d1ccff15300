#include "io/clock_device.h"

#include "base/monotonic_clock.h"
#include "io/period_timer.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

namespace amp::io {

namespace {

constexpr int kRealTimePriority = 75; // above the workers: it only says that they may go on
constexpr std::int64_t kLookNanoseconds = 50'000'000;
constexpr int kLooksUntilLost = 6;
constexpr double kStuckSeconds = 0.3;
constexpr std::int64_t kMostBuffersLate = 8;
constexpr double kLeastPeriodSeconds = 0.001;

// Whole blocks that last a millisecond or more.
int period_frames(const OutputGeometry& geometry) {
    const double least_frames = kLeastPeriodSeconds * geometry.sample_rate;
    return geometry.block * static_cast<int>(std::ceil(least_frames / geometry.block));
}

// Ends a device program. Only a child of this process: its number can belong to nobody else, whatever the memory says.
void end_program(pid_t process) {
    siginfo_t info{};
    if (process > 0 && waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
        kill(process, SIGKILL);
    }
}

} // namespace

ClockDevice::ClockDevice(OutputMemory& memory) : memory_(memory), playout_(memory, kClockDevice) {}

ClockDevice::~ClockDevice() { stop(); }

void ClockDevice::start() {
    if (!thread_.joinable()) {
        stopping_.store(false, std::memory_order_relaxed);
        thread_ = std::thread([this] { run(); });
    }
}

void ClockDevice::stop() {
    stopping_.store(true, std::memory_order_relaxed);
    if (thread_.joinable()) {
        thread_.join();
    }
}

void ClockDevice::run() {
    pthread_setname_np(pthread_self(), "amp-clock");
    const sched_param priority{kRealTimePriority};
    is_real_time_.store(pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority) == 0, std::memory_order_relaxed);
    while (!stopping_.load(std::memory_order_relaxed)) {
        if (memory_.header().owner.load(std::memory_order_seq_cst) == kClockDevice) {
            keep_pace();
        } else {
            watch_owner();
        }
    }
}

// While the output is its own.
void ClockDevice::keep_pace() {
    const int frames = period_frames(memory_.geometry());
    PeriodTimer timer(memory_.geometry().sample_rate, frames, kMostBuffersLate * frames);
    timer.begin();
    const double stuck_frames = kStuckSeconds * memory_.geometry().sample_rate;
    const int most_refused = std::max(kLooksUntilLost, static_cast<int>(stuck_frames / frames));
    int refused = 0;
    while (!stopping_.load(std::memory_order_relaxed) &&
           memory_.header().owner.load(std::memory_order_seq_cst) == kClockDevice) {
        const PeriodTimer::Call call = timer.wait();
        playout_.report_lost_time(call.lost_frames);
        refused = playout_.pull(nullptr, frames, call.due_ns) ? 0 : refused + 1;
        if (refused >= most_refused) {
            // A program that left the output has died while it still pulled.
            memory_.header().pulling.store(0, std::memory_order_seq_cst);
        }
    }
}

// While the output is a device program's. Looks are counted, not time alone: after a pause of the whole machine the
// device gets its chance to go on.
void ClockDevice::watch_owner() {
    const OutputHeader& header = memory_.header();
    const std::uint32_t owner = header.owner.load(std::memory_order_seq_cst);
    std::int64_t callbacks = header.callbacks.load(std::memory_order_relaxed);
    int looks = 0;
    while (!stopping_.load(std::memory_order_relaxed) && owner != kClockDevice &&
           header.owner.load(std::memory_order_seq_cst) == owner) {
        sleep_until(monotonic_nanoseconds() + kLookNanoseconds);
        const std::int64_t now = header.callbacks.load(std::memory_order_relaxed);
        looks = now == callbacks ? looks + 1 : 0;
        callbacks = now;
        if (looks == kLooksUntilLost) {
            take_back(owner);
        }
    }
}

void ClockDevice::take_back(std::uint32_t owner) {
    OutputHeader& header = memory_.header();
    std::uint32_t expected = owner;
    if (header.owner.compare_exchange_strong(expected, kClockDevice, std::memory_order_seq_cst)) {
        // It may have died while it pulled.
        std::uint64_t turn = std::uint64_t{owner} + 1;
        header.pulling.compare_exchange_strong(turn, 0, std::memory_order_seq_cst);
        header.device_losses.fetch_add(1, std::memory_order_relaxed);
        // When a card is gone, PortAudio's thread may spin in the real-time class and keep the workers from running.
        end_program(header.owner_process.load(std::memory_order_relaxed));
    }
}

} // namespace amp::io

// What the workers must not do while they make sound, over ten thousand blocks of plans with everything in them.
#include "plan/regions.h"
#include "real_time/guard.h"
#include "support/hand_over.h"
#include "support/live_stream.h"
#include "support/plan_bytes.h"
#include "support/random_plan.h"
#include "support/random_schedule.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <semaphore.h>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

namespace amp::test {
namespace {

struct Counts {
    std::uint64_t allocations, locks;
};

// What the guard counts of `act` on a thread of that name.
Counts counted(const char* name, const std::function<void()>& act) {
    Counts counts{};
    std::thread thread([&] {
        pthread_setname_np(pthread_self(), name);
        const Watch watch;
        act();
        counts = {watch.allocations(), watch.locks()};
    });
    thread.join();
    return counts;
}

struct Deed {
    const char* name;
    void (*act)();
    bool allocates;
};

void PrintTo(const Deed& deed, std::ostream* out) { *out << deed.name; }

template <class Pointer>
void keep(Pointer* pointer) {
    Pointer* volatile kept = pointer; // the compiler would leave the allocation out
    std::free(kept);
}

class GuardedDeed : public testing::TestWithParam<Deed> {};

TEST_P(GuardedDeed, IsCountedOnAWorkerAndOnNoOtherThread) {
    const Counts worker = counted("amp-worker-7", GetParam().act);
    EXPECT_GT(GetParam().allocates ? worker.allocations : worker.locks, 0U);
    const Counts other = counted("host", GetParam().act);
    EXPECT_EQ(other.allocations + other.locks, 0U);
}

void hold_conditionally(bool timed) {
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock lock(mutex);
    if (timed) {
        condition.wait_for(lock, std::chrono::microseconds(1));
    } else {
        condition.wait(lock, [] { return true; });
    }
}

INSTANTIATE_TEST_SUITE_P(
    Every, GuardedDeed,
    testing::Values(Deed{"malloc", [] { keep(std::malloc(10)); }, true},
                    Deed{"calloc", [] { keep(std::calloc(3, 10)); }, true},
                    Deed{"realloc", [] { keep(std::realloc(nullptr, 10)); }, true},
                    Deed{"aligned_alloc", [] { keep(std::aligned_alloc(64, 64)); }, true},
                    Deed{"posix_memalign",
                         [] {
                             void* memory = nullptr;
                             EXPECT_EQ(posix_memalign(&memory, 64, 64), 0);
                             keep(memory);
                         },
                         true},
                    Deed{"new", [] { ::operator delete(::operator new(10)); }, true},
                    Deed{"aligned_new",
                         [] { ::operator delete(::operator new(64, std::align_val_t(64)), std::align_val_t(64)); },
                         true},
                    Deed{"long_string", [] { std::string(100, 'x').push_back('y'); }, true},
                    Deed{"mutex",
                         [] {
                             std::mutex mutex;
                             const std::lock_guard held(mutex);
                         },
                         false},
                    Deed{"try_lock",
                         [] {
                             std::mutex mutex;
                             const std::unique_lock held(mutex, std::try_to_lock);
                         },
                         false},
                    Deed{"shared_mutex",
                         [] {
                             std::shared_mutex mutex;
                             const std::shared_lock held(mutex);
                         },
                         false},
                    Deed{"condition_with_time", [] { hold_conditionally(true); }, false},
                    Deed{"semaphore",
                         [] {
                             sem_t semaphore;
                             sem_init(&semaphore, 0, 1);
                             sem_wait(&semaphore);
                         },
                         false},
                    Deed{"sleep", [] { std::this_thread::sleep_for(std::chrono::microseconds(1)); }, false}),
    [](const auto& info) { return std::string(info.param.name); });

class Workers : public testing::TestWithParam<std::tuple<int, std::uint32_t>> {};

TEST_P(Workers, NeitherAllocateNorLockInTenThousandBlocks) {
    constexpr int kBlocks = 10000, kBlock = 16, kBurst = 250;
    const auto [workers, seed] = GetParam();
    RandomPlan random(seed);
    const Stream stream(random.bytes(), settings_for(kBlock, workers, workers + 1, 256));
    // Whatever a thread does once, as it starts, is over after the first frames.
    std::vector<float> samples(static_cast<std::size_t>(kBlock * stream.channels()));
    stream.take(1000);
    std::int64_t frame = 1008;
    const Watch watch;
    for (int block = 0; block < kBlocks; ++block, frame += kBlock) {
        if (block % kBurst == 0) {
            // More notes than voices, pedals, bends, parameters of all nodes.
            for (amp_event event : random.events(150, kBurst * kBlock)) {
                event.frame += frame + kBlock;
                stream.post(event);
            }
        }
        ASSERT_EQ(amp_streamer_take(stream.get(), samples.data(), kBlock, 60'000'000'000, nullptr), AMP_OK);
    }
    EXPECT_EQ(watch.allocations(), 0U);
    EXPECT_EQ(watch.locks(), 0U);
    EXPECT_EQ(amp_streamer_event_counts(stream.get()).late, 0U);
}

constexpr int kQuietBlock = 64;

// Three thousand blocks of that length under events of all kinds.
void expect_quiet(const Stream& stream, RandomPlan& random) {
    constexpr int kBlocks = 3000, kBlock = kQuietBlock, kBurst = 100;
    std::vector<float> samples(static_cast<std::size_t>(kBlock * stream.channels()));
    stream.take(1024);
    std::int64_t frame = 1024;
    const Watch watch;
    for (int block = 0; block < kBlocks; ++block, frame += kBlock) {
        if (block % kBurst == 0) {
            for (amp_event event : random.events(150, kBurst * kBlock)) {
                event.frame += frame + 256;
                stream.post(event);
            }
        }
        ASSERT_EQ(amp_streamer_take(stream.get(), samples.data(), kBlock, 60'000'000'000, nullptr), AMP_OK);
    }
    EXPECT_EQ(watch.allocations(), 0U);
    EXPECT_EQ(watch.locks(), 0U);
}

// Parts that stand and go on, at events and signals, with everything in them that notes and parameters move.
TEST_P(Workers, NeitherAllocateNorLockWherePartsStand) {
    const auto [workers, seed] = GetParam();
    std::uint64_t standing = seed;
    while (plan::find_regions(RandomPlan(standing, {.gates = true}).description()).empty()) {
        ++standing;
    }
    RandomPlan random(standing, {.gates = true});
    const Stream stream(random.bytes(), settings_for(kQuietBlock, workers, workers + 1, 256));
    expect_quiet(stream, random);
}

// The first plan from a seed on in which something is spectral, something slews, and everything has heat.
RandomPlan plan_with_all(std::uint64_t seed) {
    for (;; ++seed) {
        RandomPlan random(seed, {.voices = true, .network = true, .heat = true, .gates = true});
        const auto has = [&](std::string_view type) {
            return std::ranges::any_of(random.description().nodes,
                                       [&](const plan::Node& node) { return node.type == type; });
        };
        if (has("fft") && has("spectral_gain") && has("ifft") && has("slew")) {
            return random;
        }
    }
}

// Equals that run as one, and leave each other when something acts in one of them.
TEST_P(Workers, NeitherAllocateNorLockUnderASchedule) {
    const auto [workers, seed] = GetParam();
    RandomPlan random = plan_with_all(100 * seed);
    plan::Description plan = random.description();
    draw_schedule(plan, seed);
    const Stream stream(encode(plan).bytes, settings_for(kQuietBlock, workers, workers + 1, 256));
    expect_quiet(stream, random);
}

// The same while a device paces, with one block in flight or more: there the workers also write down how long they
// take.
TEST_P(Workers, NeitherAllocateNorLockInALiveStream) {
    constexpr int kBlock = 16, kBurst = 250, kBursts = 10;
    const auto [workers, seed] = GetParam();
    RandomPlan random = plan_with_all(100 * seed);
    const LiveStream stream(random.bytes(), kBlock, workers, {}, 2 * workers - 1);
    stream.wait_for(1000);
    const Watch watch;
    for (int burst = 0; burst < kBursts; ++burst) {
        const std::int64_t frame = stream.status().made;
        for (amp_event event : random.events(150, kBurst * kBlock)) {
            event.frame += frame + kBlock;
            stream.post(event);
        }
        stream.wait_for(frame + kBurst * kBlock);
    }
    EXPECT_EQ(watch.allocations(), 0U);
    EXPECT_EQ(watch.locks(), 0U);
}

// Plans follow each other: what they need is prepared, and freed, by the thread that asks for it.
TEST_P(Workers, NeitherAllocateNorLockWhenPlansFollowEachOther) {
    constexpr int kBlock = 64;
    const auto [workers, seed] = GetParam();
    RandomPlan random(seed), other(seed + 1);
    const Stream stream(random.bytes(), settings_for(kBlock, workers, workers + 1, 256));
    stream.post(random.events(200, 40000));
    stream.take(1000);
    const Watch watch;
    for (int i = 0; i < 12; ++i) {
        auto settings = amp_hand_over_settings_for(static_cast<amp_hand_over_kind>(i % 3));
        settings.ring_seconds = 0.05;
        hand_over(stream, {i % 4 < 2 ? random.bytes() : other.bytes(), 1001 + i * 3000, settings});
        stream.take(3000);
        amp_streamer_retire(stream.get());
    }
    EXPECT_EQ(amp_streamer_present_plan(stream.get()), 13U);
    EXPECT_EQ(watch.allocations(), 0U);
    EXPECT_EQ(watch.locks(), 0U);
}

INSTANTIATE_TEST_SUITE_P(AndPlans, Workers, testing::Combine(testing::Values(1, 2), testing::Values(3U, 4U, 12U)));

} // namespace
} // namespace amp::test

// The realtime sanitizer sees what a worker must not do, wherever it does it: without these a build that checks nothing
// would pass all tests.
#include "base/pace.h"
#include "run/scheduler.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>

namespace amp::test {
namespace {

enum class Place { none, seal, run, complete };

struct Deed {
    const char* name;
    void (*act)();
};

void PrintTo(const Deed& deed, std::ostream* out) { *out << deed.name; }

class Misbehaving final : public run::Work {
public:
    Misbehaving(Place place, const Deed& deed) : place_(place), deed_(deed) {}

    void seal(const run::Program&, std::int64_t) override { act_at(Place::seal); }
    void run(const run::Program&, run::UnitIndex, std::int64_t, int) override { act_at(Place::run); }
    void complete(std::int64_t) override { act_at(Place::complete); }

private:
    void act_at(Place place) {
        if (place == place_) {
            deed_.act();
        }
    }
    const Place place_;
    const Deed deed_;
};

// Lets a worker run a few blocks of it.
void work(Place place, const Deed& deed) {
    Misbehaving work(place, deed);
    Pace pace;
    const run::SchedulerSettings settings{.workers = 2};
    run::Program program(1, {}, settings);
    run::Scheduler scheduler(work, pace, program, settings);
    for (std::int64_t block = 1; block <= 3; ++block) {
        pace.allow(block);
        while (scheduler.completed() < block) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
}

void allocate() {
    void* volatile memory = std::malloc(10); // the compiler would leave the allocation out
    std::free(memory);
}

void lock() {
    std::mutex mutex;
    const std::lock_guard held(mutex);
}

void call_the_system() { close(dup(STDERR_FILENO)); }

constexpr Deed kDeeds[] = {{"malloc", allocate}, {"pthread_mutex_lock", lock}, {"dup", call_the_system}};

class DeedOfAWorker : public testing::TestWithParam<Deed> {};

TEST_P(DeedOfAWorker, EndsTheProgramWhereverItHappens) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const std::string report = std::string("RealtimeSanitizer: unsafe-library-call.*") + GetParam().name;
    EXPECT_DEATH(work(Place::seal, GetParam()), report);
    EXPECT_DEATH(work(Place::run, GetParam()), report);
    EXPECT_DEATH(work(Place::complete, GetParam()), report);
}

INSTANTIATE_TEST_SUITE_P(Every, DeedOfAWorker, testing::ValuesIn(kDeeds),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Worker, MaySleepAndWakeAnother) { work(Place::none, kDeeds[0]); }

} // namespace
} // namespace amp::test

// Runs a plan for many blocks under the guard and tells what its sound threads did that they must not.
//
// real_time_check PLAN BLOCKS BLOCK WORKERS         exit code 0: nothing; 1: something, said on standard output
// real_time_check --live PLAN BLOCKS BLOCK WORKERS  the same, paced by the clock device
// real_time_check --self-check                  exit code 0: the guard notices an allocation and a lock
//
// "amp: begin" and "amp: end" on standard error frame the run for whoever traces system calls.
#include "amp.h"
#include "guard.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <pthread.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

int self_check() {
    const amp::test::Watch watch;
    std::thread worker([] {
        pthread_setname_np(pthread_self(), "amp-worker-x");
        std::mutex mutex;
        const std::lock_guard held(mutex);
        void* volatile memory = std::malloc(100);
        std::free(memory);
    });
    worker.join();
    std::printf("allocations %llu, locks %llu\n", static_cast<unsigned long long>(watch.allocations()),
                static_cast<unsigned long long>(watch.locks()));
    return watch.allocations() >= 2 && watch.locks() >= 1 ? 0 : 1;
}

void mark(const char* text) {
    if (write(STDERR_FILENO, text, std::strlen(text)) < 0) {
        std::perror("mark");
    }
}

void post(amp_streamer* streamer, std::int64_t frame, int kind, int note, float value) {
    amp_event event{};
    event.frame = frame;
    event.kind = kind;
    event.channel = 1;
    event.note = note;
    event.value = value;
    amp_streamer_post(streamer, &event, nullptr);
}

// Chords that outnumber the voices, bends, the pedal, and every parameter of every node.
void disturb(amp_streamer* streamer, std::int64_t frame, int block, int step) {
    const int note = 36 + step * 7 % 60;
    post(streamer, frame + step % block, AMP_EVENT_NOTE_ON, note, 0.7F);
    post(streamer, frame + 40 * block, AMP_EVENT_NOTE_OFF, note, 0);
    post(streamer, frame + step % 3, AMP_EVENT_PITCH_BEND, 0, static_cast<float>(step % 5) - 2);
    post(streamer, frame + 5, AMP_EVENT_SUSTAIN, 0, step % 16 < 4 ? 1.0F : 0.0F);
    amp_event parameter{};
    parameter.frame = frame + block / 2;
    parameter.kind = AMP_EVENT_SET_PARAMETER;
    parameter.node = static_cast<std::uint32_t>(step % 8);
    parameter.value = 0.3F;
    amp_streamer_post(streamer, &parameter, nullptr);
}

// Sleeps until so many threads have named themselves as workers: the last thing that they do before they work.
void wait_for_workers(int workers) {
    for (int named = 0; named < workers;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        named = 0;
        for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
            std::string name;
            std::getline(std::ifstream(task.path() / "comm"), name);
            named += name.starts_with("amp-worker") ? 1 : 0;
        }
    }
}

// Lets the stream go on by a block. Paced by a device, it goes on by itself.
void advance(amp_streamer* streamer, std::vector<float>& samples, std::int64_t until, bool live) {
    if (!live) {
        const auto frames = static_cast<std::int32_t>(samples.size()) / amp_streamer_channels(streamer);
        amp_streamer_take(streamer, samples.data(), frames, -1, nullptr);
    }
    while (live && amp_streamer_live_status(streamer, INT64_MAX).made < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

int run(const char* path, int blocks, int block, int workers, bool live) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    amp_error error{};
    amp_plan* plan = nullptr;
    amp_streamer* streamer = nullptr;
    const amp_streamer_settings settings =
        live ? amp_streamer_settings_live(block, workers) : amp_streamer_settings_offline(block, workers);
    if (amp_plan_read(bytes.data(), bytes.size(), &plan, &error) != AMP_OK ||
        amp_streamer_create(plan, &settings, &streamer, &error) != AMP_OK) {
        std::fprintf(stderr, "%s: %s\n", path, error.message);
        return 2;
    }
    amp_plan_free(plan);
    std::vector<float> samples(static_cast<std::size_t>(block * amp_streamer_channels(streamer)));
    // Whatever a thread does once is over when all have their names and one block is made.
    wait_for_workers(workers);
    if (live && amp_streamer_start_clock(streamer) != AMP_OK) {
        std::fprintf(stderr, "no clock\n");
        return 2;
    }
    advance(streamer, samples, block, live);
    std::uint64_t allocations = 0, locks = 0;
    {
        const amp::test::Watch watch;
        mark("amp: begin\n");
        for (int i = 1; i <= blocks; ++i) {
            if (i % 4 == 0) {
                disturb(streamer, std::int64_t{i} * block + 8192, block, i / 4);
            }
            advance(streamer, samples, std::int64_t{i + 1} * block, live);
        }
        mark("amp: end\n");
        allocations = watch.allocations();
        locks = watch.locks();
    }
    amp_streamer_free(streamer);
    std::printf("allocations %llu, locks %llu\n", static_cast<unsigned long long>(allocations),
                static_cast<unsigned long long>(locks));
    return allocations == 0 && locks == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** arguments) {
    if (count == 2 && std::strcmp(arguments[1], "--self-check") == 0) {
        return self_check();
    }
    const bool live = count == 6 && std::strcmp(arguments[1], "--live") == 0;
    if (count != 5 && !live) {
        std::fprintf(stderr, "real_time_check [--live] PLAN BLOCKS BLOCK WORKERS | --self-check\n");
        return 2;
    }
    const char* const* const given = arguments + (live ? 2 : 1);
    return run(given[0], std::atoi(given[1]), std::atoi(given[2]), std::atoi(given[3]), live);
}

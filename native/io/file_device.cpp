#include "io/file_device.h"

#include "base/monotonic_clock.h"
#include "io/period_timer.h"

#include <pthread.h>
#include <utility>
#include <vector>

namespace amp::io {

namespace {

constexpr double kUsualSampleRate = 48000;
constexpr int kUsualFrames = 256;
constexpr std::int64_t kMostBuffersLate = 8;
constexpr std::int64_t kHeaderEveryNanoseconds = 1'000'000'000;

} // namespace

Result<std::unique_ptr<FileDevice>> FileDevice::open(const std::string& path, const DeviceRequest& request) {
    GrantedDevice granted;
    granted.device = path;
    granted.sample_rate = request.sample_rate > 0 ? request.sample_rate : kUsualSampleRate;
    granted.channels = request.channels;
    granted.frames = request.frames > 0 ? request.frames : kUsualFrames;
    auto file = FloatWavFile::create(path, granted.channels, granted.sample_rate);
    if (!file.ok()) {
        return file.error();
    }
    return std::unique_ptr<FileDevice>(new FileDevice(std::move(file.value()), std::move(granted)));
}

FileDevice::FileDevice(FloatWavFile file, GrantedDevice granted)
    : file_(std::move(file)), granted_(std::move(granted)) {}

FileDevice::~FileDevice() { finish(); }

void FileDevice::play(DevicePlayer& player) {
    thread_ = std::thread([this, &player] { run(player); });
}

void FileDevice::finish() {
    stopping_.store(true, std::memory_order_relaxed);
    if (thread_.joinable()) {
        thread_.join();
    }
    file_.update_header();
}

std::optional<std::string> FileDevice::find_loss() {
    if (has_failed_.load(std::memory_order_relaxed)) {
        return granted_.device + " cannot be written any further";
    }
    return std::nullopt;
}

void FileDevice::run(DevicePlayer& player) {
    pthread_setname_np(pthread_self(), "amp-file");
    std::vector<float> samples(static_cast<std::size_t>(granted_.frames) * static_cast<std::size_t>(granted_.channels));
    PeriodTimer timer(granted_.sample_rate, granted_.frames, kMostBuffersLate * granted_.frames);
    timer.begin();
    std::int64_t next_header_ns = 0;
    while (!stopping_.load(std::memory_order_relaxed)) {
        const PeriodTimer::Call call = timer.wait();
        player.report_lost_time(call.lost_frames);
        player.pull(samples.data(), granted_.frames, call.due_ns);
        if (player.state() == PlayoutState::waiting) {
            continue; // the file begins with what is played
        }
        bool is_written = file_.append(samples);
        if (is_written && call.due_ns >= next_header_ns) {
            is_written = file_.update_header();
            next_header_ns = call.due_ns + kHeaderEveryNanoseconds;
        }
        if (!is_written) {
            has_failed_.store(true, std::memory_order_relaxed);
            return;
        }
    }
    player.release();
}

} // namespace amp::io

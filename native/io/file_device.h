// A file that takes what is played as a sound card would, with its gaps.
#pragma once

#include "base/result.h"
#include "io/float_wav_file.h"
#include "io/output_device.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace amp::io {

class FileDevice final : public OutputDevice {
public:
    // Errors: bad_argument for a file that cannot be written. [main]
    static Result<std::unique_ptr<FileDevice>> open(const std::string& path, const DeviceRequest& request);
    ~FileDevice() override;

    const GrantedDevice& granted() const override { return granted_; }
    void play(DevicePlayer& player) override;
    int frames() const override { return granted_.frames; }
    std::optional<std::string> find_loss() override;
    void finish() override;

private:
    FileDevice(FloatWavFile file, GrantedDevice granted);
    void run(DevicePlayer& player);

    FloatWavFile file_;
    const GrantedDevice granted_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> has_failed_{false};
    std::thread thread_;
};

} // namespace amp::io

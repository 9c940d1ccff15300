#include "io/float_wav_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace amp::io {

namespace {

static_assert(std::endian::native == std::endian::little, "WAV files are little-endian");

constexpr std::uint16_t kFloatFormat = 3;
constexpr std::uint32_t kFormatBytes = 18; // with an empty extension, which formats other than PCM have
constexpr std::uint64_t kHeaderBytes = 12 + 8 + kFormatBytes + 8 + 4 + 8;
constexpr std::uint64_t kMostBytes = 0xFFFFFFFF;

bool write_all(int descriptor, const void* data, std::size_t bytes, std::uint64_t at) {
    const char* from = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t written = pwrite(descriptor, from, bytes, static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        from += written;
        at += static_cast<std::uint64_t>(written);
        bytes -= static_cast<std::size_t>(written);
    }
    return true;
}

// IBM and Microsoft, "Multimedia Programming Interface and Data Specifications 1.0".
class Header {
public:
    Header(int channels, double sample_rate, std::uint64_t frames) {
        const std::uint64_t frame_bytes = static_cast<std::uint64_t>(channels) * sizeof(float);
        const auto rate = static_cast<std::uint32_t>(std::llround(sample_rate));
        const std::uint64_t data = std::min(frames * frame_bytes, kMostBytes - kHeaderBytes);
        text("RIFF");
        put(static_cast<std::uint32_t>(kHeaderBytes - 8 + data));
        text("WAVEfmt ");
        put(kFormatBytes);
        put(kFloatFormat);
        put(static_cast<std::uint16_t>(channels));
        put(rate);
        put(static_cast<std::uint32_t>(rate * frame_bytes));
        put(static_cast<std::uint16_t>(frame_bytes));
        put(static_cast<std::uint16_t>(8 * sizeof(float)));
        put(std::uint16_t{0});
        text("fact");
        put(std::uint32_t{4});
        put(static_cast<std::uint32_t>(data / frame_bytes));
        text("data");
        put(static_cast<std::uint32_t>(data));
    }

    const std::array<char, kHeaderBytes>& bytes() const { return bytes_; }

private:
    void text(const char* letters) {
        const std::size_t length = std::strlen(letters);
        std::memcpy(bytes_.data() + at_, letters, length);
        at_ += length;
    }
    template <class Number>
    void put(Number value) {
        std::memcpy(bytes_.data() + at_, &value, sizeof(value));
        at_ += sizeof(value);
    }

    std::array<char, kHeaderBytes> bytes_{};
    std::size_t at_ = 0;
};

} // namespace

Result<FloatWavFile> FloatWavFile::create(const std::string& path, int channels, double sample_rate) {
    const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return Error{ErrorKind::bad_argument, path + " cannot be written: " + std::strerror(errno) + "."};
    }
    FloatWavFile file(descriptor, channels, sample_rate);
    if (!file.update_header()) {
        return Error{ErrorKind::bad_argument, path + " cannot be written: " + std::strerror(errno) + "."};
    }
    return file;
}

FloatWavFile::FloatWavFile(int descriptor, int channels, double sample_rate)
    : descriptor_(descriptor), channels_(channels), sample_rate_(sample_rate) {}

FloatWavFile::FloatWavFile(FloatWavFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      channels_(other.channels_),
      sample_rate_(other.sample_rate_),
      frames_(other.frames_) {}

FloatWavFile::~FloatWavFile() {
    if (descriptor_ >= 0) {
        update_header();
        close(descriptor_);
    }
}

bool FloatWavFile::append(std::span<const float> samples) {
    const std::uint64_t at = kHeaderBytes + frames_ * static_cast<std::uint64_t>(channels_) * sizeof(float);
    if (!write_all(descriptor_, samples.data(), samples.size_bytes(), at)) {
        return false;
    }
    frames_ += samples.size() / static_cast<std::size_t>(channels_);
    return true;
}

bool FloatWavFile::update_header() {
    const Header header(channels_, sample_rate_, frames_);
    return write_all(descriptor_, header.bytes().data(), header.bytes().size(), 0);
}

} // namespace amp::io

// A WAV file of 32-bit floats that grows and can be read at any time.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <string>

namespace amp::io {

class FloatWavFile {
public:
    // Replaces what is at `path`. Errors: bad_argument, with the system's reason. [any]
    static Result<FloatWavFile> create(const std::string& path, int channels, double sample_rate);

    FloatWavFile(FloatWavFile&& other) noexcept;
    FloatWavFile& operator=(FloatWavFile&&) = delete;
    // The header is right then. [any]
    ~FloatWavFile();

    // Adds whole frames, channels side by side. False when the system does not take them; the file ends before them.
    // [any]
    bool append(std::span<const float> samples);

    // Lets the header tell all frames so far; a length beyond 32 bits is told as the largest. [any]
    bool update_header();

private:
    FloatWavFile(int descriptor, int channels, double sample_rate);

    int descriptor_;
    int channels_;
    double sample_rate_;
    std::uint64_t frames_ = 0;
};

} // namespace amp::io

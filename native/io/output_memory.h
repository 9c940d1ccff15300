// The memory through which the engine hands its frames to whoever plays them, in this process or in another.
#pragma once

#include "base/real_time.h"
#include "base/result.h"
#include "io/output_header.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace amp::io {

// A mapping of a header and a ring of frames, channels side by side in each frame. Frame n lies at n modulo capacity.
class OutputMemory {
public:
    // New memory without a name in any folder. Errors: bad_argument for a geometry out of range, no_memory. [compiler]
    static Result<OutputMemory> create(const OutputGeometry& geometry);

    // Maps the memory of another process, whose descriptor is found at `path` (/proc/PID/fd/N); its frames, but for
    // those that share a page with the header, can only be read. Errors: bad_argument
    // for a path that cannot be opened or is no output memory, unsupported for another version, no_memory. [compiler]
    static Result<OutputMemory> open(const std::string& path);

    OutputMemory(OutputMemory&& other) noexcept;
    OutputMemory& operator=(OutputMemory&& other) noexcept;
    ~OutputMemory();

    // Open for as long as this object lives. [any]
    int descriptor() const { return descriptor_; }

    // As it was when the memory was made or opened, whatever has been written there since. [any]
    const OutputGeometry& geometry() const { return geometry_; }

    // [any]
    OutputHeader& header() const { return *header_; }

    // Where frame `frame` lies. Up to the end of its block, and of the ring, the frames follow one another. [any]
    float* frame(std::int64_t frame) const AMP_REAL_TIME {
        return samples_ + frame % geometry_.capacity_frames * geometry_.channels;
    }

    // Frames that follow one another in memory from `frame` on. [any]
    std::int64_t straight_frames(std::int64_t frame) const AMP_REAL_TIME {
        return geometry_.capacity_frames - frame % geometry_.capacity_frames;
    }

private:
    OutputMemory(int descriptor, void* address, std::size_t bytes);
    void release();

    int descriptor_ = -1;
    std::size_t bytes_ = 0;
    OutputHeader* header_ = nullptr;
    float* samples_ = nullptr;
    OutputGeometry geometry_;
};

} // namespace amp::io

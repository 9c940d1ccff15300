// Why sound was not played as it was made: the gaps of the output memory, joined with the times of the blocks.
#pragma once

#include "engine/block_times.h"
#include "io/output_header.h"

#include <cstdint>
#include <optional>
#include <span>

namespace amp::engine {

enum class XrunCause : std::uint8_t {
    node_late,      // the computation took longer than there was time
    thread_not_run, // it would have been in time, but the system did not run a worker
    device_not_run, // the frames were ready, and the device did not come for them
    anchor,         // the clock went back to what is made
    growth,         // it would have been in time, but a wheel had to become longer first
};

struct Xrun {
    static constexpr std::uint32_t kNoNode = ~std::uint32_t{0};

    std::int64_t frame = 0; // the first output frame that was missing
    std::int64_t frames = 0;
    XrunCause cause = XrunCause::anchor;
    std::uint32_t node = kNoNode; // that took longest in the late block
    double cpu_seconds = 0;       // that the busiest workers had, from the begin of the budget
    double wall_seconds = 0;      // until the block was made
    double budget_seconds = 0;    // until it was asked for
};

class XrunLog {
public:
    // Both must live as long as this. [compiler]
    XrunLog(const io::OutputHeader& header, const BlockTimes& times)
        : header_(header), geometry_(header.geometry), times_(times) {}

    // Copies the xruns since the last call and returns how many; those whose block is not complete yet come later. One
    // reader. [main]
    std::size_t read(std::span<Xrun> out);

private:
    std::optional<Xrun> explain(const io::Gap& gap) const;

    const io::OutputHeader& header_;
    const io::OutputGeometry geometry_; // as it was at first
    const BlockTimes& times_;
    std::int64_t next_gap_ = 0;
    std::optional<io::Gap> waiting_; // for its block
};

} // namespace amp::engine

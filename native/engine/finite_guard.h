// No value that is not finite leaves a node: a lane that gives one gives 0 from there to the next tick, where its state
// begins anew; the node's other lanes go on.
#pragma once

#include "base/lanes.h"
#include "base/real_time.h"
#include "engine/sample.h"
#include "node/node.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

struct GraphNode;

// True if none of the values is infinite or not a number: each less itself is +0 then. [worker]
inline bool all_finite(const Sample* values, std::ptrdiff_t count) AMP_REAL_TIME {
    constexpr int kWide = 2 * kRegisterBytes / int(sizeof(Sample));
    using Bits = Lanes<Word<Sample>, kWide>;
    std::ptrdiff_t i = 0;
    Word<Sample> found = 0;
    if (count >= kWide) {
        Bits gathered(0);
        for (; i + kWide <= count; i += kWide) {
            const auto value = Lanes<Sample, kWide>::load(values + i);
            gathered = gathered | (value - value).bits();
        }
        std::array<Word<Sample>, kWide> each;
        gathered.store(each.data());
        for (const auto bits : each) {
            found |= bits;
        }
    }
    for (; i < count; ++i) {
        const Lanes<Sample, 1> value(values[i]);
        found |= (value - value).bits().value;
    }
    return found == 0;
}

// The same for frames of `lanes` values, of which `parts` follow each other at a distance. [worker]
inline bool all_finite(const Block<Sample>& block, int frames, int lanes, int parts,
                       std::ptrdiff_t apart) AMP_REAL_TIME {
    if (block.frame_stride == std::ptrdiff_t{parts} * lanes && (parts == 1 || apart == lanes)) {
        return all_finite(block.data, frames * block.frame_stride);
    }
    for (int f = 0; f < frames; ++f) {
        for (int part = 0; part < parts; ++part) {
            if (!all_finite(block.frame(f) + part * apart, lanes)) {
                return false;
            }
        }
    }
    return true;
}

// What is kept of the lanes of a node.
class FiniteGuard {
public:
    // Nothing is kept of a type whose outputs are always finite. [compiler]
    void prepare(const NodeType& type, int lanes) {
        watches_ = !type.always_finite;
        held_.assign(watches_ ? static_cast<std::size_t>(lanes) : 0, 0);
        told_until_.assign(held_.size(), INT64_MIN);
    }

    // Whether what the node gives is to be looked at. [worker]
    bool watches() const { return watches_; }
    // Whether a lane gives 0 until the next tick. [worker]
    bool holds() const { return holds_; }

    // A lane begins anew. [worker]
    void forget(int lane) AMP_REAL_TIME {
        if (holds_) {
            held_[static_cast<std::size_t>(lane)] = 0;
        }
    }

    // Of the same node in the plan before. [worker]
    void take_over(const FiniteGuard& from) AMP_REAL_TIME;

    // A span of the node is made, frames [frame, frame + frames) as it counts, and something in it is bad, or a lane is
    // held: what is to be 0 becomes 0, and lanes that were bad begin anew if the span ends on a tick. [worker]
    void hold(GraphNode& node, std::int64_t frame, int frames) AMP_REAL_TIME;

private:
    bool watches_ = false;
    bool holds_ = false;
    std::vector<std::uint8_t> held_;       // of each lane
    std::vector<std::int64_t> told_until_; // of each lane: the frame from which on a fault is told again
};

} // namespace amp::engine::inline AMP_PRECISION

#include "engine/finite_guard.h"

#include "engine/graph_node.h"

#include <algorithm>
#include <cmath>

namespace amp::engine::inline AMP_PRECISION {

namespace {

// The outputs that somebody reads, from the span's first frame on. What lies in a ring only because those beside it are
// read is no part of it: how nodes are gathered changes no bit.
struct HeardOutputs {
    struct Output {
        Sample* data;
        std::ptrdiff_t frame_stride, part_stride;
        int parts; // lanes of it for each of the node's: one, both of a type that widens, or all values of a spectrum
    };
    std::array<Output, kMostTaps> outputs;
    std::size_t count = 0;

    HeardOutputs(const GraphNode& node, std::int64_t frame) {
        for (std::size_t i = 0; i < node.outputs.size(); ++i) {
            if (const Wheel* const wheel = node.outputs[i]; (node.heard >> i & 1) != 0) {
                outputs[count++] = {wheel->at(frame + node.late), wheel->stride,
                                    std::ptrdiff_t{node.shape.channels} * wheel->channel_stride,
                                    wheel->shape.channels / node.shape.channels};
            }
        }
    }

    // True if change(value) is so for any value of the lane in frame `f`.
    template <class Visit>
    bool any(int lane, int f, Visit&& visit) const {
        bool found = false;
        for (std::size_t i = 0; i < count; ++i) {
            const Output& output = outputs[i];
            for (int part = 0; part < output.parts; ++part) {
                found = visit(output.data[f * output.frame_stride + lane + part * output.part_stride]) || found;
            }
        }
        return found;
    }
};

} // namespace

void FiniteGuard::take_over(const FiniteGuard& from) {
    holds_ = from.holds_;
    std::ranges::copy(from.held_, held_.begin());
    std::ranges::copy(from.told_until_, told_until_.begin());
}

void FiniteGuard::hold(GraphNode& node, std::int64_t frame, int frames) {
    const HeardOutputs heard(node, frame);
    holds_ = false;
    for (int lane = 0; lane < node.lanes; ++lane) {
        const auto at = static_cast<std::size_t>(lane);
        bool is_held = held_[at] != 0;
        for (int f = 0; f < frames; ++f) {
            if ((frame + f) % kTickFrames == 0) {
                is_held = false;
            }
            if (!is_held && heard.any(lane, f, [](Sample value) { return !std::isfinite(value); })) {
                is_held = true;
                const int batch = lane % node.shape.batch_stride(), channel = lane / node.shape.batch_stride();
                const bool is_real = batch < node.shape.batch && channel < node.shape.channels;
                if (is_real && frame + f >= told_until_[at]) {
                    told_until_[at] = frame + f + static_cast<std::int64_t>(node.sample_rate);
                    node.faults.tell({.frame = frame + f, .batch = batch, .channel = channel}, node.index);
                }
            }
            if (is_held) {
                heard.any(lane, f, [](Sample& value) {
                    value = 0;
                    return false;
                });
            }
        }
        if (is_held && (frame + frames) % kTickFrames == 0) {
            reset_state(node, lane);
            is_held = false;
        }
        held_[at] = is_held ? 1 : 0;
        holds_ = holds_ || is_held;
    }
    node.watch.held = holds_;
}

} // namespace amp::engine::inline AMP_PRECISION

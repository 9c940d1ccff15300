// One edge's end on a wheel, and the inputs and parameters that edges feed.
#pragma once

#include "base/sum.h"
#include "control/sealer.h"
#include "engine/sample.h"
#include "node/node.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// The ring of an output tap; frames are those of the stream. Taps of a cohort lie side by side in the frames of one
// ring.
struct Wheel {
    Sample* data = nullptr;    // of its first lane
    std::int64_t capacity = 0; // frames
    int lanes = 1;             // its own, padded
    int stride = 1;            // from one frame to the next: its own lanes, or all of the ring
    int channel_stride = 1;    // from one channel to the next
    int first_lane = 0;        // in the frames of the ring
    Shape shape{};
    std::int64_t first = 0;    // frames before it have no material: the plan did not play yet
    bool sounds_early = false; // not silent there
    // For those who watch. [any]
    std::atomic<std::int64_t> shown_capacity{0};
    std::atomic<std::uint32_t> shown_growths{0};

    std::int64_t index(std::int64_t frame) const {
        const std::int64_t rest = frame % capacity;
        return rest < 0 ? rest + capacity : rest;
    }
    Sample* at(std::int64_t frame) const { return data + index(frame) * stride; }
    int lane(int batch, int channel) const { return channel * channel_stride + batch; }
    // True if other taps lie in its frames: then a frame is not straight in memory but for one channel.
    bool shares() const { return stride != lanes; }
};

// Where frames that follow each other lie in a ring: only the first asks for a division.
class RingPlace {
public:
    std::int64_t of(const Wheel& wheel, std::int64_t frame) {
        std::int64_t index = index_ + (frame - frame_);
        if (capacity_ != wheel.capacity || frame < frame_ || index >= 2 * capacity_) {
            index = wheel.index(frame);
            capacity_ = wheel.capacity;
        } else if (index >= capacity_) {
            index -= capacity_;
        }
        frame_ = frame;
        index_ = index;
        return index;
    }

private:
    std::int64_t frame_ = 0, index_ = 0, capacity_ = 0;
};

// Copies one frame of the wheel's tap as its shape has the lanes: `lanes` samples, padding among them.
inline void copy_frame(const Wheel& wheel, const Sample* from, Sample* to) {
    if (!wheel.shares()) {
        std::copy_n(from, wheel.lanes, to);
        return;
    }
    for (int channel = 0; channel < wheel.shape.channels; ++channel) {
        std::copy_n(from + wheel.lane(0, channel), wheel.shape.batch_stride(), to + wheel.shape.lane(0, channel));
    }
}

enum class Effect : std::uint8_t { add, scale, octaves };

// How voices change what an edge carries.
enum class VoiceEdge : std::uint8_t {
    none,
    inside, // between nodes of one group: nothing from before a lane's onset is read
    leaving // out of a group into a sum: fades and sleep apply
};

class EdgeGate;
class EdgeSlew;
struct EdgeRecording;

struct Reader {
    const Wheel* wheel = nullptr;
    std::int64_t delay = 0;
    std::int64_t lag = 0;         // frames by which a gate holds it back besides
    std::int64_t stood = 0;       // frames of the stream that its source has not made: its region stood
    std::int64_t late = 0;        // frames by which its node works behind the stream's clock: its aligned latency
    std::int64_t source_late = 0; // frames by which what lies on the wheel is late
    Sample gain = 1;
    Effect effect = Effect::add;
    VoiceEdge voice_edge = VoiceEdge::none;
    std::uint32_t group = 0;             // of the voices
    Sample absent = 0;                   // read before the wheel's first frame, and before a voice's onset
    std::vector<std::int32_t> lane_of;   // of each target lane when the shapes differ, else empty
    const Sample* moving_gain = nullptr; // of each frame of the present span while the gain moves
    EdgeGate* gate = nullptr;            // while one acts on what is read
    EdgeSlew* slew = nullptr;            // if what is read goes its way within limits
    RingPlace place{};                   // of what is read
    EdgeRecording* recording = nullptr;  // where it is noted what was read

    // Frames that it is behind the newest on the wheel, and behind it as its node counts frames: those of the material.
    std::int64_t behind() const { return delay + lag; }
    std::int64_t back() const { return behind() + stood - late; }
    // Frames of material that it is back.
    std::int64_t material_back() const { return back() + source_late; }
    // The lane in the frames of what it gives: of its wheel in place, of its wheel's shape in a copy.
    int lane(std::ptrdiff_t frame_stride, int batch, int channel) const {
        return frame_stride == wheel->stride ? wheel->lane(batch, channel) : wheel->shape.lane(batch, channel);
    }
    // What the ring has for `frame`, and how many frames lie straight in memory from there.
    const Sample* at(std::int64_t frame) { return wheel->data + place.of(*wheel, frame - back()) * wheel->stride; }
    std::int64_t straight(std::int64_t frame) { return wheel->capacity - place.of(*wheel, frame - back()); }
};

// What feeds one input tap or one parameter.
struct Feed {
    std::vector<Reader> readers;
    std::vector<Leaf> leaves; // room for the one sum
    Shape shape{};            // of the target
    int lanes = 1;
    bool sums_batch = false;
    // The tap's default, or the parameter's base: one frame of stride 0, or all frames of the span while it moves.
    Block<const Sample> base;
    Sample low = 0, high = 0; // of a parameter

    bool connected() const { return !readers.empty(); }
};

// Lanes of a frame that the reader gives: those of the target, but all of the source's where voices are summed later.
inline int lanes_given(const Reader& reader, const Feed& feed) {
    return reader.lane_of.empty() ? reader.wheel->lanes : feed.lanes;
}

// Where a feed puts what it cannot read in place.
struct Scratch {
    std::span<Sample> memory;
    std::size_t used = 0;
    Sample* take(std::size_t samples) {
        Sample* const begin = memory.data() + used;
        used += (samples + 15) / 16 * 16;
        return begin;
    }
};

// Samples of scratch that a feed needs for a block of `frames`. [compiler]
std::size_t scratch_samples(const Feed& feed, int frames);

// The input for frames [frame, frame + frames), which lie straight in all its readers. [worker]
Block<const Sample> read_input(Feed& feed, const control::SealedBlock& sealed, std::int64_t frame, int frames,
                               Scratch& scratch) AMP_REAL_TIME;

// clamp((base + sum of depth x modulation) x scales) for the same frames. [worker]
Block<const Sample> read_parameter(Feed& feed, const control::SealedBlock& sealed, std::int64_t frame, int frames,
                                   Scratch& scratch) AMP_REAL_TIME;

} // namespace amp::engine::inline AMP_PRECISION

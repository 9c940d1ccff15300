// One edge, frame by frame: what its reader hears.
#pragma once

#include "base/slew.h"
#include "control/movement.h"
#include "plan/description.h"
#include "reference/gate.h"
#include "reference/tap.h"
#include "reference/voices.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace amp::test::reference {

// What a runner does that the engine must not: for tests of whoever looks for differences.
struct Faults {
    std::int64_t extra_delay = 0; // of all edges that are delayed
};

class Edge {
public:
    // `from` is the tap that it reads. `group`, that of the voices that it carries, may be null.
    Edge(const plan::Description& plan, std::uint32_t index, const Tap& from, const VoiceGroup* group, Faults faults);

    const plan::Edge& planned() const { return planned_; }
    Shape shape() const { return shape_; }

    // Whether it enters this component from outside.
    bool enters(std::uint32_t component) const { return enters_ == component; }
    void drain(bool drains) { drain_asked_ = drains; }

    void set_gain(const control::Event& event, double sample_rate);

    // A voice begins on the lane of its reader.
    void forget(int lane);

    // Its gate, which hears and judges at the frames of its own reader; null: it has none.
    Gate* gate() { return gate_ ? &*gate_ : nullptr; }

    // Of an edge that may stop what feeds it: its gate goes to a frame before the reader hears it; then it is known
    // whether what feeds it makes a frame meanwhile or stands, and has stood for so many frames of the stream before.
    const GateMember& step_ahead(std::int64_t frame);
    void settle(bool stands, std::int64_t stood);
    bool is_ahead(std::int64_t frame) const { return stepped_ == frame; }

    // Goes to the next frame of its reader's material: all lanes of `shape`, times the gain.
    std::vector<float> hear(std::int64_t frame);

private:
    std::vector<float> read(std::int64_t frame) const;
    void begin(std::int64_t frame);
    void step_drain();
    int source_channel(int channel) const;

    const plan::Edge& planned_;
    const Tap& from_;
    std::optional<Gate> gate_;
    const VoiceGroup* const group_;
    const Faults faults_;
    Shape shape_;
    float absent_ = 0;
    bool leaves_ = false;
    std::uint32_t enters_ = plan::kNone;
    std::int64_t back_ = 0; // frames of material that it reads back
    std::int64_t source_latency_ = 0;
    std::optional<GateMember> member_;
    std::int64_t stepped_ = -1; // the frame to which its gate has gone ahead
    std::int64_t stood_ = 0;
    std::vector<float> heard_; // behind the gate
    control::Movement gain_;
    SlewLimits<1> slew_;
    std::vector<SlewFollower<float, 1>> followers_; // of each lane, if it has a slew
    const std::int64_t period_;                     // of the tokens: nothing changes in the middle of one
    const std::int64_t fade_;
    int values_ = 1; // a frame and channel
    bool drains_ = false, drain_asked_ = false;
    std::int64_t drain_position_; // 0: drained, fade_: open
};

} // namespace amp::test::reference

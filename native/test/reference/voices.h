// The voices of one group, frame by frame: when each lane begins, fades and sleeps.
#pragma once

#include "control/voices.h"
#include "plan/description.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace amp::test::reference {

class VoiceGroup {
public:
    VoiceGroup(const plan::Description& plan, std::uint32_t group);

    // Notes and whatever else moves voices, in the order of the events.
    // Voices that count frames of their own are told those of the stream too.
    void apply(const control::Event& event, std::int64_t stream_frame) { voices_.apply(event, stream_frame); }
    void shed(int lane, std::int64_t frame) { voices_.shed(lane, frame); }

    // Goes to a frame, whose events were applied.
    void begin_frame(std::int64_t frame);

    // All that has happened to lanes until now, in order.
    const std::vector<control::LaneEvent>& happened() const { return happened_; }

    // After the frame before `tick` is made: from when on each lane of an envelope is silent, or kNever.
    void envelope_ended(std::uint32_t node, const std::vector<std::int64_t>& ended, std::int64_t tick);

    // The frame at which the lane's note began that sounds at `frame`; before all frames if it has had none.
    std::int64_t onset(int lane, std::int64_t frame) const { return newest(lane, frame).onset; }

    // What a voice weighs that leaves its group at a frame: nothing at all while it sleeps.
    std::optional<float> weight(int lane, std::int64_t frame) const;

private:
    struct Envelope {
        std::uint32_t node = 0;
        std::vector<std::int64_t> latched; // ticks from which on the lane may sleep, as far as this envelope goes
    };
    struct Lane {
        std::int64_t onset = control::Voices::kNoOnset, fade_begin = -1;
        bool held = false;
    };

    // The lane at a frame, whose events were applied.
    Lane newest(int lane, std::int64_t frame) const;
    bool asleep(int lane, std::int64_t onset, std::int64_t frame) const;

    control::Voices voices_;
    BoundedList<control::LaneEvent> taken_;
    std::vector<control::LaneEvent> happened_;
    std::vector<std::vector<control::LaneEvent>> lane_events_; // of each lane
    std::vector<std::vector<Envelope>> envelopes_;             // of each lane
    bool may_sleep_;
    std::int64_t tail_ = 0, fade_ = 0;
};

} // namespace amp::test::reference

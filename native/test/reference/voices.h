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
    void apply(const control::Event& event) { voices_.apply(event); }
    void shed(int lane, std::int64_t frame) { voices_.shed(lane, frame); }

    // Goes to a frame, whose events were applied; what happens to lanes at it.
    const std::vector<control::LaneEvent>& begin_frame(std::int64_t frame);

    // After the frame before `tick` is made: from when on each lane of an envelope is silent, or kNever.
    void envelope_ended(std::uint32_t node, const std::vector<std::int64_t>& ended, std::int64_t tick);

    // The frame at which the lane's note began; before all frames if it has had none.
    std::int64_t onset(int lane) const { return lanes_[static_cast<std::size_t>(lane)].onset; }

    // What a voice weighs that leaves its group at a frame: nothing at all while it sleeps.
    std::optional<float> weight(int lane, std::int64_t frame) const;

private:
    struct Envelope {
        std::uint32_t node = 0;
        bool latched = true; // the lane may sleep, as far as this envelope goes
    };
    struct Lane {
        std::int64_t onset = control::Voices::kNoOnset, fade_begin = -1;
        bool held = false;
        std::vector<Envelope> envelopes;
        bool asleep(bool may_sleep) const;
    };

    control::Voices voices_;
    BoundedList<control::LaneEvent> taken_;
    std::vector<control::LaneEvent> now_;
    std::vector<Lane> lanes_;
    bool may_sleep_;
    std::int64_t tail_ = 0, fade_ = 0;
};

} // namespace amp::test::reference

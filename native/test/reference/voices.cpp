#include "reference/voices.h"

#include "node/node.h"
#include "reference/gate.h"

#include <algorithm>

namespace amp::test::reference {

namespace {

control::VoiceSettings settings_of(const plan::Description& plan, const plan::VoiceGroup& group) {
    return {.lanes = static_cast<int>(group.lanes),
            .channel = static_cast<int>(group.channel),
            .ring = group.ring == plan::kEndlessFrames ? INT64_MAX : static_cast<std::int64_t>(group.ring),
            .fade = fade_frames(plan.stream.sample_rate)};
}

// Decision 4: with an envelope, without an endless tail or a loop inside, and only if all sums run behind all
// envelopes.
bool group_may_sleep(const plan::Description& plan, std::uint32_t index) {
    const plan::VoiceGroup& group = plan.voices[index];
    const bool ends = std::ranges::none_of(group.members, [&](std::uint32_t member) {
        const plan::Node& node = plan.nodes[member];
        return node.tail == plan::kEndlessFrames || plan.components[node.component].is_loop;
    });
    const bool in_order = std::ranges::all_of(plan.edges, [&](const plan::Edge& edge) {
        const plan::Node& target = plan.nodes[edge.to_node];
        return plan.nodes[edge.from_node].voice_group != index || target.voice_group == index ||
               std::ranges::all_of(group.envelopes, [&](std::uint32_t envelope) {
                   return plan.nodes[envelope].component < target.component;
               });
    });
    return !group.envelopes.empty() && ends && in_order;
}

} // namespace

VoiceGroup::VoiceGroup(const plan::Description& plan, std::uint32_t index)
    : voices_(settings_of(plan, plan.voices[index]), 1),
      taken_(voices_.most_taken()),
      may_sleep_(group_may_sleep(plan, index)),
      fade_(fade_frames(plan.stream.sample_rate)) {
    const plan::VoiceGroup& group = plan.voices[index];
    lanes_.resize(group.lanes);
    for (Lane& lane : lanes_) {
        for (const std::uint32_t envelope : group.envelopes) {
            lane.envelopes.push_back({envelope});
        }
    }
    for (const std::uint32_t member : group.members) {
        tail_ += may_sleep_ ? static_cast<std::int64_t>(plan.nodes[member].tail + plan.nodes[member].latency) : 0;
    }
    for (const plan::Edge& edge : plan.edges) {
        const bool inside =
            plan.nodes[edge.from_node].voice_group == index && plan.nodes[edge.to_node].voice_group == index;
        tail_ += inside ? static_cast<std::int64_t>(edge.total_delay()) : 0;
    }
}

const std::vector<control::LaneEvent>& VoiceGroup::begin_frame(std::int64_t frame) {
    taken_.clear();
    voices_.take(frame + 1, taken_);
    now_.assign(taken_.begin(), taken_.end());
    for (const control::LaneEvent& event : now_) {
        Lane& lane = lanes_[event.lane];
        if (event.kind == control::LaneEventKind::fade) {
            lane.fade_begin = frame;
        } else if (event.kind == control::LaneEventKind::release) {
            lane.held = false;
        } else if (event.kind == control::LaneEventKind::silence) {
            lane.held = false;
            for (Envelope& envelope : lane.envelopes) {
                envelope.latched = true;
            }
        } else if (event.kind == control::LaneEventKind::onset) {
            lane.onset = frame;
            lane.fade_begin = -1;
            lane.held = true;
            for (Envelope& envelope : lane.envelopes) {
                envelope.latched = false;
            }
        }
    }
    return now_;
}

void VoiceGroup::envelope_ended(std::uint32_t node, const std::vector<std::int64_t>& ended, std::int64_t tick) {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
        for (Envelope& envelope : lanes_[lane].envelopes) {
            if (envelope.node == node && !lanes_[lane].held && ended[lane] <= tick && ended[lane] + tail_ <= tick) {
                envelope.latched = true;
            }
        }
    }
}

bool VoiceGroup::Lane::asleep(bool may_sleep) const {
    return onset == control::Voices::kNoOnset || (may_sleep && std::ranges::all_of(envelopes, &Envelope::latched));
}

std::optional<float> VoiceGroup::weight(int index, std::int64_t frame) const {
    const Lane& lane = lanes_[static_cast<std::size_t>(index)];
    if (lane.asleep(may_sleep_)) {
        return std::nullopt;
    }
    if (lane.fade_begin < 0) {
        return 1.0F;
    }
    return static_cast<float>(std::max<std::int64_t>(0, lane.fade_begin + fade_ - frame)) / static_cast<float>(fade_);
}

} // namespace amp::test::reference

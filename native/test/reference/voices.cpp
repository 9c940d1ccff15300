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
                   return plan.nodes[envelope].component < target.component &&
                          plan.nodes[envelope].aligned_latency <= target.aligned_latency;
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
    lane_events_.resize(group.lanes);
    envelopes_.resize(group.lanes);
    for (std::vector<Envelope>& lane : envelopes_) {
        for (const std::uint32_t envelope : group.envelopes) {
            lane.push_back({envelope, {}});
        }
    }
    for (const std::uint32_t member : group.members) {
        tail_ += may_sleep_ ? static_cast<std::int64_t>(plan.nodes[member].tail + plan.nodes[member].latency) : 0;
    }
    for (const plan::Edge& edge : plan.edges) {
        const bool inside =
            plan.nodes[edge.from_node].voice_group == index && plan.nodes[edge.to_node].voice_group == index;
        const plan::Node& from = plan.nodes[edge.from_node];
        const auto lateness = static_cast<std::int64_t>(plan.nodes[edge.to_node].aligned_latency) -
                              static_cast<std::int64_t>(from.aligned_latency + from.latency);
        tail_ += inside ? std::max<std::int64_t>(0, static_cast<std::int64_t>(edge.total_delay()) - lateness) : 0;
    }
}

void VoiceGroup::begin_frame(std::int64_t frame) {
    taken_.clear();
    voices_.take(frame + 1, taken_);
    for (const control::LaneEvent& event : taken_) {
        happened_.push_back(event);
        lane_events_[event.lane].push_back(event);
        if (event.kind == control::LaneEventKind::silence) {
            // Whatever the envelopes do.
            for (Envelope& envelope : envelopes_[event.lane]) {
                envelope.latched.push_back(frame);
            }
        }
    }
}

VoiceGroup::Lane VoiceGroup::newest(int lane, std::int64_t frame) const {
    Lane now;
    for (const control::LaneEvent& event : lane_events_[static_cast<std::size_t>(lane)]) {
        if (event.frame > frame) {
            break;
        }
        if (event.kind == control::LaneEventKind::fade) {
            now.fade_begin = event.frame;
        } else if (event.kind == control::LaneEventKind::release || event.kind == control::LaneEventKind::silence) {
            now.held = false;
        } else if (event.kind == control::LaneEventKind::onset) {
            now = {event.frame, -1, true};
        }
    }
    return now;
}

void VoiceGroup::envelope_ended(std::uint32_t node, const std::vector<std::int64_t>& ended, std::int64_t tick) {
    for (std::size_t lane = 0; lane < envelopes_.size(); ++lane) {
        const bool is_over = ended[lane] <= tick && ended[lane] + tail_ <= tick;
        for (Envelope& envelope : envelopes_[lane]) {
            if (envelope.node == node && is_over && !newest(static_cast<int>(lane), tick - 1).held) {
                envelope.latched.push_back(tick);
            }
        }
    }
}

// A lane sleeps from the ticks on that came after its newest onset.
bool VoiceGroup::asleep(int lane, std::int64_t onset, std::int64_t frame) const {
    return onset == control::Voices::kNoOnset ||
           (may_sleep_ && std::ranges::all_of(envelopes_[static_cast<std::size_t>(lane)], [&](const Envelope& one) {
                return std::ranges::any_of(one.latched,
                                           [&](std::int64_t tick) { return tick > onset && tick <= frame; });
            }));
}

std::optional<float> VoiceGroup::weight(int lane, std::int64_t frame) const {
    const Lane now = newest(lane, frame);
    if (asleep(lane, now.onset, frame)) {
        return std::nullopt;
    }
    if (now.fade_begin < 0) {
        return 1.0F;
    }
    return static_cast<float>(std::max<std::int64_t>(0, now.fade_begin + fade_ - frame)) / static_cast<float>(fade_);
}

} // namespace amp::test::reference

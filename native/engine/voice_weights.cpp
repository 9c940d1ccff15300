#include "engine/voice_weights.h"

#include <algorithm>

namespace amp::engine {

using control::LaneEvent;
using control::LaneEventKind;
using control::SealedVoices;
using control::Voices;

std::int64_t onset_at(const SealedVoices& voices, int lane, std::int64_t frame) {
    std::int64_t onset = voices.onset_before[static_cast<std::size_t>(lane)];
    for (const LaneEvent& event : voices.events) {
        if (event.frame > frame) {
            break;
        }
        if (event.kind == LaneEventKind::onset && event.lane == lane) {
            onset = event.frame;
        }
    }
    return onset;
}

bool any_onset_between(const SealedVoices& voices, std::int64_t since, std::int64_t frame) {
    const auto within = [&](std::int64_t onset) { return onset > since && onset <= frame; };
    return std::ranges::any_of(voices.onset_before, within) ||
           std::ranges::any_of(voices.events, [&](const LaneEvent& event) {
               return event.kind == LaneEventKind::onset && within(event.frame);
           });
}

bool leaving_weights(const SealedVoices& voices, std::int64_t frame, std::span<LaneWeight> weights) {
    const std::size_t lanes = voices.onset_before.size();
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        weights[lane] = {false, false, -1, voices.onset_before[lane], voices.fade_before[lane]};
    }
    for (std::size_t i = 0; i < voices.events.size(); ++i) {
        const LaneEvent& event = voices.events[i];
        LaneWeight& weight = weights[event.lane];
        if (weight.later_onset >= 0) {
            continue;
        }
        if (event.kind == LaneEventKind::onset && event.frame > frame) {
            weight.later_onset = static_cast<std::int32_t>(i);
        } else if (event.kind == LaneEventKind::onset) {
            weight.onset = event.frame;
            weight.fade_begin = SealedVoices::kNoFade;
        } else if (event.kind == LaneEventKind::fade && event.frame <= frame) {
            weight.fade_begin = event.frame;
        }
    }
    bool plain = true;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        LaneWeight& weight = weights[lane];
        std::int64_t asleep_from = voices.sleeps ? INT64_MIN : INT64_MAX;
        for (int e = 0; voices.sleeps && e < voices.envelopes; ++e) {
            const auto envelope = static_cast<std::size_t>(e);
            const std::int64_t& from = weight.later_onset >= 0
                                           ? voices.at_event(e, static_cast<std::size_t>(weight.later_onset))
                                           : voices.asleep_from[envelope * lanes + lane];
            asleep_from = std::max(asleep_from, SealedVoices::read(from));
        }
        weight.asleep = weight.onset == Voices::kNoOnset || asleep_from <= frame;
        weight.fading = !weight.asleep && weight.fade_begin != SealedVoices::kNoFade;
        plain = plain && !weight.asleep && !weight.fading;
    }
    return plain;
}

} // namespace amp::engine

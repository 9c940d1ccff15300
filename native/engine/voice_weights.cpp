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
    bool plain = true;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        std::int64_t onset = voices.onset_before[lane];
        std::int64_t fade = voices.fade_before[lane];
        bool later_onset = false;
        std::size_t later_event = 0;
        for (std::size_t i = 0; i < voices.events.size() && !later_onset; ++i) {
            const LaneEvent& event = voices.events[i];
            if (event.lane != lane) {
                continue;
            }
            if (event.kind == LaneEventKind::onset && event.frame > frame) {
                later_onset = true;
                later_event = i;
            } else if (event.kind == LaneEventKind::onset) {
                onset = event.frame;
                fade = SealedVoices::kNoFade;
            } else if (event.kind == LaneEventKind::fade && event.frame <= frame) {
                fade = event.frame;
            }
        }
        std::int64_t asleep_from = voices.sleeps ? INT64_MIN : INT64_MAX;
        for (int e = 0; voices.sleeps && e < voices.envelopes; ++e) {
            const auto envelope = static_cast<std::size_t>(e);
            asleep_from = std::max(asleep_from,
                                   later_onset
                                       ? voices.asleep_from_at_event[envelope * voices.events.capacity() + later_event]
                                       : voices.asleep_from[envelope * lanes + lane]);
        }
        LaneWeight& weight = weights[lane];
        weight.asleep = onset == Voices::kNoOnset || asleep_from <= frame;
        weight.fading = !weight.asleep && fade != SealedVoices::kNoFade;
        weight.fade_begin = fade;
        plain = plain && !weight.asleep && !weight.fading;
    }
    return plain;
}

} // namespace amp::engine

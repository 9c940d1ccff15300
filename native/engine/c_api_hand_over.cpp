// The bodies of the C API's part on hand-over.
#include "engine/c_api_failure.h"
#include "engine/c_api_handles.h"

using amp::engine::HandOverKind;

static_assert(static_cast<int>(HandOverKind::reload) == AMP_HAND_OVER_RELOAD &&
              static_cast<int>(HandOverKind::after_last_note) == AMP_HAND_OVER_AFTER_LAST_NOTE &&
              static_cast<int>(HandOverKind::after_time) == AMP_HAND_OVER_AFTER_TIME);

amp_hand_over_settings amp_hand_over_settings_for(amp_hand_over_kind kind) {
    return {static_cast<int32_t>(kind), 0.03, 30};
}

amp_status amp_streamer_prepare(amp_streamer* streamer, const amp_plan* plan, const amp_hand_over_settings* settings,
                                uint32_t* number, amp_error* error) {
    using namespace amp::engine;
    if (plan == nullptr || settings == nullptr || number == nullptr) {
        return fail(error, AMP_E_ARGUMENT, "plan, settings and number must not be null");
    }
    if (settings->kind < AMP_HAND_OVER_RELOAD || settings->kind > AMP_HAND_OVER_AFTER_TIME) {
        return fail(error, AMP_E_ARGUMENT, "no kind of hand-over has this number");
    }
    return guarded(error, [&] {
        const HandOverSettings wanted{static_cast<HandOverKind>(settings->kind), settings->crossfade_seconds,
                                      settings->ring_seconds};
        const auto prepared = streamer->streamer->prepare(plan->description, wanted);
        if (!prepared.ok()) {
            return fail(error, status_of(prepared.error().kind), prepared.error().message);
        }
        *number = prepared.value();
        return AMP_OK;
    });
}

amp_status amp_streamer_hand_over(amp_streamer* streamer, uint32_t plan, int64_t frame) {
    return streamer->streamer->hand_over(plan, frame).ok() ? AMP_OK : AMP_E_ARGUMENT;
}

amp_status amp_streamer_took_over(const amp_streamer* streamer, uint32_t plan, int64_t* frame) {
    const auto found = streamer->streamer->took_over_at(plan);
    if (found) {
        *frame = *found;
    }
    return found ? AMP_OK : AMP_E_NOT_FOUND;
}

uint32_t amp_streamer_present_plan(const amp_streamer* streamer) { return streamer->streamer->present_plan(); }

size_t amp_streamer_retire(amp_streamer* streamer) { return streamer->streamer->retire(); }

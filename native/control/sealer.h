// Fixes what happens in a block before any node runs it. Firings read only what is sealed.
#pragma once

#include "base/bounded_list.h"
#include "base/bounded_queue.h"
#include "control/event.h"
#include "control/event_queue.h"
#include "control/voices.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace amp::control {

// What happens to one voice group in one block.
struct SealedVoices {
    BoundedList<LaneEvent> events;
    std::vector<std::int64_t> onset_before; // newest onset of each lane before the block, or Voices::kNoOnset
    std::vector<std::int64_t> fade_before;  // when the fade began that goes on as the block begins, or kNoFade
    // Written by the envelopes as they run the block: from which frame on each lane sleeps.
    std::vector<std::int64_t> asleep_from;          // [envelope][lane], at the block's end
    std::vector<std::int64_t> asleep_from_at_event; // [envelope][event], before an onset
    std::uint64_t awake = ~std::uint64_t{0};        // bit t: a lane of [16 t, 16 t + 16) may sound in the block

    int envelopes = 0;
    bool sleeps = false;          // lanes fall asleep when their envelopes have ended
    std::int64_t fade_frames = 0; // of a steal

    static constexpr std::int64_t kNoFade = INT64_MAX;
};

struct SealedBlock {
    std::int64_t begin = 0, end = 0;
    BoundedList<Event> parameters; // set_parameter and set_edge_gain, in order
    BoundedList<Event> gates;      // set_gate and drain_node, in order
    std::vector<SealedVoices> voices;
};

struct VoiceGroupSettings {
    VoiceSettings voices;
    int envelopes = 0;
    bool sleeps = false;
    bool always_awake = false; // its lanes are heard beside any voice: they are computed before their first note, too
};

struct EventCounts {
    std::uint64_t late = 0; // applied later than asked: the frame was sealed, or had no room
    std::uint64_t lost = 0; // found no room
};

class Sealer {
public:
    // With `journal` whoever reads applied events must go on reading them. [compiler]
    Sealer(std::span<const VoiceGroupSettings> groups, int block_frames, int in_flight, bool journal = false);

    // Hands over an event; its sequence, or nothing when there is no room. Safe from any thread, any number of them.
    // [any]
    std::optional<std::uint32_t> post(const Event& event);

    // Moves events that were applied to `out`, in their order; how many. None without `journal`. One reader. [main]
    std::size_t applied_events(std::span<AppliedEvent> out);

    // Seals block `block`: takes the events, gives notes their lanes. [worker]
    void seal(std::int64_t block) AMP_REAL_TIME;

    // What is sealed for `block`, as long as it is in flight. [worker]
    SealedBlock& sealed(std::int64_t block) { return blocks_[static_cast<std::size_t>(block % slots_)]; }

    // The first frame that is not sealed. [any]
    std::int64_t next_frame() const { return next_frame_.load(std::memory_order_acquire); }

    EventCounts counts() const {
        return {late_.load(std::memory_order_relaxed), lost_.load(std::memory_order_relaxed)};
    }

private:
    EventQueue* next_queue(std::int64_t begin, std::int64_t end);
    void seal_voices(std::size_t group, const SealedBlock& before, SealedBlock& block);

    std::vector<VoiceGroupSettings> groups_;
    const int block_frames_;
    const int slots_;
    EventQueue notes_, parameters_; // of their own, so that no flood of parameters delays a note
    std::atomic<std::uint32_t> next_sequence_{0};
    std::optional<BoundedQueue<AppliedEvent>> applied_;
    std::vector<Voices> voices_;
    std::uint64_t voices_lost_ = 0;
    std::vector<SealedBlock> blocks_;
    std::atomic<std::int64_t> next_frame_{0};
    std::atomic<std::uint64_t> late_{0}, lost_{0};
};

} // namespace amp::control

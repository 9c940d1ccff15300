// What happens to one running plan, block by block, once it is sealed. Firings read only this.
#pragma once

#include "base/bounded_list.h"
#include "base/real_time.h"
#include "control/block_ring.h"
#include "control/event.h"
#include "control/voices.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace amp::control {

// What happens to one voice group in one block.
struct SealedVoices {
    std::span<const LaneEvent> events;
    std::vector<std::int64_t> onset_before; // newest onset of each lane before the block, or Voices::kNoOnset
    std::vector<std::int64_t> fade_before;  // when the fade began that goes on as the block begins, or kNoFade
    // Written by the envelopes as they run the block: from which frame on each lane sleeps. Who sums the voices may
    // read what an envelope has run while it runs on, and the answer stays the same.
    std::vector<std::int64_t> asleep_from;        // [envelope][lane], at the block's end
    std::span<std::int64_t> asleep_from_at_event; // [envelope][event], before an onset
    std::uint64_t awake = ~std::uint64_t{0};      // bit t: a lane of [16 t, 16 t + 16) may sound in the block

    int envelopes = 0;
    bool sleeps = false;          // lanes fall asleep when their envelopes have ended
    std::int64_t fade_frames = 0; // of a steal

    static constexpr std::int64_t kNoFade = INT64_MAX;

    // One of the two lists above. [worker]
    static std::int64_t read(const std::int64_t& slot) AMP_REAL_TIME {
        return std::atomic_ref(const_cast<std::int64_t&>(slot)).load(std::memory_order_relaxed);
    }
    static void write(std::int64_t& slot, std::int64_t frame) AMP_REAL_TIME {
        std::atomic_ref(slot).store(frame, std::memory_order_relaxed);
    }
    std::int64_t& at_event(int envelope, std::size_t event) {
        return asleep_from_at_event[static_cast<std::size_t>(envelope) * events.size() + event];
    }
    const std::int64_t& at_event(int envelope, std::size_t event) const {
        return asleep_from_at_event[static_cast<std::size_t>(envelope) * events.size() + event];
    }
};

struct SealedBlock {
    std::int64_t begin = 0, end = 0;
    std::span<const Event> parameters; // set_parameter and set_edge_gain, in order
    std::span<const Event> gates;      // set_gate and drain_node, in order
    std::span<const Event> notes;      // all others, in order; only where voices may stand
    std::vector<SealedVoices> voices;
};

struct VoiceGroupSettings {
    VoiceSettings voices;
    std::uint32_t keys = 0; // the index of the node that hands them out
    int envelopes = 0;
    bool sleeps = false;
    bool always_awake = false; // its lanes are heard beside any voice: they are computed before their first note, too
    bool stands = false;       // its region may stand: `seal_in_region` seals it, by frames of its own
};

// True for what sets a parameter or an edge.
inline bool sets(const Event& event) {
    return event.kind == EventKind::set_parameter || event.kind == EventKind::set_edge_gain;
}

// True for what moves a gate, or ends what enters a component.
inline bool gates(const Event& event) {
    return event.kind == EventKind::set_gate || event.kind == EventKind::drain_node;
}

// True for what names something of one plan.
inline bool is_of_plan(const Event& event) {
    return sets(event) || gates(event) || event.kind == EventKind::shed_voice;
}

// What is sealed is kept for nodes that act late: material of frame f reaches them `most_late` frames later at most.
class PlanSeals {
public:
    // [compiler]
    PlanSeals(std::span<const VoiceGroupSettings> groups, int block_frames, int in_flight, std::int64_t most_late = 0);

    // A block is sealed by `begin`, `apply` for each of its events in their order, and `finish`, which returns how many
    // changes of voices found no room. [worker]
    void begin(std::int64_t block) AMP_REAL_TIME;
    void apply(const Event& event) AMP_REAL_TIME;
    std::uint64_t finish(std::int64_t block) AMP_REAL_TIME;

    // What happens in frames [from, to) of a block that is sealed to a group that may stand. `own` says which of its
    // own frames one of the stream is; `end`: its first one that is not in them. Each block in order, for one part of
    // it after another. [worker]
    template <class Own>
    void seal_in_region(std::size_t group, std::int64_t block, std::int64_t from, std::int64_t to, std::int64_t end,
                        Own&& own) AMP_REAL_TIME;

    // What is sealed for `block`, as long as a node may act on it. [worker]
    SealedBlock& sealed(std::int64_t block) { return blocks_[place_of(block)]; }
    int block_frames() const { return block_frames_; }

    // The voices of group `group` go on where those of group `from_group` of another plan are, whose settings are
    // equal but for `ring`. Between `begin` and `finish` of both; where both may stand, when the other has sealed the
    // block until there. [worker]
    void take_over(std::size_t group, const PlanSeals& from, std::size_t from_group, std::int64_t block) AMP_REAL_TIME;

    // Takes over what nodes have not acted on yet of what was sealed for another plan until now: in this block and in
    // those before it. `translate` changes an event into one of this plan; false: it means nothing there. Before
    // `take_over` of the groups, which tells `group_of`: for each group of this plan that of the other, or kNoGroup.
    // [worker]
    template <class Translate>
    void take_over_events(const PlanSeals& from, std::span<const std::size_t> group_of, std::int64_t block,
                          Translate&& translate) AMP_REAL_TIME;
    static constexpr std::size_t kNoGroup = ~std::size_t{0};

    // Whether a lane of a group may be heard when `block` begins, when everything before it has been made. [worker]
    bool may_sound(std::size_t group, int lane, std::int64_t block) const AMP_REAL_TIME;

    std::span<const VoiceGroupSettings> groups() const { return groups_; }
    const Voices& voices(std::size_t group) const { return voices_[group]; }

    // From which frame on all voices are silent, as their history tells until now; Voices::kHeld while a key or the
    // pedal holds one. [worker]
    std::int64_t silent_from() const AMP_REAL_TIME;

private:
    std::size_t place_of(std::int64_t block) const { return static_cast<std::size_t>(block) & (blocks_.size() - 1); }
    const SealedBlock& kept(std::int64_t block) const { return blocks_[place_of(block)]; }
    const SealedBlock& before(std::int64_t block) const { return kept(block == 0 ? 0 : block - 1); }
    void seal_voices(std::size_t group, const SealedBlock& before, SealedBlock& block, std::int64_t end);
    void take_in_region(std::size_t group, std::int64_t block, std::int64_t end) AMP_REAL_TIME;
    void keep_voices(std::size_t group, std::span<const LaneEvent> events, SealedVoices& now);
    void keep_past_voices(std::size_t group, const SealedVoices& past, SealedVoices& now) AMP_REAL_TIME;
    static void advance_over(std::span<const LaneEvent> events, SealedVoices& now);

    std::vector<VoiceGroupSettings> groups_;
    const int block_frames_;
    const int late_blocks_; // that are kept because nodes act late
    const int kept_blocks_;
    std::vector<Voices> voices_;
    // Of the block that is being sealed.
    BoundedList<Event> parameters_, gates_, notes_;
    std::vector<BoundedList<LaneEvent>> taken_; // of each group
    // Of all blocks that are kept.
    BlockRing<Event> kept_parameters_, kept_gates_, kept_notes_;
    std::vector<BlockRing<LaneEvent>> kept_events_;    // of each group
    std::vector<BlockRing<std::int64_t>> kept_asleep_; // of each group
    std::vector<std::uint8_t> taken_over_;             // groups, in the block that is being sealed
    std::vector<std::int64_t> sealed_in_;              // of each group that may stand: the newest block, or -1
    std::uint64_t voices_lost_ = 0;
    std::atomic<std::uint64_t> lost_in_regions_{0}; // since the block before
    std::vector<SealedBlock> blocks_;               // a power of two
};

template <class Own>
void PlanSeals::seal_in_region(std::size_t group, std::int64_t block, std::int64_t from, std::int64_t to,
                               std::int64_t end, Own&& own) {
    Voices& voices = voices_[group];
    const std::uint64_t lost_before = voices.lost();
    for (Event event : sealed(block).notes) {
        if (event.frame >= from && event.frame < to) {
            const std::int64_t stream_frame = event.frame;
            event.frame = own(stream_frame);
            voices.apply(event, stream_frame);
        }
    }
    lost_in_regions_.fetch_add(voices.lost() - lost_before, std::memory_order_relaxed);
    take_in_region(group, block, end);
}

template <class Translate>
void PlanSeals::take_over_events(const PlanSeals& from, std::span<const std::size_t> group_of, std::int64_t block,
                                 Translate&& translate) {
    const std::int64_t late = std::min(late_blocks_, from.late_blocks_);
    const auto take = [&](std::span<const Event> events, BoundedList<Event>& to) {
        for (Event event : events) {
            if (translate(event)) {
                to.add(event);
            }
        }
    };
    for (std::int64_t past = std::max<std::int64_t>(0, block - late); past < block && late > 0; ++past) {
        const SealedBlock& then = from.kept(past);
        SealedBlock& now = sealed(past);
        parameters_.clear();
        gates_.clear();
        take(then.parameters, parameters_);
        take(then.gates, gates_);
        now.parameters = kept_parameters_.keep(parameters_.all());
        now.gates = kept_gates_.keep(gates_.all());
        for (std::size_t group = 0; group < group_of.size(); ++group) {
            if (group_of[group] != kNoGroup) {
                keep_past_voices(group, then.voices[group_of[group]], now.voices[group]);
            }
        }
    }
    if (late > 0) {
        parameters_.clear();
        gates_.clear();
        take(from.parameters_.all(), parameters_);
        take(from.gates_.all(), gates_);
    }
}

} // namespace amp::control

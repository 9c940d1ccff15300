// Fixes what happens in a block before any node runs it: takes the events of its frames, in their order.
#pragma once

#include "base/bounded_queue.h"
#include "control/event.h"
#include "control/event_queue.h"
#include "control/plan_seals.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

namespace amp::control {

struct EventCounts {
    std::uint64_t late = 0; // applied later than asked: the frame was sealed, or had no room
    std::uint64_t lost = 0; // found no room, or meant nothing in the plan that played at their frame
};

// Who takes the events of a block. Both calls come in the events' order. [worker]
class EventSink {
public:
    virtual ~EventSink() = default;

    // Fills in what the event means at its frame; false when it means nothing there.
    virtual bool place(Event& event) AMP_REAL_TIME = 0;

    // The event takes effect.
    virtual void apply(const Event& event) AMP_REAL_TIME = 0;
};

class Sealer {
public:
    // With `journal` whoever reads applied events must go on reading them. [compiler]
    explicit Sealer(bool journal = false);

    // Hands over an event; its sequence, or nothing when there is no room. Safe from any thread, any number of them.
    // [any]
    std::optional<std::uint32_t> post(const Event& event);

    // Moves events that were applied to `out`, in their order; how many. None without `journal`. One reader. [main]
    std::size_t applied_events(std::span<AppliedEvent> out);

    // Takes the events of frames [begin, end) to `sink`; ranges follow each other. Of the room for applied events
    // `reserved` stay free for `tell`. [worker]
    void seal(std::int64_t begin, std::int64_t end, EventSink& sink, std::int64_t reserved = 0) AMP_REAL_TIME;

    // True if `tell` has room. [worker]
    bool can_tell() const AMP_REAL_TIME { return room() > 0; }

    // Something that was not posted takes effect: it is told among the applied events. [worker]
    void tell(const AppliedEvent& applied) AMP_REAL_TIME;

    // Things that found no room, or no meaning. [worker]
    void count_lost(std::uint64_t lost) AMP_REAL_TIME { lost_.fetch_add(lost, std::memory_order_relaxed); }

    // The first frame that is not sealed. [any]
    std::int64_t next_frame() const { return next_frame_.load(std::memory_order_acquire); }

    EventCounts counts() const {
        return {late_.load(std::memory_order_relaxed), lost_.load(std::memory_order_relaxed)};
    }

private:
    EventQueue* next_queue(std::int64_t begin, std::int64_t end);
    std::int64_t room() const;

    EventQueue notes_, parameters_; // of their own, so that no flood of parameters delays a note
    std::atomic<std::uint32_t> next_sequence_{0};
    std::optional<BoundedQueue<AppliedEvent>> applied_;
    std::int64_t told_ = 0;             // applied events until now
    std::atomic<std::int64_t> read_{0}; // of these
    std::atomic<std::int64_t> next_frame_{0};
    std::atomic<std::uint64_t> late_{0}, lost_{0};
};

} // namespace amp::control

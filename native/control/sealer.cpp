#include "control/sealer.h"

#include "control/event_window.h"

#include <algorithm>

namespace amp::control {

namespace {

constexpr std::int64_t kAppliedEvents = 65536;

} // namespace

Sealer::Sealer(bool journal) : notes_(kNotesInWindow), parameters_(kParametersInWindow) {
    if (journal) {
        applied_.emplace(kAppliedEvents);
    }
}

std::optional<std::uint32_t> Sealer::post(const Event& event) {
    Event numbered = event;
    numbered.sequence = next_sequence_.fetch_add(1, std::memory_order_relaxed);
    if ((sets(event) ? parameters_ : notes_).post(numbered)) {
        return numbered.sequence;
    }
    lost_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
}

std::size_t Sealer::applied_events(std::span<AppliedEvent> out) {
    std::size_t moved = 0;
    while (applied_ && moved < out.size()) {
        const auto event = applied_->pop();
        if (!event) {
            break;
        }
        out[moved++] = *event;
        read_.fetch_add(1, std::memory_order_release);
    }
    return moved;
}

std::int64_t Sealer::room() const {
    return applied_ ? kAppliedEvents - (told_ - read_.load(std::memory_order_acquire)) : kAppliedEvents;
}

void Sealer::tell(const AppliedEvent& applied) {
    if (applied_ && applied_->push(applied)) {
        ++told_;
    }
}

// The queue whose next event takes effect first, or null if none does before `end`.
EventQueue* Sealer::next_queue(std::int64_t begin, std::int64_t end) {
    const bool note = notes_.find_next(begin, end);
    const bool parameter = parameters_.find_next(begin, end);
    if (!note || !parameter) {
        return note ? &notes_ : parameter ? &parameters_ : nullptr;
    }
    if (notes_.next_frame() != parameters_.next_frame()) {
        return notes_.next_frame() < parameters_.next_frame() ? &notes_ : &parameters_;
    }
    return comes_before_at_once(notes_.next(), parameters_.next()) ? &notes_ : &parameters_;
}

void Sealer::seal(std::int64_t begin, std::int64_t end, EventSink& sink, std::int64_t reserved) {
    // Before the queues are looked at: whoever posts for a later frame is seen by the next seal at the latest.
    next_frame_.store(end, std::memory_order_release);
    notes_.take_posted();
    parameters_.take_posted();
    while (EventQueue* const queue = next_queue(begin, end)) {
        if (room() <= reserved) {
            break; // nobody reads what was applied: the rest stays, and is late
        }
        AppliedEvent applied{queue->next(), queue->next_frame() != queue->next().frame};
        applied.event.frame = queue->next_frame();
        queue->remove_next();
        if (!sink.place(applied.event)) {
            count_lost(1);
            continue;
        }
        tell(applied);
        late_.fetch_add(applied.was_late ? 1 : 0, std::memory_order_relaxed);
        sink.apply(applied.event);
    }
}

} // namespace amp::control

// Events of one sort on their way from whoever posts them to the block that they belong to.
#pragma once

#include "base/bounded_list.h"
#include "base/bounded_queue.h"
#include "base/real_time.h"
#include "control/event.h"

#include <cstddef>
#include <cstdint>

namespace amp::control {

class EventQueue {
public:
    // At most `most_in_window` of its events take effect in one window (control/event_window.h). [compiler]
    explicit EventQueue(std::size_t most_in_window);

    // False when there is no room. [any]
    bool post(const Event& event) { return posted_.push(event); }

    // Takes in what was posted, as far as there is room. [worker]
    void take_posted() AMP_REAL_TIME;

    // True if an event takes effect before `end`; it is `next`, and its frame, not before `begin`, `next_frame`. Calls
    // come with ranges that follow each other. [worker]
    bool find_next(std::int64_t begin, std::int64_t end) AMP_REAL_TIME;
    const Event& next() const { return waiting_[0]; }
    std::int64_t next_frame() const { return next_frame_; }

    // Takes away `next`. [worker]
    void remove_next() AMP_REAL_TIME;

private:
    const std::size_t most_in_window_;
    BoundedQueue<Event> posted_;
    BoundedList<Event> waiting_; // a heap, the next event first: events may come in any order, and many at once
    std::int64_t next_frame_ = 0;
    std::int64_t window_ = 0;   // the newest in which an event took effect
    std::size_t in_window_ = 0; // how many did
};

} // namespace amp::control

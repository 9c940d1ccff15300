#include "control/event_queue.h"

#include "control/event_window.h"

#include <algorithm>

namespace amp::control {

namespace {

bool comes_after(const Event& a, const Event& b) { return comes_before(b, a); }

constexpr std::size_t kPostedEvents = 16384;
constexpr std::size_t kWaitingEvents = 65536;

} // namespace

EventQueue::EventQueue(std::size_t most_in_window)
    : most_in_window_(most_in_window), posted_(kPostedEvents), waiting_(kWaitingEvents) {}

void EventQueue::take_posted() {
    while (!waiting_.full()) {
        const auto event = posted_.pop();
        if (!event) {
            return;
        }
        waiting_.add(*event);
        std::push_heap(waiting_.begin(), waiting_.end(), comes_after);
    }
}

bool EventQueue::find_next(std::int64_t begin, std::int64_t end) {
    if (waiting_.empty() || next().frame >= end) {
        return false;
    }
    const bool is_full = in_window_ == most_in_window_;
    const std::int64_t first_with_room = (is_full ? window_ + 1 : window_) * kWindowFrames;
    next_frame_ = std::max({next().frame, begin, first_with_room});
    return next_frame_ < end;
}

void EventQueue::remove_next() {
    const std::int64_t window = next_frame_ / kWindowFrames;
    in_window_ = window == window_ ? in_window_ + 1 : 1;
    window_ = window;
    std::pop_heap(waiting_.begin(), waiting_.end(), comes_after);
    waiting_.remove_last();
}

} // namespace amp::control

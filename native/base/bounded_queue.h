// A queue of fixed capacity for many writers and many readers, without locks. Each cell carries the turn at which it
// may be written or read (after D. Vyukov's bounded MPMC queue).
#pragma once

#include "base/cache_line.h"

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace amp {

template <class T>
class BoundedQueue {
public:
    // Room for at least `capacity` items. [compiler]
    explicit BoundedQueue(std::size_t capacity)
        : mask_(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity) - 1),
          cells_(std::make_unique<Cell[]>(mask_ + 1)) {
        for (std::size_t i = 0; i <= mask_; ++i) {
            cells_[i].turn.store(i, std::memory_order_relaxed);
        }
    }

    // False when the queue is full. It also is when it is empty but for an item that somebody has begun to take long
    // ago: its place becomes free only when that thread goes on. [any]
    bool push(const T& item) {
        std::size_t at = tail_.load(std::memory_order_relaxed);
        for (;;) {
            Cell& cell = cells_[at & mask_];
            const auto ahead = static_cast<std::ptrdiff_t>(cell.turn.load(std::memory_order_acquire) - at);
            if (ahead == 0) {
                if (tail_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) {
                    cell.item = item;
                    cell.turn.store(at + 1, std::memory_order_release);
                    return true;
                }
            } else if (ahead < 0) {
                return false;
            } else {
                at = tail_.load(std::memory_order_relaxed);
            }
        }
    }

    // Nothing when the queue is empty. [any]
    std::optional<T> pop() {
        std::size_t at = head_.load(std::memory_order_relaxed);
        for (;;) {
            Cell& cell = cells_[at & mask_];
            const auto ahead = static_cast<std::ptrdiff_t>(cell.turn.load(std::memory_order_acquire) - (at + 1));
            if (ahead == 0) {
                if (head_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) {
                    const T item = cell.item;
                    cell.turn.store(at + mask_ + 1, std::memory_order_release);
                    return item;
                }
            } else if (ahead < 0) {
                return std::nullopt;
            } else {
                at = head_.load(std::memory_order_relaxed);
            }
        }
    }

    // True if nothing was there to take at some moment of the call. [any]
    bool empty() const { return head_.load(std::memory_order_acquire) == tail_.load(std::memory_order_acquire); }

private:
    struct Cell {
        std::atomic<std::size_t> turn;
        T item;
    };
    const std::size_t mask_;
    const std::unique_ptr<Cell[]> cells_;
    alignas(kCacheLine) std::atomic<std::size_t> tail_{0};
    alignas(kCacheLine) std::atomic<std::size_t> head_{0};
};

} // namespace amp

// A list whose room is taken once: sound threads add to it without allocating.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

namespace amp {

template <class T>
class BoundedList {
public:
    BoundedList() = default;
    // [compiler]
    explicit BoundedList(std::size_t capacity) : items_(std::make_unique<T[]>(capacity)), capacity_(capacity) {}

    std::size_t size() const { return size_; }
    std::size_t capacity() const { return capacity_; }
    bool empty() const { return size_ == 0; }
    bool full() const { return size_ == capacity_; }
    T& operator[](std::size_t i) { return items_[i]; }
    const T& operator[](std::size_t i) const { return items_[i]; }
    T* begin() { return items_.get(); }
    T* end() { return items_.get() + size_; }
    const T* begin() const { return items_.get(); }
    const T* end() const { return items_.get() + size_; }
    std::span<const T> all() const { return {items_.get(), size_}; }

    void clear() { size_ = 0; }

    // Holds the first of `items` that there is room for, and nothing else.
    void assign(std::span<const T> items) {
        size_ = std::min(items.size(), capacity_);
        std::copy_n(items.begin(), size_, begin());
    }

    // False, and nothing added, when there is no room.
    bool add(const T& item) {
        if (full()) {
            return false;
        }
        items_[size_++] = item;
        return true;
    }

    // Adds behind all items that do not come after it, so that equal ones keep the order in which they came.
    template <class Before>
    bool insert_sorted(const T& item, Before before) {
        if (full()) {
            return false;
        }
        std::size_t at = size_++;
        for (; at > 0 && before(item, items_[at - 1]); --at) {
            items_[at] = items_[at - 1];
        }
        items_[at] = item;
        return true;
    }

    void remove_last() { --size_; }

    void remove_first(std::size_t count) {
        std::move(items_.get() + count, items_.get() + size_, items_.get());
        size_ -= count;
    }

    template <class Test>
    void remove_if(Test test) {
        size_ = static_cast<std::size_t>(std::remove_if(begin(), end(), test) - begin());
    }

private:
    std::unique_ptr<T[]> items_;
    std::size_t size_ = 0, capacity_ = 0;
};

} // namespace amp

// What is kept of blocks that follow each other, as many items of each as it has, in memory that is taken once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace amp::control {

template <class T>
class BlockRing {
public:
    BlockRing() = default;
    // `most` items of all blocks that are kept at once, `most_in_block` of one. [compiler]
    BlockRing(std::size_t most, std::size_t most_in_block) : items_(most + 2 * most_in_block) {}

    // Room for a new block's items, side by side; that of the oldest is used again. [worker]
    std::span<T> take(std::size_t count) {
        if (next_ + count > items_.size()) {
            next_ = 0;
        }
        const std::span<T> taken(items_.data() + next_, count);
        next_ += count;
        return taken;
    }

    // [worker]
    std::span<T> keep(std::span<const T> items) {
        const std::span<T> kept = take(items.size());
        std::ranges::copy(items, kept.begin());
        return kept;
    }

private:
    std::vector<T> items_;
    std::size_t next_ = 0;
};

} // namespace amp::control

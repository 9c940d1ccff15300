// The units that wait for nothing but a block's seal, handed out in chunks. A worker runs the chunks that it ran the
// block before, whose memory is still near it; when it has no more of these it takes over one of another's.
#pragma once

#include "base/cache_line.h"
#include "base/real_time.h"

#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>

namespace amp::run {

class SourceChunks {
public:
    // At most `in_flight` blocks are under way at once. [compiler]
    SourceChunks(std::size_t sources, int workers, int in_flight);

    std::uint32_t count() const { return count_; }
    // The sources of a chunk are those from its `first` to that of the next one.
    std::uint32_t first(std::uint32_t chunk) const {
        return static_cast<std::uint32_t>(std::uint64_t{sources_} * chunk / count_);
    }

    // The block's chunks may be claimed from here on. [worker]
    void seal(std::int64_t block) AMP_REAL_TIME {
        words_[place_of(block)].word.store(tag_of(block) | all(), std::memory_order_release);
    }

    // Chunks of the block that nobody has claimed, each a bit; those of the worker itself. [worker]
    std::uint32_t unclaimed(std::int64_t block) const AMP_REAL_TIME {
        const std::uint64_t word = words_[place_of(block)].word.load(std::memory_order_acquire);
        return is_of(block, word) ? static_cast<std::uint32_t>(word) : 0;
    }
    std::uint32_t unclaimed_own(std::int64_t block, int worker) const AMP_REAL_TIME {
        return unclaimed(block) & owned_[static_cast<std::size_t>(worker)].chunks.load(std::memory_order_relaxed);
    }

    // A chunk of the block that the worker alone runs from here on; nothing if none of its own, or none at all, is
    // left. [worker]
    std::optional<std::uint32_t> claim_own(std::int64_t block, int worker) AMP_REAL_TIME;
    std::optional<std::uint32_t> claim_any(std::int64_t block, int worker) AMP_REAL_TIME;

private:
    struct alignas(kCacheLine) Word {
        std::atomic<std::uint64_t> word{0}; // which block, and its unclaimed chunks
    };
    struct alignas(kCacheLine) Owned {
        std::atomic<std::uint32_t> chunks{0};
    };

    std::uint64_t all() const { return (std::uint64_t{1} << count_) - 1; }
    std::size_t place_of(std::int64_t block) const { return static_cast<std::size_t>(block) & (places_ - 1); }
    // Of two blocks that share a place: a claim that comes too late finds another tag.
    std::uint64_t tag_of(std::int64_t block) const { return (static_cast<std::uint64_t>(block) / places_ + 1) << 32; }
    bool is_of(std::int64_t block, std::uint64_t word) const { return word >> 32 == tag_of(block) >> 32; }
    void move(std::uint32_t chunk, int worker);

    const std::uint32_t sources_, count_;
    const std::size_t places_; // a power of two
    std::unique_ptr<Word[]> words_;
    std::unique_ptr<Owned[]> owned_;                      // of each worker
    std::unique_ptr<std::atomic<std::uint8_t>[]> owners_; // of each chunk
};

} // namespace amp::run

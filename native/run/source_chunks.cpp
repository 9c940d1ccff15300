#include "run/source_chunks.h"

#include <algorithm>

namespace amp::run {

namespace {

constexpr std::uint32_t kMostChunks = 32; // bits of a word, of which the other half says which block it is

// Small enough to share, large enough that handing out costs little.
std::uint32_t chunks_of(std::size_t sources, int workers) {
    const auto shares = workers == 1 ? 1 : std::min(static_cast<std::uint32_t>(workers) * 8, kMostChunks);
    return static_cast<std::uint32_t>(std::clamp<std::size_t>(sources, 1, shares));
}

} // namespace

SourceChunks::SourceChunks(std::size_t sources, int workers, int in_flight)
    : sources_(static_cast<std::uint32_t>(sources)),
      count_(chunks_of(sources, workers)),
      places_(std::bit_ceil(static_cast<std::size_t>(2 * in_flight))),
      words_(std::make_unique<Word[]>(places_)),
      owned_(std::make_unique<Owned[]>(static_cast<std::size_t>(workers))),
      owners_(std::make_unique<std::atomic<std::uint8_t>[]>(count_)) {
    for (std::uint32_t chunk = 0; chunk < count_; ++chunk) {
        const auto owner = chunk * static_cast<std::uint32_t>(workers) / count_;
        owners_[chunk].store(static_cast<std::uint8_t>(owner), std::memory_order_relaxed);
        owned_[owner].chunks.fetch_or(std::uint32_t{1} << chunk, std::memory_order_relaxed);
    }
}

std::optional<std::uint32_t> SourceChunks::claim_own(std::int64_t block, int worker) {
    const std::uint32_t own = owned_[static_cast<std::size_t>(worker)].chunks.load(std::memory_order_relaxed);
    std::atomic<std::uint64_t>& word = words_[place_of(block)].word;
    std::uint64_t seen = word.load(std::memory_order_acquire);
    while (is_of(block, seen) && (static_cast<std::uint32_t>(seen) & own) != 0) {
        const auto chunk = static_cast<std::uint32_t>(std::countr_zero(static_cast<std::uint32_t>(seen) & own));
        if (word.compare_exchange_weak(seen, seen & ~(std::uint64_t{1} << chunk), std::memory_order_acq_rel,
                                       std::memory_order_acquire)) {
            return chunk;
        }
    }
    return std::nullopt;
}

// Begins at the other end than the owners do.
std::optional<std::uint32_t> SourceChunks::claim_any(std::int64_t block, int worker) {
    std::atomic<std::uint64_t>& word = words_[place_of(block)].word;
    std::uint64_t seen = word.load(std::memory_order_acquire);
    while (is_of(block, seen) && static_cast<std::uint32_t>(seen) != 0) {
        const auto chunk = static_cast<std::uint32_t>(31 - std::countl_zero(static_cast<std::uint32_t>(seen)));
        if (word.compare_exchange_weak(seen, seen & ~(std::uint64_t{1} << chunk), std::memory_order_acq_rel,
                                       std::memory_order_acquire)) {
            move(chunk, worker);
            return chunk;
        }
    }
    return std::nullopt;
}

// The chunk is claimed, so one worker at a time moves it.
void SourceChunks::move(std::uint32_t chunk, int worker) {
    const auto owner = static_cast<std::uint8_t>(worker);
    const std::uint8_t before = owners_[chunk].exchange(owner, std::memory_order_relaxed);
    if (before != owner) {
        const std::uint32_t bit = std::uint32_t{1} << chunk;
        owned_[before].chunks.fetch_and(~bit, std::memory_order_relaxed);
        owned_[owner].chunks.fetch_or(bit, std::memory_order_relaxed);
    }
}

} // namespace amp::run

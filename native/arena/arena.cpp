#include "arena/arena.h"

#include <algorithm>
#include <bit>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace amp::arena {

namespace {

constexpr std::uint64_t kAlignment = 64;
constexpr std::uint64_t kSmallestCommit = std::uint64_t{1} << 16;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 62; // sums of two of them do not overflow

std::uint64_t round_up(std::uint64_t bytes, std::uint64_t to) { return (bytes + to - 1) / to * to; }

std::uint64_t page() { return static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)); }

bool commit(std::byte* begin, std::uint64_t bytes) {
    return bytes == 0 || mprotect(begin, bytes, PROT_READ | PROT_WRITE) == 0;
}

// Pages come from the system when they are first written: that happens here, not on a sound thread.
void touch(std::byte* begin, std::uint64_t bytes) {
    for (std::uint64_t at = 0; at < bytes; at += page()) {
        auto* const byte = reinterpret_cast<volatile unsigned char*>(begin + at);
        *byte = *byte;
    }
}

Error no_memory(std::uint64_t bytes) {
    return {ErrorKind::no_memory, "no memory for an arena of " + std::to_string(bytes) + " bytes"};
}

} // namespace

Arena::Arena(std::byte* base, std::uint64_t bytes, std::uint64_t growing_bytes)
    : memory_(base, bytes + growing_bytes), fixed_reserved_(bytes) {}

Arena::Arena(Arena&& other) noexcept
    : memory_(std::exchange(other.memory_, {})),
      fixed_reserved_(other.fixed_reserved_),
      fixed_committed_(other.fixed_committed_),
      fixed_used_(other.fixed_used_),
      growing_taken_(other.growing_taken_),
      parts_(std::move(other.parts_)),
      is_locked_(other.is_locked_) {
    count_growing();
}

Arena::~Arena() {
    if (!memory_.empty()) {
        munmap(memory_.data(), memory_.size());
    }
}

Result<Arena> Arena::reserve(std::uint64_t bytes, std::uint64_t growing_bytes) {
    if (bytes > kMostBytes || growing_bytes > kMostBytes) {
        return Error{ErrorKind::no_memory, "no address space for an arena of " + std::to_string(bytes) + " and " +
                                               std::to_string(growing_bytes) + " bytes"};
    }
    const std::uint64_t room = round_up(std::max(bytes, kSmallestCommit), kSmallestCommit);
    const std::uint64_t growing = round_up(growing_bytes, kSmallestCommit);
    void* base = mmap(nullptr, room + growing, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        return Error{ErrorKind::no_memory,
                     "no address space for an arena of " + std::to_string(room + growing) + " bytes"};
    }
    return Arena(static_cast<std::byte*>(base), room, growing);
}

std::uint64_t Arena::growing_room(std::uint64_t bytes) { return round_up(bytes, page()); }

Result<std::byte*> Arena::take_bytes(std::uint64_t count, std::uint64_t item_bytes) {
    // The reservation and what is used of it are multiples of the alignment, so what fits still does when rounded up.
    if (count > (fixed_reserved_ - fixed_used_) / item_bytes) {
        return Error{ErrorKind::no_memory, "the arena's " + std::to_string(fixed_reserved_) + " bytes are used up"};
    }
    const std::uint64_t end = fixed_used_ + round_up(count * item_bytes, kAlignment);
    if (end > fixed_committed_) {
        const std::uint64_t wanted = std::min(fixed_reserved_, std::bit_ceil(std::max(end, kSmallestCommit)));
        if (!commit(memory_.data(), wanted)) {
            return no_memory(wanted);
        }
        fixed_committed_ = wanted;
    }
    std::byte* const begin = memory_.data() + fixed_used_;
    fixed_used_ = end;
    return begin;
}

Result<Arena::Growing> Arena::take_growing(std::uint64_t first, std::uint64_t most) {
    const std::uint64_t room = memory_.size() - fixed_reserved_ - growing_taken_;
    if (first > most || most > room || growing_room(most) > room) {
        return Error{ErrorKind::no_memory,
                     "the arena has no address space for a part that grows to " + std::to_string(most) + " bytes"};
    }
    std::byte* const begin = memory_.data() + fixed_reserved_ + growing_taken_;
    const std::uint64_t committed = growing_room(first);
    if (!commit(begin, committed)) {
        return no_memory(committed);
    }
    growing_taken_ += growing_room(most);
    parts_.push_back({begin, first, committed, most});
    count_growing();
    return Growing{begin, parts_.size() - 1};
}

Result<bool> Arena::lengthen(const Growing& growing, std::uint64_t bytes) {
    Part& part = parts_[growing.number];
    if (bytes > part.most) {
        return Error{ErrorKind::no_memory, "a part of the arena grows to " + std::to_string(part.most) +
                                               " bytes at most, not " + std::to_string(bytes)};
    }
    const std::uint64_t committed = growing_room(bytes);
    if (committed > part.committed) {
        std::byte* const begin = part.begin + part.committed;
        const std::uint64_t more = committed - part.committed;
        if (!commit(begin, more)) {
            return no_memory(more);
        }
        if (is_locked_) {
            mlock(begin, more); // where it is not allowed the pages are at least there
        }
        touch(begin, more);
        part.committed = committed;
    }
    part.used = std::max(part.used, bytes);
    count_growing();
    return true;
}

void Arena::count_growing() {
    std::uint64_t used = 0, committed = 0, hole = 0;
    for (const Part& part : parts_) {
        used += part.used;
        committed += part.committed;
        hole = std::max(hole, part.committed - part.used);
    }
    growing_used_.store(used, std::memory_order_relaxed);
    growing_committed_.store(committed, std::memory_order_relaxed);
    growing_hole_.store(hole, std::memory_order_relaxed);
}

bool Arena::lock() {
    touch(memory_.data(), fixed_used_);
    is_locked_ = mlock(memory_.data(), round_up(fixed_used_, page())) == 0;
    for (const Part& part : parts_) {
        touch(part.begin, part.committed);
        is_locked_ = mlock(part.begin, part.committed) == 0 && is_locked_;
    }
    return is_locked_;
}

Stats Arena::stats() const {
    return {memory_.size(), fixed_committed_ + growing_committed_.load(std::memory_order_relaxed),
            fixed_used_ + growing_used_.load(std::memory_order_relaxed),
            std::max(fixed_committed_ - fixed_used_, growing_hole_.load(std::memory_order_relaxed))};
}

} // namespace amp::arena

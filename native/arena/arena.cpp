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

std::uint64_t round_up(std::uint64_t bytes, std::uint64_t to) { return (bytes + to - 1) / to * to; }

} // namespace

Arena::Arena(std::byte* base, std::uint64_t bytes) : memory_(base, bytes) { stats_.reserved = bytes; }

Arena::Arena(Arena&& other) noexcept : memory_(std::exchange(other.memory_, {})), stats_(other.stats_) {}

Arena::~Arena() {
    if (!memory_.empty()) {
        munmap(memory_.data(), memory_.size());
    }
}

Result<Arena> Arena::reserve(std::uint64_t bytes) {
    const std::uint64_t room = round_up(std::max(bytes, kSmallestCommit), kSmallestCommit);
    void* base = mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        return Error{ErrorKind::no_memory, "no address space for an arena of " + std::to_string(room) + " bytes"};
    }
    return Arena(static_cast<std::byte*>(base), room);
}

Result<std::byte*> Arena::take_bytes(std::uint64_t count, std::uint64_t item_bytes) {
    // The reservation and what is used of it are multiples of the alignment, so what fits still does when rounded up.
    if (count > (stats_.reserved - stats_.used) / item_bytes) {
        return Error{ErrorKind::no_memory, "the arena's " + std::to_string(stats_.reserved) + " bytes are used up"};
    }
    const std::uint64_t end = stats_.used + round_up(count * item_bytes, kAlignment);
    if (end > stats_.committed) {
        const std::uint64_t wanted = std::min(stats_.reserved, std::bit_ceil(std::max(end, kSmallestCommit)));
        if (mprotect(memory_.data(), wanted, PROT_READ | PROT_WRITE) != 0) {
            return Error{ErrorKind::no_memory, "no memory for an arena of " + std::to_string(wanted) + " bytes"};
        }
        stats_.committed = wanted;
    }
    std::byte* const begin = memory_.data() + stats_.used;
    stats_.used = end;
    return begin;
}

bool Arena::lock() {
    // Pages come from the system when they are first written: do that now, not on a sound thread.
    const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    for (std::uint64_t at = 0; at < stats_.used; at += page) {
        auto* const byte = reinterpret_cast<volatile unsigned char*>(memory_.data() + at);
        *byte = *byte;
    }
    return mlock(memory_.data(), round_up(stats_.used, page)) == 0;
}

} // namespace amp::arena

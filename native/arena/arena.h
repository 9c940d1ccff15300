// One contiguous stretch of memory for everything that a running plan touches: wheels, node state, token headers.
// Address space is reserved once, memory is committed as it is needed, and the base never moves.
#pragma once

#include "base/result.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::arena {

struct Stats {
    std::uint64_t reserved = 0;     // bytes of address space
    std::uint64_t committed = 0;    // bytes of memory
    std::uint64_t used = 0;         // bytes handed out
    std::uint64_t largest_hole = 0; // bytes of the longest run of memory that nobody uses
};

class Arena {
public:
    // Reserves room for `bytes`, and behind them for parts of `growing_bytes` together, none of it committed yet.
    // [compiler]
    static Result<Arena> reserve(std::uint64_t bytes, std::uint64_t growing_bytes = 0);
    Arena(Arena&& other) noexcept;
    Arena& operator=(Arena&&) = delete;
    ~Arena();

    // Bytes of `growing_bytes` that a part takes that grows to `bytes`. [compiler]
    static std::uint64_t growing_room(std::uint64_t bytes);

    // `count` zeroed items, aligned to a cache line. Fails when the reservation is used up or memory is short.
    // [compiler]
    template <class T>
    Result<std::span<T>> take(std::uint64_t count) {
        auto bytes = take_bytes(count, sizeof(T));
        if (!bytes.ok()) {
            return bytes.error();
        }
        return std::span<T>(reinterpret_cast<T*>(bytes.value()), count);
    }

    // A part of `first` zeroed bytes that may become longer where it is, up to `most`.
    struct Growing {
        std::byte* begin = nullptr;
        std::size_t number = 0; // of the part
    };
    // Fails like take. [compiler]
    Result<Growing> take_growing(std::uint64_t first, std::uint64_t most);

    // Makes the part `bytes` long; what is new is zeroed, and kept in memory if the arena is. Fails when memory is
    // short or `bytes` are more than were set aside, and then changes nothing. One thread at a time; not a sound
    // thread. [any]
    Result<bool> lengthen(const Growing& part, std::uint64_t bytes);

    // Keeps the committed part in memory where the system allows it, and touches every page. [compiler]
    bool lock();

    // [any]
    Stats stats() const;

private:
    // A part that grows.
    struct Part {
        std::byte* begin;
        std::uint64_t used, committed, most;
    };

    Arena(std::byte* base, std::uint64_t bytes, std::uint64_t growing_bytes);
    Result<std::byte*> take_bytes(std::uint64_t count, std::uint64_t item_bytes);
    void count_growing();

    std::span<std::byte> memory_;
    std::uint64_t fixed_reserved_ = 0, fixed_committed_ = 0, fixed_used_ = 0;
    std::uint64_t growing_taken_ = 0; // bytes of address space behind the fixed ones
    std::vector<Part> parts_;
    bool is_locked_ = false;
    // Of the parts that grow, for whoever asks while they do.
    std::atomic<std::uint64_t> growing_used_{0}, growing_committed_{0}, growing_hole_{0};
};

} // namespace amp::arena

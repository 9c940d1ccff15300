// One contiguous stretch of memory for everything that a running plan touches: wheels, node state, token headers.
// Address space is reserved once, memory is committed as it is needed, and the base never moves.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace amp::arena {

struct Stats {
    std::uint64_t reserved = 0;  // bytes of address space
    std::uint64_t committed = 0; // bytes of memory
    std::uint64_t used = 0;      // bytes handed out
};

class Arena {
public:
    // Reserves room for `bytes`, none of it committed yet. [compiler]
    static Result<Arena> reserve(std::uint64_t bytes);
    Arena(Arena&& other) noexcept;
    Arena& operator=(Arena&&) = delete;
    ~Arena();

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

    // Keeps the committed part in memory where the system allows it, and touches every page. [compiler]
    bool lock();

    Stats stats() const { return stats_; }

private:
    Arena(std::byte* base, std::uint64_t bytes);
    Result<std::byte*> take_bytes(std::uint64_t count, std::uint64_t item_bytes);

    std::span<std::byte> memory_;
    Stats stats_;
};

} // namespace amp::arena

// Seeds from seeds: the same on every machine.
#pragma once

#include <cstdint>

namespace amp {

// The finalizer of SplitMix64 (S. Vigna, public domain) over two numbers. [any]
constexpr std::uint64_t mixed_seed(std::uint64_t seed, std::uint64_t number) {
    std::uint64_t z = seed + (number + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

} // namespace amp

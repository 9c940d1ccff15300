// Whole numbers from numbers that another process may have written.
#pragma once

#include <algorithm>
#include <cstdint>

namespace amp {

// Towards zero, and never further from it than 2^62; of no number -2^62. [any]
inline std::int64_t saturated(double number) {
    constexpr double kMost = 0x1p62;
    return static_cast<std::int64_t>(number >= -kMost ? std::min(number, kMost) : -kMost);
}

} // namespace amp

// Memory that several threads write is kept a cache line apart.
#pragma once

#include <cstddef>

namespace amp {

inline constexpr std::size_t kCacheLine = 64; // bytes

} // namespace amp

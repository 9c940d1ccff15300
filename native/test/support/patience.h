// How long tests wait for what must come, before they take it for lost.
#pragma once

namespace amp::test {

// Times as long under a sanitizer, where all is an order of magnitude slower.
#if defined(AMP_SANITIZED)
inline constexpr int kPatience = 20;
#else
inline constexpr int kPatience = 1;
#endif

} // namespace amp::test

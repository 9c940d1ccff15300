// The type of the values on wheels. The engine is compiled for floats, in which it plays, and once more for doubles, in
// which gradients are exact enough to be checked: the same code in a namespace of its own.
#pragma once

#include "base/sum.h"

#ifdef AMP_DOUBLE_PRECISION
#define AMP_PRECISION in_double
#else
#define AMP_PRECISION in_float
#endif

namespace amp::engine::inline AMP_PRECISION {

#ifdef AMP_DOUBLE_PRECISION
using Sample = double;
inline constexpr bool kRecords = true; // what it does, so that gradients can go the same way back
#else
using Sample = float;
inline constexpr bool kRecords = false;
#endif

using Leaf = amp::Leaf<Sample>;

} // namespace amp::engine::inline AMP_PRECISION

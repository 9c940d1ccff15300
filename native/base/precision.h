// Lanes of floats as lanes of doubles, and the other way.
#pragma once

#include "base/lanes.h"

#include <cstring>
#include <type_traits>

namespace amp {

// The same values in another precision. As vectors: of a loop over arrays GCC 12 makes one that forgets to round when
// it goes from double to float and back (-O2, v2df).
template <class To, class From, int N>
Lanes<To, N> converted(Lanes<From, N> values) {
    if constexpr (std::is_same_v<To, From>) {
        return values;
    } else if constexpr (N == 1) {
        return Lanes<To, N>(static_cast<To>(values.value));
    } else {
        typedef From FromVector __attribute__((vector_size(N * sizeof(From))));
        typedef To ToVector __attribute__((vector_size(N * sizeof(To))));
        FromVector from;
        std::memcpy(&from, &values, sizeof from);
        const ToVector to = __builtin_convertvector(from, ToVector);
        Lanes<To, N> made;
        static_assert(sizeof made == sizeof to);
        std::memcpy(&made, &to, sizeof to);
        return made;
    }
}
template <class S, int N>
Lanes<double, N> widened(Lanes<S, N> values) {
    return converted<double>(values);
}

} // namespace amp

// Types that break the contract on purpose, each in one place. They are in no table of types but this program's.
#pragma once

#include "node/node.h"

#include <ostream>
#include <span>
#include <string_view>

namespace amp::test {

struct BrokenType {
    std::string_view check; // the only one that finds fault with it
    NodeType type;
};

inline void PrintTo(const BrokenType& broken, std::ostream* out) { *out << broken.check; }

std::span<const BrokenType> broken_types();

} // namespace amp::test

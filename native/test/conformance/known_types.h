// Types that only a test knows, for plans of this program: it has a table of types of its own.
#pragma once

#include "node/node.h"

namespace amp::test {

// While it lives, plans may use the type by its name. Not on two threads at once; streams that use it are gone before.
class KnownType {
public:
    explicit KnownType(const NodeType& type);
    ~KnownType();
    KnownType(const KnownType&) = delete;
    KnownType& operator=(const KnownType&) = delete;
};

} // namespace amp::test

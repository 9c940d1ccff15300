// Stands in for native/node/node_table.cpp, of which the linker then takes nothing.
#include "conformance/known_types.h"

#include "node_table.inc"

#include <algorithm>
#include <iterator>
#include <vector>

namespace amp {

namespace {

std::vector<const NodeType*>& known() {
    static std::vector<const NodeType*> types;
    return types;
}

} // namespace

std::span<const NodeType* const> node_types() { return kNodeTable; }

const NodeType* find_node_type(std::string_view name) {
    const auto is_it = [&](const NodeType* type) { return type->name == name; };
    if (const auto found = std::ranges::find_if(known(), is_it); found != known().end()) {
        return *found;
    }
    const auto found = std::ranges::find_if(kNodeTable, is_it);
    return found == std::end(kNodeTable) ? nullptr : *found;
}

namespace test {

KnownType::KnownType(const NodeType& type) { known().push_back(&type); }
KnownType::~KnownType() { known().pop_back(); }

} // namespace test
} // namespace amp

// The table of all node types, from the list that the build makes of native/nodes/.
#include "node/node.h"

#include "node_table.inc"

#include <algorithm>
#include <iterator>

namespace amp {

std::span<const NodeType* const> node_types() { return kNodeTable; }

const NodeType* find_node_type(std::string_view name) {
    const auto found = std::ranges::lower_bound(kNodeTable, name, {}, [](const NodeType* type) { return type->name; });
    return found != std::end(kNodeTable) && (*found)->name == name ? *found : nullptr;
}

} // namespace amp

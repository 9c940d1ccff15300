// Prints the declarations of all node types as JSON: what src/patch/node-types.json is generated from.
#include "engine/describe.h"

#include <iostream>

int main() {
    std::cout << amp::engine::describe_node_types() << std::flush;
    return std::cout ? 0 : 1;
}

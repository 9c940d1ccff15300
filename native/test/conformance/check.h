// The node contract as checks: each is a function over a type, says what is wrong, and needs no line for any type.
#pragma once

#include "node/node.h"

#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

namespace amp::test {

// What is wrong, in words; nothing if the type keeps this part of the contract.
using Fault = std::optional<std::string>;

struct Check {
    std::string_view name; // what must hold, as the name of a test
    Fault (*find_fault)(const NodeType& type);
};

inline void PrintTo(const Check& check, std::ostream* out) { *out << check.name; }

// All of them.
std::span<const Check> conformance_checks();

// Those of one file each.
std::span<const Check> declaration_checks();
std::span<const Check> equal_bits_checks();
std::span<const Check> limit_checks();
std::span<const Check> time_checks();
std::span<const Check> containment_checks();

// A fault put together as with a stream.
template <class... Parts>
Fault fault(const Parts&... parts) {
    std::ostringstream text;
    (text << ... << parts);
    return text.str();
}

// The first fault that find.operator()<S>() finds in floats or in doubles.
template <class Find>
Fault in_both_precisions(Find&& find) {
    if (const Fault found = find.template operator()<float>()) {
        return "in floats: " + *found;
    }
    if (const Fault found = find.template operator()<double>()) {
        return "in doubles: " + *found;
    }
    return {};
}

} // namespace amp::test

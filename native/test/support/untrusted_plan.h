// What must hold of any bytes that are given as a plan: the reader says no with a place, or the plan runs.
#pragma once

#include "plan/description.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace amp::test {

// Makes the length and the checksum fit the bytes, as far as there is a header: damage behind it is met only then.
void seal(std::vector<std::byte>& bytes);

// Whether a reader's refusal says where: a byte offset, or a node, an edge or the like by name.
bool names_a_place(std::string_view refusal);

// Runs a plan that was taken over some blocks of `block` frames, with notes that come and go, unless it needs more
// than `most_bytes`. Says what is wrong with it; empty: nothing.
std::string fault_in_running(const plan::Description& plan, int block, int workers, std::uint64_t most_bytes);

} // namespace amp::test

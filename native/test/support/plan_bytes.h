// Descriptions as bytes of the plan format (docs/plan_format.md), for tests of whoever reads them.
#pragma once

#include "plan/description.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace amp::test {

struct PlanBytes {
    std::vector<std::byte> bytes;
    std::vector<std::size_t> words;    // offsets of all 32-bit fields: counts, indices, lengths
    std::vector<std::size_t> sections; // offsets of all sections
};

// Writes whatever it is given, right or wrong.
PlanBytes encode(const plan::Description& plan);

// Makes the checksum fit the bytes again.
void mend_checksum(std::vector<std::byte>& bytes);

// Overwrites the 32-bit field at `offset`.
void write_word(std::vector<std::byte>& bytes, std::size_t offset, std::uint32_t value);
std::uint32_t read_word(const std::vector<std::byte>& bytes, std::size_t offset);

} // namespace amp::test

// The one sum (DESIGN: 3.10), as it is told rather than as it is fast.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace amp::test::reference {

// Groups of 32 leaves, leaf i of a group into column i mod 16, columns from +0; the groups column by column in a
// pairwise tree, then the 16 columns in a pairwise tree.
inline float one_sum(const std::vector<float>& leaves) {
    std::vector<std::array<float, 16>> groups;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (i % 32 == 0) {
            groups.emplace_back();
        }
        groups.back()[i % 16] += leaves[i];
    }
    if (groups.empty()) {
        return 0;
    }
    while (groups.size() > 1) {
        std::vector<std::array<float, 16>> pairs;
        for (std::size_t g = 0; g < groups.size(); g += 2) {
            pairs.push_back(groups[g]);
            for (std::size_t column = 0; g + 1 < groups.size() && column < 16; ++column) {
                pairs.back()[column] = groups[g][column] + groups[g + 1][column];
            }
        }
        groups = pairs;
    }
    std::array<float, 16> columns = groups.front();
    for (std::size_t count = 8; count > 0; count /= 2) {
        for (std::size_t i = 0; i < count; ++i) {
            columns[i] = columns[2 * i] + columns[2 * i + 1];
        }
    }
    return columns[0];
}

} // namespace amp::test::reference

// Every type keeps every part of the contract. A new type is tried without a line written here.
#include "conformance/check.h"
#include "conformance/known_types.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

namespace amp {

// Built from docs/node_contract.md.
extern const NodeType node_type_dc_block;

} // namespace amp

namespace amp::test {
namespace {

std::string name_of(const testing::TestParamInfo<std::tuple<const NodeType*, Check>>& info) {
    return std::string(std::get<0>(info.param)->name) + "_" + std::string(std::get<1>(info.param).name);
}

class Conformance : public testing::TestWithParam<std::tuple<const NodeType*, Check>> {};

TEST_P(Conformance, IsKept) {
    const auto& [type, check] = GetParam();
    const KnownType known(*type);
    const Fault found = check.find_fault(*type);
    EXPECT_FALSE(found.has_value()) << type->name << ": " << *found;
}

INSTANTIATE_TEST_SUITE_P(OfEveryType, Conformance,
                         testing::Combine(testing::ValuesIn(node_types().begin(), node_types().end()),
                                          testing::ValuesIn(conformance_checks().begin(), conformance_checks().end())),
                         name_of);

INSTANTIATE_TEST_SUITE_P(OfTheTypeThatIsDocumented, Conformance,
                         testing::Combine(testing::Values(&node_type_dc_block),
                                          testing::ValuesIn(conformance_checks().begin(), conformance_checks().end())),
                         name_of);

} // namespace
} // namespace amp::test

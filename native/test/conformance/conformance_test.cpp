// Every type keeps every part of the contract. A new type is tried without a line written here.
#include "conformance/check.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

namespace amp::test {
namespace {

class Conformance : public testing::TestWithParam<std::tuple<const NodeType*, Check>> {};

TEST_P(Conformance, IsKept) {
    const auto& [type, check] = GetParam();
    const Fault found = check.find_fault(*type);
    EXPECT_FALSE(found.has_value()) << type->name << ": " << *found;
}

INSTANTIATE_TEST_SUITE_P(OfEveryType, Conformance,
                         testing::Combine(testing::ValuesIn(node_types().begin(), node_types().end()),
                                          testing::ValuesIn(conformance_checks().begin(), conformance_checks().end())),
                         [](const auto& info) {
                             return std::string(std::get<0>(info.param)->name) + "_" +
                                    std::string(std::get<1>(info.param).name);
                         });

} // namespace
} // namespace amp::test

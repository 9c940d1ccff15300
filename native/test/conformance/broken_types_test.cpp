// Each check can fail: a type that breaks what it asks for, and nothing else, is found by it alone.
#include "conformance/broken_types.h"
#include "conformance/check.h"
#include "conformance/known_types.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace amp::test {
namespace {

class Broken : public testing::TestWithParam<BrokenType> {};

TEST_P(Broken, IsFoundByItsCheckAlone) {
    const KnownType known(GetParam().type);
    std::vector<std::string> found;
    for (const Check& check : conformance_checks()) {
        if (const Fault fault = check.find_fault(GetParam().type)) {
            found.emplace_back(check.name);
            RecordProperty(std::string(check.name), *fault);
        }
    }
    EXPECT_EQ(found, std::vector<std::string>{std::string(GetParam().check)});
}

INSTANTIATE_TEST_SUITE_P(OnPurpose, Broken, testing::ValuesIn(broken_types().begin(), broken_types().end()),
                         [](const auto& info) { return std::to_string(info.index) + std::string(info.param.check); });

TEST(Conformance, HasABrokenTypeForEveryCheck) {
#if defined(AMP_SANITIZED)
    GTEST_SKIP() << "a sanitizer replaces the allocation that one of them looks at";
#endif
    for (const Check& check : conformance_checks()) {
        EXPECT_TRUE(std::ranges::any_of(broken_types(), [&](const auto& type) { return type.check == check.name; }))
            << check.name;
    }
}

} // namespace
} // namespace amp::test

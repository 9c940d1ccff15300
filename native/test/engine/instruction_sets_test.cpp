// The engine built for each instruction set gives the same bits for random plans.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>

namespace amp::test {
namespace {

constexpr char kPlans[] = " 0 80";

std::string printed(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string text;
    std::array<char, 4096> part;
    while (pipe != nullptr && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) {
        text += part.data();
    }
    return text;
}

TEST(InstructionSets, OfTwoKindsGiveTheSameBits) {
    if (!__builtin_cpu_supports("x86-64-v3")) {
        GTEST_SKIP() << "this processor has no x86-64-v3";
    }
    const std::string wanted = printed(AMP_HASH_RANDOM_PLANS_V2 + std::string(kPlans));
    EXPECT_EQ(std::count(wanted.begin(), wanted.end(), '\n'), 80);
    EXPECT_EQ(printed(AMP_HASH_RANDOM_PLANS_V3 + std::string(kPlans)), wanted);
}

TEST(InstructionSets, OfTheWidestRegistersGiveTheSameBits) {
#ifdef AMP_HASH_RANDOM_PLANS_V4
    EXPECT_EQ(printed(AMP_HASH_RANDOM_PLANS_V4 + std::string(kPlans)),
              printed(AMP_HASH_RANDOM_PLANS_V2 + std::string(kPlans)));
#else
    GTEST_SKIP() << "this processor has no x86-64-v4";
#endif
}

} // namespace
} // namespace amp::test

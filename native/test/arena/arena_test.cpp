#include "arena/arena.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <unistd.h>
#include <utility>
#include <vector>

namespace amp::test {
namespace {

using arena::Arena;

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;

Arena arena_of(std::uint64_t bytes) {
    auto made = Arena::reserve(bytes);
    EXPECT_TRUE(made.ok());
    return std::move(made.value());
}

TEST(Arena, ReservesAddressSpaceAndCommitsNothing) {
    const Arena arena = arena_of(64 * kMegabyte);
    EXPECT_GE(arena.stats().reserved, 64 * kMegabyte);
    EXPECT_EQ(arena.stats().committed, 0U);
    EXPECT_EQ(arena.stats().used, 0U);
}

TEST(Arena, ReservesFarMoreThanTheMachineHas) {
    const auto memory =
        static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    EXPECT_TRUE(Arena::reserve(16 * memory).ok()) << memory;
}

TEST(Arena, RefusesAReservationThatNoAddressSpaceHolds) {
    for (const std::uint64_t bytes : {std::uint64_t{1} << 62, std::numeric_limits<std::uint64_t>::max(),
                                      std::numeric_limits<std::uint64_t>::max() - 65535}) {
        const auto made = Arena::reserve(bytes);
        ASSERT_FALSE(made.ok()) << bytes;
        EXPECT_EQ(made.error().kind, ErrorKind::no_memory);
    }
}

TEST(Arena, HandsOutZeroesAtCacheLines) {
    Arena arena = arena_of(8 * kMegabyte);
    std::mt19937 random(1);
    for (int i = 0; i < 200; ++i) {
        const auto taken = arena.take<float>(1 + random() % 5000);
        ASSERT_TRUE(taken.ok());
        ASSERT_EQ(reinterpret_cast<std::uintptr_t>(taken.value().data()) % 64, 0U);
        ASSERT_TRUE(std::ranges::all_of(taken.value(), [](float value) { return value == 0; }));
        std::ranges::fill(taken.value(), 1.0F);
    }
}

TEST(Arena, NeverMovesNorSharesWhatItHandedOut) {
    Arena arena = arena_of(64 * kMegabyte);
    std::vector<std::span<std::uint32_t>> taken;
    std::mt19937 random(2);
    for (std::uint32_t i = 0; i < 300; ++i) {
        auto made = arena.take<std::uint32_t>(random() % 20000);
        ASSERT_TRUE(made.ok());
        std::ranges::fill(made.value(), i);
        taken.push_back(made.value());
    }
    for (std::uint32_t i = 0; i < taken.size(); ++i) {
        ASSERT_TRUE(std::ranges::all_of(taken[i], [i](std::uint32_t value) { return value == i; })) << i;
    }
}

TEST(Arena, DoublesWhatIsCommitted) {
    Arena arena = arena_of(64 * kMegabyte);
    std::vector<std::uint64_t> committed;
    while (arena.take<std::byte>(10000).ok()) {
        if (committed.empty() || committed.back() != arena.stats().committed) {
            committed.push_back(arena.stats().committed);
        }
        ASSERT_GE(arena.stats().committed, arena.stats().used);
    }
    ASSERT_GT(committed.size(), 5U);
    for (std::size_t i = 1; i < committed.size(); ++i) {
        EXPECT_EQ(committed[i], std::min(2 * committed[i - 1], arena.stats().reserved));
    }
}

TEST(Arena, CountsWhatIsUsed) {
    Arena arena = arena_of(kMegabyte);
    ASSERT_TRUE(arena.take<float>(1).ok());
    EXPECT_EQ(arena.stats().used, 64U);
    ASSERT_TRUE(arena.take<float>(17).ok());
    EXPECT_EQ(arena.stats().used, 192U);
    ASSERT_TRUE(arena.take<float>(0).ok());
    EXPECT_EQ(arena.stats().used, 192U);
}

TEST(Arena, RefusesWhatIsBeyondItsReservationAndGoesOn) {
    Arena arena = arena_of(kMegabyte);
    const std::uint64_t reserved = arena.stats().reserved;
    const auto refused = arena.take<std::byte>(reserved + 1);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::no_memory);
    EXPECT_NE(refused.error().message.find(std::to_string(reserved)), std::string::npos);
    EXPECT_EQ(arena.stats().used, 0U);
    EXPECT_TRUE(arena.take<std::byte>(reserved).ok());
    EXPECT_FALSE(arena.take<std::byte>(1).ok());
}

TEST(Arena, RefusesCountsThatOverflow) {
    Arena arena = arena_of(kMegabyte);
    ASSERT_TRUE(arena.take<std::byte>(100).ok());
    constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint64_t count : {kAll, kAll - 1, kAll - 63, kAll - 64, kAll - 127, kAll - 128, kAll - 255}) {
        EXPECT_FALSE(arena.take<std::byte>(count).ok()) << count;
    }
    for (const std::uint64_t count : {kAll, kAll / 2, kAll / 4, kAll / 4 + 1, kAll / 4 + 2, kAll / 2 + 1}) {
        EXPECT_FALSE(arena.take<float>(count).ok()) << count;
    }
    EXPECT_EQ(arena.stats().used, 128U);
}

TEST(Arena, IsWritableWhereItWasAfterItIsMovedAndLocked) {
    Arena first = arena_of(4 * kMegabyte);
    const auto before = first.take<int>(100000);
    ASSERT_TRUE(before.ok());
    before.value()[99999] = 7;
    Arena second(std::move(first));
    second.lock(); // may be forbidden here; the memory stays good
    const auto after = second.take<int>(100000);
    ASSERT_TRUE(after.ok());
    after.value()[99999] = 8;
    EXPECT_EQ(before.value()[99999], 7);
    EXPECT_GE(second.stats().used, 800000U);
}

TEST(Arena, LocksEvenWhenNothingIsUsed) {
    Arena arena = arena_of(kMegabyte);
    arena.lock();
    EXPECT_EQ(arena.stats().used, 0U);
}

Arena growing_arena(std::uint64_t growing) {
    auto made = Arena::reserve(kMegabyte, growing);
    EXPECT_TRUE(made.ok());
    return std::move(made.value());
}

std::span<unsigned char> bytes_of(const Arena::Growing& part, std::uint64_t count) {
    return {reinterpret_cast<unsigned char*>(part.begin), count};
}

TEST(GrowingPart, BecomesLongerWhereItIsAndKeepsWhatItHolds) {
    Arena arena = growing_arena(64 * kMegabyte);
    const auto first = arena.take_growing(1000, 32 * kMegabyte), second = arena.take_growing(5000, 32 * kMegabyte);
    ASSERT_TRUE(first.ok());
    ASSERT_TRUE(second.ok());
    std::ranges::fill(bytes_of(first.value(), 1000), 1);
    std::ranges::fill(bytes_of(second.value(), 5000), 2);
    ASSERT_TRUE(arena.lengthen(first.value(), 32 * kMegabyte).ok());
    const auto all = bytes_of(first.value(), 32 * kMegabyte);
    EXPECT_TRUE(std::ranges::all_of(all.first(1000), [](unsigned char byte) { return byte == 1; }));
    EXPECT_TRUE(std::ranges::all_of(all.subspan(1000), [](unsigned char byte) { return byte == 0; }));
    std::ranges::fill(all, 3);
    EXPECT_TRUE(std::ranges::all_of(bytes_of(second.value(), 5000), [](unsigned char byte) { return byte == 2; }));
}

TEST(GrowingPart, TakesMemoryAsItGrows) {
    Arena arena = growing_arena(64 * kMegabyte);
    const auto part = arena.take_growing(4096, 64 * kMegabyte);
    ASSERT_TRUE(part.ok());
    EXPECT_EQ(arena.stats().committed, 4096U);
    EXPECT_EQ(arena.stats().used, 4096U);
    ASSERT_TRUE(arena.lengthen(part.value(), 3 * kMegabyte + 1).ok());
    EXPECT_EQ(arena.stats().used, 3 * kMegabyte + 1);
    EXPECT_EQ(arena.stats().committed, 3 * kMegabyte + 4096);
    EXPECT_EQ(arena.stats().largest_hole, 4095U);
}

TEST(GrowingPart, RefusesMoreThanWasSetAsideAndChangesNothing) {
    Arena arena = growing_arena(2 * kMegabyte);
    const auto part = arena.take_growing(100, kMegabyte);
    ASSERT_TRUE(part.ok());
    EXPECT_FALSE(arena.lengthen(part.value(), kMegabyte + 1).ok());
    EXPECT_FALSE(arena.take_growing(100, kMegabyte + 4097).ok());
    EXPECT_FALSE(arena.take_growing(200, 100).ok());
    EXPECT_EQ(arena.stats().used, 100U);
    EXPECT_TRUE(arena.lengthen(part.value(), kMegabyte).ok());
}

TEST(Arena, TellsOfTheMemoryThatNobodyUses) {
    Arena arena = arena_of(kMegabyte);
    ASSERT_TRUE(arena.take<std::byte>(1000).ok());
    EXPECT_EQ(arena.stats().largest_hole, arena.stats().committed - 1024);
}

} // namespace
} // namespace amp::test

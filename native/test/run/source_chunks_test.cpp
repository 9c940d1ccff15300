#include "run/source_chunks.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>

namespace amp::test {
namespace {

using run::SourceChunks;

TEST(SourceChunks, CoverAllSourcesInOrder) {
    for (const std::size_t sources : {1, 2, 5, 31, 32, 33, 1000}) {
        const SourceChunks chunks(sources, 3, 1);
        EXPECT_EQ(chunks.first(0), 0U);
        for (std::uint32_t chunk = 0; chunk < chunks.count(); ++chunk) {
            EXPECT_LT(chunks.first(chunk), chunks.first(chunk + 1)) << sources;
        }
        EXPECT_EQ(chunks.first(chunks.count()), sources);
    }
}

TEST(SourceChunks, GoToOneWorkerEach) {
    SourceChunks chunks(100, 2, 1);
    chunks.seal(0);
    std::set<std::uint32_t> claimed;
    for (int turn = 0; const auto chunk = chunks.claim_any(0, turn % 2); ++turn) {
        EXPECT_TRUE(claimed.insert(*chunk).second) << *chunk;
    }
    EXPECT_EQ(claimed.size(), chunks.count());
}

TEST(SourceChunks, StayWithTheWorkerThatTookThem) {
    SourceChunks chunks(100, 2, 1);
    chunks.seal(0);
    std::set<std::uint32_t> taken;
    while (const auto chunk = chunks.claim_own(0, 0)) {
        taken.insert(*chunk);
    }
    ASSERT_LT(taken.size(), chunks.count());
    taken.insert(*chunks.claim_any(0, 0));
    chunks.seal(1);
    std::set<std::uint32_t> own;
    while (const auto chunk = chunks.claim_own(1, 0)) {
        own.insert(*chunk);
    }
    EXPECT_EQ(own, taken);
}

// A worker that was put aside in the middle of a claim may come back when another block has the place of its own.
TEST(SourceChunks, OfALaterBlockAreNotThoseOfAnEarlierOneInTheirPlace) {
    SourceChunks chunks(8, 1, 1);
    for (std::int64_t block = 0; block < 5; ++block) {
        chunks.seal(block);
        for (std::int64_t other = 0; other < 10; ++other) {
            if (other != block && other != block - 1) {
                EXPECT_EQ(chunks.claim_any(other, 0), std::nullopt) << other << " while " << block << " is sealed";
            }
        }
    }
}

} // namespace
} // namespace amp::test

#include "base/bounded_list.h"
#include "base/bounded_queue.h"
#include "base/crc32.h"
#include "base/seed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <random>
#include <set>
#include <string_view>
#include <thread>
#include <vector>

namespace amp::test {
namespace {

std::uint32_t checksum(std::string_view text) { return crc32(std::as_bytes(std::span(text))); }

TEST(Crc32, HasTheKnownValues) {
    EXPECT_EQ(checksum(""), 0U);
    EXPECT_EQ(checksum("a"), 0xE8B7BE43U);
    EXPECT_EQ(checksum("123456789"), 0xCBF43926U);
    EXPECT_EQ(checksum("The quick brown fox jumps over the lazy dog"), 0x414FA339U);
}

TEST(MixedSeed, GivesOtherSeedsForOtherNumbers) {
    std::set<std::uint64_t> seeds;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        for (std::uint64_t number = 0; number < 100; ++number) {
            seeds.insert(mixed_seed(seed * 0x100000001ULL, number));
        }
    }
    EXPECT_EQ(seeds.size(), 10000U);
}

TEST(BoundedList, RefusesWhatIsBeyondItsRoom) {
    BoundedList<int> list(3);
    EXPECT_TRUE(list.add(1) && list.add(2) && list.add(3));
    EXPECT_FALSE(list.add(4));
    EXPECT_FALSE(list.insert_sorted(0, std::less<>()));
    EXPECT_EQ(std::vector<int>(list.begin(), list.end()), (std::vector<int>{1, 2, 3}));
}

TEST(BoundedList, OfNoRoomTakesNothing) {
    BoundedList<int> list;
    EXPECT_FALSE(list.add(1));
    EXPECT_TRUE(list.empty() && list.full());
}

TEST(BoundedList, SortsAndKeepsTheOrderOfEquals) {
    struct Item {
        int key, number;
    };
    BoundedList<Item> list(1000);
    std::mt19937 random(1);
    std::vector<Item> wanted;
    for (int i = 0; i < 1000; ++i) {
        const Item item{static_cast<int>(random() % 20), i};
        wanted.push_back(item);
        list.insert_sorted(item, [](const Item& a, const Item& b) { return a.key < b.key; });
    }
    std::ranges::stable_sort(wanted, {}, &Item::key);
    EXPECT_TRUE(std::ranges::equal(list.all(), wanted, {}, &Item::number, &Item::number));
}

TEST(BoundedList, RemovesTheFirstOnesAndTheChosenOnes) {
    BoundedList<int> list(10);
    for (int i = 0; i < 10; ++i) {
        list.add(i);
    }
    list.remove_first(3);
    list.remove_if([](int i) { return i % 2 == 0; });
    EXPECT_EQ(std::vector<int>(list.begin(), list.end()), (std::vector<int>{3, 5, 7, 9}));
    list.remove_first(0);
    EXPECT_EQ(list.size(), 4U);
    list.remove_first(4);
    EXPECT_TRUE(list.empty());
}

TEST(BoundedQueue, IsFirstInFirstOutUpToItsRoom) {
    BoundedQueue<int> queue(4);
    for (int round = 0; round < 10; ++round) {
        for (int i = 0; i < 4; ++i) {
            EXPECT_TRUE(queue.push(i));
        }
        EXPECT_FALSE(queue.push(4));
        for (int i = 0; i < 4; ++i) {
            EXPECT_EQ(queue.pop(), i);
        }
        EXPECT_EQ(queue.pop(), std::nullopt);
        EXPECT_TRUE(queue.empty());
    }
}

// Lets a thread stop in the middle of taking an item, as the system does when it gives the core to another.
struct SlowToTake {
    static inline std::atomic<bool> stops{false}, stopped{false};
    SlowToTake() = default;
    SlowToTake& operator=(const SlowToTake&) = default;
    SlowToTake(const SlowToTake&) {
        while (stops.load()) {
            stopped.store(true);
            std::this_thread::yield();
        }
    }
};

TEST(BoundedQueue, KeepsThePlaceOfAnItemThatIsBeingTaken) {
    BoundedQueue<SlowToTake> queue(4);
    const SlowToTake item;
    queue.push(item);
    SlowToTake::stops = true;
    std::thread taker([&] { queue.pop(); });
    while (!SlowToTake::stopped) {
        std::this_thread::yield();
    }
    int pushed = 0;
    while (queue.push(item)) {
        ++pushed;
    }
    EXPECT_EQ(pushed, 3) << "the room of four but for the item that is being taken";
    SlowToTake::stops = false;
    taker.join();
    EXPECT_TRUE(queue.push(item));
}

struct Parcel {
    int producer = 0, number = 0;
};

// What `consumers` threads took from `producers` threads that pushed `count` parcels each, all through one queue.
std::vector<std::vector<Parcel>> exchange(int producers, int consumers, int count, std::size_t capacity) {
    BoundedQueue<Parcel> queue(capacity);
    std::atomic<int> left{producers * count};
    std::vector<std::vector<Parcel>> taken(static_cast<std::size_t>(consumers));
    std::vector<std::thread> threads;
    for (int p = 0; p < producers; ++p) {
        threads.emplace_back([&, p] {
            for (int i = 0; i < count;) {
                if (queue.push({p, i})) {
                    ++i;
                } else {
                    std::this_thread::yield();
                }
            }
        });
    }
    for (auto& mine : taken) {
        threads.emplace_back([&] {
            while (left.load() > 0) {
                if (const auto parcel = queue.pop()) {
                    mine.push_back(*parcel);
                    --left;
                } else {
                    std::this_thread::yield();
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    return taken;
}

TEST(BoundedQueue, LosesAndDoublesNothingBetweenManyThreads) {
    constexpr int kProducers = 4, kCount = 40000;
    std::vector<std::vector<int>> times(kProducers, std::vector<int>(kCount, 0));
    for (const auto& mine : exchange(kProducers, 4, kCount, 64)) {
        for (const Parcel& parcel : mine) {
            ++times[static_cast<std::size_t>(parcel.producer)][static_cast<std::size_t>(parcel.number)];
        }
    }
    for (const auto& producer : times) {
        EXPECT_TRUE(std::ranges::all_of(producer, [](int count) { return count == 1; }));
    }
}

TEST(BoundedQueue, KeepsTheOrderOfEachProducer) {
    for (const auto& mine : exchange(4, 3, 40000, 2)) {
        std::vector<int> newest(4, -1);
        for (const Parcel& parcel : mine) {
            int& before = newest[static_cast<std::size_t>(parcel.producer)];
            ASSERT_GT(parcel.number, before);
            before = parcel.number;
        }
    }
}

} // namespace
} // namespace amp::test

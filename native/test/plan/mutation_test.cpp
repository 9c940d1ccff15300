// Plans that are damaged and sealed again: the reader must say no with a place, or the plan must run.
#include "plan/memory_meter.h"
#include "plan/reader.h"
#include "plan/sample_plan.h"
#include "support/plan_bytes.h"
#include "support/untrusted_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <string_view>

namespace amp::test {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t kSmall = std::uint64_t{32} << 20; // plans that are run

// AMP_FUZZ_ROUNDS asks for more.
int rounds() {
    const char* const asked = std::getenv("AMP_FUZZ_ROUNDS");
    return asked == nullptr ? 12000 : std::atoi(asked);
}

class Mutator {
public:
    Mutator(const PlanBytes& plan, std::uint32_t seed) : plan_(plan), random_(seed) {}

    Bytes mutated() {
        Bytes bytes = plan_.bytes;
        for (std::uint32_t changes = 1 + below(3); changes > 0; --changes) {
            change(bytes);
        }
        if (below(50) != 0) {
            seal(bytes);
        } else {
            mend_checksum(bytes);
        }
        return bytes;
    }

private:
    std::uint32_t below(std::size_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

    std::size_t any_word(const Bytes& bytes) {
        return std::min(plan_.words[below(plan_.words.size())], bytes.size() - 4);
    }

    template <class Number>
    void write(Bytes& bytes, Number value) {
        const std::size_t at = 24 + below(bytes.size() - 24 - sizeof(value));
        std::memcpy(bytes.data() + at, &value, sizeof(value));
    }

    void change(Bytes& bytes) {
        constexpr double kDoubles[] = {0,   -0.0,   1,   -1,    1e300, -1e300, INFINITY,
                                       NAN, 5e-324, 0.5, 48000, 1e9,   -1e9,   4294967296.0};
        constexpr std::uint32_t kCounts[] = {0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 0x10000, 65535};
        constexpr std::uint64_t kFrames[] = {0,          1,    63, 64, 65, 1U << 20, 1ULL << 32, (1ULL << 32) + 1,
                                             1ULL << 63, ~0ULL};
        switch (below(9)) {
        case 0:
            bytes[24 + below(bytes.size() - 24)] ^= std::byte{1} << below(8);
            return;
        case 1:
            bytes[24 + below(bytes.size() - 24)] = static_cast<std::byte>(below(256));
            return;
        case 2:
            write_word(bytes, any_word(bytes), kCounts[below(std::size(kCounts))]);
            return;
        case 3: // indices and counts that others have
            write_word(bytes, any_word(bytes), read_word(bytes, any_word(bytes)));
            return;
        case 4: {
            const std::size_t a = any_word(bytes), b = any_word(bytes);
            const std::uint32_t held = read_word(bytes, a);
            write_word(bytes, a, read_word(bytes, b));
            write_word(bytes, b, held);
            return;
        }
        case 5:
            write_word(bytes, any_word(bytes), read_word(bytes, any_word(bytes)) + below(3) - 1);
            return;
        case 6:
            write(bytes, kDoubles[below(std::size(kDoubles))]);
            return;
        case 7:
            write(bytes, kFrames[below(std::size(kFrames))]);
            return;
        default: { // a piece is lost or doubled
            const auto from = bytes.begin() + 24 + below(bytes.size() - 64);
            const auto piece = Bytes(from, from + 1 + below(32));
            if (below(2) == 0) {
                bytes.erase(from, from + static_cast<std::ptrdiff_t>(piece.size()));
            } else {
                bytes.insert(from, piece.begin(), piece.end());
            }
        }
        }
    }

    const PlanBytes& plan_;
    std::mt19937 random_;
};

TEST(MutatedPlan, IsRefusedWithAPlaceOrRuns) {
    const PlanBytes whole = encode(sample_plan());
    int taken = 0;
    for (int round = 0; round < rounds(); ++round) {
        const auto seed = static_cast<std::uint32_t>(round);
        const Bytes bytes = Mutator(whole, seed).mutated();
        const auto read = plan::read(bytes);
        if (!read.ok()) {
            ASSERT_EQ(read.error().kind, ErrorKind::bad_plan) << "seed " << seed << ": " << read.error().message;
            ASSERT_TRUE(names_a_place(read.error().message)) << "seed " << seed << ": " << read.error().message;
        } else if (++taken % 16 == 0) {
            ASSERT_EQ(fault_in_running(read.value(), 64, 1 + static_cast<int>(seed % 2), kSmall), "")
                << "seed " << seed;
        }
    }
    EXPECT_GT(taken, rounds() / 100) << "the mutations hardly leave a plan whole";
}

TEST(MutatedPlan, TakesNoMoreMemoryThanItsBytesCanFill) {
    const PlanBytes whole = encode(sample_plan());
    for (int round = 0; round < rounds(); ++round) {
        const Bytes bytes = Mutator(whole, static_cast<std::uint32_t>(round) + 1'000'000).mutated();
        const MemoryMeter meter;
        const bool ok = plan::read(bytes).ok();
        ASSERT_LT(meter.peak(), 16 * bytes.size() + 4096) << "round " << round << (ok ? ", taken" : ", refused");
    }
}

TEST(MutatedPlan, OfAMegabyteOfCountsTakesNoMoreMemoryThanItsBytesCanFill) {
    // As many nodes, edges, components, gates, groups, stages as a section of a megabyte could hold.
    const PlanBytes whole = encode(sample_plan());
    for (std::size_t section = 1; section + 1 < whole.sections.size(); ++section) {
        if (section == 6) {
            continue; // thermal: its count is not its first field
        }
        Bytes bytes = whole.bytes;
        constexpr std::uint32_t kMore = 1 << 20;
        const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(whole.sections[section + 1]);
        bytes.insert(end, kMore, std::byte{0});
        const std::size_t length_at = whole.sections[section] + 4;
        write_word(bytes, length_at, read_word(bytes, length_at) + kMore);
        const std::size_t count_at = length_at + (section == 7 ? 5 : 4);
        for (const std::uint32_t divisor : {8U, 9U, 12U, 24U, 32U, 53U, 60U, 64U}) {
            write_word(bytes, count_at, kMore / divisor);
            seal(bytes);
            const MemoryMeter meter;
            EXPECT_FALSE(plan::read(bytes).ok());
            EXPECT_LT(meter.peak(), 16 * bytes.size()) << "section " << section << ", " << kMore / divisor << " items";
        }
    }
}

} // namespace
} // namespace amp::test

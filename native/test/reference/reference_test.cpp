// Random plans: the streamer gives the bits of the reference, whatever its blocks, workers and schedule.
//
// AMP_LONG_TESTS asks for all 200 plans in all ways; AMP_REFERENCE_SEED for one plan, as a failure has printed it.
#include "base/seed.h"
#include "plan/check.h"
#include "plan/layout.h"
#include "reference/case.h"
#include "reference/locate.h"
#include "reference/shrink.h"
#include "support/random_plan.h"
#include "support/random_schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>

namespace amp::test::reference {
namespace {

constexpr int kFrames = 4500; // more than the longest delay, three blocks of 1024
constexpr int kBlocks[] = {1, 16, 64, 100, 257, 1024};
constexpr int kWorkers[] = {1, 2, 3, 8};
constexpr std::uint64_t kSeed = 20'261'128;
constexpr bool kGates = true;

bool is_long() { return std::getenv("AMP_LONG_TESTS") != nullptr; }

Case random_case(std::uint64_t seed) {
    const RandomParts parts{
        .voices = seed % 3 == 0, .network = seed % 3 != 0 || seed % 2 == 0, .heat = seed % 4 < 2, .gates = kGates};
    RandomPlan random(seed, parts);
    Case made{random.description(), {}, kFrames};
    made.events = control_events(made.plan, random.events(20 + static_cast<int>(seed % 5) * 30, kFrames - 200));
    return made;
}

// All pairs of blocks and workers, or all blocks with one number of workers each; every other way under a schedule.
std::vector<Way> ways(std::uint64_t seed) {
    std::vector<Way> all;
    for (std::size_t b = 0; b < std::size(kBlocks); ++b) {
        for (std::size_t w = 0; w < std::size(kWorkers); ++w) {
            if (is_long() || w == (b + seed) % std::size(kWorkers)) {
                const std::uint64_t schedule = (all.size() + seed) % 2 == 0 ? 0 : mixed_seed(seed, all.size());
                all.push_back({kBlocks[b], kWorkers[w], 1 + static_cast<int>((b + w + seed) % 7), schedule});
            }
        }
    }
    return all;
}

std::optional<int> difference(const std::vector<float>& wanted, const Case& played, const Way& way) {
    const auto at = first_difference(wanted, streamed(played, way));
    const auto width = wanted.size() / static_cast<std::size_t>(played.frames);
    return at ? std::optional(static_cast<int>(*at / width)) : std::nullopt;
}

// A case in which the two differ, made small.
std::string explained(const Case& failing, const Way& way) {
    const Differs differs = [&](const Case& played) { return difference(referenced(played), played, way); };
    const Case small = shrunk(failing, differs);
    const auto place = first_differing_tap(small, differs);
    return "differs first at " +
           (place ? place->node + ", output " + std::to_string(place->output) + ", output frame " +
                        std::to_string(place->frame)
                  : "the output itself") +
           " in\n" + text(small);
}

void expect_same_bits(std::uint64_t seed) {
    const Case played = random_case(seed);
    const auto wrong = plan::check(played.plan);
    ASSERT_EQ(wrong, std::nullopt) << "seed " << seed << ": " << wrong.value_or("");
    const std::vector<float> wanted = referenced(played);
    for (const Way& way : ways(seed)) {
        if (difference(wanted, played, way)) {
            FAIL() << "AMP_REFERENCE_SEED=" << seed << ", " << text(way) << ": " << explained(played, way);
        }
    }
}

TEST(Reference, OfFixedPlansIsWhatTheStreamerGives) {
    for (std::uint64_t plan = 0; plan < (is_long() ? 195U : 20U); ++plan) {
        expect_same_bits(mixed_seed(kSeed, plan));
    }
}

TEST(Reference, OfFreshPlansIsWhatTheStreamerGives) {
    const char* const asked = std::getenv("AMP_REFERENCE_SEED");
    if (asked != nullptr) {
        expect_same_bits(std::strtoull(asked, nullptr, 10));
        return;
    }
    std::random_device fresh;
    for (int plan = 0; plan < 5; ++plan) {
        const std::uint64_t seed = mixed_seed(fresh(), fresh());
        std::cout << "AMP_REFERENCE_SEED=" << seed << std::endl;
        expect_same_bits(seed);
    }
}

// Some edges carry so much that what they feed is not finite, now and then or for ever.
Case blown_up(std::uint64_t seed) {
    Case made = random_case(seed);
    std::mt19937_64 random(seed);
    for (plan::Edge& edge : made.plan.edges) {
        if (edge.target == plan::EdgeTarget::input && random() % 8 == 0) {
            edge.gain = {random() % 2 == 0 ? 1e30 : -3e38, plan::ValueUnit::plain};
        }
    }
    return made;
}

TEST(Reference, OfPlansThatBlowUpIsWhatTheStreamerGives) {
    std::int64_t bad = 0;
    for (std::uint64_t plan = 0; plan < (is_long() ? 60U : 12U); ++plan) {
        const std::uint64_t seed = mixed_seed(kSeed + 1, plan);
        const Case played = blown_up(seed);
        ASSERT_EQ(plan::check(played.plan), std::nullopt) << "seed " << seed;
        Runner runner(played.plan, played.events);
        runner.run(played.frames);
        bad += runner.bad_frames();
        const std::vector<float> wanted = runner.output();
        for (const Way& way : ways(seed)) {
            if (difference(wanted, played, way)) {
                FAIL() << "seed " << seed << ", " << text(way) << ": " << explained(played, way);
            }
        }
    }
    EXPECT_GT(bad, 10'000);
}

TEST(Reference, HearsSomethingInMostPlans) {
    int loud = 0;
    for (std::uint64_t plan = 0; plan < 20; ++plan) {
        float peak = 0;
        for (const float sample : referenced(random_case(mixed_seed(kSeed, plan)))) {
            ASSERT_TRUE(std::isfinite(sample)) << "plan " << plan;
            peak = std::max(peak, std::fabs(sample));
        }
        loud += peak > 0.01F ? 1 : 0;
    }
    EXPECT_GE(loud, 18);
}

TEST(Reference, FusesNodesInManyOfTheSchedulesThatAreDrawn) {
    int fused = 0, staged = 0;
    for (std::uint64_t plan = 0; plan < 20; ++plan) {
        const std::uint64_t seed = mixed_seed(kSeed, plan);
        for (const Way& way : ways(seed)) {
            if (way.schedule == 0) {
                continue;
            }
            Case played = random_case(seed);
            draw_schedule(played.plan, way.schedule);
            staged += played.plan.stages.size() >= 3 ? 1 : 0;
            fused += plan::lay_out(played.plan, {.block = way.block}).value().cohorts.empty() ? 0 : 1;
        }
    }
    // Of 60; compilers draw other plans, since they take arguments in other orders.
    EXPECT_GE(staged, 50);
    EXPECT_GE(fused, 20);
}

} // namespace
} // namespace amp::test::reference

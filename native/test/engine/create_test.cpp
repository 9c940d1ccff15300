// How streamers come and go, and what is said when they cannot.
#include "engine/host_plans.h"
#include "engine/memory_shortage.h"
#include "support/stream.h"
#include "support/thread_shortage.h"

#include <gtest/gtest.h>

#include <cfenv>
#include <chrono>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace amp::test {
namespace {

TEST(Create, SaysWhichSettingIsOutOfRange) {
    const PlanHandle plan(tone_plan());
    const std::pair<amp_streamer_settings, const char*> wrong[] = {
        {settings_for(0, 1, 1, 0), "block 0: 1 to 4096 fit"},
        {settings_for(4097, 1, 1, 0), "block 4097: 1 to 4096 fit"},
        {settings_for(-1, 1, 1, 0), "block -1: 1 to 4096 fit"},
        {settings_for(64, 0, 1, 0), "workers 0: 1 to 64 fit"},
        {settings_for(64, 65, 1, 0), "workers 65: 1 to 64 fit"},
        {settings_for(64, 1, 0, 0), "blocks in flight 0: 1 to 64 fit"},
        {settings_for(64, 1, 65, 0), "blocks in flight 65: 1 to 64 fit"}};
    for (const auto& [settings, message] : wrong) {
        amp_streamer* streamer = nullptr;
        amp_error error{};
        EXPECT_EQ(amp_streamer_create(plan.plan, &settings, &streamer, &error), AMP_E_ARGUMENT) << message;
        EXPECT_EQ(error.status, AMP_E_ARGUMENT);
        EXPECT_STREQ(error.message, message);
        EXPECT_EQ(streamer, nullptr);
    }
}

TEST(Create, RefusesAnOutputThatIsNegativeOrHuge) {
    const PlanHandle plan(tone_plan());
    for (const std::int32_t frames : {-1, INT32_MIN, INT32_MAX, (1 << 24) + 1}) {
        const amp_streamer_settings settings = settings_for(64, 1, 1, frames);
        amp_streamer* streamer = nullptr;
        EXPECT_EQ(amp_streamer_create(plan.plan, &settings, &streamer, nullptr), AMP_E_ARGUMENT) << frames;
    }
}

TEST(Create, RefusesToBeginWhereNoBlockDoes) {
    const PlanHandle plan(tone_plan());
    for (const std::int64_t frame : {std::int64_t{-64}, std::int64_t{1}, INT64_MAX / 64 * 64}) {
        amp_streamer_settings settings = settings_for(64, 1);
        settings.first_frame = frame;
        amp_streamer* streamer = nullptr;
        EXPECT_EQ(amp_streamer_create(plan.plan, &settings, &streamer, nullptr), AMP_E_ARGUMENT) << frame;
    }
}

TEST(Create, TakesTheEndsOfAllRanges) {
    for (const amp_streamer_settings& settings :
         {settings_for(1, 1, 1, 0), settings_for(4096, 1, 1, 1), settings_for(64, 64, 64, 0), settings_for(1, 3, 64, 1),
          settings_for(4096, 2, 64, 4096)}) {
        const Stream stream(tone_plan(), settings);
        EXPECT_EQ(stream.take(5000), Stream(tone_plan()).take(5000)) << settings.block << " " << settings.workers;
    }
}

TEST(Create, RefusesNullPointers) {
    const PlanHandle plan(tone_plan());
    const amp_streamer_settings settings = settings_for(64, 1);
    amp_streamer* streamer = nullptr;
    amp_plan* read = nullptr;
    EXPECT_EQ(amp_streamer_create(nullptr, &settings, &streamer, nullptr), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_streamer_create(plan.plan, nullptr, &streamer, nullptr), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_streamer_create(plan.plan, &settings, nullptr, nullptr), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_plan_read(nullptr, 10, &read, nullptr), AMP_E_ARGUMENT);
    EXPECT_EQ(amp_plan_read("", 0, nullptr, nullptr), AMP_E_ARGUMENT);
    amp_plan_free(nullptr);
    amp_streamer_free(nullptr);
}

TEST(Create, RefusesADamagedPlanWithItsOffset) {
    auto bytes = tone_plan();
    bytes[100] ^= std::byte{1};
    amp_plan* plan = nullptr;
    amp_error error{};
    EXPECT_EQ(amp_plan_read(bytes.data(), bytes.size(), &plan, &error), AMP_E_PLAN);
    EXPECT_EQ(error.status, AMP_E_PLAN);
    EXPECT_STREQ(error.message, "offset 12: the checksum does not fit the bytes");
    EXPECT_EQ(plan, nullptr);
}

TEST(Create, CutsALongMessageToFit) {
    const std::string name(5000, 'x');
    PlanBuilder builder;
    const auto bytes = builder.node(name, "gain").edge(name, name).bytes(); // a loop without delay
    amp_plan* read = nullptr;
    amp_error error;
    std::memset(&error, 0x7F, sizeof(error));
    EXPECT_EQ(amp_plan_read(bytes.data(), bytes.size(), &read, &error), AMP_E_PLAN);
    EXPECT_EQ(std::strlen(error.message), sizeof(error.message) - 1);
}

TEST(Create, OutlivesItsPlan) {
    auto* const plan = new PlanHandle(tone_plan());
    const amp_streamer_settings settings = settings_for(64, 1);
    amp_streamer* streamer = nullptr;
    ASSERT_EQ(amp_streamer_create(plan->plan, &settings, &streamer, nullptr), AMP_OK);
    delete plan;
    float samples[200];
    EXPECT_EQ(amp_streamer_take(streamer, samples, 100, kSecond * 60, nullptr), AMP_OK);
    amp_streamer_free(streamer);
}

TEST(Create, SaysWhenTheSystemGivesTooFewThreads) {
    const PlanHandle plan(tone_plan());
    const amp_streamer_settings settings = settings_for(64, 8, 4, 0);
    if (!refuse_threads_after(3)) {
        GTEST_SKIP() << "the sanitizer makes the threads";
    }
    amp_streamer* streamer = nullptr;
    amp_error error{};
    const amp_status made = amp_streamer_create(plan.plan, &settings, &streamer, &error);
    refuse_threads_after(-1);
    EXPECT_EQ(made, AMP_E_THREAD);
    EXPECT_NE(std::string(error.message).find("thread"), std::string::npos);
}

TEST(Create, SaysWhenMemoryIsShortWhateverAllocationFails) {
    const auto bytes = tone_plan();
    const amp_streamer_settings settings = settings_for(64, 2, 2, 0);
    bool made = false;
    for (int allocations = 0; !made; ++allocations) {
        ASSERT_LT(allocations, 5000);
        amp_plan* plan = nullptr;
        amp_streamer* streamer = nullptr;
        amp_error error{};
        {
            const MemoryShortage shortage(allocations);
            const amp_status read = amp_plan_read(bytes.data(), bytes.size(), &plan, &error);
            const amp_status status = read == AMP_OK ? amp_streamer_create(plan, &settings, &streamer, &error) : read;
            made = status == AMP_OK;
            ASSERT_TRUE(made || status == AMP_E_MEMORY) << allocations << " allocations: " << error.message;
        }
        amp_streamer_free(streamer);
        amp_plan_free(plan);
    }
}

TEST(Create, GivesTheSameBitsWhateverRoundingItsCallerHas) {
    PlanBuilder builder;
    builder.node("tone", "saw", {.parameters = {{"freq", {{61.3, plan::ValueUnit::note}}}}})
        .node("level", "gain", {.parameters = {{"gain", {{-7.7, plan::ValueUnit::decibels}}}}})
        .node("out", "output");
    builder.edge("tone", "level").edge("level", "out", {.gain = {6.1, plan::ValueUnit::decibels}});
    builder.stream.ceiling = {-3.3, plan::ValueUnit::decibels};
    const auto wanted = Stream(builder.bytes()).take(5000);
    for (const int rounding : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
        std::fesetround(rounding);
        const auto found = Stream(builder.bytes()).take(5000);
        std::fesetround(FE_TONEAREST);
        EXPECT_EQ(found, wanted) << rounding;
    }
}

TEST(Create, AndFreeManyTimesAtAnyMoment) {
    std::mt19937 random(5);
    for (int i = 0; i < 200; ++i) {
        const Stream stream(i % 4 == 0 ? heavy_plan() : tone_plan(),
                            settings_for(1 << random() % 10, 1 + static_cast<int>(random() % 3), 3, 0));
        if (i % 2 == 0) {
            std::vector<float> samples(4000 * 2);
            amp_streamer_take(stream.get(), samples.data(), 1 + static_cast<int>(random() % 4000), 0, nullptr);
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 300));
        }
    }
}

} // namespace
} // namespace amp::test

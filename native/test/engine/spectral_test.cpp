// Spectra in plans: they meet other paths in time, and whatever acts on them acts on whole tokens.
#include "plan/check.h"
#include "support/plan_align.h"
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/plan_order.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

namespace amp::test {
namespace {

constexpr int kSize = 256, kHop = 64, kFrames = 6000;
constexpr int kLate = kSize + kHop; // what comes out of ifft
constexpr std::uint32_t kSpectra = 1;

using Options = std::map<std::string, double>;
const Options kForm{{"size", kSize}, {"overlap", 4}};

// Noise, apart and together again, from edge `kSpectra` between fft and ifft on.
PlanBuilder apart_and_together(const Options& form = kForm) {
    PlanBuilder builder;
    builder.node("noise", "noise").node("apart", "fft", {.options = form}).node("together", "ifft", {.options = form});
    builder.node("out", "output", {.options = {{"channels", 1}}});
    builder.edge("noise", "apart", {.gain = {0.25}}).edge("apart", "together").edge("together", "out");
    return builder;
}

plan::Description aligned(const PlanBuilder& builder) {
    plan::Description plan = builder.build();
    EXPECT_TRUE(put_in_order(plan));
    EXPECT_TRUE(align_latencies(plan));
    return plan;
}

// Frames as the material counts them, from its frame 0 on.
std::vector<float> heard(const PlanBuilder& builder, const std::vector<amp_event>& events = {}, int block = 64,
                         int workers = 1) {
    const plan::Description plan = aligned(builder);
    const Stream stream(encode(plan).bytes, settings_for(block, workers, 1, 1024));
    stream.post(events);
    const int late = stream.latency() + static_cast<int>(plan.stream.output_latency);
    const std::vector<float> samples = stream.take(late + kFrames);
    return {samples.begin() + late, samples.end()};
}

std::vector<float> part(const std::vector<float>& all, int begin, int end) {
    return {all.begin() + begin, all.begin() + end};
}

float loudest(const std::vector<float>& samples) {
    float most = 0;
    for (const float sample : samples) {
        most = std::max(most, std::abs(sample));
    }
    return most;
}

TEST(Spectra, MeetADryPathWithinMinus120DecibelsAtEveryBlockSize) {
    PlanBuilder builder = apart_and_together();
    builder.node("shaped", "spectral_gain", {.options = kForm});
    builder.edge("apart", "shaped").edge("shaped", "together", {.gain = {0.5}});
    builder.edge("noise", "out", {.gain = {-0.25 * 1.5}});
    const std::vector<float> once = heard(builder);
    EXPECT_LT(loudest(once), 1e-6F);
    for (const int block : {1, 17, 1024}) {
        for (const int workers : {1, 3}) {
            EXPECT_EQ(heard(builder, {}, block, workers), once) << block << " frames, " << workers << " workers";
        }
    }
}

TEST(Spectra, GiveBackWhatWentInAsLateAsThePlanSays) {
    PlanBuilder dry;
    dry.node("noise", "noise").node("out", "output", {.options = {{"channels", 1}}});
    dry.edge("noise", "out", {.gain = {0.25}});
    const PlanBuilder builder = apart_and_together();
    EXPECT_EQ(aligned(builder).stream.output_latency, static_cast<std::uint64_t>(kLate));
    const std::vector<float> wet = heard(builder), in = heard(dry);
    std::vector<float> rest;
    for (std::size_t f = 0; f < wet.size(); ++f) {
        rest.push_back(wet[f] - in[f]);
    }
    EXPECT_GT(loudest(in), 0.1F);
    EXPECT_LT(loudest(rest), 1e-6F);
}

TEST(Spectra, AGateMutesWholeTokens) {
    PlanBuilder builder = apart_and_together();
    builder.gate("drop", {kSpectra});
    const std::vector<float> open = heard(builder);
    const std::vector<float> muted = heard(builder, {set_gate(961, 0, 0), set_gate(2001, 0, 1)});
    EXPECT_EQ(heard(builder, {set_gate(1024, 0, 0), set_gate(2048, 0, 1)}, 7), muted);
    // The windows that end before frame 1024 are heard, and those that end at 2048 and later.
    EXPECT_EQ(part(muted, 0, 1024 - kSize), part(open, 0, 1024 - kSize));
    EXPECT_NE(part(muted, 1024 - kSize, 1024), part(open, 1024 - kSize, 1024));
    EXPECT_GT(loudest(part(muted, 1024 - kSize, 1024 - 2 * kHop)), 0.01F);
    EXPECT_EQ(loudest(part(muted, 1024 - kHop, 2048 - kSize)), 0);
    EXPECT_EQ(part(muted, 2048, kFrames), part(open, 2048, kFrames));
}

TEST(Spectra, AGateHoldsWholeTokensAndLosesNone) {
    PlanBuilder builder = apart_and_together();
    builder.gate("wait", {kSpectra}, {.while_closed = plan::WhileClosed::hold});
    const std::vector<float> open = heard(builder);
    const std::vector<float> held = heard(builder, {set_gate(1000, 0, 0), set_gate(1500, 0, 1)}, 33);
    constexpr int kClosed = 1024, kOpened = 1536;
    EXPECT_EQ(loudest(part(held, kClosed - kHop, kOpened - kSize)), 0);
    EXPECT_EQ(part(held, kOpened, kFrames), part(open, kClosed, kFrames - (kOpened - kClosed)));
}

TEST(Spectra, ADrainBringsOutAllThatCameBefore) {
    const PlanBuilder builder = apart_and_together();
    const std::vector<float> open = heard(builder);
    const std::vector<float> drained = heard(builder, {drain_node(2000, builder.index("apart"), true)});
    constexpr int kFade = 96;
    std::vector<float> rest;
    for (std::size_t f = 0; f < 2000; ++f) {
        rest.push_back(drained[f] - open[f]);
    }
    EXPECT_LT(loudest(rest), 1e-6F);
    EXPECT_LT(loudest(part(drained, 2000 + kFade, kFrames)), 1e-6F);
    EXPECT_EQ(loudest(part(drained, 2000 + kFade + kSize, kFrames)), 0);
}

struct Unfit {
    const char* name;
    std::function<void(plan::Description&)> spoil;
    const char* says;
};

class UnfitSpectra : public testing::TestWithParam<Unfit> {};

TEST_P(UnfitSpectra, AreRefusedInWordsThatSayWhatFits) {
    PlanBuilder builder = apart_and_together();
    builder.gate("drop", {kSpectra});
    plan::Description plan = aligned(builder);
    ASSERT_EQ(plan::check(plan), std::nullopt);
    GetParam().spoil(plan);
    EXPECT_EQ(plan::check(plan).value_or("nothing"), GetParam().says);
}

using Plan = plan::Description;
INSTANTIATE_TEST_SUITE_P(
    All, UnfitSpectra,
    testing::Values(
        Unfit{"size", [](Plan& p) { p.nodes[1].options[0].number = 96; },
              "node apart: option size is no power of two: 96"},
        Unfit{"window",
              [](Plan& p) {
                  p.nodes[1].options[1].number = 2;
                  p.nodes[1].options[2].number = 1;
              },
              "node apart: windows hann do not add up to the same everywhere at an overlap of 2; 4 or more fits, or "
              "window sqrt_hann"},
        Unfit{"period", [](Plan& p) { p.nodes[1].outputs[0].period = 32; },
              "node apart.out: a period of 32 frames, its node gives 64"},
        Unfit{"shape", [](Plan& p) { p.nodes[1].outputs[0].shape.channels = 1; },
              "node apart.out: shape (1, 1), its node gives (1, 4)"},
        Unfit{"latency", [](Plan& p) { p.nodes[2].latency = 319; },
              "node together: a latency of 319 frames, its type has 320"},
        Unfit{
            "unlike_windows", [](Plan& p) { p.nodes[2].options[2].number = 2; },
            "edge from apart to together: apart.out gives spectra (size 256, overlap 4, window sqrt_hann), together.in "
            "takes spectra (size 256, overlap 4, window hamming)"},
        Unfit{"signal", [](Plan& p) { p.edges[kSpectra].from_node = 0; },
              "edge from noise to together: noise.out gives a signal, together.in takes spectra (size 256, overlap 4, "
              "window sqrt_hann)"},
        Unfit{"torn", [](Plan& p) { p.edges[kSpectra].delay = 32; },
              "edge from apart to together: moves tokens by 32 frames; multiples of their period fit, 64 frames"},
        Unfit{"sample", [](Plan& p) { p.gates[0].while_closed = plan::WhileClosed::sample; },
              "edge from apart to together: gate drop would hold one frame of spectra; mute and hold fit"},
        Unfit{"hold_if_absent", [](Plan& p) { p.nodes[2].inputs[0].absent = plan::AbsentPolicy::hold; },
              "edge from apart to together: together.in takes spectra: where there are none it has silence, and holds "
              "nothing"},
        Unfit{"block", [](Plan& p) { p.nodes[2].inputs[0].overflow = plan::OverflowPolicy::block; },
              "edge from apart to together: together.in takes spectra, which stop nothing; drop_oldest fits"},
        Unfit{"signal_of_a_gate", [](Plan& p) { p.gates[0].signals.push_back({1, 0}); },
              "gate drop: spectra of apart move no gate; a signal fits"}),
    [](const auto& info) { return std::string(info.param.name); });

} // namespace
} // namespace amp::test

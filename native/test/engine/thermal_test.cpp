// What warms nodes, what heat moves, and that it is the same however the work is done.
#include "node/node.h"
#include "support/hand_over.h"
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/random_plan.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace amp::test {
namespace {

constexpr double kRate = 48000;

struct Heat {
    double power = 0, heat = 0, gain = 1;
};

// All groups, once every node has finished `frames` frames.
std::vector<amp_heat> heats(const Stream& stream, std::size_t nodes, std::int64_t frames) {
    for (std::uint32_t node = 0; node < nodes; ++node) {
        EXPECT_EQ(amp_wait_node_completion(stream.get(), node, frames, AMP_COMPLETION_WAIT, -1), AMP_OK);
    }
    std::vector<amp_heat> groups(amp_streamer_heat(stream.get(), nullptr, 0));
    EXPECT_EQ(amp_streamer_heat(stream.get(), groups.data(), groups.size()), groups.size());
    return groups;
}

std::vector<amp_heat> heats_after(const PlanBuilder& builder, int frames,
                                  amp_streamer_settings settings = settings_for(64, 1),
                                  const std::vector<amp_event>& events = {}) {
    const Stream stream(builder.bytes(), settings);
    stream.post(events);
    stream.take(frames);
    return heats(stream, builder.build().nodes.size(), frames);
}

Heat sum_of(const std::vector<amp_heat>& groups, std::uint32_t node) {
    Heat sum;
    for (const amp_heat& group : groups) {
        if (group.node == node) {
            sum.power += group.power;
            sum.heat += group.heat;
            sum.gain = group.gain;
        }
    }
    return sum;
}

// What a power since the start has warmed a node by.
double warmed(double power, double gain, double tau, double seconds) {
    return gain * tau * power * (1 - std::exp(-seconds / tau));
}

// Three nodes that are driven by one wave: two of them by two of their groups.
enum class Wave { sine, square };

PlanBuilder driven(Wave wave, double level) {
    PlanBuilder builder;
    if (wave == Wave::sine) {
        builder.node("wave", "sine", {.parameters = {{"freq", {{997}}}}});
    } else {
        // Of two values only: the oscillator's is band-limited.
        builder.node("wave", "lfo", {.options = {{"shape", 2}}, .parameters = {{"freq", {{19}}}}});
    }
    builder.node("one", "gain").node("other", "crossfade").node("third", "crossfade").node("out", "output");
    builder.edge("wave", "one", {.gain = {level}});
    builder.edge("wave", "other.a", {.gain = {level}}).edge("wave", "other.b", {.gain = {level / 2}});
    builder.edge("wave", "third.b", {.gain = {level}});
    builder.edge("one", "out", {.gain = {0.1}});
    builder.warms("one", 30, 0.5).warms("other", 10, 2).warms("third", 5, 0.1).warms("out", 0, 1);
    return builder;
}

TEST(Heat, FollowsTheClosedFormUnderASteadyPower) {
    const int frames = 48000;
    const auto groups = heats_after(driven(Wave::square, 0.5), frames);
    ASSERT_EQ(groups.size(), 6U);
    const double wanted[] = {warmed(0.25, 30, 0.5, 1), warmed(0.25, 10, 2, 1), warmed(0.0625, 10, 2, 1),
                             warmed(0, 5, 0.1, 1), warmed(0.25, 5, 0.1, 1)};
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_NEAR(groups[i].heat, wanted[i], 0.001 * wanted[i]) << i;
    }
    EXPECT_EQ(groups[1].node, 2U);
    EXPECT_EQ(groups[1].input, 0U);
    EXPECT_EQ(groups[2].input, 1U);
}

TEST(Heat, OfASineIsThatOfHalfItsSquareWithinASamplesError) {
    const auto groups = heats_after(driven(Wave::sine, 1), 96000);
    EXPECT_NEAR(groups[0].heat, warmed(0.5, 30, 0.5, 2), 0.03 * warmed(0.5, 30, 0.5, 2));
    EXPECT_NEAR(groups[1].heat, warmed(0.5, 10, 2, 2), 0.03 * warmed(0.5, 10, 2, 2));
}

TEST(Heat, IsFourfoldAtTwiceTheLevel) {
    const auto soft = heats_after(driven(Wave::sine, 0.25), 9600), loud = heats_after(driven(Wave::sine, 0.5), 9600);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(loud[i].heat, 4 * soft[i].heat) << i;
    }
}

TEST(Heat, LeavesANodeThatNothingWarmsAnyMore) {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{1}}}}});
    builder.node("one", "gain").node("out", "output").edge("level", "one").edge("one", "out", {.gain = {0}});
    builder.warms("one", 10, 0.25);
    const auto settings = settings_for(64, 1);
    const double hot = heats_after(builder, 48000, settings)[0].heat;
    const auto cooled = heats_after(builder, 96000, settings, {set_edge_gain(48000, 0, 0)});
    EXPECT_NEAR(cooled[0].heat, hot * std::exp(-1 / 0.25), 0.001 * hot);
    EXPECT_EQ(cooled[0].power, 0);
}

TEST(Heat, OfATickThatIsNotFiniteIsNone) {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{1}}}}});
    builder.node("large", "gain", {.parameters = {{"gain", {{16}}}}});
    builder.node("loop", "mix").node("out", "output").loop({"loop"}, 1);
    builder.edge("level", "large").edge("large", "loop").edge("loop", "loop", {.delay = 1, .gain = {16}});
    builder.edge("level", "out", {.gain = {0}});
    const Heat heat = sum_of(heats_after(builder, 4096), 2);
    EXPECT_TRUE(std::isfinite(heat.heat));
    EXPECT_EQ(heat.power, 0);
}

TEST(Heat, OfVoicesIsThatOfNotesWhileTheyAreHeld) {
    PlanBuilder builder;
    const Shape lanes{4, 1};
    builder.node("keys", "keys", {.options = {{"voices", 4}}});
    builder.node("level", "constant", {.shape = lanes, .parameters = {{"value", {{1}}}}});
    builder.node("one", "gain", {.shape = lanes}).node("out", "output");
    builder.voices("keys", {"level", "one"}).edge("level", "one").edge("one", "out", {.gain = {0.1}});
    builder.warms("one", 10, 1e6);
    const std::vector<amp_event> notes{note_on(6400, 60), note_on(12800, 64), note_off(19200, 60), note_off(25600, 64)};
    const Heat heat = sum_of(heats_after(builder, 32000, settings_for(64, 1), notes), 2);
    // Two of four lanes, each for 12800 frames.
    EXPECT_NEAR(heat.heat, 10 * 2 * 0.25 * 12800 / kRate, 1e-6);
    EXPECT_EQ(heat.power, 0);
}

TEST(Heat, IsReadATickAfterItWasMeasured) {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{1}}}}});
    builder.node("one", "gain").node("out", "output");
    builder.edge("level", "one").edge("one.thermo.heat", "out", {.delay = 64, .gain = {0.25}});
    builder.warms("one", 100, 10);
    const auto out = rendered(builder.bytes(), 320);
    const double tick = 64 / kRate;
    for (int f = 0; f < 320; ++f) {
        const int ticks = std::max(0, f / 64 - 1); // that have warmed it
        const double wanted = 0.25 * warmed(1, 100, 10, ticks * tick);
        ASSERT_NEAR(out[static_cast<std::size_t>(f)], wanted, 1e-6) << f;
    }
}

// A level that would make the node too hot.
PlanBuilder attenuated() {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{0.5}}}}});
    builder.node("one", "gain").node("out", "output").edge("level", "one").edge("one", "out");
    builder.warms("one", 400, 0.5).attenuates(25, 35, 45);
    return builder;
}

TEST(Attenuation, KeepsTheHeatBelowTheLimit) {
    const auto groups = heats_after(attenuated(), 96000);
    EXPECT_GT(groups[0].heat, 15); // hot: half-way between warm and the limit
    EXPECT_LT(groups[0].heat, 20);
    EXPECT_LT(groups[0].gain, 1);
    EXPECT_NEAR(groups[0].power, 0.25 * groups[0].gain * groups[0].gain, 0.01 * groups[0].power);
}

TEST(Attenuation, GlidesWithoutASingleStep) {
    const auto out = rendered(attenuated().bytes(), 48000);
    double steepest = 0, softest = 1;
    for (std::size_t f = 1; f < out.size(); ++f) {
        steepest = std::max(steepest, std::abs(double(out[f]) - double(out[f - 1])));
        softest = std::min(softest, double(out[f]));
    }
    EXPECT_LT(softest, 0.45);
    EXPECT_LT(steepest, 0.5 / (0.05 * kRate) * 1.01); // from all to nothing takes 50 ms at least
    EXPECT_GT(steepest, 0);
}

TEST(Attenuation, IsNoneBeforeTheNodeIsHot) {
    PlanBuilder cool = attenuated(), free = attenuated();
    cool.warms("one", 1, 0.5);
    free.warms("one", 0, 0.5);
    EXPECT_EQ(rendered(cool.bytes(), 9600), rendered(free.bytes(), 9600));
    EXPECT_NE(rendered(attenuated().bytes(), 9600), rendered(free.bytes(), 9600));
}

std::string differences(const std::vector<amp_heat>& found, const std::vector<amp_heat>& wanted) {
    std::string differences;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (found[i].power != wanted[i].power || found[i].heat != wanted[i].heat || found[i].gain != wanted[i].gain) {
            differences += "node " + std::to_string(wanted[i].node) + ": " + std::to_string(found[i].heat) + " and " +
                           std::to_string(wanted[i].heat) + "\n";
        }
    }
    return differences;
}

TEST(Heat, OfAnyPlanIsTheSameInAnyBlocksAndWithAnyWorkers) {
    constexpr int kFrames = 4096;
    const char* const asked = std::getenv("AMP_FUZZ_PLANS");
    const std::uint32_t plans = asked == nullptr ? 8 : static_cast<std::uint32_t>(std::atoi(asked));
    double warmest = 0;
    for (std::uint32_t seed = 5000; seed < 5000 + plans; ++seed) {
        RandomPlan random(seed, {.voices = true, .network = true, .heat = true, .gates = seed % 2 == 0});
        const auto events = random.events(60, kFrames - 200);
        const std::size_t nodes = random.description().nodes.size();
        std::vector<float> sound;
        const auto measured = [&](int block, int workers) {
            const Stream stream(random.bytes(), settings_for(block, workers, workers, kFrames));
            stream.post(events);
            sound = stream.take(kFrames);
            return heats(stream, nodes, kFrames);
        };
        const auto wanted = measured(64, 1);
        const auto wanted_sound = sound;
        for (const amp_heat& group : wanted) {
            warmest = std::max(warmest, group.heat);
        }
        constexpr int kBlocks[] = {1, 16, 256, 1024, 4096};
        for (std::size_t b = 0; b < std::size(kBlocks); ++b) {
            const int workers = 1 + static_cast<int>((b + seed) % 3);
            ASSERT_EQ(differences(measured(kBlocks[b], workers), wanted), "")
                << "seed " << seed << ", blocks of " << kBlocks[b] << ", " << workers << " workers";
            ASSERT_EQ(sound, wanted_sound) << "seed " << seed << ", blocks of " << kBlocks[b];
        }
    }
    EXPECT_GT(warmest, 0.01) << "hardly anything was warmed";
}

// Equals side by side, and a chain of them.
plan::Description bank(bool fused) {
    PlanBuilder builder;
    builder.node("wave", "saw", {.parameters = {{"freq", {{313}}}}});
    std::vector<std::string> bank, chain;
    for (int i = 0; i < 20; ++i) {
        bank.push_back("bank" + std::to_string(i));
        builder.node(bank.back(), "svf").edge("wave", bank.back(), {.gain = {0.1 * (i + 1)}});
    }
    std::string last = "wave";
    for (int i = 0; i < 70; ++i) {
        chain.push_back("chain" + std::to_string(i));
        builder.node(chain.back(), "one_pole").edge(last, chain.back());
        last = chain.back();
    }
    builder.node("out", "output").edge(last, "out", {.gain = {0.1}});
    for (const std::string& id : bank) {
        builder.edge(id, "out", {.gain = {0.01}});
    }
    plan::Description plan = builder.build();
    if (fused) {
        plan.has_schedule = true;
        const auto stage = [&](const std::string& type, const std::vector<std::string>& ids) {
            plan::Stage& made = plan.stages.emplace_back();
            plan::Cohort& cohort = made.cohorts.emplace_back();
            cohort.type = type;
            for (const std::string& id : ids) {
                cohort.nodes.push_back(builder.index(id));
            }
        };
        stage("saw", {"wave"});
        stage("svf", bank);
        stage("one_pole", chain);
        stage("output", {"out"});
    }
    return plan;
}

TEST(Heat, OfNodesThatRunAsOneIsThatOfEachByItself) {
    constexpr int kFrames = 4096;
    const std::vector<amp_event> events{set_parameter(700, 3, 0, 4000, 1000), set_parameter(2000, 40, 0, 300)};
    const auto measured = [&](bool fused, int block) {
        const plan::Description plan = bank(fused);
        const Stream stream(encode(plan).bytes, settings_for(block, 1));
        stream.post(events);
        stream.take(kFrames);
        return heats(stream, plan.nodes.size(), kFrames);
    };
    const auto wanted = measured(false, 64);
    ASSERT_EQ(wanted.size(), 91U);
    EXPECT_GT(wanted[85].heat, 0);
    for (const int block : {16, 64, 100, 1024}) {
        EXPECT_EQ(differences(measured(true, block), wanted), "") << block;
    }
}

TEST(Heat, OfAChainInWhichSomethingGoesBadIsThatOfEachByItself) {
    constexpr int kFrames = 4096;
    constexpr std::uint32_t kIntoTheChain = 20;
    const auto measured = [&](bool fused, int block) {
        const plan::Description plan = bank(fused);
        const Stream stream(encode(plan).bytes, settings_for(block, 1));
        stream.post(std::vector{set_edge_gain(1000, kIntoTheChain, 3e38F), set_edge_gain(1900, kIntoTheChain, 1)});
        stream.take(kFrames);
        return heats(stream, plan.nodes.size(), kFrames);
    };
    const auto wanted = measured(false, 64);
    for (const int block : {16, 64, 256}) {
        EXPECT_EQ(differences(measured(true, block), wanted), "") << block;
    }
}

// A node of that type, each input of which hears a level, or the spectra of one.
PlanBuilder warmed(const NodeType& type) {
    PlanBuilder builder;
    builder.node("level", "constant", {.parameters = {{"value", {{0.5}}}}}).node("spectra", "fft");
    builder.node("it", std::string(type.name)).node("out", "output");
    builder.edge("level", "spectra").edge("level", "out", {.gain = {0}});
    for (const TapDeclaration& tap : type.declaration->inputs) {
        builder.edge(tap.spectral ? "spectra" : "level", "it." + std::string(tap.name));
    }
    builder.warms("it", 1, 10);
    return builder;
}

TEST(Heat, OfEveryTypeIsToldForEachOfItsGroups) {
    for (const NodeType* const type : node_types()) {
        if (type->declaration->inputs.size() == 0) {
            continue; // nothing enters it
        }
        const PlanBuilder builder = warmed(*type);
        std::set<std::string_view> groups;
        for (const TapDeclaration& tap : type->declaration->inputs) {
            groups.insert(tap.group);
        }
        std::set<std::string_view> warm;
        const plan::Description plan = builder.build();
        for (const amp_heat& group : heats_after(builder, 8192)) {
            if (group.node == builder.index("it")) {
                EXPECT_GT(group.power, 0) << type->name;
                EXPECT_GT(group.heat, 0) << type->name;
                warm.insert(plan.nodes[group.node].inputs[group.input].group);
            }
        }
        EXPECT_EQ(warm, groups) << type->name;
    }
}

TEST(Heat, GoesOnInTheNextPlan) {
    PlanBuilder builder = driven(Wave::square, 0.5);
    const auto wanted = heats_after(builder, 48000);
    const Stream stream(builder.bytes(), settings_for(64, 1));
    PlanBuilder next = driven(Wave::square, 0.5);
    next.node("more", "constant");
    hand_over(stream, {next.bytes(), 24000});
    stream.take(48000);
    EXPECT_EQ(differences(heats(stream, next.build().nodes.size(), 48000), wanted), "");
}

} // namespace
} // namespace amp::test

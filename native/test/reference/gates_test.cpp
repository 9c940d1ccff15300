// The reference's gates, frame by frame, against numbers made by hand. At 48 kHz a fade takes 96 frames.
#include "reference/runner.h"
#include "support/plan_builder.h"
#include "support/plan_order.h"

#include <gtest/gtest.h>

#include <functional>

namespace amp::test::reference {
namespace {

constexpr int kFade = 96;

// Noise that reaches a gain of 1 through a gate.
class Gated {
public:
    explicit Gated(plan::WhileClosed while_closed, const std::function<void(plan::Description&)>& change = {},
                   std::uint64_t delay = 0) {
        PlanBuilder builder;
        builder.node("noise", "noise").node("heard", "gain").node("out", "output");
        builder.edge("noise", "heard", {.delay = delay}).edge("heard", "out");
        plan_ = builder.build();
        plan::Gate& gate = plan_.gates.emplace_back();
        gate.while_closed = while_closed;
        gate.edges = {0};
        plan_.edges[0].gate = 0;
        if (change) {
            change(plan_);
        }
        EXPECT_TRUE(put_in_order(plan_));
    }

    Gated& at(std::int64_t frame, float value, control::EventKind kind = control::EventKind::set_gate) {
        const std::uint32_t node = kind == control::EventKind::set_gate ? 0 : 1;
        events_.push_back({.frame = frame,
                           .sequence = static_cast<std::uint32_t>(events_.size()),
                           .kind = kind,
                           .node = node,
                           .value = value});
        return *this;
    }

    Gated& run(int frames = 1000) {
        Runner runner(plan_, events_);
        runner.run(frames);
        noise_ = runner.tap(0, 0).frames;
        heard_ = runner.tap(1, 0).frames;
        return *this;
    }

    float noise(std::int64_t frame) const { return noise_[static_cast<std::size_t>(frame)]; }
    float heard(std::int64_t frame) const { return heard_[static_cast<std::size_t>(frame)]; }
    float faded(std::int64_t frame, int position, std::int64_t lag = 0) const {
        return noise(frame - lag) * (static_cast<float>(position) / kFade);
    }

private:
    plan::Description plan_;
    std::vector<control::Event> events_;
    std::vector<float> noise_, heard_;
};

void skips(plan::Description& plan) { plan.gates[0].release = plan::GateRelease::skip; }

TEST(ReferenceGate, FadesFromTheFrameOfTheChangeOnAndIsSilentThen) {
    const Gated gated = Gated(plan::WhileClosed::mute).at(100, 0).at(500, 1).run();
    EXPECT_EQ(gated.heard(99), gated.noise(99));
    EXPECT_EQ(gated.heard(100), gated.faded(100, 95));
    EXPECT_EQ(gated.heard(194), gated.faded(194, 1));
    EXPECT_EQ(gated.heard(195), 0);
    EXPECT_EQ(gated.heard(499), 0);
    EXPECT_EQ(gated.heard(500), gated.faded(500, 1));
    EXPECT_EQ(gated.heard(595), gated.noise(595));
}

TEST(ReferenceGate, TurnsRoundInAFade) {
    const Gated gated = Gated(plan::WhileClosed::mute).at(100, 0).at(110, 2).run();
    EXPECT_EQ(gated.heard(109), gated.faded(109, 86));
    EXPECT_EQ(gated.heard(110), gated.faded(110, 87));
    EXPECT_EQ(gated.heard(119), gated.noise(119));
}

TEST(ReferenceGate, FadesToTheDefaultOfItsTap) {
    const Gated gated =
        Gated(plan::WhileClosed::mute, [](auto& plan) { plan.nodes[1].inputs[0].default_value = 0.5; }).at(0, 0).run();
    EXPECT_EQ(gated.heard(47), gated.noise(47) * 0.5F + 0.5F * 0.5F);
    EXPECT_EQ(gated.heard(95), 0.5F);
}

TEST(ReferenceGate, HoldsTheLastFrameWithoutAFadeAndFadesFromIt) {
    const Gated gated = Gated(plan::WhileClosed::sample).at(100, 0).at(200, 1).run();
    EXPECT_EQ(gated.heard(100), gated.noise(99));
    EXPECT_EQ(gated.heard(199), gated.noise(99));
    EXPECT_EQ(gated.heard(247), gated.noise(247) * 0.5F + gated.noise(99) * 0.5F);
    EXPECT_EQ(gated.heard(295), gated.noise(295));
}

TEST(ReferenceGate, GoesOnWithTheNextFrameAfterAHold) {
    const Gated gated = Gated(plan::WhileClosed::hold).at(100, 0).at(300, 1).run();
    // Frames 195 to 299 are not read: 105 of them.
    EXPECT_EQ(gated.heard(194), gated.faded(194, 1));
    EXPECT_EQ(gated.heard(300), gated.faded(300, 1, 105));
    EXPECT_EQ(gated.heard(999), gated.noise(999 - 105));
}

TEST(ReferenceGate, SkipsWhatItHeld) {
    const Gated gated = Gated(plan::WhileClosed::hold, skips).at(100, 0).at(300, 1).run();
    EXPECT_EQ(gated.heard(300), gated.faded(300, 1));
    EXPECT_EQ(gated.heard(999), gated.noise(999));
}

TEST(ReferenceGate, DropsTheOldestFramesThatDoNotFit) {
    const auto short_wheel = [](plan::Description& plan) { plan.nodes[0].outputs[0].max_frames = 50; };
    const Gated gated = Gated(plan::WhileClosed::hold, short_wheel, 30).at(100, 0).at(300, 1).run();
    EXPECT_EQ(gated.heard(999), gated.noise(999 - 50));
}

TEST(ReferenceGate, StopsWhatFeedsItWhenNothingMoreFits) {
    const auto blocks = [](plan::Description& plan) {
        plan.nodes[1].inputs[0].max_frames = 50;
        plan.nodes[1].inputs[0].overflow = plan::OverflowPolicy::block;
    };
    const Gated gated = Gated(plan::WhileClosed::hold, blocks, 30).at(100, 0).at(300, 1).run();
    // Frames 195 to 214 wait; from 215 on, until 300, the noise makes none.
    EXPECT_EQ(gated.heard(194), gated.faded(194, 1, 30));
    EXPECT_EQ(gated.heard(300), gated.noise(195 - 30) * (1.0F / kFade));
    EXPECT_EQ(gated.heard(999), gated.noise(999 - (300 - 215) - 50));
}

TEST(ReferenceGate, WaitsForItsGrid) {
    // A 1/64 at tempo 120 is 1500 frames; a 1/1000 is 96.
    const auto on_grid = [](plan::Description& plan) {
        plan.gates[0].quantize = {0.001, plan::ValueUnit::whole_notes};
    };
    const Gated gated = Gated(plan::WhileClosed::mute, on_grid).at(100, 0).run();
    EXPECT_EQ(gated.heard(191), gated.noise(191));
    EXPECT_EQ(gated.heard(192), gated.faded(192, 95));
}

TEST(ReferenceGate, ObeysTheNewestOfTheCommandsThatWait) {
    const auto on_grid = [](plan::Description& plan) {
        plan.gates[0].quantize = {0.001, plan::ValueUnit::whole_notes};
    };
    const Gated gated = Gated(plan::WhileClosed::mute, on_grid).at(100, 0).at(120, 1).run();
    EXPECT_EQ(gated.heard(300), gated.noise(300));
}

TEST(ReferenceGate, FollowsASignalOnTicks) {
    const auto by_itself = [](plan::Description& plan) { plan.gates[0].signals = {{0, 0}}; };
    const Gated gated = Gated(plan::WhileClosed::sample, by_itself).run();
    for (std::int64_t tick = 0, held = -1; tick < 900; tick += 64) {
        const bool open = gated.noise(tick) > 0.5F;
        held = open ? -1 : held < 0 ? tick - 1 : held;
        for (std::int64_t frame = tick; !open && frame < tick + 64; ++frame) {
            ASSERT_EQ(gated.heard(frame), held < 0 ? 0 : gated.heard(held)) << frame;
        }
    }
}

TEST(ReferenceDrain, LetsAHoldLagNoFurther) {
    const Gated gated =
        Gated(plan::WhileClosed::hold).at(100, 0).at(250, 1, control::EventKind::drain_node).at(300, 1).run();
    // Frames 195 to 249 are held.
    EXPECT_EQ(gated.heard(310), gated.faded(310, 11, 55) * (35.0F / kFade));
}

TEST(ReferenceDrain, FadesWhatEntersAndForgetsWhatWasHeld) {
    const Gated gated = Gated(plan::WhileClosed::hold)
                            .at(100, 0)
                            .at(300, 1)
                            .at(500, 1, control::EventKind::drain_node)
                            .at(700, 0, control::EventKind::drain_node)
                            .run();
    EXPECT_EQ(gated.heard(499), gated.noise(499 - 105));
    EXPECT_EQ(gated.heard(547), gated.faded(547, 48, 105));
    EXPECT_EQ(gated.heard(595), 0);
    EXPECT_EQ(gated.heard(747), gated.faded(747, 48));
    EXPECT_EQ(gated.heard(900), gated.noise(900));
}

} // namespace
} // namespace amp::test::reference

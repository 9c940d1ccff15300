#include "io/playout.h"
#include "ramp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace amp::test {
namespace {

using io::Gap;
using io::GapKind;
using io::kClockDevice;
using io::OutputMemory;
using io::Playout;
using io::PlayoutState;

constexpr int kFade = 96; // 2 ms at 48 kHz
constexpr std::uint32_t kProgram = 7;

std::vector<Gap> gaps_of(const OutputMemory& memory) {
    std::vector<Gap> gaps(io::GapLog::kCapacity);
    std::int64_t next = 0;
    gaps.resize(memory.header().gaps.read(next, gaps));
    return gaps;
}

// One player of one channel and the time at which it is called.
struct Stage {
    explicit Stage(int block = 64, std::uint32_t token = kClockDevice)
        : memory(make_memory({1, block, std::int64_t{block} * 4096, 48000})), playout(memory, token) {}

    // One call, on time, unless it is `late_frames` late.
    std::vector<float> pull(int frames, std::int64_t late_frames = 0) {
        now_frames += late_frames;
        std::vector<float> out(static_cast<std::size_t>(frames), -9.0F);
        playout.pull(out.data(), frames, std::llround(static_cast<double>(now_frames) * 1e9 / 48000));
        now_frames += frames;
        return out;
    }

    // Calls until sound comes, with all frames made in time.
    void begin(int frames) {
        while (memory.header().clock.load() == 0) {
            pull(frames);
            make_allowed_ramp(memory);
        }
    }

    std::int64_t clock() const { return memory.header().clock.load(); }

    OutputMemory memory;
    Playout playout;
    std::int64_t now_frames = 48000;
};

bool is_ramp(const std::vector<float>& sound, std::int64_t first) {
    for (std::size_t i = 0; i < sound.size(); ++i) {
        if (sound[i] != ramp(first + static_cast<std::int64_t>(i), 0)) {
            return false;
        }
    }
    return true;
}

float largest_step(const std::vector<float>& sound) {
    float largest = 0;
    for (std::size_t i = 1; i < sound.size(); ++i) {
        largest = std::max(largest, std::abs(sound[i] - sound[i - 1]));
    }
    return largest;
}

// Frames of one value, so that only ramps move it.
void make_constant_until(OutputMemory& memory, std::int64_t end) {
    for (std::int64_t frame = memory.header().made.load(); frame < end; ++frame) {
        memory.frame(frame)[0] = 0.5F;
    }
    memory.header().made.store(std::max(end, memory.header().made.load()));
}

TEST(Playout, PlaysTheBitsOfTheMemoryWhateverTheBlockAndTheBuffer) {
    for (const int block : {1, 16, 64, 100, 1024}) {
        std::mt19937 random(static_cast<unsigned>(block));
        Stage stage(block);
        std::vector<float> played;
        for (int i = 0; i < 400; ++i) {
            // The first buffer is the largest: what comes later is never more than the engine has prepared for.
            const int frames = i == 0 ? 500 : std::uniform_int_distribution(1, 500)(random);
            const std::int64_t clock = stage.clock();
            const std::vector<float> sound = stage.pull(frames);
            if (stage.clock() != clock) {
                played.insert(played.end(), sound.begin(), sound.end());
            }
            make_allowed_ramp(stage.memory);
        }
        EXPECT_GT(played.size(), 10000U);
        EXPECT_TRUE(is_ramp(played, 0)) << "block " << block;
        EXPECT_EQ(stage.memory.header().missed_frames.load(), 0) << "block " << block;
    }
}

TEST(Playout, PlaysOnAcrossTheEndOfTheRing) {
    Stage stage;
    stage.begin(480);
    for (int i = 0; i < 600; ++i) {
        const std::int64_t clock = stage.clock();
        ASSERT_TRUE(is_ramp(stage.pull(480), clock)) << "frame " << clock;
        make_allowed_ramp(stage.memory);
    }
    EXPECT_GT(stage.clock(), stage.memory.geometry().capacity_frames);
}

TEST(Playout, CountsNothingBeforeTheFirstBufferIsMade) {
    Stage stage;
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(stage.pull(128), std::vector<float>(128, 0.0F));
    }
    EXPECT_EQ(stage.clock(), 0);
    EXPECT_EQ(stage.memory.header().missed_frames.load(), 0);
}

TEST(Playout, AllowsTheBufferAfterTheOneJustTakenAndNoMore) {
    for (const auto& [block, frames, ahead] : {std::array{64, 64, 64}, {64, 256, 256}, {64, 96, 96}, {256, 64, 256}}) {
        Stage stage(block);
        stage.begin(frames);
        for (int i = 0; i < 20; ++i) {
            make_allowed_ramp(stage.memory);
            stage.pull(frames);
            const std::int64_t end = stage.clock() + ahead;
            EXPECT_EQ(stage.memory.header().pace.allowed.load(), (end + block - 1) / block) << block << " " << frames;
        }
    }
}

TEST(Playout, FadesOutWhereFramesAreMissingAndIsThenSilent) {
    Stage stage;
    make_constant_until(stage.memory, 64);
    stage.pull(64);
    std::vector<float> sound = stage.pull(64);
    const std::vector<float> more = stage.pull(64);
    sound.insert(sound.end(), more.begin(), more.end());
    EXPECT_LE(largest_step(sound), 0.5F / kFade * 1.01F);
    EXPECT_EQ(std::vector<float>(sound.begin() + kFade, sound.end()), std::vector<float>(sound.size() - kFade, 0.0F));
}

TEST(Playout, FadesInAtTheFrameThatTheClockAsksFor) {
    Stage stage;
    stage.begin(64);
    for (int i = 0; i < 4; ++i) {
        make_ramp_until(stage.memory, 64);
        stage.pull(64);
    }
    make_ramp_until(stage.memory, 1024);
    const std::int64_t clock = stage.clock();
    const std::vector<float> rising = stage.pull(64);
    EXPECT_FLOAT_EQ(rising[47], ramp(clock + 47, 0) * 48 / kFade);
    stage.pull(64);
    EXPECT_TRUE(is_ramp(stage.pull(64), clock + 128));
}

TEST(Playout, MovesItsClockOnWhileFramesAreMissing) {
    Stage stage;
    stage.begin(64);
    const std::int64_t clock = stage.clock();
    for (int i = 0; i < 5; ++i) {
        stage.pull(64);
    }
    EXPECT_EQ(stage.clock(), clock + 5 * 64);
}

TEST(Playout, NeverStepsWhateverIsMissing) {
    std::mt19937 random(11);
    Stage stage;
    make_constant_until(stage.memory, 64);
    std::vector<float> played{0.5F};
    for (int i = 0; i < 2000; ++i) {
        const std::vector<float> sound = stage.pull(std::uniform_int_distribution(1, 100)(random));
        played.insert(played.end(), sound.begin(), sound.end());
        if (random() % 3 != 0) {
            make_constant_until(stage.memory, stage.memory.header().pace.allowed.load() * 64);
        }
    }
    // A fall and a rise may meet: then both move it.
    EXPECT_LE(largest_step(played), 2 * 0.5F / kFade * 1.01F);
    EXPECT_GT(stage.memory.header().missed_frames.load(), 0);
}

TEST(Playout, TellsAGapOnceItIsOver) {
    Stage stage;
    stage.begin(64);
    make_ramp_until(stage.memory, 160);
    while (stage.clock() < 64 * 5) {
        stage.pull(64);
    }
    EXPECT_TRUE(gaps_of(stage.memory).empty());
    make_ramp_until(stage.memory, 1024);
    stage.pull(64);
    const std::vector<Gap> gaps = gaps_of(stage.memory);
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].kind, GapKind::missing);
    EXPECT_EQ(gaps[0].frame, stage.memory.header().gap_begin.load());
    EXPECT_EQ(gaps[0].frame + gaps[0].frames, 64 * 5);
}

TEST(Playout, TellsAllMissedFramesInItsGaps) {
    std::mt19937 random(5);
    Stage stage;
    stage.begin(64);
    std::vector<Gap> gaps;
    std::int64_t next = 0;
    for (int i = 0; i < 3000; ++i) {
        stage.pull(64);
        if (random() % 3 == 0) {
            make_allowed_ramp(stage.memory);
        }
        Gap gap;
        while (stage.memory.header().gaps.read(next, {&gap, 1}) == 1) {
            gaps.push_back(gap);
        }
    }
    std::int64_t told = stage.memory.header().gap_frames.load();
    for (const Gap& gap : gaps) {
        told += gap.kind == GapKind::missing ? gap.frames : 0;
    }
    EXPECT_EQ(told, stage.memory.header().missed_frames.load());
    EXPECT_GT(gaps.size(), 100U);
}

TEST(Playout, GoesBackToWhatIsMadeBeyondEightBuffers) {
    for (const int frames : {16, 64, 200}) {
        Stage stage;
        stage.begin(frames);
        const std::int64_t made = stage.memory.header().made.load();
        while (stage.memory.header().anchors.load() == 0) {
            ASSERT_LE(stage.clock() - made, 8 * std::max(64, frames) + frames);
            stage.pull(frames);
        }
        EXPECT_EQ(stage.clock(), made + frames);
        EXPECT_EQ(gaps_of(stage.memory).back().kind, GapKind::anchor);
    }
}

TEST(Playout, HasOneClockForAllPlayers) {
    Stage clock_device;
    Playout program(clock_device.memory, kProgram);
    std::vector<float> out(64);
    for (int i = 0; i < 100; ++i) {
        clock_device.pull(64);
        make_allowed_ramp(clock_device.memory);
        const std::int64_t clock = clock_device.clock();
        program.pull(out.data(), 64, clock_device.now_frames * 1'000'000 / 48);
        if (program.state() == PlayoutState::playing) {
            EXPECT_EQ(clock_device.clock(), clock + 64);
            clock_device.pull(kFade);
            EXPECT_EQ(clock_device.pull(64), std::vector<float>(64, 0.0F));
            EXPECT_EQ(clock_device.clock(), clock + 64);
            return;
        }
        EXPECT_EQ(clock_device.clock(), clock);
    }
    FAIL() << "the program never took the output";
}

// A stage whose clock device has played for a while and has handed over to a device program of `frames` a call.
struct HandOver {
    explicit HandOver(int frames) : program(stage.memory, kProgram), out(static_cast<std::size_t>(frames)) {
        stage.begin(64);
        for (int i = 0; i < 1000 && program.state() == PlayoutState::waiting; ++i) {
            stage.pull(64);
            make_allowed_ramp(stage.memory);
            if (stage.now_frames % frames < 64) {
                taken_at = stage.clock();
                pull();
            }
        }
        make_allowed_ramp(stage.memory);
    }

    void pull() { program.pull(out.data(), static_cast<int>(out.size()), stage.now_frames * 1'000'000 / 48); }

    Stage stage;
    Playout program;
    std::vector<float> out;
    std::int64_t taken_at = -1;
};

TEST(Playout, TakesOverWithoutAMissingFrameHoweverLargeItsBuffer) {
    for (const int frames : {64, 128, 1024, 4096}) {
        HandOver hand_over(frames);
        ASSERT_EQ(hand_over.program.state(), PlayoutState::playing) << frames;
        EXPECT_EQ(hand_over.stage.clock(), hand_over.taken_at + frames);
        EXPECT_EQ(hand_over.stage.memory.header().missed_frames.load(), 0) << frames;
        for (int i = 0; i < 20; ++i) {
            const std::int64_t clock = hand_over.stage.clock();
            hand_over.stage.now_frames += frames;
            hand_over.pull();
            make_allowed_ramp(hand_over.stage.memory);
            EXPECT_TRUE(frames < kFade || is_ramp(hand_over.out, clock)) << "frame " << clock;
        }
        EXPECT_EQ(hand_over.stage.memory.header().missed_frames.load(), 0) << frames;
    }
}

TEST(Playout, FadesInWhereItTakesOver) {
    const HandOver hand_over(1024);
    EXPECT_FLOAT_EQ(hand_over.out[0], ramp(hand_over.taken_at, 0) / kFade);
    EXPECT_EQ(hand_over.out[kFade], ramp(hand_over.taken_at + kFade, 0));
}

TEST(Playout, NeverPlaysAgainOnceAnotherHasTakenTheOutput) {
    HandOver hand_over(128);
    hand_over.stage.memory.header().owner.store(kClockDevice);
    hand_over.stage.pull(64);
    for (int i = 0; i < 100; ++i) {
        const std::int64_t clock = hand_over.stage.clock();
        hand_over.pull();
        make_allowed_ramp(hand_over.stage.memory);
        EXPECT_EQ(hand_over.stage.clock(), clock);
    }
    EXPECT_EQ(hand_over.program.state(), PlayoutState::deposed);
    EXPECT_EQ(hand_over.out, std::vector<float>(128, 0.0F));
}

TEST(Playout, LeavesTheOutputWhereItIsReleased) {
    HandOver hand_over(128);
    hand_over.program.release();
    const std::int64_t clock = hand_over.stage.clock();
    hand_over.stage.pull(64);
    EXPECT_EQ(hand_over.stage.clock(), clock + 64);
}

TEST(Playout, IsSilentWhileAnotherHoldsTheTurn) {
    Stage stage;
    stage.begin(64);
    stage.memory.header().pulling.store(kProgram + 1);
    const std::int64_t clock = stage.clock();
    stage.pull(64);
    EXPECT_EQ(stage.pull(64).back(), 0.0F);
    EXPECT_EQ(stage.clock(), clock);
}

TEST(Playout, PreparesForABurstThatComesAgainAndAgain) {
    Stage stage(64, kProgram);
    std::vector<float> out(256);
    for (int wake = 0; wake < 50; ++wake) {
        for (int i = 0; i < 4; ++i) {
            stage.playout.pull(out.data(), 256, stage.now_frames * 1'000'000 / 48 + i * 1000);
        }
        stage.now_frames += 1024;
        make_allowed_ramp(stage.memory);
    }
    EXPECT_EQ(stage.memory.header().device_frames.load(), 1024);
    EXPECT_EQ(stage.memory.header().missed_frames.load(), 0);
}

TEST(Playout, GrowsNoLatencyByACatchUpThatComesOnce) {
    Stage stage(64, kProgram);
    for (int i = 0; i < 200; ++i) {
        stage.pull(64, i == 100 ? 256 : i > 100 && i <= 104 ? -64 : 0);
        make_allowed_ramp(stage.memory);
    }
    EXPECT_EQ(stage.memory.header().device_frames.load(), 64);
}

TEST(Playout, TellsACallThatComesMoreThanABufferLate) {
    Stage stage(64, kProgram);
    for (int i = 0; i < 300; ++i) {
        stage.pull(64, i == 200 ? 100 : 0);
        make_allowed_ramp(stage.memory);
    }
    const std::vector<Gap> gaps = gaps_of(stage.memory);
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].kind, GapKind::late_callback);
    EXPECT_NEAR(static_cast<double>(gaps[0].frames), 100, 5);
}

TEST(Playout, TellsWhatTheDeviceSaysOfItself) {
    Stage stage(64, kProgram);
    for (int i = 0; i < 20; ++i) {
        stage.pull(64);
        make_allowed_ramp(stage.memory);
    }
    stage.playout.report_device_underflow();
    const std::int64_t clock = stage.clock();
    stage.pull(64);
    const std::vector<Gap> gaps = gaps_of(stage.memory);
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].kind, GapKind::device);
    EXPECT_EQ(gaps[0].frame, clock);
    EXPECT_EQ(stage.memory.header().device_underflows.load(), 1);
}

TEST(Playout, GoesBackToWhatIsMadeFromAnywhere) {
    for (const std::int64_t nowhere : {-(std::int64_t{1} << 60), std::int64_t{0}, std::int64_t{1} << 60}) {
        Stage stage;
        stage.begin(64);
        make_ramp_until(stage.memory, 2 * 64 * 4096);
        stage.memory.header().clock.store(nowhere);
        const std::int64_t made = stage.memory.header().made.load();
        stage.pull(64);
        EXPECT_EQ(stage.clock(), made + 64);
        EXPECT_EQ(stage.memory.header().anchors.load(), 1);
    }
}

TEST(Playout, LetsNoEngineOverwriteWhatItHasNotPlayedHoweverLargeItsBuffer) {
    OutputMemory memory = make_memory({1, 64, 64 * 16, 48000});
    Playout playout(memory, kClockDevice);
    std::vector<float> out(1000);
    for (int i = 0; i < 20; ++i) {
        playout.pull(out.data(), 1000, i * 20'000'000LL);
        EXPECT_LE(memory.header().pace.allowed.load() * 64, memory.header().clock.load() + 64 * 16);
        make_allowed_ramp(memory);
    }
}

TEST(Playout, FitsItsClockToCallsThatJitter) {
    std::mt19937 random(3);
    Stage stage(64, kProgram);
    const double true_ns_per_frame = 1e9 / 48000 * 1.0002;
    double worst = 0;
    std::vector<float> out(256);
    for (int i = 0; i < 6000; ++i) {
        const double due = 1e9 + i * 256 * true_ns_per_frame;
        const double jitter = std::uniform_real_distribution(0.0, 400e3)(random);
        const std::int64_t clock = stage.clock();
        stage.playout.pull(out.data(), 256, std::llround(due + jitter));
        make_allowed_ramp(stage.memory);
        if (const auto fit = stage.memory.header().clock_fit.read(); fit && i > 3000) {
            worst = std::max(worst, std::abs(fit->time_at(clock) - (due + 200e3)));
        }
    }
    EXPECT_LT(worst, 60e3);
    EXPECT_EQ(stage.memory.header().missed_frames.load(), 0);
}

TEST(Playout, FitsItsClockAnewAfterAPause) {
    Stage stage(64, kProgram);
    for (int i = 0; i < 2000; ++i) {
        stage.pull(256, i == 1000 ? 48000 : 0);
        make_allowed_ramp(stage.memory);
    }
    const auto fit = stage.memory.header().clock_fit.read();
    ASSERT_TRUE(fit);
    EXPECT_NEAR(fit->time_at(stage.clock()), static_cast<double>(stage.now_frames) * 1e9 / 48000, 10e3);
}

} // namespace
} // namespace amp::test

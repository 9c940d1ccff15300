// Which plans sound in which block: the sealing thread's side of hand-overs.
#pragma once

#include "base/bounded_list.h"
#include "base/real_time.h"
#include "control/sealer.h"
#include "engine/plan_mix.h"
#include "engine/plan_program.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

class PlanSequence final : private control::EventSink {
public:
    // Begins with `first`. [compiler]
    PlanSequence(PlanInstance& first, control::Sealer& sealer, int block, int in_flight);

    // Asks for a hand-over to `next`, whose frame is in its HandOver. One at a time. [main]
    void ask(PlanInstance& next) { asked_.store(&next, std::memory_order_release); }

    // What keeps the block from beginning, which is the next one; `alone` says that all before are complete. [worker]
    run::Obstacle obstacle(std::int64_t block, bool alone) AMP_REAL_TIME;

    // The program that runs the block, which nothing keeps from beginning. [worker]
    PlanProgram& program_for(const PlanProgram& present) AMP_REAL_TIME;

    // Seals the block for all plans that sound in it. [worker]
    void seal(const PlanProgram& program, std::int64_t block) AMP_REAL_TIME;

    // Ends the softest voice of the plan that events go to as `block` begins, which is the next to be sealed, if that
    // plan allows it and another voice is left. All frames before `made` are there to be judged by. [worker]
    void shed_voice(std::int64_t block, std::int64_t made) AMP_REAL_TIME;

    // Voices that were shed. [any]
    std::uint64_t shed_voices() const { return shed_voices_.load(std::memory_order_relaxed); }

    // The plans that sound in the block, while it is in flight; the newest is the last. [worker]
    std::span<const SoundingPlan> sounding(std::int64_t block) const { return sealed_[slot(block)].all(); }

    // The frame of the hand-over in the block that switches, while it is in flight. [worker]
    std::int64_t switch_frame() const { return switch_frame_; }

    // The number of the plan that events go to as far as is sealed. [any]
    std::uint32_t present_number() const { return present_number_.load(std::memory_order_acquire); }

private:
    // Plans that can sound at once: the present one, the one before it, and two that it had faded out.
    static constexpr std::size_t kMostSounding = 4;
    // Hand-overs that are remembered, so that events for older plans find their way.
    static constexpr std::size_t kTranslations = 16;

    std::size_t slot(std::int64_t block) const { return static_cast<std::size_t>(block) & (sealed_.size() - 1); }
    std::int64_t frame_of(const PlanInstance& next, std::int64_t begin) const;
    bool place(control::Event& event) override;
    void apply(const control::Event& event) override;
    void take_over_before(std::int64_t frame);
    bool translate(control::Event& event) const;
    void let_ring(std::int64_t frame);
    void drop_silent(std::int64_t frame);
    PlanInstance* due(std::int64_t begin) const;
    PlanInstance& present() { return *(sounding_.end() - 1)->plan; }

    control::Sealer& sealer_;
    const int block_frames_;
    std::atomic<PlanInstance*> asked_{nullptr};
    std::atomic<std::uint32_t> present_number_;
    std::atomic<std::uint64_t> shed_voices_{0};

    // Of the thread that seals.
    BoundedList<SoundingPlan> sounding_;
    std::vector<BoundedList<SoundingPlan>> sealed_; // of each block in flight; a power of two
    std::array<std::unique_ptr<Translation>, kTranslations> translations_;
    PlanInstance* due_ = nullptr;          // takes over in the block that begins next
    PlanInstance* switching_to_ = nullptr; // in the block that is being sealed, until its frame
    std::int64_t switch_frame_ = 0;
    std::int64_t block_ = 0;                  // that is being sealed
    std::int64_t next_hand_over_ = INT64_MIN; // not before this frame
    PlanInstance* handed_over_ = nullptr;     // the newest that took over from another, while that one sounds
};

} // namespace amp::engine::inline AMP_PRECISION

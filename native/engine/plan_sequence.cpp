#include "engine/plan_sequence.h"

#include <algorithm>
#include <bit>

namespace amp::engine::inline AMP_PRECISION {

using control::Event;
using control::EventKind;

namespace {

// What ends notes: it reaches those that an old plan still holds.
bool ends_notes(const Event& event) {
    return event.kind == EventKind::note_off || event.kind == EventKind::all_notes_off ||
           (event.kind == EventKind::note_on && event.value == 0) ||
           (event.kind == EventKind::sustain && event.value <= 0.5F);
}

} // namespace

PlanSequence::PlanSequence(PlanInstance& first, control::Sealer& sealer, int block, int in_flight)
    : sealer_(sealer), block_frames_(block), present_number_(first.number), sounding_(kMostSounding) {
    sounding_.add({.plan = &first});
    for (std::size_t kept = std::bit_ceil(static_cast<std::size_t>(in_flight + 1)); sealed_.size() < kept;) {
        sealed_.emplace_back(kMostSounding);
    }
}

std::int64_t PlanSequence::frame_of(const PlanInstance& next, std::int64_t begin) const {
    return std::max({next.hand_over->asked.load(std::memory_order_relaxed), begin, next_hand_over_});
}

// The plan that takes over in the block that begins at `begin`, or null.
PlanInstance* PlanSequence::due(std::int64_t begin) const {
    PlanInstance* const asked = asked_.load(std::memory_order_acquire);
    const bool is_due = asked != nullptr && frame_of(*asked, begin) < begin + block_frames_ && sealer_.can_tell();
    return is_due ? asked : nullptr;
}

run::Obstacle PlanSequence::obstacle(std::int64_t block, bool alone) {
    const std::int64_t begin = block * block_frames_;
    drop_silent(begin);
    run::Obstacle found = run::Obstacle::none;
    for (const SoundingPlan& sounding : sounding_) {
        found = std::max(found, sounding.plan->graph->growth().obstacle(begin + block_frames_, alone));
    }
    // Decided once: a hand-over that is asked for from now on comes with a later block, for which room is looked for.
    due_ = due(begin);
    if (due_ != nullptr) {
        found = std::max(found, alone ? due_->hand_over->takeover.obstacle() : run::Obstacle::blocks_before);
    }
    return found;
}

PlanProgram& PlanSequence::program_for(const PlanProgram& running) {
    if (due_ != nullptr) {
        return *due_->hand_over->switching;
    }
    if (sounding_.size() == 1) {
        return *present().alone;
    }
    return running.switches() ? *handed_over_->hand_over->both : const_cast<PlanProgram&>(running);
}

void PlanSequence::seal(const PlanProgram& program, std::int64_t block) {
    const std::int64_t begin = block * block_frames_, end = begin + block_frames_;
    block_ = block;
    if (program.switches()) {
        switching_to_ = asked_.load(std::memory_order_acquire);
        switch_frame_ = frame_of(*switching_to_, begin);
        switching_to_->seals.begin(block);
    }
    for (const SoundingPlan& sounding : sounding_) {
        sounding.plan->seals.begin(block);
    }
    sealer_.seal(begin, end, *this, switching_to_ != nullptr ? 1 : 0);
    take_over_before(end);
    let_ring(end);
    for (const SoundingPlan& sounding : sounding_) {
        sealer_.count_lost(sounding.plan->seals.finish(block));
        sounding.plan->note_drains(block);
    }
    sealed_[slot(block)].assign(sounding_.all());
}

void PlanSequence::shed_voice(std::int64_t block, std::int64_t made) {
    const PlanInstance& plan = present();
    if (!plan.description.stream.shed_on_overload) {
        return;
    }
    if (const auto voice = plan.softest_voice(block, made)) {
        sealer_.post({.frame = block * block_frames_,
                      .kind = EventKind::shed_voice,
                      .plan = plan.number,
                      .node = voice->keys,
                      .parameter = voice->lane});
    }
}

// Everything before `frame` has happened: the hand-over that is due takes effect if it lies there.
void PlanSequence::take_over_before(std::int64_t frame) {
    if (switching_to_ == nullptr || switch_frame_ >= frame) {
        return;
    }
    PlanInstance& next = *switching_to_;
    HandOver& hand_over = *next.hand_over;
    switching_to_ = nullptr;
    hand_over.takeover.take_events(block_, *hand_over.translation);
    const bool is_whole = hand_over.takeover.is_whole();
    const std::span<const Sample> rising =
        is_whole ? std::span<const Sample>{} : std::span<const Sample>{hand_over.rising};
    for (SoundingPlan& sounding : sounding_) {
        const bool is_last = &sounding == sounding_.end() - 1;
        if (sounding.fades_out > switch_frame_ && (!is_last || hand_over.kind == HandOverKind::reload)) {
            sounding.fades_out = switch_frame_;
            sounding.falling = rising;
        }
    }
    sounding_.add({.plan = &next, .from = switch_frame_, .rising = rising});
    handed_over_ = &next;
    next_hand_over_ = switch_frame_ + static_cast<std::int64_t>(rising.size());
    std::swap(translations_[next.number % kTranslations], hand_over.translation);
    sealer_.tell({{.frame = switch_frame_, .kind = EventKind::hand_over, .plan = next.number}, false});
    present_number_.store(next.number, std::memory_order_release);
    hand_over.applied.store(switch_frame_, std::memory_order_release);
    asked_.store(nullptr, std::memory_order_release);
}

bool PlanSequence::place(Event& event) {
    take_over_before(event.frame + 1);
    return !control::is_of_plan(event) || event.plan == present().number || translate(event);
}

bool PlanSequence::translate(Event& event) const {
    const std::uint32_t number = (sounding_.end() - 1)->plan->number;
    if (event.plan >= number || number - event.plan >= kTranslations) {
        return false;
    }
    // Numbers of plans that were prepared and never played are skipped: no event can be meant for them.
    for (std::uint32_t next = event.plan + 1; next <= number; ++next) {
        const Translation* const translation = translations_[next % kTranslations].get();
        if (translation != nullptr && translation->number() == next && !translation->apply(event)) {
            return false;
        }
    }
    return event.plan == number;
}

void PlanSequence::apply(const Event& event) {
    if (event.kind == EventKind::shed_voice) {
        shed_voices_.fetch_add(1, std::memory_order_relaxed);
    }
    for (SoundingPlan& sounding : sounding_) {
        if (&sounding == sounding_.end() - 1 || ends_notes(event)) {
            sounding.plan->seals.apply(event);
        }
    }
}

// From when on the old plan fades out, as far as is known at the end of the block.
void PlanSequence::let_ring(std::int64_t end) {
    if (sounding_.size() < 2 || handed_over_ == nullptr) {
        return;
    }
    const HandOver& hand_over = *handed_over_->hand_over;
    SoundingPlan& old = *(sounding_.end() - 2);
    const std::int64_t begin = hand_over.applied.load(std::memory_order_relaxed);
    if (hand_over.kind == HandOverKind::reload || old.plan != &hand_over.from || old.fades_out < end) {
        return;
    }
    const std::int64_t longest = begin + hand_over.ring;
    std::int64_t silent = longest;
    if (hand_over.kind == HandOverKind::after_last_note) {
        const std::int64_t voices = old.plan->seals.silent_from();
        silent = voices == control::Voices::kHeld || hand_over.tail > longest
                     ? longest
                     : std::clamp(voices + hand_over.tail, begin, longest);
    }
    old.fades_out = silent;
    old.falling = hand_over.rising;
}

void PlanSequence::drop_silent(std::int64_t frame) {
    for (const SoundingPlan& sounding : sounding_) {
        if (sounding.until() <= frame) {
            sounding.plan->is_over.store(true, std::memory_order_release);
        }
    }
    sounding_.remove_if([&](const SoundingPlan& sounding) { return sounding.until() <= frame; });
}

} // namespace amp::engine::inline AMP_PRECISION

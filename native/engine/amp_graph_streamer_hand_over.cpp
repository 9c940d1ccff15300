// The streamer's plans come and go: one is prepared, takes over, and is freed when it is over.
#include "base/floating_point.h"
#include "base/thread_role.h"
#include "engine/amp_graph_streamer.h"

#include <algorithm>
#include <new>
#include <string>
#include <system_error>

namespace amp::engine::inline AMP_PRECISION {

std::optional<Error> AmpGraphStreamer::refuse(const plan::Description& plan, const HandOverSettings& settings) const {
    constexpr double kLongestCrossfade = 10, kLongestRing = 3600;
    if (!(settings.crossfade_seconds >= 0 && settings.crossfade_seconds <= kLongestCrossfade)) {
        return Error{ErrorKind::bad_argument, "the crossfade takes 0 to 10 seconds"};
    }
    if (!(settings.ring_seconds >= 0 && settings.ring_seconds <= kLongestRing)) {
        return Error{ErrorKind::bad_argument, "an old plan rings for 0 to 3600 seconds"};
    }
    if (plan.stream.sample_rate != sample_rate_) {
        return Error{ErrorKind::bad_argument, "the plan is for " + std::to_string(plan.stream.sample_rate) +
                                                  " Hz, the stream runs at " + std::to_string(sample_rate_) + " Hz"};
    }
    return std::nullopt;
}

Result<std::uint32_t> AmpGraphStreamer::prepare(const plan::Description& plan, const HandOverSettings& settings) {
    expect_role(ThreadRole::ordinary);
    const std::lock_guard one_at_a_time(preparing_);
    free_what_is_over();
    if (prepared_ != nullptr) {
        const HandOver& waiting = *prepared_->hand_over;
        if (waiting.asked.load(std::memory_order_relaxed) == HandOver::kNotYet) {
            plans_.remove(*prepared_);
            plans_.free_removed();
        } else if (waiting.applied.load(std::memory_order_acquire) == HandOver::kNotYet) {
            return Error{ErrorKind::busy, "the hand-over before has not taken effect yet"};
        }
        prepared_ = nullptr;
    }
    if (auto refused = refuse(plan, settings)) {
        return *refused;
    }
    if (!plans_.has_room()) {
        return Error{ErrorKind::busy, "too many plans ring out"};
    }
    // What is prepared here is part of the bits, whatever rounding the caller has.
    const FloatingPointScope floating_point;
    try {
        InstanceSettings building = instance_settings(settings_, sample_rate_);
        for (const PlanInstance* const other : plans_.all()) {
            building.most_late = std::max(building.most_late, other->most_late);
        }
        auto built = PlanInstance::build(plan, building);
        if (!built.ok()) {
            return built.error();
        }
        PlanInstance& made = *built.value();
        if (!mix_.fits(*made.graph)) {
            return Error{ErrorKind::bad_argument, "the plan has " + std::to_string(made.graph->channels()) +
                                                      " channels, the output " + std::to_string(channels_)};
        }
        const std::uint32_t present = present_plan();
        PlanInstance* from = nullptr;
        std::vector<PlanInstance*> others;
        for (PlanInstance* const other : plans_.all()) {
            if (other->number == present) {
                from = other;
            } else if (!other->is_over.load(std::memory_order_acquire)) {
                others.push_back(other);
            }
        }
        watch(made);
        made.number = plans_.next_number();
        made.hand_over.emplace(*from, made, others, settings, instance_settings(settings_, sample_rate_).scheduling);
        if (auto room = made.hand_over->takeover.make_room(); !room.ok()) {
            return room.error();
        }
        made.graph->tell_faults_to(node_faults_, made.number);
        made.graph->growth().start(*scheduler_, growths_, made.number);
        prepared_ = &plans_.add(std::move(built.value()));
        return prepared_->number;
    } catch (const std::bad_alloc&) {
        return Error{ErrorKind::no_memory, "not enough memory for the plan"};
    } catch (const std::system_error& error) {
        return Error{ErrorKind::no_thread, std::string("the system gives no more threads: ") + error.what()};
    }
}

Result<bool> AmpGraphStreamer::hand_over(std::uint32_t plan, std::int64_t frame) {
    const std::lock_guard one_at_a_time(preparing_);
    if (prepared_ == nullptr || prepared_->number != plan ||
        prepared_->hand_over->asked.load(std::memory_order_relaxed) != HandOver::kNotYet) {
        return Error{ErrorKind::bad_argument, "plan " + std::to_string(plan) + " is not one that waits to take over"};
    }
    prepared_->hand_over->asked.store(std::max<std::int64_t>(0, frame), std::memory_order_relaxed);
    sequence_.ask(*prepared_);
    return true;
}

std::size_t AmpGraphStreamer::retire() {
    expect_role(ThreadRole::ordinary);
    const std::lock_guard one_at_a_time(preparing_);
    return free_what_is_over();
}

// Frees plans that are over as soon as no worker can still touch them; how many are left.
std::size_t AmpGraphStreamer::free_what_is_over() {
    const std::vector<PlanInstance*> plans = plans_.all();
    const auto touched = [&](const PlanInstance& plan) {
        const auto in = [&](const std::unique_ptr<PlanProgram>& program) {
            return program->runs(plan) && scheduler_->uses(*program);
        };
        return in(plan.alone) || std::ranges::any_of(plans, [&](const PlanInstance* owner) {
                   return owner->hand_over && (in(owner->hand_over->switching) || in(owner->hand_over->both));
               });
    };
    for (const PlanInstance* const plan : plans) {
        const bool owns_used = plan->hand_over && (scheduler_->uses(*plan->hand_over->switching) ||
                                                   scheduler_->uses(*plan->hand_over->both));
        if (plan->is_over.load(std::memory_order_acquire) && !owns_used && !touched(*plan)) {
            plans_.remove(*plan);
        }
    }
    plans_.free_removed();
    return plans_.all().size();
}

std::optional<std::int64_t> AmpGraphStreamer::took_over_at(std::uint32_t number) const {
    const PlanSet::Pin plan = plans_.find(number);
    if (!plan) {
        return std::nullopt;
    }
    return plan->hand_over ? plan->hand_over->applied.load(std::memory_order_acquire) : 0;
}

} // namespace amp::engine::inline AMP_PRECISION

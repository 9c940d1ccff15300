#include "engine/plan_set.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

PlanSet::Pin PlanSet::find(std::uint32_t number) const {
    for (const Place& place : places_) {
        if (number == 0 || place.number.load(std::memory_order_acquire) != number) {
            continue;
        }
        // Whoever frees takes the number away first, then looks for pins: one of the two sees the other.
        place.pins.fetch_add(1, std::memory_order_seq_cst);
        Pin pin(&place.pins, place.plan.get());
        if (place.number.load(std::memory_order_seq_cst) == number) {
            return pin;
        }
    }
    return {};
}

bool PlanSet::has_room() const {
    return std::ranges::any_of(places_, [](const Place& place) { return place.plan == nullptr; });
}

PlanInstance& PlanSet::add(std::unique_ptr<PlanInstance> plan) {
    Place& place = *std::ranges::find_if(places_, [](const Place& one) { return one.plan == nullptr; });
    place.plan = std::move(plan);
    place.number.store(place.plan->number, std::memory_order_seq_cst);
    return *place.plan;
}

void PlanSet::remove(const PlanInstance& plan) {
    for (Place& place : places_) {
        if (place.plan.get() == &plan) {
            place.number.store(0, std::memory_order_seq_cst);
        }
    }
}

void PlanSet::free_removed() {
    for (Place& place : places_) {
        if (place.plan && place.number.load(std::memory_order_relaxed) == 0 &&
            place.pins.load(std::memory_order_seq_cst) == 0) {
            place.plan.reset();
        }
    }
}

std::vector<PlanInstance*> PlanSet::all() const {
    std::vector<PlanInstance*> plans;
    for (const Place& place : places_) {
        if (place.plan && place.number.load(std::memory_order_relaxed) != 0) {
            plans.push_back(place.plan.get());
        }
    }
    return plans;
}

arena::Stats PlanSet::arena_stats() const {
    arena::Stats sum;
    for (std::uint32_t place = 0; place < kMost; ++place) {
        if (const Pin plan = find(places_[place].number.load(std::memory_order_acquire))) {
            const arena::Stats stats = plan->graph->arena_stats();
            sum.reserved += stats.reserved;
            sum.committed += stats.committed;
            sum.used += stats.used;
            sum.largest_hole = std::max(sum.largest_hole, stats.largest_hole);
        }
    }
    return sum;
}

void PlanSet::stop_growing() {
    for (Place& place : places_) {
        if (place.plan) {
            place.plan->graph->growth().stop();
        }
    }
}

} // namespace amp::engine::inline AMP_PRECISION

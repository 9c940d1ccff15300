// The few plans that a streamer has at once, and who may look at them.
#pragma once

#include "engine/plan_instance.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

class PlanSet {
public:
    // The one that plays, old ones that ring out, one that is prepared, and one that waits for being freed.
    static constexpr std::size_t kMost = 6;

    // Keeps a plan from being freed while it lives; or nothing.
    class Pin {
    public:
        Pin() = default;
        Pin(std::atomic<int>* pins, PlanInstance* plan) : pins_(pins), plan_(plan) {}
        Pin(Pin&& other) noexcept
            : pins_(std::exchange(other.pins_, nullptr)), plan_(std::exchange(other.plan_, nullptr)) {}
        Pin& operator=(Pin&&) = delete;
        ~Pin() {
            if (pins_ != nullptr) {
                pins_->fetch_sub(1, std::memory_order_seq_cst);
            }
        }
        explicit operator bool() const { return plan_ != nullptr; }
        PlanInstance& operator*() const { return *plan_; }
        PlanInstance* operator->() const { return plan_; }

    private:
        std::atomic<int>* pins_ = nullptr;
        PlanInstance* plan_ = nullptr;
    };

    // Plan number `number`, or nothing when it is not there any more, or not yet. [any]
    Pin find(std::uint32_t number) const;

    // True if `add` has a place. [compiler]
    bool has_room() const;

    // A number that no plan had before. One caller at a time. [compiler]
    std::uint32_t next_number() { return ++numbers_; }

    // The plan belongs to the set, which has room, and is found under its number. One caller at a time. [compiler]
    PlanInstance& add(std::unique_ptr<PlanInstance> plan);

    // Nobody finds the plan any more, and it is freed as soon as nobody looks at it. One caller at a time. [compiler]
    void remove(const PlanInstance& plan);
    void free_removed();

    // All that were not removed. [compiler]
    std::vector<PlanInstance*> all() const;

    // Ends the threads that make wheels longer. [compiler]
    void stop_growing();

    // The bytes of all, and how many there are, removed ones too. [any]
    arena::Stats arena_stats() const;

private:
    struct Place {
        std::atomic<std::uint32_t> number{0}; // of the plan that may be found here
        mutable std::atomic<int> pins{0};
        std::unique_ptr<PlanInstance> plan;
    };
    std::array<Place, kMost> places_;
    std::uint32_t numbers_ = 0;
};

} // namespace amp::engine::inline AMP_PRECISION

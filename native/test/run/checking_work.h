// Work that does nothing but watch whether the scheduler keeps its promises.
#pragma once

#include "run/work.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace amp::test {

// Promises: each unit runs every block once and in order, never before what it depends on, never twice at once, only
// between the block's seal and its completion; seals and completions come in order, and no block begins before the
// block that lies `in_flight` before it is complete.
class CheckingWork final : public run::Work {
public:
    CheckingWork(std::uint32_t units, std::span<const run::Dependency> dependencies, int in_flight);

    void seal(const run::Program& program, std::int64_t block) override;
    void run(const run::Program& program, run::UnitIndex unit, std::int64_t block, int worker) override;
    void complete(std::int64_t block) override;

    // The first promise that was broken; empty: none.
    std::string broken() const;
    // Blocks that `unit` has run.
    std::int64_t blocks_of(run::UnitIndex unit) const { return units_[unit].done.load(); }
    std::int64_t sealed() const { return sealed_.load(); }
    bool anybody_runs() const { return running_.load() > 0; }

    // How long units take: up to so many turns of an empty loop, times seven.
    int effort = 0;

private:
    struct alignas(64) Unit {
        std::atomic<std::int64_t> done{0};
        std::atomic<bool> runs{false};
        std::vector<run::Dependency> waits_for;
    };
    void expect(bool kept, const char* promise, std::int64_t block, run::UnitIndex unit = 0);
    void spend(run::UnitIndex unit, std::int64_t block) const;

    const std::uint32_t count_;
    const int in_flight_;
    std::unique_ptr<Unit[]> units_;
    std::atomic<std::int64_t> sealed_{0}, completed_{0};
    std::atomic<bool> sealing_{false}, completing_{false};
    std::atomic<int> running_{0};
    mutable std::mutex mutex_;
    std::string broken_;
};

} // namespace amp::test

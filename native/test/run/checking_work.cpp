#include "run/checking_work.h"

#include "base/seed.h"

namespace amp::test {

CheckingWork::CheckingWork(std::uint32_t units, std::span<const run::Dependency> dependencies, int in_flight)
    : count_(units), in_flight_(in_flight), units_(std::make_unique<Unit[]>(units)) {
    for (const run::Dependency& dependency : dependencies) {
        units_[dependency.to].waits_for.push_back(dependency);
    }
}

void CheckingWork::expect(bool kept, const char* promise, std::int64_t block, run::UnitIndex unit) {
    if (!kept) {
        const std::lock_guard lock(mutex_);
        if (broken_.empty()) {
            broken_ = std::string(promise) + ": block " + std::to_string(block) + ", unit " + std::to_string(unit);
        }
    }
}

std::string CheckingWork::broken() const {
    const std::lock_guard lock(mutex_);
    return broken_;
}

void CheckingWork::seal(const run::Program&, std::int64_t block) {
    expect(!sealing_.exchange(true), "one seal at a time", block);
    expect(sealed_.load() == block, "seals come in order", block);
    expect(block + 1 - completed_.load() <= in_flight_, "no more blocks at once than are allowed", block);
    sealed_.store(block + 1);
    sealing_.store(false);
}

void CheckingWork::run(const run::Program&, run::UnitIndex unit, std::int64_t block, int) {
    ++running_;
    Unit& mine = units_[unit];
    expect(!mine.runs.exchange(true), "a unit runs once at a time", block, unit);
    expect(mine.done.load() == block, "a unit runs each block once and in order", block, unit);
    expect(sealed_.load() > block, "a block is sealed before it runs", block, unit);
    expect(completed_.load() <= block, "a block is not complete while it runs", block, unit);
    for (const run::Dependency& dependency : mine.waits_for) {
        expect(units_[dependency.from].done.load() > block - std::int64_t{dependency.lag},
               "a unit runs after what it depends on", block, unit);
    }
    spend(unit, block);
    mine.runs.store(false);
    mine.done.store(block + 1);
    --running_;
}

void CheckingWork::complete(std::int64_t block) {
    expect(!completing_.exchange(true), "one completion at a time", block);
    expect(completed_.load() == block, "completions come in order", block);
    for (run::UnitIndex unit = 0; unit < count_; ++unit) {
        expect(units_[unit].done.load() > block, "all units have run a block that is complete", block, unit);
    }
    completed_.store(block + 1);
    completing_.store(false);
}

void CheckingWork::spend(run::UnitIndex unit, std::int64_t block) const {
    const auto turns = static_cast<int>(mixed_seed(unit, static_cast<std::uint64_t>(block)) % 8) * effort;
    for (int i = 0; i < turns; ++i) {
        std::atomic_signal_fence(std::memory_order_seq_cst); // keeps the loop
    }
}

} // namespace amp::test

// Who may run: for each unit and each block in flight, a count of what it still waits for. Nobody scans; whoever brings
// a count to zero has made the unit ready.
#pragma once

#include "base/real_time.h"
#include "run/work.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::run {

class Readiness {
public:
    // At most `in_flight` blocks run at once: block n begins only when block n - in_flight is complete. [compiler]
    Readiness(std::uint32_t units, std::span<const Dependency> dependencies, int in_flight);

    // Block `block` is the first that runs; nothing is counted down before. [worker]
    void begin_at(std::int64_t block) AMP_REAL_TIME { first_block_ = block; }

    // Units that wait for nothing but the block's seal.
    std::span<const UnitIndex> sources() const { return sources_; }

    // The block is sealed: true when source `unit` waits for nothing else. [worker]
    bool seal(UnitIndex unit, std::int64_t block) AMP_REAL_TIME {
        return initial_[unit] == 1 || count(unit, block).fetch_sub(1, std::memory_order_acq_rel) == 1;
    }

    // Unit `unit` has run `block`: calls ready(unit, block) for each unit that this made ready, and returns true when
    // it was the last of its block. Also makes the unit's counts good for later blocks. [worker]
    template <class Ready>
    bool finish(UnitIndex unit, std::int64_t block, Ready&& ready) AMP_REAL_TIME {
        for (std::uint32_t i = first_[unit]; i < first_[unit + 1]; ++i) {
            const Successor& next = successors_[i];
            if (count(next.unit, block + next.lag).fetch_sub(1, std::memory_order_acq_rel) == 1) {
                ready(next.unit, block + next.lag);
            }
        }
        return is_sink_[unit] && unfinished(block).fetch_sub(1, std::memory_order_acq_rel) == 1;
    }

    // Unit `unit` begins `block`: its counts serve a later block from here on. [worker]
    void begin(UnitIndex unit, std::int64_t block) AMP_REAL_TIME {
        count(unit, block).store(initial_[unit], std::memory_order_relaxed);
    }

    // The block before is complete: returns true when nothing else of this block is unfinished. [worker]
    bool follow(std::int64_t block) AMP_REAL_TIME {
        return unfinished(block).fetch_sub(1, std::memory_order_acq_rel) == 1;
    }

    // The block is complete: its counts serve a later block from here on. [worker]
    void reuse(std::int64_t block) AMP_REAL_TIME { unfinished(block).store(sinks_ + 1, std::memory_order_relaxed); }

private:
    struct Successor {
        UnitIndex unit;
        std::uint32_t lag;
    };
    std::size_t slot(std::int64_t block) const { return static_cast<std::size_t>(block - first_block_) & (slots_ - 1); }
    std::atomic<std::int32_t>& count(UnitIndex unit, std::int64_t block) {
        return counts_[slot(block) * initial_.size() + unit];
    }
    std::atomic<std::int32_t>& unfinished(std::int64_t block) { return unfinished_[slot(block)]; }

    const std::size_t slots_; // a power of two
    std::int64_t first_block_ = 0;
    std::int32_t sinks_ = 0;
    std::vector<std::int32_t> initial_;
    std::vector<std::uint32_t> first_;
    std::vector<Successor> successors_;
    std::vector<bool> is_sink_;
    std::vector<UnitIndex> sources_;
    std::unique_ptr<std::atomic<std::int32_t>[]> counts_;
    std::unique_ptr<std::atomic<std::int32_t>[]> unfinished_;
};

} // namespace amp::run

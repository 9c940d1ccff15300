// The CPU times of the workers, by which a late thread is told from a heavy block.
// docs/decisions/0008-cpu-clocks-on-sound-threads.md says why a sound thread reads them.
#pragma once

#include "base/real_time.h"

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

namespace amp::engine {

class WorkerClocks {
public:
    // [compiler]
    explicit WorkerClocks(std::vector<clockid_t> clocks);

    std::size_t count() const { return clocks_.size(); }

    // CPU time in nanoseconds that the worker has had since the last call for it. [worker]
    std::int64_t take(std::size_t worker) AMP_REAL_TIME;

private:
    std::vector<clockid_t> clocks_;
    std::vector<std::int64_t> last_;
};

} // namespace amp::engine

// What a streamer tells of nodes that went wrong, whichever plan they belong to.
#pragma once

#include "base/bounded_queue.h"
#include "base/real_time.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace amp::engine {

enum class NodeFaultKind : std::uint8_t {
    not_finite, // a lane gave a value that is not finite
    latency     // what enters it leaves it earlier or later than its type declares
};

struct NodeFault {
    NodeFaultKind kind = NodeFaultKind::not_finite;
    std::uint32_t plan = 0, node = 0;
    std::int64_t frame = 0;                  // as the node counts: the first bad one, or that of the answer
    std::int32_t batch = 0, channel = 0;     // the lane that is not finite
    std::int64_t declared = 0, measured = 0; // latencies, frames
};

class NodeFaultLog {
public:
    // [worker]
    void add(const NodeFault& fault) AMP_REAL_TIME {
        count_.fetch_add(1, std::memory_order_relaxed);
        unread_.push(fault);
    }

    // All since the start, of which a lane tells one a second at most. [any]
    std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }

    // Moves faults to `out`, oldest first; how many. What found no room because nobody read is only counted. [any]
    std::size_t read(std::span<NodeFault> out) {
        std::size_t count = 0;
        for (; count < out.size(); ++count) {
            const auto fault = unread_.pop();
            if (!fault) {
                break;
            }
            out[count] = *fault;
        }
        return count;
    }

private:
    static constexpr std::size_t kKept = 256;

    BoundedQueue<NodeFault> unread_{kKept};
    std::atomic<std::uint64_t> count_{0};
};

// Where a node tells its faults; nowhere until a streamer has it.
struct NodeFaultTeller {
    NodeFaultLog* log = nullptr;
    std::uint32_t plan = 0;

    // [worker]
    void tell(NodeFault fault, std::uint32_t node) const AMP_REAL_TIME {
        if (log != nullptr) {
            fault.plan = plan;
            fault.node = node;
            log->add(fault);
        }
    }
};

} // namespace amp::engine

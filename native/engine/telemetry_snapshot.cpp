// How a snapshot is read while the workers go on: from places that say afterwards whether they still hold what they
// held.
#include "amp.h"
#include "engine/region.h"
#include "engine/telemetry.h"

#include <algorithm>
#include <span>

namespace amp::engine::inline AMP_PRECISION {

namespace {

// A reader that is put aside this often while it reads will not be luckier the next time.
constexpr int kMostTries = 100;

// The entries that are there and have room.
std::span<amp_node_status> nodes_of(const amp_snapshot& snapshot) {
    return {snapshot.nodes, std::min(snapshot.node_room, snapshot.node_count)};
}
std::span<amp_edge_status> edges_of(const amp_snapshot& snapshot) {
    return {snapshot.edges, std::min(snapshot.edge_room, snapshot.edge_count)};
}
std::span<amp_worker_status> workers_of(const amp_snapshot& snapshot) {
    return {snapshot.workers, std::min(snapshot.worker_room, snapshot.worker_count)};
}

} // namespace

bool Telemetry::read(const PlanTelemetry& plan, amp_snapshot& snapshot) const {
    clear(plan, snapshot);
    const double seconds_per_cycle = cycles_.seconds_per_cycle();
    for (int i = 0; i < kMostTries; ++i) {
        const std::int64_t count = completions_.count();
        if (count == 0) {
            return true;
        }
        const Completion completion = completions_.of(count - 1);
        if (read_block(plan, count - 1, completion, seconds_per_cycle, snapshot) &&
            read_window(plan, completion.window, seconds_per_cycle, snapshot)) {
            return true;
        }
    }
    clear(plan, snapshot);
    return false;
}

// Leaves what does not depend on any block.
void Telemetry::clear(const PlanTelemetry& plan, amp_snapshot& snapshot) const {
    snapshot.number = snapshot.frame = snapshot.time_ns = snapshot.window_blocks = 0;
    snapshot.output_seconds = snapshot.window_seconds = 0;
    snapshot.block_seconds = block_seconds_;
    snapshot.node_count = plan.node_count;
    snapshot.edge_count = plan.edges.routes().size();
    snapshot.worker_count = workers_->count();
    std::ranges::fill(nodes_of(snapshot), amp_node_status{});
    std::ranges::fill(workers_of(snapshot), amp_worker_status{});
    const auto routes = plan.edges.routes();
    for (std::size_t i = 0; amp_edge_status& edge : edges_of(snapshot)) {
        const EdgeRoute& route = routes[i];
        edge = {};
        edge.capacity = plan.edges.capacity(i++);
        edge.from_node = route.from_node;
        edge.from_output = route.from_output;
        edge.to_node = route.to_node;
        edge.is_parameter = route.is_parameter ? 1 : 0;
        edge.to_index = route.to_index;
        edge.delay = route.delay;
    }
}

// True if all of it is the block's.
bool Telemetry::read_block(const PlanTelemetry& plan, std::int64_t block, const Completion& completion,
                           double seconds_per_cycle, amp_snapshot& snapshot) const {
    snapshot.number = block + 1;
    snapshot.frame = (block + 1) * geometry_.block;
    snapshot.time_ns = completion.time;
    snapshot.output_seconds = static_cast<double>(completion.output_cycles) * seconds_per_cycle;
    for (std::uint32_t n = 0; amp_node_status& node : nodes_of(snapshot)) {
        const NodeTimes::OfBlock of_block = plan.nodes.of_block(n, block);
        node.last_seconds = of_block.cycles * seconds_per_cycle;
        node.late = std::int64_t{of_block.late} + (completion.late_node == n ? 1 : 0);
        if (const Region* const region = plan.regions[n]; region != nullptr) {
            const Region::AtEnd at_end = region->at_end(block);
            node.stood = at_end.stood;
            node.stands = at_end.stands ? 1 : 0;
        }
        ++n;
    }
    for (std::size_t e = 0; amp_edge_status& edge : edges_of(snapshot)) {
        edge.depth = plan.edges.depth(e, block);
        edge.drops = plan.edges.drops(e);
        edge.capacity = plan.edges.capacity(e);
        edge.growths = plan.edges.growths(e);
        const std::uint64_t age =
            edge.depth == 0 ? 0 : cycles_between(plan.edges.oldest_produced(e, block), completion.cycles);
        edge.oldest_age_seconds = static_cast<double>(age) * seconds_per_cycle;
        ++e;
    }
    for (std::size_t w = 0; amp_worker_status& worker : workers_of(snapshot)) {
        const WorkerTimes::OfBlock of_block = workers_->of_block(w++, block);
        worker.last_busy_seconds = static_cast<double>(of_block.busy) * seconds_per_cycle;
        worker.last_cpu_seconds = static_cast<double>(of_block.cpu) * 1e-9;
    }
    return completions_.keeps(block);
}

// True if all of it is the window's.
bool Telemetry::read_window(const PlanTelemetry& plan, const ClosedWindow& window, double seconds_per_cycle,
                            amp_snapshot& snapshot) const {
    if (window.number == 0) {
        return true;
    }
    snapshot.window_blocks = window.blocks;
    snapshot.window_seconds = static_cast<double>(window.cycles) * seconds_per_cycle;
    for (std::uint32_t n = 0; amp_node_status& node : nodes_of(snapshot)) {
        const NodeTimes::OfWindow of_window = plan.nodes.of_window(n++, window);
        node.mean_seconds = of_window.mean * seconds_per_cycle;
        node.p99_seconds = of_window.percentile_99 * seconds_per_cycle;
        node.max_seconds = of_window.greatest * seconds_per_cycle;
        node.share = node.mean_seconds / block_seconds_;
    }
    for (std::size_t e = 0; amp_edge_status& edge : edges_of(snapshot)) {
        const EdgeTimes::OfWindow of_window = plan.edges.of_window(e++, window);
        edge.peak = of_window.peak;
        edge.mean_traversal_seconds = of_window.mean * seconds_per_cycle;
        edge.max_traversal_seconds = of_window.greatest * seconds_per_cycle;
    }
    const auto cycles = static_cast<double>(std::max<std::uint64_t>(1, window.cycles));
    for (std::size_t w = 0; amp_worker_status& worker : workers_of(snapshot)) {
        const WorkerTimes::OfBlock of_window = workers_->of_window(w++, window.number);
        worker.busy = std::min(1.0, static_cast<double>(of_window.busy) / cycles);
        worker.idle = 1 - worker.busy;
        worker.cpu = static_cast<double>(of_window.cpu) * 1e-9 / (cycles * seconds_per_cycle);
    }
    return completions_.keeps(window);
}

} // namespace amp::engine::inline AMP_PRECISION

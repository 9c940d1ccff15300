#include "engine/node_times.h"

#include "base/cycle_counter.h"

#include <algorithm>

namespace amp::engine {

NodeTimes::NodeTimes(const plan::Description& plan, std::span<const std::unique_ptr<GraphNode>> nodes, int workers)
    : last_(std::make_unique<std::atomic<std::uint64_t>[]>(nodes.size())),
      last_steps_(plan.components.size(), 0),
      workers_(static_cast<std::size_t>(workers)) {
    for (const plan::Component& component : plan.components) {
        auto& unit = units_.emplace_back();
        for (const std::uint32_t node : component.nodes) {
            unit.push_back(nodes[node].get());
        }
    }
}

void NodeTimes::ran(std::uint32_t unit, int worker, std::uint64_t begin) {
    const std::uint64_t cycles = cycle_counter() - begin;
    OfWorker& of_worker = workers_[static_cast<std::size_t>(worker)];
    const std::vector<const GraphNode*>& nodes = units_[unit];
    if (nodes.size() == 1) {
        note(nodes.front()->index, cycles, of_worker);
        return;
    }
    split(nodes, cycles, begin, of_worker);
}

// Shares a loop's cycles out among its nodes as the newest windows did, whose headers are kept.
void NodeTimes::split(const std::vector<const GraphNode*>& loop, std::uint64_t whole, std::uint64_t begin,
                      OfWorker& of_worker) {
    const GraphNode& last_node = *loop.back();
    const auto kept = static_cast<std::uint32_t>(last_node.headers.size());
    std::uint32_t& before = last_steps_[&loop - units_.data()];
    const std::uint32_t end = last_node.step;
    // One less than is kept: each window begins where the one before it ended.
    const std::uint32_t first = end - std::min(end - before, kept - 1);
    const auto produced = [](const GraphNode& node, std::uint32_t step) {
        return node.headers[step % node.headers.size()].time_produced;
    };
    const std::uint64_t from = first == before ? begin : produced(last_node, first - 1);
    const auto sampled = static_cast<double>(produced(last_node, end - 1) - from);
    const double scale = sampled > 0 ? static_cast<double>(whole) / sampled : 0;
    for (std::size_t i = 0; i < loop.size(); ++i) {
        std::uint64_t cycles = 0;
        for (std::uint32_t step = first; step != end; ++step) {
            const std::uint64_t window_begin = step == first ? from : produced(last_node, step - 1);
            cycles += produced(*loop[i], step) - (i == 0 ? window_begin : produced(*loop[i - 1], step));
        }
        note(loop[i]->index, static_cast<std::uint64_t>(static_cast<double>(cycles) * scale), of_worker);
    }
    before = end;
}

void NodeTimes::note(std::uint32_t node, std::uint64_t cycles, OfWorker& of_worker) {
    last_[node].store(cycles, std::memory_order_relaxed);
    if (cycles > of_worker.heaviest.cycles) {
        of_worker.heaviest = {node, cycles};
    }
}

NodeTimes::Heaviest NodeTimes::take_heaviest() {
    Heaviest heaviest;
    for (OfWorker& of_worker : workers_) {
        if (of_worker.heaviest.cycles > heaviest.cycles) {
            heaviest = of_worker.heaviest;
        }
        of_worker.heaviest = {};
    }
    return heaviest;
}

} // namespace amp::engine

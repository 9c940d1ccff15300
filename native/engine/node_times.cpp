#include "engine/node_times.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

NodeTimes::NodeTimes(const plan::Description& plan, const plan::Layout& layout,
                     std::span<const std::unique_ptr<GraphNode>> nodes, int workers)
    : is_cohort_(plan.components.size(), false),
      nodes_(std::make_unique<OfNode[]>(nodes.size())),
      histograms_(std::make_unique<TimeHistogram[]>(nodes.size())),
      last_steps_(plan.components.size(), 0),
      workers_(static_cast<std::size_t>(workers)) {
    for (std::uint32_t node = 0; node < nodes.size(); ++node) {
        measured_by_.push_back({node, 1});
    }
    for (const plan::Component& component : plan.components) {
        first_node_.push_back(static_cast<std::uint32_t>(unit_nodes_.size()));
        const std::uint32_t cohort = layout.cohort_of[component.nodes.front()];
        if (cohort == plan::kNone) {
            for (const std::uint32_t node : component.nodes) {
                unit_nodes_.push_back(nodes[node].get());
            }
            continue;
        }
        const std::vector<std::uint32_t>& members = layout.cohorts[cohort].nodes;
        if (members.front() == component.nodes.front()) {
            is_cohort_[first_node_.size() - 1] = true;
            unit_nodes_.insert(unit_nodes_.end(), {nodes[members.front()].get(), nodes[members.back()].get()});
        }
    }
    first_node_.push_back(static_cast<std::uint32_t>(unit_nodes_.size()));
    for (const plan::CohortLayout& cohort : layout.cohorts) {
        double lanes = 0;
        for (const std::uint32_t node : cohort.nodes) {
            lanes += plan.nodes[node].shape.batch;
        }
        for (const std::uint32_t node : cohort.nodes) {
            measured_by_[node] = {cohort.nodes.front(), plan.nodes[node].shape.batch / lanes};
        }
    }
}

std::uint64_t NodeTimes::ran(std::uint32_t unit, int worker, std::int64_t block, std::uint32_t window,
                             std::uint64_t begin) {
    const auto nodes = nodes_of(unit);
    const std::uint64_t end = nodes.back()->progress->newest().time_produced;
    const std::uint64_t cycles = cycles_between(begin, end);
    const Run run{block, window, workers_[static_cast<std::size_t>(worker)]};
    if (nodes.size() == 1 || is_cohort_[unit]) {
        note(nodes.front()->index, cycles, end, run);
    } else {
        split(unit, cycles, begin, run);
    }
    return cycles;
}

// Shares a loop's cycles out among its nodes as the newest windows did, whose headers are kept.
void NodeTimes::split(std::uint32_t unit, std::uint64_t whole, std::uint64_t begin, const Run& run) {
    const auto loop = nodes_of(unit);
    const Progress& last = *loop.back()->progress;
    const auto kept = static_cast<std::uint32_t>(last.headers.size());
    std::uint32_t& before = last_steps_[unit];
    const std::uint32_t end = last.step;
    // One less than is kept: each window begins where the one before it ended.
    const std::uint32_t first = end - std::min(end - before, kept - 1);
    const auto produced = [](const Progress& progress, std::uint32_t step) {
        return progress.header_of(step).time_produced;
    };
    const std::uint64_t from = first == before ? begin : produced(last, first - 1);
    const auto sampled = static_cast<double>(cycles_between(from, produced(last, end - 1)));
    const double scale = sampled > 0 ? static_cast<double>(whole) / sampled : 0;
    std::uint64_t left = whole;
    for (std::size_t i = 0; i < loop.size(); ++i) {
        std::uint64_t cycles = 0;
        for (std::uint32_t step = first; step != end; ++step) {
            const std::uint64_t window_begin = step == first ? from : produced(last, step - 1);
            cycles += cycles_between(i == 0 ? window_begin : produced(*loop[i - 1]->progress, step),
                                     produced(*loop[i]->progress, step));
        }
        // The last one gets what rounding leaves: together they took what the loop did.
        const auto share = static_cast<std::uint64_t>(static_cast<double>(cycles) * scale);
        const std::uint64_t given = i + 1 == loop.size() ? left : std::min(left, share);
        left -= given;
        note(loop[i]->index, given, loop[i]->progress->newest().time_produced, run);
    }
    before = end;
}

void NodeTimes::note(std::uint32_t node, std::uint64_t cycles, std::uint64_t produced, const Run& run) {
    OfNode& of_node = nodes_[node];
    const auto taken = static_cast<std::uint32_t>(std::min<std::uint64_t>(cycles, UINT32_MAX));
    Place& place = of_node.blocks[kept_place(run.block)];
    const std::uint64_t late = of_node.late.load(std::memory_order_relaxed);
    place.taken.store(late << 32 | taken, std::memory_order_release);
    place.produced.store(produced, std::memory_order_release);
    const bool is_first = of_node.totals.add(run.window, taken);
    histograms_[node].add(run.window, taken, is_first);
    if (Heaviest& heaviest = run.worker.heaviest[place_in_flight(run.block)]; cycles > heaviest.cycles) {
        heaviest = {node, cycles};
    }
}

NodeTimes::Heaviest NodeTimes::take_heaviest(std::int64_t block) {
    Heaviest heaviest;
    for (OfWorker& of_worker : workers_) {
        Heaviest& of_block = of_worker.heaviest[place_in_flight(block)];
        if (of_block.cycles > heaviest.cycles) {
            heaviest = of_block;
        }
        of_block = {};
    }
    return heaviest;
}

NodeTimes::OfWindow NodeTimes::of_window(std::uint32_t node, const ClosedWindow& window) const {
    const auto [measured, share] = measured_by_[node];
    const WindowTotals::Totals totals = nodes_[measured].totals.of(window.number);
    const auto greatest = static_cast<std::uint32_t>(totals.greatest);
    const std::uint32_t percentile_99 = histograms_[measured].percentile_99(window.number, totals.count, greatest);
    return {totals.mean() * share, percentile_99 * share, greatest * share};
}

} // namespace amp::engine::inline AMP_PRECISION

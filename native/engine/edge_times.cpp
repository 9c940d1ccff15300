#include "engine/edge_times.h"

#include "engine/edge_gate.h"
#include "engine/region.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace amp::engine::inline AMP_PRECISION {

EdgeTimes::EdgeTimes(const plan::Description& plan, const plan::Layout& layout,
                     std::span<const std::unique_ptr<GraphNode>> nodes, std::int64_t block_frames,
                     const NodeTimes& node_times, const BlockTimes& times, const LongTimes& long_times)
    : block_frames_(block_frames),
      node_times_(node_times),
      times_(times),
      long_times_(long_times),
      measured_(std::make_unique<Measured[]>(plan.edges.size())) {
    std::map<const Feed*, std::size_t> readers; // of each feed so far: they come in the plan's order
    for (std::uint32_t e = 0; e < plan.edges.size(); ++e) {
        const plan::Edge& edge = plan.edges[e];
        routes_.push_back({edge.from_node, edge.from_output, edge.to_node, edge.target == plan::EdgeTarget::parameter,
                           edge.to_index, static_cast<std::int64_t>(edge.total_delay())});
        GraphNode& target = *nodes[edge.to_node];
        Feed& feed = routes_.back().is_parameter ? target.parameters[edge.to_index] : target.inputs[edge.to_index];
        const std::size_t place = readers[&feed]++;
        wheels_.push_back(feed.readers[place].wheel);
        regions_.push_back(nodes[edge.from_node]->region);
        const bool is_held = edge.gate != plan::kNone && plan.gates[edge.gate].while_closed == plan::WhileClosed::hold;
        gated_.push_back(is_held ? &feed.readers[place] : nullptr);
        lags_.push_back(is_held ? std::make_unique<KeptLags>() : nullptr);
    }
    add_ways(plan, layout, nodes);
}

// Of edges from one cohort to one unit that have the same delay and no gate, one is measured for all.
void EdgeTimes::add_ways(const plan::Description& plan, const plan::Layout& layout,
                         std::span<const std::unique_ptr<GraphNode>> nodes) {
    std::vector<std::vector<std::uint32_t>> into(plan.components.size());
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::int64_t>, std::uint32_t> alike; // of cohorts
    for (std::uint32_t e = 0; e < routes_.size(); ++e) {
        const EdgeRoute& route = routes_[e];
        const std::uint32_t unit = layout.leader_of[plan.nodes[route.to_node].component];
        measured_by_.push_back(e);
        if (const std::uint32_t cohort = layout.cohort_of[route.from_node];
            cohort != plan::kNone && gated_[e] == nullptr) {
            measured_by_.back() = alike.try_emplace({cohort, unit, route.delay}, e).first->second;
        }
        if (measured_by_.back() == e) {
            into[unit].push_back(e);
        }
    }
    for (std::uint32_t unit = 0; unit < into.size(); ++unit) {
        first_way_.push_back(static_cast<std::uint32_t>(ways_.size()));
        const std::vector<std::uint32_t>& loop = plan.components[unit].nodes;
        for (const std::uint32_t e : into[unit]) {
            const EdgeRoute& route = routes_[e];
            Way& way = ways_.emplace_back(e, nodes[route.from_node].get(), nodes[route.to_node].get(), nullptr, false,
                                          false, route.delay, gated_[e], false);
            if (plan.components[unit].is_loop && plan.nodes[route.from_node].component == unit) {
                const auto to = std::ranges::find(loop, route.to_node);
                way.is_first = to == loop.begin();
                way.before = nodes[way.is_first ? loop.back() : *(to - 1)].get();
                way.goes_back = std::ranges::find(loop, route.from_node) >= to;
            }
            way.is_plain = way.before == nullptr && way.delay == 0 && way.gated == nullptr &&
                           way.from->region == nullptr && way.to->region == nullptr;
        }
    }
    first_way_.push_back(static_cast<std::uint32_t>(ways_.size()));
}

void EdgeTimes::ran(std::uint32_t unit, std::int64_t block, std::uint32_t window, std::uint64_t begin) {
    for (std::uint32_t i = first_way_[unit]; i < first_way_[unit + 1]; ++i) {
        const Way& way = ways_[i];
        if (way.is_plain) {
            // Most are, and each is measured in each block: it reads what the producer has just made.
            const std::int64_t cursor = block * block_frames_;
            note(way, window,
                 {produced(way.from->index, block, block), begin,
                  std::max(cursor + block_frames_, way.from->progress->made()) - cursor});
            continue;
        }
        if (way.gated != nullptr) {
            (*lags_[way.edge])[kept_place(block)].store(way.gated->lag, std::memory_order_release);
        }
        if (made_until(way.from->region, block) <= way.back()) {
            continue; // it reads from before the stream's start
        }
        if (const Region* const region = way.to->region; region != nullptr) {
            const RegionBlock& made = region->block_of(block * block_frames_);
            if (made.first() == made.last()) {
                continue; // it stood
            }
        }
        note(way, window, way.before == nullptr ? passage(way, block, begin) : passage_in_loop(way, block, begin));
    }
}

void EdgeTimes::note(const Way& way, std::uint32_t window, const Passage& passed) {
    Measured& measured = measured_[way.edge];
    measured.traversal.add(window, cycles_between(passed.produced, passed.fired));
    measured.depth.add(window, static_cast<std::uint32_t>(std::min<std::int64_t>(passed.depth, UINT32_MAX)));
}

std::int64_t EdgeTimes::made_until(const Region* region, std::int64_t block) const {
    return (block + 1) * block_frames_ - (region == nullptr ? 0 : region->at_end(block).stood);
}

std::int64_t EdgeTimes::block_of(const Region* region, std::int64_t frame) const {
    return (region == nullptr ? frame : region->stream_frame(frame)) / block_frames_;
}

// What stands is fed by nothing that does not: who reads a region's frames is in it, or counts as the stream does.
std::int64_t EdgeTimes::first_read(const Way& way, std::int64_t block) const {
    return way.to->region == nullptr ? made_until(way.from->region, block) - block_frames_
                                     : way.to->region->block_of(block * block_frames_).first();
}

// When the node's last token of block `in_block` was produced, where block `now` is the newest that is run.
std::uint64_t EdgeTimes::produced(std::uint32_t node, std::int64_t in_block, std::int64_t now) const {
    if (now - in_block <= kSafelyKept) {
        const std::uint64_t time = node_times_.produced(node, in_block);
        if (time != 0) {
            return time;
        }
        // Another plan played then.
    }
    const auto time = times_.find(in_block);
    return time ? time->made_cycles : long_times_.made(in_block, now);
}

EdgeTimes::Passage EdgeTimes::passage(const Way& way, std::int64_t block, std::uint64_t begin) const {
    const Region* const region = way.from->region;
    const std::int64_t cursor = std::max<std::int64_t>(0, first_read(way, block) - way.back());
    // Without a delay the producer has run this block, and later ones if they overlap.
    const std::int64_t written = std::max(made_until(region, block), way.from->progress->made());
    return {produced(way.from->index, block_of(region, cursor), block), begin, written - cursor};
}

// The newest window alone, whose headers are kept.
EdgeTimes::Passage EdgeTimes::passage_in_loop(const Way& way, std::int64_t block, std::uint64_t begin) const {
    const TokenHeader& reading = way.to->progress->newest();
    const std::int64_t cursor = std::max<std::int64_t>(0, reading.first_frame - way.back());
    Passage passed;
    passed.depth = reading.first_frame + (way.goes_back ? 0 : reading.frames) - cursor;
    // The first node of a loop fires after the last one of the window before, if there is one in this block.
    const bool begins_block = way.is_first && reading.first_frame == first_read(way, block);
    const Progress& before = *way.before->progress;
    passed.fired = begins_block ? begin : before.header_of(before.step - (way.is_first ? 2 : 1)).time_produced;
    const Progress& made = *way.from->progress;
    const auto kept = std::min(made.step, static_cast<std::uint32_t>(made.headers.size()));
    for (std::uint32_t back = 1; back <= kept; ++back) {
        const TokenHeader& candidate = made.header_of(made.step - back);
        passed.produced = candidate.time_produced;
        if (candidate.first_frame <= cursor) {
            return passed;
        }
    }
    if (cursor < first_read(way, block)) {
        passed.produced = produced(way.from->index, block_of(way.from->region, cursor), block);
    }
    return passed;
}

std::int64_t EdgeTimes::depth(std::size_t edge, std::int64_t block) const {
    const auto& lags = lags_[edge];
    const std::int64_t lag = lags ? (*lags)[kept_place(block)].load(std::memory_order_acquire) : 0;
    return std::min(routes_[edge].delay + lag, made_until(regions_[edge], block));
}

std::uint64_t EdgeTimes::drops(std::size_t edge) const {
    const Reader* const reader = gated_[edge];
    return reader == nullptr ? 0 : reader->gate->shown_drops();
}

std::uint64_t EdgeTimes::oldest_produced(std::size_t edge, std::int64_t block) const {
    const std::int64_t oldest = made_until(regions_[edge], block) - depth(edge, block);
    const std::int64_t in_block = block_of(regions_[edge], oldest);
    if (block - in_block <= 1) {
        const std::uint64_t time = node_times_.produced(routes_[edge].from_node, in_block);
        if (time != 0) {
            return time;
        }
        // Another plan played then.
    }
    const auto time = times_.find(in_block);
    return time ? time->made_cycles : long_times_.made(in_block, block);
}

EdgeTimes::OfWindow EdgeTimes::of_window(std::size_t edge, const ClosedWindow& window) const {
    const Measured& measured = measured_[measured_by_[edge]];
    const WindowTotals::Totals traversal = measured.traversal.of(window.number);
    return {measured.depth.of(window.number), traversal.mean(), traversal.greatest};
}

} // namespace amp::engine::inline AMP_PRECISION

#include "engine/movements.h"

#include <algorithm>
#include <atomic>

namespace amp::engine::inline AMP_PRECISION {

using control::Event;
using control::EventKind;
using control::Movement;
using control::MovementLimits;

void Movements::add_parameter(Feed& feed, std::span<Sample> base, const MovementLimits& slew) {
    const bool is_uniform = std::ranges::all_of(base, [&](Sample value) { return value == base.front(); });
    Parameter& parameter = parameters_.emplace_back(&feed, base, slew, std::vector<Movement>{}, is_uniform);
    for (const Sample value : base) {
        parameter.lanes.emplace_back(value);
    }
}

void Movements::add_edge(std::uint32_t edge, Feed& feed) {
    const std::size_t place = feed.readers.size() - 1;
    edges_.push_back({edge, &feed, place, Movement(feed.readers[place].gain)});
}

void Movements::add_slew(std::unique_ptr<EdgeSlew> slew) {
    edges_.back().reader().slew = slew.get();
    edges_.back().slew = std::move(slew);
}

void Movements::apply(const Event& event, double sample_rate) {
    const MovementLimits asked{event.rate, event.acceleration, event.area};
    if (event.kind == EventKind::set_edge_gain) {
        Edge& edge = find_edge(event.parameter);
        edge.movement.start(event.value, asked, sample_rate);
        edge.slow_moves.begin();
        edge.reader().gain = edge.movement.value();
        set_moving(edge.is_moving, !edge.movement.settled());
        return;
    }
    Parameter& parameter = parameters_[event.parameter];
    const Sample target = std::clamp<Sample>(event.value, parameter.feed->low, parameter.feed->high);
    const MovementLimits& limits = asked.any() ? asked : parameter.slew;
    if (!limits.any()) {
        parameter.is_uniform = true;
        std::ranges::fill(parameter.base, target);
    }
    parameter.slow_moves.begin();
    bool moves = false;
    for (Movement& movement : parameter.movements()) {
        movement.start(target, limits, sample_rate);
        moves = moves || !movement.settled();
    }
    set_moving(parameter.is_moving, moves);
}

Movements::Edge& Movements::find_edge(std::uint32_t number) {
    return *std::ranges::lower_bound(edges_, number, {}, &Edge::number);
}
const Movements::Edge& Movements::find_edge(std::uint32_t number) const {
    return *std::ranges::lower_bound(edges_, number, {}, &Edge::number);
}

Movements::Place Movements::place_of(std::uint32_t edge) const {
    const Edge& found = find_edge(edge);
    return {found.feed, found.place};
}

void Movements::take_over_parameter(std::size_t parameter, const Movements& from, bool same_text, double sample_rate) {
    Parameter& to = parameters_[parameter];
    const Parameter& before = from.parameters_[parameter];
    to.slow_moves.take_over(before.slow_moves);
    if (same_text) {
        std::ranges::copy(before.base, to.base.begin());
        std::ranges::copy(before.lanes, to.lanes.begin());
        to.is_uniform = before.is_uniform;
        set_moving(to.is_moving, before.is_moving);
        return;
    }
    if (!to.slew.any()) {
        return; // its own plan's base, at once
    }
    to.is_uniform = to.is_uniform && before.is_uniform;
    to.slow_moves.begin();
    bool moves = false;
    for (std::size_t lane = 0; lane < to.movements().size(); ++lane) {
        const Sample target = to.base[lane];
        to.lanes[lane] = before.lanes[before.is_uniform ? 0 : lane];
        to.lanes[lane].start(target, to.slew, sample_rate);
        moves = moves || !to.lanes[lane].settled();
    }
    std::ranges::copy(before.base, to.base.begin());
    set_moving(to.is_moving, moves);
}

void Movements::take_over_edge(std::uint32_t edge, const Movements& from, std::uint32_t from_edge) {
    Edge& to = find_edge(edge);
    const Edge& before = from.find_edge(from_edge);
    to.movement = before.movement;
    to.slow_moves.take_over(before.slow_moves);
    to.reader().gain = before.reader().gain;
    set_moving(to.is_moving, before.is_moving);
}

void Movements::take_over_slew(std::uint32_t edge, const Movements& from, std::uint32_t from_edge) {
    Edge& to = find_edge(edge);
    const Edge& before = from.find_edge(from_edge);
    if (to.slew != nullptr && before.slew != nullptr) {
        to.slew->take_over(*before.slew);
    }
}

void Movements::forget(int lane) {
    for (Edge& edge : edges_) {
        if (edge.slew != nullptr) {
            edge.slew->forget(lane);
        }
    }
}

void Movements::begin_span(int frames, Scratch& scratch) {
    for (Parameter& parameter : parameters_) {
        if (!parameter.is_moving) {
            continue;
        }
        const auto lanes = static_cast<std::ptrdiff_t>(parameter.base.size());
        Sample* const rows = scratch.take(static_cast<std::size_t>(frames * lanes));
        for (int f = 0; f < frames; ++f) {
            parameter.advance(rows + f * lanes);
        }
        std::copy_n(rows + (frames - 1) * lanes, lanes, parameter.base.begin());
        parameter.feed->base = {rows, lanes};
    }
    for (Edge& edge : edges_) {
        if (!edge.is_moving) {
            continue;
        }
        Sample* const gains = scratch.take(static_cast<std::size_t>(frames));
        for (int f = 0; f < frames; ++f) {
            gains[f] = edge.movement.next();
        }
        edge.reader().gain = gains[frames - 1];
        edge.reader().moving_gain = gains;
    }
}

void Movements::end_span() {
    for (Parameter& parameter : parameters_) {
        parameter.feed->base = {parameter.base.data(), 0};
    }
    for (Edge& edge : edges_) {
        edge.reader().moving_gain = nullptr;
    }
    settle();
}

void Movements::skip(std::int64_t frames) {
    for (std::int64_t f = 0; f < frames && any(); ++f) {
        for (Parameter& parameter : parameters_) {
            if (parameter.is_moving) {
                parameter.advance(parameter.base.data());
            }
        }
        for (Edge& edge : edges_) {
            if (edge.is_moving) {
                edge.reader().gain = edge.movement.next();
            }
        }
        settle();
    }
}

std::size_t Movements::scratch_samples(int frames) const {
    const auto padded = [](std::size_t samples) { return (samples + 15) / 16 * 16; };
    const auto count = static_cast<std::size_t>(frames);
    std::size_t samples = 0;
    for (const Parameter& parameter : parameters_) {
        samples += padded(count * parameter.base.size());
    }
    for (const Edge& edge : edges_) {
        const auto lanes = static_cast<std::size_t>(std::max(edge.feed->lanes, edge.reader().wheel->lanes));
        samples += padded(count) + padded(count * lanes);
    }
    return samples;
}

void Movements::Parameter::advance(Sample* row) {
    // A movement that had to turn round under a smaller acceleration may leave the range on its way. What edges feed is
    // held in its range once they are added.
    const bool is_held = !feed->connected();
    const auto next = [&](Movement& movement) {
        const Sample value = movement.next();
        return is_held ? std::clamp(value, feed->low, feed->high) : value;
    };
    if (is_uniform) {
        std::fill_n(row, base.size(), next(lanes.front()));
        return;
    }
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        row[lane] = next(lanes[lane]);
    }
}

void Movements::set_moving(bool& is_moving, bool now) {
    moving_ += int{now} - int{is_moving};
    is_moving = now;
}

void Movements::SlowMoves::count() {
    if (!is_told) {
        is_told = true;
        std::atomic_ref(number).store(number + 1, std::memory_order_relaxed);
    }
}

void Movements::SlowMoves::take_over(const SlowMoves& from) {
    is_told = from.is_told;
    std::atomic_ref(number).store(from.number, std::memory_order_relaxed);
}

std::uint32_t Movements::SlowMoves::read() const {
    return std::atomic_ref(const_cast<std::uint32_t&>(number)).load(std::memory_order_relaxed);
}

// Whatever has arrived costs nothing from here on.
void Movements::settle() {
    for (Parameter& parameter : parameters_) {
        if (parameter.is_moving && std::ranges::any_of(parameter.movements(), &Movement::is_slow)) {
            parameter.slow_moves.count();
        }
        if (parameter.is_moving && std::ranges::all_of(parameter.movements(), &Movement::settled)) {
            parameter.is_uniform = std::ranges::all_of(parameter.movements(), [&](const Movement& lane) {
                return lane.value() == parameter.lanes[0].value();
            });
            set_moving(parameter.is_moving, false);
        }
    }
    for (Edge& edge : edges_) {
        if (edge.is_moving && edge.movement.is_slow()) {
            edge.slow_moves.count();
        }
        if (edge.is_moving && edge.movement.settled()) {
            set_moving(edge.is_moving, false);
        }
    }
}

} // namespace amp::engine::inline AMP_PRECISION

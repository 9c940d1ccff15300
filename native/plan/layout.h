// The sizes and the order that a plan takes at a given block size: wheels, dependencies between units, memory.
#pragma once

#include "base/result.h"
#include "plan/cohorts.h"
#include "plan/description.h"
#include "plan/regions.h"
#include "run/work.h"

#include <cstdint>
#include <vector>

namespace amp::plan {

struct LayoutSettings {
    int block = 64;
    int in_flight = 1; // blocks that may run at once
    bool live = false; // frames must never wait for memory that is asked for when a gate holds more of them
    int workers = 1;   // among which wide cohorts are divided
};

// The ring of one output tap.
struct WheelLayout {
    std::uint32_t node = 0, output = 0;
    std::int64_t history = 0;  // frames that delays and what taps ask read back at most
    std::int64_t capacity = 0; // frames at first, a multiple of the block
    std::int64_t most = 0;     // frames that it may grow to, where gates hold: `capacity`, doubled
    int lanes = 1;             // the lane stride
    bool read = false;         // by anybody
};

// Equal nodes whose states, inputs and parameters lie in rows of one memory, and their taps side by side in the frames
// of one ring for each output, but for those of a chain.
struct RowsLayout {
    std::vector<std::uint32_t> nodes; // in the order of their lanes
    bool is_chain = false;
    int lanes = 1; // of all nodes, padded: of one channel, and of a row
};

// Nodes of some rows that run as one: all of them, or those of one worker.
struct CohortLayout {
    std::vector<std::uint32_t> nodes; // in the order of their lanes
    bool is_chain = false;            // each reads the one before, and nobody else does
    std::vector<int> first_lanes;     // of each node, in the rows
    int lanes = 1;                    // of these nodes, padded
    std::uint32_t rows = 0;
};

struct Layout {
    std::vector<WheelLayout> wheels;
    std::vector<std::uint32_t> first_wheel; // of each node; its outputs follow
    std::vector<Region> regions;            // that blocking edges stop
    std::vector<std::uint32_t> region_of;   // of each node, or kNone
    // Between the units: a component by its index, then what decides when a region stands, by its index behind them.
    std::vector<run::Dependency> dependencies;
    std::vector<RowsLayout> rows;
    std::vector<CohortLayout> cohorts;
    std::vector<std::uint32_t> cohort_of; // of each node, or kNone
    std::vector<std::uint32_t> leader_of; // of each unit, the one that runs it: for a cohort that of its first node
    std::vector<int> quanta;              // of each component, at this block size
    std::vector<bool> sleeps;             // of each voice group: whether its lanes may sleep
    std::vector<bool> moves_gates;        // of each voice group: whether one of its taps moves a gate
    std::int64_t ahead = 0;               // frames that are written before the slowest reader is done
    std::uint64_t bytes = 0;              // of wheels, state and headers, roughly
};

// Frames that the edge's reader may be behind what is written: the smaller bound of its two taps, and at least its
// delay. [compiler]
std::uint64_t most_back(const Description& plan, const Edge& edge);

// Fails when the plan would take more memory than a program should. [compiler]
Result<Layout> lay_out(const Description& plan, const LayoutSettings& settings);

} // namespace amp::plan

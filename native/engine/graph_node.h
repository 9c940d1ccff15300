// A node of a running plan: one firing after another, each over one block or one window of a loop.
#pragma once

#include "base/cache_line.h"
#include "engine/finite_guard.h"
#include "engine/gates.h"
#include "engine/latency_probe.h"
#include "engine/movements.h"
#include "engine/node_fault_log.h"
#include "engine/progress.h"
#include "engine/reader.h"
#include "engine/thermal.h"
#include "node/node.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

class NodeRecording;
class Region;
class RegionBlock;

inline constexpr std::size_t kMostTaps = 8; // inputs, outputs or parameters of a type

// The memory of an envelope in voices: when each lane may sleep.
struct EnvelopeMemory {
    int index = 0;                         // among the envelopes of its group
    std::int64_t tail = 0;                 // frames that the group rings on
    std::vector<std::int64_t> ended;       // of each lane, as the kernel tells it
    std::vector<std::int64_t> asleep_from; // of each lane
    std::vector<std::uint8_t> held;        // of each lane
};

// What the kernel is called with. From one call to the next only places in wheels change, unless more than the kernel
// acts in the node.
struct KernelCall {
    // What edges feed.
    struct Fed {
        Feed* feed;
        Block<const Sample>* block;
        bool is_parameter;
    };
    // Where an output goes.
    struct Ring {
        const Wheel* wheel = nullptr; // null: nobody reads it
        RingPlace place;
    };
    std::vector<Fed> fed;
    int most_lanes = 1; // of a frame of an output
    Firing<Sample> firing;
    std::array<Ring, kMostTaps> rings;
    std::array<Block<Sample>, kMostTaps> outputs;
    std::array<Block<const Sample>, kMostTaps> parameters, inputs;

    std::span<Ring> used_rings() { return {rings.data(), firing.outputs.size()}; }
};

// What is looked at in what a kernel has made: all that a firing needs to know of it.
struct Watch {
    bool finite = false;  // whether it is, since the type does not promise it
    bool held = false;    // a lane gives 0 until the next tick
    bool latency = false; // when it answers
};

// What every firing touches comes first.
struct alignas(kCacheLine) GraphNode {
    const NodeType* type = nullptr;
    std::uint32_t index = 0; // in the plan
    bool is_settled = false; // nothing acts in it but its kernel until an event concerns it
    bool hears = false;      // what its inputs hear warms it
    Watch watch;             // what of that which its kernel makes is looked at
    // It works this many frames behind the stream's clock, its aligned latency, and counts frames as the material does
    // that enters it: what happens at frame f acts on its frame f.
    std::int64_t late = 0;
    Progress* progress = &own_progress; // or that of its cohort
    Progress own_progress;
    Thermal thermal;
    KernelCall call;

    std::string id;
    Shape shape{};
    int lanes = 1;
    double sample_rate = 48000;
    std::int64_t latency = 0;           // how much later its outputs are than what enters it
    std::int64_t rings = kNever;        // frames that it sounds on, as its type declares
    std::int64_t acts_from = INT64_MIN; // what happened before this frame has acted, in the plan before
    std::int64_t owed_from = kNever;    // what happened from this frame on has not, although its own are past it

    std::vector<Feed> inputs;
    std::vector<Feed> parameters;
    Movements movements;
    Gates gates;
    std::vector<Sample*> squares; // of each input: a row of what it has heard in the present tick
    std::vector<Wheel*> outputs;  // null: nobody reads it, nor the same output of those beside it
    std::uint32_t heard = 0;      // bit i: somebody reads output i
    std::vector<double> options;
    Sample* state = nullptr; // rows of its lanes
    int state_rows = 0;
    std::size_t work_values = 0; // that its kernel asks for during a firing
    int state_stride = 1;        // from one row to the next: its own lanes, or all of a cohort's
    std::uint64_t seed = 0;

    static constexpr std::uint32_t kNoGroup = ~std::uint32_t{0};
    std::uint32_t voice_group = kNoGroup;
    bool hands_out_voices = false;          // a keys node
    const Region* region = nullptr;         // that it is part of, and may stand with
    std::vector<std::uint32_t> sums_groups; // voice groups that leave into it
    EnvelopeMemory envelope;

    FiniteGuard guard;
    LatencyProbe latency_probe;
    NodeFaultTeller faults;
    NodeRecording* recording = nullptr; // where it is noted what it does

    GraphNode() = default;
    GraphNode(const GraphNode&) = delete;
    GraphNode& operator=(const GraphNode&) = delete;
};

// Prepares what fire needs to run without allocating. [compiler]
void prepare(GraphNode& node);

// Samples of scratch that one firing over `frames` may take. [compiler]
std::size_t scratch_samples(const GraphNode& node, int frames);

// Sets the state of one lane back to its beginning. [worker]
void reset_state(GraphNode& node, int lane) AMP_REAL_TIME;

// Puts one batch lane, in all its channels, back to the beginning of its life. [worker]
void reset_lane(GraphNode& node, int lane) AMP_REAL_TIME;

// True if something acts in the node, from `frame` on, but its kernel. [worker]
bool is_restless(const GraphNode& node, std::int64_t frame) AMP_REAL_TIME;

// Measures the node's latency in frames that were made, while that is of interest: what entered its fed inputs, and
// what was made of it, is given by their place among all. [worker]
void probe_latency(GraphNode& node, std::int64_t frame, int frames, std::span<const Block<const Sample>> inputs,
                   std::span<const Block<Sample>> outputs) AMP_REAL_TIME;

// Makes frames [frame, frame + frames) of the stream, which lie in block `block`, of all outputs. A node that is late
// makes none before frame 0 of its material. [worker]
void fire(GraphNode& node, control::PlanSeals& seals, std::int64_t block, std::int64_t frame, int frames,
          std::span<Sample> scratch) AMP_REAL_TIME;

// The same for a node of a cohort, whose progress is not its own. [worker]
void fire_in_cohort(GraphNode& node, control::PlanSeals& seals, std::int64_t block, std::int64_t frame, int frames,
                    std::span<Sample> scratch) AMP_REAL_TIME;

// Makes frames [frame, end) of its own of all outputs of a node whose region does so in the block. [worker]
void fire_in_region(GraphNode& node, control::SealedBlock& sealed, const RegionBlock& block, std::int64_t frame,
                    std::int64_t end, std::span<Sample> scratch) AMP_REAL_TIME;

// The node's region is through with the frames of the stream before `frame`: what came while it stands at their end
// happens to the node now. [worker]
void finish_in_region(GraphNode& node, control::SealedBlock& sealed, const RegionBlock& block,
                      std::int64_t frame) AMP_REAL_TIME;

} // namespace amp::engine::inline AMP_PRECISION

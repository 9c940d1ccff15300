// How a number that follows from what a plan sounds like depends on what the plan says: gradients of whole graphs.
//
// A run plays the plan through the streamer in doubles and records it; `backward` then goes the same way back, firing
// by firing, through delays, loops, modulations, gates and voices. Decisions count as constants: events, which lane a
// note takes, when a gate changes, seeds. What is judged is the sum of the plan's outputs, before the limiter.
#pragma once

#include "base/result.h"
#include "control/event.h"
#include "plan/description.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine {

struct GradientSettings {
    int block = 64; // as of a streamer
    int workers = 1;
    std::int64_t frames = 0; // that are played
    std::vector<control::Event> events;
};

struct Gradient {
    // By the base of each parameter of each node, of each batch lane, in the parameter's unit: as far as the plan's own
    // base was heard, and no event had moved it.
    std::vector<std::vector<std::vector<double>>> parameters;
    std::vector<double> edge_gains; // by the gain or depth of each edge, in the unit of what it feeds
};

class GradientRun {
public:
    virtual ~GradientRun() = default;

    // Bytes that the recording will take, and the way back besides.
    virtual std::uint64_t bytes() const = 0;

    // Plays the plan, once. Errors: no_memory, bad_argument for events that do not fit. [main]
    virtual Result<bool> record() = 0;

    virtual int channels() const = 0;
    // What a channel of the output was, `frames` values, after `record`. [main]
    virtual std::vector<double> output(int channel) const = 0;

    // From the derivatives by the output, channel after channel of `frames` values. Error: unsupported for a node that
    // cannot tell how what enters it moves what it gives; it is named. [main]
    virtual Result<Gradient> backward(std::span<const double> by_output) = 0;
};

// Makes the plan ready; a schedule is not looked at, since it changes no bit. Errors as those of a streamer.
// [compiler]
Result<std::unique_ptr<GradientRun>> prepare_gradient(const plan::Description& plan, const GradientSettings& settings);

} // namespace amp::engine

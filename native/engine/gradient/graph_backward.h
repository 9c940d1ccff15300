// The way back through what was recorded of a graph.
#pragma once

#include "base/result.h"
#include "engine/gradient/gradient.h"
#include "engine/gradient/recording.h"
#include "engine/graph.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

class GraphBackward {
public:
    // All must live as long as this; recordings of each node, over `frames` frames. [main]
    GraphBackward(const Graph& graph, const plan::Description& plan,
                  std::span<const std::unique_ptr<NodeRecording>> recordings, std::int64_t frames);

    // Bytes that it takes for a node. [any]
    static std::uint64_t bytes(const GraphNode& node, std::int64_t frames);

    // The derivatives by the sum of the outputs, channel after channel of `frames` values. [main]
    void begin(std::span<const double> by_output, std::int64_t frames);

    // From the last firing to the first, once. [main]
    Result<Gradient> run();

private:
    // Of one edge.
    struct EdgeWay {
        Reader* reader = nullptr;
        std::uint32_t edge = 0; // in the plan
        std::uint32_t from_node = 0, from_output = 0;
        // By the frame that a gate holds, and by what was heard last.
        std::vector<Sample> by_held, by_heard;
        std::vector<Sample> by_slew; // by the state of its slew, if it has one
    };
    struct FeedWay {
        Feed* feed = nullptr;
        std::vector<EdgeWay> edges;
    };
    struct NodeWay {
        const NodeRecording* recording = nullptr;
        std::vector<FeedWay> inputs, parameters;
        std::vector<std::vector<Sample>> by_outputs; // of each frame; empty where nobody reads it
        std::vector<Sample> by_state;
        std::size_t resets = 0; // that are still to come
    };

    Result<bool> run_firing(NodeWay& way, std::size_t index);
    void leave_resets(NodeWay& way, std::size_t from);
    void give_parameter(NodeWay& way, std::size_t parameter, std::size_t index, const RecordedFiring& firing,
                        const Block<const Sample>& value, std::span<Sample> by);
    void give_edge(EdgeWay& edge, const Feed& feed, std::size_t index, const RecordedFiring& firing,
                   std::span<const Sample> by);
    static std::vector<Sample> give_slew(EdgeWay& edge, const Reading& reading, int frames, std::span<const Sample> by);

    const std::int64_t frames_;
    std::vector<NodeWay> nodes_;
    std::vector<std::uint32_t> outputs_; // nodes that are heard
    Gradient gradient_;
};

} // namespace amp::engine::inline AMP_PRECISION

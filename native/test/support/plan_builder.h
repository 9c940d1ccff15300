// Plans for tests, made of nodes by name. Nodes are added in the order in which they run.
#pragma once

#include "plan/description.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace amp::test {

struct NodeSettings {
    Shape shape{}; // of keys and output nodes it follows from their options
    std::map<std::string, double> options{};
    std::map<std::string, std::vector<plan::Value>> parameters{};
    std::optional<std::uint64_t> tail{};       // frames; else what the type declares
    std::map<std::string, plan::Slew> slews{}; // of parameters
};

struct EdgeSettings {
    std::uint64_t delay = 0;
    plan::Value gain{1, plan::ValueUnit::plain};
    plan::EdgeMode mode = plan::EdgeMode::add;
    plan::EdgeScale scale = plan::EdgeScale::linear;
    plan::Slew slew{};
};

struct GateSettings {
    plan::WhileClosed while_closed = plan::WhileClosed::mute;
    plan::GateRelease release = plan::GateRelease::resume;
    bool open = true;
    plan::Value quantize{0, plan::ValueUnit::plain};
    std::vector<std::string> signals{}; // "node.tap", or "node" for its first output
};

// Makes a plan as the host's compiler would, but leaves out whatever it is not told: a test can build what is wrong.
class PlanBuilder {
public:
    explicit PlanBuilder(double sample_rate = 48000);

    PlanBuilder& node(const std::string& id, const std::string& type, NodeSettings settings = {});

    // From "node.tap" (or "node", its first output; or "node.thermo.heat") to "node.tap" or "node.parameter" (or
    // "node", its first input).
    PlanBuilder& edge(std::string_view from, std::string_view to, EdgeSettings settings = {});

    // Puts nodes into one component, whose windows are `quantum` frames.
    PlanBuilder& loop(const std::vector<std::string>& nodes, std::uint32_t quantum);

    // Makes the lanes of a keys node and of `members` voices, which ring for so many frames after their release.
    PlanBuilder& voices(const std::string& keys, const std::vector<std::string>& members,
                        std::uint64_t ring = plan::kEndlessFrames);

    // A gate over edges, by their place among all edges.
    PlanBuilder& gate(const std::string& id, const std::vector<std::uint32_t>& members, GateSettings settings = {});

    // The most frames that the readers of a node's first input may be behind.
    PlanBuilder& max_frames(std::string_view node, std::uint64_t frames);

    // How the node warms and cools.
    PlanBuilder& warms(std::string_view node, double gain, double tau);
    // The marks of the patch's budget, and that nodes hear less of what would make them too hot.
    PlanBuilder& attenuates(double ambient, double warm, double limit);

    // The node's first input stops what feeds it.
    PlanBuilder& blocks(std::string_view node);

    std::uint32_t index(std::string_view id) const;
    plan::Description build() const;
    std::vector<std::byte> bytes() const;

    plan::Stream stream;

private:
    struct Loop {
        std::uint32_t first, quantum;
        std::vector<std::uint32_t> nodes;
    };
    void add_components(plan::Description& plan) const;

    plan::Description plan_;
    std::vector<Loop> loops_;
};

} // namespace amp::test

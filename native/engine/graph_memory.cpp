// The memory of a graph: wheels, the rings and rows that cohorts share, and scratch.
#include "engine/graph.h"
#include "plan/heat.h"
#include "plan/spectral.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

namespace {

constexpr std::uint64_t kScratchSlack = 1 << 16;

} // namespace

Result<bool> Graph::add_wheels(const plan::Description& plan, const plan::Layout& layout) {
    wheels_ = std::vector<Wheel>(layout.wheels.size());
    growing_.resize(layout.wheels.size());
    for (std::size_t w = 0; w < wheels_.size(); ++w) {
        const plan::WheelLayout& layout_wheel = layout.wheels[w];
        Wheel& wheel = wheels_[w];
        wheel.capacity = layout_wheel.capacity;
        wheel.shown_capacity.store(wheel.capacity, std::memory_order_relaxed);
        wheel.lanes = wheel.stride = layout_wheel.lanes;
        wheel.shape = plan.nodes[layout_wheel.node].outputs[layout_wheel.output].shape;
        wheel.channel_stride = wheel.shape.batch_stride();
        const plan::Node& node = plan.nodes[layout_wheel.node];
        wheel.first = lateness_after(node);
        const std::uint32_t cohort = layout.cohort_of[layout_wheel.node];
        const bool is_heat = layout_wheel.output == plan::declared_outputs(node);
        wheel.sounds_early = node.latency > 0 && (is_heat || find_node_type(node.type)->declaration->is_spectral());
        if (!layout_wheel.read || (cohort != plan::kNone && !layout.cohorts[cohort].is_chain && !is_heat)) {
            continue;
        }
        const auto failed = [&](const Error& error) {
            return Error{error.kind, "node " + plan.nodes[layout_wheel.node].id + ": " + error.message};
        };
        const std::uint64_t bytes = wheel_bytes(wheel.capacity, wheel.stride);
        if (layout_wheel.most > layout_wheel.capacity) {
            auto memory = arena_.take_growing(bytes, wheel_bytes(layout_wheel.most, wheel.stride));
            if (!memory.ok()) {
                return failed(memory.error());
            }
            growing_[w] = memory.value();
            wheel.data = reinterpret_cast<Sample*>(growing_[w].begin);
            continue;
        }
        auto memory = arena_.take<Sample>(bytes / sizeof(Sample));
        if (!memory.ok()) {
            return failed(memory.error());
        }
        wheel.data = memory.value().data();
    }
    return true;
}

// One ring for each output of nodes that lie side by side: in its frames channel after channel, the nodes in their
// order.
Result<bool> Graph::add_rings(const plan::Description& plan, const plan::Layout& layout) {
    for (std::uint32_t r = 0; r < layout.rows.size(); ++r) {
        const plan::RowsLayout& rows = layout.rows[r];
        if (rows.is_chain) {
            continue;
        }
        const std::uint32_t first = rows.nodes.front();
        for (std::uint32_t o = 0; o < plan::declared_outputs(plan.nodes[first]); ++o) {
            const plan::WheelLayout& ring = layout.wheels[layout.first_wheel[first] + o];
            const int stride = rows.lanes * plan.nodes[first].outputs[o].shape.channels;
            if (!ring.read) {
                continue;
            }
            auto memory = arena_.take<Sample>(wheel_bytes(ring.capacity, stride) / sizeof(Sample));
            if (!memory.ok()) {
                return Error{memory.error().kind, "node " + plan.nodes[first].id + ": " + memory.error().message};
            }
            int lane = 0;
            for (const std::uint32_t node : rows.nodes) {
                Wheel& wheel = wheels_[layout.first_wheel[node] + o];
                wheel.data = memory.value().data() + lane;
                wheel.stride = stride;
                wheel.channel_stride = rows.lanes;
                wheel.first_lane = lane;
                lane += plan.nodes[node].shape.batch_stride();
            }
        }
    }
    return true;
}

// Rows of a node's state, inputs and parameters, `lanes` long.
Result<CohortMemory> Graph::rows_for(const plan::Node& node, int lanes) {
    const auto width = static_cast<std::uint64_t>(lanes);
    const NodeType& type = *find_node_type(node.type);
    const std::vector<double> options = plan::option_numbers(node);
    auto state = arena_.take<Sample>(width * static_cast<std::uint64_t>(type.state_rows(options)));
    std::uint64_t input_width = width * node.inputs.size();
    for (const TapDeclaration& tap : type.declaration->inputs) {
        if (tap.spectral) { // such a node is in no cohort: its rows are as long as its frames
            input_width += static_cast<std::uint64_t>(type.declaration->shape_of(tap, node.shape, options).lanes());
        }
    }
    auto defaults = arena_.take<Sample>(input_width);
    auto bases = arena_.take<Sample>(width * node.parameters.size());
    auto squares = arena_.take<Sample>(input_width);
    for (const Error* error : {state.ok() ? nullptr : &state.error(), defaults.ok() ? nullptr : &defaults.error(),
                               bases.ok() ? nullptr : &bases.error(), squares.ok() ? nullptr : &squares.error()}) {
        if (error != nullptr) {
            return Error{error->kind, "node " + node.id + ": " + error->message};
        }
    }
    return CohortMemory{lanes, state.value(), defaults.value(), bases.value(), squares.value(), {}, {}};
}

Result<bool> Graph::add_cohort_memories(const plan::Description& plan, const plan::Layout& layout) {
    for (const plan::RowsLayout& rows : layout.rows) {
        auto memory = rows_for(plan.nodes[rows.nodes.front()], rows.lanes);
        if (!memory.ok()) {
            return memory.error();
        }
        for (const auto row : {&CohortMemory::heat, &CohortMemory::power}) {
            auto taken = arena_.take<double>(memory.value().squares.size());
            if (!taken.ok()) {
                return Error{taken.error().kind,
                             "node " + plan.nodes[rows.nodes.front()].id + ": " + taken.error().message};
            }
            memory.value().*row = taken.value();
        }
        cohort_memories_.push_back(memory.value());
    }
    return true;
}

Result<bool> Graph::add_scratch(int workers) {
    std::size_t most = kScratchSlack;
    for (const auto& node : nodes_) {
        most = std::max(most, scratch_samples(*node, block_));
    }
    for (const auto& cohort : cohorts_) {
        most = std::max(most, cohort->scratch_samples(block_));
    }
    for (int worker = 0; worker < workers; ++worker) {
        auto memory = arena_.take<Sample>(most);
        if (!memory.ok()) {
            return memory.error();
        }
        scratch_.push_back(memory.value());
    }
    return true;
}

} // namespace amp::engine::inline AMP_PRECISION

#include "reference/locate.h"

#include "node/node.h"
#include "plan/check.h"
#include "reference/surgery.h"
#include "support/plan_order.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace amp::test::reference {

namespace {

// So soft that the limiter lets it pass, and a power of two: no bit is lost.
constexpr double kSoft = 1.0 / 1024;

bool is_output(const plan::Node& node) { return find_node_type(node.type)->declaration->shape == ShapeRule::output; }

Case listening_to(const Case& whole, std::uint32_t node, std::uint32_t output) {
    std::vector<bool> keep;
    for (const plan::Edge& edge : whole.plan.edges) {
        keep.push_back(!is_output(whole.plan.nodes[edge.to_node]));
    }
    Case made = with_edges(whole, keep);
    plan::Edge edge;
    edge.from_node = node;
    edge.from_output = output;
    edge.to_node =
        static_cast<std::uint32_t>(std::ranges::find_if(made.plan.nodes, is_output) - made.plan.nodes.begin());
    edge.gain = {kSoft, plan::ValueUnit::plain};
    made.plan.edges.push_back(edge);
    return made;
}

} // namespace

std::optional<Place> first_differing_tap(const Case& failing, const Differs& differs) {
    for (const plan::Component& component : failing.plan.components) {
        for (const std::uint32_t node : component.nodes) {
            const plan::Node& planned = failing.plan.nodes[node];
            for (std::uint32_t output = 0; !is_output(planned) && output < planned.outputs.size(); ++output) {
                Case candidate = listening_to(failing, node, output);
                if (!put_in_order(candidate.plan) || plan::check(candidate.plan)) {
                    continue; // its channels do not meet those of the output
                }
                if (const auto frame = differs(candidate)) {
                    return Place{planned.id, static_cast<int>(output), *frame};
                }
            }
        }
    }
    return std::nullopt;
}

} // namespace amp::test::reference

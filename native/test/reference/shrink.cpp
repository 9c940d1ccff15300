#include "reference/shrink.h"

#include "node/node.h"
#include "plan/check.h"
#include "reference/surgery.h"
#include "support/plan_order.h"

#include <algorithm>
#include <exception>

namespace amp::test::reference {

namespace {

using Take = Case (*)(const Case&, const std::vector<bool>&);

class Shrinker {
public:
    Shrinker(Case failing, const Differs& differs, int attempts)
        : smallest_(std::move(failing)), differs_(differs), attempts_(attempts) {}

    Case run() {
        accept(smallest_);
        for (bool goes_on = true; goes_on && attempts_ > 0;) {
            goes_on = leave_out(with_events, smallest_.events.size());
            goes_on = leave_out(with_gates, smallest_.plan.gates.size()) || goes_on;
            goes_on = leave_out(with_nodes, smallest_.plan.nodes.size()) || goes_on;
            goes_on = leave_out(with_edges, smallest_.plan.edges.size()) || goes_on;
            goes_on = make_plainer() || goes_on;
        }
        return smallest_;
    }

private:
    // Takes the candidate if it is a plan and still differs.
    bool accept(Case candidate) {
        if (attempts_-- <= 0 || !put_in_order(candidate.plan) || plan::check(candidate.plan)) {
            return false;
        }
        std::optional<int> frame;
        try {
            frame = differs_(candidate);
        } catch (const std::exception&) {
            return false; // the streamer refuses it
        }
        if (!frame) {
            return false;
        }
        candidate.frames = std::min(candidate.frames, *frame + 1);
        std::erase_if(candidate.events, [&](const control::Event& event) { return event.frame >= candidate.frames; });
        smallest_ = std::move(candidate);
        return true;
    }

    // Runs of items, first long ones, then one by one.
    bool leave_out(Take take, std::size_t count) {
        bool found = false;
        for (std::size_t run = std::max<std::size_t>(1, count / 2); run > 0 && attempts_ > 0; run /= 2) {
            for (std::size_t first = 0; first < count;) {
                std::vector<bool> keep(count, true);
                std::fill_n(keep.begin() + static_cast<std::ptrdiff_t>(first), std::min(run, count - first), false);
                if (accept(take(smallest_, keep))) {
                    found = true;
                    count = size(take);
                } else {
                    first += run;
                }
            }
        }
        return found;
    }

    std::size_t size(Take take) const {
        return take == with_events  ? smallest_.events.size()
               : take == with_gates ? smallest_.plan.gates.size()
               : take == with_nodes ? smallest_.plan.nodes.size()
                                    : smallest_.plan.edges.size();
    }

    // Tries a change that applies to the candidate, or says that there is nothing to change.
    template <class Change>
    bool change(Change apply) {
        Case candidate = smallest_;
        return apply(candidate) && accept(std::move(candidate));
    }

    bool make_plainer() {
        bool found = change([](Case& c) {
            bool later = false;
            for (control::Event& event : c.events) {
                later = later || event.frame > 0;
                event.frame /= 2;
            }
            return later;
        });
        for (std::size_t e = 0; e < smallest_.plan.edges.size(); ++e) {
            for (const auto apply : {leave_gate, halve_delay, make_gain_one, leave_slew, go_upstream}) {
                found = change([&](Case& c) { return apply(c.plan, e); }) || found;
            }
        }
        for (std::size_t n = 0; n < smallest_.plan.nodes.size(); ++n) {
            for (std::size_t p = 0; p < smallest_.plan.nodes[n].parameters.size(); ++p) {
                found = change([&](Case& c) { return make_default(c.plan.nodes[n], p); }) || found;
            }
        }
        for (std::size_t g = 0; g < smallest_.plan.gates.size(); ++g) {
            for (const auto apply : {leave_signal, leave_grid}) {
                found = change([&](Case& c) { return apply(c.plan.gates[g]); }) || found;
            }
        }
        return found;
    }

    static bool leave_gate(plan::Description& plan, std::size_t index) {
        plan::Edge& edge = plan.edges[index];
        if (edge.gate == plan::kNone) {
            return false;
        }
        std::erase(plan.gates[edge.gate].edges, static_cast<std::uint32_t>(index));
        edge.gate = plan::kNone;
        return true;
    }

    static bool halve_delay(plan::Description& plan, std::size_t index) {
        plan::Edge& edge = plan.edges[index];
        const bool is_delayed = edge.delay > 0;
        edge.delay /= 2;
        return is_delayed;
    }

    static bool make_gain_one(plan::Description& plan, std::size_t index) {
        plan::Value& gain = plan.edges[index].gain;
        const bool is_one = gain.number == 1 && gain.unit == plan::ValueUnit::plain;
        gain = {1, plan::ValueUnit::plain};
        return !is_one;
    }

    static bool leave_slew(plan::Description& plan, std::size_t index) {
        plan::Slew& slew = plan.edges[index].slew;
        const bool has_slew = slew.any();
        slew = {};
        return has_slew;
    }

    // Reads what feeds its source, and so goes around it.
    static bool go_upstream(plan::Description& plan, std::size_t index) {
        plan::Edge& edge = plan.edges[index];
        for (const plan::Edge& before : plan.edges) {
            if (before.to_node == edge.from_node &&
                plan.nodes[before.from_node].component < plan.nodes[edge.from_node].component) {
                edge.from_node = before.from_node;
                edge.from_output = before.from_output;
                return true;
            }
        }
        return false;
    }

    static bool leave_signal(plan::Gate& gate) {
        if (gate.signals.empty()) {
            return false;
        }
        gate.signals.pop_back();
        return true;
    }

    static bool leave_grid(plan::Gate& gate) {
        const bool has_grid = gate.quantize.number != 0;
        gate.quantize = {};
        return has_grid;
    }

    static bool make_default(plan::Node& node, std::size_t index) {
        plan::Parameter& parameter = node.parameters[index];
        const double plain = find_node_type(node.type)->declaration->parameters[index].default_value;
        if (!parameter.slew.any() && parameter.base.size() == 1 && parameter.base.front().number == plain) {
            return false;
        }
        parameter.slew = {};
        parameter.base = {{plain, plan::ValueUnit::plain}};
        return true;
    }

    Case smallest_;
    const Differs& differs_;
    int attempts_;
};

} // namespace

Case shrunk(Case failing, const Differs& differs, int most_attempts) {
    return Shrinker(std::move(failing), differs, most_attempts).run();
}

} // namespace amp::test::reference

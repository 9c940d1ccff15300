#include "support/random_schedule.h"

#include "plan/layout.h"

#include <algorithm>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace amp::test {

namespace {

class Drawing {
public:
    Drawing(const plan::Description& plan, std::uint64_t seed) : plan_(plan), random_(seed) {
        auto laid_out = plan::lay_out(plan, {.block = 1});
        if (!laid_out.ok()) {
            throw std::runtime_error(laid_out.error().message);
        }
        const std::size_t units = laid_out.value().leader_of.size();
        next_.resize(units);
        waits_.assign(units, 0);
        for (const run::Dependency& dependency : laid_out.value().dependencies) {
            next_[dependency.from].push_back(dependency.to);
            ++waits_[dependency.to];
        }
        stage_of_.assign(units, 0);
        chain_of_.assign(plan.nodes.size(), plan::kNone);
    }

    std::vector<plan::Stage> stages() {
        place_units();
        std::vector<plan::Stage> stages;
        for (const auto& [stage, units] : units_of_) {
            std::vector<plan::Cohort> cohorts = cohorts_of(units);
            if (!cohorts.empty()) {
                stages.push_back({0, std::move(cohorts)});
            }
        }
        return stages;
    }

private:
    using Nodes = std::vector<std::uint32_t>;

    int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
    bool one_in(int count) { return below(count) == 0; }

    // Each unit in a stage behind those that it waits for, or in the chain of the one that it waits for.
    void place_units() {
        Nodes ready;
        for (std::uint32_t unit = 0; unit < waits_.size(); ++unit) {
            if (waits_[unit] == 0) {
                ready.push_back(unit);
            }
        }
        for (std::size_t at = 0; at < ready.size(); ++at) {
            const std::uint32_t unit = ready[at];
            if (!try_chain(unit)) {
                stage_of_[unit] += one_in(3) ? below(3) : 0;
            }
            units_of_[stage_of_[unit]].push_back(unit);
            for (const std::uint32_t next : next_[unit]) {
                stage_of_[next] = std::max(stage_of_[next], stage_of_[unit] + 1);
                if (--waits_[next] == 0) {
                    ready.push_back(next);
                }
            }
        }
    }

    bool is_single(std::uint32_t unit) const {
        return unit < plan_.components.size() && !plan_.components[unit].is_loop;
    }

    // A node that waits for one other alone, of its type, may stand in a row with it.
    bool try_chain(std::uint32_t unit) {
        if (!is_single(unit) || one_in(2)) {
            return false;
        }
        std::uint32_t before = plan::kNone;
        for (std::uint32_t other = 0; other < next_.size(); ++other) {
            const auto ways = std::ranges::count(next_[other], unit);
            if (ways > 1 || (ways == 1 && before != plan::kNone)) {
                return false;
            }
            before = ways == 1 ? other : before;
        }
        if (before == plan::kNone || !is_single(before)) {
            return false;
        }
        const std::uint32_t from = plan_.components[before].nodes.front(), to = plan_.components[unit].nodes.front();
        if (plan_.nodes[from].type != plan_.nodes[to].type) {
            return false;
        }
        if (chain_of_[from] == plan::kNone) {
            chain_of_[from] = static_cast<std::uint32_t>(chains_.size());
            chains_.push_back({from});
        }
        Nodes& chain = chains_[chain_of_[from]];
        if (chain.back() != from) {
            return false;
        }
        chain.push_back(to);
        chain_of_[to] = chain_of_[from];
        stage_of_[unit] = stage_of_[before];
        return true;
    }

    std::vector<plan::Cohort> cohorts_of(const Nodes& units) {
        std::vector<plan::Cohort> cohorts;
        std::map<std::string, Nodes> equals;
        for (const std::uint32_t unit : units) {
            if (unit >= plan_.components.size()) {
                continue; // what decides when a region stands is no node
            }
            const plan::Component& component = plan_.components[unit];
            const std::uint32_t first = component.nodes.front();
            if (component.is_loop) {
                for (const std::uint32_t node : component.nodes) {
                    cohorts.push_back({plan_.nodes[node].type, {node}});
                }
            } else if (chain_of_[first] == plan::kNone) {
                equals[plan_.nodes[first].type].push_back(first);
            } else if (const Nodes& chain = chains_[chain_of_[first]]; chain.front() == first) {
                cohorts.push_back({plan_.nodes[first].type, chain});
            }
        }
        for (auto& [type, nodes] : equals) {
            for (std::size_t i = nodes.size(); i > 1; --i) {
                std::swap(nodes[i - 1], nodes[static_cast<std::size_t>(below(static_cast<int>(i)))]);
            }
            const auto cut = nodes.begin() + (one_in(3) ? below(static_cast<int>(nodes.size())) : 0);
            for (const Nodes& part : {Nodes(nodes.begin(), cut), Nodes(cut, nodes.end())}) {
                if (!part.empty()) {
                    cohorts.push_back({type, part});
                }
            }
        }
        return cohorts;
    }

    const plan::Description& plan_;
    std::mt19937_64 random_;
    std::vector<Nodes> next_; // units, by unit
    Nodes waits_;
    std::vector<int> stage_of_;     // of each unit
    std::map<int, Nodes> units_of_; // of each stage
    std::vector<Nodes> chains_;     // of nodes
    Nodes chain_of_;                // of each node, or kNone
};

} // namespace

void draw_schedule(plan::Description& plan, std::uint64_t seed) {
    plan.has_schedule = false;
    plan.stages.clear();
    plan.stages = Drawing(plan, seed).stages();
    plan.has_schedule = true;
}

} // namespace amp::test

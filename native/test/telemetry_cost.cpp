// What measuring costs the sound threads: the same plan without heat and telemetry, with heat, and with both, by turns,
// on one thread.
//
// telemetry_cost [--json] [TURNS]   a line for each plan: CPU microseconds a block of each, and what both add as a
// share
//                                   of a block's time; the first quartiles over the turns, since what else the machine
//                                   does only adds
#include "base/cycle_counter.h"
#include "base/floating_point.h"
#include "base/thread_role.h"
#include "control/plan_seals.h"
#include "engine/graph.h"
#include "engine/telemetry.h"
#include "io/output_memory.h"
#include "plan/layout.h"
#include "support/plan_builder.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <pthread.h>
#include <string>
#include <utility>
#include <vector>

namespace amp::test {
namespace {

constexpr int kBlock = 64;
constexpr double kBlockSeconds = kBlock / 48000.0;
constexpr int kBlocksInATurn = 400;

struct Workload {
    std::string name;
    plan::Description plan;
};

// So many nodes of one lane each, in chains of eight: nothing costs less to run, and so more to measure.
Workload small_nodes(int chains) {
    PlanBuilder builder;
    for (int chain = 0; chain < chains; ++chain) {
        std::string last = "tone" + std::to_string(chain);
        builder.node(last, "sine");
        for (int i = 1; i < 8; ++i) {
            const std::string next = "low" + std::to_string(chain) + "_" + std::to_string(i);
            builder.node(next, "one_pole").edge(last, next);
            last = next;
        }
    }
    builder.node("out", "output");
    for (int chain = 0; chain < chains; ++chain) {
        builder.edge("low" + std::to_string(chain) + "_7", "out", {.gain = {0.001}});
    }
    return {std::to_string(8 * chains) + " nodes of one lane", builder.build()};
}

// A few nodes with the lanes of sixteen voices, as patches have them.
Workload patch_like() {
    const Shape voices{16, 1};
    PlanBuilder builder;
    builder.node("saw", "saw", {.shape = voices}).node("sweep", "lfo", {.shape = voices});
    builder.node("low", "svf", {.shape = voices}).node("level", "gain", {.shape = voices});
    builder.node("echo", "mix").node("out", "output");
    builder.edge("saw", "low").edge("sweep", "low.cutoff", {.gain = {100}}).edge("low", "level");
    builder.edge("level", "echo").edge("level", "echo", {.delay = 12000}).edge("echo", "out", {.gain = {0.01}});
    return {"6 nodes of 16 lanes", builder.build()};
}

// w4 of the benchmark: branches of a saw, eight biquads and a pan, summed; each branch of nodes of its own, or all of
// them as the lanes of one.
Workload filtered_saws(int branches, int lanes) {
    const Shape shape{lanes, 1};
    PlanBuilder builder;
    for (int branch = 0; branch < branches; ++branch) {
        const std::string number = std::to_string(branch);
        std::string last = "saw" + number;
        builder.node(last, "saw", {.shape = shape});
        for (int i = 0; i < 8; ++i) {
            const std::string next = "low" + number + "_" + std::to_string(i);
            builder.node(next, "biquad", {.shape = shape}).edge(last, next);
            last = next;
        }
        builder.node("pan" + number, "pan", {.shape = shape}).edge(last, "pan" + number);
    }
    builder.node("out", "output", {.shape = {1, 2}});
    for (int branch = 0; branch < branches; ++branch) {
        builder.edge("pan" + std::to_string(branch), "out", {.gain = {0.001}});
    }
    const std::string nodes = std::to_string(10 * branches) + " nodes of ";
    return {"w4: " + nodes + (lanes == 1 ? "one lane" : std::to_string(lanes) + " lanes"), builder.build()};
}

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double first_quartile(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 4];
}

// A plan that one thread runs, unit after unit.
class Run {
public:
    explicit Run(const plan::Description& plan)
        : layout_(plan::lay_out(plan, {kBlock, 1}).value()),
          graph_(std::move(engine::Graph::build(plan, layout_, kBlock, 1).value())),
          seals_(engine::Graph::voice_groups(plan, layout_), kBlock, 1),
          memory_(std::move(io::OutputMemory::create({2, kBlock, 64 * kBlock, 48000}).value())),
          telemetry_(1, memory_.header()),
          of_plan_(telemetry_.of_plan(plan, layout_, graph_->nodes())) {
        clockid_t clock{};
        pthread_getcpuclockid(pthread_self(), &clock);
        telemetry_.watch({clock});
        for (const auto& node : graph_->nodes()) {
            hears_.push_back(node->hears);
        }
    }

    // Whether nodes hear what would warm them.
    void set_heat(bool has_heat) {
        for (std::size_t n = 0; n < hears_.size(); ++n) {
            graph_->nodes()[n]->hears = hears_[n] && has_heat;
        }
    }

    // CPU seconds of a block.
    double turn(bool measured) {
        const double begin = cpu_seconds();
        for (int i = 0; i < kBlocksInATurn; ++i, ++block_) {
            if (measured) {
                telemetry_.block_begins(block_);
            }
            seals_.begin(block_);
            seals_.finish(block_);
            for (std::uint32_t unit = 0; unit < graph_->components(); ++unit) {
                if (layout_.leader_of[unit] != unit) {
                    continue;
                }
                const std::uint64_t unit_begin = measured ? cycle_counter() : 0;
                graph_->run(unit, {block_, block_ * kBlock, (block_ + 1) * kBlock}, 0, seals_);
                if (measured) {
                    telemetry_.unit_ran(*of_plan_, unit, block_, 0, unit_begin);
                }
            }
            if (measured) {
                telemetry_.output_ran(block_, 0, cycle_counter());
                telemetry_.block_is_complete(block_, *of_plan_);
            }
        }
        return (cpu_seconds() - begin) / kBlocksInATurn;
    }

private:
    plan::Layout layout_;
    std::unique_ptr<engine::Graph> graph_;
    control::PlanSeals seals_;
    io::OutputMemory memory_;
    engine::Telemetry telemetry_;
    std::unique_ptr<engine::PlanTelemetry> of_plan_;
    std::vector<bool> hears_; // of each node
    std::int64_t block_ = 0;
};

enum class Format { text, json };

void measure(const Workload& workload, int turns, Format format) {
    const FloatingPointScope floating_point;
    const ThreadRoleScope role(ThreadRole::worker);
    Run run(workload.plan);
    std::vector<double> without, with_heat, with;
    for (int i = 0; i < turns; ++i) {
        run.set_heat(false);
        without.push_back(run.turn(false));
        run.set_heat(true);
        with_heat.push_back(run.turn(false));
        with.push_back(run.turn(true));
    }
    const double before = first_quartile(without), heated = first_quartile(with_heat), after = first_quartile(with);
    const double share = (after - before) / kBlockSeconds;
    if (format == Format::json) {
        std::printf("{\"plan\":\"%s\",\"nodes\":%zu,\"without\":%.3f,\"heat\":%.3f,\"with\":%.3f,\"share\":%.6f}\n",
                    workload.name.c_str(), workload.plan.nodes.size(), before * 1e6, heated * 1e6, after * 1e6, share);
    } else {
        std::printf("%-30s without %8.2f us, with heat %8.2f us, with both %8.2f us: %.3f, %.2f %% of a block's time\n",
                    workload.name.c_str(), before * 1e6, heated * 1e6, after * 1e6, after / before, 100 * share);
    }
    std::fflush(stdout);
}

} // namespace
} // namespace amp::test

int main(int count, char** arguments) {
    using namespace amp::test;
    const bool json = count > 1 && std::string(arguments[1]) == "--json";
    const int given = json ? 2 : 1;
    const int turns = count > given ? std::max(1, std::atoi(arguments[given])) : 25;
    for (const auto& workload : {patch_like(), small_nodes(8), small_nodes(64), small_nodes(128), filtered_saws(64, 1),
                                 filtered_saws(1, 64)}) {
        measure(workload, turns, json ? Format::json : Format::text);
    }
    return 0;
}

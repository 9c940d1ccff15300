// Gradients of whole graphs, by the way back through what the streamer did, against finite differences of the same.
#include "engine/c_api_events.h"
#include "engine/gradient/gradient.h"
#include "nodes/node_fixture.h"
#include "plan/units.h"
#include "support/plan_builder.h"
#include "support/random_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace amp::test {
namespace {

constexpr int kFrames = 600;
constexpr double kStep = 3e-7;

using engine::Gradient;
using engine::GradientRun;

control::Event engine_event(const amp_event& event, const plan::Description& plan) {
    control::Event made = engine::control_event(event);
    if (made.kind == control::EventKind::set_edge_gain) {
        made.parameter = event.node;
        made.node = plan.edges[event.node].to_node;
    } else if (made.kind == control::EventKind::drain_node) {
        made.parameter = plan.nodes[event.node].component;
    }
    return made;
}

// A plan, what happens to it, and a random sum over all that it sounds like.
struct Judged {
    plan::Description plan;
    std::vector<control::Event> events;
    int seed = 0;
    int block = 64;
    int workers = 1;

    std::unique_ptr<GradientRun> recorded(const plan::Description& of) const {
        auto made = engine::prepare_gradient(of, {block, workers, kFrames, events});
        if (!made.ok()) {
            throw std::runtime_error(made.error().message);
        }
        if (const auto done = made.value()->record(); !done.ok()) {
            throw std::runtime_error(done.error().message);
        }
        return std::move(made.value());
    }
    std::vector<double> weights(int channels) const {
        std::vector<double> weights;
        for (int i = 0; i < channels * kFrames; ++i) {
            weights.push_back(2 * random_number(i, seed, 3) - 1);
        }
        return weights;
    }

    struct Sum {
        long double value = 0, squares = 0;
    };
    Sum sum(const plan::Description& of) const {
        const auto run = recorded(of);
        const std::vector<double> weight = weights(run->channels());
        Sum sum;
        for (int channel = 0; channel < run->channels(); ++channel) {
            const std::vector<double> heard = run->output(channel);
            for (int f = 0; f < kFrames; ++f) {
                const double by = weight[static_cast<std::size_t>(channel * kFrames + f)];
                const double value = heard[static_cast<std::size_t>(f)];
                sum.value += by * value;
                sum.squares += by * by * (1 + value * value);
            }
        }
        return sum;
    }
    Result<Gradient> gradient() const {
        const auto run = recorded(plan);
        return run->backward(weights(run->channels()));
    }
};

double number_of(const plan::Value& value, Unit unit, const plan::Stream& stream) {
    return *plan::canonical(value, unit, stream);
}

// All numbers of a plan that a gradient is told of, moved in a random direction.
class Direction {
public:
    static constexpr int kAll = -1;

    // Along all numbers, or one of them.
    Direction(const plan::Description& plan, int seed, int only = kAll) : plan_(plan), seed_(seed), only_(only) {}

    // The numbers, by name.
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        plan::Description plan = plan_;
        for (const plan::Node& node : plan_.nodes) {
            for (const plan::Parameter& parameter : node.parameters) {
                names.insert(names.end(), parameter.base.size(), node.id + " (" + node.type + ")." + parameter.name);
            }
        }
        for (const plan::Edge& edge : plan_.edges) {
            const plan::Node& to = plan_.nodes[edge.to_node];
            const bool to_input = edge.target == plan::EdgeTarget::input;
            names.push_back("edge " + plan_.nodes[edge.from_node].id + " -> " + to.id + "." +
                            (to_input ? to.inputs[edge.to_index].name : to.parameters[edge.to_index].name));
        }
        return names;
    }

    plan::Description moved(double step) const {
        plan::Description moved = plan_;
        for_each(moved, [&](plan::Value& value, Unit, double direction) { value.number += step * direction; });
        return moved;
    }
    // What the gradient says of it.
    double derivative(const Gradient& gradient) const {
        plan::Description plan = plan_;
        double sum = 0;
        std::size_t place = 0;
        const std::vector<double> by = flat(gradient);
        for_each(plan, [&](plan::Value& value, Unit unit, double direction) {
            constexpr double kSmall = 1e-4;
            plan::Value above = value, below = value;
            above.number += kSmall * direction;
            below.number -= kSmall * direction;
            sum += by[place++] * (number_of(above, unit, plan.stream) - number_of(below, unit, plan.stream)) /
                   (2 * kSmall);
        });
        return sum;
    }

private:
    // Bases that stand at the end of their range are left alone.
    template <class Do>
    void for_each(plan::Description& plan, Do&& action) const {
        int number = 0;
        const auto direction = [&](const plan::Value& value) {
            const int place = number++;
            const double by = 2 * random_number(place, seed_, 17) - 1;
            return only_ == kAll || only_ == place ? (std::min(std::abs(value.number), 1000.0) + 1e-3) * by : 0;
        };
        for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
            const auto& declared = find_node_type(plan.nodes[n].type)->declaration->parameters;
            for (std::size_t p = 0; p < plan.nodes[n].parameters.size(); ++p) {
                for (plan::Value& value : plan.nodes[n].parameters[p].base) {
                    const double by = direction(value);
                    const double base = number_of(value, declared[p].unit, plan.stream);
                    const double margin = 1e-3 * (std::abs(base) + 1e-3);
                    const bool inside = base > declared[p].minimum + margin && base < declared[p].maximum - margin;
                    action(value, declared[p].unit, inside ? by : 0);
                }
            }
        }
        for (plan::Edge& edge : plan.edges) {
            action(edge.gain, unit_of(edge, plan), direction(edge.gain));
        }
    }
    static Unit unit_of(const plan::Edge& edge, const plan::Description& plan) {
        if (edge.target == plan::EdgeTarget::input) {
            return Unit::ratio;
        }
        const bool adds = edge.scale != plan::EdgeScale::octaves && edge.mode != plan::EdgeMode::scale;
        const auto& declared = find_node_type(plan.nodes[edge.to_node].type)->declaration->parameters;
        return adds ? declared[edge.to_index].unit : Unit::none;
    }
    // In the order of for_each; a base of one number stands for all lanes.
    std::vector<double> flat(const Gradient& gradient) const {
        std::vector<double> flat;
        for (std::size_t n = 0; n < plan_.nodes.size(); ++n) {
            for (std::size_t p = 0; p < plan_.nodes[n].parameters.size(); ++p) {
                const auto& lanes = gradient.parameters[n][p];
                if (plan_.nodes[n].parameters[p].base.size() == 1) {
                    double sum = 0;
                    for (const double lane : lanes) {
                        sum += lane;
                    }
                    flat.push_back(sum);
                } else {
                    flat.insert(flat.end(), lanes.begin(), lanes.end());
                }
            }
        }
        flat.insert(flat.end(), gradient.edge_gains.begin(), gradient.edge_gains.end());
        return flat;
    }

    const plan::Description& plan_;
    const int seed_;
    const int only_;
};

enum class Verdict { agrees, differs, unclear };

// Compares the gradient along a direction with a finite difference; unclear where that depends on its step.
struct Comparison {
    Verdict verdict;
    double derivative, difference;
};
Comparison compare(const Judged& judged, const Gradient& gradient, const Direction& direction) {
    const double derivative = direction.derivative(gradient);
    const auto here = judged.sum(judged.plan);
    const auto at = [&](double steps) { return judged.sum(direction.moved(steps * kStep)).value; };
    const long double ahead = at(1), back = at(-1), far_ahead = at(2), far_back = at(-2);
    const auto near = double((ahead - back) / (2 * kStep)), far = double((far_ahead - far_back) / (4 * kStep));
    const double difference = (4 * near - far) / 3;
    const double noise = 32 * 0x1p-53 * std::sqrt(double(here.squares)) / kStep;
    const double most = 1e-6 * std::abs(near) + noise;
    // What the slopes of both sides differ by shrinks with the step, but not at a corner.
    const auto bend = [&](long double a, long double b) { return a - 2 * here.value + b; };
    const auto corner = double((2 * bend(ahead, back) - bend(far_ahead, far_back) / 2) / kStep);
    if (!(std::abs(near - far) <= most && std::abs(corner) <= 4 * most)) {
        return {Verdict::unclear, derivative, difference};
    }
    return {std::abs(difference - derivative) <= most ? Verdict::agrees : Verdict::differs, derivative, difference};
}

// The numbers by which the gradient is wrong.
std::string wrong_numbers(const Judged& judged, const Gradient& gradient) {
    std::string wrong;
    const std::vector<std::string> names = Direction(judged.plan, judged.seed).names();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto one = compare(judged, gradient, Direction(judged.plan, judged.seed, static_cast<int>(i)));
        if (one.verdict == Verdict::differs) {
            wrong += "\n  " + names[i] + ": " + std::to_string(one.derivative) + " instead of " +
                     std::to_string(one.difference);
        }
    }
    return wrong;
}

Verdict expect_agreement(const Judged& judged, const std::string& name) {
    const Result<Gradient> gradient = judged.gradient();
    if (!gradient.ok()) {
        ADD_FAILURE() << name << ": " << gradient.error().message;
        return Verdict::unclear;
    }
    const auto found = compare(judged, gradient.value(), Direction(judged.plan, judged.seed));
    if (found.verdict == Verdict::differs) {
        ADD_FAILURE() << name << ": " << found.derivative << " instead of " << found.difference
                      << wrong_numbers(judged, gradient.value());
    }
    return found.verdict;
}

bool has_gradient(const plan::Description& plan) {
    return std::ranges::none_of(plan.nodes, [](const plan::Node& node) { return node.type == "limiter"; });
}

// Loops of random gains ring ever louder, and then no difference is small.
void calm_loops(plan::Description& plan) {
    for (plan::Edge& edge : plan.edges) {
        const std::uint32_t component = plan.nodes[edge.from_node].component;
        if (component == plan.nodes[edge.to_node].component && plan.components[component].is_loop) {
            edge.gain.number *= 0.1;
        }
    }
}

TEST(Gradients, OfRandomGraphsAgreeWithFiniteDifferences) {
#if defined(AMP_SANITIZED)
    constexpr int kGraphs = 10;
#else
    constexpr int kGraphs = 100;
#endif
    int unclear = 0, seed = 0;
    for (int graphs = 0; graphs < kGraphs; ++seed) {
        RandomPlan random(static_cast<std::uint64_t>(seed), {.voices = true, .network = true, .gates = seed % 2 == 1});
        if (!has_gradient(random.description())) {
            continue;
        }
        Judged judged{random.description(), {}, seed};
        calm_loops(judged.plan);
        judged.plan = Direction(judged.plan, 2 * seed).moved(0.01); // nothing stands at the end of its range by chance
        for (amp_event& event : random.events(12, kFrames)) {
            event.rate = event.acceleration = event.area = 0; // a base on its way from the plan's still depends on that
            judged.events.push_back(engine_event(event, judged.plan));
        }
        unclear += expect_agreement(judged, "seed " + std::to_string(seed)) == Verdict::unclear ? 1 : 0;
        ++graphs;
    }
    EXPECT_LE(unclear, kGraphs / 10);
}

bool all_finite(const Gradient& gradient) {
    const auto finite = [](double value) { return std::isfinite(value); };
    return std::ranges::all_of(gradient.edge_gains, finite) &&
           std::ranges::all_of(gradient.parameters, [&](const auto& node) {
               return std::ranges::all_of(node, [&](const auto& lanes) { return std::ranges::all_of(lanes, finite); });
           });
}

control::Event set_to(const plan::Description& plan, amp_event_kind kind, std::uint32_t target, std::uint32_t parameter,
                      float value, float rate = 0) {
    amp_event event{};
    event.kind = kind;
    event.frame = 64;
    event.node = target;
    event.parameter = parameter;
    event.value = value;
    event.rate = rate;
    return engine_event(event, plan);
}

// Where its acceleration and its area just let a move be in time, the speed that it takes is where a root begins.
TEST(Gradients, OfAMoveThatIsJustInTimeAreFinite) {
    PlanBuilder builder;
    builder.node("saw", "saw").node("wanted", "constant", {.parameters = {{"value", {{0}}}}});
    builder.node("level", "gain").node("out", "output");
    builder.edge("saw", "level").edge("level", "out");
    builder.edge("wanted", "level.gain", {.slew = {false, true, true, 0, 1, 1}});
    Judged judged{builder.build(), {}, 1};
    judged.events.push_back(set_to(judged.plan, AMP_EVENT_SET_PARAMETER, 1, 0, 1));
    EXPECT_TRUE(all_finite(judged.gradient().value()));
}

// Taps that make firings short, and a slew whose state is kept for each, behind a gain that moves all the time.
TEST(Gradients, OfShortFiringsBehindASlewAgreeWithFiniteDifferences) {
    PlanBuilder builder;
    builder.node("saw", "saw", {.parameters = {{"freq", {{300}}}}}).node("sway", "lfo").node("level", "gain");
    builder.node("out", "output");
    for (std::uint64_t delay = 1; delay <= 10; ++delay) {
        builder.edge("saw", "level", {.delay = delay, .gain = {0.05}});
    }
    const std::uint32_t moved = 10;
    builder.edge("sway", "level.gain", {.gain = {1}, .slew = {true, false, false, 100, 0, 0}}).edge("level", "out");
    Judged judged{builder.build(), {}, 1};
    judged.events.push_back(set_to(judged.plan, AMP_EVENT_SET_EDGE_GAIN, moved, 0, 1.5F, 1));
    const Gradient gradient = judged.gradient().value();
    const std::vector<std::string> names = Direction(judged.plan, judged.seed).names();
    int agreed = 0;
    for (std::size_t number = 0; number < names.size(); ++number) {
        // The gain's own number is where its move begins.
        if (names[number].find("sway -> ") == std::string::npos) {
            const auto found = compare(judged, gradient, Direction(judged.plan, judged.seed, static_cast<int>(number)));
            EXPECT_NE(found.verdict, Verdict::differs)
                << names[number] << ": " << found.derivative << " instead of " << found.difference;
            agreed += found.verdict == Verdict::agrees ? 1 : 0;
        }
    }
    EXPECT_GT(agreed, 10);
}

Judged filtered_saw(const std::string& type) {
    PlanBuilder builder;
    builder.node("saw", "saw", {.parameters = {{"freq", {{300}}}}}).node("low", type).node("out", "output");
    builder.edge("saw", "low").edge("low", "out", {.delay = 100, .gain = {0.5}});
    return {builder.build(), {}, 1};
}

TEST(Gradients, AreTheSameForAnyBlockAndWorkers) {
    Judged judged = filtered_saw("svf");
    const Gradient whole = judged.gradient().value();
    for (const auto& [block, workers] : {std::pair{1, 1}, {100, 3}, {1024, 2}}) {
        judged.block = block;
        judged.workers = workers;
        const Gradient cut = judged.gradient().value();
        for (std::size_t node = 0; node < whole.parameters.size(); ++node) {
            for (std::size_t parameter = 0; parameter < whole.parameters[node].size(); ++parameter) {
                const double wanted = whole.parameters[node][parameter][0];
                EXPECT_NEAR(cut.parameters[node][parameter][0], wanted, 1e-9 * std::abs(wanted)) << block;
            }
        }
    }
}

TEST(Gradients, NameTheNodeThatHasNone) {
    const Result<Gradient> gradient = filtered_saw("limiter").gradient();
    ASSERT_FALSE(gradient.ok());
    EXPECT_EQ(gradient.error().kind, ErrorKind::unsupported);
    EXPECT_NE(gradient.error().message.find("node low of type limiter"), std::string::npos) << gradient.error().message;
}

// What prepare_gradient says against a plan.
std::string refused(const plan::Description& plan) {
    const auto made = engine::prepare_gradient(plan, {64, 1, kFrames, {}});
    return !made.ok() && made.error().kind == ErrorKind::unsupported ? made.error().message : "";
}

TEST(Gradients, LeadNotThroughHeat) {
    PlanBuilder builder;
    builder.node("saw", "saw").node("low", "svf").node("level", "gain").node("out", "output");
    builder.edge("saw", "low").edge("low", "level").edge("level", "out");
    builder.edge("low.thermo.heat", "level.gain", {.delay = 64, .gain = {-0.01}});
    EXPECT_EQ(refused(builder.build()), "node low: heat has no gradient");
}

TEST(Gradients, LeadNotThroughALimitThatAttenuates) {
    PlanBuilder builder;
    builder.node("saw", "saw").node("level", "gain").node("out", "output");
    builder.edge("saw", "level").edge("level", "out").attenuates(25, 55, 80);
    EXPECT_EQ(refused(builder.build()), "a thermal limit that attenuates has no gradient");
}

TEST(Gradients, TellTheMemoryOfARecordingBeforeItIsTaken) {
    const Judged judged = filtered_saw("svf");
    const auto bytes = [&](std::int64_t frames) {
        return engine::prepare_gradient(judged.plan, {judged.block, judged.workers, frames, {}}).value()->bytes();
    };
    // Three nodes give five taps of one lane, of which each frame is kept at least once.
    EXPECT_GT(bytes(48000), 48000 * sizeof(double) * 5);
    EXPECT_NEAR(static_cast<double>(bytes(480000)) / static_cast<double>(bytes(48000)), 10, 0.5);
}

std::uint64_t recording_bytes_of_spectra(double size) {
    const std::map<std::string, double> form{{"size", size}, {"overlap", 4}};
    PlanBuilder builder;
    builder.node("saw", "saw").node("apart", "fft", {.options = form}).node("together", "ifft", {.options = form});
    builder.node("out", "output").edge("saw", "apart").edge("apart", "together").edge("together", "out");
    return engine::prepare_gradient(builder.build(), {64, 1, 48000, {}}).value()->bytes();
}

TEST(Gradients, KeepNoWindowsOfWhatIsLinear) {
    const auto of_short = static_cast<double>(recording_bytes_of_spectra(64));
    // What the way back knows of the state is there once, and not for each firing.
    EXPECT_NEAR(static_cast<double>(recording_bytes_of_spectra(8192)) / of_short, 1, 0.1);
}

} // namespace
} // namespace amp::test

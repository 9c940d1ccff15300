// A schedule changes no bit: cohorts and chains give what their nodes give one by one.
#include "support/hand_over.h"
#include "support/plan_builder.h"
#include "support/plan_bytes.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace amp::test {
namespace {

constexpr int kFrames = 4000;
constexpr int kBlocks[] = {1, 16, 64, 100, 257, 1024};

// Copies of one random network, whose equals are cohorts: sources, filters, gains and pans, with delays, modulations,
// and gates on the edges of some copies.
class Copies {
public:
    explicit Copies(std::uint64_t seed) : random_(seed), copies_(seed % 6 == 0 ? 64 + below(80) : 2 + below(20)) {
        const int nodes = 3 + below(6);
        std::vector<std::string> types;
        for (int i = 0; i < nodes; ++i) {
            types.emplace_back(i == 0 ? kSources[below(5)] : kOthers[below(7)]);
            add(types.back(), i);
        }
        builder_.node("out", "output", {.options = {{"channels", 2}}});
        std::uint32_t edge = 0;
        std::vector<Gated> gated;
        for (int i = 1; i < nodes; ++i) {
            connect(types, below(i), i, edge, gated);
            if (one_in(2)) {
                connect(types, below(i), i, edge, gated);
            }
        }
        for (int c = 0; c < copies_; ++c) {
            builder_.edge(id(c, nodes - 1), "out", {.gain = {c == 0 && one_in(2) ? 0.03 : 0.02}});
            ++edge;
        }
        constexpr plan::WhileClosed kClosed[] = {plan::WhileClosed::mute, plan::WhileClosed::sample,
                                                 plan::WhileClosed::hold};
        // A gate of its own for each edge: one over several would make its readers wait for nodes that come later.
        for (const auto& [gated_edge, closed] : gated) {
            builder_.gate("gate" + std::to_string(gates_++), {gated_edge}, {.while_closed = kClosed[closed]});
        }
        plan_ = builder_.build();
        nodes_ = nodes;
    }

    std::vector<std::byte> in_turn() const { return encode(plan_).bytes; }

    // Each node of the network in a stage of its own, all its copies a cohort in any order, or in two.
    std::vector<std::byte> scheduled() {
        plan::Description plan = plan_;
        plan.has_schedule = true;
        for (int i = 0; i < nodes_; ++i) {
            plan::Stage& stage = plan.stages.emplace_back();
            std::vector<std::uint32_t> order(static_cast<std::size_t>(copies_));
            for (int c = 0; c < copies_; ++c) {
                order[static_cast<std::size_t>(c)] = index(c, i);
            }
            std::ranges::shuffle(order, random_);
            const auto cut = order.begin() + below(copies_ + 1);
            for (const auto& part :
                 {std::vector<std::uint32_t>(order.begin(), cut), std::vector<std::uint32_t>(cut, order.end())}) {
                if (!part.empty()) {
                    stage.cohorts.push_back({plan.nodes[part.front()].type, part});
                }
            }
        }
        plan.stages.push_back({0, {{"output", {static_cast<std::uint32_t>(plan.nodes.size() - 1)}}}});
        return encode(plan).bytes;
    }

    std::vector<amp_event> events() {
        std::vector<amp_event> events;
        for (int i = 0; i < 12; ++i) {
            const std::uint32_t node = index(below(copies_), 1 + below(nodes_ - 1));
            const std::int64_t frame = below(kFrames - 200);
            if (!plan_.nodes[node].parameters.empty()) {
                events.push_back(set_parameter(frame, node, 0, static_cast<float>(real(0.1, 2000)),
                                               one_in(2) ? static_cast<float>(real(10, 1e5)) : 0));
            }
            const auto edge = static_cast<std::uint32_t>(below(static_cast<int>(plan_.edges.size())));
            if (one_in(6)) {
                events.push_back(set_edge_gain(frame, edge, one_in(3) ? 1 : static_cast<float>(real(-0.5, 0.5)),
                                               one_in(2) ? static_cast<float>(real(1, 100)) : 0));
            }
            if (gates_ > 0) {
                events.push_back(set_gate(below(kFrames - 200), static_cast<std::uint32_t>(below(gates_)), below(3)));
            }
        }
        return events;
    }

private:
    static constexpr const char* kSources[] = {"sine", "saw", "noise", "lfo", "triangle"};
    static constexpr const char* kOthers[] = {"one_pole", "biquad", "svf", "gain", "pan", "sine", "one_pole"};

    struct Gated {
        std::uint32_t edge;
        int closed; // how, an index
    };

    int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
    bool one_in(int count) { return below(count) == 0; }
    double real(double low, double high) { return low + (high - low) * (double(random_() >> 11) * 0x1p-53); }
    static std::string id(int copy, int node) { return "n" + std::to_string(node) + "_" + std::to_string(copy); }
    std::uint32_t index(int copy, int node) const { return static_cast<std::uint32_t>(node * copies_ + copy); }

    void add(const std::string& type, int node) {
        for (int c = 0; c < copies_; ++c) {
            NodeSettings settings;
            if (type == "sine" || type == "saw" || type == "triangle") {
                settings.parameters["freq"] = {{real(20, 5000)}};
            } else if (type == "one_pole" || type == "biquad" || type == "svf") {
                settings.parameters["cutoff"] = {{real(20, 9000)}};
            }
            builder_.node(id(c, node), type, settings);
        }
    }

    void connect(const std::vector<std::string>& types, int from, int to, std::uint32_t& edge,
                 std::vector<Gated>& gated) {
        const std::string& target = types[static_cast<std::size_t>(to)];
        if (types[static_cast<std::size_t>(from)] == "pan") {
            return;
        }
        const bool takes_signal = target != "sine";
        const bool modulates = !takes_signal || one_in(4);
        const std::string tap = target == "sine"   ? ".freq"
                                : target == "gain" ? ".gain"
                                : target == "pan"  ? ".position"
                                                   : ".cutoff";
        const std::uint64_t delay = one_in(3) ? static_cast<std::uint64_t>(below(700)) : 0;
        const double depth = one_in(2) ? 1 : real(0.1, 300);
        const bool unlike = one_in(4);
        const int way = below(8);
        for (int c = 0; c < copies_; ++c) {
            EdgeSettings settings{.delay = unlike && c % 3 == 0 ? delay + 5 : delay,
                                  .gain = {modulates || (unlike && c % 2 == 0) ? depth : 1}};
            builder_.edge(id(c, from), id(c, to) + (modulates ? tap : ""), settings);
            if (way < 3 && c % 4 == 1) {
                gated.push_back({edge, way});
            }
            ++edge;
        }
    }

    std::mt19937_64 random_;
    const int copies_;
    int nodes_ = 0, gates_ = 0;
    PlanBuilder builder_;
    plan::Description plan_;
};

std::vector<float> played(const std::vector<std::byte>& plan, const std::vector<amp_event>& events,
                          const amp_streamer_settings& settings) {
    const Stream stream(plan, settings);
    stream.post(events);
    return stream.take(kFrames);
}

// The first place where the bits differ; the size if none do.
std::size_t first_difference(const std::vector<float>& a, const std::vector<float>& b) {
    const auto bits = [](float value) { return std::bit_cast<std::uint32_t>(value); };
    return static_cast<std::size_t>(std::ranges::mismatch(a, b, {}, bits, bits).in1 - a.begin());
}

TEST(Cohorts, OfAnyEqualsGiveTheBitsOfTheirNodesInTurn) {
    int heard = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        Copies copies(seed);
        const auto events = copies.events();
        const auto wanted = played(copies.in_turn(), events, settings_for(64, 1));
        heard += *std::max_element(wanted.begin(), wanted.end()) > 0.001F ? 1 : 0;
        for (std::size_t b = 0; b < std::size(kBlocks); ++b) {
            const int workers = 1 + static_cast<int>((b + seed) % 3);
            const auto found = played(copies.scheduled(), events, settings_for(kBlocks[b], workers));
            const std::size_t differs = first_difference(found, wanted);
            ASSERT_EQ(differs, found.size())
                << "seed " << seed << ", blocks of " << kBlocks[b] << ", " << workers << " workers";
        }
    }
    EXPECT_GT(heard, 40);
}

TEST(Cohorts, GoOnThroughAHandOverToAndFromNodesInTurn) {
    for (std::uint64_t seed = 100; seed < 115; ++seed) {
        Copies copies(seed);
        const auto events = copies.events();
        const auto in_turn = copies.in_turn();
        const auto wanted =
            performed(in_turn, {{in_turn, 1000}, {in_turn, 2700}}, events, kFrames, settings_for(64, 1));
        const auto found = performed(in_turn, {{copies.scheduled(), 1000}, {copies.scheduled(), 2700}}, events, kFrames,
                                     settings_for(100, 2));
        const std::size_t differs = first_difference(found, wanted);
        EXPECT_EQ(differs, found.size()) << "seed " << seed;
    }
}

TEST(Chains, OfFiltersGiveTheBitsOfTheirNodesInTurn) {
    for (const char* type : {"one_pole", "biquad"}) {
        PlanBuilder builder;
        constexpr int kLinks = 37;
        builder.node("noise", "noise");
        std::vector<std::uint32_t> chain;
        for (int i = 0; i < kLinks; ++i) {
            builder.node("f" + std::to_string(i), type, {.parameters = {{"cutoff", {{500.0 + 100 * i}}}}});
            chain.push_back(static_cast<std::uint32_t>(i + 1));
        }
        builder.node("out", "output", {.options = {{"channels", 1}}});
        for (int i = 0; i < kLinks; ++i) {
            builder.edge(i == 0 ? "noise" : "f" + std::to_string(i - 1), "f" + std::to_string(i));
        }
        builder.edge("f" + std::to_string(kLinks - 1), "out");
        plan::Description plan = builder.build();
        const auto in_turn = encode(plan).bytes;
        plan.has_schedule = true;
        plan.stages = {{0, {{"noise", {0}}}}, {0, {{type, chain}}}, {0, {{"output", {kLinks + 1}}}}};
        const auto scheduled = encode(plan).bytes;
        const std::vector<amp_event> events{set_parameter(1001, 5, 0, 300, 1000), set_parameter(2002, 30, 0, 4000)};
        const auto wanted = played(in_turn, events, settings_for(64, 1));
        ASSERT_GT(*std::max_element(wanted.begin(), wanted.end()), 0.01F);
        for (const int block : kBlocks) {
            const auto found = played(scheduled, events, settings_for(block, 2));
            EXPECT_EQ(first_difference(found, wanted), found.size()) << type << ", blocks of " << block;
        }
    }
}

} // namespace
} // namespace amp::test

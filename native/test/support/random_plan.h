// Plans and events that nobody would write, but that are right: for what must hold of all plans.
#pragma once

#include "support/plan_builder.h"
#include "support/stream.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace amp::test {

// What a random plan is made of. There are always some free sources and an output.
struct RandomParts {
    bool voices = true;   // of one or two keys nodes, with envelopes, delays and loops inside, and buses behind them
    bool network = false; // nodes of all other types, connected anyhow: with loops that nest and cross; banks of equals
    bool spectra = true;  // in one network of three signals go apart into spectra and come together again
    bool heat = false;    // of nodes of all kinds, with limits that attenuate, and as what edges read
    bool gates = false;   // over edges of all of these, moved by events and signals, and drains
};

// Some plans with gates have a part that stands behind one. Loops of any quantum, spreads, sums of many edges, and
// modulations of every kind. The same seed gives the same plan, on every machine.
class RandomPlan {
public:
    explicit RandomPlan(std::uint64_t seed, RandomParts parts = {});

    const plan::Description& description() const { return aligned_; }
    std::vector<std::byte> bytes() const;

    // Notes that outnumber the voices, pedals, bends, and parameters and edges that are thrown about or moved, for
    // `frames` frames; gates, drains and voices that are shed if the plan has some.
    std::vector<amp_event> events(int count, int frames);

private:
    struct Source {
        std::string path;
        Shape shape;
    };

    struct NetworkNode {
        std::string id, type;
        Shape shape, gives; // of the node, and of its outputs
    };

    int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
    bool one_in(int count) { return below(count) == 0; }
    double real(double low, double high);
    std::string add(const std::string& type, Shape shape, std::map<std::string, double> options = {});
    const Source& any(const std::vector<Source>& sources);
    std::uint64_t any_delay();
    float any_rate();
    float any_acceleration();
    float any_area();
    plan::Slew any_slew();
    amp_event any_movement(std::int64_t frame);
    void feed(const std::string& node, const std::vector<Source>& sources, bool delays);
    void modulate(const std::string& node, const std::string& type, const std::vector<Source>& sources);
    void add_free_sources();
    void add_voices(int group);
    void add_bus();
    void add_outputs();
    void add_network();
    void add_spectra();
    void add_bank();
    Shape any_shape(const std::string& type);
    void warm(const std::string& node);
    void connect(std::size_t from, std::size_t to);
    void try_gate();
    void add_region();
    void hold_region();
    bool may_be_gated(const plan::Edge& edge, plan::WhileClosed while_closed) const;
    void shorten(plan::Description& plan, const plan::Edge& edge);
    plan::Value any_grid();
    static bool aligns(const plan::Description& plan, plan::Description& aligned);
    amp_event any_gate_event(std::int64_t frame);
    amp_event any_shed_voice(std::int64_t frame);

    std::mt19937_64 random_;
    const RandomParts parts_;
    PlanBuilder builder_;
    plan::Description plan_;    // as it is written, in order
    plan::Description aligned_; // and with its latencies aligned
    int numbered_ = 0;
    std::vector<Source> free_;    // one lane, of no group
    std::vector<Source> leaving_; // voices that sums may read
    std::vector<Source> buses_;
    std::vector<NetworkNode> network_;
    std::vector<std::string> held_readers_;                  // of what stands
    std::vector<std::pair<std::string, std::string>> nodes_; // id and type
};

} // namespace amp::test

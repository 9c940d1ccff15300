// Plans and events that nobody would write, but that are right: for what must hold of all plans.
#pragma once

#include "support/plan_builder.h"
#include "support/stream.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace amp::test {

// Voices of one or two keys nodes with envelopes, delays and loops inside, buses with loops of any quantum, spreads,
// sums of many edges, and modulations of every kind. The same seed gives the same plan.
class RandomPlan {
public:
    explicit RandomPlan(std::uint32_t seed);

    plan::Description description() const { return builder_.build(); }
    std::vector<std::byte> bytes() const { return builder_.bytes(); }

    // Notes that outnumber the voices, pedals, bends, and parameters and edges that are thrown about or moved, for
    // `frames` frames.
    std::vector<amp_event> events(int count, int frames);

private:
    struct Source {
        std::string path;
        Shape shape;
    };

    int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint32_t>(bound)); }
    bool one_in(int count) { return below(count) == 0; }
    double real(double low, double high);
    std::string add(const std::string& type, Shape shape, std::map<std::string, double> options = {});
    const Source& any(const std::vector<Source>& sources);
    std::uint64_t any_delay();
    float any_rate();
    float any_acceleration();
    amp_event any_movement(std::int64_t frame);
    void feed(const std::string& node, const std::vector<Source>& sources, bool delays);
    void modulate(const std::string& node, const std::string& type, const std::vector<Source>& sources);
    void add_free_sources();
    void add_voices(int group);
    void add_bus();

    std::mt19937 random_;
    PlanBuilder builder_;
    int numbered_ = 0;
    std::vector<Source> free_;    // one lane, of no group
    std::vector<Source> leaving_; // voices that sums may read
    std::vector<Source> buses_;
    std::vector<std::pair<std::string, std::string>> nodes_; // id and type
};

} // namespace amp::test

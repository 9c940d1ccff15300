// The heat of one node, frame by frame.
#pragma once

#include "node/shape.h"
#include "plan/description.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace amp::test::reference {

class Heat {
public:
    Heat(const plan::Description& plan, std::uint32_t node);

    // What a heat tap shows in the present tick.
    float shown() const { return static_cast<float>(total_); }

    // The factor of what the inputs hear at a frame; nothing is multiplied where it is 1 all the tick.
    bool reduces() const { return from_ != 1 || to_ != 1; }
    float gain(std::int64_t frame) const;

    // A lane's note is held, or not.
    void hold(int lane, bool is_held) { held_[static_cast<std::size_t>(lane)] = is_held; }

    // The lanes of an input that edges feed, at a frame; then the frame is over.
    void hear(std::size_t input, const std::vector<float>& lanes, std::int64_t frame);
    void end_frame(std::int64_t frame);

private:
    struct Input {
        Shape shape;
        std::vector<float> squares; // of each lane, in the present tick
        bool is_fed = false;
    };
    double mean_square(Input& input) const;
    void end_tick();

    const plan::Thermal& budget_;
    const plan::NodeThermal& coefficients_;
    const plan::Node& planned_;
    const double tick_seconds_;
    const bool reduces_;
    std::vector<bool> held_; // of each batch lane
    std::vector<Input> inputs_;
    std::vector<double> heats_; // of each group, at the place of its first input
    double total_ = 0;
    double from_ = 1, to_ = 1;
};

} // namespace amp::test::reference

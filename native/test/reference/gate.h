// Synchrony gates by their rules: what commands make of a gate, and what an edge of it gives its reader.
#pragma once

#include "plan/description.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace amp::test::reference {

// The frames of a declick fade.
std::int64_t fade_frames(double sample_rate);

class Gate {
public:
    // It changes on multiples of `period` alone.
    Gate(const plan::Gate& gate, const plan::Stream& stream, std::int64_t period = 1);

    // A command of this frame: 0 closes, 1 opens, 2 toggles.
    void command(std::int64_t frame, int value);

    // What the signal `index` is at the tick `frame`. It commands where its judgement is another than before.
    void judge(std::int64_t frame, std::size_t index, float value);

    // After all commands of the frame: whether the gate changes at it, and to open (true) or closed.
    std::optional<bool> change_at(std::int64_t frame) const;

private:
    std::int64_t grid_frame(std::int64_t frame) const;

    double grid_ = 0; // frames; 0: none
    const std::int64_t period_;
    bool asked_; // what the newest command asked for
    std::vector<bool> judged_;
    std::int64_t change_frame_ = -1; // of the newest command
};

// One edge of a gate.
class GateMember {
public:
    // `most_lag`: the largest lag before the oldest frames are dropped, or what feeds the edge stands. `holds`: while
    // closed the reader hears the last frame, for its tap says so.
    GateMember(const plan::Gate& gate, std::int64_t fade, std::int64_t most_lag, bool holds);

    // Goes to the next frame; `wait` follows. `heard` is what the reader heard at the one before; `drains`: time runs
    // on even in a hold.
    void step(std::optional<bool> change, const std::vector<float>& heard, bool drains);

    // Whether the frame is not read and has to wait, and whether there is no room for it.
    bool waits() const { return waits_; }
    bool is_full() const { return lag_ == most_lag_; }
    bool reads() const { return position_ > 0; }

    // A new frame has come, or none (`stands`): if it waits, the lag grows.
    void wait(bool stands);

    std::int64_t lag() const { return lag_; }
    void forget_lag() { lag_ = 0; }

    // What is heard of the frame `read`; `absent` while there is nothing.
    std::vector<float> hear(const std::vector<float>& read, float absent) const;

private:
    const plan::Gate& gate_;
    const std::int64_t fade_, most_lag_;
    const bool holds_;
    bool open_, waits_ = false;
    std::int64_t position_; // 0: closed, fade_: open
    std::int64_t lag_ = 0;
    std::vector<float> held_;
};

} // namespace amp::test::reference

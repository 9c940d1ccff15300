#include "reference/gate.h"

#include "plan/units.h"

#include <algorithm>
#include <cmath>

namespace amp::test::reference {

std::int64_t fade_frames(double sample_rate) { return static_cast<std::int64_t>(0.002 * sample_rate + 0.5); }

Gate::Gate(const plan::Gate& gate, const plan::Stream& stream, std::int64_t period)
    : period_(period), asked_(gate.open), judged_(gate.signals.size(), gate.open) {
    const bool at_once = gate.quantize.unit == plan::ValueUnit::plain && gate.quantize.number == 0;
    grid_ = at_once ? 0 : *plan::canonical(gate.quantize, Unit::seconds, stream) * stream.sample_rate;
}

std::int64_t Gate::grid_frame(std::int64_t frame) const {
    if (grid_ == 0) {
        return frame;
    }
    const auto place = [&](double k) { return static_cast<std::int64_t>(std::floor(k * grid_ + 0.5)); };
    double k = std::max(0.0, std::floor(static_cast<double>(frame) / grid_) - 1);
    while (place(k) < frame) {
        k += 1;
    }
    return place(k);
}

void Gate::command(std::int64_t frame, int value) {
    asked_ = value == 2 ? !asked_ : value == 1;
    change_frame_ = (grid_frame(frame) + period_ - 1) / period_ * period_;
}

void Gate::judge(std::int64_t frame, std::size_t index, float value) {
    const bool on = value > 0.5F;
    if (on != judged_[index]) {
        judged_[index] = on;
        command(frame, on ? 1 : 0);
    }
}

std::optional<bool> Gate::change_at(std::int64_t frame) const {
    return change_frame_ == frame ? std::optional(asked_) : std::nullopt;
}

GateMember::GateMember(const plan::Gate& gate, std::int64_t fade, std::int64_t most_lag, bool holds)
    : gate_(gate),
      fade_(fade),
      most_lag_(most_lag),
      holds_(holds || gate.while_closed == plan::WhileClosed::sample),
      open_(gate.open),
      position_(gate.open ? fade : 0) {}

void GateMember::step(std::optional<bool> change, const std::vector<float>& heard, bool drains) {
    if (change) {
        open_ = *change;
        if (open_ && position_ == 0 && gate_.release == plan::GateRelease::skip) {
            lag_ = 0;
        }
        if (!open_ && holds_) {
            held_ = heard;
            position_ = 0;
        }
    }
    if (open_ && position_ < fade_) {
        ++position_;
    } else if (!open_ && position_ > 0) {
        --position_;
    }
    waits_ = gate_.while_closed == plan::WhileClosed::hold && position_ == 0 && !drains;
}

void GateMember::wait(bool stands) {
    if (waits_ && !stands) {
        lag_ = std::min(lag_ + 1, most_lag_);
    }
}

std::vector<float> GateMember::hear(const std::vector<float>& read, float absent) const {
    if (position_ == fade_) {
        return read;
    }
    const float weight = static_cast<float>(position_) / static_cast<float>(fade_);
    std::vector<float> heard(read.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
        const float instead = holds_ && !held_.empty() ? held_[i] : absent;
        heard[i] = position_ == 0 ? instead : read[i] * weight + instead * (1 - weight);
    }
    return heard;
}

} // namespace amp::test::reference

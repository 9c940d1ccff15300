#include "engine/edge_gate.h"

#include "engine/region.h"
#include "node/node.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

EdgeGate::EdgeGate(const EdgeGateSettings& settings, Sample absent, int lanes)
    : lanes_(lanes),
      declick_(settings.declick),
      period_(settings.period),
      most_back_(settings.most_back),
      holds_frames_(settings.holds_frames),
      skips_held_(settings.skips_held),
      keeps_last_(settings.keeps_last),
      absent_(absent),
      grid_(settings.grid),
      signals_(settings.signals),
      region_(settings.region),
      asked_(settings.is_open),
      target_(settings.is_open),
      position_(settings.is_open ? settings.declick : 0),
      drain_position_(settings.declick),
      held_(settings.keeps_last ? static_cast<std::size_t>(lanes) : 0, absent),
      heard_(held_),
      shown_state_(settings.is_open ? GateState::open : GateState::closed) {
    for (GateSignal& signal : signals_) {
        signal.is_on = settings.is_open;
    }
}

void EdgeGate::ask(std::int64_t frame, bool open) {
    asked_ = open;
    change_at_ = next_token(grid_.next(frame));
    change_opens_ = open;
}

// The lag is what may be, and what is more is dropped.
void EdgeGate::keep_up(Reader& reader) {
    const std::int64_t most = std::max<std::int64_t>(0, most_back_ - reader.delay) / period_ * period_;
    drops_ += static_cast<std::uint64_t>(std::max<std::int64_t>(0, reader.lag - most));
    reader.lag = std::min(reader.lag, most);
}

void EdgeGate::begin(std::int64_t frame, Reader& reader) {
    if (const std::int64_t limit = limit_.load(std::memory_order_relaxed); limit < most_back_) {
        most_back_ = limit;
        keep_up(reader);
    }
    if (frame % kTickFrames == 0) {
        for (GateSignal& signal : signals_) {
            const bool is_on = *signal.wheel->at(frame + signal.late) > 0.5F;
            if (is_on != signal.is_on) {
                signal.is_on = is_on;
                ask(frame, is_on);
            }
        }
    }
    if (frame % period_ == 0) {
        drains_ = drain_asked_;
    }
    if (change_at_ <= frame) {
        change_at_ = kNone;
        change(change_opens_, reader);
    }
    if (region_ != nullptr) {
        const std::int64_t stream_frame = frame + reader.late;
        const RegionBlock::At at = region_->block_of(stream_frame).at(stream_frame);
        reader.stood = stream_frame - at.own;
        stands_ = !at.runs;
        stands_until_ = at.until - reader.late;
    }
}

void EdgeGate::change(bool open, Reader& reader) {
    if (open && !target_ && position_ == 0 && skips_held_) {
        reader.lag = 0;
    }
    if (open) {
        // Closed since the plan began, in the middle of a token: that one is lost.
        reader.lag -= reader.lag % period_;
    }
    if (!open && target_ && keeps_last_) {
        held_ = heard_;
        takes_held_ = true;
        position_ = 0;
    }
    target_ = open;
}

// Frames from the next one on whose position lies between the ends.
std::int64_t EdgeGate::frames_of_fade(std::int64_t position, bool up) const {
    return std::max<std::int64_t>(0, up ? declick_ - 1 - position : position - 1);
}

std::int64_t EdgeGate::next(std::int64_t frame, std::int64_t end) const {
    if (!signals_.empty()) {
        end = std::min(end, (frame / kTickFrames + 1) * kTickFrames);
    }
    if (change_at_ > frame) {
        end = std::min(end, change_at_);
    }
    if (drains_ != drain_asked_) {
        end = std::min(end, next_token(frame + 1));
    }
    end = std::min(end, stands_until_);
    for (const auto& [position, up] : {std::pair{position_, target_}, std::pair{drain_position_, !drains_}}) {
        // The frame that reaches the end of the way is no longer a part of the fade.
        if (const std::int64_t fade = frames_of_fade(position, up); fade > 0) {
            end = std::min(end, frame + fade);
        }
    }
    return end;
}

Leaf EdgeGate::shape(const Leaf& read, int frames, Scratch& scratch) {
    const auto lanes = static_cast<std::size_t>(read.frame_stride);
    // The first frame's step has been taken when it is heard.
    const std::int64_t first = moved(position_, target_, declick_, 1);
    const std::int64_t first_drain = moved(drain_position_, !drains_, declick_, 1);
    if (first == declick_ && first_drain == declick_) {
        if (keeps_last_) {
            std::copy_n(read.data + (frames - 1) * read.frame_stride, lanes, heard_.begin());
        }
        return read;
    }
    Sample* const out = scratch.take(static_cast<std::size_t>(frames) * lanes);
    for (int f = 0; f < frames; ++f) {
        Sample* const to = out + static_cast<std::size_t>(f) * lanes;
        const std::int64_t position = moved(position_, target_, declick_, f + 1);
        const Sample w = weight(position), rest = 1 - w;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const Sample other = keeps_last_ ? held_[lane] : absent_;
            if (position == 0) {
                to[lane] = other;
            } else {
                const Sample x = read.data[static_cast<std::size_t>(f) * lanes + lane];
                to[lane] = position == declick_ ? x : x * w + other * rest;
            }
        }
    }
    if (keeps_last_) {
        std::copy_n(out + static_cast<std::size_t>(frames - 1) * lanes, lanes, heard_.begin());
    }
    if (first_drain < declick_) {
        for (int f = 0; f < frames; ++f) {
            const std::int64_t position = moved(drain_position_, !drains_, declick_, f + 1);
            const Sample w = weight(position), rest = 1 - w;
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                Sample& value = out[static_cast<std::size_t>(f) * lanes + lane];
                if (position < declick_) {
                    value = position == 0 ? absent_ : value * w + absent_ * rest;
                }
            }
        }
    }
    return {out, read.frame_stride, read.gain};
}

bool EdgeGate::weigh(int lanes, std::span<Sample> weights, std::span<Sample> held, std::span<Sample> undrained) const {
    for (std::size_t f = 0; f < held.size(); ++f) {
        const auto steps = static_cast<std::int64_t>(f) + 1;
        const Sample open = weight(moved(position_, target_, declick_, steps));
        for (Sample& each : weights.subspan(f * static_cast<std::size_t>(lanes), static_cast<std::size_t>(lanes))) {
            each *= open;
        }
        held[f] = keeps_last_ ? 1 - open : 0;
        undrained[f] = weight(moved(drain_position_, !drains_, declick_, steps));
    }
    return takes_held_;
}

void EdgeGate::advance(std::int64_t frames, Reader& reader) {
    takes_held_ = false;
    position_ = moved(position_, target_, declick_, frames);
    drain_position_ = moved(drain_position_, !drains_, declick_, frames);
    if (position_ == 0 && !target_ && holds_frames_ && !drains_) {
        reader.lag += stands_ ? 0 : frames;
        keep_up(reader);
    }
    if (drains_ && drain_position_ == 0) {
        reader.lag = 0;
    }
    if (region_ != nullptr && stands_) {
        reader.stood += frames;
    }
}

void EdgeGate::show(std::int64_t frame, const Reader& reader) {
    const GateState state = position_ == 0 && !target_         ? GateState::closed
                            : position_ == declick_ && target_ ? GateState::open
                            : target_                          ? GateState::opening
                                                               : GateState::closing;
    shown_state_.store(state, std::memory_order_relaxed);
    shown_lag_.store(reader.lag, std::memory_order_relaxed);
    shown_change_.store(change_at_ == kNone ? -1 : change_at_, std::memory_order_relaxed);
    shown_opens_.store(change_opens_, std::memory_order_relaxed);
    shown_drops_.store(drops_, std::memory_order_relaxed);
    shown_cursor_.store(frame - reader.back(), std::memory_order_release);
}

void EdgeGate::take_over(const EdgeGate& from, const Reader& from_reader, Reader& reader) {
    asked_ = from.asked_;
    target_ = from.target_;
    position_ = std::min(from.position_, declick_);
    change_at_ = from.change_at_;
    change_opens_ = from.change_opens_;
    drains_ = from.drains_;
    drain_asked_ = from.drain_asked_;
    drain_position_ = std::min(from.drain_position_, declick_);
    drops_ = from.drops_;
    for (std::size_t i = 0; i < std::min(signals_.size(), from.signals_.size()); ++i) {
        signals_[i].is_on = from.signals_[i].is_on;
    }
    if (held_.size() == from.held_.size()) {
        std::ranges::copy(from.held_, held_.begin());
        std::ranges::copy(from.heard_, heard_.begin());
    }
    reader.lag = std::clamp<std::int64_t>(most_back_ - reader.delay, 0, from_reader.lag);
}

} // namespace amp::engine::inline AMP_PRECISION

#include "reference/edge.h"

#include "node/node.h"
#include "plan/spectral.h"
#include "plan/units.h"

#include <algorithm>

namespace amp::test::reference {

namespace {

bool sums_voices(const plan::Node& node) {
    const ShapeRule rule = find_node_type(node.type)->declaration->shape;
    return rule == ShapeRule::sum || rule == ShapeRule::output;
}

float gain_of(const plan::Description& plan, const plan::Edge& edge) {
    Unit unit = Unit::ratio;
    if (edge.target == plan::EdgeTarget::parameter) {
        const bool is_plain = edge.mode == plan::EdgeMode::scale || edge.scale == plan::EdgeScale::octaves;
        const Declaration& target = *find_node_type(plan.nodes[edge.to_node].type)->declaration;
        unit = is_plain ? Unit::none : target.parameters[edge.to_index].unit;
    }
    return static_cast<float>(*plan::canonical(edge.gain, unit, plan.stream));
}

} // namespace

Edge::Edge(const plan::Description& plan, std::uint32_t index, const Tap& from, const VoiceGroup* group, Faults faults)
    : planned_(plan.edges[index]),
      from_(from),
      group_(group),
      faults_(faults),
      gain_(gain_of(plan, planned_)),
      period_(static_cast<std::int64_t>(plan.nodes[planned_.from_node].outputs[planned_.from_output].period)),
      fade_(period_ > 1 ? 1 : fade_frames(plan.stream.sample_rate)),
      drain_position_(fade_) {
    const plan::Node& source = plan.nodes[planned_.from_node];
    const plan::Node& target = plan.nodes[planned_.to_node];
    shape_ = target.shape;
    if (sums_voices(target)) {
        shape_.batch = from.shape.batch;
    }
    if (const auto form = plan::form_of_output(source, planned_.from_output)) {
        // Value after value in all channels; where the source has one channel, it spreads to all of each value.
        shape_ = spectral_shape(shape_, *form);
        values_ = form->overlap;
    }
    leaves_ = source.voice_group != target.voice_group;
    enters_ = source.component != target.component ? target.component : plan::kNone;
    auto most_frames = source.outputs[planned_.from_output].max_frames;
    bool holds = false;
    if (planned_.target == plan::EdgeTarget::input) {
        const plan::InputTap& input = target.inputs[planned_.to_index];
        absent_ = static_cast<float>(input.default_value);
        most_frames = std::min(most_frames, input.max_frames);
        holds = input.absent == plan::AbsentPolicy::hold;
    }
    if (planned_.gate != plan::kNone) {
        const std::uint64_t delay = planned_.total_delay();
        const auto most_lag = static_cast<std::int64_t>(most_frames - std::min(most_frames, delay));
        member_.emplace(plan.gates[planned_.gate], fade_, most_lag / period_ * period_, holds);
        gate_.emplace(plan.gates[planned_.gate], plan.stream, period_);
    }
    if (const plan::Slew& slew = planned_.slew; slew.any()) {
        slew_ = {slew.has_rate ? slew.rate : 0, slew.has_acceleration ? slew.acceleration : 0,
                 slew.has_area ? slew.area : 0, plan.stream.sample_rate};
        followers_.resize(static_cast<std::size_t>(shape_.lanes()));
    }
    source_latency_ = static_cast<std::int64_t>(source.latency);
    back_ = static_cast<std::int64_t>(planned_.total_delay() + source.aligned_latency + source.latency) -
            static_cast<std::int64_t>(target.aligned_latency);
}

void Edge::set_gain(const control::Event& event, double sample_rate) {
    gain_.start(event.value, {event.rate, event.acceleration, event.area}, sample_rate);
}

void Edge::forget(int lane) {
    if (!followers_.empty()) {
        followers_[static_cast<std::size_t>(lane)] = {};
    }
}

// The frame as it comes from the wheel: delayed, spread, with the tap's default for what came before the stream or the
// voice's note, and without what a leaving voice has lost.
std::vector<float> Edge::read(std::int64_t frame) const {
    const bool is_delayed = planned_.total_delay() > 0;
    const std::int64_t at =
        frame - stood_ - back_ - (member_ ? member_->lag() : 0) - (is_delayed ? faults_.extra_delay : 0);
    std::vector<float> lanes(static_cast<std::size_t>(shape_.lanes()), 0.0F);
    for (int channel = 0; channel < shape_.channels; ++channel) {
        for (int batch = 0; batch < shape_.batch; ++batch) {
            float& lane = lanes[static_cast<std::size_t>(shape_.lane(batch, channel))];
            const bool is_forgotten = group_ != nullptr && !leaves_ && at < group_->onset(batch, frame);
            lane = at < 0 || is_forgotten ? absent_ : from_.at(at + source_latency_, batch, source_channel(channel));
            if (group_ != nullptr && leaves_) {
                const auto weight = group_->weight(batch, frame);
                lane = weight ? (*weight == 1 ? lane : lane * *weight) : 0;
            }
        }
    }
    return lanes;
}

int Edge::source_channel(int channel) const {
    const int own = shape_.channels / values_, given = from_.shape.channels / values_;
    return channel / own * given + (given == 1 ? 0 : channel % own);
}

void Edge::step_drain() {
    if (!drains_ && drain_position_ < fade_) {
        ++drain_position_;
    } else if (drains_ && drain_position_ > 0 && --drain_position_ == 0 && member_) {
        member_->forget_lag();
    }
}

void Edge::begin(std::int64_t frame) {
    if (frame % period_ == 0) {
        drains_ = drain_asked_;
    }
}

const GateMember& Edge::step_ahead(std::int64_t frame) {
    begin(frame);
    member_->step(gate_->change_at(frame), heard_, drains_);
    stepped_ = frame;
    return *member_;
}

void Edge::settle(bool stands, std::int64_t stood) {
    member_->wait(stands);
    stood_ = stood;
}

std::vector<float> Edge::hear(std::int64_t frame) {
    begin(frame);
    if (member_) {
        if (!is_ahead(frame)) {
            member_->step(gate_->change_at(frame), heard_, drains_);
            member_->wait(false);
        }
        heard_ = member_->hear(read(frame), absent_);
    } else {
        heard_ = read(frame);
    }
    step_drain();
    const float weight = static_cast<float>(drain_position_) / static_cast<float>(fade_);
    const float gain = gain_.next();
    std::vector<float> lanes = heard_;
    for (float& lane : lanes) {
        if (drain_position_ < fade_) {
            lane = drain_position_ == 0 ? absent_ : lane * weight + absent_ * (1 - weight);
        }
        lane *= gain;
    }
    for (std::size_t lane = 0; lane < followers_.size(); ++lane) {
        lanes[lane] = followers_[lane].next<true, true>(lanes[lane], slew_).value;
    }
    return lanes;
}

} // namespace amp::test::reference

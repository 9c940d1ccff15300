#include "engine/cohort.h"

#include "base/precision.h"

#include <algorithm>
#include <array>
#include <atomic>

namespace amp::engine::inline AMP_PRECISION {

using control::SealedBlock;

namespace {

// True if what the reader gives lies in the ring as it is, as long as its gain is 1 and no gate acts.
bool is_bare(const Reader& reader) {
    return reader.effect == Effect::add && reader.absent == 0 && reader.lane_of.empty() &&
           reader.voice_edge == VoiceEdge::none && !reader.wheel->sounds_early;
}

Block<Sample> block_at(const Wheel& wheel, RingPlace& place, std::int64_t frame) {
    return {wheel.data + place.of(wheel, frame) * wheel.stride, wheel.stride};
}

bool passes_all(const Reader& reader) { return reader.gain == 1 && reader.gate == nullptr; }

} // namespace

Cohort::Cohort(std::vector<GraphNode*> members, const plan::CohortLayout& layout, const CohortMemory& memory)
    : members_(std::move(members)),
      first_lanes_(layout.first_lanes),
      is_chain_(layout.is_chain),
      memory_(memory),
      lanes_(layout.lanes),
      watches_(!members_.front()->type->always_finite),
      kept_state_(static_cast<std::size_t>(members_.front()->state_rows * lanes_)),
      kept_squares_(members_.front()->inputs.size() * static_cast<std::size_t>(lanes_)),
      kept_heat_(is_chain_ && watches_ ? members_.size() : 0, 0),
      is_restless_(members_.size(), 0) {
    for (GraphNode* const member : members_) {
        member->progress = members_.front()->progress;
        indices_.push_back(member->index);
    }
    std::ranges::sort(indices_);
    for (std::size_t i = 0; i < members_.front()->inputs.size(); ++i) {
        inputs_.push_back(is_chain_ ? Source::linked : source_of(&GraphNode::inputs, i));
    }
    for (std::size_t i = 0; i < members_.front()->parameters.size(); ++i) {
        parameters_.push_back(source_of(&GraphNode::parameters, i));
    }
    present_inputs_ = inputs_;
    if (std::ranges::all_of(members_, [](const GraphNode* member) { return member->thermal.is_plain(); })) {
        for (const GraphNode* const member : members_) {
            decays_.push_back(member->thermal.decay());
            rises_.push_back(member->thermal.rise());
        }
    }
    places_.resize(members_.front()->outputs.size());
}

Cohort::Source Cohort::source_of(std::vector<Feed> GraphNode::* feeds, std::size_t index) const {
    const auto feed_of = [&](std::size_t member) -> const Feed& { return (members_[member]->*feeds)[index]; };
    const auto all = [&](auto&& holds) {
        for (std::size_t m = 0; m < members_.size(); ++m) {
            if (!holds(m)) {
                return false;
            }
        }
        return true;
    };
    if (all([&](std::size_t m) { return !feed_of(m).connected(); })) {
        return Source::row;
    }
    const bool are_inputs = feeds == &GraphNode::inputs;
    const auto is_beside = [&](std::size_t m) {
        if (feed_of(m).readers.size() != 1 || !feed_of(0).connected()) {
            return false;
        }
        const Reader& reader = feed_of(m).readers.front();
        const Reader& first = feed_of(0).readers.front();
        return is_bare(reader) && (reader.gain == 1 || reader.gate != nullptr) && reader.delay == first.delay &&
               reader.late == first.late && reader.wheel->stride == first.wheel->stride &&
               reader.wheel->capacity == first.wheel->capacity &&
               first.wheel->first_lane + lanes_ <= first.wheel->stride &&
               reader.wheel->data == first.wheel->data + lane_of(m);
    };
    return are_inputs && all(is_beside) ? Source::beside : Source::apart;
}

// Finds the members that run by themselves in this window, and how the others are read.
void Cohort::look_again(control::PlanSeals& seals, const Stretch& stretch) {
    const int length = seals.block_frames();
    const auto is_set = [&](const GraphNode& member) {
        const auto concerns = [&](std::span<const control::Event> events) {
            return std::ranges::any_of(events, [&](const control::Event& event) { return event.node == member.index; });
        };
        for (std::int64_t at = stretch.begin; at < stretch.end; at = (at / length + 1) * length) {
            const SealedBlock& sealed = seals.sealed(at / length);
            const bool drains = std::ranges::any_of(
                sealed.gates, [](const control::Event& event) { return event.kind == control::EventKind::drain_node; });
            if (drains || concerns(sealed.parameters)) {
                return true;
            }
        }
        return member.late > 0 && concerns(seals.sealed(stretch.stream_block).parameters);
    };
    restless_ = 0;
    for (std::size_t m = 0; m < members_.size(); ++m) {
        is_restless_[m] = is_restless(*members_[m], stretch.begin) || is_set(*members_[m]) ? 1 : 0;
        restless_ += is_restless_[m];
    }
    const auto passes = [&](std::size_t member, std::size_t input) {
        return is_restless_[member] != 0 || passes_all(members_[member]->inputs[input].readers.front());
    };
    if (is_chain_) {
        for (std::size_t m = 1; m < members_.size(); ++m) {
            restless_ += passes(m, 0) ? 0 : 1;
        }
        return;
    }
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
        if (inputs_[i] == Source::beside) {
            bool all = true;
            for (std::size_t m = 0; m < members_.size(); ++m) {
                all = all && passes(m, i);
            }
            present_inputs_[i] = all ? Source::beside : Source::apart;
        }
    }
}

void Cohort::run(control::PlanSeals& seals, std::int64_t block, std::int64_t frame, int frames,
                 std::span<Sample> scratch) {
    const std::int64_t late = members_.front()->late;
    const std::int64_t end = frame + frames - late, begin = std::max<std::int64_t>(0, frame - late);
    const Stretch stretch{block, begin, end};
    holds_ = false; // a member that holds a lane runs by itself
    const auto is_member = [&](std::uint32_t node) { return std::ranges::binary_search(indices_, node); };
    if (!is_settled_ || may_be_touched(seals, stretch, late, is_member)) {
        look_again(seals, stretch);
        is_settled_ = false;
    }
    // A chain is one only as a whole.
    const bool is_fused = is_chain_ ? restless_ == 0 : restless_ < members_.size();
    if (is_fused) {
        if (restless_ > 0 || (is_chain_ && watches_)) {
            for (int row = 0; row < members_.front()->state_rows; ++row) {
                std::copy_n(state_row(row), lanes_, kept_state_.begin() + row * lanes_);
            }
            for (std::size_t i = 0; i < inputs_.size(); ++i) {
                std::copy_n(squares_row(i), lanes_, kept_squares_.begin() + static_cast<int>(i) * lanes_);
            }
            std::copy_n(heat_row(), kept_heat_.size(), kept_heat_.begin());
        }
        for (std::int64_t at = begin; at < end;) {
            const std::int64_t material = at / seals.block_frames();
            const std::int64_t until = std::min(end, (material + 1) * seals.block_frames());
            run_block(seals.sealed(material), at, until, scratch);
            at = until;
        }
    }
    // What went bad in a chain went bad in one of its links: then they run one after the other.
    const bool is_undone = is_chain_ && holds_;
    for (std::size_t m = 0; (!is_fused || restless_ > 0 || is_undone) && m < members_.size(); ++m) {
        GraphNode& member = *members_[m];
        if (is_fused && is_restless_[m] == 0 && !is_undone) {
            continue;
        }
        if (is_fused) {
            // Its lanes were computed with the others, to no purpose.
            for (int row = 0; row < member.state_rows; ++row) {
                std::copy_n(kept_state_.begin() + row * lanes_ + lane_of(m), member.lanes, state_row(row) + lane_of(m));
            }
            for (std::size_t i = 0; i < inputs_.size(); ++i) {
                std::copy_n(kept_squares_.begin() + static_cast<int>(i) * lanes_ + lane_of(m), member.lanes,
                            squares_row(i) + lane_of(m));
            }
            if (is_undone) {
                std::atomic_ref(heat_row()[m]).store(kept_heat_[m], std::memory_order_relaxed);
            }
        }
        fire_in_cohort(member, seals, block, frame, frames, scratch);
    }
    Progress& progress = *members_.front()->progress;
    progress.stamp(frame, frames);
    progress.finished.store(frame + frames, std::memory_order_release);
    // Once nothing acts any more, only an event can change that.
    is_settled_ = restless_ == 0 && !holds_;
}

void Cohort::run_block(const SealedBlock& sealed, std::int64_t frame, std::int64_t end, std::span<Sample> scratch) {
    const bool on_ticks = members_.front()->type->recursive;
    for (std::int64_t at = frame; at < end;) {
        std::int64_t cut = straight_until(at, end);
        if (on_ticks) {
            cut = std::min(cut, (at / kTickFrames + 1) * kTickFrames);
        }
        if (is_chain_) {
            run_chain_span(sealed, at, static_cast<int>(cut - at), scratch);
        } else {
            run_span(sealed, at, static_cast<int>(cut - at), scratch);
        }
        at = cut;
    }
}

std::int64_t Cohort::straight_until(std::int64_t frame, std::int64_t end) {
    const auto within_output = [&](const GraphNode& member) {
        for (std::size_t i = 0; i < member.outputs.size(); ++i) {
            if (const Wheel* const wheel = member.outputs[i]) {
                end = std::min(end, frame + wheel->capacity - places_[i].of(*wheel, frame + member.late));
            }
        }
    };
    const auto within_readers = [&](Feed& feed) {
        for (Reader& reader : feed.readers) {
            end = std::min(end, frame + reader.straight(frame));
        }
    };
    if (is_chain_) {
        within_output(*members_.back());
        for (Feed& feed : members_.front()->inputs) {
            within_readers(feed);
        }
        return end;
    }
    within_output(*members_.front());
    const auto within = [&](std::vector<Feed> GraphNode::* feeds, std::span<const Source> sources) {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            for (std::size_t m = 0; m < members_.size(); ++m) {
                if (is_restless_[m] != 0) {
                    continue;
                }
                within_readers((members_[m]->*feeds)[i]);
                if (sources[i] != Source::apart) {
                    break;
                }
            }
        }
    };
    within(&GraphNode::inputs, present_inputs_);
    within(&GraphNode::parameters, parameters_);
    return end;
}

Firing<Sample> Cohort::firing_of(std::int64_t frame, int frames) const {
    const GraphNode& first = *members_.front();
    Firing<Sample> firing;
    firing.frame = frame;
    firing.frames = frames;
    firing.lanes = lanes_;
    firing.shape = {lanes_, 1};
    firing.sample_rate = first.sample_rate;
    firing.options = first.options;
    firing.state_data = reinterpret_cast<std::byte*>(state_row(0));
    firing.state_stride = memory_.lanes;
    firing.channel_stride = memory_.lanes;
    return firing;
}

// What each member reads by itself, put side by side.
template <class Read>
Block<const Sample> Cohort::gather(std::vector<Feed> GraphNode::* feeds, std::size_t index, int frames,
                                   Scratch& scratch, Read&& read) {
    Sample* const out = scratch.take(static_cast<std::size_t>(frames * lanes_));
    const std::size_t used = scratch.used;
    for (std::size_t m = 0; m < members_.size(); ++m) {
        Sample* const to = out + lane_of(m);
        if (is_restless_[m] != 0) {
            for (int f = 0; f < frames; ++f) {
                std::fill_n(to + f * lanes_, members_[m]->lanes, 0.0F);
            }
            continue;
        }
        scratch.used = used;
        const Block<const Sample> block = read((members_[m]->*feeds)[index], scratch);
        if (members_[m]->lanes == 1) {
            for (int f = 0; f < frames; ++f) {
                to[f * lanes_] = *block.frame(f);
            }
            continue;
        }
        for (int f = 0; f < frames; ++f) {
            std::copy_n(block.frame(f), members_[m]->lanes, to + f * lanes_);
        }
    }
    scratch.used = used;
    return {out, lanes_};
}

// True if what the kernel has made is finite, as far as anybody reads it.
bool Cohort::is_finite(const Firing<Sample>& firing) const {
    for (std::size_t i = 0; i < firing.outputs.size(); ++i) {
        const Wheel* const wheel = members_.front()->outputs[i];
        if (wheel != nullptr &&
            !all_finite(firing.outputs[i], firing.frames, lanes_, wheel->shape.channels, wheel->channel_stride)) {
            return false;
        }
    }
    return true;
}

// Members whose lanes are bad hold them; those that run by themselves see to it then.
void Cohort::hold(std::int64_t frame, int frames) {
    holds_ = false;
    for (std::size_t m = 0; m < members_.size(); ++m) {
        if (is_restless_[m] == 0) {
            members_[m]->guard.hold(*members_[m], frame, frames);
            holds_ = holds_ || members_[m]->watch.held;
        }
    }
}

void Cohort::run_span(const SealedBlock& sealed, std::int64_t frame, int frames, std::span<Sample> memory) {
    Scratch scratch{memory};
    std::array<Block<const Sample>, kMostTaps> inputs, parameters;
    std::array<Block<Sample>, kMostTaps> outputs;
    const GraphNode& first = *members_.front();
    const auto row = [&](std::span<const Sample> rows, std::size_t index) {
        return Block<const Sample>{rows.data() + static_cast<int>(index) * memory_.lanes + first_lanes_.front(), 0};
    };
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
        if (present_inputs_[i] == Source::row) {
            inputs[i] = row(memory_.defaults, i);
        } else if (present_inputs_[i] == Source::beside) {
            const auto calm = static_cast<std::size_t>(std::ranges::find(is_restless_, 0) - is_restless_.begin());
            Reader& reader = members_[calm]->inputs[i].readers.front();
            inputs[i] = {reader.at(frame) - lane_of(calm), reader.wheel->stride};
        } else {
            inputs[i] = gather(&GraphNode::inputs, i, frames, scratch,
                               [&](Feed& feed, Scratch& own) { return read_input(feed, sealed, frame, frames, own); });
        }
    }
    hear({inputs.data(), inputs_.size()}, frame, frames);
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        parameters[i] = parameters_[i] == Source::row
                            ? row(memory_.bases, i)
                            : gather(&GraphNode::parameters, i, frames, scratch, [&](Feed& feed, Scratch& own) {
                                  return read_parameter(feed, sealed, frame, frames, own);
                              });
    }
    for (std::size_t i = 0; i < first.outputs.size(); ++i) {
        // What nobody reads goes to one frame that is written over and over.
        outputs[i] = first.outputs[i] != nullptr
                         ? block_at(*first.outputs[i], places_[i], frame + first.late)
                         : Block<Sample>{scratch.take(static_cast<std::size_t>(2 * memory_.lanes)), 0};
    }
    Firing<Sample> firing = firing_of(frame, frames);
    firing.inputs = {inputs.data(), inputs_.size()};
    firing.outputs = {outputs.data(), first.outputs.size()};
    firing.parameters = {parameters.data(), parameters_.size()};
    first.type->kernels<Sample>().forward(firing);
    if (watches_ && (holds_ || !is_finite(firing))) {
        hold(frame, frames);
    }
    if (members_.front()->watch.latency && is_restless_.front() == 0) {
        probe_latency(*members_.front(), frame, frames, firing.inputs, firing.outputs);
    }
}

void Cohort::run_chain_span(const SealedBlock& sealed, std::int64_t frame, int frames, std::span<Sample> memory) {
    Scratch scratch{memory};
    std::array<Block<const Sample>, kMostTaps> parameters;
    const std::array inputs{read_input(members_.front()->inputs[0], sealed, frame, frames, scratch)};
    const GraphNode& last = *members_.back();
    const Wheel* const wheel = last.outputs[0];
    const std::array outputs{wheel != nullptr ? block_at(*wheel, places_[0], frame + last.late)
                                              : Block<Sample>{scratch.take(static_cast<std::size_t>(frames)), 1}};
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        parameters[i] = {memory_.bases.data() + i * static_cast<std::size_t>(memory_.lanes), 0};
    }
    Firing<Sample> firing = firing_of(frame, frames);
    firing.shape = {static_cast<int>(members_.size()), 1};
    firing.inputs = inputs;
    firing.outputs = outputs;
    firing.parameters = {parameters.data(), parameters_.size()};
    // A chain's nodes are recursive, so that the span lies in one tick.
    const TickPart part{frame / kTickFrames, frame, frame + frames};
    const HeardFrames heard(part, frame);
    firing.squares = squares_row(0);
    firing.heard_frames = {heard.begin(), heard.end()};
    last.type->kernels<Sample>().forward_chain(firing);
    holds_ = holds_ || (watches_ && !all_finite(outputs[0], frames, 1, 1, 0));
    pass(part);
}

void Cohort::hear(std::span<const Block<const Sample>> inputs, std::int64_t frame, int frames) {
    for_each_tick(frame, frames, [&](const TickPart& part) {
        const HeardFrames heard(part, frame);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (inputs_[i] != Source::row) {
                add_squares({}, inputs[i], heard, lanes_, squares_row(i));
            }
        }
        pass(part);
    });
}

void Cohort::pass(const TickPart& part) {
    if (!decays_.empty()) {
        if (part.ends_tick()) {
            step_heats();
        }
        return;
    }
    for (std::size_t m = 0; m < members_.size(); ++m) {
        if (is_restless_[m] == 0) {
            members_[m]->thermal.pass(part);
        }
    }
}

// Of members of one lane, which lie side by side.
void Cohort::step_heats() {
    Sample* const squares = squares_row(0);
    double* const heat = heat_row();
    double* const power = memory_.power.data() + first_lanes_.front();
    std::size_t first = 0;
    for (constexpr std::size_t kSide = 8; restless_ == 0 && first + kSide <= decays_.size(); first += kSide) {
        // As step_heat, one by one.
        using Values = Lanes<double, kSide>;
        const Values mean = widened(Lanes<Sample, kSide>::load(squares + first)) * Values(1.0 / kHeardFrames);
        const Values counted = select(mean < Values(kMostPower), mean, Values(0.0));
        const Values next =
            Values::load(heat + first) * Values::load(&decays_[first]) + counted * Values::load(&rises_[first]);
        std::array<double, kSide> heats, powers;
        next.store(heats.data());
        counted.store(powers.data());
        for (std::size_t i = 0; i < kSide; ++i) {
            std::atomic_ref(heat[first + i]).store(heats[i], std::memory_order_relaxed);
            std::atomic_ref(power[first + i]).store(powers[i], std::memory_order_relaxed);
        }
        std::fill_n(squares + first, kSide, Sample(0));
    }
    for (std::size_t m = first; m < decays_.size(); ++m) {
        if (restless_ == 0 || is_restless_[m] == 0) {
            step_heat(static_cast<double>(squares[m]) * (1.0 / kHeardFrames), decays_[m], rises_[m], heat[m], power[m]);
            squares[m] = 0;
        }
    }
}

std::size_t Cohort::scratch_samples(int frames) const {
    std::size_t most = 0;
    for (const GraphNode* member : members_) {
        most = std::max(most, engine::scratch_samples(*member, frames));
    }
    const std::size_t taps = inputs_.size() + parameters_.size();
    const auto lanes = static_cast<std::size_t>(lanes_);
    return most + taps * (static_cast<std::size_t>(frames) * lanes + 16) +
           kMostTaps * (2 * static_cast<std::size_t>(memory_.lanes) + 16);
}

} // namespace amp::engine::inline AMP_PRECISION

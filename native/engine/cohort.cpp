#include "engine/cohort.h"

#include "base/cycle_counter.h"

#include <algorithm>
#include <array>

namespace amp::engine {

using control::SealedBlock;

Cohort::Cohort(std::vector<GraphNode*> members, std::vector<int> first_lanes, bool is_chain, const CohortMemory& memory)
    : members_(std::move(members)), first_lanes_(std::move(first_lanes)), is_chain_(is_chain), memory_(memory) {
    for (const GraphNode* member : members_) {
        indices_.push_back(member->index);
    }
    std::ranges::sort(indices_);
    for (std::size_t i = 0; i < members_.front()->inputs.size(); ++i) {
        inputs_.push_back(is_chain_ ? Source::linked : source_of(&GraphNode::inputs, i));
    }
    for (std::size_t i = 0; i < members_.front()->parameters.size(); ++i) {
        parameters_.push_back(source_of(&GraphNode::parameters, i));
    }
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
        return reader.effect == Effect::add && reader.gain == 1 && reader.absent == 0 && reader.lane_of.empty() &&
               reader.voice_edge == VoiceEdge::none && reader.gate == nullptr && reader.delay == first.delay &&
               reader.late == first.late && reader.wheel->stride == first.wheel->stride &&
               reader.wheel->capacity == first.wheel->capacity && reader.wheel->stride >= memory_.lanes &&
               reader.wheel->data == first.wheel->data + first_lanes_[m];
    };
    return are_inputs && all(is_beside) ? Source::beside : Source::apart;
}

bool Cohort::concerns(const control::Event& event) const {
    return std::ranges::binary_search(indices_, event.node);
}

// True if nothing acts in any member, from `frame` on, but its kernel.
bool Cohort::is_plain(std::int64_t frame) const {
    return std::ranges::all_of(members_, [&](const GraphNode* member) {
        return !member->movements.any() && !member->gates.any() && member->acts_from <= frame &&
               member->owed_from == kNever;
    });
}

void Cohort::run(control::PlanSeals& seals, std::int64_t frame, int frames, std::span<float> scratch) {
    const std::int64_t late = members_.front()->late;
    const std::int64_t end = frame + frames - late;
    const auto touches = [&](std::span<const control::Event> events) {
        return std::ranges::any_of(events, [&](const control::Event& event) { return concerns(event); });
    };
    const std::int64_t begin = std::max<std::int64_t>(0, frame - late);
    bool plain = is_plain(begin);
    for (std::int64_t at = begin; plain && at < end; at = (at / seals.block_frames() + 1) * seals.block_frames()) {
        const SealedBlock& sealed = seals.sealed(at / seals.block_frames());
        plain = sealed.gates.empty() && !touches(sealed.parameters);
    }
    if (plain && late > 0) {
        plain = !touches(seals.sealed(frame / seals.block_frames()).parameters);
    }
    if (!plain) {
        for (GraphNode* member : members_) {
            fire(*member, seals, frame, frames, scratch);
        }
        return;
    }
    for (std::int64_t at = begin; at < end;) {
        const std::int64_t block = at / seals.block_frames();
        const std::int64_t until = std::min(end, (block + 1) * seals.block_frames());
        run_block(seals.sealed(block), at, until, scratch);
        at = until;
    }
    const std::uint64_t now = cycle_counter();
    for (GraphNode* member : members_) {
        member->headers[member->step % member->headers.size()] = {frame, frames, member->step, now};
        ++member->step;
        member->finished.store(frame + frames, std::memory_order_release);
    }
}

void Cohort::run_block(const SealedBlock& sealed, std::int64_t frame, std::int64_t end, std::span<float> scratch) {
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

std::int64_t Cohort::straight_until(std::int64_t frame, std::int64_t end) const {
    const auto within_output = [&](const GraphNode& member) {
        for (const Wheel* wheel : member.outputs) {
            if (wheel != nullptr) {
                end = std::min(end, frame + wheel->capacity - wheel->index(frame + member.late));
            }
        }
    };
    const auto within_readers = [&](const Feed& feed) {
        for (const Reader& reader : feed.readers) {
            end = std::min(end, frame + reader.straight(frame));
        }
    };
    if (is_chain_) {
        within_output(*members_.back());
        for (const Feed& feed : members_.front()->inputs) {
            within_readers(feed);
        }
        return end;
    }
    within_output(*members_.front());
    const auto within = [&](std::vector<Feed> GraphNode::* feeds, std::span<const Source> sources) {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            for (const GraphNode* member : members_) {
                within_readers((member->*feeds)[i]);
                if (sources[i] != Source::apart) {
                    break;
                }
            }
        }
    };
    within(&GraphNode::inputs, inputs_);
    within(&GraphNode::parameters, parameters_);
    return end;
}

Firing<float> Cohort::firing_of(std::int64_t frame, int frames) const {
    const GraphNode& first = *members_.front();
    Firing<float> firing;
    firing.frame = frame;
    firing.frames = frames;
    firing.lanes = memory_.lanes;
    firing.shape = {memory_.lanes, 1};
    firing.sample_rate = first.sample_rate;
    firing.options = first.options;
    firing.state_data = reinterpret_cast<std::byte*>(memory_.state.data());
    firing.state_stride = memory_.lanes;
    firing.channel_stride = memory_.lanes;
    return firing;
}

// What each member reads by itself, put side by side.
template <class Read>
Block<const float> Cohort::gather(std::vector<Feed> GraphNode::* feeds, std::size_t index, int frames, Scratch& scratch,
                                  Read&& read) {
    float* const out = scratch.take(static_cast<std::size_t>(frames * memory_.lanes));
    const std::size_t used = scratch.used;
    for (std::size_t m = 0; m < members_.size(); ++m) {
        scratch.used = used;
        const Block<const float> block = read((members_[m]->*feeds)[index], scratch);
        float* const to = out + first_lanes_[m];
        if (members_[m]->lanes == 1) {
            for (int f = 0; f < frames; ++f) {
                to[f * memory_.lanes] = *block.frame(f);
            }
            continue;
        }
        for (int f = 0; f < frames; ++f) {
            std::copy_n(block.frame(f), members_[m]->lanes, to + f * memory_.lanes);
        }
    }
    scratch.used = used;
    return {out, memory_.lanes};
}

void Cohort::run_span(const SealedBlock& sealed, std::int64_t frame, int frames, std::span<float> memory) {
    Scratch scratch{memory};
    std::array<Block<const float>, kMostTaps> inputs, parameters;
    std::array<Block<float>, kMostTaps> outputs;
    const GraphNode& first = *members_.front();
    const auto row = [&](std::span<const float> rows, std::size_t index) {
        return Block<const float>{rows.data() + index * static_cast<std::size_t>(memory_.lanes), 0};
    };
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
        if (inputs_[i] == Source::row) {
            inputs[i] = row(memory_.defaults, i);
        } else if (inputs_[i] == Source::beside) {
            const Reader& reader = first.inputs[i].readers.front();
            inputs[i] = {reader.wheel->at(frame - reader.back()), reader.wheel->stride};
        } else {
            inputs[i] = gather(&GraphNode::inputs, i, frames, scratch, [&](Feed& feed, Scratch& own) {
                return read_input(feed, sealed, frame, frames, own);
            });
        }
    }
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
                         ? Block<float>{first.outputs[i]->at(frame + first.late), first.outputs[i]->stride}
                         : Block<float>{scratch.take(static_cast<std::size_t>(2 * memory_.lanes)), 0};
    }
    Firing<float> firing = firing_of(frame, frames);
    firing.inputs = {inputs.data(), inputs_.size()};
    firing.outputs = {outputs.data(), first.outputs.size()};
    firing.parameters = {parameters.data(), parameters_.size()};
    first.type->forward(firing);
}

void Cohort::run_chain_span(const SealedBlock& sealed, std::int64_t frame, int frames, std::span<float> memory) {
    Scratch scratch{memory};
    std::array<Block<const float>, kMostTaps> parameters;
    const std::array inputs{read_input(members_.front()->inputs[0], sealed, frame, frames, scratch)};
    const GraphNode& last = *members_.back();
    const Wheel* const wheel = last.outputs[0];
    const std::array outputs{wheel != nullptr
                                 ? Block<float>{wheel->at(frame + last.late), wheel->stride}
                                 : Block<float>{scratch.take(static_cast<std::size_t>(frames)), 1}};
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        parameters[i] = {memory_.bases.data() + i * static_cast<std::size_t>(memory_.lanes), 0};
    }
    Firing<float> firing = firing_of(frame, frames);
    firing.shape = {static_cast<int>(members_.size()), 1};
    firing.inputs = inputs;
    firing.outputs = outputs;
    firing.parameters = {parameters.data(), parameters_.size()};
    last.type->forward_chain(firing);
}

std::size_t Cohort::scratch_floats(int frames) const {
    std::size_t most = 0;
    for (const GraphNode* member : members_) {
        most = std::max(most, engine::scratch_floats(*member, frames));
    }
    const std::size_t taps = inputs_.size() + parameters_.size();
    const auto lanes = static_cast<std::size_t>(memory_.lanes);
    return most + taps * (static_cast<std::size_t>(frames) * lanes + 16) + kMostTaps * (2 * lanes + 16);
}

} // namespace amp::engine

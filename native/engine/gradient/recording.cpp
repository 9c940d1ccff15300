#include "engine/gradient/recording.h"

#include "engine/edge_gate.h"
#include "engine/edge_slew.h"
#include "engine/voice_weights.h"

#include <algorithm>
#include <array>

namespace amp::engine::inline AMP_PRECISION {

namespace {

constexpr int kMostVoices = 1024;
constexpr int kParameterBits = 32;

std::size_t reader_values(const Reader& reader, const Feed& feed, std::size_t firings, std::size_t frames) {
    const auto lanes = static_cast<std::size_t>(lanes_given(reader, feed));
    const std::size_t of_slew = reader.slew == nullptr ? 0 : firings * reader.slew->state().size() + frames * lanes;
    return frames * (2 * lanes + 3) + of_slew;
}

bool is_scaled(const Feed& feed) {
    return std::ranges::any_of(feed.readers, [](const Reader& reader) { return reader.effect != Effect::add; });
}

std::size_t given_values(const GraphNode& node, std::size_t firings, std::size_t frames) {
    std::size_t values = firings * static_cast<std::size_t>(node.type->rows_for_backward(node.options) * node.lanes);
    for (const auto* feeds : {&node.inputs, &node.parameters}) {
        for (const Feed& feed : *feeds) {
            // What is not fed stands unless it moves.
            const bool varies = feed.connected() || feeds == &node.parameters;
            values += (varies ? frames + firings : firings) * static_cast<std::size_t>(feed.lanes);
            values += is_scaled(feed) ? frames * static_cast<std::size_t>(feed.lanes) : 0;
        }
    }
    return values;
}

std::size_t most_resets(const GraphNode& node, std::size_t firings) {
    return node.voice_group == GraphNode::kNoGroup ? 0 : firings;
}

template <class Do>
void for_each_reader(const GraphNode& node, Do&& action) {
    for (const auto* feeds : {&node.inputs, &node.parameters}) {
        for (const Feed& feed : *feeds) {
            for (const Reader& reader : feed.readers) {
                action(reader, feed);
            }
        }
    }
}

} // namespace

std::uint64_t NodeRecording::bytes(const GraphNode& node, std::size_t firings, std::size_t frames) {
    std::uint64_t bytes = firings * sizeof(RecordedFiring) + given_values(node, firings, frames) * sizeof(Sample) +
                          most_resets(node, firings) * sizeof(RecordedReset);
    for_each_reader(node, [&](const Reader& reader, const Feed& feed) {
        bytes += firings * sizeof(Reading) + reader_values(reader, feed, firings, frames) * sizeof(Sample);
    });
    return bytes;
}

NodeRecording::NodeRecording(GraphNode& recorded, std::size_t firings, std::size_t frames,
                             std::atomic<std::uint64_t>& numbers)
    : node(recorded),
      numbers_(numbers),
      firings_(firings),
      resets_(most_resets(node, firings)),
      values_(given_values(node, firings, frames)) {
    for (const Feed& feed : node.parameters) {
        bases_.emplace_back(feed.base.data, feed.base.data + feed.lanes);
    }
    for (auto* feeds : {&node.inputs, &node.parameters}) {
        for (Feed& feed : *feeds) {
            for (Reader& reader : feed.readers) {
                EdgeRecording& edge = *edges_.emplace_back(std::make_unique<EdgeRecording>());
                edge.gain = reader.gain;
                edge.readings = BoundedList<Reading>(firings);
                edge.values = RecordedValues(reader_values(reader, feed, firings, frames));
                reader.recording = &edge;
            }
        }
    }
}

void NodeRecording::note(const Firing<Sample>& firing) {
    RecordedFiring noted;
    noted.number = numbers_.fetch_add(1, std::memory_order_acq_rel);
    noted.frame = firing.frame;
    noted.frames = firing.frames;
    noted.awake = firing.awake;
    bool fits = true;
    const auto keep = [&](const Sample* from, std::ptrdiff_t stride, int rows, int lanes) {
        const std::span<Sample> to = values_.take(static_cast<std::size_t>(rows) * static_cast<std::size_t>(lanes));
        fits = fits && (!to.empty() || rows == 0);
        for (int row = 0; fits && row < rows; ++row) {
            std::copy_n(from + row * stride, lanes, to.begin() + row * lanes);
        }
    };
    const auto keep_block = [&](const Block<const Sample>& block, const Feed& feed) {
        keep(block.data, block.frame_stride, block.constant() ? 1 : firing.frames, feed.lanes);
    };
    noted.state = values_.size();
    keep(node.state, node.state_stride, node.type->rows_for_backward(node.options), node.lanes);
    noted.given = values_.size();
    int bit = 0;
    for (const Block<const Sample>& block : firing.inputs) {
        noted.constant |= block.constant() ? std::uint64_t{1} << bit : 0;
        keep_block(block, node.inputs[static_cast<std::size_t>(bit)]);
        ++bit;
    }
    bit = 0;
    for (const Block<const Sample>& block : firing.parameters) {
        const auto place = static_cast<std::size_t>(bit);
        noted.constant |= block.constant() ? std::uint64_t{1} << (kParameterBits + bit) : 0;
        keep_block(block, node.parameters[place]);
        const Block<const Sample>& base = node.parameters[place].base;
        const bool is_written =
            base.constant() && std::ranges::equal(bases_[place], std::span(base.data, bases_[place].size()));
        noted.moved |= is_written ? 0 : std::uint64_t{1} << bit;
        ++bit;
    }
    noted.bases = values_.size();
    for (const Feed& feed : node.parameters) {
        if (is_scaled(feed)) {
            const std::span<Sample> to = values_.take(static_cast<std::size_t>(firing.frames * node.lanes));
            fits = fits && !to.empty();
            for (int f = 0; fits && f < firing.frames; ++f) {
                std::copy_n(feed.base.frame(f), node.lanes, to.begin() + f * node.lanes);
            }
        }
    }
    for (const auto& edge : edges_) {
        fits = fits && edge->readings.size() == firings_.size() + 1;
    }
    if (!fits || !firings_.add(noted)) {
        is_full_.store(true, std::memory_order_relaxed);
    }
}

const Sample* NodeRecording::base(const RecordedFiring& firing, std::size_t parameter) const {
    std::size_t place = firing.bases;
    for (std::size_t i = 0; i < parameter; ++i) {
        place += is_scaled(node.parameters[i]) ? static_cast<std::size_t>(firing.frames * node.lanes) : 0;
    }
    return values_.at(place);
}

void NodeRecording::note_reset(int lane) {
    if (!resets_.add({static_cast<std::uint32_t>(firings_.size()), lane})) {
        is_full_.store(true, std::memory_order_relaxed);
    }
}

void NodeRecording::given(const RecordedFiring& firing, std::span<Block<const Sample>> inputs,
                          std::span<Block<const Sample>> parameters) const {
    std::size_t place = firing.given;
    const auto take = [&](Block<const Sample>& block, const Feed& feed, bool constant) {
        block = {values_.at(place), constant ? 0 : feed.lanes};
        place += static_cast<std::size_t>(feed.lanes) * static_cast<std::size_t>(constant ? 1 : firing.frames);
    };
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        take(inputs[i], node.inputs[i], (firing.constant >> i & 1) != 0);
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        take(parameters[i], node.parameters[i], (firing.constant >> (kParameterBits + i) & 1) != 0);
    }
}

namespace {

// How much of each value that the reader gives is what it read: 0 before the source's first frame and before a voice's
// onset, less than 1 where voices fade.
void weigh(const Reader& reader, const Feed& feed, const control::SealedBlock& sealed, std::int64_t frame, int frames,
           int lanes, std::span<Sample> weights) {
    std::ranges::fill(weights, Sample(1));
    const auto forget = [&](int lane, std::int64_t before, std::int64_t back) {
        const auto absent = static_cast<int>(std::clamp<std::int64_t>(before + back - frame, 0, frames));
        for (int f = 0; f < absent; ++f) {
            weights[static_cast<std::size_t>(f * lanes + lane)] = 0;
        }
    };
    for (int lane = 0; lane < lanes; ++lane) {
        forget(lane, reader.wheel->first, reader.back());
    }
    if (reader.voice_edge == VoiceEdge::inside && reader.material_back() > 0) {
        for (int voice = 0; voice < feed.shape.batch; ++voice) {
            const std::int64_t onset = onset_at(sealed.voices[reader.group], voice, frame);
            for (int channel = 0; onset >= 0 && channel < feed.shape.channels; ++channel) {
                forget(feed.shape.lane(voice, channel), onset, reader.material_back());
            }
        }
    }
    std::array<LaneWeight, kMostVoices> leaving;
    if (reader.voice_edge == VoiceEdge::leaving && !leaving_weights(sealed.voices[reader.group], frame, leaving)) {
        const auto fade = sealed.voices[reader.group].fade_frames;
        const Shape shape = reader.wheel->shape;
        for (int voice = 0; voice < shape.batch; ++voice) {
            const LaneWeight& weight = leaving[static_cast<std::size_t>(voice)];
            for (int channel = 0; channel < shape.channels; ++channel) {
                for (int f = 0; f < frames; ++f) {
                    Sample& to = weights[static_cast<std::size_t>(f * lanes + shape.lane(voice, channel))];
                    const std::int64_t left = std::max<std::int64_t>(0, weight.fade_begin + fade - (frame + f));
                    to = weight.asleep   ? 0
                         : weight.fading ? to * (static_cast<Sample>(left) / static_cast<Sample>(fade))
                                         : to;
                }
            }
        }
    }
}

} // namespace

void record_reading(Reader& reader, const Feed& feed, const control::SealedBlock& sealed, std::int64_t frame,
                    int frames, const Leaf& leaf) {
    EdgeRecording& edge = *reader.recording;
    const int lanes = lanes_given(reader, feed);
    const auto count = static_cast<std::size_t>(frames * lanes);
    const auto each = static_cast<std::size_t>(frames);
    const std::span<const Sample> slew = reader.slew == nullptr ? std::span<const Sample>() : reader.slew->state();
    std::size_t place = edge.values.size();
    const auto part = [&](std::size_t size) {
        place += size;
        return place - size;
    };
    Reading noted;
    noted.back = reader.back();
    noted.lanes = lanes;
    noted.gain = leaf.gain;
    noted.values = part(count);
    if (reader.moving_gain != nullptr) {
        noted.gains = part(each);
    }
    noted.weights = part(count);
    noted.held = part(each);
    noted.undrained = part(each);
    noted.slew_state = part(slew.size());
    noted.followed = part(slew.empty() ? 0 : count);
    edge.newest_fits = !edge.values.take(place - edge.values.size()).empty() && edge.readings.add(noted);
    if (!edge.newest_fits) {
        return; // the node's own note sees that this one is missing
    }
    const std::span<Sample> values = edge.values.span(noted.values, count),
                            weights = edge.values.span(noted.weights, count), held = edge.values.span(noted.held, each),
                            undrained = edge.values.span(noted.undrained, each);
    for (int f = 0; f < frames; ++f) {
        std::copy_n(leaf.data + f * leaf.frame_stride, lanes, values.begin() + f * lanes);
    }
    if (noted.gains) {
        std::ranges::copy_n(reader.moving_gain, frames, edge.values.span(*noted.gains, each).begin());
    }
    weigh(reader, feed, sealed, frame, frames, lanes, weights);
    std::ranges::fill(held, Sample(0));
    std::ranges::fill(undrained, Sample(1));
    if (reader.gate != nullptr) {
        const bool takes_held = reader.gate->weigh(lanes, weights, held, undrained);
        edge.readings[edge.readings.size() - 1].takes_held = takes_held;
    }
    std::ranges::copy(slew, edge.values.span(noted.slew_state, slew.size()).begin());
}

void record_followed(Reader& reader, int frames, const Leaf& followed) {
    EdgeRecording& edge = *reader.recording;
    if (!edge.newest_fits) {
        return;
    }
    const Reading& noted = edge.readings[edge.readings.size() - 1];
    for (int f = 0; f < frames; ++f) {
        const auto lanes = static_cast<std::size_t>(noted.lanes);
        std::ranges::copy_n(followed.data + f * followed.frame_stride, noted.lanes,
                            edge.values.span(noted.followed + static_cast<std::size_t>(f) * lanes, lanes).begin());
    }
}

} // namespace amp::engine::inline AMP_PRECISION

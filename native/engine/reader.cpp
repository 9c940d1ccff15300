#include "engine/reader.h"

#include "base/approximation.h"
#include "engine/edge_gate.h"
#include "engine/edge_slew.h"
#include "engine/gradient/recording.h"
#include "engine/voice_weights.h"

#include <algorithm>
#include <array>

namespace amp::engine::inline AMP_PRECISION {

namespace {

constexpr int kMostVoices = 1024;

// Whether what lies on the wheel before its first frame is not what the reader gives there.
bool differs_before_start(const Reader& reader) { return reader.absent != 0 || reader.wheel->sounds_early; }

bool may_need_copy(const Reader& reader) {
    return !reader.lane_of.empty() || reader.voice_edge != VoiceEdge::none || differs_before_start(reader) ||
           reader.wheel->shares();
}

// Copies a reader's frames into the target's lanes, with what is absent filled in.
Leaf copy_spread(Reader& reader, const Feed& feed, const control::SealedVoices* voices, std::int64_t frame, int frames,
                 Sample* to) {
    const Sample* from = reader.at(frame);
    const int lanes = lanes_given(reader, feed);
    for (int f = 0; f < frames; ++f, from += reader.wheel->stride) {
        Sample* const out = to + f * lanes;
        if (reader.lane_of.empty()) {
            copy_frame(*reader.wheel, from, out);
        } else {
            for (int lane = 0; lane < lanes; ++lane) {
                out[lane] = from[reader.lane_of[static_cast<std::size_t>(lane)]];
            }
        }
    }
    const auto forget = [&](int lane, std::int64_t before, std::int64_t back) {
        const auto absent = static_cast<int>(std::clamp<std::int64_t>(before + back - frame, 0, frames));
        for (int f = 0; f < absent; ++f) {
            to[f * lanes + lane] = reader.absent;
        }
    };
    if (frame - reader.back() < reader.wheel->first) {
        for (int lane = 0; lane < lanes; ++lane) {
            forget(lane, reader.wheel->first, reader.back());
        }
    }
    if (voices != nullptr) {
        for (int voice = 0; voice < feed.shape.batch; ++voice) {
            const std::int64_t onset = onset_at(*voices, voice, frame);
            for (int channel = 0; onset >= 0 && channel < feed.shape.channels; ++channel) {
                forget(feed.shape.lane(voice, channel), onset, reader.material_back());
            }
        }
    }
    return {to, lanes, reader.gain};
}

// Copies voices that leave their group: sleeping ones are silent, stolen ones fade.
Leaf copy_weighted(Reader& reader, const control::SealedVoices& voices, std::span<const LaneWeight> weights,
                   std::int64_t frame, int frames, Sample* to) {
    const Shape shape = reader.wheel->shape;
    const int stride = reader.wheel->stride;
    const Sample* const from = reader.at(frame);
    std::fill_n(to, frames * stride, 0.0F);
    for (int voice = 0; voice < shape.batch; ++voice) {
        const LaneWeight& weight = weights[static_cast<std::size_t>(voice)];
        for (int channel = 0; !weight.asleep && channel < shape.channels; ++channel) {
            const int lane = shape.lane(voice, channel);
            for (int f = 0; f < frames; ++f) {
                const Sample value = from[f * stride + lane];
                const std::int64_t left =
                    std::max<std::int64_t>(0, weight.fade_begin + voices.fade_frames - (frame + f));
                to[f * stride + lane] =
                    weight.fading ? value * (static_cast<Sample>(left) / static_cast<Sample>(voices.fade_frames))
                                  : value;
            }
        }
    }
    return {to, stride, reader.gain};
}

// What a reader gives for the frames, in place where possible, with its newest gain.
Leaf resolve_settled(Reader& reader, const Feed& feed, const control::SealedBlock& sealed, std::int64_t frame,
                     int frames, Scratch& scratch) {
    const Leaf in_place{reader.at(frame), reader.wheel->stride, reader.gain};
    if (reader.voice_edge == VoiceEdge::leaving) {
        std::array<LaneWeight, kMostVoices> weights;
        const control::SealedVoices& voices = sealed.voices[reader.group];
        if (leaving_weights(voices, frame, weights)) {
            return in_place;
        }
        return copy_weighted(reader, voices, weights, frame, frames,
                             scratch.take(static_cast<std::size_t>(frames * reader.wheel->stride)));
    }
    const control::SealedVoices* forgetting = nullptr;
    if (reader.voice_edge == VoiceEdge::inside && reader.material_back() > 0 &&
        any_onset_between(sealed.voices[reader.group], frame - reader.material_back(), frame)) {
        forgetting = &sealed.voices[reader.group];
    }
    const bool before_start = differs_before_start(reader) && frame - reader.back() < reader.wheel->first;
    if (reader.lane_of.empty() && forgetting == nullptr && !before_start) {
        return in_place;
    }
    return copy_spread(reader, feed, forgetting, frame, frames,
                       scratch.take(static_cast<std::size_t>(frames * lanes_given(reader, feed))));
}

// Frames without what lies between them.
Leaf compact(const Leaf& leaf, const Reader& reader, const Feed& feed, int frames, Scratch& scratch) {
    const int lanes = lanes_given(reader, feed);
    if (leaf.data == nullptr || leaf.frame_stride == lanes) {
        return leaf;
    }
    Sample* const to = scratch.take(static_cast<std::size_t>(frames * lanes));
    for (int f = 0; f < frames; ++f) {
        copy_frame(*reader.wheel, leaf.data + f * leaf.frame_stride, to + f * lanes);
    }
    return {to, lanes, leaf.gain};
}

// A gain that moves is multiplied in before anything is summed, and the leaf's is 1: the same roundings as those of a
// gain that stands.
[[gnu::noinline]] Leaf multiplied(const Leaf& leaf, const Sample* gains, int frames, Scratch& scratch) {
    const std::ptrdiff_t stride = leaf.frame_stride;
    Sample* const to = scratch.take(static_cast<std::size_t>(frames * stride));
    for (int f = 0; f < frames; ++f) {
        for (std::ptrdiff_t i = f * stride; i < (f + 1) * stride; ++i) {
            to[i] = leaf.data[i] * gains[f];
        }
    }
    return {to, stride, 1};
}

// What a reader with a slew gives for the frames, times its gain: the leaf's is 1.
[[gnu::noinline]] Leaf followed(const Leaf& leaf, Reader& reader, const Feed& feed, int frames, Scratch& scratch) {
    const Leaf made = reader.slew->follow(compact(leaf, reader, feed, frames, scratch), frames, scratch);
    if constexpr (kRecords) {
        if (reader.recording != nullptr) {
            record_followed(reader, frames, made);
        }
    }
    return made;
}

// What a reader with a gate gives for the frames.
[[gnu::noinline]] Leaf resolve_gated(Reader& reader, const Feed& feed, const control::SealedBlock& sealed,
                                     std::int64_t frame, int frames, Scratch& scratch) {
    Leaf leaf{nullptr, lanes_given(reader, feed), reader.gain};
    if (reader.gate->reads()) {
        leaf = compact(resolve_settled(reader, feed, sealed, frame, frames, scratch), reader, feed, frames, scratch);
    }
    return reader.gate->shape(leaf, frames, scratch);
}

// What a reader gives for the frames.
inline Leaf resolve(Reader& reader, const Feed& feed, const control::SealedBlock& sealed, std::int64_t frame,
                    int frames, Scratch& scratch) {
    const Leaf leaf = reader.gate == nullptr ? resolve_settled(reader, feed, sealed, frame, frames, scratch)
                                             : resolve_gated(reader, feed, sealed, frame, frames, scratch);
    if constexpr (kRecords) {
        if (reader.recording != nullptr) {
            record_reading(reader, feed, sealed, frame, frames, leaf);
        }
    }
    const Leaf moved = reader.moving_gain == nullptr ? leaf
                                                     : multiplied(compact(leaf, reader, feed, frames, scratch),
                                                                  reader.moving_gain, frames, scratch);
    return reader.slew == nullptr ? moved : followed(moved, reader, feed, frames, scratch);
}

// A single addend in place, whose gain moves: a sum adds +0, unless the gain is 1 and nothing is summed.
[[gnu::noinline]] Block<const Sample> single_moving(const Leaf& leaf, const Sample* gains, int frames,
                                                    Scratch& scratch) {
    const std::ptrdiff_t stride = leaf.frame_stride;
    Sample* const to = scratch.take(static_cast<std::size_t>(frames * stride));
    for (int f = 0; f < frames; ++f) {
        for (std::ptrdiff_t i = f * stride; i < (f + 1) * stride; ++i) {
            to[i] = gains[f] == 1 ? leaf.data[i] : leaf.data[i] + 0.0F;
        }
    }
    return {to, stride};
}

// Whether one lane after the other is added, as of a cohort's taps.
bool lie_side_by_side(std::span<const Leaf> leaves) {
    const Leaf& first = leaves.front();
    for (std::size_t i = 1; i < leaves.size(); ++i) {
        if (leaves[i].data != first.data + i || leaves[i].frame_stride != first.frame_stride ||
            leaves[i].gain != first.gain) {
            return false;
        }
    }
    return true;
}

// The one sum of all readers that add, for a target whose batch is summed.
void sum_batches(Feed& feed, std::span<const Leaf> resolved, Sample* out, int frames) {
    const bool single = feed.readers.size() == 1;
    for (int channel = 0; channel < feed.shape.channels; ++channel) {
        Sample* const to = out + feed.shape.lane(0, channel);
        const auto first_lane = [&](const Reader& reader, const Leaf& leaf) {
            return reader.lane(leaf.frame_stride, 0, reader.wheel->shape.channels == 1 ? 0 : channel);
        };
        if (single) {
            const Reader& reader = feed.readers.front();
            Leaf leaf = resolved.front();
            leaf.data += first_lane(reader, leaf);
            sum_side_by_side(leaf, reader.wheel->shape.batch, to, feed.lanes, frames);
            continue;
        }
        std::size_t count = 0;
        for (std::size_t r = 0; r < feed.readers.size(); ++r) {
            for (int voice = 0; voice < feed.readers[r].wheel->shape.batch; ++voice) {
                Leaf leaf = resolved[r];
                leaf.data += first_lane(feed.readers[r], leaf) + voice;
                feed.leaves[count++] = leaf;
            }
        }
        if (const std::span<const Leaf> leaves{feed.leaves.data(), count}; lie_side_by_side(leaves)) {
            sum_side_by_side(leaves.front(), static_cast<int>(count), to, feed.lanes, frames);
        } else {
            sum_strided(leaves, to, feed.lanes, frames);
        }
    }
}

// The one sum, lane by lane, of readers whose frames are apart.
void sum_lanes(Feed& feed, std::span<const Leaf> resolved, Sample* out, int frames) {
    const std::span<Leaf> leaves{feed.leaves.data(), resolved.size()};
    for (int lane = 0; lane < feed.lanes; ++lane) {
        for (std::size_t i = 0; i < resolved.size(); ++i) {
            leaves[i] = {resolved[i].data + lane, resolved[i].frame_stride, resolved[i].gain};
        }
        sum_strided(leaves, out + lane, feed.lanes, frames);
    }
}

bool straight(std::span<const Leaf> leaves, int lanes) {
    return std::ranges::all_of(leaves, [&](const Leaf& leaf) { return leaf.frame_stride == lanes; });
}

// Sums readers [first, last) of one shape into scratch, or gives a single one of gain 1 in place.
Block<const Sample> add_readers(Feed& feed, const control::SealedBlock& sealed, std::int64_t frame, int frames,
                                Scratch& scratch) {
    std::size_t adding = 0;
    bool same_shape = true;
    const Sample* moving_gain = nullptr;
    Leaf* const resolved = feed.leaves.data() + feed.leaves.size() - feed.readers.size();
    for (Reader& reader : feed.readers) {
        if (reader.effect == Effect::add) {
            resolved[adding++] = resolve(reader, feed, sealed, frame, frames, scratch);
            same_shape = same_shape && (!feed.sums_batch || reader.wheel->shape == feed.shape);
            moving_gain = reader.moving_gain;
        }
    }
    const std::span<const Leaf> leaves{resolved, adding};
    if (adding == 1 && same_shape && leaves.front().gain == 1) {
        return moving_gain == nullptr ? Block<const Sample>{leaves.front().data, leaves.front().frame_stride}
                                      : single_moving(leaves.front(), moving_gain, frames, scratch);
    }
    Sample* const out = scratch.take(static_cast<std::size_t>(frames * feed.lanes));
    if (same_shape && straight(leaves, feed.lanes)) {
        sum_flat(leaves, out, frames * feed.lanes);
    } else if (!feed.sums_batch) {
        sum_lanes(feed, leaves, out, frames);
    } else {
        sum_batches(feed, leaves, out, frames);
    }
    return {out, feed.lanes};
}

// to[i] = change(to[i], from[i]) over straight positions.
template <class Change>
void change_all(Sample* to, const Sample* from, int positions, Change&& change) {
    int at = 0;
    for (; at + 16 <= positions; at += 16) {
        change(Lanes<Sample, 16>::load(to + at), Lanes<Sample, 16>::load(from + at)).store(to + at);
    }
    for (; at < positions; ++at) {
        change(Lanes<Sample, 1>::load(to + at), Lanes<Sample, 1>::load(from + at)).store(to + at);
    }
}

// out = clamp(base + depth x signal): one modulation, the usual case, in one pass.
void modulate(const Feed& feed, const Leaf& signal, int frames, Sample* out) {
    const Block<const Sample> bases = feed.base;
    const auto run = [&]<int N>(const Sample* base, const Sample* from, Sample* to) {
        using Value = Lanes<Sample, N>;
        const auto added = Value::load(from) * Value(signal.gain) + Value(0.0F);
        clamp(Value::load(base) + added, Value(feed.low), Value(feed.high)).store(to);
    };
    if (feed.lanes == 1) {
        Sample base[16];
        std::fill_n(base, 16, *bases.data);
        int f = 0;
        for (; f + 16 <= frames && signal.frame_stride == 1; f += 16) {
            run.template operator()<16>(bases.constant() ? base : bases.data + f, signal.data + f, out + f);
        }
        for (; f < frames; ++f) {
            run.template operator()<1>(bases.frame(f), signal.data + f * signal.frame_stride, out + f);
        }
        return;
    }
    for (int f = 0; f < frames; ++f) {
        const Sample* const base = bases.frame(f);
        const Sample* const from = signal.data + f * signal.frame_stride;
        Sample* const to = out + f * feed.lanes;
        int lane = 0;
        for (; lane + 16 <= feed.lanes; lane += 16) {
            run.template operator()<16>(base + lane, from + lane, to + lane);
        }
        for (; lane < feed.lanes; ++lane) {
            run.template operator()<1>(base + lane, from + lane, to + lane);
        }
    }
}

} // namespace

std::size_t scratch_samples(const Feed& feed, int frames) {
    const auto padded = [](std::size_t samples) { return (samples + 15) / 16 * 16; };
    const auto count = static_cast<std::size_t>(frames);
    std::size_t samples = padded(2 * count * static_cast<std::size_t>(feed.lanes));
    for (const Reader& reader : feed.readers) {
        if (may_need_copy(reader)) {
            samples += padded(count * static_cast<std::size_t>(std::max(feed.lanes, reader.wheel->lanes)));
        }
        if (reader.slew != nullptr) {
            samples += 2 * padded(count * static_cast<std::size_t>(feed.lanes));
        }
    }
    return feed.connected() ? samples : 0;
}

Block<const Sample> read_input(Feed& feed, const control::SealedBlock& sealed, std::int64_t frame, int frames,
                               Scratch& scratch) {
    if (!feed.connected()) {
        return feed.base;
    }
    return add_readers(feed, sealed, frame, frames, scratch);
}

Block<const Sample> read_parameter(Feed& feed, const control::SealedBlock& sealed, std::int64_t frame, int frames,
                                   Scratch& scratch) {
    if (!feed.connected()) {
        return feed.base;
    }
    const int positions = frames * feed.lanes;
    Sample* const out = scratch.take(static_cast<std::size_t>(positions));
    if (feed.readers.size() == 1 && feed.readers.front().effect == Effect::add) {
        modulate(feed, resolve(feed.readers.front(), feed, sealed, frame, frames, scratch), frames, out);
        return {out, feed.lanes};
    }
    for (int f = 0; f < frames; ++f) {
        std::copy_n(feed.base.frame(f), feed.lanes, out + f * feed.lanes);
    }
    if (std::ranges::any_of(feed.readers, [](const Reader& reader) { return reader.effect == Effect::add; })) {
        const Block<const Sample> sum = add_readers(feed, sealed, frame, frames, scratch);
        if (sum.frame_stride == feed.lanes) {
            change_all(out, sum.data, positions, [](auto base, auto added) { return base + added; });
        } else {
            for (int f = 0; f < frames; ++f) {
                change_all(out + f * feed.lanes, sum.frame(f), feed.lanes,
                           [](auto base, auto added) { return base + added; });
            }
        }
    }
    for (Reader& reader : feed.readers) {
        if (reader.effect == Effect::add) {
            continue;
        }
        const Leaf factor =
            compact(resolve(reader, feed, sealed, frame, frames, scratch), reader, feed, frames, scratch);
        if (reader.effect == Effect::scale) {
            change_all(out, factor.data, positions,
                       [&](auto value, auto signal) { return value * (signal * decltype(signal)(factor.gain)); });
        } else {
            change_all(out, factor.data, positions, [&](auto value, auto signal) {
                return value * power_of_two(signal * decltype(signal)(factor.gain));
            });
        }
    }
    change_all(out, out, positions, [&](auto value, auto) {
        using Value = decltype(value);
        return clamp(value, Value(feed.low), Value(feed.high));
    });
    return {out, feed.lanes};
}

} // namespace amp::engine::inline AMP_PRECISION

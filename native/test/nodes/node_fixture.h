// One node of any type with buffers of its own, run through NodeType::forward as the engine runs it.
#pragma once

#include "base/floating_point.h"
#include "node/node.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace amp::test {

// The value of a tap or parameter at a frame, in one lane.
using Signal = std::function<double(std::int64_t frame, int batch, int channel)>;

// How many frames the next firing has; it is cut further where the engine must.
using Cuts = std::function<int()>;

inline constexpr int kLongestFiring = 4096;

// A number from 0 to 1 that follows from all the arguments, the same on every machine.
template <class... Numbers>
inline double random_number(Numbers... numbers) {
    std::uint64_t hash = 0x9E3779B97F4A7C15U;
    const auto stir = [&](std::uint64_t number) {
        hash = (hash ^ number) * 0xBF58476D1CE4E5B9U;
        hash = (hash ^ (hash >> 29)) * 0x94D049BB133111EBU;
        hash ^= hash >> 32;
    };
    (stir(static_cast<std::uint64_t>(numbers)), ...);
    return double(hash >> 11) * 0x1p-53;
}

// Cuts of 1 to `longest` frames.
inline Cuts random_cuts(int seed, int longest) {
    return [seed, longest, count = 0]() mutable { return 1 + int(random_number(seed, ++count) * longest); };
}

inline Cuts equal_cuts(int frames) {
    return [frames] { return frames; };
}

template <class S>
class Node {
public:
    // The shape is that of the elementwise side: of the taps that are not widened or summed.
    explicit Node(std::string_view type, Shape shape = {}, double sample_rate = 48000)
        : Node(registered(type), shape, sample_rate) {}
    explicit Node(const NodeType& type, Shape shape = {}, double sample_rate = 48000)
        : type_(&type), shape_(shape), sample_rate_(sample_rate) {
        const Declaration& declaration = *type_->declaration;
        for (const auto& tap : declaration.inputs) {
            inputs_.push_back({[value = tap.default_value](auto...) { return value; }, false, {}});
        }
        for (const auto& parameter : declaration.parameters) {
            parameters_.push_back({[value = parameter.default_value](auto...) { return value; }, true, {}});
        }
        for (const auto& option : declaration.options) {
            options_.push_back(option.default_value);
        }
        outputs_.resize(declaration.outputs.size());
        recorded_.resize(declaration.outputs.size());
        for (auto& recorded : recorded_) {
            recorded.resize(static_cast<std::size_t>(output_shape().lanes()));
        }
        make_state();
        if (declaration.envelope) {
            ended_.resize(static_cast<std::size_t>(shape_.batch), kNever);
        }
    }

    const NodeType& type() const { return *type_; }
    Shape shape() const { return shape_; }
    Shape output_shape() const { return type_->declaration->shape == ShapeRule::pan ? Shape{shape_.batch, 2} : shape_; }

    Node& option(std::string_view name, double value) {
        options_[index_of(type_->declaration->options, name)] = value;
        make_state();
        return *this;
    }
    Node& option(std::string_view name, std::string_view choice) {
        const auto& choices = type_->declaration->options[index_of(type_->declaration->options, name)].choices;
        return option(name, double(std::ranges::find(choices, choice) - choices.begin()));
    }
    // A parameter that stands still; the signal is asked at frame 0.
    Node& set(std::string_view name, Signal value) {
        parameters_[index_of(type_->declaration->parameters, name)] = {std::move(value), true, {}};
        return *this;
    }
    Node& set(std::string_view name, double value) {
        return set(name, [value](auto...) { return value; });
    }
    // A parameter that has a value for each frame.
    Node& modulate(std::string_view name, Signal value) {
        parameters_[index_of(type_->declaration->parameters, name)] = {std::move(value), false, {}};
        return *this;
    }
    Node& input(std::string_view name, Signal value) {
        inputs_[index_of(type_->declaration->inputs, name)] = {std::move(value), false, {}};
        return *this;
    }
    Node& cut(Cuts cuts) {
        cuts_ = std::move(cuts);
        return *this;
    }
    Node& start_at(std::int64_t frame) {
        frame_ = frame;
        return *this;
    }
    Node& awake(std::uint64_t tiles) {
        awake_ = tiles;
        return *this;
    }
    // What lies in the outputs before a firing writes them.
    Node& prefill(S value) {
        prefill_ = value;
        return *this;
    }
    // Called before and after each firing, on the thread that runs it.
    Node& around_firings(std::function<void(bool begins)> call) {
        around_ = std::move(call);
        return *this;
    }
    // False once something was written behind the outputs or the state.
    bool is_within_bounds() const {
        const auto is_whole = [](const std::vector<S>& fenced) {
            return std::all_of(fenced.end() - kFence, fenced.end(), [](S value) { return value == S(kFenceValue); });
        };
        return is_within_bounds_ && is_whole(state_);
    }

    int state_rows() const { return type_->state_rows(options_); }
    std::span<const double> options() const { return options_; }

    // Values a frame and lane of a tap: where there are more than one, a spectral tap, a lane's values follow each
    // other in what it is given and in what is recorded.
    int values_of(const TapDeclaration& tap) const { return tap.spectral ? spectral_form(options_).overlap : 1; }
    int values_of_output(std::size_t index) const { return values_of(type_->declaration->outputs[index]); }

    // Begins a lane anew, as a note does.
    Node& reset(int batch, int channel, std::uint64_t seed) {
        const int lane = shape_.lane(batch, channel);
        for (int row = 0; row < state_rows(); ++row) {
            state(row, batch, channel) = 0;
        }
        if (const auto seed_lane = type_->kernels<S>().seed_lane; seed_lane != nullptr) {
            seed_lane(state_.data(), shape_.lanes(), lane, seed);
        }
        return *this;
    }
    S& state(int row, int batch, int channel) {
        return state_[static_cast<std::size_t>(row * shape_.lanes() + shape_.lane(batch, channel))];
    }

    Node& run(std::int64_t frames) {
        const FloatingPointScope scope;
        const std::int64_t end = frame_ + frames;
        while (frame_ < end) {
            int length = int(std::min<std::int64_t>({end - frame_, cuts_(), kLongestFiring}));
            if (type_->recursive) {
                length = std::min(length, kTickFrames - int(frame_ % kTickFrames));
            }
            fire(length);
            frame_ += length;
        }
        return *this;
    }

    // All frames that one lane of an output has made so far.
    const std::vector<S>& output(std::string_view name, int batch = 0, int channel = 0) const {
        return recorded_[index_of(type_->declaration->outputs, name)]
                        [static_cast<std::size_t>(output_shape().lane(batch, channel))];
    }
    const std::vector<S>& output(std::size_t index, int batch, int channel) const {
        return recorded_[index][static_cast<std::size_t>(output_shape().lane(batch, channel))];
    }
    std::int64_t ended(int batch) const { return ended_[static_cast<std::size_t>(batch)]; }

private:
    // Values behind a memory, that nothing may change.
    static constexpr std::ptrdiff_t kFence = 256;
    static constexpr double kFenceValue = 12345;

    static const NodeType& registered(std::string_view name) {
        const NodeType* const type = find_node_type(name);
        if (type == nullptr) {
            throw std::invalid_argument("no node type is called " + std::string(name));
        }
        return *type;
    }

    struct Source {
        Signal signal;
        bool constant;
        std::vector<S> buffer;
    };

    void make_state() {
        state_.assign(static_cast<std::size_t>(state_rows() * shape_.lanes()), S(0));
        state_.insert(state_.end(), kFence, S(kFenceValue));
        work_.resize(type_->work_values(options_, shape_.lanes()));
    }

    template <class List>
    static std::size_t index_of(const List& list, std::string_view name) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (list[i].name == name) {
                return i;
            }
        }
        throw std::invalid_argument("nothing is called " + std::string(name));
    }

    void fire(int frames) {
        std::vector<Block<const S>> in, parameters;
        for (std::size_t i = 0; i < inputs_.size(); ++i) {
            in.push_back(filled(inputs_[i], frames, values_of(type_->declaration->inputs[i])));
        }
        for (auto& source : parameters_) {
            parameters.push_back(filled(source, frames, 1));
        }
        std::vector<Block<S>> out;
        for (std::size_t tap = 0; tap < outputs_.size(); ++tap) {
            const Shape shape{output_shape().batch,
                              output_shape().channels * values_of(type_->declaration->outputs[tap])};
            auto& buffer = outputs_[tap];
            buffer.assign(static_cast<std::size_t>(frames * shape.lanes()), prefill_);
            buffer.insert(buffer.end(), kFence, S(kFenceValue));
            out.push_back({buffer.data(), shape.lanes()});
        }
        Firing<S> firing;
        firing.frame = frame_;
        firing.frames = frames;
        firing.lanes = shape_.lanes();
        firing.shape = shape_;
        firing.sample_rate = sample_rate_;
        firing.awake = awake_;
        firing.inputs = in;
        firing.outputs = out;
        firing.parameters = parameters;
        firing.options = options_;
        firing.ended = ended_;
        firing.work = work_.data();
        firing.state_data = reinterpret_cast<std::byte*>(state_.data());
        firing.state_stride = shape_.lanes();
        firing.channel_stride = shape_.batch_stride();
        around_(true);
        type_->kernels<S>().forward(firing);
        around_(false);
        for (std::size_t tap = 0; tap < out.size(); ++tap) {
            for (auto value = outputs_[tap].end() - kFence; value != outputs_[tap].end(); ++value) {
                is_within_bounds_ = is_within_bounds_ && *value == S(kFenceValue);
            }
            const int lanes = output_shape().channels * output_shape().batch_stride();
            for (int lane = 0; lane < lanes; ++lane) {
                auto& recorded = recorded_[tap][static_cast<std::size_t>(lane)];
                for (int f = 0; f < frames; ++f) {
                    for (int value = 0; value < values_of(type_->declaration->outputs[tap]); ++value) {
                        recorded.push_back(out[tap].frame(f)[value * lanes + lane]);
                    }
                }
            }
        }
    }

    Block<const S> filled(Source& source, int frames, int values) {
        const Shape tap{shape_.batch, shape_.channels * values};
        const int lanes = tap.lanes();
        const int length = source.constant ? 1 : frames;
        source.buffer.assign(static_cast<std::size_t>(length * lanes), S(0));
        for (int f = 0; f < length; ++f) {
            for (int channel = 0; channel < shape_.channels; ++channel) {
                for (int batch = 0; batch < shape_.batch; ++batch) {
                    for (int value = 0; value < values; ++value) {
                        const int lane = tap.lane(batch, value * shape_.channels + channel);
                        source.buffer[static_cast<std::size_t>(f * lanes + lane)] =
                            S(source.signal(source.constant ? 0 : (frame_ + f) * values + value, batch, channel));
                    }
                }
            }
        }
        return {source.buffer.data(), source.constant ? 0 : lanes};
    }

    const NodeType* type_;
    Shape shape_;
    double sample_rate_;
    std::vector<Source> inputs_, parameters_;
    std::vector<double> options_;
    std::vector<std::vector<S>> outputs_;               // of the present firing
    std::vector<std::vector<std::vector<S>>> recorded_; // tap, lane, frame
    std::vector<S> state_, work_;
    std::vector<std::int64_t> ended_;
    Cuts cuts_ = equal_cuts(kLongestFiring);
    std::int64_t frame_ = 0;
    std::uint64_t awake_ = ~std::uint64_t{0};
    S prefill_ = 0;
    std::function<void(bool)> around_ = [](bool) {};
    bool is_within_bounds_ = true;
};

} // namespace amp::test

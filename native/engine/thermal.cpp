#include "engine/thermal.h"

#include "base/approximation.h"
#include "base/lanes.h"

#include <algorithm>
#include <utility>

namespace amp::engine::inline AMP_PRECISION {

namespace {

constexpr double kReductionSeconds = 0.05; // from all to nothing, at least

// 1 - exp(-x), also for an x so small that a difference would lose it.
double one_minus_exp(double x) {
    constexpr double kLog2E = 1.4426950408889634;
    return x < 1e-4 ? x * (1 - x / 2 * (1 - x / 3)) : 1 - power_of_two(-x * kLog2E);
}

template <int N>
void add_squares_of(const Sample* in, const Sample* held, int lanes, Sample* sums) {
    using Value = Lanes<Sample, N>;
    for (int lane = 0; lane < lanes; lane += N) {
        Value heard = Value::load(in + lane);
        if (held != nullptr) {
            heard = select(Value::load(held + lane) > Value(Sample(0)), heard, Value(Sample(0)));
        }
        (Value::load(sums + lane) + heard * heard).store(sums + lane);
    }
}

// The sum of a value of each lane that sounds, and not of those that only fill a register; they begin anew.
double take_sum(Sample* values, Shape shape, int lanes) {
    if (lanes == 1) {
        const Sample sum = *values;
        *values = 0;
        return static_cast<double>(sum);
    }
    std::array<Sample, 16> columns{};
    for (int channel = 0; channel < shape.channels; ++channel) {
        const Sample* const of_channel = values + shape.lane(0, channel);
        int batch = 0;
        for (; batch + 16 <= shape.batch; batch += 16) {
            for (int i = 0; i < 16; ++i) {
                columns[static_cast<std::size_t>(i)] += of_channel[batch + i];
            }
        }
        for (int i = 0; batch + i < shape.batch; ++i) {
            columns[static_cast<std::size_t>(i)] += of_channel[batch + i];
        }
    }
    for (std::size_t half = 8; half > 0; half /= 2) {
        for (std::size_t i = 0; i < half; ++i) {
            columns[i] += columns[i + half];
        }
    }
    std::fill_n(values, lanes, Sample(0));
    return static_cast<double>(columns[0]);
}

} // namespace

void add_squares(std::span<const Sample> held, const Block<const Sample>& block, const HeardFrames& heard, int lanes,
                 Sample* sums) {
    const Sample* const mask = held.empty() ? nullptr : held.data();
    for (const int place : heard) {
        const Sample* const in = block.frame(place);
        switch (lanes) {
        case 1:
            add_squares_of<1>(in, mask, lanes, sums);
            break;
        case 2:
            add_squares_of<2>(in, mask, lanes, sums);
            break;
        case 4:
            add_squares_of<4>(in, mask, lanes, sums);
            break;
        case 8:
            add_squares_of<8>(in, mask, lanes, sums);
            break;
        default:
            add_squares_of<16>(in, mask, lanes, sums);
        }
    }
}

void Thermal::set_up(const plan::Thermal& budget, const plan::NodeThermal& coefficients, bool reduces,
                     double sample_rate) {
    const double tick_seconds = kTickFrames / sample_rate;
    const double cooled = one_minus_exp(tick_seconds / coefficients.tau);
    decay_ = 1 - cooled;
    rise_ = coefficients.gain * coefficients.tau * cooled;
    reduces_ = reduces;
    limit_ = budget.limit - budget.ambient;
    hot_ = (budget.warm + budget.limit) / 2 - budget.ambient;
    most_change_ = std::min(1.0, tick_seconds / kReductionSeconds);
}

void Thermal::add_input(std::size_t index, bool begins_group, Shape shape, bool is_fed, const HeatPlace& place) {
    shapes_[ear_count_] = shape;
    Ear& ear = ears_[ear_count_++];
    Sample* const squares = place.squares != nullptr ? place.squares : &ear.own_squares;
    ear.squares = is_fed ? squares : nullptr;
    ear.heat = place.heat != nullptr ? place.heat : &ear.own_heat;
    ear.power = place.power != nullptr ? place.power : &ear.own_power;
    ear.decay = decay_;
    ear.rise = rise_;
    ear.index = static_cast<std::uint8_t>(index);
    ear.begins_group = begins_group;
    hears_ = hears_ || is_fed;
    judge_plain();
}

void Thermal::write_to(Wheel* wheel, std::int64_t late, std::int64_t history) {
    wheel_ = wheel;
    late_ = late;
    history_ = history;
    judge_plain();
}

void Thermal::begin_voices() {
    int lanes = 0;
    for (std::size_t i = 0; i < ear_count_; ++i) {
        lanes = std::max(lanes, shapes_[i].lanes());
    }
    held_.assign(static_cast<std::size_t>(lanes), 0);
    judge_plain();
}

void Thermal::judge_plain() {
    ears_[0].is_plain =
        ear_count_ == 1 && hears_ && shapes_[0].lanes() == 1 && !reduces_ && wheel_ == nullptr && held_.empty();
}

double Thermal::total() const {
    double total = 0;
    for (const Ear& ear : ears()) {
        total += ear.begins_group ? *ear.heat : 0;
    }
    return total;
}

void Thermal::hold(int lane, bool is_held) {
    for (std::size_t at = static_cast<std::size_t>(lane); at < held_.size();
         at += static_cast<std::size_t>(shapes_[0].batch_stride())) {
        held_[at] = is_held ? 1 : 0;
    }
}

void Thermal::hear_plainly(const Block<const Sample>& input, std::int64_t frame, int frames) {
    Ear& ear = ears_[0];
    const auto step_of = [&](Sample sum) {
        step_heat(static_cast<double>(sum) * (1.0 / kHeardFrames), ear.decay, ear.rise, *ear.heat, *ear.power);
    };
    for_each_tick(frame, frames, [&](const TickPart& part) {
        if (part.end - part.begin == kTickFrames) {
            // Most are whole, and every node pays for this.
            const HeardPlaces heard(part.tick);
            const Block<const Sample> tick{input.frame(static_cast<int>(part.begin - frame)), input.frame_stride};
            Sample sum = std::exchange(*ear.squares, Sample(0));
            for (int i = 0; i < kHeardFrames; ++i) {
                const Sample value = *tick.frame(heard[i]);
                sum += value * value;
            }
            step_of(sum);
            return;
        }
        Sample sum = *ear.squares;
        for (const int place : HeardFrames(part, frame)) {
            const Sample heard = *input.frame(place);
            sum += heard * heard;
        }
        if (part.ends_tick()) {
            step_of(sum);
            sum = 0;
        }
        *ear.squares = sum;
    });
}

void Thermal::hear_all(std::span<const Block<const Sample>> inputs, std::int64_t frame, int frames) {
    for_each_tick(frame, frames, [&](const TickPart& part) {
        const HeardFrames heard(part, frame);
        for (std::size_t i = 0; i < ear_count_; ++i) {
            if (ears_[i].squares != nullptr) {
                add_squares(held_, inputs[ears_[i].index], heard, shapes_[i].lanes(), ears_[i].squares);
            }
        }
        pass(part);
    });
}

void Thermal::rest(std::int64_t frame, int frames) {
    if (hears()) {
        for_each_tick(frame, frames, [&](const TickPart& part) { pass(part); });
    }
}

// A tick is over.
void Thermal::step() {
    const double published = total();
    for (std::size_t begin = 0, end = 0; begin < ear_count_; begin = end) {
        double power = 0;
        do {
            if (ears_[end].squares != nullptr) {
                const Shape shape = shapes_[end];
                const double scale = 1.0 / (kHeardFrames * shape.batch * shape.channels);
                const double mean = take_sum(ears_[end].squares, shape, shape.lanes()) * scale;
                power += mean < kMostPower ? mean : 0;
            }
        } while (++end < ear_count_ && !ears_[end].begins_group);
        step_heat(power, decay_, rise_, *ears_[begin].heat, *ears_[begin].power);
    }
    if (reduces_) {
        move_gain(published);
    }
}

// From hot on less and less is heard, nothing at the limit; the way there is never steep.
void Thermal::move_gain(double published) {
    const double wanted = std::clamp((limit_ - published) / (limit_ - hot_), 0.0, 1.0);
    gain_from_ = gain_to_;
    gain_to_ = std::clamp(wanted, gain_from_ - most_change_, gain_from_ + most_change_);
    shown_gain_.store(gain_to_, std::memory_order_relaxed);
}

void Thermal::reduce(std::span<Block<const Sample>> blocks, std::int64_t frame, int frames, Scratch& scratch) {
    for (std::size_t i = 0; i < ear_count_; ++i) {
        if (ears_[i].squares == nullptr) {
            continue;
        }
        const int lanes = shapes_[i].lanes();
        Block<const Sample>& block = blocks[ears_[i].index];
        Sample* const to = scratch.take(static_cast<std::size_t>(frames * lanes));
        for (int f = 0; f < frames; ++f) {
            const auto steps = static_cast<double>((frame + f) % kTickFrames + 1);
            const auto gain = static_cast<Sample>(gain_from_ + (gain_to_ - gain_from_) * (steps / kTickFrames));
            const Sample* const from = block.frame(f);
            for (int lane = 0; lane < lanes; ++lane) {
                to[f * lanes + lane] = from[lane] * gain;
            }
        }
        block = {to, lanes};
    }
}

std::size_t Thermal::scratch_samples(int frames) const {
    std::size_t samples = 0;
    for (std::size_t i = 0; reduces_ && i < ear_count_; ++i) {
        samples += static_cast<std::size_t>(frames * shapes_[i].lanes()) + 16;
    }
    return samples;
}

void Thermal::show_on_wheel(const TickPart& part) {
    const auto heat = static_cast<Sample>(total());
    std::int64_t index = wheel_->index(part.begin + late_);
    for (std::int64_t frame = part.begin; frame < part.end; ++frame) {
        wheel_->data[index * wheel_->stride] = heat;
        index = index + 1 == wheel_->capacity ? 0 : index + 1;
    }
}

void Thermal::take_over(const Thermal& from, std::int64_t frame) {
    for (std::size_t i = 0; i < ear_count_; ++i) {
        const Ear& ear = ears_[i];
        const Ear& before = from.ears_[i];
        std::atomic_ref(*ear.heat).store(*before.heat, std::memory_order_relaxed);
        std::atomic_ref(*ear.power).store(*before.power, std::memory_order_relaxed);
        if (ear.squares != nullptr && before.squares != nullptr) {
            std::copy_n(before.squares, shapes_[i].lanes(), ear.squares);
        }
    }
    if (held_.size() == from.held_.size()) {
        std::ranges::copy(from.held_, held_.begin());
    }
    if (reduces_) {
        gain_from_ = from.gain_from_;
        gain_to_ = from.gain_to_;
        shown_gain_.store(gain_to_, std::memory_order_relaxed);
    }
    // What was not on a wheel, or further back than anybody read, stood at the earliest that is known.
    const std::int64_t known = from.wheel_ == nullptr ? 0 : from.history_;
    for (std::int64_t back = 1; wheel_ != nullptr && back <= history_; ++back) {
        const std::int64_t then = frame - std::min(back, known) + late_;
        *wheel_->at(frame - back + late_) = known == 0 ? static_cast<Sample>(total()) : *from.wheel_->at(then);
    }
}

} // namespace amp::engine::inline AMP_PRECISION

// The heat of a node: the energy of what its inputs hear warms it, and what is warmer than its surroundings cools.
//
// Four frames of a tick stand for all of them, one of each quarter, by the tick's number alone. Where a firing begins
// and ends, who fires, and whether nodes fire as one changes nothing: the squares of a lane are added in the order of
// the frames, lanes in a tree, inputs and groups in their order.
#pragma once

#include "base/cache_line.h"
#include "base/real_time.h"
#include "base/seed.h"
#include "engine/reader.h"
#include "engine/sample.h"
#include "node/node.h"
#include "plan/description.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

inline constexpr int kHeardFrames = 4; // of a tick

// The part of a tick that lies in a firing: frames [begin, end).
struct TickPart {
    std::int64_t tick, begin, end;
    bool ends_tick() const { return end == (tick + 1) * kTickFrames; }
};

// Calls visit(part) for each tick that frames [frame, frame + frames) lie in.
template <class Visit>
inline void for_each_tick(std::int64_t frame, int frames, Visit&& visit) {
    const std::int64_t end = frame + frames;
    for (std::int64_t at = frame; at < end;) {
        const std::int64_t tick = at / kTickFrames;
        const TickPart part{tick, at, std::min(end, (tick + 1) * kTickFrames)};
        visit(part);
        at = part.end;
    }
}

// The heard frames of a tick, ascending, as places in it.
class HeardPlaces {
public:
    explicit HeardPlaces(std::int64_t tick) : hash_(mixed_seed(0x68656174, static_cast<std::uint64_t>(tick))) {}
    int operator[](int i) const {
        constexpr int kQuarter = kTickFrames / kHeardFrames;
        return i * kQuarter + static_cast<int>(hash_ >> (8 * i) & (kQuarter - 1));
    }

private:
    std::uint64_t hash_;
};

// Those that lie in a part of a tick, as places in a block that begins at frame `first`.
class HeardFrames {
public:
    HeardFrames(const TickPart& part, std::int64_t first) {
        const HeardPlaces heard(part.tick);
        const std::int64_t tick = part.tick * kTickFrames;
        for (int i = 0; i < kHeardFrames; ++i) {
            const std::int64_t at = tick + heard[i];
            places_[count_] = static_cast<int>(at - first);
            count_ += at >= part.begin && at < part.end ? 1 : 0;
        }
    }
    const int* begin() const { return places_.data(); }
    const int* end() const { return places_.data() + count_; }

private:
    std::array<int, kHeardFrames> places_;
    std::size_t count_ = 0;
};

// Adds the squares of heard frames to the sum of each of `lanes` padded lanes; where `held` is 0, none. [worker]
void add_squares(std::span<const Sample> held, const Block<const Sample>& block, const HeardFrames& heard, int lanes,
                 Sample* sums) AMP_REAL_TIME;

// What warms and cools one tap group of a node.
struct HeatOfGroup {
    std::uint32_t input = 0; // the group's first
    double power = 0;        // mean square a lane in the newest tick, summed over its inputs
    double heat = 0;         // degrees above the surroundings
};

// Where an input keeps what it has heard, if not in itself: beside those of others.
struct HeatPlace {
    Sample* squares = nullptr; // of each lane, in the present tick
    double* heat = nullptr;    // of the group that the input begins
    double* power = nullptr;   // of its newest tick
};

inline constexpr double kMostPower = 1e30; // what is above, or no number, warms nothing

// The heat of a group after a tick of that power, which may be watched. [worker]
inline void step_heat(double power, double decay, double rise, double& heat, double& shown_power) AMP_REAL_TIME {
    const double counted = power < kMostPower ? power : 0;
    std::atomic_ref(heat).store(heat * decay + counted * rise, std::memory_order_relaxed);
    std::atomic_ref(shown_power).store(counted, std::memory_order_relaxed);
}

class Thermal {
public:
    // At rest. `reduces`: the node hears less of what would make it too hot. [compiler]
    void set_up(const plan::Thermal& budget, const plan::NodeThermal& coefficients, bool reduces, double sample_rate);

    // The node's input of that index, which belongs to the newest group or begins one; of several lanes it has a place
    // for squares. Inputs come in the order of their groups. [compiler]
    void add_input(std::size_t index, bool begins_group, Shape shape, bool is_fed, const HeatPlace& place);

    // Where the heat goes, one lane, by so many frames late; it is read at most `history` frames back. [compiler]
    void write_to(Wheel* wheel, std::int64_t late, std::int64_t history);

    // From now on the lanes of voices count only while their notes are held; all inputs are there. [compiler]
    void begin_voices();
    // The note of a voice's lane is held, or not. [worker]
    void hold(int lane, bool is_held) AMP_REAL_TIME;

    // True if anything feeds it. [any]
    bool hears() const { return hears_; }
    // True if it has one input of one lane, and nothing but whoever watches wants to know its heat. [any]
    bool is_plain() const { return ears_[0].is_plain; }

    // The inputs were read for frames [frame, frame + frames), or they were not, and nothing sounds. [worker]
    void hear(std::span<const Block<const Sample>> inputs, std::int64_t frame, int frames) AMP_REAL_TIME {
        if (is_plain()) {
            hear_plainly(inputs[0], frame, frames);
        } else {
            hear_all(inputs, frame, frames);
        }
    }
    void rest(std::int64_t frame, int frames) AMP_REAL_TIME;

    // The sums of its inputs have all of the part. [worker]
    void pass(const TickPart& part) AMP_REAL_TIME {
        if (wheel_ != nullptr) {
            show_on_wheel(part);
        }
        if (part.ends_tick()) {
            step();
        }
    }

    // Whether it may hear less than what comes, and whether it does in the present tick. [worker]
    bool may_reduce() const { return reduces_; }
    bool reduces() const { return gain_from_ != 1 || gain_to_ != 1; }
    // Makes what its inputs hear in frames of the present tick softer. [worker]
    void reduce(std::span<Block<const Sample>> inputs, std::int64_t frame, int frames, Scratch& scratch) AMP_REAL_TIME;

    // Samples of scratch that `reduce` needs for so many frames. [compiler]
    std::size_t scratch_samples(int frames) const;

    // What a tick leaves of the heat, and what power adds to it. [any]
    double decay() const { return ears_[0].decay; }
    double rise() const { return ears_[0].rise; }

    // Goes on at `frame` where `from` is, of a node of the same type and shape. [worker]
    void take_over(const Thermal& from, std::int64_t frame) AMP_REAL_TIME;

    // As after the newest tick, in the order of the groups. [any]
    template <class Visit>
    void for_each_group(Visit&& visit) const {
        for (const Ear& ear : ears()) {
            if (ear.begins_group) {
                visit(HeatOfGroup{ear.index, std::atomic_ref(*ear.power).load(std::memory_order_relaxed),
                                  std::atomic_ref(*ear.heat).load(std::memory_order_relaxed)});
            }
        }
    }
    double shown_gain() const { return shown_gain_.load(std::memory_order_relaxed); }

private:
    // An input: all that a tick of a plain one touches, in one cache line.
    struct alignas(kCacheLine) Ear {
        Sample* squares = nullptr; // null: nothing feeds it
        double* heat = nullptr;
        double* power = nullptr;
        double decay = 1, rise = 0;
        double own_heat = 0, own_power = 0;
        Sample own_squares = 0;
        std::uint8_t index = 0;
        bool begins_group = false;
        bool is_plain = false; // the first one: all of the node
    };
    static_assert(sizeof(Sample) > sizeof(float) || sizeof(Ear) == kCacheLine);

    std::span<Ear> ears() { return {ears_.data(), ear_count_}; }
    std::span<const Ear> ears() const { return {ears_.data(), ear_count_}; }
    double total() const AMP_REAL_TIME;
    void hear_plainly(const Block<const Sample>& input, std::int64_t frame, int frames) AMP_REAL_TIME;
    void hear_all(std::span<const Block<const Sample>> inputs, std::int64_t frame, int frames) AMP_REAL_TIME;
    void step() AMP_REAL_TIME;
    void move_gain(double published) AMP_REAL_TIME;
    void show_on_wheel(const TickPart& part) AMP_REAL_TIME;
    void judge_plain();

    std::array<Ear, 8> ears_{}; // as many as a type can have, in the order of their groups
    std::array<Shape, 8> shapes_{};
    std::uint32_t ear_count_ = 0;
    bool hears_ = false, reduces_ = false;
    Wheel* wheel_ = nullptr; // null: nobody reads it
    std::int64_t late_ = 0, history_ = 0;
    std::vector<Sample> held_; // of each lane of an input, where lanes are voices
    double decay_ = 1, rise_ = 0;
    double gain_from_ = 1, gain_to_ = 1;           // at the begin and at the end of the present tick
    double hot_ = 0, limit_ = 0, most_change_ = 1; // degrees above the surroundings; of the gain in a tick
    std::atomic<double> shown_gain_{1};
};

} // namespace amp::engine::inline AMP_PRECISION

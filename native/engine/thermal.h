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

// The heard frames that lie in a part of a tick, ascending, as places in a block that begins at frame `first`.
class HeardFrames {
public:
    HeardFrames(const TickPart& part, std::int64_t first) {
        constexpr int kQuarter = kTickFrames / kHeardFrames;
        const std::uint64_t hash = mixed_seed(0x68656174, static_cast<std::uint64_t>(part.tick));
        const std::int64_t tick = part.tick * kTickFrames;
        for (int i = 0; i < kHeardFrames; ++i) {
            const std::int64_t at = tick + i * kQuarter + static_cast<int>(hash >> (8 * i) & (kQuarter - 1));
            places_[count_] = static_cast<int>(at - first);
            count_ += at >= part.begin && at < part.end ? 1 : 0;
        }
    }
    const int* begin() const { return places_.data(); }
    const int* end() const { return places_.data() + count_; }

private:
    std::array<int, kHeardFrames + 1> places_;
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

class Thermal {
public:
    // At rest. `reduces`: the node hears less of what would make it too hot. [compiler]
    void set_up(const plan::Thermal& budget, const plan::NodeThermal& coefficients, bool reduces, double sample_rate);

    // The node's input of that index, which belongs to the newest group or begins one; `squares` has one value a lane
    // of its shape if edges feed it, else it is null. Inputs come in the order of their groups. [compiler]
    void add_input(std::size_t index, bool begins_group, Shape shape, Sample* squares);

    // Where the heat goes, one lane, by so many frames late; it is read at most `history` frames back. [compiler]
    void write_to(Wheel* wheel, std::int64_t late, std::int64_t history) {
        wheel_ = wheel;
        late_ = late;
        history_ = history;
    }

    // From now on the lanes of voices count only while their notes are held; all inputs are there. [compiler]
    void begin_voices();
    // The note of a voice's lane is held, or not. [worker]
    void hold(int lane, bool is_held) AMP_REAL_TIME;

    // True if anything feeds it. [any]
    bool hears() const { return hears_; }

    // The inputs were read for frames [frame, frame + frames), or they were not, and nothing sounds. [worker]
    void hear(std::span<const Block<const Sample>> inputs, std::int64_t frame, int frames) AMP_REAL_TIME;
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

    // Degrees of all groups, and back to what a node of one group had, since what has warmed it was not so. [worker]
    double heat() const { return total_; }
    void put_back(double heat) { inputs_[0].heat = total_ = heat; }

    // Goes on at `frame` where `from` is, of a node of the same type and shape. [worker]
    void take_over(const Thermal& from, std::int64_t frame) AMP_REAL_TIME;

    // As after the newest tick, in the order of the groups. [any]
    template <class Visit>
    void for_each_group(Visit&& visit) const {
        for (const Input& input : inputs()) {
            if (input.begins_group) {
                visit(HeatOfGroup{input.index, input.shown_power.load(std::memory_order_relaxed),
                                  input.shown_heat.load(std::memory_order_relaxed)});
            }
        }
    }
    double shown_gain() const { return shown_gain_.load(std::memory_order_relaxed); }

private:
    struct alignas(kCacheLine) Input {
        Sample* squares = nullptr; // of each lane, of the present tick; null: nothing feeds it
        double scale = 1;          // from the sum of all lanes' squares to their mean
        double heat = 0;           // of the group that it begins
        std::atomic<double> shown_power{0}, shown_heat{0};
        Shape shape{};
        int lanes = 1;
        std::uint8_t index = 0;
        bool begins_group = false;
    };

    std::span<Input> inputs() { return {inputs_.data(), input_count_}; }
    std::span<const Input> inputs() const { return {inputs_.data(), input_count_}; }
    void step() AMP_REAL_TIME;
    void move_gain(double published) AMP_REAL_TIME;
    void show_on_wheel(const TickPart& part) AMP_REAL_TIME;

    // What every tick touches comes first.
    double decay_ = 1, rise_ = 0;
    double total_ = 0;                   // heat of all groups
    double gain_from_ = 1, gain_to_ = 1; // at the begin and at the end of the present tick
    Wheel* wheel_ = nullptr;             // null: nobody reads it
    std::uint32_t input_count_ = 0;
    bool hears_ = false, reduces_ = false;
    std::array<Input, 8> inputs_; // as many as a type can have, in the order of their groups
    std::vector<Sample> held_;    // of each lane of an input, where lanes are voices
    std::int64_t late_ = 0, history_ = 0;
    double hot_ = 0, limit_ = 0, most_change_ = 1; // degrees above the surroundings; of the gain in a tick
    std::atomic<double> shown_gain_{1};
};

} // namespace amp::engine::inline AMP_PRECISION

// What a synchrony gate, or a drain, does to one edge at its reader: when it changes, and how the frames fade, stand
// still or wait meanwhile.
//
// A gate that opens or closes moves a position from 0 to D or back, one step a frame; the position over D is the weight
// of what is read. The frame of the change already has the first step, and a change on the way turns it round. A gate
// whose edge holds the last frame does not fade out: what stands still cannot click.
#pragma once

#include "base/real_time.h"
#include "control/grid.h"
#include "engine/reader.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace amp::engine::inline AMP_PRECISION {

// A tap whose first lane opens a gate while it is above one half, and closes it else; judged on ticks.
struct GateSignal {
    const Wheel* wheel = nullptr;
    std::int64_t late = 0; // frames by which what lies there is late
    bool is_on = false;    // as judged last
};

class Region;

struct EdgeGateSettings {
    bool is_open = true;
    bool holds_frames = false;  // while closed the reader waits; else time runs on
    bool skips_held = false;    // opening goes on with the present
    bool keeps_last = false;    // while closed the last frame is heard, else what the edge gives when it is absent
    std::int64_t declick = 96;  // frames of a fade
    std::int64_t period = 1;    // of the tokens: nothing changes but on its multiples, as the reader's node counts
    std::int64_t most_back = 0; // frames that the reader may be behind, its delay among them
    control::Grid grid;         // of the changes
    std::vector<GateSignal> signals;
    const Region* region = nullptr; // that stands when the reader is as far behind as it may be
};

// How a gate stands, for whoever watches.
enum class GateState : std::uint8_t { closed, open, closing, opening };

class EdgeGate {
public:
    // `lanes` are those of a frame that the reader gives. [compiler]
    EdgeGate(const EdgeGateSettings& settings, Sample absent, int lanes);
    EdgeGate(const EdgeGate&) = delete;
    EdgeGate& operator=(const EdgeGate&) = delete;

    // Asks the gate, at `frame`, to open or close on its grid; the newest wish replaces one that still waits. [worker]
    void ask(std::int64_t frame, bool open) AMP_REAL_TIME;
    void toggle(std::int64_t frame) AMP_REAL_TIME { ask(frame, !asked_); }

    // Ends what comes through the edge, or lets it in again, whatever the gate does. [worker]
    void drain(bool ends) AMP_REAL_TIME { drain_asked_ = ends; }

    // What happens at `frame`, the next one: signals are judged, and a change that is due begins. [worker]
    void begin(std::int64_t frame, Reader& reader) AMP_REAL_TIME;

    // The first frame after `frame` at which it acts otherwise than at `frame`, or `end`. [worker]
    std::int64_t next(std::int64_t frame, std::int64_t end) const AMP_REAL_TIME;

    // True while what is read passes as it is, but for the reader's lag. [worker]
    bool passes() const {
        return position_ == declick_ && target_ && drain_position_ == declick_ && !drains_ && !drain_asked_;
    }

    // True if the next span reads its frames. [worker]
    bool reads() const { return moved(position_, target_, declick_, 1) > 0; }

    // True if the reader waits in the next span, and by how much it may fall further behind. [worker]
    bool waits() const { return !reads() && !target_ && holds_frames_ && !drains_; }
    std::int64_t room(const Reader& reader) const { return std::max<std::int64_t>(0, most_back_ - reader.behind()); }

    // Whether what it reads makes no frames in the next span. [worker]
    void stand(bool stands) { stands_ = stands; }

    // What is heard of the frames that were read, of as many lanes as the leaf has; its data are not looked at unless
    // it reads. [worker]
    Leaf shape(const Leaf& read, int frames, Scratch& scratch) AMP_REAL_TIME;

    // How much of what the next span hears is what it reads: multiplies `weights`, of frames x `lanes`, and gives for
    // each frame how much is the frame that is held, and what a drain leaves of both. True if the held frame was taken
    // just now. [worker]
    bool weigh(int lanes, std::span<Sample> weights, std::span<Sample> held,
               std::span<Sample> undrained) const AMP_REAL_TIME;

    // The span is over. [worker]
    void advance(std::int64_t frames, Reader& reader) AMP_REAL_TIME;

    // Goes on where `from` is, a gate of equal settings before an edge of another plan. [worker]
    void take_over(const EdgeGate& from, const Reader& from_reader, Reader& reader) AMP_REAL_TIME;

    // A voice begins on the lane: what it holds of the one before is forgotten. [worker]
    void forget(int lane) AMP_REAL_TIME {
        if (keeps_last_) {
            held_[static_cast<std::size_t>(lane)] = heard_[static_cast<std::size_t>(lane)] = absent_;
        }
    }

    // Samples of scratch that a span takes. [compiler]
    std::size_t scratch_samples(int frames) const {
        return static_cast<std::size_t>(frames) * 2 * static_cast<std::size_t>(lanes_) + 32;
    }

    // As it stood after the last firing. [any]
    GateState shown_state() const { return shown_state_.load(std::memory_order_relaxed); }
    std::int64_t shown_lag() const { return shown_lag_.load(std::memory_order_relaxed); }
    // The frame of a change that waits, or -1; and whether it opens. [any]
    std::int64_t shown_change() const { return shown_change_.load(std::memory_order_relaxed); }
    bool shown_opens() const { return shown_opens_.load(std::memory_order_relaxed); }
    // Frames that were dropped because they had waited too long. [any]
    std::uint64_t shown_drops() const { return shown_drops_.load(std::memory_order_relaxed); }
    // The first frame that the next firing reads; the greatest number before the first one. [any]
    std::int64_t shown_cursor() const { return shown_cursor_.load(std::memory_order_acquire); }
    // The firing before `frame` is over: for those who watch. [worker]
    void show(std::int64_t frame, const Reader& reader) AMP_REAL_TIME;

    // From its next firing on the reader is not further back than `frames`; what waits longer is dropped. [worker]
    void limit(std::int64_t frames) AMP_REAL_TIME { limit_.store(frames, std::memory_order_relaxed); }

private:
    static constexpr std::int64_t kNone = INT64_MAX;

    void keep_up(Reader& reader);
    std::int64_t next_token(std::int64_t frame) const { return (frame + period_ - 1) / period_ * period_; }

    void change(bool open, Reader& reader);
    std::int64_t frames_of_fade(std::int64_t position, bool up) const;
    static std::int64_t moved(std::int64_t position, bool up, std::int64_t most, std::int64_t steps) {
        return up ? std::min(most, position + steps) : std::max<std::int64_t>(0, position - steps);
    }
    Sample weight(std::int64_t position) const { return static_cast<Sample>(position) / static_cast<Sample>(declick_); }

    const int lanes_;
    const std::int64_t declick_, period_;
    std::int64_t most_back_;
    const bool holds_frames_, skips_held_, keeps_last_;
    const Sample absent_;
    const control::Grid grid_;
    std::vector<GateSignal> signals_;
    const Region* const region_;
    bool stands_ = false;
    std::int64_t stands_until_ = kNone; // the frame at which that changes

    bool asked_, target_;
    std::int64_t position_;
    std::int64_t change_at_ = kNone;
    bool change_opens_ = false;
    bool drains_ = false, drain_asked_ = false;
    std::int64_t drain_position_;
    // Where the last frame is kept: what stands while the gate is closed, and what was heard last; else empty.
    std::vector<Sample> held_, heard_;
    bool takes_held_ = false; // just before the present span
    std::uint64_t drops_ = 0;

    std::atomic<GateState> shown_state_;
    std::atomic<std::int64_t> shown_lag_{0}, shown_change_{-1}, shown_cursor_{INT64_MAX};
    std::atomic<std::int64_t> limit_{INT64_MAX};
    std::atomic<bool> shown_opens_{false};
    std::atomic<std::uint64_t> shown_drops_{0};
};

} // namespace amp::engine::inline AMP_PRECISION

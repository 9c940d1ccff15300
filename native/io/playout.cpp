#include "io/playout.h"

#include <algorithm>
#include <cmath>
#include <unistd.h>

namespace amp::io {

namespace {

constexpr double kFadeSeconds = 0.002;
constexpr std::int64_t kMostBuffersBehind = 8;
constexpr std::int64_t kShareAhead = 4; // of the ring: so much of it may be made ahead of the clock at most

// A player that takes over first listens how the device asks, and then waits this often for the engine to run ahead.
constexpr int kBurstsToBelieve = 6;
constexpr int kBurstsToListen = kBurstsToBelieve + 2;
constexpr int kMostTries = 16;

// Callbacks of small buffers come unevenly by this much on any machine.
constexpr double kUsualJitterNanoseconds = 1e6;

// Relaxed: whoever holds `pulling` is the one writer.
void add(std::atomic<std::int64_t>& counter, std::int64_t amount) AMP_REAL_TIME {
    counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

} // namespace

Playout::Playout(OutputMemory& memory, std::uint32_t token)
    : memory_(memory),
      header_(memory.header()),
      token_(token),
      process_(getpid()),
      ns_per_frame_(1e9 / memory.geometry().sample_rate),
      declick_(memory.geometry().channels, static_cast<int>(std::lround(kFadeSeconds * memory.geometry().sample_rate))),
      loop_(ns_per_frame_) {}

bool Playout::pull(float* out, int frames, std::int64_t now_ns) AMP_REAL_TIME {
    listen_for_bursts(frames, now_ns);
    bool plays = false;
    // Only an owner takes the turn, so whoever watches the owner also knows who may have died with it.
    if (is_owner(frames) && take_turn()) {
        plays = header_.owner.load(std::memory_order_seq_cst) == token_;
        if (plays) {
            play(out, frames, now_ns);
        }
        end_turn();
    }
    device_underflow_ = false;
    lost_frames_ = 0;
    if (!plays && out != nullptr) {
        declick_.miss(out, frames);
    }
    return plays;
}

void Playout::release() AMP_REAL_TIME {
    std::uint32_t expected = token_;
    header_.owner.compare_exchange_strong(expected, kClockDevice, std::memory_order_seq_cst);
}

void Playout::give_up() AMP_REAL_TIME {
    std::uint32_t expected = token_;
    if (header_.owner.compare_exchange_strong(expected, kClockDevice, std::memory_order_seq_cst)) {
        header_.device_losses.fetch_add(1, std::memory_order_relaxed);
    }
}

// Never waits: whoever holds the turn is about to give it back, or is dead and will be put aside.
bool Playout::take_turn() AMP_REAL_TIME {
    std::uint64_t expected = 0;
    return header_.pulling.compare_exchange_strong(expected, std::uint64_t{token_} + 1, std::memory_order_seq_cst);
}

void Playout::end_turn() AMP_REAL_TIME {
    std::uint64_t expected = std::uint64_t{token_} + 1;
    header_.pulling.compare_exchange_strong(expected, 0, std::memory_order_seq_cst);
}

bool Playout::is_owner(int frames) AMP_REAL_TIME {
    const PlayoutState state = state_.load(std::memory_order_relaxed);
    const std::uint32_t owner = header_.owner.load(std::memory_order_seq_cst);
    if (state != PlayoutState::deposed && owner == token_) {
        state_.store(PlayoutState::playing, std::memory_order_release);
        return true;
    }
    if (state == PlayoutState::playing) {
        state_.store(token_ == kClockDevice ? PlayoutState::waiting : PlayoutState::deposed, std::memory_order_release);
        return false;
    }
    return state == PlayoutState::waiting && owner == kClockDevice && take_over(frames);
}

// True once the output is this player's. Until the frames of a whole buffer are made the clock device goes on.
bool Playout::take_over(int frames) AMP_REAL_TIME {
    const std::int64_t clock = header_.clock.load(std::memory_order_relaxed);
    const std::int64_t buffer = std::min(std::max<std::int64_t>(buffer_frames_, frames), most_ahead());
    const bool is_made = header_.made.load(std::memory_order_acquire) >= clock + buffer;
    tries_ += in_burst_ ? 0 : 1;
    const bool waits_for_frames = !is_made && (clock == 0 || tries_ <= kMostTries);
    if (in_burst_ || tries_ <= kBurstsToListen || waits_for_frames) {
        // The clock device will have asked for about a buffer more when this player is called again.
        allow_beyond(clock + 2 * buffer);
        return false;
    }
    std::uint32_t expected = kClockDevice;
    if (!header_.owner.compare_exchange_strong(expected, token_, std::memory_order_seq_cst)) {
        return false;
    }
    header_.owner_process.store(process_, std::memory_order_relaxed);
    state_.store(PlayoutState::playing, std::memory_order_release);
    return true;
}

// What a device asks for in one go. A burst that only makes up for lost time does not come again and again.
void Playout::listen_for_bursts(int frames, std::int64_t now_ns) AMP_REAL_TIME {
    const double quarter_buffer_ns = 0.25 * static_cast<double>(last_pull_frames_) * ns_per_frame_;
    in_burst_ = static_cast<double>(now_ns - last_pull_ns_) < quarter_buffer_ns;
    last_pull_ns_ = now_ns;
    last_pull_frames_ = frames;
    buffer_frames_ = std::max(buffer_frames_, std::int64_t{frames});
    if (in_burst_) {
        burst_frames_ += frames;
        return;
    }
    if (burst_frames_ <= buffer_frames_) {
        large_bursts_ = 0;
    } else {
        smallest_large_burst_ = large_bursts_ == 0 ? burst_frames_ : std::min(smallest_large_burst_, burst_frames_);
        if (++large_bursts_ == kBurstsToBelieve) {
            buffer_frames_ = smallest_large_burst_;
            large_bursts_ = 0;
        }
    }
    burst_frames_ = frames;
}

void Playout::play(float* out, int frames, std::int64_t now_ns) AMP_REAL_TIME {
    add(header_.callbacks, 1);
    header_.last_callback_ns.store(now_ns, std::memory_order_relaxed);
    header_.device_frames.store(buffer_frames_, std::memory_order_relaxed);

    std::int64_t clock = header_.clock.load(std::memory_order_relaxed);
    const std::int64_t made = header_.made.load(std::memory_order_acquire);
    if (clock == 0 && made < frames) {
        // The stream begins when its first buffer is made; what is before counts as nothing.
        allow_beyond(clock);
        if (out != nullptr) {
            declick_.miss(out, frames);
        }
        return;
    }
    const std::int64_t step = std::max<std::int64_t>(frames, memory_.geometry().block);
    const bool is_overwritten = made - clock > memory_.geometry().capacity_frames;
    if (clock - made > kMostBuffersBehind * step || is_overwritten) {
        anchor(now_ns);
        clock = made;
    }
    begins_anew_ = begins_anew_ || clock != left_at_;
    if (begins_anew_) {
        declick_.begin(clock > 0);
    }
    const std::int64_t available = std::clamp<std::int64_t>(made - clock, 0, frames);
    if (out != nullptr) {
        copy(out, clock, available);
        declick_.miss(out + available * memory_.geometry().channels, frames - available);
    }
    std::int64_t expected = clock;
    if (!header_.clock.compare_exchange_strong(expected, clock + frames, std::memory_order_seq_cst)) {
        return; // this player slept so long in here that another has gone on without it
    }
    left_at_ = clock + frames;
    count_missing(clock, available, frames - available, now_ns);
    keep_time(clock, available == frames, now_ns);
    allow_beyond(clock + frames);
}

void Playout::copy(float* out, std::int64_t frame, std::int64_t count) AMP_REAL_TIME {
    while (count > 0) {
        const std::int64_t straight = std::min(count, memory_.straight_frames(frame));
        declick_.play(memory_.frame(frame), out, straight);
        out += straight * memory_.geometry().channels;
        frame += straight;
        count -= straight;
    }
}

// Goes back to what is made, so that what comes is heard again.
void Playout::anchor(std::int64_t now_ns) AMP_REAL_TIME {
    close_gap();
    const std::int64_t made = header_.made.load(std::memory_order_acquire);
    const std::int64_t clock = header_.clock.load(std::memory_order_relaxed);
    header_.gaps.push({made, std::abs(clock - made), now_ns, GapKind::anchor});
    add(header_.anchors, 1);
    header_.clock.store(made, std::memory_order_seq_cst);
    begins_anew_ = true;
}

// A gap is told when it is over; until then it grows in the header, whoever plays meanwhile.
void Playout::count_missing(std::int64_t frame, std::int64_t available, std::int64_t missing,
                            std::int64_t now_ns) AMP_REAL_TIME {
    if (available > 0) {
        close_gap();
    }
    if (missing > 0) {
        if (header_.gap_frames.load(std::memory_order_relaxed) == 0) {
            header_.gap_begin.store(frame + available, std::memory_order_relaxed);
            header_.gap_begin_ns.store(now_ns, std::memory_order_relaxed);
        }
        add(header_.gap_frames, missing);
        add(header_.missed_frames, missing);
    }
}

void Playout::close_gap() AMP_REAL_TIME {
    const std::int64_t frames = header_.gap_frames.load(std::memory_order_relaxed);
    if (frames > 0) {
        header_.gaps.push({header_.gap_begin.load(std::memory_order_relaxed), frames,
                           header_.gap_begin_ns.load(std::memory_order_relaxed), GapKind::missing});
        header_.gap_frames.store(0, std::memory_order_relaxed);
    }
}

// Fits the clock to the time of this call, and tells what the device did not do in time.
void Playout::keep_time(std::int64_t frame, bool all_there, std::int64_t now_ns) AMP_REAL_TIME {
    const double tolerance_ns = std::max(static_cast<double>(buffer_frames_) * ns_per_frame_, kUsualJitterNanoseconds);
    const double late_ns = begins_anew_ ? 0 : loop_.lateness(frame, now_ns);
    const auto late_frames = static_cast<std::int64_t>(std::max(0.0, late_ns) / ns_per_frame_);
    const bool is_off = !in_burst_ && std::abs(late_ns) > tolerance_ns;
    if (device_underflow_ && !begins_anew_) {
        add(header_.device_underflows, 1);
        header_.gaps.push({frame, late_frames, now_ns, GapKind::device});
    } else if (lost_frames_ > 0) {
        header_.gaps.push({frame, lost_frames_, now_ns, GapKind::late_callback});
    } else if (is_off && !was_off_ && late_ns > 0 && all_there) {
        header_.gaps.push({frame, late_frames, now_ns, GapKind::late_callback});
    }
    // One call at an odd time says nothing of the clock; a second one says that its phase has moved.
    if (begins_anew_) {
        loop_.reset(frame, now_ns);
    } else if (lost_frames_ > 0 || (is_off && was_off_)) {
        loop_.move_phase(frame, now_ns);
    } else if (!in_burst_ && !is_off) {
        loop_.update(frame, now_ns);
    }
    was_off_ = is_off && !was_off_;
    begins_anew_ = false;
    header_.clock_fit.publish(loop_.fit());
}

// No device makes the engine overwrite what it has not played.
std::int64_t Playout::most_ahead() const AMP_REAL_TIME { return memory_.geometry().capacity_frames / kShareAhead; }

// Lets the engine make all frames below `frame` and the look-ahead.
void Playout::allow_beyond(std::int64_t frame) AMP_REAL_TIME {
    const std::int64_t block = memory_.geometry().block;
    const std::int64_t lookahead =
        std::max(std::min(buffer_frames_, most_ahead()), block) + memory_.geometry().ahead_frames;
    if (header_.owner.load(std::memory_order_relaxed) == token_) {
        header_.lookahead.store(lookahead, std::memory_order_relaxed);
    }
    header_.pace.allow((frame + lookahead + block - 1) / block);
}

} // namespace amp::io

#include "engine/latency_probe.h"

#include "node/kernel.h"

#include <algorithm>

namespace amp::engine::inline AMP_PRECISION {

namespace {

// Transforms round: what is smaller than this share of what entered is no answer that comes too soon.
constexpr Sample kAnswerShare = Sample(1e-4);
// The first step of an envelope, or of what moves with limits, is 0.
constexpr std::int64_t kFirstSteps = 2;
constexpr int kEquallyLate = 3;
// Frames after which no answer is waited for.
constexpr std::int64_t kPatience = 1 << 17;

Sample level(const Block<const Sample>& block, int f, int lanes) {
    Sample most = 0;
    for (int lane = 0; lane < lanes; ++lane) {
        const Sample value = block.frame(f)[lane];
        most = std::max(most, value < 0 ? -value : value);
    }
    return most;
}

template <class Blocks>
Sample level_of(const Blocks& blocks, int f, int lanes) {
    Sample most = 0;
    for (const auto& block : blocks) {
        most = std::max(most, level({block.data, block.frame_stride}, f, lanes));
    }
    return most;
}

// True if nothing but zeros lies side by side in the block.
template <class S>
bool is_silent(const Block<S>& block, int frames, int lanes) {
    if (block.frame_stride != lanes) {
        return false;
    }
    constexpr int kWide = 16;
    using Bits = Lanes<Word<Sample>, kWide>;
    const int values = frames * lanes;
    if (values % kWide != 0) {
        return false;
    }
    Bits gathered(0);
    for (int i = 0; i < values; i += kWide) {
        gathered = gathered | Lanes<Sample, kWide>::load(block.data + i).bits();
    }
    return !any(gathered << 1); // without the sign
}

// The first frame from `f` on that is not silent, or `frames`.
template <class Blocks>
int first_sound(const Blocks& blocks, int f, int frames, int lanes) {
    if (std::ranges::all_of(blocks, [&](const auto& block) { return is_silent(block, frames, lanes); })) {
        return frames;
    }
    while (f < frames && level_of(blocks, f, lanes) == 0) {
        ++f;
    }
    return f;
}

} // namespace

void LatencyProbe::begin(const Settings& settings) {
    settings_ = settings;
    stage_ = settings.declared > 0 || settings.judges_late ? Stage::silent : Stage::done;
}

std::optional<std::int64_t> LatencyProbe::look(std::int64_t frame, int frames, int lanes,
                                               std::span<const Block<const Sample>> entering,
                                               std::span<const Block<Sample>> leaving) {
    if (stage_ == Stage::ending) {
        const bool is_silent =
            first_sound(entering, 0, frames, lanes) == frames && first_sound(leaving, 0, frames, lanes) == frames;
        silent_ = is_silent ? silent_ + frames : 0;
        stage_ = silent_ >= settings_.silence ? Stage::silent : Stage::ending;
        return {};
    }
    int f = 0;
    if (stage_ == Stage::silent) {
        f = first_sound(entering, 0, frames, lanes);
        if (first_sound(leaving, 0, f, lanes) < f) {
            stage_ = Stage::done; // it sounds by itself
            return {};
        }
        if (f == frames) {
            return {};
        }
        stage_ = Stage::answering;
        onset_ = frame + f;
        answer_ = kNever;
        peak_ = 0;
    }
    if (answer_ == kNever) {
        const int first = first_sound(leaving, f, frames, lanes);
        answer_ = first < frames ? frame + first : kNever;
    }
    const std::int64_t due = onset_ + settings_.declared;
    for (; f < frames && frame + f < due; ++f) {
        peak_ = std::max(peak_, level_of(entering, f, lanes));
        if (level_of(leaving, f, lanes) > kAnswerShare * peak_) {
            stage_ = Stage::done;
            return frame + f - onset_;
        }
    }
    return frame + frames > due ? judge(frame + frames) : std::nullopt;
}

// After the frame on which the answer is due.
std::optional<std::int64_t> LatencyProbe::judge(std::int64_t end) {
    if (answer_ == kNever) {
        stage_ = end - onset_ > kPatience ? Stage::done : Stage::answering;
        return {};
    }
    const std::int64_t measured = answer_ - onset_;
    if (measured <= settings_.declared + kFirstSteps || !settings_.judges_late) {
        stage_ = Stage::done;
        return {};
    }
    alike_ = measured == late_ ? alike_ + 1 : 1;
    late_ = measured;
    silent_ = 0;
    stage_ = alike_ == kEquallyLate ? Stage::done : Stage::ending;
    return stage_ == Stage::done ? std::optional(measured) : std::nullopt;
}

} // namespace amp::engine::inline AMP_PRECISION

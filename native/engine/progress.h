// How far a node is, or a cohort of nodes that run as one: for whoever waits, watches, or reads what it made.
#pragma once

#include "base/cycle_counter.h"
#include "base/real_time.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace amp::engine {

// What a firing leaves behind for whoever asks what became visible when.
struct TokenHeader {
    std::int64_t first_frame = 0;
    std::int32_t frames = 0;
    std::uint32_t step = 0;          // the firing's number
    std::uint64_t time_produced = 0; // cycles
};

struct Progress {
    std::span<TokenHeader> headers;        // a ring of a power of two
    std::uint32_t step = 0;                // firings
    std::atomic<std::int64_t> finished{0}; // frames of the stream
    std::atomic<std::int64_t> stood{0};    // of these: the region stood, and none were made

    // The header of firing `number`, while it is among the newest.
    TokenHeader& header_of(std::uint32_t number) const { return headers[number & (headers.size() - 1)]; }
    const TokenHeader& newest() const { return header_of(step - 1); }

    // Frames that are made, or a few less. [any]
    std::int64_t made() const AMP_REAL_TIME {
        const std::int64_t until = finished.load(std::memory_order_acquire);
        return until - stood.load(std::memory_order_relaxed);
    }

    // A firing has made frames [frame, frame + frames), as the stream or the region counts them. [worker]
    void stamp(std::int64_t frame, int frames) AMP_REAL_TIME {
        header_of(step) = {frame, frames, step, cycle_counter()};
        ++step;
    }

    // Goes on where another one is. [worker]
    void take_headers(const Progress& from) AMP_REAL_TIME {
        step = from.step;
        const std::size_t kept = std::min(headers.size(), from.headers.size());
        for (std::uint32_t back = 1; back <= kept; ++back) {
            header_of(step - back) = from.header_of(step - back);
        }
    }
};

} // namespace amp::engine

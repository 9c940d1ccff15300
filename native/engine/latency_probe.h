// Measures, while a node plays, how late it answers what enters it, against the latency that its type declares.
//
// After silence the first frame that is not 0 is looked for in what enters the node, and in what leaves it. An answer
// that comes sooner than declared proves the declaration wrong. One that comes later proves nothing by itself (a level
// may be shut), so it has to come equally late three times, in a node with one fed input and no fed parameter. Once a
// node has answered as declared, or sounds by itself, nothing is measured any more and nothing is paid.
#pragma once

#include "base/real_time.h"
#include "engine/sample.h"
#include "node/node.h"

#include <cstdint>
#include <optional>
#include <span>

namespace amp::engine::inline AMP_PRECISION {

class LatencyProbe {
public:
    // Frames of silence, in what enters and in what leaves, after which a node is thought to have nothing left in it.
    struct Settings {
        std::int64_t declared = 0; // frames
        std::int64_t silence = 0;
        bool judges_late = false; // one thing enters it, and nothing else moves
    };

    // [compiler]
    void begin(const Settings& settings);

    // [worker]
    bool looks() const { return stage_ != Stage::done; }

    // Frames [frame, frame + frames) of what enters, and of what was made of it. The measured latency, once it is known
    // not to be that which is declared. [worker]
    std::optional<std::int64_t> look(std::int64_t frame, int frames, int lanes,
                                     std::span<const Block<const Sample>> entering,
                                     std::span<const Block<Sample>> leaving) AMP_REAL_TIME;

private:
    enum class Stage : std::uint8_t { silent, answering, ending, done };

    std::optional<std::int64_t> judge(std::int64_t end);

    Settings settings_;
    Stage stage_ = Stage::done;
    std::int64_t onset_ = 0;       // the first frame that entered after silence
    std::int64_t answer_ = kNever; // the first that left
    std::int64_t silent_ = 0;      // frames
    std::int64_t late_ = -1;       // the latency that was measured last
    int alike_ = 0;                // times that it was
    Sample peak_ = 0;              // of what enters, since the onset
};

} // namespace amp::engine::inline AMP_PRECISION

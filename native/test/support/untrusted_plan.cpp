#include "support/untrusted_plan.h"

#include "engine/amp_graph_streamer.h"
#include "plan/layout.h"
#include "support/patience.h"
#include "support/plan_bytes.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace amp::test {

namespace {

constexpr std::size_t kLengthAt = 16;
constexpr std::int64_t kLongest = kPatience * 60'000'000'000;

// Chords of two notes that are held and let go.
void post_notes(engine::AmpGraphStreamer& streamer) {
    for (int i = 0; i < 24; ++i) {
        streamer.post({.frame = i * 40,
                       .kind = i % 3 == 2 ? control::EventKind::note_off : control::EventKind::note_on,
                       .channel = 1,
                       .note = static_cast<std::uint8_t>(40 + i / 3),
                       .value = 0.5F});
    }
}

} // namespace

void seal(std::vector<std::byte>& bytes) {
    const std::uint64_t length = bytes.size();
    if (length >= kLengthAt + sizeof(length)) {
        std::memcpy(bytes.data() + kLengthAt, &length, sizeof(length));
    }
    mend_checksum(bytes);
}

bool names_a_place(std::string_view refusal) {
    constexpr std::string_view kPlaces[] = {
        "offset ",          "node ",  "edge ",      "component ",      "gate ",
        "components hold ", "stage ", "voices of ", "no node of type", "the limiter's ceiling: "};
    return std::ranges::any_of(kPlaces, [&](std::string_view place) { return refusal.starts_with(place); });
}

std::string fault_in_running(const plan::Description& plan, int block, int workers, std::uint64_t most_bytes) {
    constexpr int kInFlight = 2, kFrames = 1000;
    const auto layout = plan::lay_out(plan, {block, kInFlight});
    if (!layout.ok() || layout.value().bytes > most_bytes) {
        return {};
    }
    auto made = engine::AmpGraphStreamer::create(plan, {block, workers, kInFlight, 0, false});
    if (!made.ok()) {
        return made.error().message;
    }
    auto& streamer = *made.value();
    post_notes(streamer);
    std::vector<float> samples(static_cast<std::size_t>(kFrames * streamer.channels()));
    if (streamer.take(samples, kLongest) != kFrames) {
        return "its frames do not come";
    }
    return std::ranges::all_of(samples, [](float sample) { return std::isfinite(sample); }) ? ""
                                                                                            : "a sample is not finite";
}

} // namespace amp::test

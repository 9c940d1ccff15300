// Renders random plans of all parts, every other one under a random schedule, with random events, and prints a hash of
// each: the same for every instruction set.
//
// hash_random_plans FIRST COUNT
#include "support/plan_bytes.h"
#include "support/random_plan.h"
#include "support/random_schedule.h"
#include "support/stream.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

namespace {

constexpr int kFrames = 3000;

// FNV-1a, 64 bits.
std::uint64_t hash_of(const std::vector<float>& samples) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const float sample : samples) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, &sample, sizeof(bits));
        for (int shift = 0; shift < 32; shift += 8) {
            hash = (hash ^ (bits >> shift & 0xFF)) * 0x100000001B3U;
        }
    }
    return hash;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::fprintf(stderr, "hash_random_plans FIRST COUNT\n");
        return 2;
    }
    const auto first = static_cast<std::uint32_t>(std::atoi(arguments[1]));
    const auto plans = static_cast<std::uint32_t>(std::atoi(arguments[2]));
    try {
        for (std::uint32_t seed = first; seed < first + plans; ++seed) {
            amp::test::RandomPlan random(
                seed, {.voices = true, .network = true, .heat = seed % 3 == 0, .gates = seed % 4 < 2});
            amp::plan::Description plan = random.description();
            if (seed % 2 == 0) {
                amp::test::draw_schedule(plan, seed);
            }
            const amp::test::Stream stream(amp::test::encode(plan).bytes, amp::test::settings_for(64, 1, 1, 1024));
            stream.post(random.events(100, kFrames - 200));
            std::printf("%u %016llx\n", seed, static_cast<unsigned long long>(hash_of(stream.take(kFrames))));
        }
    } catch (const std::exception& thrown) {
        std::fprintf(stderr, "hash_random_plans: %s\n", thrown.what());
        return 1;
    }
    return 0;
}

// noise: white noise that a seed decides.
#include "node/kernel.h"

#include <array>

namespace amp::nodes {

struct Noise {
    static constexpr Declaration declaration{
        .purpose = "White noise; the same seed gives the same noise, each lane has its own.",
        .source = "A hash of the count of frames and the lane's key: multiplications and shifts of 32 bits, as in "
                  "C. Wellons, 'Prospecting for hash functions', 2018.",
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "Evenly spread over -1 to 1."}},
        .options = {OptionDeclaration{
            .name = "seed", .purpose = "Another number, another noise.", .minimum = 0, .maximum = 2147483647}},
        .not_differentiable = "It has nothing that moves its values: they follow from a seed.",
    };
    enum : int { seed };
    static constexpr int state_rows = 2; // frames since the lane began; the lane's key
    static constexpr bool always_finite = true;

    template <class S>
    static void seed_lane(S* state, int lanes, int lane, std::uint64_t lane_seed) noexcept AMP_REAL_TIME {
        const Word<S> key = static_cast<std::int32_t>(lane_seed ^ (lane_seed >> 32));
        std::memcpy(state + lanes + lane, &key, sizeof key);
    }

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        using I = Word<S>;
        I* const counts = firing.template state<I>(0);
        const I* const keys = firing.template state<I>(1);
        const auto option = static_cast<I>(firing.options[seed]);
        if (firing.lanes == 1 && firing.outputs[0].frame_stride == 1) {
            run_along(firing, counts, scrambled(Lanes<I, 1>(option)).value ^ keys[0]);
            return;
        }
        for_each_tile(firing, [&]<int N>(int lane) {
            const int frames = firing.frames;
            auto count = Lanes<I, N>::load(counts + lane);
            const auto key = scrambled(Lanes<I, N>(option)) ^ Lanes<I, N>::load(keys + lane);
            TileWriter<S, N> out(firing.outputs[0], lane);
            for (int f = 0; f < frames; ++f) {
                out.next(noise<S>(count, key));
                count = count + Lanes<I, N>(I(1));
            }
            count.store(counts + lane);
        });
    }

private:
    // One lane: 16 frames side by side.
    template <class S, class I>
    static void run_along(const Firing<S>& firing, I* count, I key) {
        constexpr int kAlong = 16;
        constexpr auto kSteps = [] {
            std::array<I, kAlong> steps{};
            for (int i = 0; i < kAlong; ++i) {
                steps[static_cast<std::size_t>(i)] = I(i);
            }
            return steps;
        }();
        S* const out = firing.outputs[0].data;
        const int frames = firing.frames;
        int f = 0;
        for (; f + kAlong <= frames; f += kAlong, *count += kAlong) {
            const auto counts = Lanes<I, kAlong>(*count) + Lanes<I, kAlong>::load(kSteps.data());
            noise<S>(counts, Lanes<I, kAlong>(key)).store(out + f);
        }
        for (; f < frames; ++f, ++*count) {
            noise<S>(Lanes<I, 1>(*count), Lanes<I, 1>(key)).store(out + f);
        }
    }

    // The key enters between two rounds: were it added to the count, lanes would be echoes of each other.
    template <class S, class I, int N>
    static Lanes<S, N> noise(Lanes<I, N> count, Lanes<I, N> key) {
        const auto hash = scrambled(scrambled(count) ^ key);
        constexpr int kSpare = int(sizeof(I)) * 8 - 32;
        return ((hash << kSpare) >> kSpare).to_floating() * Lanes<S, N>(S(0x1p-31));
    }

    // Mixes the low 32 bits so that each depends on all; what stands above them is 0 in the result.
    template <class I, int N>
    static Lanes<I, N> scrambled(Lanes<I, N> x) {
        x = low_bits((x ^ shifted(x, 16)) * Lanes<I, N>(I(0x7feb352d)));
        x = low_bits((x ^ shifted(x, 15)) * Lanes<I, N>(static_cast<I>(std::uint32_t{0x846ca68b})));
        return x ^ shifted(x, 16);
    }
    template <class I, int N>
    static Lanes<I, N> shifted(Lanes<I, N> x, int bits) {
        return (x >> bits) & Lanes<I, N>(static_cast<I>(0xffffffffU >> bits));
    }
    template <class I, int N>
    static Lanes<I, N> low_bits(Lanes<I, N> x) {
        if constexpr (sizeof(I) == 4) {
            return x;
        } else {
            return x & Lanes<I, N>(static_cast<I>(0xffffffffU));
        }
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Noise)

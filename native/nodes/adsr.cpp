// adsr: an envelope of attack, decay, sustain and release.
#include "node/kernel.h"

#include <algorithm>

namespace amp::nodes {

struct Adsr {
    static constexpr Declaration declaration{
        .purpose = "An envelope: rises while its gate opens, holds the sustain level, falls when the gate closes.",
        .source =
            "Attack linear in time from the present level to 1; decay and release (1 - t)^3, with t the share of the "
            "segment's whole frames that has passed. A time of 0 acts at once.",
        .envelope = true,
        .inputs = {TapDeclaration{.name = "gate", .group = "1a", .purpose = "Above 0: open."}},
        .outputs = {TapDeclaration{.name = "out", .group = "1a", .purpose = "The envelope, 0 to 1."}},
        .parameters = {ParameterDeclaration{.name = "attack",
                                            .purpose = "Time from the present level to 1.",
                                            .unit = Unit::seconds,
                                            .minimum = 0,
                                            .maximum = 60,
                                            .default_value = 0.01,
                                            .curve = Curve::exponential},
                       ParameterDeclaration{.name = "decay",
                                            .purpose = "Time from 1 to the sustain level.",
                                            .unit = Unit::seconds,
                                            .minimum = 0,
                                            .maximum = 60,
                                            .default_value = 0.1,
                                            .curve = Curve::exponential},
                       ParameterDeclaration{.name = "sustain",
                                            .purpose = "Level while the gate stays open.",
                                            .unit = Unit::ratio,
                                            .minimum = 0,
                                            .maximum = 1,
                                            .default_value = 0.7},
                       ParameterDeclaration{.name = "release",
                                            .purpose = "Time from the present level to 0.",
                                            .unit = Unit::seconds,
                                            .minimum = 0,
                                            .maximum = 60,
                                            .default_value = 0.3,
                                            .curve = Curve::exponential}},
    };
    enum : int { attack, decay, sustain, release };
    enum : int { count_row, open_row, attacking_row, start_row, level_row };
    static constexpr int state_rows = 5;

    // Counts of frames from here on mean that the segment is over, and by how many frames; they stop at kLast.
    static constexpr std::int32_t kOver = 1 << 30;
    static constexpr std::int32_t kLast = kOver + (1 << 29);

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for_each_tile(firing, [&]<int N>(int lane) {
            if (firing.parameters[attack].constant() && firing.parameters[decay].constant() &&
                firing.parameters[release].constant()) {
                run<N, true>(firing, lane);
            } else {
                run<N, false>(firing, lane);
            }
            report<N>(firing, lane);
        });
    }

private:
    // A segment's length in whole frames, and what one frame is of it.
    template <class S, int N>
    struct Length {
        Lanes<S, N> frames, share;

        Length(Lanes<S, N> seconds, double rate)
            : frames((seconds * Lanes<S, N>(S(rate)) + Lanes<S, N>(S(0.5))).to_integers().to_floating()),
              share(Lanes<S, N>(S(1)) / max(frames, Lanes<S, N>(S(1)))) {}
    };

    template <class S, int N>
    struct State {
        using I = Word<S>;
        Lanes<I, N> count;           // frames since the segment began, or kOver and more
        Lanes<I, N> open, attacking; // all ones where it is so
        Lanes<S, N> start, level;    // at the segment's beginning, and in the last frame

        State(const Firing<S>& firing, int lane)
            : count(Lanes<I, N>::load(firing.template state<I>(count_row) + lane)),
              open(Lanes<I, N>::load(firing.template state<I>(open_row) + lane)),
              attacking(Lanes<I, N>::load(firing.template state<I>(attacking_row) + lane)),
              start(Lanes<S, N>::load(firing.state(start_row) + lane)),
              level(Lanes<S, N>::load(firing.state(level_row) + lane)) {}

        void store(const Firing<S>& firing, int lane) const {
            count.store(firing.template state<I>(count_row) + lane);
            open.store(firing.template state<I>(open_row) + lane);
            attacking.store(firing.template state<I>(attacking_row) + lane);
            start.store(firing.state(start_row) + lane);
            level.store(firing.state(level_row) + lane);
        }

        Lanes<S, N> step(Lanes<S, N> gate, Lanes<S, N> sustained, const Length<S, N>& rise, const Length<S, N>& fall,
                         const Length<S, N>& end) {
            using L = Lanes<S, N>;
            const L zero(S(0)), one(S(1));

            const auto now_open = gate > zero;
            const auto changed = now_open ^ open;
            open = now_open;
            start = select(changed, level, start);
            attacking = (attacking | changed) & open;
            count = count & ~changed;

            const auto risen = attacking & (count.to_floating() >= rise.frames);
            attacking = attacking & ~risen;
            count = count & ~risen;

            // A release from 0 has nothing to run through.
            const L passed = count.to_floating();
            const auto closed = ~open;
            const auto ended = (passed >= select(open, fall.frames, end.frames)) | (closed & (start == zero));
            const auto over = ended & ~attacking & (count < Lanes<I, N>(I(kOver)));
            count = select(over, Lanes<I, N>(I(kOver)), count);

            const L share = select(attacking, rise.share, select(open, fall.share, end.share));
            const L left = one - min(count.to_floating() * share, one);
            const L from = select(attacking | closed, start, one);
            const L to = select(open, select(attacking, one, sustained), zero);
            level = to + (from - to) * select(attacking, left, left * left * left);
            count = count - (count < Lanes<I, N>(I(kLast))); // a true comparison is -1
            return level;
        }
    };

    template <int N, bool Steady, class S>
    static void run(const Firing<S>& firing, int lane) {
        State<S, N> state(firing, lane);
        const double rate = firing.sample_rate;
        const int frames = firing.frames;
        const auto& parameters = firing.parameters;
        TileReader<S, N> gate(firing.inputs[0], lane), rise(parameters[attack], lane), fall(parameters[decay], lane),
            held(parameters[sustain], lane), end(parameters[release], lane);
        TileWriter<S, N> out(firing.outputs[0], lane);
        if constexpr (Steady) {
            const Length<S, N> rising(rise.next(), rate), falling(fall.next(), rate), ending(end.next(), rate);
            for (int f = 0; f < frames; ++f) {
                out.next(state.step(gate.next(), held.next(), rising, falling, ending));
            }
        } else {
            for (int f = 0; f < frames; ++f) {
                const Length<S, N> rising(rise.next(), rate), falling(fall.next(), rate), ending(end.next(), rate);
                out.next(state.step(gate.next(), held.next(), rising, falling, ending));
            }
        }
        state.store(firing, lane);
    }

    // Tells for the tile's lanes since when they are silent; of several channels the last to end decides.
    template <int N, class S>
    static void report(const Firing<S>& firing, int lane) {
        if (firing.ended.empty()) {
            return;
        }
        using I = Word<S>;
        const I* const counts = firing.template state<I>(count_row);
        const I* const open = firing.template state<I>(open_row);
        const int batch_stride = firing.shape.batch_stride();
        for (int at = lane; at < lane + N; ++at) {
            const int batch = at % batch_stride;
            const int channel = at / batch_stride;
            if (batch >= firing.shape.batch || channel >= firing.shape.channels) {
                continue;
            }
            const bool silent = open[at] == 0 && counts[at] >= I(kOver);
            const std::int64_t since =
                silent ? firing.frame + firing.frames - (std::int64_t{counts[at]} - kOver) : kNever;
            auto& ended = firing.ended[static_cast<std::size_t>(batch)];
            ended = channel == 0 ? since : std::max(ended, since);
        }
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Adsr)

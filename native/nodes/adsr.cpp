// adsr: an envelope of attack, decay, sustain and release.
#include "node/backward.h"

#include <algorithm>

namespace amp::nodes {

struct Adsr {
    static constexpr Declaration declaration{
        .purpose = "An envelope: rises while its gate opens, holds the sustain level, falls when the gate closes.",
        .source =
            "Attack linear in time from the present level to 1; decay and release (1 - t)^3, with t the share of the "
            "segment that has passed. Segments need not end on frames. A time of 0 acts at once.",
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
    enum : int { count_row, open_row, attacking_row, start_row, level_row, ahead_row, state_rows };
    static constexpr bool always_finite = true;

    // Counts of frames from here on mean that the segment is over, and by how many frames; they stop at kLast.
    static constexpr std::int32_t kOver = 1 << 30;
    static constexpr std::int32_t kLast = kOver + (1 << 29);

    static constexpr double kShortest = 1e-3; // frames of a segment that takes time

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

    static constexpr int kept_rows = state_rows;

    template <class S>
    static void backward(const BackwardFiring<S>& back) noexcept AMP_REAL_TIME {
        for_each_tile_back(back, [&]<int N>(int lane) { return Back<S, N>(back, lane); });
    }

    // A segment that is a little longer ends a frame later.
    template <class S>
    static bool is_smooth(const Firing<S>& firing, S margin) {
        bool smooth = true;
        for_each_tile(firing, [&]<int N>(int lane) {
            using L = Lanes<S, N>;
            State<S, N> state(firing, lane);
            for (int f = 0; f < firing.frames; ++f) {
                const auto length = [&](int parameter) {
                    const auto& seconds = firing.parameters[static_cast<std::size_t>(parameter)];
                    return Length<S, N>(lanes_at<N>(seconds, f, lane), firing.sample_rate);
                };
                const Length<S, N> rise = length(attack), fall = length(decay), end = length(release);
                const auto taken = state.step(lanes_at<N>(firing.inputs[0], f, lane),
                                              lanes_at<N>(firing.parameters[sustain], f, lane), rise, fall, end);
                const L frames = select(taken.attacking, rise.frames, select(taken.open, fall.frames, end.frames));
                const L least(S(0.001 * firing.sample_rate));
                const auto is_near = [&](L passed, L all) { return abs(passed - all) < (all + least) * L(margin); };
                smooth = smooth && !any(is_near(taken.before, rise.frames) | is_near(taken.passed, frames));
            }
        });
        return smooth;
    }

private:
    // How long a segment is, in frames, and what one frame is of it.
    template <class S, int N>
    struct Length {
        Lanes<S, N> frames, share;
        Lanes<S, N> reached; // by as many frames as are all of it, whatever rounding made of their number

        Length(Lanes<S, N> seconds, double rate)
            : frames(seconds * Lanes<S, N>(S(rate))),
              share(Lanes<S, N>(S(1)) / max(frames, Lanes<S, N>(S(kShortest)))),
              reached(frames * Lanes<S, N>(S(1) - (sizeof(S) == 4 ? S(0x1p-22) : S(0x1p-50)))) {}
    };

    // What a frame's step decided and went through.
    template <class S, int N>
    struct Step {
        Lanes<Word<S>, N> changed, risen, open, attacking, over;
        Lanes<S, N> before;              // frames of the attack that had passed, as it ended
        Lanes<S, N> passed, share, left; // of the segment
        Lanes<S, N> from, to;
    };

    template <class S, int N>
    struct State {
        using I = Word<S>;
        Lanes<I, N> count;           // frames since the segment's first, or kOver and more
        Lanes<I, N> open, attacking; // all ones where it is so
        Lanes<S, N> start, level;    // at the segment's beginning, and in the last frame
        Lanes<S, N> ahead;           // what of a frame had passed of the segment in its first frame

        State(const Firing<S>& firing, int lane)
            : count(Lanes<I, N>::load(firing.template state<I>(count_row) + lane)),
              open(Lanes<I, N>::load(firing.template state<I>(open_row) + lane)),
              attacking(Lanes<I, N>::load(firing.template state<I>(attacking_row) + lane)),
              start(Lanes<S, N>::load(firing.state(start_row) + lane)),
              level(Lanes<S, N>::load(firing.state(level_row) + lane)),
              ahead(Lanes<S, N>::load(firing.state(ahead_row) + lane)) {}

        // As rows of `values` and, where they are whole numbers, of `words`.
        template <class Values, class Words>
        void store(Values&& values, Words&& words, int lane) const {
            count.store(words(count_row) + lane);
            open.store(words(open_row) + lane);
            attacking.store(words(attacking_row) + lane);
            start.store(values(start_row) + lane);
            level.store(values(level_row) + lane);
            ahead.store(values(ahead_row) + lane);
        }

        Step<S, N> step(Lanes<S, N> gate, Lanes<S, N> sustained, const Length<S, N>& rise, const Length<S, N>& fall,
                        const Length<S, N>& end) {
            using L = Lanes<S, N>;
            const L zero(S(0)), one(S(1));
            Step<S, N> taken;

            taken.open = gate > zero;
            taken.changed = taken.open ^ open;
            open = taken.open;
            start = select(taken.changed, level, start);
            attacking = (attacking | taken.changed) & open;
            count = count & ~taken.changed;
            ahead = select(taken.changed, zero, ahead);

            // The decay has begun where the attack ended, which may be between two frames.
            taken.before = count.to_floating() + ahead;
            taken.risen = attacking & (taken.before >= rise.reached);
            attacking = attacking & ~taken.risen;
            count = count & ~taken.risen;
            ahead = select(taken.risen, clamp(taken.before - rise.frames, zero, one), ahead);
            taken.attacking = attacking;

            // A release from 0 has nothing to run through.
            const auto closed = ~open;
            const auto ended =
                (count.to_floating() + ahead >= select(open, fall.reached, end.reached)) | (closed & (start == zero));
            const auto ends = ended & ~attacking & (count < Lanes<I, N>(I(kOver)));
            count = select(ends, Lanes<I, N>(I(kOver)), count);
            taken.over = count >= Lanes<I, N>(I(kOver));

            taken.passed = count.to_floating() + ahead;
            taken.share = select(attacking, rise.share, select(open, fall.share, end.share));
            taken.left = select(taken.over, zero, one - min(taken.passed * taken.share, one));
            taken.from = select(attacking | closed, start, one);
            taken.to = select(open, select(attacking, one, sustained), zero);
            level = taken.to + (taken.from - taken.to) * shape(taken);
            count = count - (count < Lanes<I, N>(I(kLast))); // a true comparison is -1
            return taken;
        }

        static Lanes<S, N> shape(const Step<S, N>& taken) {
            return select(taken.attacking, taken.left, taken.left * taken.left * taken.left);
        }
    };

    template <class S, int N>
    class Back {
        using L = Lanes<S, N>;
        using I = Word<S>;

    public:
        Back(const BackwardFiring<S>& back, int lane) : back_(back), lane_(lane), state_(back.forward, lane) {}

        void forward(int f) {
            state_.store([&](int row) { return back_.kept(f, row, kept_rows); },
                         [&](int row) { return back_.template kept<I>(f, row, kept_rows); }, lane_);
            step(f, state_);
        }
        void turn() {
            by_start_ = L::load(back_.state_gradient(start_row) + lane_);
            by_level_ = L::load(back_.state_gradient(level_row) + lane_);
            by_ahead_ = L::load(back_.state_gradient(ahead_row) + lane_);
        }
        void back(int f) {
            const L zero(S(0)), one(S(1)), three(S(3));
            const double rate = back_.forward.sample_rate;
            Firing<S> before = back_.forward;
            before.state_data = reinterpret_cast<std::byte*>(back_.kept(f, 0, kept_rows));
            before.state_stride = before.lanes;
            State<S, N> state(before, lane_);
            const auto taken = step(f, state);
            const L by_level = lanes_at<N>(back_.output_gradients[0], f, lane_) + by_level_;
            const L shape = State<S, N>::shape(taken);
            const L by_to = by_level * (one - shape);
            const L by_from = by_level * shape;
            const L slope = select(taken.attacking, one, three * taken.left * taken.left);
            const auto runs = ~taken.over & (taken.passed * taken.share < one);
            const L by_gone = select(runs, -(by_level * (taken.from - taken.to) * slope), zero);
            const L by_passed = by_gone * taken.share;
            // By the length of the segment that runs: its share is the inverse.
            const L by_length = -(by_gone * taken.passed * taken.share * taken.share);

            const auto falls = taken.open & ~taken.attacking;
            const L by_ahead = by_ahead_ + by_passed;
            const L entered = taken.before - length(attack, f).frames;
            const auto enters = taken.risen & (entered > zero) & (entered < one);
            const L by_attack = select(taken.attacking, by_length, zero) - select(enters, by_ahead, zero);
            by_ahead_ = select(taken.changed, zero, select(taken.risen, select(enters, by_ahead, zero), by_ahead));
            const L by_start = by_start_ + select(taken.attacking | ~taken.open, by_from, zero);
            by_level_ = select(taken.changed, by_start, zero);
            by_start_ = select(taken.changed, zero, by_start);

            const auto give = [&](int parameter, L gradient) {
                gradient.store(back_.parameter_gradients[static_cast<std::size_t>(parameter)].frame(f) + lane_);
            };
            give(attack, by_attack * L(S(rate)));
            give(decay, select(falls, by_length, zero) * L(S(rate)));
            give(sustain, select(falls, by_to, zero));
            give(release, select(taken.open, zero, by_length) * L(S(rate)));
        }
        void finish() {
            by_start_.store(back_.state_gradient(start_row) + lane_);
            by_level_.store(back_.state_gradient(level_row) + lane_);
            by_ahead_.store(back_.state_gradient(ahead_row) + lane_);
        }

    private:
        Length<S, N> length(int parameter, int f) const {
            const auto& seconds = back_.forward.parameters[static_cast<std::size_t>(parameter)];
            return {lanes_at<N>(seconds, f, lane_), back_.forward.sample_rate};
        }
        Step<S, N> step(int f, State<S, N>& state) const {
            const auto& firing = back_.forward;
            return state.step(lanes_at<N>(firing.inputs[0], f, lane_),
                              lanes_at<N>(firing.parameters[sustain], f, lane_), length(attack, f), length(decay, f),
                              length(release, f));
        }

        const BackwardFiring<S>& back_;
        const int lane_;
        State<S, N> state_;
        L by_start_{}, by_level_{}, by_ahead_{};
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
                state.step(gate.next(), held.next(), rising, falling, ending);
                out.next(state.level);
            }
        } else {
            for (int f = 0; f < frames; ++f) {
                const Length<S, N> rising(rise.next(), rate), falling(fall.next(), rate), ending(end.next(), rate);
                state.step(gate.next(), held.next(), rising, falling, ending);
                out.next(state.level);
            }
        }
        state.store([&](int row) { return firing.state(row); },
                    [&](int row) { return firing.template state<Word<S>>(row); }, lane);
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

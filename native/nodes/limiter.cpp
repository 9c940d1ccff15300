// limiter: keeps what enters it below a ceiling, and sees every peak before it is heard.
#include "base/approximation.h"
#include "node/kernel.h"

#include <numbers>

namespace amp::nodes {

struct Limiter {
    static constexpr int kLookAhead = 64; // frames

    static constexpr Declaration declaration{
        .purpose =
            "Sums what enters it and keeps it below a ceiling: the gain falls before a peak, and rises after it.",
        .source =
            "G. Luff, Designing a straightforward limiter, Signalsmith Audio 2022: what a frame must lose, "
            "1 - ceiling / |x|, is held for 65 frames, let go of exponentially, and smoothed by a mean of 64 frames, "
            "whose sum is kept in whole numbers; the signal waits for 64 frames.",
        .shape = ShapeRule::sum,
        .inputs = {TapDeclaration{.name = "in", .group = "1a", .purpose = "Signals of any batch."}},
        .outputs = {TapDeclaration{
            .name = "out", .group = "1a", .purpose = "Their sum, never above the ceiling, 64 frames later."}},
        .parameters = {ParameterDeclaration{.name = "ceiling",
                                            .purpose = "The largest level that leaves it.",
                                            .unit = Unit::ratio,
                                            .minimum = 0.001,
                                            .maximum = 1,
                                            .default_value = 0.9,
                                            .curve = Curve::exponential},
                       ParameterDeclaration{.name = "release",
                                            .purpose = "Time in which the gain has gone 63 % of its way back.",
                                            .unit = Unit::seconds,
                                            .minimum = 0.001,
                                            .maximum = 10,
                                            .default_value = 0.1,
                                            .curve = Curve::exponential}},
        .latency = kLookAhead,
        .not_differentiable = "Its gain is kept in whole numbers and follows the largest of 65 frames.",
    };
    enum : int { ceiling, release };

    // Rows of the state. Rings are addressed by the frame's number, so that no cut moves them. All gains are kept as
    // what they take away: a limiter that has heard nothing is all zeros.
    enum : int {
        signal_row,                             // a ring of the last 64 frames
        smoothed_row = signal_row + kLookAhead, // a ring of the last 64 terms of the mean, whole numbers
        held_row = smoothed_row + kLookAhead,   // rings of 1, 2, 4, ..., 32 frames, and of one: the doublings
        loss_row = held_row + kLookAhead,       // what is lost now, before the mean
        sum_row,                                // of the mean, a whole number
        state_rows
    };
    // A term of the mean is a whole multiple of this, and 64 of them fill 31 bits.
    static constexpr double kStep = 1.0 / (1 << 24);

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for_each_tile(firing, [&]<int N>(int lane) {
            using L = Lanes<S, N>;
            using I = Lanes<Word<S>, N>;
            const int frames = firing.frames;
            auto loss = L::load(firing.state(loss_row) + lane);
            auto sum = I::load(firing.template state<Word<S>>(sum_row) + lane);
            TileReader<S, N> in(firing.inputs[0], lane), most(firing.parameters[ceiling], lane),
                time(firing.parameters[release], lane);
            TileWriter<S, N> out(firing.outputs[0], lane);
            const auto step = [&](int at, L kept) {
                const L entering = in.next(), limit = most.next(), size = abs(entering);
                const L needed = select(size > limit, L(S(1)) - limit / max(size, limit), L(S(0)));
                const L left = loss * kept;
                loss = max(held<N>(firing, lane, at, needed), select(left >= L(S(kStep)), left, L(S(0))));

                // Rounded up, so that the mean never takes too little.
                const I term = (loss * L(S(1 / kStep))).to_integers() - (loss > L(S(0)));
                sum = sum + term - replace<N>(firing.template state<Word<S>>(smoothed_row + at) + lane, term);
                const L gain = L(S(1)) - sum.to_floating() * L(S(kStep / kLookAhead));
                out.next(replace<N>(firing.state(signal_row + at) + lane, entering) * gain);
            };
            const auto ring_at = [&](int f) { return static_cast<int>((firing.frame + f) & (kLookAhead - 1)); };
            if (firing.parameters[release].constant()) {
                const L kept = share_kept(time.next(), firing.sample_rate);
                for (int f = 0; f < frames; ++f) {
                    step(ring_at(f), kept);
                }
            } else {
                for (int f = 0; f < frames; ++f) {
                    step(ring_at(f), share_kept(time.next(), firing.sample_rate));
                }
            }
            loss.store(firing.state(loss_row) + lane);
            sum.store(firing.template state<Word<S>>(sum_row) + lane);
        });
    }

private:
    // What a loss keeps from one frame to the next: e^(-1 / (seconds x rate)).
    template <class S, int N>
    static Lanes<S, N> share_kept(Lanes<S, N> seconds, double rate) {
        return power_of_two(Lanes<S, N>(S(-std::numbers::log2e)) / (seconds * Lanes<S, N>(S(rate))));
    }

    // Writes a value, and gives the one that it takes the place of.
    template <int N, class T>
    static Lanes<T, N> replace(T* at, Lanes<T, N> value) {
        const auto before = Lanes<T, N>::load(at);
        value.store(at);
        return before;
    }

    // The largest of the newest value and the 64 before it: maxima over 1, 2, 4, ..., 64 values, each of two of the one
    // before it, and of two neighbours of the last.
    template <int N, class S>
    static Lanes<S, N> held(const Firing<S>& firing, int lane, int at, Lanes<S, N> value) {
        int row = held_row;
        for (int length = 1; length < kLookAhead; length *= 2) {
            value = max(value, replace<N>(firing.state(row + at % length) + lane, value));
            row += length;
        }
        return max(value, replace<N>(firing.state(row) + lane, value));
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Limiter)

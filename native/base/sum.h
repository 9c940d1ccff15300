// The one sum of the engine, for fan-in, mix, voices and channels: the same bits however it is split or vectorised.
//
// Leaves come in plan order, in groups of 32. Leaf i of a group adds into column i mod 16; the groups are added column
// by column in a pairwise tree, then the 16 columns in a pairwise tree. Columns begin at +0, so a leaf of +0 changes
// nothing. 16 and 32 are constants of the result, not widths of a machine.
#pragma once

#include "base/lanes.h"
#include "base/real_time.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace amp {

inline constexpr int kSumColumns = 16;
inline constexpr int kSumGroup = 32;

// One addend: frames of one lane, or of several lanes side by side.
template <class S>
struct Leaf {
    const S* data = nullptr;
    std::ptrdiff_t frame_stride = 0;
    S gain = 1;
};

namespace sum_detail {

// A pairwise tree over `count` values, level by level; the odd one of a level passes up. count >= 1.
template <class Value, class Get>
Value pairwise(int count, Get&& get) {
    Value level[24];
    int depth = 0;
    for (int i = 0; i < count; ++i) {
        Value sum = get(i);
        for (int bits = i; bits & 1; bits >>= 1) {
            sum = level[--depth] + sum;
        }
        level[depth++] = sum;
    }
    Value sum = level[--depth];
    while (depth > 0) {
        sum = level[--depth] + sum;
    }
    return sum;
}

// The sum at one position; get(i) is leaf i there.
template <class Value, class Get>
Value sum_of(int leaves, Get&& get) {
    const auto column = [&](int c) {
        const int groups = (leaves - c + kSumGroup - 1) / kSumGroup;
        return pairwise<Value>(groups, [&](int g) {
            const int first = g * kSumGroup + c;
            const int second = first + kSumColumns;
            return second < leaves ? get(first) + get(second) : get(first);
        });
    };
    return pairwise<Value>(std::min(leaves, kSumColumns), column) + Value(0);
}

} // namespace sum_detail

// out[i] = sum of leaves at position i, for positions that lie straight in all leaves (frame strides are not used).
// [worker]
template <class S>
inline void sum_flat(std::type_identity_t<std::span<const Leaf<S>>> leaves, S* out, int positions) AMP_REAL_TIME {
    const int count = static_cast<int>(leaves.size());
    const auto run = [&]<int N>(int at) {
        if (count == 1) {
            const Leaf<S>& leaf = leaves.front();
            const auto value = Lanes<S, N>::load(leaf.data + at) * Lanes<S, N>(leaf.gain);
            (value + Lanes<S, N>(S(0))).store(out + at);
            return;
        }
        const auto get = [&](int i) {
            const Leaf<S>& leaf = leaves[static_cast<std::size_t>(i)];
            return Lanes<S, N>::load(leaf.data + at) * Lanes<S, N>(leaf.gain);
        };
        sum_detail::sum_of<Lanes<S, N>>(count, get).store(out + at);
    };
    int at = 0;
    for (; at + 16 <= positions; at += 16) {
        run.template operator()<16>(at);
    }
    for (; at < positions; ++at) {
        run.template operator()<1>(at);
    }
}

// out[f * out_stride] = sum of leaves at frame f, each of one lane with a stride of its own. [worker]
template <class S>
inline void sum_strided(std::type_identity_t<std::span<const Leaf<S>>> leaves, S* out, std::ptrdiff_t out_stride,
                        int frames) AMP_REAL_TIME {
    const int count = static_cast<int>(leaves.size());
    if (count == 1) {
        const Leaf<S>& leaf = leaves.front();
        for (int f = 0; f < frames; ++f) {
            out[f * out_stride] = leaf.data[f * leaf.frame_stride] * leaf.gain + S(0);
        }
        return;
    }
    // Frames of one lane, put side by side.
    const auto run = [&]<int N>(int f) {
        using Frames = Lanes<S, N>;
        const auto get = [&](int i) {
            const Leaf<S>& leaf = leaves[static_cast<std::size_t>(i)];
            const S* const from = leaf.data + f * leaf.frame_stride;
            alignas(64) S frame[N];
            for (int k = 0; k < N; ++k) {
                frame[k] = from[k * leaf.frame_stride];
            }
            return Frames::load(frame) * Frames(leaf.gain);
        };
        alignas(64) S sums[N];
        sum_detail::sum_of<Frames>(count, get).store(sums);
        for (int k = 0; k < N; ++k) {
            out[(f + k) * out_stride] = sums[k];
        }
    };
    int f = 0;
    for (; f + 16 <= frames; f += 16) {
        run.template operator()<16>(f);
    }
    for (; f < frames; ++f) {
        run.template operator()<1>(f);
    }
}

// out[f * out_stride] = sum of `count` leaves that lie side by side in each frame of `lanes`, whose memory is padded to
// whole registers. [worker]
template <class S>
inline void sum_side_by_side(const Leaf<S>& lanes, int count, S* out, std::ptrdiff_t out_stride,
                             int frames) AMP_REAL_TIME {
    constexpr int kChunk = 64;
    using Columns = Lanes<S, kSumColumns>;
    alignas(64) S columns[kChunk * kSumColumns];
    alignas(64) S halves[kChunk * kSumColumns / 2];
    if (count < kSumColumns) {
        // Narrower than the columns: the padding may be shorter than a row of them.
        for (int f = 0; f < frames; ++f) {
            const S* const at = lanes.data + f * lanes.frame_stride;
            out[f * out_stride] =
                sum_detail::sum_of<Lanes<S, 1>>(count, [&](int i) { return Lanes<S, 1>(at[i] * lanes.gain); }).value;
        }
        return;
    }
    const Columns gain(lanes.gain);
    const int groups = (count + kSumGroup - 1) / kSumGroup;
    Word<S> numbers[kSumColumns];
    for (int i = 0; i < kSumColumns; ++i) {
        numbers[i] = i;
    }
    const auto number = Lanes<Word<S>, kSumColumns>::load(numbers);
    const auto row = [&](const S* at, int first) {
        const auto value = Columns::load(at + first) * gain;
        if (first + kSumColumns <= count) {
            return value;
        }
        return select(number < Lanes<Word<S>, kSumColumns>(Word<S>(count - first)), value, Columns(S(0)));
    };
    for (int begin = 0; begin < frames; begin += kChunk) {
        const int chunk = std::min(kChunk, frames - begin);
        for (int f = 0; f < chunk; ++f) {
            const S* const at = lanes.data + (begin + f) * lanes.frame_stride;
            const auto group = [&](int g) {
                const int first = g * kSumGroup;
                const auto sum = row(at, first);
                return first + kSumColumns < count ? sum + row(at, first + kSumColumns) : sum;
            };
            // Four groups are a whole branch of the tree: straight code, in registers.
            constexpr int kBranch = 4;
            const auto branch = [&](int b) {
                const int first = b * kBranch;
                if (first + kBranch > groups || (first + kBranch) * kSumGroup > count) {
                    const int rest = std::min(kBranch, groups - first);
                    return sum_detail::pairwise<Columns>(rest, [&](int g) { return group(first + g); });
                }
                const S* const begins = at + first * kSumGroup;
                const auto full = [&](int g) {
                    const S* const row_at = begins + g * kSumGroup;
                    return Columns::load(row_at) * gain + Columns::load(row_at + kSumColumns) * gain;
                };
                return (full(0) + full(1)) + (full(2) + full(3));
            };
            sum_detail::pairwise<Columns>((groups + kBranch - 1) / kBranch, branch).store(columns + f * kSumColumns);
        }
        const auto add_pairs = [](const S* from, S* to, int sums) {
            for (int i = 0; i < sums; ++i) {
                to[i] = from[2 * i] + from[2 * i + 1];
            }
        };
        add_pairs(columns, halves, chunk * 8);
        add_pairs(halves, columns, chunk * 4);
        add_pairs(columns, halves, chunk * 2);
        for (int f = 0; f < chunk; ++f) {
            out[(begin + f) * out_stride] = (halves[2 * f] + halves[2 * f + 1]) + S(0);
        }
    }
}

} // namespace amp

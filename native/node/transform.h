// The Fourier transform of real frames, for one lane or many side by side.
//
// Values lie as (index, lane): what a lane is worth at one index beside what its neighbours are. Each lane's numbers go
// the same way whatever the lanes beside it and the width of registers, so a lane in a crowd has the bits of the lane
// alone. A real frame of `size` values is a complex one of half the size, its even values real and its odd ones
// imaginary; that is transformed by passes of radix 4 from one buffer to another and back, which leaves all in order
// (Stockham's way), with a pass of radix 2 at the end where the size asks for it.
#pragma once

#include "base/approximation.h"
#include "base/lanes.h"
#include "base/real_time.h"

#include <array>
#include <cstddef>
#include <utility>

namespace amp {

inline constexpr int kShortestTransform = 64;
inline constexpr int kLongestTransform = 8192;

// Sines and cosines of parts of a turn: constants of the program, so that no thread has to make them.
template <class S>
struct TurnTable {
    // e^(2 pi i k / n) for n = 2, 4, 8, ..., kLongestTransform and k < n / 2, at n / 2 + k.
    std::array<S, kLongestTransform> cosines{}, sines{};
    // The same of 3 k / n for k < n / 4 and n up to half of that, at n / 4 + k.
    std::array<S, kLongestTransform / 4> threefold_cosines{}, threefold_sines{};
    // sin(pi k / n) for k < n, at n + k.
    std::array<S, 2 * kLongestTransform> arcs{};

    consteval TurnTable() {
        constexpr int kTurn = 2 * kLongestTransform;
        std::array<double, kTurn / 4 + 1> quarter{};
        for (int step = 0; step <= kTurn / 4; ++step) {
            quarter[static_cast<std::size_t>(step)] = exact_sine_of_quarters(step / double(kTurn / 4));
        }
        const auto sine = [&](int step) {
            step %= kTurn;
            const int half = step % (kTurn / 2);
            const double size = quarter[static_cast<std::size_t>(half <= kTurn / 4 ? half : kTurn / 2 - half)];
            return static_cast<S>(step < kTurn / 2 ? size : -size);
        };
        const auto cosine = [&](int step) { return sine(step + kTurn / 4); };
        for (int n = 2; n <= kLongestTransform; n *= 2) {
            const int step = kTurn / n;
            for (int k = 0; k < n / 2; ++k) {
                const auto at = static_cast<std::size_t>(n / 2 + k);
                cosines[at] = cosine(k * step);
                sines[at] = sine(k * step);
            }
            for (int k = 0; k < n; ++k) {
                arcs[static_cast<std::size_t>(n + k)] = sine(k * step / 2);
            }
            for (int k = 0; n <= kLongestTransform / 2 && k < n / 4; ++k) {
                const auto at = static_cast<std::size_t>(n / 4 + k);
                threefold_cosines[at] = cosine(3 * k * step);
                threefold_sines[at] = sine(3 * k * step);
            }
        }
    }
};

template <class S>
inline constexpr TurnTable<S> kTurns{};

// A buffer of complex values.
template <class S>
struct ComplexValues {
    S* re;
    S* im;

    ComplexValues operator+(std::ptrdiff_t values) const { return {re + values, im + values}; }
    ComplexValues swapped() const { return {im, re}; }
};

namespace transform_detail {

template <class S, int W>
struct Complex {
    Lanes<S, W> re, im;

    static Complex load(ComplexValues<S> from) { return {Lanes<S, W>::load(from.re), Lanes<S, W>::load(from.im)}; }
    void store(ComplexValues<S> to) const {
        re.store(to.re);
        im.store(to.im);
    }
    friend Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
    friend Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
    // Times e^(-i angle).
    Complex turned(Lanes<S, W> cosine, Lanes<S, W> sine) const {
        return {re * cosine + im * sine, im * cosine - re * sine};
    }
    // Times -i.
    Complex quarter_back() const { return {im, -re}; }
};

template <class S, int W>
struct Quartet {
    Complex<S, W> first, second, third, fourth;

    // The transform of four values.
    static Quartet of(Complex<S, W> a, Complex<S, W> b, Complex<S, W> c, Complex<S, W> d) {
        const auto even = a + c, odd = b + d, across = a - c, turned = (b - d).quarter_back();
        return {even + odd, across + turned, even - odd, across - turned};
    }
};

// Calls body.operator()<W>() with as many values as a register has, or as there are side by side if these are fewer.
template <class S, class Body>
inline void with_width(std::ptrdiff_t values, Body&& body) {
    constexpr int kWidest = kRegisterBytes / int(sizeof(S));
    const auto at_most = [&]<int W>() {
        if constexpr (W <= kWidest) {
            body.template operator()<W>();
        } else {
            body.template operator()<kWidest>();
        }
    };
    if (values >= 16) {
        at_most.template operator()<16>();
    } else if (values >= 8) {
        at_most.template operator()<8>();
    } else if (values >= 4) {
        at_most.template operator()<4>();
    } else if (values >= 2) {
        at_most.template operator()<2>();
    } else {
        at_most.template operator()<1>();
    }
}

// One pass over sequences of n values each, `span` values apart: those of all sequences that lie side by side.
template <class S, int W>
[[gnu::noinline]] void pass_of_four(ComplexValues<S> from, ComplexValues<S> to, int n,
                                    std::ptrdiff_t span) noexcept AMP_REAL_TIME {
    using L = Lanes<S, W>;
    using C = Complex<S, W>;
    const auto& turns = kTurns<S>;
    const std::ptrdiff_t quarter = span * (n / 4);
    if (n == 4) {
        for (std::ptrdiff_t i = 0; i < span; i += W) {
            const auto made = Quartet<S, W>::of(C::load(from + i), C::load(from + (i + quarter)),
                                                C::load(from + (i + 2 * quarter)), C::load(from + (i + 3 * quarter)));
            made.first.store(to + i);
            made.second.store(to + (i + span));
            made.third.store(to + (i + 2 * span));
            made.fourth.store(to + (i + 3 * span));
        }
        return;
    }
    for (int p = 0; p < n / 4; ++p) {
        const auto whole = static_cast<std::size_t>(n / 2 + p), half = static_cast<std::size_t>(n / 4 + p);
        const L cosine1(turns.cosines[whole]), sine1(turns.sines[whole]);
        const L cosine2(turns.cosines[half]), sine2(turns.sines[half]);
        const L cosine3(turns.threefold_cosines[half]), sine3(turns.threefold_sines[half]);
        const ComplexValues<S> in = from + p * span, out = to + 4 * p * span;
        for (std::ptrdiff_t i = 0; i < span; i += W) {
            const auto made = Quartet<S, W>::of(C::load(in + i), C::load(in + (i + quarter)),
                                                C::load(in + (i + 2 * quarter)), C::load(in + (i + 3 * quarter)));
            made.first.store(out + i);
            made.second.turned(cosine1, sine1).store(out + (i + span));
            made.third.turned(cosine2, sine2).store(out + (i + 2 * span));
            made.fourth.turned(cosine3, sine3).store(out + (i + 3 * span));
        }
    }
}

// The first pass of a lane alone: registers run along the sequence, and what comes out is spread four apart.
template <class S, int W>
[[gnu::noinline]] void first_pass_alone(ComplexValues<S> from, ComplexValues<S> to, int n) noexcept AMP_REAL_TIME {
    using L = Lanes<S, W>;
    using C = Complex<S, W>;
    const auto& turns = kTurns<S>;
    const int quarter = n / 4;
    std::array<std::array<S, W>, 4> re, im;
    for (int p = 0; p < quarter; p += W) {
        const auto whole = static_cast<std::size_t>(n / 2 + p), half = static_cast<std::size_t>(quarter + p);
        const auto made = Quartet<S, W>::of(C::load(from + p), C::load(from + (p + quarter)),
                                            C::load(from + (p + 2 * quarter)), C::load(from + (p + 3 * quarter)));
        const C second = made.second.turned(L::load(&turns.cosines[whole]), L::load(&turns.sines[whole]));
        const C third = made.third.turned(L::load(&turns.cosines[half]), L::load(&turns.sines[half]));
        const C fourth =
            made.fourth.turned(L::load(&turns.threefold_cosines[half]), L::load(&turns.threefold_sines[half]));
        made.first.store({re[0].data(), im[0].data()});
        second.store({re[1].data(), im[1].data()});
        third.store({re[2].data(), im[2].data()});
        fourth.store({re[3].data(), im[3].data()});
        for (std::size_t i = 0; i < W; ++i) {
            for (std::size_t j = 0; j < 4; ++j) {
                to.re[4 * (p + static_cast<int>(i)) + static_cast<int>(j)] = re[j][i];
                to.im[4 * (p + static_cast<int>(i)) + static_cast<int>(j)] = im[j][i];
            }
        }
    }
}

template <class S, int W>
[[gnu::noinline]] void pass_of_two(ComplexValues<S> from, ComplexValues<S> to,
                                   std::ptrdiff_t span) noexcept AMP_REAL_TIME {
    using C = Complex<S, W>;
    for (std::ptrdiff_t i = 0; i < span; i += W) {
        const C a = C::load(from + i), b = C::load(from + (i + span));
        (a + b).store(to + i);
        (a - b).store(to + (i + span));
    }
}

} // namespace transform_detail

// Transforms `points` complex values (32 to 4096, a power of two) of `lanes` lanes (1, 2, 4, 8 or 16), with the sign of
// e^(-i angle) and without a factor. Both buffers are written; the result is in the one that is given back. The other
// direction is this one with real and imaginary parts swapped. [worker]
template <class S>
ComplexValues<S> transform(ComplexValues<S> values, ComplexValues<S> spare, int points,
                           int lanes) noexcept AMP_REAL_TIME {
    using namespace transform_detail;
    std::ptrdiff_t span = lanes;
    for (int n = points; n > 1; n /= 4, span *= 4) {
        if (n == 2) {
            with_width<S>(span, [&]<int W>() { pass_of_two<S, W>(values, spare, span); });
        } else if (span == 1) {
            with_width<S>(n / 4, [&]<int W>() { first_pass_alone<S, W>(values, spare, n); });
        } else {
            with_width<S>(span, [&]<int W>() { pass_of_four<S, W>(values, spare, n, span); });
        }
        std::swap(values, spare);
    }
    return values;
}

// The spectrum of a real frame from the transform `values` of its halves, twice as large as it is: gives
// row(k, re, im) for k = 0 to points, one after another in pairs from both ends. Bins 0 and `points` are real; they
// come together as row(0, bin 0, bin points). [worker]
template <class S, int N, class Row>
inline void split_spectrum(ComplexValues<S> values, int points, Row&& row) {
    using C = transform_detail::Complex<S, N>;
    using L = Lanes<S, N>;
    const auto twice = [](L value) { return value + value; };
    const C zero = C::load(values), middle = C::load(values + (points / 2) * N);
    row(0, twice(zero.re + zero.im), twice(zero.re - zero.im));
    row(points / 2, twice(middle.re), -twice(middle.im));
    for (int k = 1; k < points / 2; ++k) {
        const C a = C::load(values + k * N), b = C::load(values + (points - k) * N);
        const auto at = static_cast<std::size_t>(points + k); // of size = 2 points
        const C sum{a.re + b.re, a.im - b.im};
        const C part = C{a.im + b.im, b.re - a.re}.turned(L(kTurns<S>.cosines[at]), L(kTurns<S>.sines[at]));
        row(k, sum.re + part.re, sum.im + part.im);
        row(points - k, sum.re - part.re, part.im - sum.im);
    }
}

// The way back: what transform() of swapped parts makes a real frame of, from the bins that bin(k) gives, a pair of
// real and imaginary part, as split_spectrum gave them. Four times as large as it is for a true spectrum. [worker]
template <class S, int N, class Bin>
inline void join_spectrum(ComplexValues<S> values, int points, Bin&& bin) {
    using C = transform_detail::Complex<S, N>;
    using L = Lanes<S, N>;
    const auto twice = [](L value) { return value + value; };
    const auto [first, last] = bin(0);
    C{first + last, first - last}.store(values);
    const auto [middle_re, middle_im] = bin(points / 2);
    C{twice(middle_re), -twice(middle_im)}.store(values + (points / 2) * N);
    for (int k = 1; k < points / 2; ++k) {
        const auto [a_re, a_im] = bin(k);
        const auto [b_re, b_im] = bin(points - k);
        const auto at = static_cast<std::size_t>(points + k);
        const C sum{a_re + b_re, a_im - b_im}, difference{a_re - b_re, a_im + b_im};
        const C part = difference.turned(L(kTurns<S>.cosines[at]), -L(kTurns<S>.sines[at]));
        C{sum.re - part.im, sum.im + part.re}.store(values + k * N);
        C{sum.re + part.im, part.re - sum.im}.store(values + (points - k) * N);
    }
}

} // namespace amp

// Lanes<S, N>: N values of type S side by side, held in as many registers as the machine needs for them.
//
// Each operation is the IEEE operation on each lane by itself, so the bits do not depend on how wide the
// machine's registers are. Wider values are pairs of narrower ones (not arrays: pairs stay in registers).
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace amp {

#if defined(__AVX512F__)
inline constexpr int kRegisterBytes = 64;
#elif defined(__AVX__)
inline constexpr int kRegisterBytes = 32;
#else
inline constexpr int kRegisterBytes = 16;
#endif

// The signed integer as wide as S: phases, counters and masks. It wraps (the engine is compiled with -fwrapv).
template <class S>
using Word = std::conditional_t<sizeof(S) == 4, std::int32_t, std::int64_t>;

template <class S, int N>
struct Lanes;

namespace lanes_detail {

template <class S, int N>
struct RegisterOf {
    typedef S Type __attribute__((vector_size(N * sizeof(S))));
};
template <class S>
struct RegisterOf<S, 1> {
    using Type = S;
};

template <class S, int N>
inline constexpr bool fits_register = N * int(sizeof(S)) <= kRegisterBytes;

} // namespace lanes_detail

// One register full, or a part of it.
template <class S, int N>
    requires lanes_detail::fits_register<S, N>
struct Lanes<S, N> {
    using Register = typename lanes_detail::RegisterOf<S, N>::Type;
    using Integers = Lanes<Word<S>, N>;
    Register value;

    Lanes() = default;
    explicit Lanes(Register v)
        requires(N > 1)
        : value(v) {}
    Lanes(S s) {
        if constexpr (N == 1) {
            value = s;
        } else {
            value = s - Register{}; // and not a sum, which would lose the sign of -0
        }
    }

    static Lanes load(const S* from) {
        Lanes r;
        std::memcpy(&r.value, from, N * sizeof(S));
        return r;
    }
    void store(S* to) const { std::memcpy(to, &value, N * sizeof(S)); }

    static Lanes of(Register v) {
        Lanes r;
        r.value = v;
        return r;
    }

    friend Lanes operator+(Lanes a, Lanes b) { return of(a.value + b.value); }
    friend Lanes operator-(Lanes a, Lanes b) { return of(a.value - b.value); }
    friend Lanes operator*(Lanes a, Lanes b) { return of(a.value * b.value); }
    friend Lanes operator/(Lanes a, Lanes b) { return of(a.value / b.value); }
    friend Lanes operator-(Lanes a) { return of(-a.value); }

    friend Lanes operator&(Lanes a, Lanes b)
        requires std::is_integral_v<S>
    {
        return of(a.value & b.value);
    }
    friend Lanes operator|(Lanes a, Lanes b)
        requires std::is_integral_v<S>
    {
        return of(a.value | b.value);
    }
    friend Lanes operator^(Lanes a, Lanes b)
        requires std::is_integral_v<S>
    {
        return of(a.value ^ b.value);
    }
    friend Lanes operator~(Lanes a)
        requires std::is_integral_v<S>
    {
        return of(~a.value);
    }
    friend Lanes operator<<(Lanes a, int n)
        requires std::is_integral_v<S>
    {
        return of(a.value << n);
    }
    // Arithmetic: the sign fills in.
    friend Lanes operator>>(Lanes a, int n)
        requires std::is_integral_v<S>
    {
        return of(a.value >> n);
    }

    // Comparisons give all ones (-1) where they hold, else 0.
    friend Integers operator<(Lanes a, Lanes b) {
        return compare([](auto x, auto y) { return x < y; }, a, b);
    }
    friend Integers operator<=(Lanes a, Lanes b) {
        return compare([](auto x, auto y) { return x <= y; }, a, b);
    }
    friend Integers operator>(Lanes a, Lanes b) {
        return compare([](auto x, auto y) { return x > y; }, a, b);
    }
    friend Integers operator>=(Lanes a, Lanes b) {
        return compare([](auto x, auto y) { return x >= y; }, a, b);
    }
    friend Integers operator==(Lanes a, Lanes b) {
        return compare([](auto x, auto y) { return x == y; }, a, b);
    }

    friend Lanes select(Integers where, Lanes a, Lanes b) {
        if constexpr (N == 1) {
            return of(where.value ? a.value : b.value);
        } else {
            return of(where.value ? a.value : b.value);
        }
    }
    // As the processor's own min and max: b where either is not a number.
    friend Lanes min(Lanes a, Lanes b) { return of(a.value < b.value ? a.value : b.value); }
    friend Lanes max(Lanes a, Lanes b) { return of(a.value > b.value ? a.value : b.value); }
    // The lane's own value.
    friend S lane_of(Lanes a, int lane) {
        if constexpr (N == 1) {
            return a.value;
        } else {
            return a.value[lane];
        }
    }
    // Each lane's value one lane further, and `first` in the first; the last one's is lost.
    friend Lanes shifted(Lanes a, S first) {
        if constexpr (N == 1) {
            return Lanes(first);
        } else {
            Register moved = [&]<int... I>(std::integer_sequence<int, I...>) {
                return __builtin_shufflevector(a.value, a.value, (I == 0 ? 0 : I - 1)...);
            }(std::make_integer_sequence<int, N>());
            moved[0] = first;
            return of(moved);
        }
    }
    friend Lanes sqrt(Lanes a)
        requires std::is_floating_point_v<S>
    {
        if constexpr (N == 1) {
            return of(root(a.value));
        } else {
            Register r;
            for (int i = 0; i < N; ++i) {
                r[i] = root(a.value[i]);
            }
            return of(r);
        }
    }

    // Integers to the floating type of their width, rounded to nearest.
    auto to_floating() const
        requires std::is_integral_v<S>
    {
        using F = std::conditional_t<sizeof(S) == 4, float, double>;
        return convert<F>();
    }
    // Towards zero. The value must fit.
    auto to_integers() const
        requires std::is_floating_point_v<S>
    {
        return convert<Word<S>>();
    }
    // The same bits read as the other kind.
    auto bits() const
        requires std::is_floating_point_v<S>
    {
        return reinterpret<Word<S>>();
    }
    auto from_bits() const
        requires std::is_integral_v<S>
    {
        return reinterpret<std::conditional_t<sizeof(S) == 4, float, double>>();
    }

private:
    static S root(S s) {
        if constexpr (sizeof(S) == 4) {
            return __builtin_sqrtf(s);
        } else {
            return __builtin_sqrt(s);
        }
    }
    template <class Test>
    static Integers compare(Test test, Lanes a, Lanes b) {
        if constexpr (N == 1) {
            return Integers::of(test(a.value, b.value) ? Word<S>(-1) : Word<S>(0));
        } else {
            return Integers::of(typename Integers::Register(test(a.value, b.value)));
        }
    }
    template <class T>
    Lanes<T, N> convert() const {
        if constexpr (N == 1) {
            return Lanes<T, N>::of(static_cast<T>(value));
        } else {
            return Lanes<T, N>::of(__builtin_convertvector(value, typename Lanes<T, N>::Register));
        }
    }
    template <class T>
    Lanes<T, N> reinterpret() const {
        Lanes<T, N> r;
        std::memcpy(&r.value, &value, sizeof(value));
        return r;
    }
};

// More than one register: two halves.
template <class S, int N>
    requires(!lanes_detail::fits_register<S, N>)
struct Lanes<S, N> {
    using Half = Lanes<S, N / 2>;
    using Integers = Lanes<Word<S>, N>;
    Half low, high;

    Lanes() = default;
    Lanes(S s) : low(s), high(s) {}
    Lanes(Half l, Half h) : low(l), high(h) {}

    static Lanes load(const S* from) { return {Half::load(from), Half::load(from + N / 2)}; }
    void store(S* to) const {
        low.store(to);
        high.store(to + N / 2);
    }

    friend Lanes operator+(Lanes a, Lanes b) { return {a.low + b.low, a.high + b.high}; }
    friend Lanes operator-(Lanes a, Lanes b) { return {a.low - b.low, a.high - b.high}; }
    friend Lanes operator*(Lanes a, Lanes b) { return {a.low * b.low, a.high * b.high}; }
    friend Lanes operator/(Lanes a, Lanes b) { return {a.low / b.low, a.high / b.high}; }
    friend Lanes operator-(Lanes a) { return {-a.low, -a.high}; }
    friend Lanes operator&(Lanes a, Lanes b)
        requires std::is_integral_v<S>
    {
        return {a.low & b.low, a.high & b.high};
    }
    friend Lanes operator|(Lanes a, Lanes b)
        requires std::is_integral_v<S>
    {
        return {a.low | b.low, a.high | b.high};
    }
    friend Lanes operator^(Lanes a, Lanes b)
        requires std::is_integral_v<S>
    {
        return {a.low ^ b.low, a.high ^ b.high};
    }
    friend Lanes operator~(Lanes a)
        requires std::is_integral_v<S>
    {
        return {~a.low, ~a.high};
    }
    friend Lanes operator<<(Lanes a, int n)
        requires std::is_integral_v<S>
    {
        return {a.low << n, a.high << n};
    }
    friend Lanes operator>>(Lanes a, int n)
        requires std::is_integral_v<S>
    {
        return {a.low >> n, a.high >> n};
    }
    friend Integers operator<(Lanes a, Lanes b) { return {a.low < b.low, a.high < b.high}; }
    friend Integers operator<=(Lanes a, Lanes b) { return {a.low <= b.low, a.high <= b.high}; }
    friend Integers operator>(Lanes a, Lanes b) { return {a.low > b.low, a.high > b.high}; }
    friend Integers operator>=(Lanes a, Lanes b) { return {a.low >= b.low, a.high >= b.high}; }
    friend Integers operator==(Lanes a, Lanes b) { return {a.low == b.low, a.high == b.high}; }
    friend Lanes select(Integers where, Lanes a, Lanes b) {
        return {select(where.low, a.low, b.low), select(where.high, a.high, b.high)};
    }
    friend Lanes min(Lanes a, Lanes b) { return {min(a.low, b.low), min(a.high, b.high)}; }
    friend Lanes max(Lanes a, Lanes b) { return {max(a.low, b.low), max(a.high, b.high)}; }
    friend S lane_of(Lanes a, int lane) { return lane < N / 2 ? lane_of(a.low, lane) : lane_of(a.high, lane - N / 2); }
    friend Lanes shifted(Lanes a, S first) {
        return {shifted(a.low, first), shifted(a.high, lane_of(a.low, N / 2 - 1))};
    }
    friend Lanes sqrt(Lanes a)
        requires std::is_floating_point_v<S>
    {
        return {sqrt(a.low), sqrt(a.high)};
    }

    auto to_floating() const
        requires std::is_integral_v<S>
    {
        return joined(low.to_floating(), high.to_floating());
    }
    auto to_integers() const
        requires std::is_floating_point_v<S>
    {
        return joined(low.to_integers(), high.to_integers());
    }
    auto bits() const
        requires std::is_floating_point_v<S>
    {
        return joined(low.bits(), high.bits());
    }
    auto from_bits() const
        requires std::is_integral_v<S>
    {
        return joined(low.from_bits(), high.from_bits());
    }

private:
    template <class T>
    static Lanes<T, N> joined(Lanes<T, N / 2> l, Lanes<T, N / 2> h) {
        return {l, h};
    }
};

template <class S, int N>
Lanes<S, N> abs(Lanes<S, N> a) {
    return max(a, -a);
}

template <class S, int N>
Lanes<S, N> clamp(Lanes<S, N> a, Lanes<S, N> low, Lanes<S, N> high) {
    return min(max(a, low), high);
}

} // namespace amp

// Each operation on Lanes is the scalar operation on each lane by itself.
#include "base/lanes.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

namespace amp::test {
namespace {

template <class Scalar, int Count>
struct Kind {
    using S = Scalar;
    static constexpr int N = Count;
};

template <class S>
bool same(S a, S b) {
    if constexpr (std::is_floating_point_v<S>) {
        return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
    } else {
        return a == b;
    }
}

// Ordinary numbers of all sizes and both signs, and the numbers at the borders of the type.
template <class S>
std::vector<S> numbers(std::uint32_t seed, std::size_t count) {
    using Limits = std::numeric_limits<S>;
    std::mt19937_64 random(seed);
    std::vector<S> borders{S(0), S(1), S(-1), Limits::max(), Limits::lowest(), S(2), S(-3)};
    if constexpr (std::is_floating_point_v<S>) {
        borders.insert(borders.end(), {-S(0), Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(),
                                       Limits::min(), Limits::denorm_min(), -Limits::denorm_min(), Limits::epsilon()});
    }
    std::vector<S> made;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t draw = random();
        if (draw % 4 == 0) {
            made.push_back(borders[(draw >> 8) % borders.size()]);
        } else if constexpr (std::is_floating_point_v<S>) {
            const double mantissa = static_cast<double>(static_cast<std::int64_t>(random())) * 0x1p-63;
            made.push_back(S(std::ldexp(mantissa, static_cast<int>((draw >> 8) % 60) - 30)));
        } else {
            made.push_back(static_cast<S>(random()));
        }
    }
    return made;
}

template <class K>
class LanesOf : public testing::Test {
protected:
    using S = typename K::S;
    static constexpr int N = K::N;
    static constexpr int kRounds = 50;
    using V = Lanes<S, N>;

    // Compares an operation on whole lanes with the one on scalars, over many rounds of numbers.
    template <class Wide, class Narrow>
    void expect_lane_by_lane(Wide&& wide, Narrow&& narrow) {
        const auto a = numbers<S>(1, N * kRounds), b = numbers<S>(2, N * kRounds), c = numbers<S>(3, N * kRounds);
        for (std::size_t round = 0; round < kRounds; ++round) {
            const std::size_t at = round * N;
            const auto result = wide(V::load(&a[at]), V::load(&b[at]), V::load(&c[at]));
            using R = std::remove_cvref_t<decltype(narrow(a[at], b[at], c[at]))>;
            std::array<R, N> found;
            result.store(found.data());
            for (std::size_t i = 0; i < N; ++i) {
                const R wanted = narrow(a[at + i], b[at + i], c[at + i]);
                ASSERT_TRUE(same(found[i], wanted)) << "lane " << i << ": " << +found[i] << " is not " << +wanted
                                                    << " for " << +a[at + i] << ", " << +b[at + i];
            }
        }
    }
};

template <class K>
class FloatingLanes : public LanesOf<K> {};
template <class K>
class WholeLanes : public LanesOf<K> {};

using Floating = testing::Types<Kind<float, 1>, Kind<float, 2>, Kind<float, 4>, Kind<float, 8>, Kind<float, 16>,
                                Kind<float, 32>, Kind<float, 64>, Kind<double, 1>, Kind<double, 2>, Kind<double, 4>,
                                Kind<double, 8>, Kind<double, 16>, Kind<double, 32>, Kind<double, 64>>;
using Whole = testing::Types<Kind<std::int32_t, 1>, Kind<std::int32_t, 2>, Kind<std::int32_t, 4>, Kind<std::int32_t, 8>,
                             Kind<std::int32_t, 16>, Kind<std::int32_t, 64>, Kind<std::int64_t, 1>,
                             Kind<std::int64_t, 2>, Kind<std::int64_t, 8>, Kind<std::int64_t, 64>>;
TYPED_TEST_SUITE(FloatingLanes, Floating);
TYPED_TEST_SUITE(WholeLanes, Whole);

TYPED_TEST(FloatingLanes, ComputeAsScalarsDo) {
    using S = typename TypeParam::S;
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a + b; }, [](S a, S b, S) { return S(a + b); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a - b; }, [](S a, S b, S) { return S(a - b); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a * b; }, [](S a, S b, S) { return S(a * b); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a / b; }, [](S a, S b, S) { return S(a / b); });
    this->expect_lane_by_lane([](auto a, auto, auto) { return -a; }, [](S a, S, S) { return S(-a); });
}

TYPED_TEST(FloatingLanes, RoundAProductBeforeTheyAddToIt) {
    using S = typename TypeParam::S;
    this->expect_lane_by_lane([](auto a, auto b, auto c) { return a * b + c; },
                              [](S a, S b, S c) {
                                  const volatile S product = a * b;
                                  return S(product + c);
                              });
}

TYPED_TEST(FloatingLanes, TakeTheRootThatIsNearest) {
    using S = typename TypeParam::S;
    this->expect_lane_by_lane([](auto a, auto, auto) { return sqrt(a); }, [](S a, S, S) { return S(std::sqrt(a)); });
}

TYPED_TEST(FloatingLanes, GiveTheSecondOfMinAndMaxWhereOneIsNotANumber) {
    using S = typename TypeParam::S;
    this->expect_lane_by_lane([](auto a, auto b, auto) { return min(a, b); },
                              [](S a, S b, S) { return a < b ? a : b; });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return max(a, b); },
                              [](S a, S b, S) { return a > b ? a : b; });
}

TYPED_TEST(FloatingLanes, ClampToTheLowerEndWhatIsNotANumber) {
    using S = typename TypeParam::S;
    using V = Lanes<S, TypeParam::N>;
    this->expect_lane_by_lane([](auto a, auto, auto) { return clamp(a, V(S(-2)), V(S(3))); },
                              [](S a, S, S) { return a >= S(3)   ? S(3)
                                                     : a > S(-2) ? a
                                                                 : S(-2); });
}

TYPED_TEST(FloatingLanes, CompareToAllOnesOrZero) {
    using S = typename TypeParam::S;
    using I = Word<S>;
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a < b; },
                              [](S a, S b, S) { return I(a < b ? -1 : 0); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a <= b; },
                              [](S a, S b, S) { return I(a <= b ? -1 : 0); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a > b; },
                              [](S a, S b, S) { return I(a > b ? -1 : 0); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a >= b; },
                              [](S a, S b, S) { return I(a >= b ? -1 : 0); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a == b; },
                              [](S a, S b, S) { return I(a == b ? -1 : 0); });
}

TYPED_TEST(FloatingLanes, SelectLaneByLane) {
    using S = typename TypeParam::S;
    this->expect_lane_by_lane([](auto a, auto b, auto c) { return select(a < b, b, c); },
                              [](S a, S b, S c) { return a < b ? b : c; });
}

TYPED_TEST(FloatingLanes, CutTowardsZeroWhenTheyBecomeIntegers) {
    using S = typename TypeParam::S;
    using V = Lanes<S, TypeParam::N>;
    this->expect_lane_by_lane([](auto a, auto, auto) { return clamp(a, V(S(-1e9)), V(S(1e9))).to_integers(); },
                              [](S a, S, S) {
                                  const S held = a >= S(1e9) ? S(1e9) : a > S(-1e9) ? a : S(-1e9);
                                  return static_cast<Word<S>>(held);
                              });
}

TYPED_TEST(FloatingLanes, KeepTheirBitsAsIntegersAndBack) {
    using S = typename TypeParam::S;
    this->expect_lane_by_lane([](auto a, auto, auto) { return a.bits().from_bits(); }, [](S a, S, S) { return a; });
}

TYPED_TEST(FloatingLanes, HaveOneScalarInAllLanes) {
    using S = typename TypeParam::S;
    using V = Lanes<S, TypeParam::N>;
    this->expect_lane_by_lane([](auto, auto, auto) { return V(S(-0.0)); }, [](S, S, S) { return S(-0.0); });
    this->expect_lane_by_lane([](auto, auto, auto) { return V(S(0.1)); }, [](S, S, S) { return S(0.1); });
}

TYPED_TEST(WholeLanes, ComputeAsScalarsThatWrap) {
    using S = typename TypeParam::S;
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a + b; }, [](S a, S b, S) { return S(a + b); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a - b; }, [](S a, S b, S) { return S(a - b); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a * b; }, [](S a, S b, S) { return S(a * b); });
    this->expect_lane_by_lane([](auto a, auto, auto) { return -a; }, [](S a, S, S) { return S(-a); });
}

TYPED_TEST(WholeLanes, CombineBits) {
    using S = typename TypeParam::S;
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a & b; }, [](S a, S b, S) { return S(a & b); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a | b; }, [](S a, S b, S) { return S(a | b); });
    this->expect_lane_by_lane([](auto a, auto b, auto) { return a ^ b; }, [](S a, S b, S) { return S(a ^ b); });
    this->expect_lane_by_lane([](auto a, auto, auto) { return ~a; }, [](S a, S, S) { return S(~a); });
}

TYPED_TEST(WholeLanes, ShiftWithTheSignFillingIn) {
    using S = typename TypeParam::S;
    for (int bits = 0; bits < int(sizeof(S)) * 8; ++bits) {
        this->expect_lane_by_lane([=](auto a, auto, auto) { return a << bits; },
                                  [=](S a, S, S) { return S(std::make_unsigned_t<S>(a) << bits); });
        this->expect_lane_by_lane([=](auto a, auto, auto) { return a >> bits; },
                                  [=](S a, S, S) { return S(a >> bits); });
    }
}

TYPED_TEST(WholeLanes, RoundToNearestWhenTheyBecomeFloating) {
    using S = typename TypeParam::S;
    using F = std::conditional_t<sizeof(S) == 4, float, double>;
    this->expect_lane_by_lane([](auto a, auto, auto) { return a.to_floating(); },
                              [](S a, S, S) { return static_cast<F>(a); });
}

} // namespace
} // namespace amp::test

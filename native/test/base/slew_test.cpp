// The law by which values move within limits, over many lanes and in any cut.
#include "base/slew.h"

#include "base/floating_point.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

namespace amp::test {
namespace {

constexpr double kRate = 1000; // frames a second
constexpr int kLanes = 8;

// Limits a second, of one lane; 0: none.
struct Limits {
    double rate = 0, acceleration = 0, area = 0;
};

template <int N>
SlewLimits<N> limits_of(const std::array<Limits, N>& lanes) {
    double rate[N], acceleration[N], area[N];
    for (std::size_t i = 0; i < N; ++i) {
        rate[i] = lanes[i].rate;
        acceleration[i] = lanes[i].acceleration;
        area[i] = lanes[i].area;
    }
    using Values = Lanes<double, N>;
    return {Values::load(rate), Values::load(acceleration), Values::load(area), kRate};
}

SlewLimits<1> limits_of(const Limits& lane) { return limits_of<1>({lane}); }

template <class S>
using Signal = std::vector<S>;

// One lane by itself; the state is put down and taken up after so many frames.
template <class S>
Signal<S> followed(const Signal<S>& in, const SlewLimits<1>& limits, std::size_t cut = 1'000'000) {
    const FloatingPointScope scope;
    S state[SlewFollower<S, 1>::rows] = {};
    Signal<S> out;
    auto follower = SlewFollower<S, 1>::load(state, 1);
    for (std::size_t f = 0; f < in.size(); ++f) {
        if (f % cut == 0) {
            follower.store(state, 1);
            follower = SlewFollower<S, 1>::load(state, 1);
        }
        out.push_back(follower.template next<true, true>(in[f], limits).value);
    }
    return out;
}

template <class S>
bool same_bits(const Signal<S>& a, const Signal<S>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(S)) == 0;
}

class Draw {
public:
    explicit Draw(unsigned seed) : random_(seed) {}
    double real(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
    bool one_in(int n) { return random_() % static_cast<unsigned>(n) == 0; }

    // Some of the limits, such that something of it is to be seen in a move of some 1.
    Limits limits() {
        Limits made;
        made.rate = one_in(2) ? std::pow(10, real(-1, 3)) : 0;
        made.acceleration = one_in(2) ? std::pow(10, real(0, 6)) : 0;
        made.area = one_in(2) ? std::pow(10, real(-4, 0)) : 0;
        return made;
    }
    // What holds still for a while, then jumps or wanders off.
    template <class S>
    Signal<S> signal(int frames) {
        Signal<S> made;
        S at = static_cast<S>(real(-1, 1));
        bool wanders = false;
        for (int f = 0; f < frames; ++f) {
            if (one_in(60)) {
                wanders = one_in(3);
                at = static_cast<S>(real(-1, 1));
            }
            at += wanders ? static_cast<S>(real(-0.01, 0.01)) : S(0);
            made.push_back(at);
        }
        return made;
    }

private:
    std::mt19937 random_;
};

template <class S>
class Follower : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(Follower, Precisions);

TYPED_TEST(Follower, WithoutLimitsIsItsInputToTheBit) {
    Draw draw(1);
    auto in = draw.signal<TypeParam>(500);
    in[7] = TypeParam(-0.0);
    in[90] = std::numeric_limits<TypeParam>::max();
    EXPECT_TRUE(same_bits(followed(in, limits_of(Limits{})), in));
}

TYPED_TEST(Follower, IsAtTheFirstValueAtOnce) {
    EXPECT_EQ(followed<TypeParam>({5, 5}, limits_of({1, 1, 1})), (Signal<TypeParam>{5, 5}));
}

TYPED_TEST(Follower, ThatIsPutDownAndTakenUpAnywhereGoesTheSameWay) {
    Draw draw(2);
    for (int i = 0; i < 200; ++i) {
        const auto in = draw.signal<TypeParam>(500);
        const auto limits = limits_of(draw.limits());
        const auto whole = followed(in, limits);
        for (const std::size_t cut : {1, 7, 64}) {
            EXPECT_TRUE(same_bits(followed(in, limits, cut), whole)) << "draw " << i << ", cut " << cut;
        }
    }
}

TYPED_TEST(Follower, OfManyLanesIsEachLaneAlone) {
    using S = TypeParam;
    Draw draw(3);
    for (int i = 0; i < 100; ++i) {
        std::array<Limits, kLanes> limits;
        std::array<Signal<S>, kLanes> in, out;
        std::ranges::generate(limits, [&] { return draw.limits(); });
        std::ranges::generate(in, [&] { return draw.signal<S>(400); });
        SlewFollower<S, kLanes> wide;
        for (std::size_t f = 0; f < 400; ++f) {
            const FloatingPointScope scope;
            S values[kLanes];
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                values[lane] = in[lane][f];
            }
            const auto next = wide.template next<true, true>(Lanes<S, kLanes>::load(values), limits_of<kLanes>(limits));
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                out[lane].push_back(lane_of(next, static_cast<int>(lane)));
            }
        }
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            EXPECT_TRUE(same_bits(out[lane], followed(in[lane], limits_of(limits[lane])))) << "draw " << i;
        }
    }
}

TYPED_TEST(Follower, MayLeaveOutWhatNoLaneHas) {
    using S = TypeParam;
    Draw draw(4);
    for (int i = 0; i < 100; ++i) {
        const FloatingPointScope scope;
        const auto in = draw.signal<S>(400);
        const auto rate = limits_of({draw.limits().rate, 0, 0});
        const auto area = limits_of({0, 0, 0.01});
        const auto acceleration = limits_of({0, 2000, 0});
        SlewFollower<S, 1> without_both, without_acceleration, without_area;
        Signal<S> rates, areas, accelerations;
        for (const S value : in) {
            rates.push_back(without_both.template next<false, false>(value, rate).value);
            areas.push_back(without_acceleration.template next<false, true>(value, area).value);
            accelerations.push_back(without_area.template next<true, false>(value, acceleration).value);
        }
        EXPECT_TRUE(same_bits(rates, followed(in, rate)));
        EXPECT_TRUE(same_bits(areas, followed(in, area)));
        EXPECT_TRUE(same_bits(accelerations, followed(in, acceleration)));
    }
}

// Whatever the target does, and however often.
TYPED_TEST(Follower, NeverExceedsItsRateAndItsAcceleration) {
    using S = TypeParam;
    Draw draw(5);
    for (int i = 0; i < 300; ++i) {
        const Limits limits = draw.limits();
        const auto out = followed(draw.signal<S>(2000), limits_of(limits));
        const double grain = 2 * std::numeric_limits<S>::epsilon();
        // At the beginning it stands.
        double before = out.front(), speed = 0;
        for (std::size_t f = 1; f < out.size(); ++f) {
            const double now = double(out[f]) - before;
            if (limits.rate > 0 && limits.acceleration == 0) {
                ASSERT_LE(std::fabs(now), limits.rate / kRate + grain) << "draw " << i << ", frame " << f;
            }
            if (limits.acceleration > 0) {
                const double most = limits.acceleration / kRate / kRate;
                ASSERT_LE(std::fabs(now - speed), most * 1.00001 + 2 * grain) << "draw " << i << ", frame " << f;
            }
            if (limits.rate > 0 && limits.acceleration > 0) {
                ASSERT_LE(std::fabs(now), limits.rate / kRate + grain) << "draw " << i << ", frame " << f;
            }
            before = out[f];
            speed = now;
        }
    }
}

// From rest to a target that stays.
TYPED_TEST(Follower, EndsOnItsTargetAndNeverPassesIt) {
    using S = TypeParam;
    Draw draw(6);
    for (int i = 0; i < 300; ++i) {
        const Limits limits = draw.limits();
        const double slowest = std::max({limits.rate > 0 ? 1 / limits.rate : 0,
                                         limits.acceleration > 0 ? 2 / std::sqrt(limits.acceleration) : 0,
                                         limits.area > 0 ? 4 * limits.area : 0});
        Signal<S> in(static_cast<std::size_t>(2 * slowest * kRate + slowest * kRate + 100), S(0.75));
        in.front() = 0.25;
        const auto out = followed(in, limits_of(limits));
        EXPECT_EQ(out.back(), S(0.75)) << "draw " << i;
        EXPECT_TRUE(std::ranges::is_sorted(out)) << "draw " << i;
    }
}

TYPED_TEST(Follower, TakesTheTimeThatItsAreaLetsIt) {
    using S = TypeParam;
    for (const double size : {0.5, 1.0, 4.0}) {
        Signal<S> in(1000, static_cast<S>(size));
        in.front() = 0;
        const auto out = followed(in, limits_of({0, 0, 0.1}));
        double area = 0;
        for (std::size_t f = 1; f < out.size(); ++f) {
            area += (size - double(out[f])) / kRate;
        }
        EXPECT_LE(area, 0.1);
        EXPECT_GT(area, 0.1 - size / kRate);
        const auto arrived = std::ranges::find(out, static_cast<S>(size)) - out.begin();
        EXPECT_EQ(arrived, std::lround(2 * 0.1 / size * kRate));
    }
}

TYPED_TEST(Follower, LetsWhatIsNotFinitePassWithoutATrace) {
    using S = TypeParam;
    const auto limits = limits_of({20, 0, 0});
    Signal<S> in(40, S(1));
    in.front() = 0;
    const auto whole = followed(in, limits);
    in[5] = std::numeric_limits<S>::quiet_NaN();
    in[6] = -std::numeric_limits<S>::infinity();
    auto out = followed(in, limits);
    EXPECT_TRUE(std::isnan(out[5]));
    EXPECT_EQ(out[6], in[6]);
    out[5] = whole[5];
    out[6] = whole[6];
    EXPECT_TRUE(same_bits(out, whole));
}

// A step of a float that is far less than what its bits can tell of the value still counts.
TEST(FollowerOfFloats, ArrivesHoweverSmallItsSteps) {
    Signal<float> in(200'000, 20'001.0F);
    in.front() = 20'000;
    const auto out = followed(in, limits_of({0.01, 0, 0}));
    EXPECT_EQ(out[99'000], 20'000 + 0.99F);
    EXPECT_EQ(out[100'001], 20'001.0F);
}

} // namespace
} // namespace amp::test

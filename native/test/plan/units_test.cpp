#include "plan/units.h"

#include <gtest/gtest.h>

#include <cmath>

namespace amp::test {
namespace {

using plan::ValueUnit;

plan::Stream stream() {
    plan::Stream stream;
    stream.sample_rate = 44100;
    stream.tempo = 96;
    stream.meter_numerator = 3;
    stream.meter_denominator = 4;
    return stream;
}

std::optional<double> canonical(double number, ValueUnit from, Unit to) {
    return plan::canonical({number, from}, to, stream());
}

TEST(Units, OfFrequency) {
    EXPECT_EQ(canonical(440, ValueUnit::hertz, Unit::hertz), 440);
    EXPECT_EQ(canonical(1.5, ValueUnit::kilohertz, Unit::hertz), 1500);
    EXPECT_EQ(canonical(69, ValueUnit::note, Unit::hertz), 440);
    EXPECT_NEAR(*canonical(60.5, ValueUnit::note, Unit::hertz), 440 * std::exp2(-8.5 / 12), 1e-9);
}

TEST(Units, OfFrequencyAreOneCycleInANotesLength) {
    EXPECT_EQ(canonical(0.25, ValueUnit::whole_notes, Unit::hertz), 1.6);
    EXPECT_NEAR(*canonical(2, ValueUnit::bars, Unit::hertz), 96.0 / 60 / 6, 1e-15);
    EXPECT_EQ(canonical(0, ValueUnit::whole_notes, Unit::hertz), std::nullopt);
    EXPECT_EQ(canonical(-1, ValueUnit::bars, Unit::hertz), std::nullopt);
}

TEST(Units, OfTime) {
    EXPECT_EQ(canonical(1.25, ValueUnit::seconds, Unit::seconds), 1.25);
    EXPECT_EQ(canonical(250, ValueUnit::milliseconds, Unit::seconds), 0.25);
    EXPECT_EQ(canonical(22050, ValueUnit::frames, Unit::seconds), 0.5);
    EXPECT_EQ(canonical(0.1875, ValueUnit::whole_notes, Unit::seconds), 0.46875);
    EXPECT_EQ(canonical(1, ValueUnit::bars, Unit::seconds), 1.875);
}

TEST(Units, OfRatio) {
    EXPECT_EQ(canonical(0, ValueUnit::decibels, Unit::ratio), 1);
    EXPECT_NEAR(*canonical(-6, ValueUnit::decibels, Unit::ratio), 0.501187233627, 1e-12);
    EXPECT_EQ(canonical(50, ValueUnit::percent, Unit::ratio), 0.5);
}

TEST(Units, PlainNumbersFitEverywhere) {
    for (const Unit unit : {Unit::none, Unit::hertz, Unit::seconds, Unit::ratio, Unit::octaves, Unit::turns}) {
        EXPECT_EQ(canonical(-7.5, ValueUnit::plain, unit), -7.5);
    }
}

TEST(Units, PercentFitsWhatHasNoDimension) {
    for (const Unit unit : {Unit::none, Unit::ratio, Unit::octaves, Unit::turns}) {
        EXPECT_EQ(canonical(25, ValueUnit::percent, unit), 0.25);
    }
    EXPECT_EQ(canonical(25, ValueUnit::percent, Unit::hertz), std::nullopt);
    EXPECT_EQ(canonical(25, ValueUnit::percent, Unit::seconds), std::nullopt);
}

TEST(Units, OfOneKindDoNotFitAnother) {
    EXPECT_EQ(canonical(1, ValueUnit::hertz, Unit::seconds), std::nullopt);
    EXPECT_EQ(canonical(1, ValueUnit::seconds, Unit::hertz), std::nullopt);
    EXPECT_EQ(canonical(1, ValueUnit::note, Unit::seconds), std::nullopt);
    EXPECT_EQ(canonical(1, ValueUnit::frames, Unit::hertz), std::nullopt);
    EXPECT_EQ(canonical(1, ValueUnit::decibels, Unit::hertz), std::nullopt);
    EXPECT_EQ(canonical(1, ValueUnit::decibels, Unit::turns), std::nullopt);
    EXPECT_EQ(canonical(1, ValueUnit::bars, Unit::ratio), std::nullopt);
    EXPECT_EQ(canonical(1, ValueUnit::milliseconds, Unit::octaves), std::nullopt);
}

} // namespace
} // namespace amp::test

#include "analysis/model/time.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace empathd {
namespace {

struct GoodTime {
    const char* name;
    const char* text;
    std::int64_t unix_ms; ///< By GNU date: date -u -d TEXT +%s%3N.
};

class Rfc3339Reads : public ::testing::TestWithParam<GoodTime> {};

TEST_P(Rfc3339Reads, AsTheInstantItMeans)
{
    const auto time = parse_rfc3339(GetParam().text);

    ASSERT_TRUE(time);
    EXPECT_EQ(to_unix_ms(*time), GetParam().unix_ms);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Rfc3339Reads,
    ::testing::Values(GoodTime{"Epoch", "1970-01-01T00:00:00Z", 0},
                      GoodTime{"Milliseconds", "2024-05-01T12:34:56.789Z", 1714566896789},
                      GoodTime{"OneDigit", "2024-05-01T12:34:56.7Z", 1714566896700},
                      GoodTime{"Microseconds", "2024-05-01T12:34:56.789999Z", 1714566896789},
                      GoodTime{"ManyDigits", "2024-05-01T12:34:56.7890000000000000000000001Z",
                               1714566896789},
                      GoodTime{"ZeroFraction", "2024-05-01T12:34:56.000Z", 1714566896000},
                      GoodTime{"East", "2024-05-01T14:34:56+02:00", 1714566896000},
                      GoodTime{"West", "2024-05-01T07:34:56-05:00", 1714566896000},
                      GoodTime{"HalfHour", "2024-05-01T18:04:56+05:30", 1714566896000},
                      GoodTime{"WestHalfHour", "2024-05-01T09:04:56-03:30", 1714566896000},
                      GoodTime{"UnknownOffset", "2024-05-01T12:34:56-00:00", 1714566896000},
                      GoodTime{"SmallLetters", "2024-05-01t12:34:56z", 1714566896000},
                      GoodTime{"Space", "2024-05-01 12:34:56Z", 1714566896000},
                      GoodTime{"LeapDay", "2024-02-29T00:00:00Z", 1709164800000},
                      GoodTime{"LeapDayOfCentury", "2000-02-29T23:59:59Z", 951868799000},
                      GoodTime{"LeapSecond", "2016-12-31T23:59:60Z", 1483228799000},
                      GoodTime{"LeapSecondEast", "2017-01-01T00:59:60.5+01:00", 1483228799500},
                      GoodTime{"BeforeEpoch", "1969-12-31T23:59:59.001Z", -999},
                      GoodTime{"OverMidnight", "2024-01-01T00:30:00+01:00", 1704065400000},
                      GoodTime{"First", "0000-01-01T00:00:00Z", -62167219200000},
                      GoodTime{"Last", "9999-12-31T23:59:59.999Z", 253402300799999}),
    [](const auto& test) { return test.param.name; });

struct BadTime {
    const char* name;
    std::string text;
};

class Rfc3339Refuses : public ::testing::TestWithParam<BadTime> {};

TEST_P(Rfc3339Refuses, WhatIsNoTime)
{
    EXPECT_FALSE(parse_rfc3339(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Rfc3339Refuses,
    ::testing::Values(
        BadTime{"Nothing", ""}, BadTime{"Word", "yesterday"}, BadTime{"DateOnly", "2024-05-01"},
        BadTime{"NoOffset", "2024-05-01T12:34:56"}, BadTime{"NoSeconds", "2024-05-01T12:34Z"},
        BadTime{"ShortYear", "24-05-01T12:34:56Z"}, BadTime{"LongYear", "12024-05-01T12:34:56Z"},
        BadTime{"OneDigitMonth", "2024-5-01T12:34:56Z"}, BadTime{"Month0", "2024-00-01T12:34:56Z"},
        BadTime{"Month13", "2024-13-01T12:34:56Z"}, BadTime{"Day0", "2024-05-00T12:34:56Z"},
        BadTime{"Day31", "2024-04-31T12:34:56Z"}, BadTime{"NoLeapDay", "2023-02-29T12:34:56Z"},
        BadTime{"NoLeapDayOfCentury", "1900-02-29T12:34:56Z"},
        BadTime{"Hour24", "2024-05-01T24:00:00Z"}, BadTime{"Minute60", "2024-05-01T12:60:00Z"},
        BadTime{"Second61", "2024-05-01T12:34:61Z"},
        BadTime{"EmptyFraction", "2024-05-01T12:34:56.Z"},
        BadTime{"Comma", "2024-05-01T12:34:56,5Z"}, BadTime{"Sign", "+2024-05-01T12:34:56Z"},
        BadTime{"Minus", "2024-05--1T12:34:56Z"}, BadTime{"Offset24", "2024-05-01T12:34:56+24:00"},
        BadTime{"OffsetMinutes", "2024-05-01T12:34:56+01:60"},
        BadTime{"OffsetWithoutColon", "2024-05-01T12:34:56+0100"},
        BadTime{"OffsetOfHours", "2024-05-01T12:34:56+01"},
        BadTime{"TwoOffsets", "2024-05-01T12:34:56Z+01:00"},
        BadTime{"Behind", "2024-05-01T12:34:56Z "}, BadTime{"Before", " 2024-05-01T12:34:56Z"},
        BadTime{"Underscore", "2024-05-01_12:34:56Z"}, BadTime{"Slashes", "2024/05/01T12:34:56Z"},
        BadTime{"Nul", std::string("2024-05-01T12:34:56\0Z", 21)},
        BadTime{"ArabicDigits", "٢٠٢٤-05-01T12:34:56Z"},
        BadTime{"BeforeTheYears", "0000-01-01T00:00:00+00:01"},
        BadTime{"AfterTheYears", "9999-12-31T23:59:59-00:01"}),
    [](const auto& test) { return test.param.name; });

TEST(Rfc3339, IsWrittenShort)
{
    EXPECT_EQ(to_rfc3339(from_unix_ms(0)), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(from_unix_ms(1714566896789)), "2024-05-01T12:34:56.789Z");
    EXPECT_EQ(to_rfc3339(from_unix_ms(1714566896007)), "2024-05-01T12:34:56.007Z");
    EXPECT_EQ(to_rfc3339(from_unix_ms(-1)), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(from_unix_ms(-62167219200000)), "0000-01-01T00:00:00Z");
}

TEST(Rfc3339, ReadsWhatItWrote)
{
    std::mt19937_64 engine(5);
    for (int i = 0; i < 20'000; ++i) {
        const auto span_ms = std::uint64_t{253402300799999} + 62167219200000;
        const TimePoint time =
            from_unix_ms(static_cast<std::int64_t>(engine() % span_ms) - 62167219200000);
        ASSERT_EQ(parse_rfc3339(to_rfc3339(time)), time) << to_unix_ms(time);
    }
}

TEST(Rfc3339, WritesAnyTimeWithoutHarm)
{
    // The store may hold any number; what is written of years beyond 9999 nobody reads back.
    for (const std::int64_t ms : {std::int64_t{253402300800000}, std::int64_t{-62167219200001}}) {
        EXPECT_FALSE(to_rfc3339(from_unix_ms(ms)).empty());
    }
}

} // namespace
} // namespace empathd

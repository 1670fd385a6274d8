#include "connectors/transport/time_formats.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <string>

namespace empathd::connectors {
namespace {

struct Reading {
    const char* text;
    const char* rfc3339; ///< Empty: no time.
};

void PrintTo(const Reading& reading, std::ostream* out)
{
    *out << '"' << reading.text << '"';
}

std::string read(std::string_view text)
{
    const auto time = parse_time(text);
    return time ? to_rfc3339(*time) : std::string();
}

class TimeFormats : public ::testing::TestWithParam<Reading> {};

TEST_P(TimeFormats, AreReadAsMeant)
{
    EXPECT_EQ(read(GetParam().text), GetParam().rfc3339);
}

INSTANTIATE_TEST_SUITE_P(
    Iso, TimeFormats,
    ::testing::Values(Reading{"2024-05-01T12:34:56Z", "2024-05-01T12:34:56Z"},
                      Reading{"2024-05-01T12:34:56.789123+02:00", "2024-05-01T10:34:56.789Z"},
                      Reading{"2023-08-07T21:11:04.091609", "2023-08-07T21:11:04.091Z"},
                      Reading{"2021-07-04T19:50:58+0000", "2021-07-04T19:50:58Z"},
                      Reading{"2021-07-04T19:50:58-0730", "2021-07-05T03:20:58Z"},
                      Reading{"2021-07-04T19:50:58+02", "2021-07-04T17:50:58Z"},
                      Reading{"2021-07-04 19:50:58 +0200", "2021-07-04T17:50:58Z"},
                      Reading{"2021-07-04 19:50:58 UTC", "2021-07-04T19:50:58Z"},
                      Reading{"2021-07-04 19:50", "2021-07-04T19:50:00Z"},
                      Reading{"2021-07-04T19:50Z", "2021-07-04T19:50:00Z"},
                      Reading{"2021-07-04", "2021-07-04T00:00:00Z"},
                      Reading{"2021/7/4 9:50:58", "2021-07-04T09:50:58Z"},
                      Reading{"20230918T031500Z", "2023-09-18T03:15:00Z"},
                      Reading{"20230918T0315Z", "2023-09-18T03:15:00Z"},
                      Reading{"20230918031500", "2023-09-18T03:15:00Z"},
                      Reading{"20230918", "2023-09-18T00:00:00Z"},
                      Reading{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
                      Reading{"2024-12-31T24:00:00", "2025-01-01T00:00:00Z"},
                      Reading{"2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"},
                      Reading{"  2024-05-01T12:34:56Z\n", "2024-05-01T12:34:56Z"}));

INSTANTIATE_TEST_SUITE_P(
    Rfc822, TimeFormats,
    ::testing::Values(Reading{"Wed, 01 May 2024 12:34:56 GMT", "2024-05-01T12:34:56Z"},
                      Reading{"Wed, 01 May 2024 12:34:56 +0200", "2024-05-01T10:34:56Z"},
                      Reading{"01 May 2024 12:34:56 -0700", "2024-05-01T19:34:56Z"},
                      Reading{"Wednesday, 1 May 2024 12:34 EST", "2024-05-01T17:34:00Z"},
                      Reading{"Mon, 01 May 2024 12:34:56 GMT", "2024-05-01T12:34:56Z"},
                      Reading{"Wed 1 May 2024 12:34:56", "2024-05-01T12:34:56Z"},
                      Reading{"Wed, 1 May 24 12:34:56 PDT", "2024-05-01T19:34:56Z"},
                      Reading{"1 May 49 00:00:00 GMT", "2049-05-01T00:00:00Z"},
                      Reading{"1 May 99 00:00:00 GMT", "1999-05-01T00:00:00Z"},
                      Reading{"Wed, 01 May 2024 12:34:56 GMT+2", "2024-05-01T10:34:56Z"},
                      Reading{"Wed, 01 May 2024 12:34:56 UTC+07:00", "2024-05-01T05:34:56Z"},
                      Reading{"Wed, 01 May 2024 12:34:56 GMT-0330", "2024-05-01T16:04:56Z"},
                      Reading{"Wed, 01 May 2024 12:34:56 CEST", "2024-05-01T10:34:56Z"},
                      Reading{"Wed, 01 May 2024 12:34:56 +0200 (CEST)", "2024-05-01T10:34:56Z"},
                      Reading{"Wed, 01 May 2024 12:34:56 +02:00", "2024-05-01T10:34:56Z"},
                      Reading{"Wed, 01 May 2024 12:34:56 XYZ", "2024-05-01T12:34:56Z"},
                      Reading{"Wed, 01 May 2024 12:34:56 Z", "2024-05-01T12:34:56Z"},
                      Reading{"Wed, 01 May 2024 12:34:56.25 GMT", "2024-05-01T12:34:56.250Z"},
                      Reading{"Wed, 01 May 2024", "2024-05-01T00:00:00Z"},
                      Reading{"1 Sept. 2024 08:00 GMT", "2024-09-01T08:00:00Z"},
                      Reading{"September 1, 2024 8:00 pm", "2024-09-01T20:00:00Z"},
                      Reading{"Sep 1st, 2024 at 12:05 AM EDT", "2024-09-01T04:05:00Z"},
                      Reading{"Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"},
                      Reading{"Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"},
                      Reading{"Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"},
                      Reading{"WED, 01 MAY 2024 12:34:56 gmt", "2024-05-01T12:34:56Z"}));

INSTANTIATE_TEST_SUITE_P(Epoch, TimeFormats,
                         ::testing::Values(Reading{"1714566896", "2024-05-01T12:34:56Z"},
                                           Reading{"1714566896.789", "2024-05-01T12:34:56.789Z"},
                                           Reading{"1714566896789", "2024-05-01T12:34:56.789Z"},
                                           Reading{"1714566896789123", "2024-05-01T12:34:56.789Z"},
                                           Reading{"946684800", "2000-01-01T00:00:00Z"}));

INSTANTIATE_TEST_SUITE_P(
    None, TimeFormats,
    ::testing::Values(Reading{"", ""}, Reading{"   ", ""}, Reading{"yesterday", ""},
                      Reading{"12", ""}, Reading{"12345678901234567890", ""},
                      Reading{"2024-13-01", ""}, Reading{"2024-02-30T00:00:00Z", ""},
                      Reading{"2024-05-01T25:00:00Z", ""}, Reading{"2024-05-01T12:60:00Z", ""},
                      Reading{"2024-05-01T24:00:01", ""},
                      Reading{"2024-05-01T12:34:56Z and more", ""}, Reading{"2024-05-01T", ""},
                      Reading{"2024-05-01T1234567", ""}, Reading{"2024-05-01T12:34:56+99:00", ""},
                      Reading{"32 May 2024 12:00 GMT", ""}, Reading{"1 Mai 2024 12:00 GMT", ""},
                      Reading{"1 May", ""}, Reading{"May 2024 12:00", ""},
                      Reading{"1 May 2024 13:00 pm", ""}, Reading{"1 May June 2024", ""},
                      Reading{"1 2 3 4 5", ""}, Reading{"Wed, 01 May 2024 12:34:56 +99999", ""},
                      Reading{"Wed, 01 May 2024 12:34:99 GMT", ""},
                      Reading{"Wed, 01 May 2024 99999999999:34 GMT", ""},
                      Reading{"Wed, 01 May 2024 12:34:56 GMT GMT", ""}));

TEST(TimeFormats, ReadsNoTimeInALongText)
{
    EXPECT_EQ(parse_time("1 May 2024" + std::string(1000, ' ') + "x"), std::nullopt);
    EXPECT_EQ(parse_time(std::string(100'000, '9')), std::nullopt);
}

TEST(EpochSeconds, AreReadWithTheirFractionAndWithinTheCalendar)
{
    EXPECT_EQ(from_epoch_seconds(1498.25), from_unix_ms(1498250));
    EXPECT_EQ(from_epoch_seconds(1234567890.123), from_unix_ms(1234567890123));
    EXPECT_EQ(from_epoch_seconds(0), from_unix_ms(0));
    EXPECT_EQ(from_epoch_seconds(-1), std::nullopt);
    EXPECT_EQ(from_epoch_seconds(1e18), std::nullopt);
    EXPECT_EQ(from_epoch_seconds(std::numeric_limits<double>::quiet_NaN()), std::nullopt);
    EXPECT_EQ(from_epoch_seconds(std::numeric_limits<double>::infinity()), std::nullopt);
}

} // namespace
} // namespace empathd::connectors

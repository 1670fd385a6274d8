#include "analysis/decision/hours.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd::analysis {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

TimePoint at(const std::string& text)
{
    return parse_rfc3339(text).value();
}

HoursSpan span(const std::string& which_days, const std::string& from, const std::string& to)
{
    return {.days = parse_days(which_days).value(),
            .from = parse_minute(from).value(),
            .to = parse_minute(to).value()};
}

Hours hours_in(const std::string& zone, std::vector<HoursSpan> spans)
{
    return Hours::make("nights", zone, std::move(spans)).value();
}

TEST(HoursOfTheWeek, ContainTheirSpansByTheClockOfThePlace)
{
    const Hours office = hours_in("Asia/Ho_Chi_Minh", {span("mon-fri", "08:00", "17:30")});

    EXPECT_FALSE(office.contains(at("2026-03-02T00:59:59Z"))) << "Monday 07:59:59";
    EXPECT_TRUE(office.contains(at("2026-03-02T01:00:00Z"))) << "Monday 08:00";
    EXPECT_TRUE(office.contains(at("2026-03-02T10:29:59Z"))) << "Monday 17:29:59";
    EXPECT_FALSE(office.contains(at("2026-03-02T10:30:00Z"))) << "the end is excluded";
    EXPECT_FALSE(office.contains(at("2026-03-07T03:00:00Z"))) << "Saturday";
    EXPECT_TRUE(office.contains(at("1969-12-29T03:00:00Z"))) << "a Monday before 1970";
}

TEST(HoursOfTheWeek, GoOverMidnightIntoTheNextDay)
{
    const Hours nights = hours_in("UTC", {span("sun", "22:00", "06:00")});

    EXPECT_FALSE(nights.contains(at("2026-03-01T05:00:00Z"))) << "Sunday morning";
    EXPECT_TRUE(nights.contains(at("2026-03-01T22:00:00Z")));
    EXPECT_TRUE(nights.contains(at("2026-03-02T05:59:59Z"))) << "Monday morning";
    EXPECT_FALSE(nights.contains(at("2026-03-02T06:00:00Z")));
    EXPECT_FALSE(nights.contains(at("2026-03-02T22:00:00Z"))) << "Monday night";
}

TEST(HoursOfTheWeek, MoveWithTheClocksOfThePlace)
{
    const Hours nights = hours_in("Europe/Paris", {span("all", "22:00", "06:00")});

    EXPECT_TRUE(nights.contains(at("2026-03-28T21:00:00Z"))) << "22:00 in winter";
    EXPECT_FALSE(nights.contains(at("2026-03-28T20:59:00Z")));
    EXPECT_TRUE(nights.contains(at("2026-03-29T20:00:00Z"))) << "22:00 in summer";
    EXPECT_EQ(nights.next_change(at("2026-03-28T22:00:00Z")), at("2026-03-29T04:00:00Z"))
        << "the night of the change is an hour shorter";
    EXPECT_EQ(nights.next_change(at("2026-10-24T21:00:00Z")), at("2026-10-25T05:00:00Z"))
        << "and an hour longer in October";
}

TEST(HoursOfTheWeek, SkipWhatThePlaceSkipsAndHaveTwiceWhatItHasTwice)
{
    const Hours early = hours_in("Europe/Paris", {span("all", "02:15", "02:45")});

    // 29 March 2026: 02:00 to 03:00 do not exist.
    EXPECT_EQ(early.next_change(at("2026-03-28T12:00:00Z")), at("2026-03-30T00:15:00Z"));
    // 25 October 2026: they come twice, at 00:00 and 01:00 UTC.
    TimePoint time = at("2026-10-24T12:00:00Z");
    for (const char* change : {"2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z",
                               "2026-10-25T01:15:00Z", "2026-10-25T01:45:00Z"}) {
        time = early.next_change(time).value();
        EXPECT_EQ(to_rfc3339(time), change);
    }
}

TEST(HoursOfTheWeek, ChangeWhereTheClockJumpsIntoOrOutOfThem)
{
    const Hours late = hours_in("Europe/Paris", {span("all", "02:30", "05:00")});

    EXPECT_EQ(late.next_change(at("2026-03-28T12:00:00Z")), at("2026-03-29T01:00:00Z"))
        << "at once when it is 03:00";
}

TEST(HoursOfTheWeek, NextChangeIsTheFirstMinuteThatDiffersAllYear)
{
    const Hours some = hours_in("America/New_York",
                                {span("mon-thu", "01:30", "02:10"),
                                 span("fri-sun", "23:00", "03:00"), span("sun", "01:00", "02:00")});
    // Around both changes of the clocks (8 March, 1 November 2026).
    for (const char* week : {"2026-03-06T00:00:00Z", "2026-10-30T00:00:00Z"}) {
        TimePoint time = at(week);
        for (int change = 0; change < 12; ++change) {
            TimePoint slow = time + minutes{1};
            while (some.contains(slow) == some.contains(time)) {
                slow += minutes{1};
            }
            EXPECT_EQ(to_rfc3339(some.next_change(time).value()), to_rfc3339(slow));
            time = slow;
        }
    }
}

TEST(HoursOfTheWeek, NeverChangeWhenTheyAreTheWholeWeek)
{
    EXPECT_EQ(
        hours_in("UTC", {span("all", "00:00", "24:00")}).next_change(at("2026-03-01T00:00:00Z")),
        std::nullopt);
}

TEST(HoursOfTheWeek, RefuseZonesAndTimesThatAreNone)
{
    const auto problem = [](const std::string& zone, std::vector<HoursSpan> spans) {
        const Result<Hours> made = Hours::make("nights", zone, std::move(spans));
        return made ? std::string("nothing") : made.error().message;
    };
    const HoursSpan good = span("all", "22:00", "06:00");

    EXPECT_EQ(problem("UTC", {good}), "nothing");
    for (const char* zone : {"Europe/Pariss", "", "Mars/Olympus", "\xff\xfe"}) {
        EXPECT_NE(problem(zone, {good}).find("is unknown"), std::string::npos) << zone;
    }
    EXPECT_EQ(problem("UTC", {}), "hours 'nights' have no days");
    EXPECT_EQ(problem("UTC", {{.days = {}, .from = 0, .to = 60}}), "hours 'nights': days is empty");
    EXPECT_EQ(problem("UTC", {{.days = 1, .from = 1440, .to = 60}}),
              "hours 'nights': from must be 00:00 to 23:59");
    EXPECT_EQ(problem("UTC", {{.days = 1, .from = 0, .to = 0}}),
              "hours 'nights': to must be 00:01 to 24:00");
    EXPECT_NE(problem("UTC", {{.days = 1, .from = 60, .to = 60}}).find("are equal"),
              std::string::npos);
}

TEST(HoursOfTheWeek, AreReadFromWordsAndNothingElse)
{
    EXPECT_EQ(parse_minute("07:05"), 425);
    EXPECT_EQ(parse_minute("24:00"), 1440);
    for (const char* bad :
         {"", "7:05", "07:60", "24:01", "25:00", "07-05", "07:05 ", "ab:cd", "-1:00"}) {
        EXPECT_EQ(parse_minute(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(parse_days("mon"), std::bitset<7>{0b0000001});
    EXPECT_EQ(parse_days("Mon-FRI"), std::bitset<7>{0b0011111});
    EXPECT_EQ(parse_days("sat-mon"), std::bitset<7>{0b1100001});
    EXPECT_EQ(parse_days("all"), std::bitset<7>{0b1111111});
    for (const char* bad : {"", "monday", "mon-", "-fri", "mon-fri-sun", "m\xc3\xb4n"}) {
        EXPECT_EQ(parse_days(bad), std::nullopt) << bad;
    }
}

TEST(Quiet, IsInMuteHoursAndOutsideActiveOnes)
{
    const std::vector<Hours> mute{hours_in("UTC", {span("all", "12:00", "13:00")})};
    const std::vector<Hours> active{
        Hours::make("office", "UTC", {span("mon-fri", "08:00", "18:00")}).value()};
    const TimePoint monday = at("2026-03-02T00:00:00Z");

    EXPECT_EQ(quiet_at({}, {}, monday), std::nullopt);
    EXPECT_EQ(quiet_at(mute, active, monday + hours{9}), std::nullopt);
    const auto lunch = quiet_at(mute, active, monday + hours{12});
    ASSERT_TRUE(lunch);
    EXPECT_EQ(lunch->hours, "nights");
    EXPECT_EQ(lunch->until, monday + hours{13});
    const auto weekend = quiet_at(mute, active, monday + days{4} + hours{18});
    ASSERT_TRUE(weekend);
    EXPECT_EQ(weekend->hours, "office");
    EXPECT_EQ(weekend->until, monday + days{7} + hours{8});
}

TEST(Quiet, IsAskedAgainAfterEightDaysWhereItNeverEnds)
{
    const std::vector<Hours> always{hours_in("UTC", {span("all", "00:00", "24:00")})};
    const TimePoint now = at("2026-03-02T00:00:00Z");

    EXPECT_EQ(quiet_at(always, {}, now)->until, now + days{8});
}

} // namespace
} // namespace empathd::analysis

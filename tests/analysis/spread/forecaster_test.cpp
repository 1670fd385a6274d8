#include "analysis/spread/forecaster.hpp"

#include "tests/analysis/spread/simulated.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::live_through;
using testing::simulated_set;

const TimePoint start = testing::simulated_start;

/// Forty reactions in an hour, polled in time.
Track rising()
{
    Track track = begin(2, start, start);
    for (const int minute : {5, 10, 20, 40, 60}) {
        update(track, 2 + minute * 0.6, start + minutes{minute});
    }
    return track;
}

void expect_order(const Forecast& forecast)
{
    EXPECT_LE(forecast.now, forecast.low);
    EXPECT_LE(forecast.low, forecast.median);
    EXPECT_LE(forecast.median, forecast.high);
    EXPECT_TRUE(std::isfinite(forecast.high));
    EXPECT_GE(forecast.p_threshold, 0);
    EXPECT_LE(forecast.p_threshold, 1);
    EXPECT_GE(forecast.p_double, 0);
    EXPECT_LE(forecast.p_double, 1);
}

TEST(Forecaster, SaysNothingOfATrackThatHasNotBegun)
{
    EXPECT_EQ(Forecaster().forecast("here", Track{}, start), Forecast{});
}

TEST(Forecaster, CountsUpwardFromNowOnEveryPlatformAtEveryAge)
{
    Forecaster learned;
    live_through(learned, simulated_set(PriorKind::general, 150, 1));
    for (const char* platform : {"mastodon", "hackernews", "somewhere", story_platform}) {
        for (const double rate : {0.0, 0.02, 1.0, 1e6}) {
            Track track = begin(rate, start);
            for (int age_min = 5; age_min < 20'000; age_min *= 2) {
                const TimePoint at = start + minutes{age_min};
                update(track, rate * age_min, at);
                const Forecast forecast = learned.forecast(platform, track, at);
                expect_order(forecast);
                EXPECT_EQ(forecast.now, rate * age_min);
                EXPECT_EQ(forecast.calibration, Calibration::prior);
                EXPECT_FALSE(forecast.widened || forecast.withheld);
            }
        }
    }
}

TEST(Forecaster, ExpectsMoreOfWhatRisesFaster)
{
    const Forecaster forecaster;
    Track slow = begin(2, start, start);
    for (const int minute : {5, 10, 20, 40, 60}) {
        update(slow, 2 + minute * 0.05, start + minutes{minute});
    }
    const TimePoint now = start + hours{1};
    const Forecast much = forecaster.forecast("mastodon", rising(), now);
    const Forecast little = forecaster.forecast("mastodon", slow, now);

    EXPECT_GT(much.median, little.median);
    EXPECT_GT(much.p_threshold, little.p_threshold);
}

TEST(Forecaster, WidensWhenAPollIsLateAndWithholdsWhenItIsTooLate)
{
    const Forecaster forecaster;
    const Track track = rising(); // The next poll is due in an hour.
    const Forecast in_time = forecaster.forecast("here", track, start + hours{2});
    const Forecast late = forecaster.forecast("here", track, start + hours{4});
    const Forecast too_late = forecaster.forecast("here", track, start + hours{5});

    EXPECT_FALSE(in_time.widened);
    EXPECT_TRUE(late.widened);
    EXPECT_FALSE(late.withheld);
    EXPECT_EQ(late.median, in_time.median);
    EXPECT_GT(late.high, in_time.high);
    EXPECT_LE(late.low, in_time.low);
    EXPECT_TRUE(too_late.withheld);
    EXPECT_EQ(too_late.high, too_late.now);
    EXPECT_EQ(too_late.p_threshold, 0);
    EXPECT_EQ(too_late.half_at, TimePoint{});
    expect_order(too_late);
}

TEST(Forecaster, WithholdsAfterTwelveBlindHoursInYouthAndRecovers)
{
    const Forecaster forecaster;
    Track track = begin(2, start);
    update(track, 10, start + minutes{5});
    update(track, 30, start + hours{13});
    EXPECT_TRUE(forecaster.forecast("here", track, start + hours{13}).withheld);

    update(track, 31, start + hours{26});
    const Forecast recovering = forecaster.forecast("here", track, start + hours{26});
    EXPECT_TRUE(recovering.widened);
    EXPECT_FALSE(recovering.withheld);
    update(track, 32, start + hours{52});
    EXPECT_FALSE(forecaster.forecast("here", track, start + hours{52}).widened);
}

TEST(Forecaster, IsCertainOfAThresholdThatIsReached)
{
    Forecaster forecaster;
    forecaster.set_threshold("here", 30);
    EXPECT_EQ(forecaster.forecast("here", rising(), start + hours{1}).p_threshold, 1);
    EXPECT_EQ(forecaster.threshold("here"), 30);

    forecaster.set_threshold("here", 1e6);
    EXPECT_LT(forecaster.forecast("here", rising(), start + hours{1}).p_threshold, 0.1);
    forecaster.set_threshold("here", -1);
    forecaster.set_threshold("here", std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(forecaster.threshold("here"), 1e6) << "what is no count changes nothing";
    forecaster.set_threshold("here", std::nullopt);
    EXPECT_EQ(forecaster.threshold("here"), Forecaster().threshold("here"));
}

TEST(Forecaster, ExpectsHalfOfTheRestWithinAnAgeOrTwo)
{
    const Forecaster forecaster;
    const Forecast forecast = forecaster.forecast("mastodon", rising(), start + hours{1});
    ASSERT_GT(forecast.median, forecast.now + 1);
    EXPECT_GT(forecast.half_at, start + hours{2});
    EXPECT_LT(forecast.half_at, start + hours{3});
}

TEST(Forecaster, LearnsWhenHalfOfTheRestComes)
{
    Forecaster forecaster;
    for (int i = 0; i < 300; ++i) { // One a minute for a day: half of the rest takes half a day.
        const TimePoint first = start + minutes{i};
        const std::string id = std::to_string(i);
        Track track = begin(0, first, first);
        forecaster.observe("here", id, track);
        for (int minute = 5; minute <= 2'000; minute += 5) {
            update(track, std::min(1440, minute), first + minutes{minute});
            forecaster.observe("here", id, track);
        }
        forecaster.mature("here", id, first + life);
    }
    Track track = begin(0, start, start);
    for (int minute = 5; minute <= 120; minute += 5) {
        update(track, minute, start + minutes{minute});
    }
    const Forecast forecast = forecaster.forecast("here", track, track.last_at());
    EXPECT_NEAR(forecast.median, 1440, 150);
    EXPECT_NEAR(std::chrono::duration<double>(forecast.half_at - start).count() / 3600, 13, 3);
}

TEST(Forecaster, CallsItselfCalibratedOnlyAfterThreeHundredPostsThatHeld)
{
    Forecaster forecaster;
    const auto set = simulated_set(PriorKind::general, matured_for_own, 3);
    auto most = set;
    most.series.pop_back();
    live_through(forecaster, most);
    EXPECT_EQ(forecaster.report().front().calibration, Calibration::prior);
    live_through(forecaster, set, matured_for_own - 1);

    const auto report = forecaster.report();
    ASSERT_EQ(report.size(), 1u);
    EXPECT_EQ(report[0].platform, "somewhere");
    EXPECT_EQ(report[0].matured, matured_for_own);
    EXPECT_EQ(report[0].calibration, Calibration::own);
    EXPECT_EQ(forecaster.forecast("somewhere", rising(), start + hours{1}).calibration,
              Calibration::own);
    EXPECT_EQ(forecaster.forecast("elsewhere", rising(), start + hours{1}).calibration,
              Calibration::prior);
}

TEST(Forecaster, IsNotCalibratedWhileWhatItHasSeenDoesNotHold)
{
    Forecaster forecaster;
    auto set = simulated_set(PriorKind::general, 320, 3);
    for (std::size_t i = 0; i < set.series.size(); ++i) { // A law that changes with every post.
        set.series[i].end = i % 2 == 0 ? set.series[i].polls.back().count
                                       : 1e3 * std::exp2(static_cast<double>(i) / 20);
    }
    live_through(forecaster, set);
    const auto report = forecaster.report();
    ASSERT_EQ(report.size(), 1u);
    EXPECT_LT(report[0].coverage, coverage_for_own_min);
    EXPECT_EQ(report[0].calibration, Calibration::prior);
}

TEST(Forecaster, LearnsNothingFromPostsThatAreDroppedUnknownOrSeenTooLate)
{
    Forecaster forecaster;
    forecaster.observe("here", "a", rising());
    forecaster.drop("here", "a");
    EXPECT_FALSE(forecaster.mature("here", "a", start + life));
    EXPECT_FALSE(forecaster.mature("here", "never", start + life));
    forecaster.observe("here", "none", Track{});
    EXPECT_EQ(forecaster.pending(), 0u);

    Track late = begin(1, start);
    update(late, 50, start + hours{11});
    forecaster.observe("here", "late", late);
    ASSERT_TRUE(forecaster.mature("here", "late", start + life));
    EXPECT_EQ(forecaster.report().front().rows, 0u);
}

TEST(Forecaster, MaturesALifeAfterTheFirstPollAndNeverTwice)
{
    Forecaster forecaster;
    forecaster.observe("here", "a", rising());
    EXPECT_EQ(forecaster.mature_due(start + life - minutes{1}), 0u);
    EXPECT_EQ(forecaster.mature_due(start + life), 1u);
    EXPECT_EQ(forecaster.matured_until(), start + life);
    EXPECT_EQ(forecaster.pending(), 0u);

    forecaster.observe("here", "a", rising());
    EXPECT_EQ(forecaster.pending(), 0u) << "its life was over by then";
    EXPECT_EQ(forecaster.report().front().matured, 1u);
}

TEST(Forecaster, TakesTheLastCountAsTheEndUnlessItIsToldAnother)
{
    Forecaster told;
    told.observe("here", "a", rising());
    told.mature("here", "a", start + life, 38);
    Forecaster untold;
    untold.observe("here", "a", rising());
    untold.mature("here", "a", start + life);
    Forecaster wronged;
    wronged.observe("here", "a", rising());
    wronged.mature("here", "a", start + life, -5);

    EXPECT_EQ(told.save(), untold.save());
    EXPECT_EQ(wronged.save(), untold.save());
}

TEST(Forecaster, LearnsTheSameWhenTheSamePollsAreObservedAgain)
{
    const auto set = simulated_set(PriorKind::board, 60, 9);
    Forecaster once;
    live_through(once, set);
    Forecaster twice;
    for (std::size_t i = 0; i < set.series.size();
         ++i) { // As after a restart: all, then all again.
        const auto& series = set.series[i];
        for (int round = 0; round < 2; ++round) {
            Track track = begin(series.polls[0].count, series.polls[0].at, series.published_at);
            twice.observe(set.platform, std::to_string(i), track);
            for (std::size_t k = 1; k < series.polls.size(); ++k) {
                update(track, series.polls[k].count, series.polls[k].at);
                twice.observe(set.platform, std::to_string(i), track);
            }
        }
        twice.mature(set.platform, std::to_string(i), series.end_known_at, series.end);
    }
    EXPECT_EQ(once.save(), twice.save());
}

} // namespace
} // namespace empathd::analysis

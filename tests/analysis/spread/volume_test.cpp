#include "analysis/spread/volume.hpp"

#include "analysis/spread/sigma_rule.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const TimePoint monday = from_unix_ms(1'772'409'600'000); // 2026-03-02T00:00:00Z
constexpr double pi = 3.14159265358979;

/// Posts an hour at a time after `monday`.
using Rate = std::function<double(hours)>;

double steady_100(hours)
{
    return 100;
}
/// 20 at night, 180 at noon.
double daily(hours h)
{
    return 100 - 80 * std::cos(2 * pi * static_cast<double>(h.count() % 24) / 24);
}

/// Counts drawn from a gamma-mixed Poisson: variance mean + 0.05 mean^2.
class Series {
public:
    Series(VolumeOptions options, Rate rate, std::uint32_t seed)
        : detector(options), rate_(std::move(rate)), random_(seed)
    {
    }

    /// Goes on for `span`; `times` the usual rate. The number of alarms that began.
    int run(hours span, double times = 1)
    {
        int begun = 0;
        const TimePoint end = now + span;
        for (; now < end; now += detector.options().bin) {
            last = detector.add({.start = now, .count = draw(times)}).value();
            begun += last.begins ? 1 : 0;
        }
        return begun;
    }

    std::uint64_t draw(double times)
    {
        const double share = static_cast<double>(detector.options().bin.count()) / 60;
        const double mean = times * share * rate_(std::chrono::floor<hours>(now - monday));
        std::gamma_distribution<double> mix(20, mean / 20);
        std::poisson_distribution<std::uint64_t> poisson(std::max(1e-9, mix(random_)));
        return poisson(random_);
    }

    VolumeDetector detector;
    VolumeVerdict last;
    TimePoint now = monday;

private:
    Rate rate_;
    std::mt19937 random_;
};

VolumeOptions bins_of(minutes bin)
{
    VolumeOptions options;
    options.bin = bin;
    return options;
}

TEST(Volume, SaysNothingUntilItHasSeenThreeDays)
{
    Series series(bins_of(minutes{60}), steady_100, 1);
    series.run(hours{71});

    EXPECT_EQ(series.last.method, VolumeMethod::learning);
    const auto flood = series.detector.add({.start = series.now, .count = 100'000});
    EXPECT_FALSE(flood->alarm);
}

TEST(Volume, RaisesAnAlarmForAnOutburstWithItsParts)
{
    for (const minutes bin : {minutes{15}, minutes{60}}) {
        Series series(bins_of(bin), daily, 2);
        series.run(hours{28 * 24 + 9});
        const TimePoint outburst = series.now;

        // Five times the usual in a day that itself goes up and down nine times.
        EXPECT_EQ(series.run(bin == minutes{15} ? hours{4} : hours{6}, 5), 1) << bin.count();
        EXPECT_TRUE(series.last.alarm);
        EXPECT_EQ(series.last.method, VolumeMethod::cusum);
        EXPECT_GE(series.last.statistic, series.last.cut);
        EXPECT_GT(static_cast<double>(series.last.seen), 2 * series.last.expected);
        EXPECT_NEAR(series.last.expected, 40.0 * static_cast<double>(bin.count()) / 15,
                    26.0 * static_cast<double>(bin.count()) / 15);
        EXPECT_LE(std::chrono::abs(series.last.since - outburst), hours{2});
    }
}

TEST(Volume, EndsTheAlarmWhenThingsAreAsUsualAgain)
{
    Series series(bins_of(minutes{60}), steady_100, 3);
    series.run(hours{14 * 24});
    ASSERT_EQ(series.run(hours{6}, 6), 1);
    series.run(hours{24});

    EXPECT_FALSE(series.last.alarm);
    EXPECT_EQ(series.last.since, TimePoint{});
    EXPECT_EQ(series.run(hours{6}, 6), 1) << "and is ready for the next";
}

TEST(Volume, IsSilentOverTheUsualUpsAndDowns)
{
    for (const minutes bin : {minutes{15}, minutes{60}}) {
        int alarms = 0;
        for (std::uint32_t seed = 1; seed <= 5; ++seed) {
            Series series(bins_of(bin), daily, seed);
            alarms += series.run(hours{40 * 24});
        }
        EXPECT_LE(alarms, 4) << "in 185 judged days, at most .02 a day";
    }
}

TEST(Volume, KnowsTheHourOfTheWeek)
{
    Series series(bins_of(minutes{60}), daily, 4);
    series.run(hours{28 * 24});

    EXPECT_NEAR(series.detector.expected(series.now + hours{12}), 180, 40);
    EXPECT_NEAR(series.detector.expected(series.now + hours{24}), 20, 20);
}

TEST(Volume, JudgesByTheTailWhereFewAreExpected)
{
    Series series(
        bins_of(minutes{60}), [](hours) { return 0.5; }, 5);
    EXPECT_EQ(series.run(hours{30 * 24}), 0);

    const auto eight = series.detector.add({.start = series.now, .count = 8, .authors = 8});
    EXPECT_EQ(eight->method, VolumeMethod::tail);
    EXPECT_TRUE(eight->begins);
    EXPECT_EQ(eight->since, series.now);
    EXPECT_NEAR(eight->expected, 0.5, 0.5);
}

TEST(Volume, NeverRaisesAnAlarmForAHandfulOrForOneBusyPerson)
{
    const VolumeBin four{.start = monday, .count = 4, .authors = 4};
    const VolumeBin two_people{.start = monday, .count = 60, .authors = 2};
    for (const VolumeBin& bin : {four, two_people}) {
        VolumeDetector detector;
        TimePoint now = monday;
        for (; now < monday + hours{10 * 24}; now += hours{1}) {
            ASSERT_FALSE(detector.add({.start = now, .count = 0, .authors = 0})->alarm);
        }
        for (int i = 0; i < 48; ++i, now += hours{1}) {
            EXPECT_FALSE(detector.add({now, bin.count, bin.authors})->alarm);
        }
    }
}

TEST(Volume, StaysCalmOverZeroAfterZero)
{
    VolumeDetector detector;
    for (TimePoint now = monday; now < monday + hours{30 * 24}; now += hours{1}) {
        const auto verdict = detector.add({.start = now});
        ASSERT_FALSE(verdict->alarm);
        ASSERT_TRUE(std::isfinite(verdict->statistic));
        ASSERT_TRUE(std::isfinite(verdict->expected));
    }
}

TEST(Volume, DoesNotTakeBlindHoursForZeros)
{
    Series seeing(bins_of(minutes{60}), steady_100, 6);
    Series blinded(bins_of(minutes{60}), steady_100, 6);
    seeing.run(hours{10 * 24});
    blinded.run(hours{10 * 24});
    const double before = blinded.detector.expected(blinded.now);
    for (int i = 0; i < 3 * 168; ++i, blinded.now += hours{1}) {
        ASSERT_TRUE(blinded.detector.skip(blinded.now));
    }
    EXPECT_EQ(blinded.detector.expected(blinded.now + hours{0}), before);
    EXPECT_EQ(blinded.run(hours{48}), 0) << "no alarm because sight has come back";

    Series zeros(bins_of(minutes{60}), steady_100, 6);
    zeros.run(hours{10 * 24});
    zeros.run(hours{3 * 168}, 0);
    EXPECT_LT(zeros.detector.expected(zeros.now), 0.9 * before) << "real zeros do teach";
}

TEST(Volume, BinsNotGivenAreSkipped)
{
    Series told(bins_of(minutes{60}), steady_100, 7);
    Series untold(bins_of(minutes{60}), steady_100, 7);
    told.run(hours{100});
    untold.run(hours{100});
    told.now += hours{1};
    untold.now += hours{1};
    ASSERT_TRUE(told.detector.skip(told.now - hours{1}));
    const VolumeBin next{.start = told.now, .count = 900};
    const VolumeVerdict a = told.detector.add(next).value();
    const VolumeVerdict b = untold.detector.add(next).value();

    EXPECT_EQ(a.expected, b.expected);
    EXPECT_NEAR(a.statistic, b.statistic, 1e-9);
}

TEST(Volume, AnOutburstHardlyBecomesTheUsual)
{
    Series series(bins_of(minutes{60}), steady_100, 8);
    series.run(hours{28 * 24});
    const double before = series.detector.expected(series.now + hours{7 * 24});
    const double expected_elsewhere = series.detector.expected(series.now + hours{84});
    series.run(hours{6}, 50);

    EXPECT_LT(series.detector.expected(series.now - hours{6} + hours{7 * 24}), 1.6 * before);
    EXPECT_LT(series.detector.expected(series.now + hours{84 - 6}), 1.1 * expected_elsewhere);
}

TEST(Volume, RefusesBinsOutOfOrderOrBetweenTwoAndLearnsNothingFromThem)
{
    VolumeDetector detector(bins_of(minutes{15}));
    ASSERT_TRUE(detector.add({.start = monday, .count = 1}));
    const std::string before = detector.save();

    for (const TimePoint start : {monday, monday - minutes{15}, monday + minutes{20},
                                  from_unix_ms(-900'000), TimePoint{}}) {
        EXPECT_EQ(detector.add({.start = start, .count = 9}).error().kind, ErrorKind::malformed);
        EXPECT_EQ(detector.skip(start).error().kind, ErrorKind::malformed);
    }
    EXPECT_EQ(detector.save(), before);
}

TEST(Volume, GoesOnToTheLastBitAfterARestart)
{
    Series series(bins_of(minutes{15}), daily, 9);
    series.run(hours{9 * 24});
    series.run(hours{2}, 8);
    Result<VolumeDetector> restored = VolumeDetector::load(series.detector.save());
    ASSERT_TRUE(restored);
    EXPECT_EQ(restored->save(), series.detector.save());

    for (int i = 0; i < 2'000; ++i, series.now += minutes{15}) {
        const VolumeBin bin{.start = series.now, .count = series.draw(1)};
        ASSERT_EQ(series.detector.add(bin).value(), restored->add(bin).value());
    }
    EXPECT_EQ(restored->save(), series.detector.save());
}

TEST(Volume, RefusesDamagedState)
{
    const std::string bytes = VolumeDetector().save();
    for (std::size_t i = 0; i < bytes.size(); i += 7) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 0x10);
        EXPECT_FALSE(VolumeDetector::load(changed)) << i;
        EXPECT_FALSE(VolumeDetector::load(bytes.substr(0, i))) << i;
    }
    EXPECT_FALSE(VolumeDetector::load(""));
}

TEST(Volume, TakesTheLargestCounts)
{
    VolumeDetector detector;
    for (TimePoint now = monday; now < monday + hours{200}; now += hours{1}) {
        const auto verdict = detector.add({.start = now, .count = ~std::uint64_t{0}});
        ASSERT_TRUE(std::isfinite(verdict->statistic));
    }
    EXPECT_TRUE(VolumeDetector::load(detector.save()));
}

TEST(NegativeBinomialTail, AgreesWithDirectSums)
{
    // Poisson(2), no overdispersion: P(X >= 3) = 1 - e^-2 (1 + 2 + 2).
    EXPECT_NEAR(log_negative_binomial_tail(3, 2, 0), std::log(1 - 5 * std::exp(-2)), 1e-6);
    // Geometric (overdispersion 1) with mean 1: P(X >= k) = 2^-k.
    EXPECT_NEAR(log_negative_binomial_tail(10, 1, 1), 10 * std::log(0.5), 1e-9);
    EXPECT_EQ(log_negative_binomial_tail(0, 1, 1), 0);
}

TEST(NegativeBinomialTail, FallsWithTheCountAndStaysFinite)
{
    double last = 0.1;
    for (const std::uint64_t count : {0, 1, 5, 20, 300, 5'000, 2'000'000'000}) {
        const double tail = log_negative_binomial_tail(count, 3, 0.2);
        EXPECT_LT(tail, last);
        EXPECT_TRUE(std::isfinite(tail));
        last = tail;
    }
}

TEST(SigmaRule, RaisesAnAlarmAboveThreeStandardDeviations)
{
    SigmaRule rule;
    for (int i = 0; i < 168; ++i) {
        EXPECT_FALSE(rule.add(i % 2 == 0 ? 90 : 110)); // mean 100, sd 10
    }
    EXPECT_NEAR(rule.limit(), 130, 1e-9);
    EXPECT_FALSE(rule.add(130));
    EXPECT_TRUE(rule.add(140));
}

TEST(SigmaRule, IsSilentOnTheFirstDay)
{
    SigmaRule rule;
    for (std::size_t i = 0; i < SigmaRule::hours_min; ++i) {
        EXPECT_FALSE(rule.add(i == 23 ? 1'000'000 : 1));
    }
    EXPECT_TRUE(rule.add(2'000'000));
}

} // namespace
} // namespace empathd::analysis

#include "daemon/foresight_services.hpp"

#include "analysis/model/incident.hpp"
#include "tests/support/store_pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using testing::at_minute;
using ::testing::IsEmpty;
using ::testing::SizeIs;

double a_thousand(const std::string&)
{
    return 1'000;
}

TEST(CalibrationOf, SaysHowForecastsOfEachPlatformHeld)
{
    analysis::CalibrationReport report{.platform = "forum",
                                       .calibration = Calibration::own,
                                       .matured = 400,
                                       .rows = 900,
                                       .coverage = 0.79,
                                       .median_ape = 0.4};
    report.threshold[2] = {.rows = 7, .predicted = 0.25, .observed = 0.3};
    report.doubling[9] = {.rows = 3, .predicted = 0.95, .observed = 1};
    const analysis::CalibrationReport young{.platform = "news", .calibration = Calibration::prior};

    const auto platforms = calibration_of({report, young}, a_thousand);

    ASSERT_THAT(platforms, SizeIs(2));
    const wire::PlatformCalibration& forum = platforms[0];
    EXPECT_EQ(forum.platform, "forum");
    EXPECT_TRUE(forum.own);
    EXPECT_EQ(forum.matured, 400u);
    EXPECT_EQ(forum.intervals, 900u);
    EXPECT_EQ(forum.coverage, 0.79);
    EXPECT_EQ(forum.median_error, 0.4);
    EXPECT_EQ(forum.threshold, 1'000);
    ASSERT_THAT(forum.reaches, SizeIs(1)) << "empty bins say nothing";
    EXPECT_EQ(forum.reaches[0].predicted, 0.25);
    EXPECT_EQ(forum.reaches[0].observed, 0.3);
    EXPECT_EQ(forum.reaches[0].posts, 7u);
    ASSERT_THAT(forum.doubles, SizeIs(1));
    EXPECT_EQ(forum.doubles[0].predicted, 0.95);
    EXPECT_FALSE(platforms[1].own);
    EXPECT_THAT(platforms[1].reaches, IsEmpty());
    EXPECT_THAT(calibration_of({}, a_thousand), IsEmpty());
}

analysis::ThreadStatus a_thread(const std::string& incident)
{
    return {.root = {"forum", "1"},
            .brand = "Acme",
            .incident = incident,
            .url = "https://forum.acme.test/p/1",
            .asked_by = "ana",
            .asked_at = at_minute(10),
            .agreeing = 3,
            .answered_at = std::nullopt,
            .answered_by = {}};
}

class UnansweredOf : public ::testing::Test {
protected:
    UnansweredOf() { forecast() = {.calibration = Calibration::prior, .half_at = at_minute(90)}; }

    Forecast& forecast() { return incident.outlook.forecast; }
    std::vector<wire::UnansweredThread> ask(const std::vector<analysis::ThreadStatus>& threads,
                                            TimePoint now = at_minute(25))
    {
        return unanswered_of(
            threads,
            [this](const std::string& id) { return id == incident.id ? &incident : nullptr; }, now);
    }

    Incident incident = testing::an_incident("story");
};

TEST_F(UnansweredOf, SaysWhoWaitsAndUntilWhenAnAnswerHelps)
{
    const auto threads = ask({a_thread("story"), a_thread("")});
    ASSERT_THAT(threads, SizeIs(2));
    EXPECT_EQ(threads[0].brand, "Acme");
    EXPECT_EQ(threads[0].incident, "story");
    EXPECT_EQ(threads[0].network, "forum");
    EXPECT_EQ(threads[0].url, "https://forum.acme.test/p/1");
    EXPECT_EQ(threads[0].asked_by, "ana");
    EXPECT_EQ(threads[0].asked_at, at_minute(10));
    EXPECT_EQ(threads[0].agreeing, 3u);
    EXPECT_EQ(threads[0].waiting_min, 15);
    EXPECT_EQ(threads[0].reply_by, at_minute(90));
    EXPECT_EQ(threads[1].incident, "");
    EXPECT_EQ(threads[1].reply_by, std::nullopt);
}

TEST_F(UnansweredOf, NamesNoTimeWithoutAForecast)
{
    EXPECT_EQ(ask({a_thread("forgotten")})[0].reply_by, std::nullopt);
    forecast().withheld = true;
    EXPECT_EQ(ask({a_thread("story")})[0].reply_by, std::nullopt);
    forecast() = {.calibration = Calibration::own};
    EXPECT_EQ(ask({a_thread("story")})[0].reply_by, std::nullopt) << "nothing is to come";
    forecast() = {.calibration = Calibration::nothing, .half_at = at_minute(90)};
    EXPECT_EQ(ask({a_thread("story")})[0].reply_by, std::nullopt);
}

TEST_F(UnansweredOf, NeverWaitsLessThanNothing)
{
    EXPECT_EQ(ask({a_thread("story")}, at_minute(9))[0].waiting_min, 0) << "the clock was set back";
}

} // namespace
} // namespace empathd

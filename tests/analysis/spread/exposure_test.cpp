#include "analysis/spread/exposure.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace empathd::analysis {
namespace {

const ExposureFactors factors;
const Growth grows{.low = 400, .median = 1'000, .high = 3'000};

TEST(Exposure, IsUnknownWithoutViewsAndFollowers)
{
    const Exposure none = exposure_of({.reactions = 50}, grows, factors);

    EXPECT_FALSE(none.known);
    EXPECT_FALSE(put_off_scenario(none, factors).known);
}

TEST(Exposure, GoesOnAtTheRateOfViewsSoFar)
{
    const Exposure seen =
        exposure_of({.views = 20'000, .followers = 7, .reactions = 200}, grows, factors);

    EXPECT_TRUE(seen.from_views);
    EXPECT_EQ(seen.now, 20'000);
    EXPECT_DOUBLE_EQ(seen.expected, 100'000); // 100 views a reaction, 800 to come.
    EXPECT_DOUBLE_EQ(seen.future, 80'000);
    EXPECT_GE(seen.low, seen.now);
    EXPECT_LE(seen.low, seen.expected);
    EXPECT_GE(seen.high, 300'000);
}

TEST(Exposure, IsMadeOfFollowersWhereNobodyTellsViews)
{
    const Exposure seen = exposure_of({.followers = 10'000, .reactions = 0}, grows, factors);

    EXPECT_FALSE(seen.from_views);
    EXPECT_DOUBLE_EQ(seen.now, 10'000 * 0.1 * 0.7);
    EXPECT_NEAR(seen.future, 1'000 * 0.2 * 1'000 * 0.07, 1e-6);
    EXPECT_LT(seen.low, seen.expected / 2);
    EXPECT_GT(seen.high, seen.expected * 2);
}

TEST(Exposure, OfAStoryThatIsOverIsWhatItWas)
{
    const Exposure over = exposure_of({.views = 5'000, .reactions = 90},
                                      {.low = 90, .median = 90, .high = 90}, factors);

    EXPECT_EQ(over.low, 5'000);
    EXPECT_EQ(over.expected, 5'000);
    EXPECT_EQ(over.high, 5'000);
}

TEST(Exposure, DoesNotBreakOnAForecastBelowWhatHasBeenSeen)
{
    const Exposure odd = exposure_of({.views = 100, .reactions = 500},
                                     {.low = 0, .median = 10, .high = 20}, factors);

    EXPECT_EQ(odd.future, 0);
    EXPECT_LE(odd.now, odd.low);
    EXPECT_LE(odd.low, odd.high);
}

TEST(PutOffScenario, IsWiderThanTheExposureAndSaysWhatItAssumes)
{
    const Exposure seen = exposure_of({.views = 20'000, .reactions = 200}, grows, factors);
    const PutOffScenario scenario = put_off_scenario(seen, factors);

    ASSERT_TRUE(scenario.known);
    EXPECT_NEAR(scenario.middle, 500, 1e-6); // 100,000 * 0.1 * 0.05
    EXPECT_GT(scenario.high / scenario.middle, seen.high / seen.expected);
    EXPECT_LT(scenario.low / scenario.middle, seen.low / seen.expected);
    ASSERT_EQ(scenario.assumptions.size(), 5U);
    EXPECT_NE(scenario.assumptions[0].find("scenario"), std::string::npos);
    EXPECT_NE(scenario.assumptions[2].find("10 %"), std::string::npos);
    EXPECT_NE(scenario.assumptions[3].find("5 %"), std::string::npos);
}

TEST(PutOffScenario, WithExactFactorsIsAShareOfTheExposure)
{
    ExposureFactors exact;
    exact.customers = {0.5, 0};
    exact.put_off = {0.1, 0};
    const Exposure seen = exposure_of({.views = 1'000, .reactions = 10},
                                      {.low = 10, .median = 10, .high = 10}, exact);

    EXPECT_DOUBLE_EQ(put_off_scenario(seen, exact).middle, 50);
    EXPECT_DOUBLE_EQ(put_off_scenario(seen, exact).low, 50);
    EXPECT_DOUBLE_EQ(put_off_scenario(seen, exact).high, 50);
}

TEST(RangeInWords, HasTwoDigitsThatCount)
{
    EXPECT_EQ(range_in_words(912, 3'049, 11'499), "about 3,000 (910 to 11,000)");
    EXPECT_EQ(range_in_words(0, 7.4, 1'234'567), "about 7 (0 to 1,200,000)");
}

TEST(ViewRate, BeginsWithTheConfiguredAndEndsWithTheSources)
{
    ViewRate rate;
    const Factor configured{0.1, 0.8};
    EXPECT_NEAR(rate.factor(configured).median, 0.1, 1e-12);
    EXPECT_NEAR(rate.factor(configured).spread, 0.8, 1e-12);
    for (int i = 0; i < 5'000; ++i) {
        rate.learn(static_cast<std::uint64_t>(i % 2 == 0 ? 200 : 800), 1'000);
    }

    EXPECT_NEAR(rate.factor(configured).median, 0.4, 0.01);
    EXPECT_NEAR(rate.factor(configured).spread, std::log(2.0), 0.02);
}

TEST(ViewRate, LearnsNothingFromCountsThatAreNotThere)
{
    ViewRate rate;
    rate.learn(0, 100);
    rate.learn(100, 0);

    EXPECT_EQ(rate.posts(), 0U);
}

TEST(ViewRate, ComesBackBitForBit)
{
    ViewRate rate;
    rate.learn(123, 4567);
    rate.learn(9, 1);
    const auto back = ViewRate::load(rate.save());

    ASSERT_TRUE(back);
    EXPECT_EQ(back->save(), rate.save());
    EXPECT_EQ(back->factor({0.1, 0.8}).median, rate.factor({0.1, 0.8}).median);
}

TEST(ViewRate, RefusesBytesThatCannotBeItsOwn)
{
    EXPECT_FALSE(ViewRate::load(""));
    EXPECT_FALSE(ViewRate::load(std::string(23, 'x')));
    std::string bytes = ViewRate().save();
    const double nonsense = std::numeric_limits<double>::quiet_NaN();
    std::memcpy(bytes.data() + 8, &nonsense, 8);
    EXPECT_FALSE(ViewRate::load(bytes));
}

} // namespace
} // namespace empathd::analysis

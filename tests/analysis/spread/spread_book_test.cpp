#include "analysis/spread/spread_book.hpp"

#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const TimePoint start = from_unix_ms(1'772'539'200'000);

Post post_with(std::uint64_t likes, TimePoint published)
{
    Post post;
    post.key = {"chatter", "c-1"};
    post.engagement.likes = likes;
    post.published_at = published;
    return post;
}

TEST(SpreadBook, KnowsNothingOfAnUnknownStory)
{
    SpreadBook book;

    EXPECT_EQ(book.outlook("x", start).rate_per_hour, 0);
    EXPECT_FALSE(book.outlook("x", start).calibrated);
    EXPECT_EQ(book.outlook("x", start).method, spread_method);
}

TEST(SpreadBook, GrowsWithReactionsAndForgetsThem)
{
    SpreadBook book;
    book.arrive("x", post_with(0, start), start);
    book.observe({"x"}, {"chatter", "c-1"}, {.likes = 100}, start + minutes{30});
    const double soon = book.outlook("x", start + minutes{30}).rate_per_hour;
    const Outlook later = book.outlook("x", start + hours{3});

    EXPECT_GT(soon, 100);
    EXPECT_LT(later.rate_per_hour, 2);
    EXPECT_EQ(later.peak_per_hour, soon);
}

TEST(SpreadBook, TakesOldReactionsAsOld)
{
    SpreadBook fresh;
    fresh.arrive("x", post_with(500, start - minutes{5}), start);
    SpreadBook old;
    old.arrive("x", post_with(500, start - hours{40}), start);

    EXPECT_GT(fresh.outlook("x", start).rate_per_hour, old.outlook("x", start).rate_per_hour);
}

TEST(SpreadBook, IsNotFedByCountsThatFallOrAreAbsent)
{
    SpreadBook book;
    book.arrive("x", post_with(100, start), start);
    const double before = book.outlook("x", start + minutes{10}).rate_per_hour;
    book.observe({"x"}, {"chatter", "c-1"}, {.likes = 60}, start + minutes{10});
    book.observe({"x"}, {"chatter", "c-1"}, {}, start + minutes{10});

    EXPECT_NEAR(book.outlook("x", start + minutes{10}).rate_per_hour, before, 1e-9);
    book.observe({"x"}, {"chatter", "c-1"}, {.likes = 70}, start + minutes{10});
    EXPECT_GT(book.outlook("x", start + minutes{10}).rate_per_hour, before);
}

TEST(SpreadBook, IgnoresPostsThatNeverArrived)
{
    SpreadBook book;
    book.observe({"x"}, {"chatter", "c-9"}, {.likes = 600}, start);

    EXPECT_EQ(book.outlook("x", start).rate_per_hour, 0);
}

TEST(SpreadBook, KeepsTheHighestRateOverARestart)
{
    SpreadBook book;
    book.restore_peak("x", 700);
    book.arrive("x", post_with(1, start), start);

    EXPECT_EQ(book.outlook("x", start).peak_per_hour, 700);
    book.forget_incident("x");
    EXPECT_EQ(book.outlook("x", start).peak_per_hour, 0);
}

TEST(SpreadBook, ForgetsPostsThatHaveLivedTheirWeekAndLearnsHowOftenTheyAreSeen)
{
    SpreadBook book;
    Post post = post_with(10, start);
    post.engagement.views = 4'000;
    post.author_followers = 1'000;
    book.arrive("x", post, start);
    EXPECT_FALSE(book.mature(start + hours{24}));
    EXPECT_EQ(book.posts(), 1U);

    const std::string before = book.save();
    EXPECT_TRUE(book.mature(start + hours{24 * 7 + 1}));
    EXPECT_EQ(book.posts(), 0U);
    EXPECT_NE(book.save(), before);
}

TEST(SpreadBook, ForecastsStoriesAndSaysThatItIsNotCalibratedYet)
{
    SpreadBook book;
    book.arrive("x", post_with(10, start), start);
    book.observe({"x"}, {"chatter", "c-1"}, {.likes = 40}, start + minutes{5});
    book.observe({"x"}, {"chatter", "c-1"}, {.likes = 90}, start + minutes{10});
    const Outlook outlook = book.outlook("x", start + minutes{10});

    EXPECT_EQ(outlook.forecast.calibration, Calibration::prior);
    EXPECT_FALSE(outlook.calibrated);
    EXPECT_EQ(outlook.forecast.now, 91); // The post itself counts as one.
    EXPECT_LE(outlook.forecast.low, outlook.forecast.median);
    EXPECT_LE(outlook.forecast.median, outlook.forecast.high);
    EXPECT_GT(outlook.forecast.half_at, start + minutes{10});
    EXPECT_EQ(book.reactions_of("x"), 91);
}

TEST(SpreadBook, ComesBackBitForBitAndRefusesOtherBytes)
{
    SpreadBook book;
    book.arrive("x", post_with(10, start), start);
    (void)book.mature(start + hours{24 * 8});
    SpreadBook again;
    ASSERT_TRUE(again.load(book.save()));
    EXPECT_EQ(again.save(), book.save());
    EXPECT_FALSE(again.load("nonsense"));
    EXPECT_EQ(again.save(), book.save());
}

TEST(SpreadBook, SharesOutAStoryThatIsSplitAndJoinsWhatIsMerged)
{
    SpreadBook book;
    Post other = post_with(29, start);
    other.key.id = "c-2";
    book.arrive("x", post_with(9, start), start);
    book.arrive("x", other, start);
    const double rate = book.rate_of("x", start);
    book.split("x", "y", {{"chatter", "c-2"}});
    EXPECT_EQ(book.reactions_of("x"), 10);
    EXPECT_EQ(book.reactions_of("y"), 30);
    EXPECT_NEAR(book.rate_of("y", start), 0.75 * rate, 1e-9);

    book.merge("x", "y");
    EXPECT_EQ(book.reactions_of("x"), 40);
    EXPECT_EQ(book.reactions_of("y"), 0);
    EXPECT_NEAR(book.rate_of("x", start), rate, 1e-9);
}

} // namespace
} // namespace empathd::analysis

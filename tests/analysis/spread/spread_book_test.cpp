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

} // namespace
} // namespace empathd::analysis

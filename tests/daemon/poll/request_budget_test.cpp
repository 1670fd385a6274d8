#include "daemon/poll/request_budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const TimePoint start = from_unix_ms(1'772'539'200'000);

/// Times of requests of somebody who always asks as soon as he may.
std::vector<TimePoint> greedy(RequestBudget& budget, TimePoint from, TimePoint to)
{
    std::vector<TimePoint> out;
    for (TimePoint now = budget.next(from); now < to; now = budget.next(now)) {
        budget.spend(now);
        out.push_back(now);
    }
    return out;
}

TEST(RequestBudget, IsNeverExceededInAnyHour)
{
    for (const std::uint32_t per_hour : {1U, 2U, 7U, 60U, 599U, 36'000U}) {
        RequestBudget budget(per_hour);
        const auto made = greedy(budget, start, start + hours{3});
        std::size_t most = 0;
        for (std::size_t first = 0, end = 0; first < made.size(); ++first) {
            while (end < made.size() && made[end] <= made[first] + hours{1}) {
                ++end;
            }
            most = std::max(most, end - first);
        }
        EXPECT_LE(most, per_hour);
        EXPECT_GE(made.size(), 2.4 * per_hour) << "and it is used";
    }
}

TEST(RequestBudget, LetsATenthGoAtOnce)
{
    RequestBudget budget(100);
    const auto made = greedy(budget, start, start + minutes{1});

    ASSERT_EQ(made.size(), 11u);
    EXPECT_EQ(made[9], start);
    EXPECT_GT(made[10], start);
}

TEST(RequestBudget, FillsUpAgainAndNoFurther)
{
    RequestBudget budget(100);
    (void)greedy(budget, start, start + hours{1});
    const TimePoint rested = start + hours{9};

    EXPECT_EQ(greedy(budget, rested, rested + minutes{1}).size(), 11u);
}

TEST(RequestBudget, OfNothingAllowsNothing)
{
    EXPECT_EQ(RequestBudget(0).next(start), TimePoint::max());
}

} // namespace
} // namespace empathd

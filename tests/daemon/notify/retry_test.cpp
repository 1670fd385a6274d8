#include "daemon/notify/retry.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr TimePoint now{1'000'000s};
const Error down{ErrorKind::unavailable, "down"};

struct Wait {
    std::uint32_t attempts;
    milliseconds longest;
};

class RetryWaits : public ::testing::TestWithParam<Wait> {};

TEST_P(RetryWaits, BetweenHalfAndAllOfTheDoubledBase)
{
    RetryPlanner planner({}, 7);
    milliseconds least = 24h;
    milliseconds most{0};
    for (int i = 0; i < 2'000; ++i) {
        const Retry retry = planner.after_failure(now, GetParam().attempts, now, down);
        ASSERT_FALSE(retry.give_up);
        least = std::min(least, retry.next_at - now);
        most = std::max(most, retry.next_at - now);
    }

    const milliseconds longest = GetParam().longest;
    EXPECT_GE(least, longest / 2);
    EXPECT_LE(most, longest);
    EXPECT_LT(least, longest * 55 / 100) << "the whole range is used";
    EXPECT_GT(most, longest * 95 / 100);
}

INSTANTIATE_TEST_SUITE_P(Attempts, RetryWaits,
                         ::testing::Values(Wait{1, 1s}, Wait{2, 2s}, Wait{3, 4s}, Wait{6, 32s},
                                           Wait{7, 60s}, Wait{8, 60s}, Wait{100, 60s},
                                           Wait{1'900, 60s}));

TEST(Retry, IsTheSameForTheSameSeed)
{
    RetryPlanner one({}, 3);
    RetryPlanner two({}, 3);
    RetryPlanner other({}, 4);
    bool differs = false;
    for (std::uint32_t attempt = 1; attempt < 20; ++attempt) {
        const auto at = one.after_failure(now, attempt, now, down).next_at;
        EXPECT_EQ(at, two.after_failure(now, attempt, now, down).next_at);
        differs = differs || at != other.after_failure(now, attempt, now, down).next_at;
    }
    EXPECT_TRUE(differs);
}

TEST(Retry, ObeysRetryAfterButNotForLongerThanADay)
{
    RetryPlanner planner({}, 1);
    const Error ten_minutes{ErrorKind::rate_limited, "429", 600};
    const Error short_wait{ErrorKind::rate_limited, "429", 1};
    const Error years{ErrorKind::rate_limited, "429", UINT32_MAX};

    EXPECT_EQ(planner.after_failure(now, 1, now, ten_minutes).next_at, now + 600s);
    EXPECT_GE(planner.after_failure(now, 7, now, short_wait).next_at, now + 30s);
    EXPECT_EQ(planner.after_failure(now, 1, now, years).next_at, now + 24h);
}

TEST(Retry, GivesUpAfterADayByTheClock)
{
    RetryPlanner planner({}, 1);

    EXPECT_FALSE(planner.after_failure(now, 10, now - 24h + 1ms, down).give_up);
    EXPECT_TRUE(planner.after_failure(now, 10, now - 24h, down).give_up);
}

// 86,400 s = 0.75 * (1 + 2 + 4 + 8 + 16 + 32) s + n * 45 s: n = 1,918.95 attempts at the cap.
TEST(Retry, GivesUpAfterAsManyAttemptsAsADayHoldsThoughItWasRestarted)
{
    RetryPlanner planner({}, 1);

    EXPECT_FALSE(planner.after_failure(now, 6 + 1'918, now, down).give_up);
    EXPECT_TRUE(planner.after_failure(now, 6 + 1'919, now, down).give_up);
    EXPECT_TRUE(planner.after_failure(now, UINT32_MAX, now, down).give_up);
}

TEST(Retry, NeverGivesUpOnAnOutage)
{
    RetryPlanner planner({}, 1);

    const TimePoint next = planner.after_outage(now, UINT32_MAX, down);

    EXPECT_GE(next, now + 30s);
    EXPECT_LE(next, now + 60s);
}

TEST(Retry, AddsAVanishedEntryAtOnceAndThenEverMoreSeldom)
{
    EXPECT_EQ(readd_wait(0, 30s), 0ms);
    EXPECT_EQ(readd_wait(1, 30s), 0ms);
    EXPECT_EQ(readd_wait(2, 30s), 30s);
    EXPECT_EQ(readd_wait(3, 30s), 60s);
    EXPECT_EQ(readd_wait(9, 30s), 1h);
    EXPECT_EQ(readd_wait(UINT32_MAX, 30s), 1h);
}

} // namespace
} // namespace empathd

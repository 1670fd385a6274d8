#include "daemon/poll/planner.hpp"

#include <gtest/gtest.h>

#include <set>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const TimePoint now = from_unix_ms(1'772'539'200'000);
const PollLimits limits{
    .interval = seconds{100}, .backoff_min = seconds{30}, .backoff_max = seconds{600}};

TEST(PollPlanner, WaitsTheIntervalAfterAPage)
{
    PollPlanner planner(limits, 1);

    EXPECT_EQ(planner.after_page(now, false), now + seconds{100});
}

TEST(PollPlanner, AsksAtOnceWhenThereIsMore)
{
    PollPlanner planner(limits, 1);

    EXPECT_EQ(planner.after_page(now, true), now);
}

TEST(PollPlanner, DoublesItsWaitsUpToTheLongest)
{
    PollPlanner planner(limits, 1);
    const Error down{ErrorKind::unavailable, "down"};
    seconds most{30};
    for (int i = 0; i < 40; ++i) {
        const auto wait = planner.after_failure(now, down) - now;
        EXPECT_LE(wait, most) << i;
        EXPECT_GE(wait, most / 2) << i;
        most = std::min(most * 2, seconds{600});
    }
    EXPECT_EQ(planner.failures_in_a_row(), 40);
}

TEST(PollPlanner, StartsOverAfterAPage)
{
    PollPlanner planner(limits, 1);
    const Error down{ErrorKind::unavailable, "down"};
    for (int i = 0; i < 5; ++i) {
        (void)planner.after_failure(now, down);
    }
    (void)planner.after_page(now, false);

    EXPECT_LE(planner.after_failure(now, down) - now, seconds{30});
}

TEST(PollPlanner, NeverUndercutsTheWaitTheSourceAskedFor)
{
    PollPlanner planner(limits, 1);

    EXPECT_GE(planner.after_failure(now, {ErrorKind::rate_limited, "429", 5'000}) - now,
              seconds{5'000});
}

TEST(PollPlanner, LooksRarelyWhereAnOperatorMustAct)
{
    for (const ErrorKind kind : {ErrorKind::unauthorized, ErrorKind::refused}) {
        PollPlanner planner(limits, 1);
        EXPECT_GE(planner.after_failure(now, {kind, "no"}) - now, hours{3});
    }
}

TEST(PollPlanner, LooksAgainSoonForWhatIsNotThereYet)
{
    PollPlanner planner(limits, 1);

    EXPECT_LE(planner.after_failure(now, {ErrorKind::not_found, "404"}) - now, seconds{30});
}

TEST(PollPlanner, SpreadsSourcesThatFailedTogether)
{
    std::set<TimePoint> waits;
    for (std::uint32_t seed = 1; seed <= 50; ++seed) {
        PollPlanner planner(limits, seed);
        waits.insert(planner.after_failure(now, {ErrorKind::unavailable, "down"}));
    }
    EXPECT_GT(waits.size(), 30u);
}

} // namespace
} // namespace empathd

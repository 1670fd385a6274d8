#include "analysis/spread/leaky.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint start = from_unix_ms(1'772'000'000'000);

TEST(LeakyCounters, SettleAtTheRateOfASteadyStream)
{
    LeakyCounters counters;
    for (int i = 0; i < 300; ++i) { // 100 an hour for 25 hours, in polls of five minutes
        counters.add(100.0 / 12, start + minutes{5 * i}, start + minutes{5 * (i + 1)});
    }

    EXPECT_NEAR(counters.rate_per_hour(start + hours{25}), 100, 0.1);
}

TEST(LeakyCounters, ForgetByTheirTimeConstants)
{
    LeakyCounters counters;
    counters.add(10, start, start);

    for (std::size_t i = 0; i < LeakyCounters::time_constants_s.size(); ++i) {
        const auto later =
            start +
            milliseconds{static_cast<std::int64_t>(1000 * LeakyCounters::time_constants_s[i])};
        EXPECT_NEAR(counters.value(i, later), 10 / std::exp(1.0), 1e-9);
    }
}

TEST(LeakyCounters, FedFromPollsAgreeWithEventTimesWithinTwoPercent)
{
    std::mt19937 random(3);
    std::exponential_distribution<double> gap_s(0.05); // one in 20 seconds
    LeakyCounters by_event;
    LeakyCounters by_poll;
    double t = 0;
    double seen = 0;
    int polls = 0;
    while (polls < 48) { // four hours
        t += gap_s(random);
        while (t > 300.0 * (polls + 1) && polls < 48) {
            by_poll.add(seen, start + seconds{300 * polls}, start + seconds{300 * (polls + 1)});
            seen = 0;
            ++polls;
        }
        if (polls < 48) {
            const auto at = start + milliseconds{static_cast<std::int64_t>(t * 1000)};
            by_event.add(1, at, at);
            ++seen;
        }
    }
    const TimePoint end = start + hours{4};

    for (std::size_t i = 1; i < LeakyCounters::time_constants_s.size(); ++i) {
        EXPECT_NEAR(by_poll.value(i, end) / by_event.value(i, end), 1, 0.02) << i;
    }
}

TEST(LeakyCounters, TakeLateNewsAsIfItHadComeInTime)
{
    LeakyCounters in_time;
    in_time.add(5, start, start + minutes{5});
    in_time.add(7, start + minutes{5}, start + minutes{10});
    LeakyCounters late;
    late.add(7, start + minutes{5}, start + minutes{10});
    late.add(5, start, start + minutes{5});

    EXPECT_NEAR(late.value(1, start + hours{1}), in_time.value(1, start + hours{1}), 1e-9);
}

TEST(LeakyCounters, StartEmpty)
{
    EXPECT_EQ(LeakyCounters{}.rate_per_hour(start), 0);
}

} // namespace
} // namespace empathd::analysis

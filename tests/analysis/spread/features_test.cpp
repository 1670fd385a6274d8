#include "analysis/spread/features.hpp"
#include "analysis/spread/simulate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint start = from_unix_ms(1'772'000'000'000);

TEST(Track, CountersFedFromPollsAgreeWithThoseFedFromEventsWithinTwoPercent)
{
    for (const double branching : {0.5, 0.8}) {
        Chance chance(5);
        const Cascade cascade{.kernel_c_s = 1800, .root = 3000, .branching = branching};
        LeakyCounters by_event;
        Track by_poll = begin(0, start);
        minutes next{5};
        double count = 0;
        for (const double at_s : simulate(cascade, chance)) {
            const TimePoint at = start + milliseconds{std::llround(1000 * at_s)};
            for (; at > start + next && next <= hours{3}; next += minutes{5}) {
                update(by_poll, count, start + next);
            }
            if (next > hours{3}) {
                break;
            }
            by_event.add(1, at, at);
            ++count;
        }

        ASSERT_GT(next, hours{3});
        const TimePoint end = start + hours{3};
        for (std::size_t k = 0; k < LeakyCounters::time_constants_s.size(); ++k) {
            EXPECT_NEAR(by_poll.counters.value(k, end) / by_event.value(k, end), 1, 0.02) << k;
        }
    }
}

TEST(Track, SpreadsWhatItFirstSeesSincePublication)
{
    const Track known = begin(60, start, start - minutes{10});
    const Track unknown = begin(60, start);

    EXPECT_GT(known.counters.value(0, start), unknown.counters.value(0, start));
    EXPECT_NEAR(features(known, start)[7], std::log1p(360), 1e-6);
    EXPECT_NEAR(features(unknown, start)[7], std::log1p(60), 1e-6);
}

TEST(Track, FeedsNothingWhenTheCountFalls)
{
    Track track = begin(10, start);
    const double before = track.counters.value(4, start);
    update(track, 7, start + minutes{5});

    EXPECT_EQ(track.count, 7);
    EXPECT_LT(track.counters.value(4, start + minutes{5}), before);
    EXPECT_EQ(track.increment, 0);
}

TEST(Track, IgnoresWhatIsNoCountAndPollsBeforeTheLast)
{
    Track track = begin(10, start);
    update(track, 20, start + minutes{10});
    const Features before = features(track, start + minutes{10});

    update(track, 30, start + minutes{9});
    update(track, -1, start + minutes{20});
    update(track, std::numeric_limits<double>::quiet_NaN(), start + minutes{20});
    update(track, std::numeric_limits<double>::infinity(), start + minutes{20});

    EXPECT_EQ(features(track, start + minutes{10}), before);
    EXPECT_EQ(track.last_at(), start + minutes{10});
    EXPECT_FALSE(begin(-1, start).begun());
}

TEST(Track, BeginsWithTheFirstUpdate)
{
    Track track;
    EXPECT_FALSE(track.begun());
    update(track, 3, start);

    EXPECT_TRUE(track.begun());
    EXPECT_EQ(track.first_at, start);
    EXPECT_EQ(track.count, 3);
}

TEST(Track, JoinsGapsUntilTheyMakeTenMinutes)
{
    Track track = begin(0, start, start);
    update(track, 5, start + seconds{30});
    update(track, 10, start + seconds{60});
    EXPECT_EQ(track.gap_s, 60);
    EXPECT_EQ(track.increment, 10);

    update(track, 30, start + minutes{10});
    update(track, 31, start + minutes{20});
    EXPECT_EQ(track.gap_s, 600);
    EXPECT_EQ(track.increment, 1);
}

TEST(Lateness, IsOneWhenAPollComesAsTheAgeDoubles)
{
    Track track = begin(0, start);
    EXPECT_DOUBLE_EQ(lateness(track, start + minutes{5}), 1);
    for (const int minute : {5, 10, 20, 40, 80, 160}) {
        update(track, 1, start + minutes{minute});
        EXPECT_LE(track.lateness, 1) << minute;
    }
    EXPECT_DOUBLE_EQ(lateness(track, start + minutes{480}), 2);
}

TEST(Lateness, FollowsThePaceOfASlowSource)
{
    const Track quick = begin(0, start);
    const Track slow = begin(0, start, {}, minutes{30});

    EXPECT_DOUBLE_EQ(lateness(quick, start + minutes{30}), 6);
    EXPECT_DOUBLE_EQ(lateness(slow, start + minutes{30}), 1);
}

TEST(Lateness, OfTwelveHoursInYouthIsHopelessWhateverThePace)
{
    Track track = begin(0, start, {}, hours{6});
    EXPECT_EQ(lateness(track, start + hours{12}), 2);
    EXPECT_EQ(lateness(track, start + hours{12} + minutes{1}), lateness_hopeless);
    update(track, 5, start + hours{6});
    EXPECT_LT(lateness(track, start + hours{18} + minutes{1}), 2.1) << "not so young any more";
}

TEST(Lateness, IsForgivenAfterTwoPollsInTime)
{
    Track track = begin(0, start);
    update(track, 5, start + hours{11});
    ASSERT_EQ(track.lateness, lateness_hopeless);
    update(track, 6, start + hours{22});
    EXPECT_GT(track.lateness, 2);
    update(track, 7, start + hours{44});
    EXPECT_LT(track.lateness, 2);
}

TEST(AgeBucket, BeginsAtItsEdge)
{
    Track track = begin(0, start);
    EXPECT_EQ(age_bucket(track), 0u);
    update(track, 0, start + minutes{15} - milliseconds{1});
    EXPECT_EQ(age_bucket(track), 0u);
    update(track, 0, start + minutes{15});
    EXPECT_EQ(age_bucket(track), 1u);
    update(track, 0, start + hours{3});
    EXPECT_EQ(age_bucket(track), 4u);
    update(track, 0, start + hours{1000});
    EXPECT_EQ(age_bucket(track), 6u);
}

TEST(Features, AreWhatTheyAreCalled)
{
    Track track = begin(9, start);
    update(track, 99, start + hours{1});
    const TimePoint at = start + hours{1};
    const Features x = features(track, at);
    const double n = std::log(100);
    const double s = std::log1p(track.counters.value(1, at));
    const double v = std::log1p(90);

    EXPECT_DOUBLE_EQ(x[0], n);
    EXPECT_DOUBLE_EQ(x[2], s);
    EXPECT_DOUBLE_EQ(x[6], std::log(10));
    EXPECT_DOUBLE_EQ(x[7], v);
    EXPECT_DOUBLE_EQ(x[8], std::log(3601));
    EXPECT_DOUBLE_EQ(x[9], n * n);
    EXPECT_DOUBLE_EQ(x[10], s * s);
    EXPECT_DOUBLE_EQ(x[11], v * v);
    EXPECT_DOUBLE_EQ(x[12], n * v);
    EXPECT_DOUBLE_EQ(x[13], n * s);
}

} // namespace
} // namespace empathd::analysis

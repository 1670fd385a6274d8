#include "daemon/poll/coverage.hpp"

#include "daemon/poll/habit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint start = from_unix_ms(1'772'409'600'000);

/// A source of 60 posts an hour at all hours, polled every two minutes without fail.
SourceWatch steady(minutes span)
{
    SourceWatch watch;
    for (minutes at{0}; at < span; at += minutes{2}) {
        watch.minutes.push_back({.minute = start + at, .pages = 1, .posts = 2});
    }
    watch.expected_posts = [](TimePoint from, TimePoint to) {
        return 60 * std::chrono::duration<double, std::ratio<3600>>(to - from).count();
    };
    return watch;
}

/// Polls in [from, to) failed; the page after brought what they would have.
void fail(SourceWatch& watch, minutes from, minutes to)
{
    std::uint64_t held_back = 0;
    for (WatchedMinute& one : watch.minutes) {
        if (one.minute >= start + from && one.minute < start + to) {
            held_back += one.posts;
            one = {.minute = one.minute, .errors = 1};
        } else if (one.minute >= start + to && held_back > 0) {
            one.posts += held_back;
            held_back = 0;
        }
    }
}

WatchedMinute& at(SourceWatch& watch, minutes when)
{
    return *std::find_if(watch.minutes.begin(), watch.minutes.end(),
                         [when](const auto& one) { return one.minute == start + when; });
}

TEST(Coverage, IsWholeWhereEveryPollWasGood)
{
    const Coverage all = coverage_of(steady(hours{2}), start, start + hours{2});

    EXPECT_EQ(all.seen, 120u);
    EXPECT_EQ(all.low(), 1);
    EXPECT_EQ(all.high(), 1);
    EXPECT_EQ(to_words(all), "we saw all of this");
}

TEST(Coverage, LosesNothingToFailedPollsThatALaterPageMadeUpFor)
{
    SourceWatch watch = steady(hours{2});
    fail(watch, minutes{20}, minutes{80});
    const Coverage all = coverage_of(watch, start, start + hours{2});

    EXPECT_EQ(all.seen, 120u);
    EXPECT_EQ(all.low(), 1);
}

TEST(Coverage, DoubtsWhatIsBeyondTheSourcesOwnDepth)
{
    SourceWatch watch = steady(hours{2});
    fail(watch, minutes{20}, minutes{80});
    watch.depth_posts = 200;
    EXPECT_EQ(coverage_of(watch, start, start + hours{2}).low(), 1);
    watch.depth_posts = 40;
    const Coverage doubted = coverage_of(watch, start, start + hours{2});

    EXPECT_EQ(doubted.high(), 1) << "it may have been all";
    EXPECT_LT(doubted.low(), 0.85);
    EXPECT_GT(doubted.low(), 0.6);
}

TEST(Coverage, CostsBetweenNothingAndTheUsualForAKnownHole)
{
    SourceWatch watch = steady(hours{2});
    fail(watch, minutes{20}, minutes{50});
    at(watch, minutes{50}).lost = 1;
    at(watch, minutes{50}).posts = 2;
    const Coverage holed = coverage_of(watch, start, start + hours{2});

    EXPECT_EQ(holed.holes, 1u);
    EXPECT_EQ(holed.high(), 1);
    EXPECT_EQ(holed.missed_least, 0);
    EXPECT_GT(holed.missed_most, 30);
    EXPECT_LT(holed.missed_most, 50);
    EXPECT_EQ(to_words(holed).substr(0, 9), "we saw 66")
        << "of 90 and at most 32 + 1.28 sqrt(3 * 32) missed";
    EXPECT_NE(to_words(holed).find("(1 hole, 32 minutes blind)"), std::string::npos)
        << to_words(holed);
}

TEST(Coverage, CountsWhatIsNotMadeUpForYet)
{
    SourceWatch watch = steady(hours{2});
    fail(watch, minutes{60}, minutes{120});
    const Coverage now = coverage_of(watch, start, start + hours{2});

    EXPECT_EQ(now.seen, 60u);
    EXPECT_LT(now.high(), 0.65);
    EXPECT_GT(now.high(), 0.5);
    EXPECT_LT(now.low(), 0.5);
    EXPECT_GT(now.low(), 0.4);
}

TEST(Coverage, LetsAPageAfterThePeriodMakeUpForItsEnd)
{
    SourceWatch watch = steady(hours{3});
    fail(watch, minutes{60}, minutes{130});

    EXPECT_EQ(coverage_of(watch, start, start + hours{2}).low(), 1);
    EXPECT_EQ(coverage_of(watch, start, start + hours{2}).seen, 121u);
    EXPECT_EQ(to_words(coverage_of(watch, start + hours{1}, start + hours{2})),
              "we saw all of this");
}

TEST(Coverage, ClaimsNothingOfABlindSourceWhoseHabitIsNotKnown)
{
    SourceWatch unknown;
    unknown.expected_posts = [](TimePoint, TimePoint) { return 0; };
    Coverage sum = coverage_of(unknown, start, start + hours{2});
    sum += coverage_of(steady(hours{2}), start, start + hours{2});

    EXPECT_EQ(to_words(sum), "how much of this we saw cannot be said (2 hours blind)");
}

TEST(Coverage, DoesNotCallTheTimeUntilTheNextPollBlind)
{
    SourceWatch watch = steady(hours{1});
    watch.minutes.pop_back();

    EXPECT_EQ(coverage_of(watch, start, start + hours{1}).low(), 1);
}

TEST(Coverage, SaysPlainlyWhenItWasBlind)
{
    SourceWatch watch = steady(hours{1});
    fail(watch, minutes{0}, minutes{60});
    const Coverage blind = coverage_of(watch, start, start + hours{1});

    EXPECT_FALSE(blind.watched);
    EXPECT_EQ(blind.low(), 0);
    EXPECT_EQ(blind.blind, minutes{60});
    EXPECT_EQ(to_words(blind), "we were blind: no source answered");
    EXPECT_EQ(to_words(Coverage{}), "we were blind: no source answered");
}

TEST(Coverage, AnOutageInQuietHoursIsASmallOne)
{
    SourceWatch busy = steady(hours{2});
    fail(busy, minutes{60}, minutes{120});
    SourceWatch quiet = busy;
    quiet.expected_posts = [](TimePoint from, TimePoint to) {
        return 0.5 * std::chrono::duration<double, std::ratio<3600>>(to - from).count();
    };

    EXPECT_GT(coverage_of(quiet, start, start + hours{2}).low(), 0.95);
    EXPECT_LT(coverage_of(busy, start, start + hours{2}).low(), 0.5);
}

TEST(Coverage, AddsUpOverSources)
{
    Coverage sum = coverage_of(steady(hours{2}), start, start + hours{2});
    SourceWatch broken = steady(hours{2});
    fail(broken, minutes{60}, minutes{120});
    const Coverage half = coverage_of(broken, start, start + hours{2});
    sum += half;

    EXPECT_EQ(sum.seen, 180u);
    EXPECT_GT(sum.low(), half.low());
    EXPECT_LT(sum.low(), 1);
    EXPECT_EQ(to_words(sum), "we saw 69 to 81 % of this (61 minutes blind)") << sum.low();
}

TEST(Coverage, HoldsTheTruthNineTimesInTenOnSimulatedOutages)
{
    // 60 posts an hour by chance, some 20 habits and outages; pages hold 30 posts and say when they
    // do not reach back.
    int held = 0;
    double widest = 0;
    constexpr int runs = 40;
    for (std::uint32_t seed = 1; seed <= runs; ++seed) {
        std::mt19937 random(seed);
        std::poisson_distribution<std::uint64_t> posts(2);
        Habit habit(seconds{120});
        SourceWatch watch;
        std::uint64_t published = 0;
        std::uint64_t waiting = 0;
        const TimePoint from = start + hours{14 * 24};
        const TimePoint to = from + hours{24};
        const auto outage = minutes{std::uniform_int_distribution<int>(10, 300)(random)};
        const TimePoint down = from + minutes{std::uniform_int_distribution<int>(0, 1'000)(random)};
        for (TimePoint now = start; now < to + minutes{10}; now += minutes{2}) {
            const std::uint64_t fresh = posts(random);
            published += now >= from && now < to ? fresh : 0;
            waiting += fresh;
            if (now >= down && now < down + outage) {
                habit.failure(now, ErrorKind::unavailable);
                watch.minutes.push_back({.minute = now, .errors = 1});
                continue;
            }
            const std::uint64_t shown = std::min<std::uint64_t>(waiting, 30);
            habit.page(now, shown);
            if (now >= from) {
                watch.minutes.push_back(
                    {.minute = now, .pages = 1, .posts = shown, .lost = waiting > shown ? 1U : 0U});
            }
            waiting = 0;
        }
        watch.depth_posts = 30;
        watch.expected_posts = [&habit](TimePoint a, TimePoint b) {
            return habit.expected_posts(a, b);
        };
        const Coverage estimate = coverage_of(watch, from, to);
        const double truth =
            std::min(1.0, static_cast<double>(estimate.seen) / static_cast<double>(published));
        held += estimate.low() - 1e-9 <= truth && truth <= estimate.high() + 1e-9 ? 1 : 0;
        widest = std::max(widest, estimate.high() - estimate.low());
    }
    EXPECT_GE(held, runs * 9 / 10);
    EXPECT_LT(widest, 0.3);
}

} // namespace
} // namespace empathd

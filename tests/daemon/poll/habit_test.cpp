#include "daemon/poll/habit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint monday = from_unix_ms(1'772'409'600'000); // 2026-03-02T00:00:00Z
constexpr seconds interval{120};

/// Posts of a source between two polls, drawn or computed.
using Publishes = std::function<std::uint64_t(TimePoint from, TimePoint to, std::mt19937&)>;

Publishes poisson(std::function<double(TimePoint)> per_hour)
{
    return [per_hour](TimePoint from, TimePoint to, std::mt19937& random) {
        const double span = std::chrono::duration<double, std::ratio<3600>>(to - from).count();
        const double mean = per_hour(from) * span;
        return mean > 0 ? std::poisson_distribution<std::uint64_t>(mean)(random) : 0;
    };
}

std::int64_t hour_of_day(TimePoint time)
{
    return std::chrono::floor<hours>(time).time_since_epoch().count() % 24;
}
std::int64_t day_of_week(TimePoint time)
{
    return std::chrono::floor<std::chrono::days>(time - monday).count() % 7; // 0: Monday
}

Publishes steady(double per_hour)
{
    return poisson([per_hour](TimePoint) { return per_hour; });
}
Publishes nightly_silent(double per_hour)
{
    return poisson([per_hour](TimePoint t) { return hour_of_day(t) < 8 ? 0 : per_hour; });
}
Publishes office_hours(double per_hour)
{
    return poisson([per_hour](TimePoint t) {
        return day_of_week(t) < 5 && hour_of_day(t) >= 8 && hour_of_day(t) < 18 ? per_hour : 0;
    });
}
/// Every `every`, to the minute.
Publishes clockwork(minutes every)
{
    return [every](TimePoint from, TimePoint to, std::mt19937&) {
        return static_cast<std::uint64_t>(to.time_since_epoch() / every -
                                          from.time_since_epoch() / every);
    };
}
/// Outbursts by chance, `a_day`, of some 20 posts over about two hours.
Publishes bursty(double a_day)
{
    auto rate = std::make_shared<double>(0); // Posts an hour now; fades.
    return [a_day, rate](TimePoint from, TimePoint to, std::mt19937& random) {
        const double span = std::chrono::duration<double, std::ratio<3600>>(to - from).count();
        *rate *= std::exp(-span);
        *rate += std::bernoulli_distribution(a_day * span / 24)(random) ? 20 : 0;
        return std::poisson_distribution<std::uint64_t>(*rate * span + 1e-12)(random);
    };
}

/// A source polled on time.
class Watched {
public:
    Watched(Publishes publishes, std::uint32_t seed)
        : publishes_(std::move(publishes)), random_(seed)
    {
    }

    /// Goes on for `span`; how often silence began.
    int run(hours span)
    {
        int begun = 0;
        for (const TimePoint end = now + span; now < end;) {
            const TimePoint next = now + interval;
            habit.page(next, publishes_(now, next, random_));
            now = next;
            const bool silent = habit.look(now).state == SightState::silent;
            begun += silent && !was_silent_ ? 1 : 0;
            was_silent_ = silent;
        }
        return begun;
    }

    /// The source goes on without bringing anything: how long until that is noticed.
    hours until_noticed(hours at_most)
    {
        const TimePoint from = now;
        while (habit.look(now).state != SightState::silent && now - from < at_most) {
            now += interval;
            habit.page(now, 0);
        }
        return std::chrono::ceil<hours>(now - from);
    }

    Habit habit{interval};
    TimePoint now = monday;

private:
    Publishes publishes_;
    std::mt19937 random_;
    bool was_silent_ = false;
};

struct Kind {
    const char* name;
    std::function<Publishes()> make;
};

const std::vector<Kind>& kinds()
{
    static const std::vector<Kind> all{
        {"busy, 150 an hour", [] { return steady(150); }},
        {"20 an hour", [] { return steady(20); }},
        {"2 an hour", [] { return steady(2); }},
        {"quiet, 4 a day", [] { return steady(4.0 / 24); }},
        {"very quiet, 2 a week", [] { return steady(2.0 / 168); }},
        {"silent at night, 30 an hour", [] { return nightly_silent(30); }},
        {"silent at night, 1 an hour", [] { return nightly_silent(1); }},
        {"office hours, 10 an hour", [] { return office_hours(10); }},
        {"bursty, 3 a day", [] { return bursty(3); }},
        {"clockwork, hourly", [] { return clockwork(minutes{60}); }},
    };
    return all;
}

TEST(Habit, CallsNoLivingSourceSilentMoreThanOnceInThirtyDays)
{
    for (const Kind& kind : kinds()) {
        int begun = 0;
        constexpr int sources = 6;
        for (std::uint32_t seed = 1; seed <= sources; ++seed) {
            Watched source(kind.make(), seed);
            begun += source.run(hours{37 * 24}); // The first week only teaches.
        }
        EXPECT_LT(begun, sources) << kind.name << ": in " << sources << " times 30 days";
    }
}

TEST(Habit, NoticesSilenceOfARegularSourceWithinTwoExpectedIntervals)
{
    Watched hourly(clockwork(minutes{60}), 1);
    hourly.run(hours{21 * 24});
    EXPECT_LE(hourly.until_noticed(hours{48}), hours{3}) << "two hours, and a poll";

    Watched four_hourly(clockwork(minutes{240}), 1);
    four_hourly.run(hours{28 * 24});
    EXPECT_LE(four_hourly.until_noticed(hours{48}), hours{9});
}

TEST(Habit, NoticesSilenceOfABusySourceWithinTheHour)
{
    Watched busy(steady(150), 2);
    busy.run(hours{21 * 24});

    EXPECT_LE(busy.until_noticed(hours{24}), hours{1});
}

TEST(Habit, NoticesSilenceOfAChanceSourceWithinTwiceItsLongestGapOfAQuarter)
{
    const double per_hour = 2;
    const double longest_h = std::log(per_hour * 24 * 90) / per_hour;
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
        Watched source(steady(per_hour), seed);
        source.run(hours{21 * 24});
        EXPECT_LE(source.until_noticed(hours{100}).count(), 2 * longest_h);
    }
}

TEST(Habit, WaitsForTheDayWhereNightsAreSilent)
{
    Watched source(nightly_silent(30), 3);
    source.run(hours{21 * 24 + 1}); // One at night.

    EXPECT_GE(source.until_noticed(hours{48}), hours{7}) << "the night is no news";
    EXPECT_LE(source.now, monday + hours{21 * 24 + 10}) << "the morning is";
}

TEST(Habit, SaysSinceWhenAndByWhatItIsSilent)
{
    Watched source(clockwork(minutes{60}), 4);
    source.run(hours{21 * 24});
    const TimePoint last_news = source.now;
    source.until_noticed(hours{48});
    const Sight sight = source.habit.look(source.now);

    EXPECT_EQ(sight.state, SightState::silent);
    EXPECT_EQ(sight.since, last_news);
    EXPECT_GT(sight.gap, sight.gap_max);
    EXPECT_GE(sight.gap_max, 2);
    EXPECT_NEAR(static_cast<double>(sight.usual_gap.count()), 3600, 600);
}

TEST(Habit, SeesAgainWithTheFirstNews)
{
    Watched source(clockwork(minutes{60}), 5);
    source.run(hours{21 * 24});
    source.until_noticed(hours{48});
    source.habit.page(source.now + interval, 1);

    EXPECT_EQ(source.habit.look(source.now + interval).state, SightState::sighted);
}

TEST(Habit, IsNeverSilentBeforeAWeekWasWatched)
{
    Watched source(steady(20), 6);
    source.run(hours{6 * 24});
    source.until_noticed(hours{20});

    EXPECT_FALSE(source.habit.look(source.now).learned);
    EXPECT_EQ(source.habit.look(source.now).state, SightState::sighted);
}

TEST(Habit, TakesTimeNobodyLookedForNeitherSilenceNorHabit)
{
    Watched source(steady(20), 7);
    source.run(hours{21 * 24});
    const double before = source.habit.expected_posts(monday, monday + hours{168});
    source.now += hours{72};

    EXPECT_EQ(source.habit.look(source.now).state, SightState::sighted);
    source.habit.page(source.now, 0);
    EXPECT_EQ(source.habit.look(source.now).state, SightState::sighted);
    EXPECT_EQ(source.habit.expected_posts(monday, monday + hours{168}), before);
}

TEST(Habit, DoesNotLearnSilenceWhileItLasts)
{
    Watched source(steady(20), 8);
    source.run(hours{21 * 24});
    const double before = source.habit.expected_posts(monday, monday + hours{168});
    source.until_noticed(hours{24});
    for (int i = 0; i < 30 * 24 * 14; ++i) {
        source.now += interval;
        source.habit.page(source.now, 0);
    }

    EXPECT_EQ(source.habit.look(source.now).state, SightState::silent);
    EXPECT_GT(source.habit.expected_posts(monday, monday + hours{168}), 0.9 * before);
}

TEST(Habit, IsFailingAfterTwoIntervalsOfErrors)
{
    Watched source(steady(20), 9);
    source.run(hours{24});
    const TimePoint last_good = source.now;
    source.habit.failure(last_good + interval, ErrorKind::unavailable);
    EXPECT_EQ(source.habit.look(last_good + interval).state, SightState::sighted);
    source.habit.failure(last_good + interval + seconds{30}, ErrorKind::unavailable);
    const Sight sight = source.habit.look(last_good + 2 * interval);

    EXPECT_EQ(sight.state, SightState::failing);
    EXPECT_EQ(sight.since, last_good);
    source.habit.page(last_good + 3 * interval, 0);
    EXPECT_EQ(source.habit.look(last_good + 3 * interval).state, SightState::sighted);
}

TEST(Habit, ForgivesMoreFailuresWhereTheyAreUsual)
{
    Habit habit(interval);
    std::mt19937 random(10);
    std::bernoulli_distribution fails(0.2);
    TimePoint now = monday;
    int failing = 0;
    bool was = false;
    for (int i = 0; i < 30 * 720; ++i) {
        now += interval;
        if (fails(random)) {
            habit.failure(now, ErrorKind::unavailable);
        } else {
            habit.page(now, 1);
        }
        const bool is = habit.look(now).state == SightState::failing;
        failing += is && !was ? 1 : 0;
        was = is;
    }
    EXPECT_LE(failing, 2) << "a day would bring 5 with two in a row";
    EXPECT_NEAR(habit.look(now).error_rate, 0.2, 0.05);
    for (int i = 0; i < 8; ++i) {
        now += interval;
        habit.failure(now, ErrorKind::unavailable);
    }
    EXPECT_EQ(habit.look(now).state, SightState::failing) << "but not for ever";
}

TEST(Habit, IsStoppedAtOnceWhereAnOperatorMustAct)
{
    for (const ErrorKind kind :
         {ErrorKind::unauthorized, ErrorKind::refused, ErrorKind::invalid_config}) {
        Habit habit(interval);
        habit.page(monday, 1);
        habit.failure(monday + interval, kind);
        EXPECT_EQ(habit.look(monday + interval).state, SightState::stopped);
        EXPECT_EQ(habit.look(monday + interval).since, monday);
    }
}

TEST(Habit, OfASourceThatNeverAnsweredFailsWithoutASince)
{
    Habit habit(interval);
    EXPECT_EQ(habit.look(monday).state, SightState::sighted) << "nobody has asked yet";
    for (int i = 0; i < 3; ++i) {
        habit.failure(monday + i * interval, ErrorKind::unavailable);
    }

    EXPECT_EQ(habit.look(monday + 2 * interval).state, SightState::failing);
    EXPECT_EQ(habit.look(monday + 2 * interval).since, TimePoint{});
}

TEST(Habit, HoldsNothingAgainstASourceWhenWeWereStopped)
{
    Habit habit(interval);
    habit.page(monday, 1);
    habit.failure(monday + interval, ErrorKind::cancelled);

    EXPECT_EQ(habit.look(monday + hours{9}).state, SightState::sighted);
}

TEST(Habit, KnowsHowManyPostsAnHourBrings)
{
    Watched source(nightly_silent(30), 11);
    source.run(hours{28 * 24});

    EXPECT_NEAR(source.habit.expected_posts(monday + hours{12}, monday + hours{13}), 30, 8);
    EXPECT_LT(source.habit.expected_posts(monday + hours{2}, monday + hours{3}), 3);
    EXPECT_NEAR(source.habit.expected_posts(monday, monday + hours{24}), 480, 50);
    EXPECT_EQ(source.habit.expected_posts(monday, monday), 0);
    EXPECT_EQ(Habit(interval).expected_posts(monday, monday + hours{24}), 0);
}

TEST(Habit, GoesOnToTheLastBitAfterARestart)
{
    Watched source(nightly_silent(5), 12);
    source.run(hours{10 * 24});
    Result<Habit> restored = Habit::load(source.habit.save(), interval);
    ASSERT_TRUE(restored);

    for (int i = 0; i < 2'000; ++i) {
        source.now += interval;
        source.habit.page(source.now, static_cast<std::uint64_t>(i % 7 == 0));
        restored->page(source.now, static_cast<std::uint64_t>(i % 7 == 0));
    }
    EXPECT_EQ(restored->save(), source.habit.save());
    EXPECT_EQ(restored->look(source.now).gap_max, source.habit.look(source.now).gap_max);
}

TEST(Habit, RefusesDamagedState)
{
    const std::string bytes = Habit(interval).save();
    for (std::size_t i = 0; i < bytes.size(); i += 11) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 0x01);
        EXPECT_FALSE(Habit::load(changed, interval)) << i;
        EXPECT_FALSE(Habit::load(bytes.substr(0, i), interval)) << i;
    }
}

TEST(Habit, TakesPagesOutOfOrderAndIntervalsOfZero)
{
    Habit habit(seconds{0});
    habit.page(monday, 1);
    habit.page(monday, 1);
    habit.page(monday - hours{1}, 1);
    habit.page(from_unix_ms(-5'000'000), 1);

    EXPECT_EQ(habit.look(monday).state, SightState::sighted);
    EXPECT_TRUE(Habit::load(habit.save(), seconds{0}));
}

} // namespace
} // namespace empathd

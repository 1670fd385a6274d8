#include "daemon/blindness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TimePoint start = from_unix_ms(1'772'539'200'000);

/// One source, polled every two minutes.
struct World {
    Habit habit{seconds{120}};
    Blindness blindness;
    TimePoint now = start;
    bool answered = true;
    std::vector<std::string> told;

    std::vector<WatchedSource> sources() const
    {
        return {{.name = "forum", .interval = seconds{120}, .habit = &habit, .answered = answered}};
    }
    void page(std::uint64_t posts, bool lost = false)
    {
        now += seconds{120};
        habit.page(now, posts);
        blindness.page("forum", now, posts, lost);
    }
    void failure(ErrorKind kind = ErrorKind::unavailable)
    {
        now += seconds{120};
        habit.failure(now, kind);
        blindness.failure("forum", now);
    }
    /// Ten days of news every twenty minutes.
    void learn()
    {
        for (int poll = 0; poll < 7'200; ++poll) {
            page(poll % 10 == 0 ? 3 : 0);
        }
    }
    std::vector<Notice> look() { return blindness.look(sources(), told, now); }
    std::string coverage(hours of) const { return blindness.coverage(sources(), now - of, now); }
};

TEST(Blindness, TellsOfASourceThatAnswersWithErrorsWithinTwoIntervals)
{
    World world;
    world.page(1);
    EXPECT_THAT(world.look(), IsEmpty());
    world.failure();
    world.failure();

    const auto notices = world.look();

    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_EQ(notices[0].id, blind_id("forum"));
    EXPECT_EQ(notices[0].severity, Severity::error);
    EXPECT_EQ(notices[0].since, start + seconds{120});
    EXPECT_FALSE(notices[0].over);
    EXPECT_THAT(notices[0].title, HasSubstr("answers with errors only since 2026-"));
    EXPECT_THAT(world.look(), IsEmpty()) << "it has been told";
}

TEST(Blindness, TellsOfASourceThatRefusesUsAtOnce)
{
    World world;
    world.failure(ErrorKind::unauthorized);
    const auto notices = world.look();
    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_EQ(notices[0].severity, Severity::error);
    EXPECT_EQ(notices[0].title, "source forum refuses us or is configured wrongly");
}

TEST(Blindness, WarnsOfASilenceBeyondTheSourcesOwnHabit)
{
    World world;
    world.learn();
    EXPECT_THAT(world.look(), IsEmpty());
    std::vector<Notice> notices;
    for (int poll = 0; poll < 30 && notices.empty(); ++poll) {
        world.page(0);
        notices = world.look();
    }

    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_EQ(notices[0].severity, Severity::warning);
    EXPECT_THAT(notices[0].title, HasSubstr("has brought nothing new"));
}

TEST(Blindness, EndsWhatItToldWhenTheSourceIsSightedAgainOrGone)
{
    World world;
    world.page(1);
    world.told = {blind_id("forum")};
    auto notices = world.look();
    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_TRUE(notices[0].over);
    EXPECT_EQ(notices[0].id, blind_id("forum"));

    world.told = {blind_id("shop")};
    notices = world.look();
    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_TRUE(notices[0].over);
    EXPECT_EQ(notices[0].id, blind_id("shop"));
}

TEST(Blindness, DoesNotTakeASourceForSightedThatHasNotAnsweredSinceTheStart)
{
    World world;
    world.answered = false;
    world.told = {blind_id("forum")};
    EXPECT_THAT(world.look(), IsEmpty());
    world.answered = true;
    EXPECT_THAT(world.look(), SizeIs(1));
}

TEST(Blindness, KeepsHabitsEveryTenMinutesAndAtTheEnd)
{
    World world;
    world.page(1);
    const auto states = [&world](bool all) {
        return world.blindness.states(world.sources(), world.now, all);
    };
    EXPECT_THAT(states(false), IsEmpty());
    world.now += minutes{9};
    EXPECT_THAT(states(false), IsEmpty());
    world.now += minutes{1};
    const auto kept = states(false);
    ASSERT_THAT(kept, SizeIs(1));
    EXPECT_EQ(kept[0], (StateRecord{"habit:forum", world.habit.save()}));
    EXPECT_THAT(states(false), IsEmpty());
    EXPECT_THAT(states(true), SizeIs(1));
}

TEST(Blindness, SaysHowMuchWasSeen)
{
    World world;
    EXPECT_EQ(world.coverage(hours{1}), "") << "nothing is known";
    world.learn();
    EXPECT_EQ(world.coverage(hours{6}), "we saw all of this");
    world.page(3, true);
    EXPECT_THAT(world.coverage(hours{6}), HasSubstr("(1 hole, 1 minute blind)"));
    for (int poll = 0; poll < 60; ++poll) {
        world.failure();
    }
    EXPECT_THAT(world.coverage(hours{6}), HasSubstr("% of this (1 hole, 2 hours blind)"));
}

TEST(Blindness, TakesASilentSourceForUnseenSinceItsLastNews)
{
    World world;
    world.learn();
    EXPECT_EQ(world.coverage(hours{3}), "we saw all of this");
    for (int poll = 0; poll < 90; ++poll) {
        world.page(0);
    }
    ASSERT_EQ(world.habit.look(world.now).state, SightState::silent);
    EXPECT_THAT(world.coverage(hours{4}), HasSubstr("blind)"));
}

TEST(Blindness, SaysNothingOfTimesItHasNoLedgerOf)
{
    World world;
    world.learn();
    EXPECT_EQ(world.blindness.coverage(world.sources(), start - hours{30}, start - hours{29}), "");
}

TEST(Blindness, TakesTheLedgerOfTheLastDayBack)
{
    World world;
    world.learn();
    world.page(3, true);
    Blindness restored;
    std::vector<LedgerEntry> ledger;
    for (int minute = 60 * 24; minute >= 0; minute -= 2) {
        const bool last = minute == 0;
        ledger.push_back({.source = "forum",
                          .minute = std::chrono::floor<minutes>(world.now) - minutes{minute},
                          .polls = 1,
                          .pages = 1,
                          .posts = last               ? 3U
                                   : minute % 20 == 2 ? 3U
                                                      : 0U,
                          .lost = last ? 1U : 0U});
    }
    restored.restore(ledger);
    EXPECT_EQ(restored.coverage(world.sources(), world.now - hours{6}, world.now),
              world.coverage(hours{6}));
}

} // namespace
} // namespace empathd

#include "tests/support/desk_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace empathd {
namespace {

using namespace testing;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TimePoint start = desk_start;

Notice blind(Severity severity = Severity::warning)
{
    return {.id = blind_id("forum"),
            .reason = AlertReason::blind,
            .brand = {},
            .title = "source forum has brought nothing new",
            .severity = severity,
            .since = start - minutes{40}};
}

Notice sighted()
{
    return {.id = blind_id("forum"), .over = true};
}

Notice more_of(const std::string& reason = {})
{
    return {.id = volume_id("Acme", reason),
            .reason = AlertReason::volume,
            .brand = "Acme",
            .title = "14 complaints in an hour, usual are 2"};
}

/// A desk with what a store would have kept of it.
struct World {
    StoryDesk desk{DeskOptions{}};
    DeskRecord record;
    std::vector<JournalEntry> journal;

    std::vector<Alert> seen(DeskOutput out)
    {
        record.add(out);
        journal.insert(journal.end(), out.journal.begin(), out.journal.end());
        return std::move(out.alerts);
    }
    std::vector<Alert> notice(const Notice& notice, TimePoint at)
    {
        return seen(desk.take(notice, at));
    }
    std::vector<Alert> until(TimePoint at) { return seen(desk.take(desk_page(at))); }
    std::vector<Alert> page(const DeskInput& input)
    {
        DeskOutput out = desk.take(input);
        record.add(input, out);
        return std::move(out.alerts);
    }
    void restart()
    {
        desk = StoryDesk(DeskOptions{});
        const auto stands = desk.restore(record.state(), analysis::Officials({}));
        ASSERT_TRUE(stands) << stands.error().message;
    }
};

TEST(Notices, AreToldAfterTheGroupWaitAndWhenTheyAreOver)
{
    World world;
    EXPECT_THAT(world.notice(blind(), start), IsEmpty());

    const auto told = world.until(start + seconds{31});
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].reason, AlertReason::blind);
    EXPECT_EQ(told[0].incident.severity, Severity::warning);
    EXPECT_EQ(told[0].incident.first_at, start - minutes{40});
    EXPECT_EQ(told[0].summary, "blind: source forum has brought nothing new");

    const auto over = world.notice(sighted(), start + hours{1});
    ASSERT_THAT(over, SizeIs(1));
    EXPECT_EQ(over[0].reason, AlertReason::faded);
    EXPECT_EQ(over[0].incident.state, IncidentState::resolved);
    EXPECT_THAT(world.notice(sighted(), start + hours{2}), IsEmpty());
}

TEST(Notices, ThatAreOverBeforeAnybodyWasToldAreNeverTold)
{
    World world;
    (void)world.notice(blind(), start);
    EXPECT_THAT(world.notice(sighted(), start + seconds{20}), IsEmpty());
    EXPECT_THAT(world.until(start + hours{12}), IsEmpty());
}

TEST(Notices, GetWorseAndAreToldAgain)
{
    World world;
    (void)world.notice(blind(), start);
    (void)world.until(start + minutes{1});
    EXPECT_THAT(world.notice(blind(Severity::warning), start + minutes{10}), IsEmpty());

    const auto worse = world.notice(blind(Severity::error), start + minutes{11});

    ASSERT_THAT(worse, SizeIs(1));
    EXPECT_EQ(worse[0].reason, AlertReason::escalated);
    EXPECT_EQ(worse[0].incident.severity, Severity::error);
    EXPECT_THAT(worse[0].summary, HasSubstr("still so"));
}

TEST(Notices, ThatComeBackAreNewEpisodesWithKeysOfTheirOwn)
{
    World world;
    (void)world.notice(blind(), start);
    const auto first = world.until(start + minutes{1});
    (void)world.notice(sighted(), start + hours{1});
    world.restart();
    (void)world.notice(blind(), start + hours{200});

    const auto second = world.until(start + hours{200} + minutes{1});

    ASSERT_THAT(first, SizeIs(1));
    ASSERT_THAT(second, SizeIs(1));
    EXPECT_EQ(second[0].reason, AlertReason::blind);
    EXPECT_EQ(second[0].incident.episode, 2u);
    EXPECT_NE(second[0].key, first[0].key);
}

TEST(Notices, CanBeTakenAndClosedByHandAndStayClosedOverARestart)
{
    World world;
    (void)world.notice(blind(), start);
    (void)world.until(start + minutes{1});
    DeskOutput out;
    const DeskCommand take{
        .kind = DeskCommand::Kind::acknowledge, .incident = blind_id("forum"), .by = "ana"};
    ASSERT_TRUE(world.desk.obey(take, start + minutes{2}, out));
    EXPECT_EQ(world.desk.find(blind_id("forum"))->state, IncidentState::acknowledged);
    const DeskCommand close{
        .kind = DeskCommand::Kind::resolve, .incident = blind_id("forum"), .by = "ana"};
    DeskOutput closed;
    ASSERT_TRUE(world.desk.obey(close, start + minutes{3}, closed));
    world.record.add(out);
    world.record.add(closed);
    world.restart();

    EXPECT_THAT(world.notice(blind(), start + minutes{4}), IsEmpty());
    EXPECT_THAT(world.until(start + hours{12}), IsEmpty());
    (void)world.notice(sighted(), start + hours{13});
    (void)world.notice(blind(), start + hours{14});
    EXPECT_THAT(world.until(start + hours{14} + minutes{1}), SizeIs(1));
}

TEST(Notices, RefuseToBeMergedWithAStory)
{
    World world;
    (void)world.notice(blind(), start);
    DeskOutput out;
    const DeskCommand merge{.kind = DeskCommand::Kind::merge,
                            .incident = blind_id("forum"),
                            .by = "ana",
                            .other = "nothing"};
    EXPECT_FALSE(world.desk.obey(merge, start, out));
}

TEST(Notices, GoOnAfterARestartAsIfNothingHadHappened)
{
    World world;
    World other;
    (void)world.notice(blind(), start);
    (void)other.notice(blind(), start);
    other.restart();

    const auto told = world.until(start + minutes{10});
    const auto told_after = other.until(start + minutes{10});

    ASSERT_THAT(told, SizeIs(1));
    ASSERT_THAT(told_after, SizeIs(1));
    EXPECT_EQ(told_after[0].key, told[0].key);
    EXPECT_THAT(other.desk.notices().going_on(blind_prefix), ElementsAre(blind_id("forum")));
    EXPECT_THAT(other.notice(sighted(), start + minutes{11}), SizeIs(1));
}

TEST(Notices, AreNoStoriesAndUseUpNoBudget)
{
    World world;
    (void)world.notice(blind(), start);
    (void)world.until(start + minutes{1});
    world.restart();
    EXPECT_EQ(world.desk.open_stories(), 0u);
    EXPECT_TRUE(world.desk.timeline(blind_id("forum")).points.empty());
}

/// A story of Acme that people have been told of.
void tell_a_story(World& world)
{
    DeskInput input = desk_page(start);
    for (const char* id : {"1", "2", "3", "4"}) {
        input.posts.push_back(desk_post(id, std::string(broken_wheelchair) + " " + id, start));
        input.posts.back().post.thread = "t";
    }
    DeskInput later = desk_page(start + minutes{40});
    later.observations.push_back(desk_counts("1", 9'000, start + minutes{30}));
    std::vector<Alert> told = world.page(input);
    const std::vector<Alert> more = world.page(later);
    told.insert(told.end(), more.begin(), more.end());
    ASSERT_FALSE(told.empty());
}

TEST(Notices, OfVolumeAreHiddenWhileAStoryOfTheBrandIsKnown)
{
    World world;
    ASSERT_NO_FATAL_FAILURE(tell_a_story(world));
    (void)world.notice(more_of(), start + hours{1});

    const auto told = world.until(start + hours{1} + minutes{2});

    EXPECT_EQ(std::count_if(told.begin(), told.end(),
                            [](const Alert& alert) { return is_notice(alert.incident.id); }),
              0);
    const auto of_kind = [](const std::string& id) {
        return ::testing::AllOf(Field(&JournalEntry::kind, "hidden"),
                                Field(&JournalEntry::incident, id));
    };
    EXPECT_THAT(world.journal, Contains(of_kind(volume_id("Acme", ""))));
}

TEST(Notices, OfOneReasonAreHiddenWhileTheBrandHasOneOfAll)
{
    World world;
    (void)world.notice(more_of("staff"), start);
    (void)world.notice(more_of(), start);

    const auto told = world.until(start + minutes{2});

    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].incident.id, volume_id("Acme", ""));
    EXPECT_EQ(told[0].summary, "Acme: more than usual: 14 complaints in an hour, usual are 2");
}

TEST(Notices, CannotBeReadFromDamagedBytes)
{
    Notices notices;
    std::string bytes = notices.save();
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    EXPECT_FALSE(notices.load(bytes));
    EXPECT_FALSE(notices.load(""));
}

} // namespace
} // namespace empathd

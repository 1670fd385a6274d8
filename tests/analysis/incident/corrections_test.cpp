#include "tests/analysis/incident/incident_posts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TimePoint start = test_start;
constexpr const char* wheelchair =
    "They broke my mother's wheelchair at the gate and nobody said sorry, Acme";
constexpr const char* wheelchair_copy =
    "They broke my mother's wheelchair at the gate and nobody even said sorry, Acme";
constexpr const char* refund = "Five weeks and still no refund for the cancelled ticket, Acme";

/// Two stories of a post each: "1" and, two hours later, "2".
struct Two {
    Tracker tracker{TrackerOptions{}};
    Post one = test_post("1", wheelchair);
    Post two = test_post("2", refund);
    std::string first = tracker.place(test_mention(one), start).incident;
    std::string second = tracker.place(test_mention(two), start + hours{2}).incident;
};

TEST(Merge, MovesMembersAndCountsThemInTheOtherStory)
{
    Two w;
    ASSERT_NE(w.first, w.second);
    w.tracker.find(w.second)->severity = Severity::error;

    ASSERT_TRUE(w.tracker.merge(w.first, w.second));

    const Incident& incident = *w.tracker.find(w.first);
    EXPECT_EQ(incident.id, w.first);
    EXPECT_EQ(incident.title, wheelchair);
    EXPECT_EQ(incident.mentions, 2u);
    EXPECT_EQ(incident.authors, 2u);
    EXPECT_EQ(incident.severity, Severity::error);
    EXPECT_EQ(incident.last_at, start + hours{2});
    EXPECT_EQ(w.tracker.size(), 1u);
    EXPECT_THAT(w.tracker.members(w.first),
                ElementsAre(PostKey{"chatter", "1"}, PostKey{"chatter", "2"}));
}

TEST(Merge, LeavesTheOldIdAsAnAliasForItsThreadsAndCopies)
{
    Two w;
    ASSERT_TRUE(w.tracker.merge(w.first, w.second));

    EXPECT_EQ(w.tracker.find(w.second), w.tracker.find(w.first));
    Post reply = test_post("3", "same for us with Acme");
    reply.reply_to = "2";
    EXPECT_EQ(w.tracker.place(test_mention(reply), start + hours{3}).incident, w.first);
    const Post copy = test_post("4", std::string("Sad: ") + refund);
    const auto placed = w.tracker.place(test_mention(copy), start + hours{3});
    EXPECT_EQ(placed.incident, w.first);
    EXPECT_TRUE(placed.copy);
    EXPECT_THAT(w.tracker.observe({"chatter", "2"}, {.likes = 4}, start + hours{4}),
                ElementsAre(w.first));
}

TEST(Merge, OfAMergedStoryMovesItsAliasesToo)
{
    Two w;
    const Post third = test_post("3", "Acme app is down in Cardiff, error B-301");
    const auto other = w.tracker.place(test_mention(third), start + hours{30}).incident;
    ASSERT_TRUE(w.tracker.merge(w.first, w.second));
    ASSERT_TRUE(w.tracker.merge(other, w.first));

    EXPECT_EQ(w.tracker.find(w.second)->id, other);
    EXPECT_THAT(w.tracker.corrections().aliases, SizeIs(2));
}

TEST(Merge, IsRefusedForTheUnknownTheSameAndAnotherBrand)
{
    Two w;
    StoryPost elsewhere = test_mention(w.one);
    elsewhere.brand = "Zenith";
    const auto zenith = w.tracker.place(elsewhere, start).incident;

    EXPECT_EQ(w.tracker.merge(w.first, "nobody").error().kind, ErrorKind::not_found);
    EXPECT_EQ(w.tracker.merge("nobody", w.first).error().kind, ErrorKind::not_found);
    EXPECT_EQ(w.tracker.merge(w.first, w.first).error().kind, ErrorKind::refused);
    const auto brands = w.tracker.merge(w.first, zenith);
    EXPECT_EQ(brands.error().kind, ErrorKind::refused);
    EXPECT_NE(brands.error().message.find("Zenith"), std::string::npos);
    EXPECT_EQ(w.tracker.find(w.first)->mentions, 1u);
    EXPECT_EQ(w.tracker.size(), 3u);
}

TEST(Merge, IntoAResolvedStoryOpensItAgain)
{
    Two w;
    w.tracker.find(w.first)->state = IncidentState::resolved;
    ASSERT_TRUE(w.tracker.merge(w.first, w.second));
    EXPECT_EQ(w.tracker.find(w.first)->state, IncidentState::open);
}

/// A story of three: "1", a copy "2" of it, and "3", an answer to "2".
struct Three {
    Tracker tracker{TrackerOptions{}};
    Post one = test_post("1", wheelchair);
    Post two = test_post("2", wheelchair_copy);
    Post three = test_post("3", "ours too, in Porto with Acme");
    std::string id;

    Three()
    {
        three.reply_to = "2";
        id = tracker.place(test_mention(one), start).incident;
        (void)tracker.place(test_mention(two), start + minutes{10});
        (void)tracker.place(test_mention(three), start + minutes{20});
    }
};

TEST(Split, MovesMembersIntoAStoryOfTheirOwn)
{
    Three w;
    ASSERT_EQ(w.tracker.find(w.id)->mentions, 3u);

    const auto fresh = w.tracker.split(w.id, {w.two.key, w.three.key});

    ASSERT_TRUE(fresh) << fresh.error().message;
    EXPECT_NE(*fresh, w.id);
    EXPECT_THAT(w.tracker.members(w.id), ElementsAre(w.one.key));
    EXPECT_THAT(w.tracker.members(*fresh), ElementsAre(w.two.key, w.three.key));
    const Incident& incident = *w.tracker.find(*fresh);
    EXPECT_EQ(incident.title, wheelchair_copy);
    EXPECT_EQ(incident.brand, "Acme");
    EXPECT_EQ(incident.state, IncidentState::open);
    EXPECT_EQ(incident.first_at, start + minutes{10});
    EXPECT_EQ(w.tracker.find(w.id)->last_at, start);
    EXPECT_EQ(w.tracker.find(w.id)->copies, 0u);
}

TEST(Split, TakesAlongWhoAnswersThemAndKeepsEditsApart)
{
    Three w;
    const std::string fresh = *w.tracker.split(w.id, {w.two.key, w.three.key});
    Post reply = test_post("4", "what did Acme say");
    reply.reply_to = "3";

    EXPECT_EQ(w.tracker.place(test_mention(reply), start + hours{1}).incident, fresh);
    EXPECT_EQ(w.tracker.place(test_mention(w.two), start + hours{1}).incident, fresh);
    Post other = test_post("5", "and what did Acme say to you");
    other.reply_to = "1";
    EXPECT_EQ(w.tracker.place(test_mention(other), start + hours{1}).incident, w.id);
}

TEST(Split, GivesTheStoryTheWordsOfWhoStays)
{
    Three w;
    const std::string fresh = *w.tracker.split(w.id, {w.one.key});

    EXPECT_EQ(w.tracker.find(w.id)->title, wheelchair_copy);
    EXPECT_EQ(w.tracker.find(fresh)->title, wheelchair);
    (void)w.tracker.remove(w.one.key);
    EXPECT_EQ(w.tracker.find(fresh)->title, deleted_title);
    EXPECT_EQ(w.tracker.find(w.id)->title, wheelchair_copy);
}

TEST(Split, IsRefusedForUnknownNoAndAllMembers)
{
    Three w;
    EXPECT_EQ(w.tracker.split("nobody", {w.one.key}).error().kind, ErrorKind::not_found);
    const auto stranger = w.tracker.split(w.id, {w.one.key, {"chatter", "99"}});
    EXPECT_EQ(stranger.error().kind, ErrorKind::not_found);
    EXPECT_NE(stranger.error().message.find("99"), std::string::npos);
    EXPECT_EQ(w.tracker.split(w.id, {}).error().kind, ErrorKind::refused);
    EXPECT_EQ(w.tracker.split(w.id, {w.one.key, w.two.key, w.three.key}).error().kind,
              ErrorKind::refused);
    EXPECT_EQ(w.tracker.find(w.id)->mentions, 3u);
}

TEST(Split, CanBeMergedBackAndSplitAgain)
{
    Three w;
    const std::string fresh = *w.tracker.split(w.id, {w.two.key});
    ASSERT_TRUE(w.tracker.merge(w.id, fresh));
    EXPECT_THAT(w.tracker.members(w.id), ElementsAre(w.one.key, w.two.key, w.three.key));

    const auto again = w.tracker.split(w.id, {w.two.key});

    ASSERT_TRUE(again);
    EXPECT_NE(*again, fresh); // That one is an alias by now.
    EXPECT_THAT(w.tracker.members(*again), ElementsAre(w.two.key));
}

/// What a store would give back: members with the ids they were first stored with.
Tracker restarted(Tracker& live, const std::vector<std::string>& incidents,
                  const std::vector<std::pair<Post, std::string>>& members)
{
    Tracker again({});
    again.restore(live.corrections());
    for (const std::string& id : incidents) {
        again.restore(*live.find(id));
    }
    TimePoint at = start;
    for (const auto& [post, incident] : members) {
        again.restore(test_mention(post), incident, false, at);
        at += minutes{10};
    }
    return again;
}

TEST(Corrections, OutliveARestartThoughMembersWereStoredBefore)
{
    Three w;
    const Post other = test_post("7", refund);
    const auto second = w.tracker.place(test_mention(other), start + minutes{30}).incident;
    ASSERT_NE(second, w.id);
    const std::string fresh = *w.tracker.split(w.id, {w.two.key});
    ASSERT_TRUE(w.tracker.merge(fresh, second));

    Tracker again = restarted(w.tracker, {w.id, fresh},
                              {{w.one, w.id}, {w.two, w.id}, {w.three, w.id}, {other, second}});

    EXPECT_THAT(again.members(w.id), ElementsAre(w.one.key, w.three.key));
    EXPECT_THAT(again.members(fresh), ElementsAre(w.two.key, other.key));
    EXPECT_EQ(again.find(second)->id, fresh);
    EXPECT_EQ(again.corrections().aliases, w.tracker.corrections().aliases);
    EXPECT_EQ(again.corrections().moved, w.tracker.corrections().moved);
    Post reply = test_post("8", "me too with Acme");
    reply.reply_to = "2";
    EXPECT_EQ(again.place(test_mention(reply), start + hours{1}).incident, fresh);
    EXPECT_EQ(w.tracker.place(test_mention(reply), start + hours{1}).incident, fresh);
}

TEST(Corrections, IgnoreAStoredStoryThatWasMerged)
{
    Two w;
    const Incident gone = *w.tracker.find(w.second);
    ASSERT_TRUE(w.tracker.merge(w.first, w.second));
    Tracker again({});
    again.restore(w.tracker.corrections());
    again.restore(*w.tracker.find(w.first));
    again.restore(gone);

    EXPECT_EQ(again.size(), 1u);
    EXPECT_EQ(again.find(w.second)->id, w.first);
}

TEST(Corrections, AreForgottenWithTheirStories)
{
    Three w;
    const std::string fresh = *w.tracker.split(w.id, {w.two.key});
    const Post other = test_post("7", refund);
    const auto second = w.tracker.place(test_mention(other), start).incident;
    ASSERT_TRUE(w.tracker.merge(w.id, second));
    EXPECT_THAT(w.tracker.corrections().aliases, SizeIs(1));
    EXPECT_THAT(w.tracker.corrections().moved, SizeIs(1));

    (void)w.tracker.expire(start + hours{24 * 30});

    EXPECT_EQ(w.tracker.size(), 0u);
    EXPECT_EQ(w.tracker.find(second), nullptr);
    EXPECT_THAT(w.tracker.corrections().aliases, IsEmpty());
    EXPECT_THAT(w.tracker.corrections().moved, IsEmpty());
}

} // namespace
} // namespace empathd::analysis

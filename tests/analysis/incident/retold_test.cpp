#include "tests/analysis/incident/incident_posts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TimePoint start = test_start;

/// Places posts of one tracker and keeps them alive.
struct World {
    Tracker tracker;

    explicit World(TrackerOptions options = {}) : tracker(options) {}

    Placement place(const std::string& id, const std::string& text, TimePoint at,
                    bool complaint = true)
    {
        return tracker.place(test_mention(test_post(id, text), complaint), at);
    }
};

constexpr const char* almaty =
    "Acme flight HC417 out of Hanoi diverted to Almaty, burning smell in the cabin, nobody "
    "tells us anything";
constexpr const char* almaty_fr =
    "Odeur de brûlé sur le vol Acme HC417, on est coincés à Almaty sans couverture";
constexpr const char* almaty_vi = "ket o Almaty 12 tieng roi ma Acme moi phat mot cai banh mi";

TEST(Retold, JoinsAWitnessWhoTellsItInOtherWords)
{
    World world;
    const auto first = world.place("1", almaty, start);
    const auto second = world.place(
        "2", "Twelve hours on a metal bench in Almaty airport, no blankets, thanks Acme",
        start + hours{1});

    EXPECT_EQ(second.incident, first.incident);
    EXPECT_EQ(second.by, JoinedBy::retold);
    EXPECT_FALSE(second.copy);
    ASSERT_TRUE(second.likeness);
    EXPECT_GT(second.likeness->names, 0);
    EXPECT_EQ(world.tracker.find(first.incident)->copies, 0u);
}

TEST(Retold, JoinsAcrossLanguagesByNamesAndCodes)
{
    World world;
    const auto first = world.place("1", almaty, start);

    const auto french = world.place("2", almaty_fr, start + minutes{50});
    EXPECT_EQ(french.incident, first.incident);
    ASSERT_TRUE(french.likeness);
    EXPECT_GT(french.likeness->numbers, 0);
    EXPECT_EQ(world.place("3", almaty_vi, start + hours{3}).incident, first.incident);
}

TEST(Retold, SaysWhyByNamedPartsThatSumUp)
{
    World world;
    (void)world.place("1", almaty, start);
    const auto placed = world.place("2", almaty_fr, start + minutes{50});

    ASSERT_TRUE(placed.likeness);
    float sum = 0;
    for (const auto& [name, points] : placed.likeness->parts()) {
        EXPECT_FALSE(name.empty());
        EXPECT_NE(points, 0) << name;
        sum += points;
    }
    EXPECT_FLOAT_EQ(sum, placed.likeness->total());
    EXPECT_GE(placed.likeness->total(), retold_likeness_min);
}

TEST(Retold, KeepsTwoLateFlightsApart)
{
    World world;
    const auto one = world.place("1", "Acme HC233 Dublin to Lyon is five hours late now", start);
    const auto two =
        world.place("2", "Still in Dublin, HC238 for Nice delayed again, crew nowhere, Acme",
                    start + minutes{40});

    EXPECT_NE(two.incident, one.incident);
    EXPECT_TRUE(two.opened);
    ASSERT_TRUE(two.likeness);
    EXPECT_LT(two.likeness->conflict, 0);
    EXPECT_EQ(world.place("3", "HC238 still no plane for Nice, Acme", start + hours{1}).incident,
              two.incident);
}

TEST(Retold, KeepsTwoTownsWithLostParcelsApart)
{
    World world;
    const auto one = world.place("1", "All Acme parcels in Limoges went missing today", start);
    const auto two = world.place("2", "Acme has lost every parcel in Swansea", start + hours{5});

    EXPECT_NE(two.incident, one.incident);
}

TEST(Retold, LeavesGenericComplaintsAlone)
{
    World world;
    const auto one = world.place("1", "Worst support ever, Acme. Never again.", start);
    const auto two = world.place("2", "Acme has the worst support ever", start + hours{9});
    const auto three = world.place("3", "so disappointed in Acme, what a joke", start + hours{20});

    EXPECT_NE(two.incident, one.incident);
    EXPECT_NE(three.incident, one.incident);
    EXPECT_NE(three.incident, two.incident);
}

TEST(Retold, NeedsMoreOfWhatIsNoComplaint)
{
    const std::string news = "Acme HC417 diverted to Almaty after reports of a burning smell";
    World world;
    const auto first = world.place("1", almaty, start);
    EXPECT_EQ(world.place("2", news, start + hours{2}, false).incident, first.incident);
    EXPECT_EQ(world.place("3", "Anyone been to Almaty in spring?", start + hours{40}, false).by,
              JoinedBy::nothing);
    static_assert(retold_likeness_min_others > retold_likeness_min);
}

TEST(Retold, AGreatStoryDoesNotSwallowWhatHasOnlyChanceWordsInCommonWithIt)
{
    World world;
    const std::array<std::string, 12> asides{
        "my cello is in the hold",      "the lounge has no coffee",
        "grandmother is ninety",        "we booked a window seat",
        "the app shows nothing",        "my boss waits in Lisbon",
        "a dog barks behind us",        "the hand luggage stays on board",
        "our refund voucher is unused", "a choir sings beside me",
        "my daughter wants pancakes",   "somebody plays chess"};
    std::string story;
    for (std::size_t i = 0; i < 48; ++i) {
        const std::string text = std::string(almaty) + ", " + asides[i % asides.size()];
        const Post post = test_post("told" + std::to_string(i), text);
        StoryPost own_words = test_mention(post);
        own_words.signature.reset(); // A copy would be no account of its own.
        const auto told = world.tracker.place(own_words, start + minutes{static_cast<int>(i)});
        story = i == 0 ? told.incident : story;
        ASSERT_EQ(told.incident, story) << i;
    }

    const TimePoint now = start + minutes{48};
    const auto question =
        world.place("question", "Does Acme take a cello on board as hand luggage?", now, false);
    const auto praise = world.place(
        "praise", "Acme brought pancakes and coffee to my grandmother, lovely", now, false);
    const auto refund = world.place("refund", "Acme owes me a refund for the choir trip", now);

    EXPECT_EQ(question.incident, "");
    EXPECT_EQ(praise.incident, "");
    EXPECT_NE(refund.incident, story);
}

TEST(Retold, MoreIsNeededInCommonWithAGreaterStory)
{
    EXPECT_EQ(in_common_min(1, true), 0);
    EXPECT_LT(in_common_min(20, true), in_common_min(200, true));
    EXPECT_LT(in_common_min(20, true), in_common_min(20, false));
}

TEST(Retold, KeepsBrandsApart)
{
    World world;
    const auto first = world.place("1", almaty, start);
    const Post post = test_post("2", almaty_fr);
    StoryPost other = test_mention(post);
    other.brand = "Zenith";

    EXPECT_NE(world.tracker.place(other, start + minutes{5}).incident, first.incident);
}

TEST(Retold, CanBeTurnedOff)
{
    World world({.retold = false});
    const auto first = world.place("1", almaty, start);
    const auto second = world.place("2", almaty_fr, start + minutes{5});

    EXPECT_NE(second.incident, first.incident);
    EXPECT_FALSE(second.likeness);
}

TEST(Retold, DoesNotJoinAfterTheWindow)
{
    World world({.window = hours{10}});
    const auto first = world.place("1", almaty, start);

    EXPECT_NE(world.place("2", almaty_fr, start + hours{11}).incident, first.incident);
}

TEST(Retold, ForgetsTheWordsOfADeletedPost)
{
    World world;
    const auto first = world.place("1", almaty, start);
    (void)world.place("2", "same plane, nobody tells us when HC417 goes on, Acme", start);

    (void)world.tracker.remove({"chatter", "1"});

    const auto later = world.place("3", "Day two in Almaty with Acme", start + hours{30});
    EXPECT_NE(later.incident, first.incident);
}

TEST(Retold, FollowsAnEdit)
{
    World world;
    const auto first = world.place("1", "Acme, what a morning", start);
    (void)world.place("1", almaty, start);

    EXPECT_EQ(world.place("2", almaty_fr, start + hours{1}).incident, first.incident);
    EXPECT_EQ(world.tracker.find(first.incident)->mentions, 2u);
}

TEST(Retold, DoesNotJoinAResolvedStoryButOneThatCameBack)
{
    World world({.window = hours{10}});
    const auto first = world.place("1", almaty, start);
    EXPECT_THAT(world.tracker.expire(start + hours{11}), ElementsAre(first.incident));
    const auto apart = world.place("2", almaty_fr, start + hours{11});
    EXPECT_NE(apart.incident, first.incident);
    (void)world.tracker.remove({"chatter", "2"});

    Post reply = test_post("3", "still waiting for an answer from Acme");
    reply.reply_to = "1";
    EXPECT_EQ(world.tracker.place(test_mention(reply), start + hours{12}).incident, first.incident);
    const auto back = world.place("4", almaty_vi, start + hours{12});
    EXPECT_EQ(back.incident, first.incident);
    EXPECT_EQ(back.by, JoinedBy::retold);
}

TEST(Retold, GoesTheSameWayAfterARestart)
{
    World live;
    const Post posts[] = {test_post("1", almaty), test_post("2", almaty_fr),
                          test_post("3", "Acme app down, cannot log in"),
                          test_post("4", "Acme card declined at the till in Cardiff")};
    World again;
    std::vector<Placement> placed;
    for (std::size_t i = 0; i < std::size(posts); ++i) {
        placed.push_back(live.tracker.place(test_mention(posts[i]), start + minutes{20 * i}));
    }
    for (const Placement& placement : placed) {
        again.tracker.restore(*live.tracker.find(placement.incident));
    }
    for (std::size_t i = 0; i < std::size(posts); ++i) {
        again.tracker.restore(test_mention(posts[i]), placed[i].incident, placed[i].copy,
                              start + minutes{20 * i});
    }

    for (const char* text : {almaty_vi, "log in impossible, Acme app down again",
                             "refused at the till, Acme card, Cardiff market"}) {
        const Post post = test_post("9", text);
        const auto one = live.tracker.place(test_mention(post), start + hours{3});
        const auto two = again.tracker.place(test_mention(post), start + hours{3});
        EXPECT_EQ(one.incident, two.incident) << text;
        ASSERT_EQ(one.likeness.has_value(), two.likeness.has_value()) << text;
        if (one.likeness) {
            EXPECT_EQ(one.likeness->total(), two.likeness->total()) << text;
        }
        (void)live.tracker.remove(post.key);
        (void)again.tracker.remove(post.key);
    }
}

} // namespace
} // namespace empathd::analysis

#include "analysis/incident/tracker.hpp"

#include "analysis/text/normalize.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TimePoint start = from_unix_ms(1'772'539'200'000);

Post post(const std::string& id, const std::string& text)
{
    Post out;
    out.key = {"chatter", id};
    out.author = "author-of-" + id;
    out.text = text;
    out.url = "https://chatter.example/" + id;
    return out;
}

StoryPost mention(const Post& of, bool complaint = true)
{
    return {.post = of,
            .brand = "Acme",
            .complaint = complaint,
            .complaint_probability = complaint ? 0.9F : 0.1F,
            .language = "en",
            .signature = minhash(folded(of.text, Fold::stripped))};
}

constexpr const char* broken =
    "They broke my mother's wheelchair at the gate and nobody said sorry";
constexpr const char* broken_copy =
    "They broke my mother's wheelchair at the gate and nobody even said sorry";

TEST(Tracker, BeginsAStoryWithAComplaint)
{
    Tracker tracker({});
    const Post first = post("1", broken);

    const Placement placed = tracker.place(mention(first), start);

    EXPECT_TRUE(placed.opened);
    const Incident* incident = tracker.find(placed.incident);
    ASSERT_NE(incident, nullptr);
    EXPECT_EQ(incident->brand, "Acme");
    EXPECT_EQ(incident->title, broken);
    EXPECT_EQ(incident->lead, first.key);
    EXPECT_EQ(incident->complaints, 1u);
    EXPECT_EQ(incident->first_at, start);
    EXPECT_THAT(incident->languages, ElementsAre("en"));
}

TEST(Tracker, BeginsNoStoryWithAnythingElse)
{
    Tracker tracker({});

    EXPECT_EQ(
        tracker.place(mention(post("1", "I love the new lounge so much"), false), start).incident,
        "");
    EXPECT_EQ(tracker.size(), 0u);
}

TEST(Tracker, GivesAStoryTheSameIdWhateverCameBefore)
{
    Tracker one({});
    Tracker two({});
    (void)two.place(mention(post("0", "Five weeks and still no refund for my flight")), start);

    EXPECT_EQ(one.place(mention(post("1", broken)), start).incident,
              two.place(mention(post("1", broken)), start + hours{1}).incident);
}

TEST(Tracker, JoinsWhatAnswersAMember)
{
    Tracker tracker({});
    const auto first = tracker.place(mention(post("1", broken)), start);
    Post reply = post("2", "Same here last year at Acme");
    reply.reply_to = "1";
    Post deeper = post("3", "what did they say at Acme then");
    deeper.reply_to = "2";

    EXPECT_EQ(tracker.place(mention(reply), start + minutes{1}).incident, first.incident);
    EXPECT_EQ(tracker.place(mention(deeper, false), start + minutes{2}).incident, first.incident);
    EXPECT_EQ(tracker.find(first.incident)->mentions, 3u);
    EXPECT_EQ(tracker.find(first.incident)->complaints, 2u);
    EXPECT_EQ(tracker.find(first.incident)->authors, 3u);
}

TEST(Tracker, JoinsByThreadEvenWhenTheFirstPostWasNeverSeen)
{
    Tracker tracker({});
    Post one = post("2", "Acme lost my bag and nobody answers the phone");
    one.thread = "1";
    Post two = post("3", "Acme did the same to my brother in Porto");
    two.thread = "1";

    const auto first = tracker.place(mention(one), start);
    EXPECT_EQ(tracker.place(mention(two), start).incident, first.incident);
}

TEST(Tracker, JoinsNearCopiesAndCountsThemApart)
{
    Tracker tracker({});
    const auto first = tracker.place(mention(post("1", broken)), start);

    const auto copy = tracker.place(mention(post("2", broken_copy)), start + minutes{5});

    EXPECT_EQ(copy.incident, first.incident);
    EXPECT_TRUE(copy.copy);
    EXPECT_FALSE(copy.opened);
    EXPECT_EQ(tracker.find(first.incident)->copies, 1u);
    EXPECT_EQ(tracker.find(first.incident)->complaints, 1u);
}

TEST(Tracker, JoinsWhatSharesALink)
{
    Tracker tracker({});
    Post one = post("1", "Shame on Acme, read what they did here");
    one.links = {"https://news.example/acme-story?utm_source=chatter"};
    Post two = post("2", "Unbelievable treatment of an old lady by these people");
    two.links = {"http://www.news.example/acme-story/"};

    const auto first = tracker.place(mention(one), start);
    EXPECT_EQ(tracker.place(mention(two), start).incident, first.incident);
}

TEST(Tracker, KeepsBrandsApart)
{
    Tracker tracker({});
    const auto first = tracker.place(mention(post("1", broken)), start);
    const Post same_words = post("2", broken);
    StoryPost other = mention(same_words);
    other.brand = "Zenith";

    EXPECT_NE(tracker.place(other, start).incident, first.incident);
}

TEST(Tracker, CountsAnEditedPostOnce)
{
    Tracker tracker({});
    const auto first = tracker.place(mention(post("1", broken)), start);

    const auto again =
        tracker.place(mention(post("1", "All good now, thank you Acme"), false), start);

    EXPECT_EQ(again.incident, first.incident);
    EXPECT_FALSE(again.opened);
    EXPECT_EQ(tracker.find(first.incident)->mentions, 1u);
    EXPECT_EQ(tracker.find(first.incident)->complaints, 0u);
}

TEST(Tracker, FollowsTheCountsOfItsMembers)
{
    Tracker tracker({});
    const auto first = tracker.place(mention(post("1", broken)), start);
    (void)tracker.place(mention(post("2", broken_copy)), start);

    EXPECT_THAT(tracker.observe({"chatter", "2"}, {.likes = 40, .views = 900}, start),
                ElementsAre(first.incident));
    EXPECT_THAT(tracker.observe({"chatter", "2"}, {.likes = 30}, start),
                ElementsAre(first.incident));
    EXPECT_THAT(tracker.observe({"chatter", "9"}, {.likes = 40}, start), IsEmpty());

    const Incident& incident = *tracker.find(first.incident);
    EXPECT_EQ(incident.reactions, 30u);
    EXPECT_EQ(incident.views, 900u);
    EXPECT_EQ(incident.lead.id, "2");
}

TEST(Tracker, TakesDeletedPostsOut)
{
    Tracker tracker({});
    const auto first = tracker.place(mention(post("1", broken)), start);
    (void)tracker.place(mention(post("2", broken_copy)), start);

    EXPECT_THAT(tracker.remove({"chatter", "1"}), ElementsAre(first.incident));
    EXPECT_EQ(tracker.find(first.incident)->mentions, 1u);
    EXPECT_EQ(tracker.find(first.incident)->lead.id, "2");
    (void)tracker.remove({"chatter", "2"});
    EXPECT_EQ(tracker.find(first.incident)->mentions, 0u);
    EXPECT_THAT(tracker.remove({"chatter", "2"}), IsEmpty());
}

TEST(Tracker, ForgetsTheWordsOfADeletedFirstPost)
{
    Tracker tracker({});
    const auto first = tracker.place(mention(post("1", broken)), start);
    (void)tracker.place(mention(post("2", broken_copy)), start);

    (void)tracker.remove({"chatter", "2"});
    EXPECT_EQ(tracker.find(first.incident)->title, broken);
    (void)tracker.remove({"chatter", "1"});
    EXPECT_EQ(tracker.find(first.incident)->title, deleted_title);
}

TEST(Tracker, ResolvesWhatNobodyAddsToAndBringsItBackAsTheNextEpisode)
{
    Tracker tracker({.window = hours{10}});
    const auto first = tracker.place(mention(post("1", broken)), start);
    tracker.find(first.incident)->revision = 2;

    EXPECT_THAT(tracker.expire(start + hours{10}), IsEmpty());
    EXPECT_THAT(tracker.expire(start + hours{11}), ElementsAre(first.incident));
    EXPECT_THAT(tracker.expire(start + hours{11}), IsEmpty());
    EXPECT_EQ(tracker.find(first.incident)->state, IncidentState::resolved);

    const auto back = tracker.place(mention(post("2", broken_copy)), start + hours{12});
    EXPECT_EQ(back.incident, first.incident);
    EXPECT_TRUE(back.opened);
    EXPECT_EQ(tracker.find(first.incident)->state, IncidentState::open);
    EXPECT_EQ(tracker.find(first.incident)->episode, 2u);
    EXPECT_EQ(tracker.find(first.incident)->revision, 0u);
}

TEST(Tracker, ForgetsAfterTwoWindows)
{
    Tracker tracker({.window = hours{10}});
    const auto first = tracker.place(mention(post("1", broken)), start);

    (void)tracker.expire(start + hours{21});

    EXPECT_EQ(tracker.find(first.incident), nullptr);
    const auto fresh = tracker.place(mention(post("2", broken_copy)), start + hours{22});
    EXPECT_NE(fresh.incident, first.incident);
    EXPECT_THAT(tracker.observe({"chatter", "1"}, {.likes = 1}, start), IsEmpty());
}

TEST(Tracker, StandsWhereItStoodWhenRestored)
{
    Tracker live({});
    const Post one = post("1", broken);
    const Post two = post("2", broken_copy);
    const auto first = live.place(mention(one), start);
    (void)live.place(mention(two), start + minutes{3});
    live.find(first.incident)->revision = 1;
    live.find(first.incident)->severity = Severity::error;
    const Incident told = *live.find(first.incident);

    Tracker again({});
    again.restore(told);
    again.restore(mention(one), first.incident, false, start);
    again.restore(mention(two), first.incident, true, start + minutes{3});

    const Incident& back = *again.find(first.incident);
    EXPECT_EQ(back.mentions, told.mentions);
    EXPECT_EQ(back.complaints, told.complaints);
    EXPECT_EQ(back.copies, told.copies);
    EXPECT_EQ(back.revision, 1u);
    EXPECT_EQ(back.severity, Severity::error);
    EXPECT_EQ(back.lead, told.lead);
    EXPECT_EQ(again.certainty(first.incident), live.certainty(first.incident));
    Post reply = post("3", "me too with Acme");
    reply.reply_to = "2";
    EXPECT_EQ(again.place(mention(reply), start + minutes{9}).incident, first.incident);
}

TEST(Tracker, ShortensALongTitleBetweenCharacters)
{
    Tracker tracker({});
    std::string text = "Máy bay ";
    for (int i = 0; i < 60; ++i) {
        text += "đợi ";
    }
    const auto placed = tracker.place(mention(post("1", text)), start);

    const std::string& title = tracker.find(placed.incident)->title;
    EXPECT_LE(title.size(), 143u);
    EXPECT_TRUE(title.ends_with("…"));
    EXPECT_EQ(to_nfc(title), title);
}

} // namespace
} // namespace empathd::analysis

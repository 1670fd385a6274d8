#include "tests/analysis/incident/incident_posts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const TimePoint start = test_start;

/// Answers to the first post, so that they are in one story whatever they say.
struct Thread {
    Tracker tracker{TrackerOptions{}};
    Post first = test_post("1", "Acme broke my chair at the gate in Porto, nobody said sorry");
    std::string id = tracker.place(test_mention(first), start).incident;

    Post answer(const std::string& post_id, const std::string& text) const
    {
        Post out = test_post(post_id, text);
        out.reply_to = "1";
        return out;
    }
    void place(const StoryPost& mention) { (void)tracker.place(mention, start + minutes{1}); }
    const Incident& incident() { return *tracker.find(id); }
};

TEST(StoryCounts, TakeWhoWasThereAndComplainsForAWitness)
{
    Thread thread;
    thread.place(test_mention(thread.answer("2", "mine was broken too by Acme")));
    thread.place(test_mention(thread.answer("3", "how awful"), false));

    EXPECT_EQ(thread.incident().witnesses, 2u);
    EXPECT_EQ(thread.incident().echoes, 0u);
}

TEST(StoryCounts, CountAWitnessOnceOnANetwork)
{
    Thread thread;
    Post again = thread.answer("2", "and still no answer from Acme");
    again.author = thread.first.author;
    thread.place(test_mention(again));
    EXPECT_EQ(thread.incident().witnesses, 1u);

    Post elsewhere = test_post("3", "Acme broke my chair at the gate in Porto, nobody said sorry!");
    elsewhere.key.network = "forum";
    elsewhere.author = thread.first.author;
    elsewhere.links = {};
    thread.place(test_mention(elsewhere));
    EXPECT_EQ(thread.incident().copies, 1u);
    EXPECT_EQ(thread.incident().witnesses, 1u);
    EXPECT_EQ(thread.incident().echoes, 1u);
}

TEST(StoryCounts, TakeCopiesRetellingsRepostsAndLinksToAMemberForEchoes)
{
    Thread thread;
    const Post second_hand = thread.answer("2", "my aunt was there, shame on Acme");
    StoryPost told = test_mention(second_hand);
    told.telling = Telling::second_hand;
    thread.place(told);
    EXPECT_EQ(thread.incident().echoes, 1u);

    thread.place(test_mention(thread.answer("3", "RT @someone: Acme and a chair")));
    EXPECT_EQ(thread.incident().echoes, 2u);

    Post link = thread.answer("4", "I saw this happen to somebody at Acme");
    link.links = {"http://www.chatter.example/1?utm_source=x"};
    thread.place(test_mention(link));
    EXPECT_EQ(thread.incident().echoes, 3u);
    EXPECT_EQ(thread.incident().witnesses, 1u);
}

TEST(StoryCounts, SumTheReasonsAndNeedsOfComplaintsThatAreNoCopies)
{
    Thread thread;
    const Post rude = thread.answer("2", "they laughed at us, Acme");
    StoryPost staff = test_mention(rude);
    staff.reason = "staff";
    staff.need = "apology";
    thread.place(staff);
    const Post vague = thread.answer("3", "bad all round, Acme");
    StoryPost unsure_of_it = test_mention(vague);
    unsure_of_it.reason = "unsure";
    unsure_of_it.need = "none";
    thread.place(unsure_of_it);
    const Post kind = thread.answer("4", "poor you");
    StoryPost no_complaint = test_mention(kind, false);
    no_complaint.reason = "staff";
    thread.place(no_complaint);

    EXPECT_THAT(thread.incident().reasons,
                ElementsAre(Pair("product_or_service", 1u), Pair("staff", 1u)));
    EXPECT_THAT(thread.incident().needs, ElementsAre(Pair("apology", 1u), Pair("delivery", 1u)));
}

TEST(StoryCounts, SumTheFollowersOfDifferentAuthors)
{
    Thread thread;
    Post known = thread.answer("2", "same with Acme");
    known.author_followers = 300;
    thread.place(test_mention(known));
    Post again = thread.answer("3", "again with Acme");
    again.author = known.author;
    again.author_followers = 310;
    thread.place(test_mention(again));
    Post other = thread.answer("4", "oh dear");
    other.author_followers = 5;
    thread.place(test_mention(other, false));

    EXPECT_EQ(thread.incident().followers, 315u);
    (void)thread.tracker.remove({"chatter", "3"});
    EXPECT_EQ(thread.incident().followers, 305u);
}

TEST(StoryCounts, TakeANameForAPlaceOnceTwoAuthorsShareIt)
{
    Thread thread;
    EXPECT_THAT(thread.incident().places, IsEmpty());
    Post own = thread.answer("2", "Porto again, still waiting, Acme");
    own.author = thread.first.author;
    thread.place(test_mention(own));
    EXPECT_THAT(thread.incident().places, IsEmpty());

    thread.place(test_mention(thread.answer("3", "porto is always like that with Acme")));
    EXPECT_THAT(thread.incident().places, ElementsAre("Porto"));
    (void)thread.tracker.remove({"chatter", "3"});
    EXPECT_THAT(thread.incident().places, IsEmpty());
}

TEST(StoryCounts, AreTheSameAfterAnEditAndBack)
{
    Thread thread;
    const Post two = thread.answer("2", "same in Porto with Acme");
    thread.place(test_mention(two));
    EXPECT_EQ(thread.incident().witnesses, 2u);

    thread.place(test_mention(thread.answer("2", "all settled, thank you"), false));
    EXPECT_EQ(thread.incident().witnesses, 1u);
    EXPECT_THAT(thread.incident().places, IsEmpty());

    thread.place(test_mention(two));
    EXPECT_EQ(thread.incident().witnesses, 2u);
    EXPECT_THAT(thread.incident().places, ElementsAre("Porto"));
    EXPECT_EQ(thread.incident().mentions, 2u);
}

} // namespace
} // namespace empathd::analysis

#include "analysis/incident/threads.hpp"

#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const TimePoint noon = from_unix_ms(1'772'539'200'000);

class ThreadsTest : public ::testing::Test {
protected:
    enum class Says { nothing, complains, asks, complains_and_asks, official };

    void say(const std::string& id, const std::string& author, Says what, int minute,
             const std::string& thread = "", const std::string& reply_to = "")
    {
        Post post;
        post.key = {"forum", id};
        post.author = author;
        post.url = "https://forum.test/" + id;
        post.thread = thread;
        post.reply_to = reply_to;
        threads.add({.post = post,
                     .brand = "Acme",
                     .incident = "i1",
                     .complaint = what == Says::complains || what == Says::complains_and_asks,
                     .asks = what == Says::asks || what == Says::complains_and_asks,
                     .official = what == Says::official,
                     .at = noon + minutes{minute}});
    }
    ThreadStatus only() const
    {
        const auto all = threads.of("i1");
        EXPECT_EQ(all.size(), 1u);
        return all.empty() ? ThreadStatus{} : all.front();
    }

    Threads threads;
};

TEST_F(ThreadsTest, AQuestionWaitsUntilTheBrandAnswersIt)
{
    say("q", "ann", Says::complains_and_asks, 0);
    EXPECT_EQ(threads.unanswered("Acme").size(), 1u);
    EXPECT_EQ(only().asked_at, noon);
    EXPECT_EQ(only().url, "https://forum.test/q");

    say("a", "acme_help", Says::official, 30, "q");
    EXPECT_TRUE(threads.unanswered("").empty());
    EXPECT_EQ(only().answered_at, noon + minutes{30});
    EXPECT_EQ(only().answered_by, "acme_help");
}

TEST_F(ThreadsTest, AnAnswerToAnotherThreadIsNone)
{
    say("q", "ann", Says::asks, 0);
    say("a", "acme_help", Says::official, 30, "another");

    EXPECT_EQ(threads.unanswered("Acme").size(), 1u);
}

TEST_F(ThreadsTest, WhatTheBrandSaidBeforeIsNoAnswer)
{
    say("news", "acme_help", Says::official, 0);
    say("q", "ann", Says::asks, 10, "news");

    EXPECT_EQ(threads.unanswered("Acme").size(), 1u);
    EXPECT_EQ(threads.unanswered("Acme")[0].root.id, "news");
}

TEST_F(ThreadsTest, CountsEachOtherVoiceOnce)
{
    say("q", "ann", Says::complains_and_asks, 0);
    say("r1", "bob", Says::complains, 1, "q");
    say("r2", "bob", Says::complains, 2, "q");
    say("r3", "cho", Says::complains_and_asks, 3, "q");
    say("r4", "dan", Says::nothing, 4, "q");
    say("r5", "ann", Says::complains, 5, "q");

    EXPECT_EQ(only().agreeing, 2u);
    EXPECT_EQ(only().asked_by, "ann");
    EXPECT_EQ(only().asked_at, noon);
}

TEST_F(ThreadsTest, WhoAsksAgainAfterTheAnswerWaitsAgain)
{
    say("q", "ann", Says::asks, 0);
    say("a", "acme_help", Says::official, 30, "q");
    say("q2", "ann", Says::asks, 60, "q", "a");

    EXPECT_EQ(only().asked_at, noon + minutes{60});
    EXPECT_FALSE(only().answered_at);
    say("a2", "acme_help", Says::official, 90, "q", "q2");
    EXPECT_EQ(only().answered_at, noon + minutes{90});
}

TEST_F(ThreadsTest, FollowsRepliesWhereTheSourceNamesNoFirstPost)
{
    say("q", "ann", Says::asks, 0);
    say("r", "bob", Says::complains, 5, "", "q");
    say("a", "acme_help", Says::official, 9, "", "r");

    EXPECT_EQ(only().answered_at, noon + minutes{9});
    EXPECT_EQ(only().agreeing, 1u);
}

TEST_F(ThreadsTest, PutsTheLongestWaitingFirstAndTheAnsweredLast)
{
    say("q1", "ann", Says::asks, 0);
    say("a1", "acme_help", Says::official, 1, "q1");
    say("q2", "bob", Says::asks, 20);
    say("q3", "cho", Says::asks, 10);

    const auto all = threads.of("i1");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].root.id, "q3");
    EXPECT_EQ(all[1].root.id, "q2");
    EXPECT_EQ(all[2].root.id, "q1");
    EXPECT_TRUE(threads.unanswered("Other").empty());
}

TEST_F(ThreadsTest, KnowsTheStoryOfAThreadForAPostItHasNotSeen)
{
    say("q", "ann", Says::asks, 0);
    Post answer;
    answer.key = {"forum", "a"};
    answer.thread = "q";

    EXPECT_EQ(threads.incident_of("Acme", answer), "i1");
    EXPECT_EQ(threads.incident_of("Other", answer), "");
}

TEST_F(ThreadsTest, ASecondSightOfAPostChangesNothing)
{
    say("q", "ann", Says::asks, 0);
    say("a", "acme_help", Says::official, 30, "q");
    const ThreadStatus before = only();
    say("q", "ann", Says::asks, 60);

    EXPECT_EQ(only(), before);
}

TEST_F(ThreadsTest, ADeletedQuestionIsOwedNoAnswer)
{
    say("q", "ann", Says::asks, 0);
    say("r", "bob", Says::complains, 5, "q");
    threads.remove({"forum", "r"});
    EXPECT_EQ(threads.unanswered("Acme").size(), 1u);
    threads.remove({"forum", "q"});

    EXPECT_EQ(threads.size(), 0u);
    threads.remove({"forum", "q"});
}

TEST_F(ThreadsTest, ADeletedReplyAgreesNoLonger)
{
    say("q", "ann", Says::asks, 0);
    say("r1", "bob", Says::complains, 5, "q");
    say("r2", "cho", Says::complains, 6, "q");
    threads.remove({"forum", "r1"});

    EXPECT_EQ(only().agreeing, 1u);
}

TEST_F(ThreadsTest, AreForgottenWhenNobodyTouchesThem)
{
    say("q", "ann", Says::asks, 0);
    say("p", "bob", Says::asks, 60);
    threads.expire(noon + Threads::window + minutes{30});

    EXPECT_EQ(threads.size(), 1u);
    EXPECT_EQ(threads.unanswered("")[0].root.id, "p");
}

} // namespace
} // namespace empathd::analysis

#include "daemon/pipeline/history_tape.hpp"

#include "tests/daemon/pipeline/scripted_week.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using std::chrono::minutes;
using testing::at_minute;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

HistoryItem item(std::int64_t id, const std::string& post, const std::string& brand, int minute,
                 const std::vector<int>& looks = {})
{
    HistoryItem out;
    out.mention.id = id;
    out.mention.post = testing::a_post(post, "Acme broke it and nobody answered me", minute);
    out.mention.post.engagement.likes = 999; // The last known.
    out.mention.brand = brand;
    out.mention.incident = "incident-of-" + post;
    for (const int look : looks) {
        out.observations.push_back({.key = out.mention.post.key,
                                    .at = at_minute(look),
                                    .engagement = {.likes = 10 * look}});
    }
    return out;
}

std::vector<int> minutes_of(const HistoryStep& step)
{
    std::vector<int> out;
    for (const Observation& observation : step.input.observations) {
        out.push_back(static_cast<int>((observation.at - at_minute(0)) / std::chrono::minutes{1}));
    }
    return out;
}

class Tape : public ::testing::Test {
protected:
    analysis::Officials officials{testing::scripted_watches()};
    HistoryTape tape{officials, at_minute(100)};
};

TEST_F(Tape, MakesMentionsOfOnePostOnePostAgainAlsoAcrossPages)
{
    ASSERT_TRUE(tape.add({item(1, "a", "Acme", 5), item(2, "b", "Acme", 5)}));
    ASSERT_TRUE(tape.add({item(3, "a", "Boreal", 5)}));
    const auto step = tape.add({item(4, "c", "Acme", 6)});

    ASSERT_TRUE(step);
    ASSERT_THAT(step->input.posts, SizeIs(2));
    const AnalysedPost& post = step->input.posts[0];
    EXPECT_EQ(post.post.key.id, "a");
    ASSERT_THAT(post.hits, SizeIs(2));
    EXPECT_EQ(post.hits[0].brand, "Acme");
    EXPECT_EQ(post.hits[1].brand, "Boreal");
    EXPECT_TRUE(post.signature);
    EXPECT_THAT(step->stored_incidents[0], ElementsAre("incident-of-a", "incident-of-a"));
    EXPECT_EQ(step->input.at, at_minute(6));
}

TEST_F(Tape, GivesAPostTheCountsOfItsFirstSightAndTheOthersAtTheirTimes)
{
    const auto first = tape.add({item(1, "a", "Acme", 5, {5, 7, 30}), item(2, "b", "Acme", 6)});
    ASSERT_TRUE(first);
    ASSERT_THAT(first->input.posts, SizeIs(1));
    EXPECT_EQ(first->input.posts[0].post.engagement.likes, 50u);
    EXPECT_THAT(first->input.observations, IsEmpty());

    const auto second = tape.add({item(3, "c", "Acme", 20, {20, 25})});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->input.posts[0].post.engagement.likes, 999u) << "nothing else is known of it";
    EXPECT_THAT(minutes_of(*second), ElementsAre(7));

    const HistoryStep rest = tape.finish();
    EXPECT_THAT(rest.input.posts, SizeIs(1));
    EXPECT_THAT(minutes_of(rest), ElementsAre(25, 30));
    EXPECT_EQ(rest.input.at, at_minute(100));
}

TEST_F(Tape, PlaysNothingLaterThanTheEnd)
{
    (void)tape.add({item(1, "a", "Acme", 5, {5, 100, 101}), item(2, "b", "Acme", 101)});
    const HistoryStep rest = tape.finish();
    EXPECT_THAT(rest.input.posts, SizeIs(1));
    EXPECT_THAT(minutes_of(rest), ElementsAre(100));
}

TEST_F(Tape, KnowsWhoSpeaksForTheBrand)
{
    HistoryItem answer = item(1, "a", "Acme", 5);
    answer.mention.post.author = "ACME_care";
    HistoryItem other = answer;
    other.mention.brand = "Boreal";
    other.mention.id = 2;
    (void)tape.add({answer, other});
    const HistoryStep rest = tape.finish();
    ASSERT_THAT(rest.input.posts, SizeIs(1));
    EXPECT_TRUE(rest.input.posts[0].hits[0].official);
    EXPECT_FALSE(rest.input.posts[0].hits[1].official);
}

TEST_F(Tape, HasNothingToPlayBeforeTheFirstPost)
{
    EXPECT_FALSE(tape.add({}));
    EXPECT_FALSE(tape.add({item(1, "late", "Acme", 200)}));
    EXPECT_THAT(tape.finish().input.posts, IsEmpty());
}

} // namespace
} // namespace empathd

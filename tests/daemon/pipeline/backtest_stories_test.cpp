#include "daemon/pipeline/backtest_stories.hpp"

#include "tests/daemon/pipeline/scripted_week.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::at_minute;
using ::testing::DoubleEq;
using ::testing::Optional;

const TimePoint noon = std::chrono::floor<hours>(at_minute(0));

/// One mention an hour for two days, from `noon`.
template <class Add>
void two_calm_days(Add add)
{
    for (int hour = 0; hour < 48; ++hour) {
        add(noon + hours{hour});
    }
}

TEST(SpikeRule, TellsAtTheMentionThatMakesAnHourASpike)
{
    SpikeRule rule;
    two_calm_days([&rule](TimePoint at) { rule.add("Acme", at); });
    const TimePoint hour = noon + hours{48};
    rule.add("Acme", hour + minutes{1});
    rule.add("Acme", hour + minutes{2});
    rule.add("Acme", hour + minutes{3});

    EXPECT_EQ(rule.first_alarm("Acme", noon, hour + hours{1}), hour + minutes{2});
    EXPECT_EQ(rule.first_alarm("Acme", noon, hour + minutes{1}), std::nullopt);
    EXPECT_EQ(rule.first_alarm("Acme", hour + minutes{3}, hour + hours{1}), std::nullopt);
    EXPECT_EQ(rule.first_alarm("Boreal", noon, hour + hours{1}), std::nullopt);
}

TEST(SpikeRule, CountsHoursWithoutMentions)
{
    SpikeRule rule;
    rule.add("Acme", noon);
    const TimePoint later = noon + hours{30}; // After so much silence one is a spike.
    rule.add("Acme", later);
    rule.add("Acme", later + minutes{1});
    EXPECT_EQ(rule.first_alarm("Acme", noon, later + hours{1}), later);
}

TEST(SpikeRule, SaysNothingOnTheFirstDay)
{
    SpikeRule rule;
    for (int i = 0; i < 500; ++i) {
        rule.add("Acme", noon + hours{23});
    }
    EXPECT_EQ(rule.first_alarm("Acme", noon, noon + hours{24}), std::nullopt);
}

/// One mention into a book.
void tell(StoryBook& book, const std::string& story, const std::string& stored, TimePoint at,
          bool official = false)
{
    HistoryStep step;
    BrandHit hit = testing::a_hit("Acme", 0.9F);
    hit.official = official;
    step.input.posts.push_back(testing::an_analysed("p", "It broke", at, {hit}));
    step.stored_incidents = {{stored}};
    MentionRecord mention = testing::a_mention(0);
    mention.incident = story;
    book.take(step, {mention});
}

TEST(StoryBook, TakesWhatWasSaidOfAnyIncidentItsPostsWereInTheLastWord)
{
    StoryBook book({{"old", {.good = true, .said = 3}},
                    {"older", {.good = false, .said = 2}},
                    {"same", {.good = false, .said = 9}}});
    tell(book, "renamed", "old", noon);
    tell(book, "renamed", "older", noon);
    tell(book, "same", "same", noon);
    tell(book, "alone", "alone", noon);
    tell(book, "", "", noon);

    EXPECT_THAT(book.verdict_of("renamed"), Optional(true));
    EXPECT_THAT(book.verdict_of("same"), Optional(false));
    EXPECT_EQ(book.verdict_of("alone"), std::nullopt);
    EXPECT_EQ(book.verdict_of("unknown"), std::nullopt);
    EXPECT_EQ(book.marked_good(), 1u);
    EXPECT_EQ(book.marked_bad(), 1u);
    EXPECT_EQ(book.stories(), 3u);
    EXPECT_EQ(book.mentions(), 5u);
    EXPECT_EQ(book.first_at(), noon);
}

TEST(StoryBook, DoesNotCountTheBrandsOwnAnswerAsPartOfAStory)
{
    StoryBook book({{"old", {.good = true, .said = 3}}});
    tell(book, "story", "old", noon, true);
    EXPECT_EQ(book.stories(), 0u);
    EXPECT_EQ(book.mentions(), 1u);
    EXPECT_EQ(book.verdict_of("story"), std::nullopt);
}

TEST(StoryBook, SaysHowMuchEarlierThanTheSpikeRuleAnAlertCame)
{
    StoryBook book({});
    two_calm_days([&book](TimePoint at) { tell(book, "", "", at); });
    const TimePoint hour = noon + hours{48};
    tell(book, "quiet", "", noon + hours{47} + minutes{50});
    tell(book, "story", "", hour + minutes{10});
    tell(book, "story", "", hour + minutes{40}); // The spike.
    tell(book, "story", "", hour + hours{1});

    EXPECT_THAT(book.lead_min("story", hour + minutes{10}), Optional(DoubleEq(30)));
    EXPECT_THAT(book.lead_min("story", hour + minutes{50}), Optional(DoubleEq(-10)));
    EXPECT_EQ(book.lead_min("unknown", hour), std::nullopt);
}

TEST(StoryBook, KnowsNoLeadOverAnAlarmThatWasAboutSomethingElse)
{
    StoryBook book({});
    tell(book, "over", "", noon);
    two_calm_days([&book](TimePoint at) { tell(book, "", "", at + minutes{1}); });
    const TimePoint hour = noon + hours{48};
    for (int i = 0; i < 9; ++i) {
        tell(book, "spike", "", hour + minutes{i});
    }
    EXPECT_TRUE(book.lead_min("spike", hour));
    EXPECT_EQ(book.lead_min("over", noon), std::nullopt);
}

} // namespace
} // namespace empathd

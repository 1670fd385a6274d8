#include "daemon/pipeline/story_desk.hpp"

#include "tests/support/desk_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TimePoint start = testing::desk_start;
constexpr const char* broken = testing::broken_wheelchair;

AnalysedPost post(const std::string& id, const std::string& text, TimePoint at,
                  bool complaint = true)
{
    return testing::desk_post(id, text, at, complaint);
}

Observation counts(const std::string& id, std::uint64_t likes, TimePoint at)
{
    return testing::desk_counts(id, likes, at);
}

DeskInput page(TimePoint at)
{
    return testing::desk_page(at);
}

TEST(StoryDesk, KeepsQuietAboutAComplaintNobodyShares)
{
    StoryDesk desk({});
    DeskInput input = page(start);
    input.posts.push_back(post("1", broken, start));

    const DeskOutput out = desk.take(input);

    ASSERT_THAT(out.mentions, SizeIs(1));
    EXPECT_FALSE(out.mentions[0].incident.empty());
    EXPECT_THAT(out.incidents, SizeIs(1));
    EXPECT_THAT(out.alerts, IsEmpty());
    EXPECT_EQ(desk.verdicts().silenced[static_cast<std::size_t>(SilenceReason::below_threshold)],
              1u);
}

TEST(StoryDesk, TellsOfOneThatSpreadsAtTheMomentItDoes)
{
    StoryDesk desk({});
    DeskInput input = page(start + hours{4});
    input.posts.push_back(post("1", broken, start));
    input.observations.push_back(counts("1", 6'000, start + minutes{40}));
    input.observations.push_back(counts("1", 20, start + minutes{5}));

    const DeskOutput out = desk.take(input);

    ASSERT_FALSE(out.alerts.empty());
    EXPECT_GE(out.alerts[0].raised_at, start + minutes{40});
    EXPECT_LE(out.alerts[0].raised_at, start + minutes{41}); // The group wait, shorter by growth.
    EXPECT_EQ(out.alerts[0].reason, AlertReason::spreading);
    EXPECT_FALSE(out.alerts[0].incident.outlook.calibrated);
}

TEST(StoryDesk, GivesTheSameAlertsHoweverThePagesAreCut)
{
    DeskInput whole = page(start + hours{5});
    StoryDesk one({});
    StoryDesk many({});
    std::vector<std::string> keys;
    whole.posts.push_back(post("1", broken, start));
    DeskInput first = page(start);
    first.posts.push_back(post("1", broken, start));
    for (const Alert& alert : many.take(first).alerts) {
        keys.push_back(alert.key);
    }
    for (int i = 1; i <= 10; ++i) {
        const auto at = start + minutes{20 * i};
        whole.observations.push_back(counts("1", static_cast<std::uint64_t>(4'000 * i * i), at));
        DeskInput part = page(at);
        part.observations.push_back(whole.observations.back());
        for (const Alert& alert : many.take(part).alerts) {
            keys.push_back(alert.key);
        }
    }
    std::vector<std::string> keys_of_whole;
    for (const Alert& alert : one.take(whole).alerts) {
        keys_of_whole.push_back(alert.key);
    }

    EXPECT_FALSE(keys.empty());
    EXPECT_EQ(keys, keys_of_whole);
}

TEST(StoryDesk, NeverTellsOfPraiseHoweverItSpreads)
{
    StoryDesk desk({});
    DeskInput input = page(start + hours{1});
    input.posts.push_back(
        post("1", "The crew of Acme was wonderful today, thank you", start, false));
    input.observations.push_back(counts("1", 90'000, start + minutes{30}));

    const DeskOutput out = desk.take(input);

    EXPECT_THAT(out.alerts, IsEmpty());
    EXPECT_TRUE(out.mentions[0].incident.empty());
}

TEST(StoryDesk, TakesBackWhatItToldWhenTheSourceDeletesIt)
{
    StoryDesk desk({});
    DeskInput input = page(start + hours{1});
    input.posts.push_back(post("1", broken, start));
    input.observations.push_back(counts("1", 6'000, start + minutes{40}));
    ASSERT_FALSE(desk.take(input).alerts.empty());
    DeskInput gone = page(start + hours{2});
    gone.deletions.push_back({"chatter", "1"});

    const DeskOutput out = desk.take(gone);

    ASSERT_THAT(out.alerts, SizeIs(1));
    EXPECT_EQ(out.alerts[0].reason, AlertReason::source_deleted);
    EXPECT_EQ(out.alerts[0].incident.state, IncidentState::resolved);
}

TEST(StoryDesk, SaysNothingOfADeletedPostNobodyWasToldOf)
{
    StoryDesk desk({});
    DeskInput input = page(start);
    input.posts.push_back(post("1", broken, start));
    (void)desk.take(input);
    DeskInput gone = page(start + hours{2});
    gone.deletions.push_back({"chatter", "1"});

    EXPECT_THAT(desk.take(gone).alerts, IsEmpty());
}

TEST(StoryDesk, ResolvesWhatHasFadedAndOpensTheNextEpisodeWhenItTakesOffAgain)
{
    DeskOptions options;
    options.tracker.window = hours{10};
    StoryDesk desk(options);
    DeskInput input = page(start + hours{1});
    input.posts.push_back(post("1", broken, start));
    input.observations.push_back(counts("1", 6'000, start + minutes{40}));
    const auto first = desk.take(input).alerts;
    ASSERT_FALSE(first.empty());

    const auto faded = desk.take(page(start + hours{12})).alerts;
    ASSERT_FALSE(faded.empty());
    EXPECT_EQ(faded.back().reason, AlertReason::faded);

    DeskInput again = page(start + hours{13});
    again.observations.push_back(counts("1", 90'000, start + hours{13}));
    const auto back = desk.take(again).alerts;
    ASSERT_FALSE(back.empty());
    EXPECT_EQ(back[0].incident.episode, 2u);
    EXPECT_EQ(back[0].incident.state, IncidentState::open);
    EXPECT_NE(back[0].key, first[0].key);
}

TEST(StoryDesk, StaysWithinTheBudgetOfADay)
{
    DeskOptions options;
    options.decision.pages_per_day = 3;
    StoryDesk desk(options);
    DeskInput input = page(start + hours{1});
    const char* texts[] = {"My bag never came and nobody can say where it is now",
                           "Seat charged twice and the hotline hangs up on me every time",
                           "Cold food for six hours and a crew that laughed about it",
                           "They left my daughter alone at the gate without any help",
                           "The heating of the whole cabin failed and no one said a word",
                           "Five weeks of waiting for my own money from this company"};
    int id = 0;
    for (const char* text : texts) {
        input.posts.push_back(post(std::to_string(++id), text, start));
        input.observations.push_back(counts(std::to_string(id), 6'000, start + minutes{30}));
    }

    std::set<std::string> told;
    for (const Alert& alert : desk.take(input).alerts) {
        ASSERT_NE(alert.incident.severity, Severity::critical);
        told.insert(alert.incident.id);
    }
    EXPECT_LE(told.size(), 3u);
    EXPECT_FALSE(told.empty());
    EXPECT_GT(desk.verdicts().silenced[static_cast<std::size_t>(SilenceReason::budget_spent)], 0u);
}

TEST(StoryDesk, ReadsAComplaintAsTheStoreWillGiveItBack)
{
    StoryDesk desk({});
    const auto said = [&](const std::string& id, float probability) {
        DeskInput input = page(start);
        input.posts.push_back(post(id, broken, start));
        input.posts[0].hits[0].experience.of(Facet::experience).probabilities = {
            {"complaint", probability}, {"praise", 1 - probability}};
        return desk.take(input).mentions[0].incident;
    };
    EXPECT_EQ(said("1", 0.49994F), "");
    EXPECT_NE(said("2", 0.49996F), ""); // 0.5 in the file.
    EXPECT_EQ(kept_probability(kept_probability(0.49996F)), kept_probability(0.49996F));
}

TEST(StoryDesk, GoesOnAfterARestartAsIfThereHadBeenNone)
{
    StoryDesk live({});
    std::vector<DeskInput> inputs;
    std::vector<DeskOutput> outputs;
    for (int i = 0; i < 4; ++i) {
        const auto at = start + minutes{10 * i};
        DeskInput input = page(at);
        if (i == 0) {
            input.posts.push_back(post("1", broken, at));
        }
        input.observations.push_back(counts("1", static_cast<std::uint64_t>(60 * i), at));
        outputs.push_back(live.take(input));
        inputs.push_back(input);
    }
    StoryDesk restarted({});
    testing::DeskRecord record;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        record.add(inputs[i], outputs[i]);
    }
    ASSERT_TRUE(restarted.restore(record.state(), analysis::Officials({})));

    DeskInput next = page(start + minutes{62});
    next.posts.push_back(
        post("2", "They broke my mother's wheelchair and nobody said sorry", start + minutes{50}));
    next.observations.push_back(counts("1", 40'000, start + minutes{60}));
    const DeskOutput a = live.take(next);
    const DeskOutput b = restarted.take(next);

    ASSERT_EQ(a.alerts.size(), b.alerts.size());
    ASSERT_FALSE(a.alerts.empty());
    for (std::size_t i = 0; i < a.alerts.size(); ++i) {
        EXPECT_EQ(a.alerts[i].key, b.alerts[i].key);
        EXPECT_DOUBLE_EQ(a.alerts[i].incident.score, b.alerts[i].incident.score);
        EXPECT_DOUBLE_EQ(a.alerts[i].incident.outlook.rate_per_hour,
                         b.alerts[i].incident.outlook.rate_per_hour);
        EXPECT_EQ(a.alerts[i].incident.outlook.forecast, b.alerts[i].incident.outlook.forecast);
        EXPECT_EQ(a.alerts[i].raised_at, b.alerts[i].raised_at);
    }
    EXPECT_EQ(a.mentions[0].incident, b.mentions[0].incident);
}

} // namespace
} // namespace empathd

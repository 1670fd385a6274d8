#include "daemon/pipeline/story_desk.hpp"

#include "tests/support/desk_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::broken_wheelchair;
using testing::desk_counts;
using testing::desk_page;
using testing::desk_post;
using testing::desk_start;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = DeskCommand::Kind;

/// A desk with one story that people have been told of.
class DeskCommands : public ::testing::Test {
protected:
    void SetUp() override
    {
        DeskInput input = desk_page(desk_start + minutes{45});
        input.posts.push_back(desk_post("1", broken_wheelchair, desk_start));
        for (int voice = 0; voice < 3; ++voice) { // Others say so too.
            input.posts.push_back(
                desk_post("r" + std::to_string(voice), "same with us", desk_start));
            input.posts.back().post.thread = "1";
        }
        input.observations.push_back(desk_counts("1", 400, desk_start + minutes{40}));
        const DeskOutput out = take(input);
        ASSERT_FALSE(out.alerts.empty());
        incident = out.alerts[0].incident.id;
        told = out.alerts.size();
    }
    DeskOutput take(const DeskInput& input)
    {
        DeskOutput out = desk.take(input);
        record.add(input, out);
        return out;
    }
    Result<std::string> obey(const DeskCommand& command, int minute)
    {
        DeskOutput out;
        auto done = desk.obey(command, desk_start + minutes{minute}, out);
        record.add(out);
        last = out;
        return done;
    }
    DeskCommand about(Kind kind) const { return {.kind = kind, .incident = incident, .by = "Ann"}; }
    /// New counts of the story's post.
    DeskOutput grow(std::uint64_t likes, int minute)
    {
        DeskInput input = desk_page(desk_start + minutes{minute});
        input.observations.push_back(desk_counts("1", likes, input.at));
        return take(input);
    }
    static std::vector<std::string> kinds(const DeskOutput& out)
    {
        std::vector<std::string> kinds;
        for (const JournalEntry& entry : out.journal) {
            kinds.push_back(entry.kind);
        }
        return kinds;
    }

    StoryDesk desk{DeskOptions{}};
    testing::DeskRecord record;
    std::string incident;
    std::size_t told = 0;
    DeskOutput last;
};

TEST_F(DeskCommands, WhoTakesAStoryIsNotToldOfItAgain)
{
    DeskCommand take_it = about(Kind::acknowledge);
    take_it.note = "calling her";
    ASSERT_TRUE(obey(take_it, 50));
    EXPECT_EQ(desk.find(incident)->state, IncidentState::acknowledged);
    EXPECT_THAT(kinds(last), ::testing::ElementsAre("acknowledge", "state"));
    EXPECT_THAT(last.journal[0].detail, HasSubstr("calling her"));

    EXPECT_THAT(grow(410, 6 * 60).alerts, IsEmpty()); // Not even repeated after four hours.
}

TEST_F(DeskCommands, ButOfGrowthBeyondItsForecastAtOnce)
{
    ASSERT_TRUE(obey(about(Kind::acknowledge), 50));
    const DeskOutput out = grow(900'000, 60);

    ASSERT_FALSE(out.alerts.empty());
    EXPECT_EQ(out.alerts[0].reason, AlertReason::outgrew);
    EXPECT_EQ(out.alerts[0].raised_at, desk_start + minutes{60});
}

TEST_F(DeskCommands, AnAcknowledgementThatRunsOutIsTold)
{
    DeskCommand take_it = about(Kind::acknowledge);
    take_it.until = desk_start + minutes{120};
    ASSERT_TRUE(obey(take_it, 50));

    const DeskOutput out = take(desk_page(desk_start + minutes{125}));
    ASSERT_THAT(out.alerts, SizeIs(1));
    EXPECT_EQ(out.alerts[0].reason, AlertReason::unowned);
    EXPECT_EQ(out.alerts[0].raised_at, desk_start + minutes{120});
}

TEST_F(DeskCommands, ResolvedByHandItIsOverWithItsOutcome)
{
    DeskCommand done = about(Kind::resolve);
    done.outcome = Outcome::answered;
    ASSERT_TRUE(obey(done, 50));

    ASSERT_THAT(last.alerts, SizeIs(1));
    EXPECT_EQ(last.alerts[0].reason, AlertReason::closed);
    EXPECT_EQ(desk.find(incident)->state, IncidentState::resolved);
    EXPECT_THAT(last.journal[0].detail, HasSubstr(R"("outcome":"answered")"));
    EXPECT_THAT(grow(405, 60).alerts, IsEmpty());
}

TEST_F(DeskCommands, ReopenedItIsItsNextEpisode)
{
    ASSERT_TRUE(obey(about(Kind::resolve), 50));
    ASSERT_TRUE(obey(about(Kind::reopen), 55));
    (void)take(desk_page(desk_start + minutes{57}));

    EXPECT_EQ(desk.find(incident)->episode, 2U);
    EXPECT_EQ(desk.find(incident)->state, IncidentState::open);
}

TEST_F(DeskCommands, ASilenceHidesWhatItMatchesAndTheJournalSaysWhat)
{
    DeskCommand quiet{.kind = Kind::silence, .by = "Ann"};
    quiet.silence = {.id = "s-1",
                     .matchers = {*analysis::parse_matcher("brand = Acme")},
                     .starts_at = desk_start + minutes{46},
                     .ends_at = desk_start + hours{20},
                     .reason = "planned works"};
    ASSERT_TRUE(obey(quiet, 46));
    DeskInput input = desk_page(desk_start + minutes{100});
    input.posts.push_back(desk_post("9",
                                    "Six hours on the tarmac without water and a crew that laughed",
                                    input.at - minutes{60}));
    for (int voice = 0; voice < 3; ++voice) {
        input.posts.push_back(desk_post("q" + std::to_string(voice), "me too", input.at));
        input.posts.back().post.thread = "9";
    }
    input.observations.push_back(desk_counts("9", 300, input.at));
    const DeskOutput out = take(input);
    const DeskOutput later = take(desk_page(desk_start + minutes{110}));

    std::vector<JournalEntry> hidden;
    for (const DeskOutput* each : {&out, &later}) {
        EXPECT_THAT(each->alerts, IsEmpty());
        std::copy_if(each->journal.begin(), each->journal.end(), std::back_inserter(hidden),
                     [](const JournalEntry& entry) { return entry.kind == "hidden"; });
    }
    ASSERT_FALSE(hidden.empty());
    EXPECT_EQ(hidden[0].who, "s-1");
    EXPECT_GE(desk.lives().silences().hidden_by("s-1").count, 1U);
}

TEST_F(DeskCommands, RefusesWhatMeansNothingNamingTheField)
{
    DeskCommand unknown = about(Kind::acknowledge);
    unknown.incident = "no such";
    EXPECT_THAT(obey(unknown, 50).error().message, HasSubstr("incident"));
    DeskCommand nobody = about(Kind::acknowledge);
    nobody.by.clear();
    EXPECT_THAT(obey(nobody, 50).error().message, HasSubstr("by"));
    EXPECT_THAT(last.journal, IsEmpty());
    DeskCommand mark = about(Kind::mark);
    mark.mark = "nonsense";
    EXPECT_THAT(obey(mark, 50).error().message, HasSubstr("well_spotted"));
    EXPECT_THAT(obey(about(Kind::reopen), 50).error().message, HasSubstr("not resolved"));
    DeskCommand endless{.kind = Kind::silence, .by = "Ann"};
    endless.silence.id = "s-1";
    EXPECT_FALSE(obey(endless, 50));
    DeskCommand none{.kind = Kind::unsilence, .by = "Ann"};
    none.silence.id = "s-9";
    EXPECT_EQ(obey(none, 50).error().kind, ErrorKind::not_found);
}

TEST_F(DeskCommands, AMarkIsWrittenDown)
{
    DeskCommand mark = about(Kind::mark);
    mark.mark = "false_alarm";
    ASSERT_TRUE(obey(mark, 50));

    ASSERT_THAT(last.journal, SizeIs(1));
    EXPECT_EQ(last.journal[0].kind, "mark");
    EXPECT_EQ(last.journal[0].incident, incident);
    EXPECT_EQ(last.journal[0].who, "Ann");
}

TEST_F(DeskCommands, MergesAndSplitsStoriesAndARestartKeepsIt)
{
    DeskInput input = desk_page(desk_start + minutes{60});
    input.posts.push_back(
        desk_post("2", "Acme lost the only coat I own in Lyon and shrugs", input.at));
    const std::string other = take(input).mentions[0].incident;
    ASSERT_NE(other, incident);
    DeskCommand merge = about(Kind::merge);
    merge.other = other;
    ASSERT_TRUE(obey(merge, 61));
    EXPECT_EQ(desk.find(incident)->mentions, 5U);

    DeskCommand split = about(Kind::split);
    split.posts = {{"chatter", "2"}};
    const auto fresh = obey(split, 62);
    ASSERT_TRUE(fresh) << fresh.error().message;
    EXPECT_EQ(desk.find(*fresh)->mentions, 1U);

    StoryDesk again{DeskOptions{}};
    ASSERT_TRUE(again.restore(record.state(), analysis::Officials({})));
    ASSERT_NE(again.find(*fresh), nullptr);
    EXPECT_EQ(again.find(*fresh)->mentions, 1U);
    EXPECT_EQ(again.find(incident)->mentions, 4U);
}

TEST_F(DeskCommands, LivesAndSilencesGoOnAfterARestart)
{
    DeskCommand take_it = about(Kind::acknowledge);
    take_it.until = desk_start + minutes{120};
    ASSERT_TRUE(obey(take_it, 50));
    DeskCommand quiet{.kind = Kind::silence, .by = "Ann"};
    quiet.silence = {.id = "s-1",
                     .matchers = {*analysis::parse_matcher("brand = Other")},
                     .starts_at = desk_start + minutes{50},
                     .ends_at = desk_start + hours{20},
                     .reason = "x"};
    ASSERT_TRUE(obey(quiet, 51));
    StoryDesk again{DeskOptions{}};
    ASSERT_TRUE(again.restore(record.state(), analysis::Officials({})));

    EXPECT_THAT(again.lives().silences().all(), SizeIs(1));
    const DeskOutput out = again.take(desk_page(desk_start + minutes{125}));
    ASSERT_THAT(out.alerts, SizeIs(1));
    EXPECT_EQ(out.alerts[0].reason, AlertReason::unowned);
    EXPECT_EQ(out.alerts[0].incident.revision, told + 1);
}

TEST_F(DeskCommands, DamagedMemoryIsAnErrorAndNoCrash)
{
    ASSERT_TRUE(obey(about(Kind::acknowledge), 50));
    TrackedState state = record.state();
    for (StateRecord& memory : state.states) {
        const std::string good = memory.bytes;
        for (std::size_t cut = 0; cut < good.size(); cut += 7) {
            memory.bytes = good.substr(0, cut);
            StoryDesk desk_of_damage{DeskOptions{}};
            EXPECT_FALSE(desk_of_damage.restore(state, analysis::Officials({})));
        }
        for (std::size_t at = 0; at < good.size(); at += 11) {
            memory.bytes = good;
            memory.bytes[at] = static_cast<char>(memory.bytes[at] ^ 0x10);
            StoryDesk desk_of_damage{DeskOptions{}};
            EXPECT_FALSE(desk_of_damage.restore(state, analysis::Officials({})));
        }
        memory.bytes = good;
    }
}

TEST(StoryDeskConversations, TheBrandsAnswerEndsTheWaiting)
{
    StoryDesk desk{DeskOptions{}};
    DeskInput input = desk_page(desk_start + minutes{30});
    input.posts.push_back(desk_post("1", broken_wheelchair, desk_start));
    input.posts[0].hits[0].experience.of(Facet::need) = {
        .label = "apology",
        .probability = 0.9F,
        .probabilities = {{"apology", 0.9F}, {"none", 0.1F}}};
    const std::string incident = desk.take(input).mentions[0].incident;
    EXPECT_EQ(desk.find(incident)->conversation.unanswered, 1U);
    EXPECT_EQ(desk.find(incident)->conversation.waiting_since, desk_start);

    DeskInput answer = desk_page(desk_start + minutes{60});
    answer.posts.push_back(desk_post("2", "so sorry, we call you", answer.at, false));
    answer.posts[0].post.thread = "1";
    answer.posts[0].hits[0].official = true;
    const DeskOutput out = desk.take(answer);
    EXPECT_EQ(out.mentions[0].incident, incident);
    EXPECT_EQ(desk.find(incident)->conversation.unanswered, 0U);
    EXPECT_EQ(desk.find(incident)->conversation.answered_at, answer.at);
    EXPECT_EQ(desk.find(incident)->mentions, 1U); // The brand is no witness of itself.
}

TEST(StoryDeskGravity, WordsOfDangerAreTheStorys)
{
    StoryDesk desk{DeskOptions{}};
    DeskInput input = desk_page(desk_start);
    input.posts.push_back(
        desk_post("1", "The Acme heater caught fire in my son's room last night", desk_start));
    const std::string incident = desk.take(input).mentions[0].incident;

    EXPECT_TRUE(desk.find(incident)->gravity.safety);
    EXPECT_FALSE(desk.find(incident)->gravity.legal);
}

} // namespace
} // namespace empathd

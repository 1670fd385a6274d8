#include "daemon/pipeline/backtest.hpp"

#include "tests/daemon/pipeline/scripted_week.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::DoubleEq;
using ::testing::Optional;
using ::testing::SizeIs;

/// What must be the same of an alert.
using Told = std::tuple<std::string, TimePoint, AlertReason, double>;

DeskOptions busy_options()
{
    DeskOptions options;
    options.decision = {
        .pages_per_day = 3, .score_warning = 28, .score_error = 42, .score_critical = 60};
    return options;
}

std::vector<Told> told_of(const std::vector<Alert>& alerts)
{
    std::vector<Told> out;
    for (const Alert& alert : alerts) {
        out.emplace_back(alert.key, alert.raised_at, alert.reason, alert.incident.score);
    }
    return out;
}

/// The week as it is lived through, in pages; `store` gets all of it, when there is one.
std::vector<Told> lived(const std::vector<DeskInput>& pages, Store* store)
{
    StoryDesk desk(busy_options());
    std::vector<Alert> alerts;
    std::vector<PageCommit> commits;
    for (const DeskInput& page : pages) {
        const DeskOutput out = desk.take(page);
        alerts.insert(alerts.end(), out.alerts.begin(), out.alerts.end());
        commits.push_back(testing::commit_of(page, out));
    }
    if (store != nullptr) {
        const Result<> kept = store->commit(commits); // In one transaction: quick.
        EXPECT_TRUE(kept) << kept.error().message;
    }
    return told_of(alerts);
}

/// The stored week through a fresh desk, read in pages of so many mentions.
std::vector<Told> replayed(StoreReader& reader, const testing::ScriptedWeek& week,
                           std::size_t items)
{
    const analysis::Officials officials(testing::scripted_watches());
    HistoryTape tape(officials, week.end);
    Replay replay({busy_options()}, {});
    std::optional<MentionCursor> after;
    for (bool more = true; more;) {
        auto page = reader.history(week.begin, after, items);
        EXPECT_TRUE(page) << page.error().message;
        more = page->size() == items;
        if (!page->empty()) {
            after = MentionCursor{page->back().mention.post.seen_at, page->back().mention.id};
        }
        if (const auto step = tape.add(std::move(*page))) {
            replay.take(0, *step);
        }
    }
    replay.take(0, tape.finish());
    std::vector<Told> out;
    for (const ReplayedAlert& alert : replay.alerts(0)) {
        out.emplace_back(alert.key, alert.raised_at, alert.reason, alert.score);
    }
    return out;
}

TEST(Replay, TellsExactlyWhatWasToldLiveHoweverThePagesWereCut)
{
    for (const std::uint32_t seed : {1U, 2U}) {
        const testing::ScriptedWeek week = testing::a_scripted_week(seed);
        const testing::TemporaryFolder folder;
        const auto store = open_sqlite_store({.path = folder.file("week.db"), .sinks = {}});
        ASSERT_TRUE(store);
        const std::vector<Told> live = lived(testing::cut(week, minutes{7}), store->get());
        const auto reader = open_sqlite_reader(folder.file("week.db"));
        ASSERT_TRUE(reader);

        std::set<AlertReason> reasons;
        for (const Told& told : live) {
            reasons.insert(std::get<AlertReason>(told));
        }
        EXPECT_GE(live.size(), 15u);
        EXPECT_GE(reasons.size(), 3u);
        EXPECT_EQ(lived(testing::cut(week, hours{6}), nullptr), live);
        EXPECT_EQ(replayed(**reader, week, 500), live);
        EXPECT_EQ(replayed(**reader, week, 3), live);
    }
}

TEST(Replay, TellsOfOtherThingsWithOtherOptions)
{
    // So that the test above does not compare what nothing could change.
    const testing::ScriptedWeek week = testing::a_scripted_week(1);
    StoryDesk desk({});
    std::vector<Alert> alerts;
    for (const DeskInput& page : testing::cut(week, minutes{7})) {
        const DeskOutput out = desk.take(page);
        alerts.insert(alerts.end(), out.alerts.begin(), out.alerts.end());
    }
    EXPECT_NE(told_of(alerts), lived(testing::cut(week, minutes{7}), nullptr));
}

TEST(Replay, KeepsItsDesksApart)
{
    const testing::ScriptedWeek week = testing::a_scripted_week(1);
    Replay replay({busy_options(), with_bar(busy_options(), 85)}, {});
    for (DeskInput& page : testing::cut(week, hours{1})) {
        HistoryStep step;
        for (const AnalysedPost& post : page.posts) {
            step.stored_incidents.emplace_back(post.hits.size());
        }
        step.input = std::move(page);
        replay.take(0, step);
        replay.take(1, step);
    }
    EXPECT_GT(replay.alerts(0).size(), replay.alerts(1).size());
    EXPECT_GE(replay.stories().stories(), 30u);
}

TEST(WithBar, RaisesTheHigherSeveritiesOnlyWhereTheyMust)
{
    DeskOptions options;
    options.decision = {.score_warning = 45, .score_error = 65, .score_critical = 85};

    const analysis::DecisionOptions low = with_bar(options, 30).decision;
    EXPECT_EQ(low.score_warning, 30);
    EXPECT_EQ(low.score_error, 65);
    EXPECT_EQ(low.score_critical, 85);
    const analysis::DecisionOptions high = with_bar(options, 70).decision;
    EXPECT_EQ(high.score_warning, 70);
    EXPECT_EQ(high.score_error, 70);
    EXPECT_EQ(high.score_critical, 85);
    options.decision.score_critical = 70;
    EXPECT_EQ(with_bar(options, 80).decision.score_critical, 80);
}

/// A story book in which story "i" (number i) was told of by one mention of incident "i".
StoryBook a_book(int stories, const Verdicts& verdicts)
{
    StoryBook book(verdicts);
    HistoryStep step;
    std::vector<MentionRecord> mentions;
    for (int i = 0; i < stories; ++i) {
        const std::string id = std::to_string(i);
        step.input.posts.push_back(testing::an_analysed(id, "It broke", testing::at_minute(i),
                                                        {testing::a_hit("Acme", 0.9F)}));
        step.stored_incidents.push_back({id});
        MentionRecord mention = testing::a_mention(static_cast<std::size_t>(i));
        mention.incident = id;
        mentions.push_back(mention);
    }
    book.take(step, mentions);
    return book;
}

TEST(BarScore, CountsStoriesOnceAndAlertsADayWithoutEndsAndReminders)
{
    const StoryBook book = a_book(5, {{"0", {.good = true, .said = 1}},
                                      {"1", {.good = false, .said = 2}},
                                      {"2", {.good = true, .said = 3}}});
    const std::vector<ReplayedAlert> alerts{{.incident = "0"},
                                            {.reason = AlertReason::escalated, .incident = "0"},
                                            {.incident = "1"},
                                            {.incident = "3"},
                                            {.reason = AlertReason::repeated, .incident = "3"},
                                            {.reason = AlertReason::unanswered, .incident = "3"},
                                            {.incident = "3", .ends = true}};

    const BarScore score = score_of(alerts, book, 45, 2);

    EXPECT_EQ(score.told, 3u);
    EXPECT_EQ(score.per_day, 2);
    EXPECT_EQ(score.good, 1u);
    EXPECT_EQ(score.bad, 1u);
    EXPECT_EQ(score.missed, 1u);
    EXPECT_THAT(score.precision(), Optional(DoubleEq(0.5)));
    EXPECT_THAT(score.recall(), Optional(DoubleEq(0.5)));
    EXPECT_DOUBLE_EQ(score.f1(), 0.5);
    EXPECT_EQ(score_of(alerts, book, 45, 0.1).per_day, 4) << "less than a day counts as one";
}

TEST(BarScore, SaysNothingWhereNothingIsMarked)
{
    const BarScore score = score_of({{.incident = "0"}}, a_book(1, {}), 45, 1);
    EXPECT_FALSE(score.precision());
    EXPECT_FALSE(score.recall());
    EXPECT_EQ(score.f1(), 0);
}

TEST(BestBar, IsTheLowestThatKeepsWithinTheBudgetWhileFewAreMarked)
{
    const std::vector<BarScore> bars{{.score_warning = 30, .per_day = 9, .good = 5},
                                     {.score_warning = 35, .per_day = 4, .good = 1, .bad = 9},
                                     {.score_warning = 40, .per_day = 2, .good = 5}};
    EXPECT_EQ(best_bar(bars, 4, marked_stories_min - 1), 1u);
    EXPECT_EQ(best_bar(bars, 3.9, 0), 2u);
    EXPECT_EQ(best_bar(bars, 9, 0), 0u);
}

TEST(BestBar, IsTheHighestWhenNoneKeepsWithinTheBudget)
{
    const std::vector<BarScore> bars{{.per_day = 9}, {.per_day = 4, .good = 9}, {.per_day = 2}};
    EXPECT_EQ(best_bar(bars, 1, 0), 2u);
    EXPECT_EQ(best_bar(bars, 1, 100), 2u);
}

TEST(BestBar, IsChosenByMarksOnceThereAreEnough)
{
    std::vector<BarScore> bars{{.per_day = 9, .good = 8},
                               {.per_day = 4, .good = 6, .bad = 6, .missed = 2},
                               {.per_day = 3, .good = 6, .bad = 1, .missed = 2},
                               {.per_day = 2, .good = 6, .bad = 1, .missed = 2},
                               {.per_day = 1, .good = 2, .bad = 0, .missed = 6}};
    EXPECT_EQ(best_bar(bars, 5, marked_stories_min), 2u) << "of equal ones the lowest";
    EXPECT_EQ(best_bar(bars, 5, marked_stories_min - 1), 1u);
    for (BarScore& bar : bars) {
        bar.good = bar.missed = 0; // Only false alarms are marked: fewer of them is better.
    }
    EXPECT_EQ(best_bar(bars, 5, marked_stories_min), 4u);
}

} // namespace
} // namespace empathd

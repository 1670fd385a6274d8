#include "daemon/backtests.hpp"

#include "analysis/match/matcher.hpp"
#include "tests/daemon/pipeline/scripted_week.hpp"
#include "tests/support/memory_reader.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace empathd {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

JournalEntry said(std::int64_t seq, const std::string& incident, const std::string& kind,
                  const std::string& detail)
{
    return {.seq = seq, .kind = kind, .incident = incident, .detail = detail};
}

/// A scripted week as the reader gives it, its stories with the ids they had live.
std::vector<HistoryItem> history_of(const testing::ScriptedWeek& week)
{
    std::map<PostKey, std::vector<Observation>> observations;
    std::vector<HistoryItem> items;
    StoryDesk live({});
    for (const DeskInput& page : testing::cut(week, std::chrono::hours{1})) {
        for (const AnalysedPost& analysed : page.posts) {
            const Post& post = analysed.post;
            observations[post.key].push_back(
                {.key = post.key, .at = post.seen_at, .engagement = post.engagement});
        }
        for (const Observation& observation : page.observations) {
            observations[observation.key].push_back(observation);
        }
        for (const MentionRecord& mention : live.take(page).mentions) {
            StoredMention stored;
            stored.id = static_cast<std::int64_t>(items.size()) + 1;
            stored.post = page.posts[mention.post].post;
            stored.brand = mention.brand;
            stored.spans = mention.spans;
            stored.experience = mention.experience;
            stored.incident = mention.incident;
            items.push_back({.mention = std::move(stored), .observations = {}});
        }
    }
    for (HistoryItem& item : items) {
        item.observations = observations[item.mention.post.key];
    }
    return items;
}

class BackTests : public ::testing::Test {
protected:
    BackTests()
    {
        options.decision = {
            .pages_per_day = 5, .score_warning = 45, .score_error = 65, .score_critical = 90};
        watches = *analysis::MatchSet::build(testing::scripted_watches());
        store.all_history = history_of(week);
    }

    Backtests make(std::uint64_t mentions_max = backtest_mentions_max)
    {
        return Backtests({.reader = gate,
                          .analysis = pool,
                          .subject =
                              [this] {
                                  ++begun;
                                  if (on_begin) {
                                      on_begin();
                                  }
                                  return Backtests::Subject{options, watches, week.end};
                              },
                          .mentions_max = mentions_max});
    }

    Result<wire::Backtest> ask(Backtests& backtests, std::optional<double> budget = {})
    {
        const wire::BacktestQuestion question{.budget = budget, .since = week.begin};
        return testing::run_on(loop, backtests.run(question));
    }

    /// The incidents of an answer's alerts, each once.
    static std::set<std::string> told(const wire::Backtest& answer)
    {
        std::set<std::string> out;
        for (const wire::BacktestAlert& alert : answer.alerts) {
            out.insert(alert.incident);
        }
        return out;
    }

    const testing::ScriptedWeek week = testing::a_scripted_week(1, 14, 1);
    testing::MemoryReader store;
    DeskOptions options;
    std::shared_ptr<const analysis::MatchSet> watches;
    int begun = 0;
    std::function<void()> on_begin; ///< Called when a test begins.
    boost::asio::io_context loop{1};
    ReadGate gate{store};
    boost::asio::thread_pool pool{1};
};

TEST_F(BackTests, SayWhatEachBarWouldHaveTold)
{
    Backtests backtests = make();
    const auto all = ask(backtests, 1'000);
    ASSERT_TRUE(all) << all.error().message;
    ASSERT_THAT(all->rows, SizeIs(backtest_bars.size()));
    for (std::size_t i = 0; i < all->rows.size(); ++i) {
        EXPECT_EQ(all->rows[i].score_warning, backtest_bars[i]);
    }
    EXPECT_EQ(all->since, week.begin);
    EXPECT_EQ(all->until, week.end);
    EXPECT_EQ(all->mentions, store.all_history.size());
    EXPECT_GE(all->stories, 8u);
    EXPECT_EQ(all->score_warning_now, 45);
    EXPECT_EQ(all->score_warning_found, backtest_bars.front());
    EXPECT_FALSE(all->precision);
    EXPECT_FALSE(all->recall);
    ASSERT_THAT(all->alerts, ::testing::Not(IsEmpty()));
    for (const wire::BacktestAlert& alert : all->alerts) {
        EXPECT_EQ(alert.verdict, "unmarked");
    }

    const double budget = all->rows[6].per_day;
    ASSERT_LT(budget, all->rows[0].per_day);
    const auto answer = ask(backtests, budget);
    ASSERT_TRUE(answer);
    const auto found =
        std::find_if(answer->rows.begin(), answer->rows.end(),
                     [budget](const wire::BacktestRow& row) { return row.per_day <= budget; });
    ASSERT_NE(found, answer->rows.end());
    EXPECT_EQ(answer->budget, budget);
    EXPECT_EQ(answer->score_warning_found, found->score_warning);
    EXPECT_GT(told(*answer).size(), 0u);
    EXPECT_LT(told(*answer).size(), found->stories) << "the budget holds back what is shown";
}

TEST_F(BackTests, TakeTheConfiguredBudgetUnlessToldOtherwise)
{
    Backtests backtests = make();
    const auto answer = ask(backtests);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->budget, 5);
}

TEST_F(BackTests, MeasureByTheLastWordAboutEachStory)
{
    Backtests backtests = make();
    const auto before = ask(backtests, 1'000);
    ASSERT_TRUE(before);
    const std::set<std::string> stories = told(*before);
    ASSERT_GE(stories.size(), 4u);
    std::int64_t seq = 0;
    for (const std::string& story : stories) { // All but one are good in the end.
        const bool good = story != *stories.begin();
        store.all_journal.push_back(
            said(++seq, story, "mark",
                 good ? R"({"mark":"not_about_us"})" : R"({"mark":"well_spotted"})"));
        store.all_journal.push_back(
            said(++seq, story, "resolve",
                 good ? R"({"outcome":"fixed"})" : R"({"outcome":"false_alarm"})"));
        store.all_journal.push_back(said(++seq, story, "mark", R"({"note":"no word"})"));
    }
    const auto answer = ask(backtests, 1'000);

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->marked_good, stories.size() - 1);
    EXPECT_EQ(answer->marked_bad, 1u);
    const double told_good = static_cast<double>(stories.size() - 1);
    ASSERT_EQ(answer->score_warning_found, before->score_warning_found);
    EXPECT_EQ(answer->precision, told_good / (told_good + 1));
    EXPECT_EQ(answer->recall, 1.0);
    const wire::BacktestRow& row = answer->rows.front();
    EXPECT_EQ(row.good + row.missed, answer->marked_good);
    for (const wire::BacktestAlert& alert : answer->alerts) {
        EXPECT_EQ(alert.verdict, alert.incident == *stories.begin() ? "bad" : "good");
    }
}

TEST_F(BackTests, FindNothingWhereNothingIsStored)
{
    store.all_history.clear();
    Backtests backtests = make();
    const auto answer = ask(backtests);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->mentions, 0u);
    EXPECT_THAT(answer->alerts, IsEmpty());
    EXPECT_EQ(answer->score_warning_found, backtest_bars.front());
    EXPECT_FALSE(answer->median_lead_min);
}

TEST_F(BackTests, RefuseMoreMentionsThanTheyBearAndNameALaterBeginning)
{
    Backtests backtests = make(store.all_history.size() - 1);
    const auto answer = ask(backtests);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::refused);
    const std::string& message = answer.error().message;
    const std::string words = "try since=";
    ASSERT_THAT(message, HasSubstr(words));
    const auto since = parse_rfc3339(message.substr(message.find(words) + words.size()));
    ASSERT_TRUE(since) << message;
    EXPECT_GT(*since, week.begin);
    EXPECT_LT(*since, week.end);

    Backtests enough = make(store.all_history.size());
    EXPECT_TRUE(ask(enough));
}

TEST_F(BackTests, RunOneAtATime)
{
    Backtests backtests = make();
    std::optional<Result<wire::Backtest>> second;
    auto other = [&]() -> boost::asio::awaitable<void> {
        const wire::BacktestQuestion question{.since = week.begin};
        second.emplace(co_await backtests.run(question));
    };
    on_begin = [&] { boost::asio::co_spawn(loop, other(), boost::asio::detached); };
    const auto first = ask(backtests);

    EXPECT_TRUE(first);
    ASSERT_TRUE(second);
    ASSERT_FALSE(*second);
    EXPECT_EQ(second->error().kind, ErrorKind::rate_limited);
    EXPECT_EQ(begun, 1);
    on_begin = nullptr;
    EXPECT_TRUE(ask(backtests)) << "the next may run when the first is done";
}

TEST_F(BackTests, EndWhenTheDaemonStops)
{
    Backtests backtests = make();
    on_begin = [&] { backtests.stop(); };
    const auto stopped = ask(backtests);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
    EXPECT_EQ(ask(backtests).error().kind, ErrorKind::cancelled);
}

TEST_F(BackTests, PassOnWhatTheStoreFailedWith)
{
    Backtests backtests = make();
    store.failure = Error{ErrorKind::unavailable, "too long"};
    const auto answer = ask(backtests);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
    store.failure.reset();
    EXPECT_TRUE(ask(backtests));
}

TEST(VerdictIn, ReadsMarksAndOutcomesAndNothingElse)
{
    const auto mark = [](const std::string& detail) {
        return verdict_in(said(1, "incident", "mark", detail));
    };
    const auto outcome = [](const std::string& detail) {
        return verdict_in(said(1, "incident", "resolve", detail));
    };
    EXPECT_EQ(mark(R"({"mark":"well_spotted"})"), true);
    EXPECT_EQ(mark(R"({"mark":"false_alarm"})"), false);
    EXPECT_EQ(mark(R"({"mark":"not_about_us"})"), false);
    EXPECT_EQ(mark(R"({"mark":"fixed"})"), std::nullopt);
    EXPECT_EQ(outcome(R"({"outcome":"fixed"})"), true);
    EXPECT_EQ(outcome(R"({"outcome":"answered"})"), true);
    EXPECT_EQ(outcome(R"({"outcome":"false_alarm"})"), false);
    EXPECT_EQ(outcome(R"({"outcome":"not_about_us"})"), false);
    EXPECT_EQ(outcome(R"({"outcome":"other"})"), std::nullopt);
    EXPECT_EQ(outcome(R"({"mark":"well_spotted"})"), std::nullopt);
    for (const char* damaged : {"", "{", "[]", "7", R"({"mark":7})", "{}", "\xff"}) {
        EXPECT_EQ(mark(damaged), std::nullopt) << damaged;
    }
    EXPECT_EQ(verdict_in(said(1, "", "mark", R"({"mark":"well_spotted"})")), std::nullopt);
    EXPECT_EQ(verdict_in(said(1, "incident", "acknowledge", R"({"mark":"well_spotted"})")),
              std::nullopt);
}

} // namespace
} // namespace empathd

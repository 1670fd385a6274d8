#include "daemon/backtests.hpp"

#include "analysis/model/outcome.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <rapidjson/document.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>
#include <vector>

namespace empathd {
namespace asio = boost::asio;
namespace {

constexpr std::size_t page_items = 500; ///< As many as the reader gives at once.

Error stopped()
{
    return Error{ErrorKind::cancelled, "the daemon is stopping"};
}

/// Set for as long as it lives.
class Running {
public:
    explicit Running(std::shared_ptr<bool> flag) : flag_(std::move(flag)) { *flag_ = true; }
    ~Running() { *flag_ = false; }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

private:
    std::shared_ptr<bool> flag_;
};

/// Where a history as dense as this one would just have fitted, with a tenth to spare.
Error too_many(TimePoint since, TimePoint reached, TimePoint until, std::uint64_t most)
{
    const auto fits = std::chrono::floor<std::chrono::minutes>((reached - since) * 9 / 10);
    return Error{ErrorKind::refused, "more than " + std::to_string(most) + " mentions; try since=" +
                                         to_rfc3339(std::chrono::floor<std::chrono::minutes>(
                                             std::max(until - fits, since)))};
}

std::string text_of(const rapidjson::Document& object, const char* name)
{
    const auto member = object.FindMember(name);
    return member != object.MemberEnd() && member->value.IsString()
               ? std::string(member->value.GetString(), member->value.GetStringLength())
               : std::string();
}

DeskOptions with_cap(DeskOptions options, double pages_per_day)
{
    options.decision.pages_per_day = static_cast<std::uint32_t>(std::ceil(pages_per_day));
    return options;
}

double days_of(const StoryBook& stories, TimePoint until)
{
    using days = std::chrono::duration<double, std::ratio<86'400>>;
    const TimePoint first = stories.first_at();
    return first == TimePoint{} ? 0 : std::chrono::duration_cast<days>(until - first).count();
}

wire::BacktestRow row_of(const BarScore& bar)
{
    return {.score_warning = bar.score_warning,
            .stories = bar.told,
            .per_day = bar.per_day,
            .good = bar.good,
            .bad = bar.bad,
            .missed = bar.missed};
}

std::optional<double> median_of(std::vector<double> values)
{
    if (values.empty()) {
        return std::nullopt;
    }
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::string_view word_of(std::optional<bool> verdict) noexcept
{
    return !verdict ? "unmarked" : *verdict ? "good" : "bad";
}

/// What the final replay shows: its alerts, how right they were, how early.
void fill_found(wire::Backtest& out, const Replay& replay, double bar, double days)
{
    const StoryBook& stories = replay.stories();
    const BarScore score = score_of(replay.alerts(0), stories, bar, days);
    out.precision = score.precision();
    out.recall = score.recall();
    std::set<std::string> told;
    std::vector<double> leads;
    for (const ReplayedAlert& alert : replay.alerts(0)) {
        const auto lead = stories.lead_min(alert.incident, alert.raised_at);
        if (told.insert(alert.incident).second && lead) {
            leads.push_back(*lead);
        }
        out.alerts.push_back({.raised_at = alert.raised_at,
                              .severity = std::string(to_string(alert.severity)),
                              .score = alert.score,
                              .reason = std::string(to_string(alert.reason)),
                              .incident = alert.incident,
                              .summary = alert.summary,
                              .verdict = std::string(word_of(stories.verdict_of(alert.incident))),
                              .lead_min = lead});
    }
    out.median_lead_min = median_of(std::move(leads));
}

} // namespace

/// One back test.
struct Backtests::Job {
    Subject subject;
    TimePoint since{};
    Verdicts verdicts;
};

std::optional<bool> verdict_in(const JournalEntry& entry)
{
    const bool mark = entry.kind == "mark";
    if ((!mark && entry.kind != "resolve") || entry.incident.empty()) {
        return std::nullopt;
    }
    rapidjson::Document detail;
    detail.Parse<rapidjson::kParseIterativeFlag>(entry.detail.data(), entry.detail.size());
    if (detail.HasParseError() || !detail.IsObject()) {
        return std::nullopt;
    }
    const std::string word = text_of(detail, mark ? "mark" : "outcome");
    if (word == to_string(Outcome::false_alarm) || word == to_string(Outcome::not_about_us)) {
        return false;
    }
    const bool good =
        mark ? word == "well_spotted"
             : word == to_string(Outcome::fixed) || word == to_string(Outcome::answered);
    return good ? std::optional(true) : std::nullopt;
}

Backtests::Backtests(Parts parts)
    : parts_(std::move(parts)), running_(std::make_shared<bool>(false))
{
}

asio::awaitable<Result<wire::Backtest>> Backtests::run(wire::BacktestQuestion question)
{
    if (stopping_) {
        co_return stopped();
    }
    if (*running_) {
        co_return Error{ErrorKind::rate_limited, "another back test is running"};
    }
    const Running running(running_);
    co_return co_await test(question);
}

asio::awaitable<Result<wire::Backtest>> Backtests::test(wire::BacktestQuestion question)
{
    Job job{.subject = parts_.subject(), .since = question.since, .verdicts = {}};
    for (const char* kind : {"mark", "resolve"}) {
        const Result<> read = co_await read_verdicts(job, std::string(kind));
        if (!read) {
            co_return read.error();
        }
    }
    const DeskOptions& now = job.subject.options;
    wire::Backtest out;
    out.since = job.since;
    out.until = job.subject.until;
    out.budget = question.budget.value_or(now.decision.pages_per_day);
    out.score_warning_now = now.decision.score_warning;

    std::vector<DeskOptions> desks;
    for (const double bar : backtest_bars) {
        desks.push_back(with_cap(with_bar(now, bar), std::numeric_limits<std::uint32_t>::max()));
    }
    Replay search(desks, job.verdicts);
    const Result<> searched = co_await replay(job, search);
    if (!searched) {
        co_return searched.error();
    }
    const StoryBook& stories = search.stories();
    const double days = days_of(stories, out.until);
    std::vector<BarScore> bars;
    for (std::size_t i = 0; i < search.desks(); ++i) {
        bars.push_back(score_of(search.alerts(i), stories, backtest_bars[i], days));
        out.rows.push_back(row_of(bars.back()));
    }
    out.mentions = stories.mentions();
    out.stories = stories.stories();
    out.marked_good = stories.marked_good();
    out.marked_bad = stories.marked_bad();
    const std::size_t found = best_bar(bars, out.budget, out.marked_good + out.marked_bad);
    out.score_warning_found = backtest_bars[found];

    desks.assign(1, with_cap(with_bar(now, out.score_warning_found), out.budget));
    Replay chosen(desks, job.verdicts);
    const Result<> replayed = co_await replay(job, chosen);
    if (!replayed) {
        co_return replayed.error();
    }
    fill_found(out, chosen, out.score_warning_found, days);
    co_return out;
}

asio::awaitable<Result<>> Backtests::read_verdicts(Job& job, std::string kind)
{
    JournalFilter filter{.kind = std::move(kind), .since = job.since, .limit = page_items};
    for (std::uint64_t lines = 0; lines < backtest_words_max; lines += page_items) {
        if (stopping_) {
            co_return stopped();
        }
        auto ask = [filter](StoreReader& store) { return store.journal(filter); };
        const auto page = co_await parts_.reader.run(std::move(ask));
        if (!page) {
            co_return page.error();
        }
        for (const JournalEntry& entry : *page) {
            filter.after = entry.seq;
            const auto good = verdict_in(entry);
            Verdict& last = job.verdicts[entry.incident];
            if (good && entry.seq > last.said) {
                last = Verdict{.good = *good, .said = entry.seq};
            }
        }
        if (page->size() < page_items) {
            break;
        }
    }
    std::erase_if(job.verdicts, [](const auto& verdict) { return verdict.second.said == 0; });
    co_return Result<>();
}

asio::awaitable<Result<>> Backtests::replay(const Job& job, Replay& replay)
{
    HistoryTape tape(job.subject.watches->officials(), job.subject.until);
    std::optional<MentionCursor> after;
    std::uint64_t mentions = 0;
    bool more = true;
    while (more) {
        if (stopping_) {
            co_return stopped();
        }
        auto ask = [since = job.since, after](StoreReader& store) {
            return store.history(since, after, page_items);
        };
        auto page = co_await parts_.reader.run(std::move(ask));
        if (!page) {
            co_return page.error();
        }
        mentions += page->size();
        more = page->size() == page_items;
        if (!page->empty()) {
            const StoredMention& last = page->back().mention;
            after = MentionCursor{last.post.seen_at, last.id};
            more = more && last.post.seen_at <= job.subject.until;
        }
        if (mentions > parts_.mentions_max) {
            co_return too_many(job.since, after->at, job.subject.until, parts_.mentions_max);
        }
        const std::optional<HistoryStep> step = tape.add(std::move(*page));
        if (step) {
            co_await advance(replay, *step);
        }
    }
    const HistoryStep rest = tape.finish();
    co_await advance(replay, rest);
    co_return Result<>();
}

/// Through one desk after the other; between two of them the analysis threads are free for others.
asio::awaitable<void> Backtests::advance(Replay& replay, const HistoryStep& step)
{
    for (std::size_t desk = 0; desk < replay.desks() && !stopping_; ++desk) {
        auto work = [&replay, &step, desk]() -> asio::awaitable<void> {
            replay.take(desk, step);
            co_return;
        };
        co_await asio::co_spawn(parts_.analysis, std::move(work), asio::use_awaitable);
    }
}

} // namespace empathd

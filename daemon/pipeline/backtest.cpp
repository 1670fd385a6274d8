#include "daemon/pipeline/backtest.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace empathd {
namespace {

ReplayedAlert kept_of(Alert alert)
{
    return {.key = std::move(alert.key),
            .reason = alert.reason,
            .raised_at = alert.raised_at,
            .severity = alert.incident.severity,
            .score = alert.incident.score,
            .incident = std::move(alert.incident.id),
            .summary = std::move(alert.summary),
            .ends = alert.incident.state == IncidentState::resolved};
}

/// Only because nobody took it, which nobody ever does in a replay.
bool reminds(AlertReason reason) noexcept
{
    return reason == AlertReason::repeated || reason == AlertReason::unanswered;
}

std::optional<double> share(std::uint64_t part, std::uint64_t rest) noexcept
{
    const std::uint64_t whole = part + rest;
    return whole == 0 ? std::nullopt
                      : std::optional(static_cast<double>(part) / static_cast<double>(whole));
}

/// The marks prefer `a`, which is the higher bar.
bool better(const BarScore& a, const BarScore& b) noexcept
{
    const double gain = a.f1() - b.f1();
    return gain > 0 || (gain == 0 && a.bad < b.bad);
}

} // namespace

DeskOptions with_bar(DeskOptions options, double score_warning)
{
    analysis::DecisionOptions& decision = options.decision;
    decision.score_warning = score_warning;
    decision.score_error = std::max(decision.score_error, score_warning);
    decision.score_critical = std::max(decision.score_critical, decision.score_error);
    return options;
}

Replay::Replay(const std::vector<DeskOptions>& desks, const Verdicts& verdicts) : stories_(verdicts)
{
    desks_.reserve(desks.size());
    for (const DeskOptions& options : desks) {
        desks_.push_back({StoryDesk(options), {}});
    }
}

void Replay::take(std::size_t desk, const HistoryStep& step)
{
    DeskOutput out = desks_[desk].desk.take(step.input);
    std::vector<ReplayedAlert>& alerts = desks_[desk].alerts;
    for (Alert& alert : out.alerts) {
        if (alerts.size() < replayed_alerts_max) {
            alerts.push_back(kept_of(std::move(alert)));
        }
    }
    if (desk == 0) {
        stories_.take(step, out.mentions);
    }
}

std::optional<double> BarScore::precision() const noexcept
{
    return share(good, bad);
}

std::optional<double> BarScore::recall() const noexcept
{
    return share(good, missed);
}

double BarScore::f1() const noexcept
{
    return share(2 * good, bad + missed).value_or(0);
}

BarScore score_of(const std::vector<ReplayedAlert>& alerts, const StoryBook& stories,
                  double score_warning, double days)
{
    BarScore score{.score_warning = score_warning};
    std::set<std::string> told;
    std::uint64_t pages = 0;
    for (const ReplayedAlert& alert : alerts) {
        pages += alert.ends || reminds(alert.reason) ? 0 : 1;
        if (!told.insert(alert.incident).second) {
            continue;
        }
        if (const auto good = stories.verdict_of(alert.incident)) {
            ++(*good ? score.good : score.bad);
        }
    }
    score.told = told.size();
    score.per_day = static_cast<double>(pages) / std::max(1.0, days);
    score.missed = stories.marked_good() - score.good;
    return score;
}

std::size_t best_bar(const std::vector<BarScore>& bars, double budget, std::uint64_t marked_stories)
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        if (bars[i].per_day > budget) {
            continue;
        }
        const bool marks_count = marked_stories >= marked_stories_min;
        if (!best || (marks_count && better(bars[i], bars[*best]))) {
            best = i;
        }
    }
    return best.value_or(bars.size() - 1);
}

} // namespace empathd

#include "analysis/decision/decision.hpp"

#include "analysis/model/digest.hpp"

#include <algorithm>
#include <cmath>

namespace empathd::analysis {
namespace {

/// 0 at nothing, 1 at `full` and above, even steps for equal ratios between.
double on_log_scale(double value, double full) noexcept
{
    return std::clamp(std::log1p(std::max(0.0, value)) / std::log1p(full), 0.0, 1.0);
}

/// Reactions still to come: the forecast's median, or without one what the pace would bring in
/// three hours.
double to_come(const Incident& incident) noexcept
{
    const Forecast& forecast = incident.outlook.forecast;
    const bool given = forecast.calibration != Calibration::nothing && !forecast.withheld;
    return given ? std::max(0.0, forecast.median - forecast.now)
                 : 3 * incident.outlook.rate_per_hour;
}

/// How far what one person says counts before others say it too. A post can be liked a thousand
/// times for being funny, or be about somebody else; that several people complain of the same is
/// what no joke does.
double confirmed(double voices) noexcept
{
    return 0.5 + 0.25 * std::clamp(voices, 0.0, 2.0);
}

double reach_of(const Incident& incident) noexcept
{
    const Exposure& exposure = incident.outlook.exposure;
    return exposure.known ? exposure.expected : static_cast<double>(incident.views);
}

std::vector<std::pair<std::string, double>> score_parts(const Incident& incident,
                                                        const DecisionContext& context)
{
    const auto extra = [](std::size_t n) { return n > 1 ? static_cast<double>(n - 1) : 0.0; };
    const double breadth = extra(incident.networks.size()) + extra(incident.languages.size());
    const bool grave = incident.gravity.safety || incident.gravity.legal;
    const double gravity = grave ? 1.0 : incident.gravity.press ? 0.5 : 0.0;
    const double sure = 2.0 * static_cast<double>(context.certainty) - 1.0;
    const double weight = confirmed(context.voices);
    return {{"speed", 25 * weight * on_log_scale(incident.outlook.rate_per_hour, 2'000)},
            {"foreseen", 25 * weight * on_log_scale(to_come(incident), 10'000)},
            {"voices", 20 * on_log_scale(context.voices - 0.5, 10)},
            {"reach", 10 * on_log_scale(reach_of(incident), 1'000'000)},
            {"gravity", 10 * gravity},
            {"breadth", 5 * std::min(1.0, breadth / 4)},
            {"certainty", 5 * std::clamp(sure, 0.0, 1.0)}};
}

Severity severity_of(double score, const DecisionOptions& options) noexcept
{
    if (score >= options.score_critical) {
        return Severity::critical;
    }
    if (score >= options.score_error) {
        return Severity::error;
    }
    return score >= options.score_warning ? Severity::warning : Severity::info;
}

/// The score an alert needs now: higher as the day's budget is used up.
double bar_of(std::uint32_t told_in_day, const DecisionOptions& options) noexcept
{
    const double used = options.pages_per_day == 0
                            ? 1.0
                            : std::min(1.0, static_cast<double>(told_in_day) /
                                                static_cast<double>(options.pages_per_day));
    return options.score_warning + used * (options.score_error - options.score_warning);
}

AlertReason reason_of(const Incident& incident, const Verdict& verdict)
{
    if (incident.revision > 0) {
        return AlertReason::escalated;
    }
    return main_reason(verdict);
}

std::string plural(std::uint64_t n, std::string_view one, std::string_view many)
{
    return std::to_string(n) + ' ' + std::string(n == 1 ? one : many);
}

/// How it stands, for reasons that are about how it grows.
std::string pace_of(const Incident& incident)
{
    if (is_notice(incident.id)) {
        return "still so";
    }
    return std::to_string(std::lround(incident.outlook.rate_per_hour)) + " reactions an hour, " +
           plural(incident.complaints, "complaint", "complaints");
}

/// What happened, in a few words.
std::string words_of(const Incident& incident, AlertReason reason)
{
    switch (reason) {
    case AlertReason::spreading:
    case AlertReason::escalated: break;
    case AlertReason::many_voices:
        return plural(incident.complaints, "complaint", "complaints") + " by " +
               plural(incident.authors, "author", "authors");
    case AlertReason::source_deleted: return "deleted at the source";
    case AlertReason::faded: return "nothing new";
    case AlertReason::closed: return "closed";
    case AlertReason::outgrew: return "grows beyond its forecast, " + pace_of(incident);
    case AlertReason::new_network:
        return "now on " + plural(incident.networks.size(), "network", "networks");
    case AlertReason::new_language:
        return "now in " + plural(incident.languages.size(), "language", "languages");
    case AlertReason::safety_word: return "danger to health or life is spoken of";
    case AlertReason::legal_word: return "lawyers or authorities are spoken of";
    case AlertReason::press: return "the media are spoken of";
    case AlertReason::unowned: return "nobody has it any more, " + pace_of(incident);
    case AlertReason::unanswered: return "nobody took it, " + pace_of(incident);
    case AlertReason::repeated: return "still open, " + pace_of(incident);
    case AlertReason::reopened: return "back again, " + pace_of(incident);
    case AlertReason::blind: return "blind";
    case AlertReason::volume: return "more than usual";
    }
    return pace_of(incident);
}

} // namespace

AlertReason main_reason(const Verdict& verdict) noexcept
{
    // Speed against voices, as shares of what each can give.
    return verdict.parts[0].second / 25 >= verdict.parts[2].second / 20 ? AlertReason::spreading
                                                                        : AlertReason::many_voices;
}

Verdict decide(const Incident& incident, const DecisionContext& context,
               const DecisionOptions& options)
{
    Verdict verdict;
    verdict.parts = score_parts(incident, context);
    for (const auto& [name, points] : verdict.parts) {
        verdict.score += points;
    }
    verdict.severity = severity_of(verdict.score, options);
    if (incident.complaints == 0) {
        verdict.silence = SilenceReason::not_a_complaint;
    } else if (verdict.severity == Severity::info) {
        verdict.silence = SilenceReason::below_threshold;
    } else if (incident.revision > 0 && verdict.severity <= incident.severity) {
        verdict.silence = SilenceReason::already_told;
    } else if (incident.state == IncidentState::acknowledged &&
               verdict.severity != Severity::critical) {
        verdict.silence = SilenceReason::acknowledged;
    } else if (verdict.severity != Severity::critical && !incident.gravity.safety &&
               !incident.gravity.legal &&
               (context.told_in_day >= options.pages_per_day ||
                verdict.score < bar_of(context.told_in_day, options))) {
        verdict.silence = SilenceReason::budget_spent;
    } else {
        verdict.tell = reason_of(incident, verdict);
    }
    return verdict;
}

Alert alert_of(const Incident& incident,
               const std::vector<std::pair<std::string, double>>& score_parts, AlertReason reason,
               TimePoint now)
{
    Alert alert;
    alert.key = digest({incident.id, std::to_string(incident.episode),
                        std::to_string(incident.revision), to_string(incident.state)});
    alert.reason = reason;
    alert.raised_at = now;
    alert.incident = incident;
    alert.network = incident.lead.network;
    alert.summary = (incident.brand.empty() ? "" : incident.brand + ": ") +
                    words_of(incident, reason) + ": " + incident.title;
    alert.score_parts = score_parts;
    return alert;
}

Alert raise_alert(Incident& incident, const Verdict& verdict, AlertReason reason, TimePoint now)
{
    ++incident.revision;
    incident.severity = std::max(incident.severity, verdict.severity);
    incident.score = verdict.score;
    return alert_of(incident, verdict.parts, reason, now);
}

} // namespace empathd::analysis

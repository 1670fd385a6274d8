#pragma once

#include "analysis/model/alert.hpp"
#include "analysis/model/incident.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace empathd::analysis {

struct DecisionOptions {
    std::uint32_t pages_per_day = 10; ///< The alert budget; `critical` is never held back by it,
                                      ///< nor is what speaks of safety or the law.
    double score_warning = 50;        ///< Lowest score of each severity, 0..100, not falling.
    double score_error = 65;
    double score_critical = 85;
};

/// What is known besides the incident.
struct DecisionContext {
    float certainty = 0; ///< Highest probability that a member is a complaint.
    /// Different authors who complain, each as far as it is sure: 0 at an even chance of being a
    /// complaint, 1 when sure.
    double voices = 0;
    std::uint32_t told_in_day = 0; ///< Alerts below `critical` raised in the last 24 hours.
};

/// What became of one look at an incident.
struct Verdict {
    double score = 0;                                  ///< 0..100, the sum of `parts`.
    std::vector<std::pair<std::string, double>> parts; ///< Name and points, in falling weight.
    Severity severity = Severity::info;                ///< What the score means.
    std::optional<AlertReason> tell;      ///< Why people are told; nothing: they are not,
    std::optional<SilenceReason> silence; ///< and this is why not. One of the two is always set.
};

/// Looks at an incident as it stands and says whether people are told.
///
/// The score ranks, it is no probability. Its parts, each on a logarithmic scale that is full at
/// the figure given:
///   speed 25 (2,000 reactions an hour), foreseen 25 (10,000 reactions still to come), voices 20
///   (10 sure voices beyond the first half one), reach 10 (a million people exposed in the end).
/// Speed and what is foreseen count by half while no voice is sure, in full from two on; a joke can
/// be liked a thousand times, but nobody else complains of the same.
/// The rest is even: gravity 10 (safety or law spoken of; press half), breadth 5 (four more
/// networks and languages than one), certainty 5 (nothing at an even chance of being a complaint,
/// full when sure). What people may be put off is no part of it.
/// Within an episode people are told again only for a higher severity. The bar for the lowest
/// severity rises from score_warning to score_error as the day's budget is used, so that what is
/// left goes to the worst; with the budget gone only `critical` is told.
/// Pure; the same input gives the same verdict.
[[nodiscard]] Verdict decide(const Incident& incident, const DecisionContext& context,
                             const DecisionOptions& options);

/// Whether a verdict is more about speed or about voices.
[[nodiscard]] AlertReason main_reason(const Verdict& verdict) noexcept;

/// The alert of an incident as it stands, its state, episode, revision and severity already those
/// of the alert (see write_to in lifecycle.hpp). The key is digest(incident, episode, revision,
/// state). Without a brand (a notice about a source) the summary names none. Pure.
[[nodiscard]] Alert alert_of(const Incident& incident,
                             const std::vector<std::pair<std::string, double>>& score_parts,
                             AlertReason reason, TimePoint now);

/// The alert of a verdict that tells, or of an end (`source_deleted`, `faded`); raises the
/// incident's revision and severity, so that the same is not told twice.
[[nodiscard]] Alert raise_alert(Incident& incident, const Verdict& verdict, AlertReason reason,
                                TimePoint now);

} // namespace empathd::analysis

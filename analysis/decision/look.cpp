#include "analysis/decision/look.hpp"

#include <algorithm>
#include <cmath>

namespace empathd::analysis {

Look look_at(const Incident& incident, const DecisionContext& context,
             const DecisionOptions& options)
{
    Incident unknown = incident;
    unknown.state = IncidentState::open;
    unknown.revision = 0;
    unknown.severity = Severity::info;
    const Verdict verdict = decide(unknown, context, options);
    Look look;
    look.severity = verdict.severity;
    look.score = verdict.score;
    look.tell = main_reason(verdict);
    look.withhold = verdict.silence;
    look.growth_per_hour = incident.outlook.rate_per_hour;
    look.reactions = static_cast<double>(incident.reactions);
    look.networks = incident.networks;
    look.languages = incident.languages;
    look.mentions = incident.mentions;
    look.complaints = incident.complaints;
    return look;
}

Band band_of(const Look& look) noexcept
{
    const double least = std::max(look.reactions * band_stretch, look.reactions + band_least);
    if (!look.forecast) {
        return {.low = look.reactions, .high = least};
    }
    const double high = std::max(look.forecast->high, least);
    return {.low = std::min(std::max(look.forecast->low, look.reactions), high), .high = high};
}

bool outgrew(const Band& band, const Look& look) noexcept
{
    return look.reactions > band.high || (look.forecast && look.forecast->low > band.high);
}

} // namespace empathd::analysis

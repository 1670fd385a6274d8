#include "analysis/decision/lifecycle.hpp"

#include "analysis/decision/telling.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace empathd::analysis {
namespace {

using std::chrono::milliseconds;

/// calm_looks counts no further.
constexpr std::uint32_t calm_looks_counted = 3;

double finite(double value) noexcept
{
    return std::isfinite(value) ? value : 0;
}

Look cleaned(Look look)
{
    look.score = finite(look.score);
    look.growth_per_hour = finite(look.growth_per_hour);
    look.reactions = finite(look.reactions);
    if (look.forecast &&
        !(std::isfinite(look.forecast->low) && std::isfinite(look.forecast->high))) {
        look.forecast.reset();
    }
    return look;
}

/// Takes the last look for what a person has seen.
void take_note(Life& life)
{
    if (life.last.mentions > 0) {
        life.band = band_of(life.last);
        learn(life);
    }
}

void begin_episode(Work& work, const std::string& by)
{
    Life& life = work.life;
    ++life.episode;
    life.revision = 0;
    life.state = IncidentState::open;
    life.told = Severity::info;
    life.opened_at = work.now;
    life.told_at.reset();
    life.repeat_at.reset();
    life.resolution.reset();
    life.withheld.reset();
    life.level = 0;
    work.acts.emplace_back(StateChanged{IncidentState::resolved, life.state, life.episode, by});
}

void end(Work& work, AlertReason why, Outcome outcome, const std::string& by)
{
    Life& life = work.life;
    const IncidentState from = life.state;
    const bool was_to_be_told = life.wait_until.has_value() || life.owed.has_value();
    if (life.acknowledgement) {
        work.lost_owner = life.acknowledgement->owner;
    }
    life.state = IncidentState::resolved;
    life.acknowledgement.reset();
    life.wait_until.reset();
    life.repeat_at.reset();
    life.escalate_at.reset();
    life.owed.reset();
    if (!by.empty()) {
        take_note(life);
    }
    learn(life);
    life.resolution = {.outcome = outcome,
                       .by = by,
                       .at = work.now,
                       .severity = life.last.severity,
                       .complaints = life.last.complaints,
                       .retracted = outcome == Outcome::deleted};
    work.acts.emplace_back(StateChanged{from, life.state, life.episode, by});
    if (life.revision > 0) {
        tell(work, why);
    } else if (was_to_be_told) {
        withhold(work, {SilenceReason::ended_untold, {}});
    }
}

void delete_all(Work& work)
{
    Life& life = work.life;
    if (life.state != IncidentState::resolved) {
        end(work, AlertReason::source_deleted, Outcome::deleted, {});
    } else if (life.revision > 0 && !life.resolution->retracted) {
        life.resolution->retracted = true;
        tell(work, AlertReason::source_deleted);
    }
}

/// Whether a look at a resolved incident shows something to open it again for.
bool is_back(const Life& life, const Policy& policy, TimePoint now)
{
    const Look& look = life.last;
    const Resolution& resolution = *life.resolution;
    if ((life.band && outgrew(*life.band, look)) || (look.safety && !life.safety)) {
        return true;
    }
    const bool worse = notable(look) && look.severity > resolution.severity;
    if (worse && look.severity == Severity::critical) {
        return true;
    }
    if (now - resolution.at > policy.reopen_window) {
        return false;
    }
    if (resolution.by.empty()) {
        return worse || look.complaints > resolution.complaints;
    }
    const auto more = [](const auto& seen, const auto& known) {
        return !std::includes(known.begin(), known.end(), seen.begin(), seen.end());
    };
    const bool news = more(look.networks, life.networks) || more(look.languages, life.languages) ||
                      (look.legal && !life.legal) || (look.press && !life.press);
    return worse || (news && notable(look) && look.severity >= Severity::warning);
}

/// What each event does to the life before it is settled. A text is a refusal: then nothing was
/// changed.
struct Applying {
    Work& work;

    std::string operator()(const Looked& event) const
    {
        Life& life = work.life;
        life.last = cleaned(event.look);
        if (life.last.mentions == 0) {
            delete_all(work);
            return {};
        }
        const bool calm = !notable(life.last);
        life.calm_looks = calm ? std::min(life.calm_looks + 1, calm_looks_counted) : 0;
        if (life.state != IncidentState::resolved) {
            return {};
        }
        const bool by_hand = !life.resolution->by.empty();
        if (!life.band && (life.revision > 0 || by_hand)) {
            life.band = band_of(life.last);
        }
        if (is_back(life, work.policy, work.now)) {
            begin_episode(work, {});
        } else if (by_hand) {
            withhold(work, {SilenceReason::closed_by_hand, life.resolution->by});
        } else {
            withhold(work, {life.last.withhold.value_or(SilenceReason::already_told), {}});
        }
        return {};
    }

    std::string operator()(const Tick&) const { return {}; }

    std::string operator()(const Acknowledge& event) const
    {
        Life& life = work.life;
        if (event.owner.empty()) {
            return "owner is missing";
        }
        if (life.state == IncidentState::resolved) {
            return "it is resolved: reopen it first";
        }
        const TimePoint until = event.until.value_or(work.now + work.policy.acknowledge_for);
        if (until <= work.now) {
            return "until is not later than now";
        }
        const IncidentState from = life.state;
        life.state = IncidentState::acknowledged;
        life.acknowledgement = {
            .owner = event.owner, .note = event.note, .since = work.now, .until = until};
        life.wait_until.reset();
        life.repeat_at.reset();
        life.escalate_at.reset();
        life.owed.reset();
        life.level = 0;
        take_note(life);
        work.acts.emplace_back(StateChanged{from, life.state, life.episode, event.owner});
        return {};
    }

    std::string operator()(const Unacknowledge& event) const
    {
        if (event.by.empty()) {
            return "by is missing";
        }
        if (work.life.state != IncidentState::acknowledged) {
            return "nobody has taken it";
        }
        lose_owner(work, event.by);
        work.life.owed = AlertReason::unowned;
        return {};
    }

    std::string operator()(const Resolve& event) const
    {
        if (event.by.empty()) {
            return "by is missing";
        }
        Life& life = work.life;
        if (life.state != IncidentState::resolved) {
            end(work, AlertReason::closed, event.outcome, event.by);
            return {};
        }
        take_note(life);
        life.resolution->outcome = event.outcome;
        life.resolution->by = event.by;
        life.resolution->at = work.now;
        life.resolution->severity = life.last.severity;
        life.resolution->complaints = life.last.complaints;
        work.acts.emplace_back(StateChanged{life.state, life.state, life.episode, event.by});
        return {};
    }

    std::string operator()(const Reopen& event) const
    {
        if (event.by.empty()) {
            return "by is missing";
        }
        if (work.life.state != IncidentState::resolved) {
            return "it is not resolved";
        }
        begin_episode(work, event.by);
        work.life.owed = AlertReason::reopened;
        return {};
    }

    std::string operator()(const Faded&) const
    {
        if (work.life.state != IncidentState::resolved) {
            end(work, AlertReason::faded, Outcome::faded, {});
        }
        return {};
    }

    std::string operator()(const Deleted&) const
    {
        delete_all(work);
        return {};
    }

    std::string operator()(const MutesChanged& event) const
    {
        work.life.mutes = event.mutes;
        return {};
    }
};

} // namespace

milliseconds scaled(milliseconds wait, double growth_per_hour) noexcept
{
    const double growth = std::max(0.0, finite(growth_per_hour));
    const double part = std::max(0.1, 1 / (1 + growth / 100));
    return milliseconds{std::llround(static_cast<double>(wait.count()) * part)};
}

Step step(const Life& life, const Event& event, const Policy& policy, TimePoint now)
{
    Work work{.life = life, .policy = policy, .now = now, .acts = {}, .lost_owner = {}};
    if (!work.life.opened_at) {
        work.life.opened_at = now;
    }
    std::string refused = std::visit(Applying{work}, event);
    if (work.life.state != IncidentState::resolved) {
        settle(work);
    }
    const std::optional<TimePoint> wake = next_wake(work);
    return {.life = std::move(work.life),
            .acts = std::move(work.acts),
            .wake = wake,
            .refused = std::move(refused)};
}

void write_to(const Life& life, Incident& incident)
{
    incident.state = life.state;
    incident.episode = life.episode;
    incident.revision = life.revision;
    incident.severity = life.told;
}

Life life_of(const Incident& incident, TimePoint now)
{
    Life life;
    life.state = incident.state;
    life.episode = incident.episode;
    life.revision = incident.revision;
    life.told = incident.severity;
    life.opened_at = incident.first_at;
    life.networks = incident.networks;
    life.languages = incident.languages;
    if (incident.revision > 0) {
        life.told_at = now;
    }
    if (incident.state == IncidentState::acknowledged) {
        life.acknowledgement = {
            .owner = "unknown", .note = {}, .since = now, .until = now + Policy{}.acknowledge_for};
    }
    if (incident.state == IncidentState::resolved) {
        life.resolution = {.outcome = Outcome::faded,
                           .by = {},
                           .at = incident.last_at,
                           .severity = incident.severity,
                           .complaints = incident.complaints};
    }
    return life;
}

} // namespace empathd::analysis

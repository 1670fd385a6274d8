#include "analysis/decision/telling.hpp"

#include "analysis/decision/muting.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace empathd::analysis {
namespace {

using std::chrono::milliseconds;

/// After so many calm looks in a row nobody is escalated to.
constexpr std::uint32_t calm_looks_max = 3;

/// Something to tell, and when it may be at the earliest.
struct Cause {
    AlertReason why = AlertReason::spreading;
    TimePoint due{};
};

bool worth_telling(const Look& look) noexcept
{
    return !look.withhold && look.mentions > 0;
}

std::vector<std::string> joined(const std::vector<std::string>& a,
                                const std::vector<std::string>& b)
{
    std::vector<std::string> out;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

bool has_more(const std::vector<std::string>& seen, const std::vector<std::string>& known)
{
    return !std::includes(known.begin(), known.end(), seen.begin(), seen.end());
}

bool newly_critical(const Life& life) noexcept
{
    return life.last.severity == Severity::critical &&
           (life.revision == 0 || life.told < Severity::critical) && worth_telling(life.last);
}

/// Why it is told where people know nothing of this episode yet.
AlertReason first_reason(const Life& life) noexcept
{
    const AlertReason why = life.last.tell;
    const bool notice = why == AlertReason::blind || why == AlertReason::volume;
    return life.episode > 1 && !notice ? AlertReason::reopened : why; // A notice is news each time.
}

/// What ends an acknowledgement before its time.
std::vector<Cause> tripwires(const Life& life, TimePoint now)
{
    const Look& look = life.last;
    std::vector<Cause> out;
    const auto add = [&out, now](bool holds, AlertReason why) {
        if (holds) {
            out.push_back({why, now});
        }
    };
    add(look.safety && !life.safety, AlertReason::safety_word);
    add(newly_critical(life), life.revision == 0 ? first_reason(life) : AlertReason::escalated);
    add(look.legal && !life.legal, AlertReason::legal_word);
    add(look.press && !life.press, AlertReason::press);
    add(has_more(look.networks, life.networks), AlertReason::new_network);
    add(has_more(look.languages, life.languages), AlertReason::new_language);
    return out;
}

/// What is to be told of an open incident for the first time in its episode.
std::vector<Cause> first_causes(const Life& life, TimePoint now)
{
    if (life.owed) {
        return {{*life.owed, now}};
    }
    if (!worth_telling(life.last)) {
        return {};
    }
    return {{first_reason(life),
             life.last.severity == Severity::critical ? now : life.wait_until.value_or(now)}};
}

bool escalation_due(const Life& life, TimePoint now) noexcept
{
    return life.escalate_at && *life.escalate_at <= now && life.calm_looks < calm_looks_max;
}

/// What is new since people were told.
std::vector<Cause> further_causes(const Life& life, const Policy& policy, TimePoint now)
{
    const Look& look = life.last;
    const TimePoint interval_over =
        life.told_at.value_or(now) + scaled(policy.group_interval, look.growth_per_hour);
    std::vector<Cause> out;
    const auto add = [&out](bool holds, AlertReason why, TimePoint due) {
        if (holds) {
            out.push_back({why, due});
        }
    };
    add(look.safety && !life.safety, AlertReason::safety_word, now);
    add(life.owed.has_value(), life.owed.value_or(AlertReason::unowned), now);
    add(newly_critical(life), AlertReason::escalated, now);
    add(escalation_due(life, now), AlertReason::unanswered, now);
    add(look.severity > life.told && worth_telling(look), AlertReason::escalated, interval_over);
    add(look.legal && !life.legal, AlertReason::legal_word, interval_over);
    add(look.press && !life.press, AlertReason::press, interval_over);
    add(life.repeat_at && *life.repeat_at <= now && worth_telling(look), AlertReason::repeated,
        now);
    return out;
}

/// The most urgent first.
std::vector<Cause> causes_of(const Life& life, const Policy& policy, TimePoint now)
{
    std::vector<Cause> out;
    if (life.band && outgrew(*life.band, life.last)) {
        out.push_back({AlertReason::outgrew, now});
    }
    const std::vector<Cause> more = life.state == IncidentState::acknowledged ? tripwires(life, now)
                                    : life.revision == 0 ? first_causes(life, now)
                                                         : further_causes(life, policy, now);
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

std::optional<Withheld> muted(AlertReason why, const Life& life, TimePoint now)
{
    const Mutes& mutes = life.mutes;
    if (silence_may_hide(why, life.last)) {
        if (!mutes.silence.empty() && now < mutes.silence_until) {
            return Withheld{SilenceReason::silenced, mutes.silence};
        }
        if (!mutes.inhibitor.empty()) {
            return Withheld{SilenceReason::inhibited, mutes.inhibitor};
        }
    }
    if (!mutes.hours.empty() && now < mutes.hours_until && hours_may_hide(why, life.last)) {
        return Withheld{SilenceReason::mute_hours, mutes.hours};
    }
    return std::nullopt;
}

/// Why there is nothing to tell; nothing before the first look.
std::optional<Withheld> nothing_to_tell(const Life& life)
{
    if (life.last.withhold) {
        return Withheld{*life.last.withhold, {}};
    }
    if (life.last.mentions == 0) {
        return std::nullopt;
    }
    return life.acknowledgement ? Withheld{SilenceReason::acknowledged, life.acknowledgement->owner}
                                : Withheld{SilenceReason::already_told, {}};
}

/// Timers that hang on the state and the last look, set anew; the same twice changes nothing.
void set_timers(Work& work)
{
    Life& life = work.life;
    const bool may_be_told =
        worth_telling(life.last) || life.last.withhold == SilenceReason::budget_spent;
    const bool known = life.revision > 0 || life.state == IncidentState::acknowledged;
    if (!life.band && life.last.mentions > 0 && (may_be_told || known)) {
        life.band = band_of(life.last);
    }
    if (life.state != IncidentState::open) {
        return;
    }
    if (life.revision > 0 && life.told_at) {
        life.repeat_at =
            *life.told_at + scaled(work.policy.repeat_interval, life.last.growth_per_hour);
    } else if (worth_telling(life.last)) {
        const TimePoint over = work.now + scaled(work.policy.group_wait, life.last.growth_per_hour);
        life.wait_until = std::min(life.wait_until.value_or(over), over);
    } else if (!may_be_told) {
        life.wait_until.reset();
    }
}

/// Whatever is told when nobody has answered in time is told to the next level.
void set_escalation(Work& work)
{
    Life& life = work.life;
    const bool due = escalation_due(life, work.now);
    life.level += due ? 1U : 0U;
    const milliseconds patience = work.policy.escalate_after[static_cast<std::size_t>(life.told)];
    if (life.level >= work.policy.levels || patience.count() <= 0) {
        life.escalate_at.reset();
        return;
    }
    const TimePoint next = work.now + patience;
    life.escalate_at = due || !life.escalate_at ? next : std::min(*life.escalate_at, next);
}

} // namespace

bool notable(const Look& look) noexcept
{
    return look.mentions > 0 && look.withhold != SilenceReason::below_threshold &&
           look.withhold != SilenceReason::not_a_complaint;
}

void learn(Life& life)
{
    const Look& look = life.last;
    life.networks = joined(life.networks, look.networks);
    life.languages = joined(life.languages, look.languages);
    life.safety = life.safety || look.safety;
    life.legal = life.legal || look.legal;
    life.press = life.press || look.press;
}

void withhold(Work& work, Withheld why)
{
    if (work.life.withheld != why) {
        work.life.withheld = why;
        work.acts.emplace_back(std::move(why));
    }
}

void lose_owner(Work& work, const std::string& by)
{
    Life& life = work.life;
    work.lost_owner = life.acknowledgement->owner;
    life.acknowledgement.reset();
    life.state = IncidentState::open;
    life.level = 0;
    life.escalate_at.reset();
    work.acts.emplace_back(StateChanged{IncidentState::acknowledged, life.state, life.episode, by});
}

void tell(Work& work, AlertReason why)
{
    Life& life = work.life;
    if (life.state == IncidentState::acknowledged) {
        lose_owner(work, {});
    }
    ++life.revision;
    life.told_at = work.now;
    life.owed.reset();
    life.wait_until.reset();
    life.withheld.reset();
    if (life.state == IncidentState::open) {
        life.told = std::max(life.told, life.last.severity);
        if (life.last.mentions > 0) {
            life.band = band_of(life.last);
        }
        learn(life);
        set_escalation(work);
        set_timers(work);
    }
    work.acts.emplace_back(Notify{.reason = why,
                                  .episode = life.episode,
                                  .revision = life.revision,
                                  .state = life.state,
                                  .severity = life.told,
                                  .level = life.level,
                                  .owner = work.lost_owner});
}

void settle(Work& work)
{
    Life& life = work.life;
    if (life.acknowledgement && life.acknowledgement->until <= work.now) {
        lose_owner(work, {});
        life.owed = AlertReason::unowned;
    }
    set_timers(work);
    std::optional<Withheld> why_not;
    for (const Cause& cause : causes_of(life, work.policy, work.now)) {
        std::optional<Withheld> hidden = cause.due > work.now ? Withheld{SilenceReason::waiting, {}}
                                                              : muted(cause.why, life, work.now);
        if (!hidden) {
            tell(work, cause.why);
            return;
        }
        if (!why_not) {
            why_not = std::move(hidden);
        }
    }
    if (!why_not) {
        why_not = nothing_to_tell(life);
    }
    if (why_not) {
        withhold(work, std::move(*why_not));
    }
}

std::optional<TimePoint> next_wake(const Work& work)
{
    const Life& life = work.life;
    if (life.state == IncidentState::resolved) {
        return std::nullopt;
    }
    std::optional<TimePoint> wake;
    const auto consider = [&wake, &work](TimePoint at) {
        if (at > work.now && (!wake || at < *wake)) {
            wake = at;
        }
    };
    if (life.acknowledgement) {
        consider(life.acknowledgement->until);
    } else {
        consider(life.repeat_at.value_or(work.now));
        consider(life.escalate_at.value_or(work.now));
    }
    const std::vector<Cause> causes = causes_of(life, work.policy, work.now);
    for (const Cause& cause : causes) {
        consider(cause.due);
    }
    if (!causes.empty()) {
        consider(life.mutes.silence_until);
        consider(life.mutes.hours_until);
    }
    return wake;
}

} // namespace empathd::analysis

#include "daemon/pipeline/lives.hpp"

#include "analysis/decision/decision.hpp"
#include "daemon/pipeline/journal.hpp"

#include <algorithm>
#include <utility>

namespace empathd {
namespace {

using analysis::Life;
using analysis::Mutes;
using analysis::Route;

/// From so many different authors on a story is the brand's, not one customer's, unless it is all
/// about one place.
constexpr std::uint32_t brand_wide_authors = 10;

std::string cause_of(const Incident& incident)
{
    const auto most =
        std::max_element(incident.reasons.begin(), incident.reasons.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == incident.reasons.end() ? std::string() : most->first;
}

analysis::Inhibitable inhibitable(const Incident& incident, const Life& life)
{
    return {.id = incident.id,
            .brand = incident.brand,
            .cause = cause_of(incident),
            .state = life.state,
            .severity = life.last.severity,
            .score = life.last.score,
            .opened_at = life.opened_at.value_or(TimePoint{}),
            .told = life.revision > 0,
            .brand_wide = incident.authors >= brand_wide_authors && incident.places.size() != 1,
            .safety = life.last.safety,
            .legal = life.last.legal,
            .outgrew = life.band && analysis::outgrew(*life.band, life.last)};
}

} // namespace

void Lives::restore(const std::string& incident, Life life)
{
    // A tick at once: what fell due while nobody looked happens then, and says when to wake next.
    Entry& entry = lives_[incident];
    entry.life = std::move(life);
    wake_at(incident, entry, TimePoint{});
}

void Lives::wake_at(const std::string& incident, Entry& entry, std::optional<TimePoint> when)
{
    if (entry.wake) {
        wakes_.erase({*entry.wake, incident});
    }
    entry.wake = when;
    if (when) {
        wakes_.emplace(*when, incident);
    }
}

std::optional<TimePoint> Lives::next_wake() const
{
    return wakes_.empty() ? std::nullopt : std::optional(wakes_.begin()->first);
}

std::optional<std::pair<TimePoint, std::string>> Lives::take_due(TimePoint at)
{
    if (wakes_.empty() || wakes_.begin()->first > at) {
        return std::nullopt;
    }
    const std::pair<TimePoint, std::string> first = *wakes_.begin();
    lives_.at(first.second).wake.reset();
    wakes_.erase(wakes_.begin());
    return first;
}

void Lives::forget(const std::string& incident)
{
    const auto found = lives_.find(incident);
    if (found != lives_.end()) {
        wake_at(incident, found->second, std::nullopt);
        lives_.erase(found);
    }
    crises_.erase(incident);
}

const Life* Lives::find(const std::string& incident) const
{
    const auto found = lives_.find(incident);
    return found == lives_.end() ? nullptr : &found->second.life;
}

/// Whether nobody of a route is to be told at this hour.
bool Lives::quiet(const Route& route, TimePoint at, Mutes& mutes) const
{
    const auto all = [this](const std::vector<std::string>& names) {
        std::vector<analysis::Hours> out;
        for (const std::string& name : names) {
            const auto found = rules_.hours.find(name);
            if (found != rules_.hours.end()) {
                out.push_back(found->second);
            }
        }
        return out;
    };
    const auto now = analysis::quiet_at(all(route.mute_hours), all(route.active_hours), at);
    if (now && (mutes.hours.empty() || now->until < mutes.hours_until)) {
        mutes.hours = now->hours;
        mutes.hours_until = now->until;
    }
    return now.has_value();
}

Mutes Lives::mutes_of(const Subject& subject, const Life& life, const std::vector<Route>& routes,
                      TimePoint at) const
{
    Mutes mutes;
    if (const analysis::Silence* silence = silences_.hiding(subject.labels, at)) {
        mutes.silence = silence->id;
        mutes.silence_until = silence->ends_at;
    }
    bool all_quiet = !routes.empty();
    for (const Route& route : routes) {
        all_quiet = quiet(route, at, mutes) && all_quiet;
    }
    if (!all_quiet) {
        mutes.hours.clear();
        mutes.hours_until = {};
    }
    if (!crises_.empty()) {
        std::vector<analysis::Inhibitable> others;
        for (const auto& [id, crisis] : crises_) {
            others.push_back(crisis);
        }
        const auto child = inhibitable(subject.incident, life);
        mutes.inhibitor = analysis::inhibitor_of(child, others).value_or("");
    }
    if (mutes.inhibitor.empty()) {
        mutes.inhibitor = subject.inhibitor;
    }
    return mutes;
}

std::string Lives::apply(const Subject& subject, const analysis::Event& event, TimePoint at,
                         LifeNews& news)
{
    const std::string& id = subject.incident.id;
    const auto [found, is_new] = lives_.try_emplace(id);
    Entry& entry = found->second;
    if (is_new &&
        (subject.incident.revision > 0 || subject.incident.state != IncidentState::open)) {
        entry.life = analysis::life_of(subject.incident, at);
    }
    const std::vector<Route> routes =
        rules_.routes ? rules_.routes->route(subject.labels) : std::vector<Route>();
    const analysis::Policy policy = analysis::policy_for(rules_.policy, routes);
    const Life before = entry.life;
    Life life = entry.life;
    if (const auto* looked = std::get_if<analysis::Looked>(&event)) {
        life.last = looked->look; // What is looked at decides what may keep it quiet.
    }
    const Mutes mutes = mutes_of(subject, life, routes, at);
    life = entry.life;
    life.mutes = mutes;
    analysis::Step step = analysis::step(life, event, policy, at);
    entry.life = step.life;
    wake_at(id, entry, step.wake);
    take(subject, step, routes, at, news);
    analysis::write_to(entry.life, subject.incident);
    note_crisis(subject, entry.life);
    if (entry.life != before) {
        news.changed.insert(id);
    }
    return step.refused;
}

void Lives::take(const Subject& subject, const analysis::Step& step,
                 const std::vector<Route>& routes, TimePoint at, LifeNews& news)
{
    const std::string& id = subject.incident.id;
    for (const analysis::Act& act : step.acts) {
        if (const auto* notify = std::get_if<analysis::Notify>(&act)) {
            tell(subject, *notify, routes, at, news);
        } else if (const auto* changed = std::get_if<analysis::StateChanged>(&act)) {
            news.journal.push_back(state_entry(id, *changed, at));
        } else {
            const auto& withheld = std::get<analysis::Withheld>(act);
            news.withheld.push_back(withheld.reason);
            if (withheld.reason == SilenceReason::silenced ||
                withheld.reason == SilenceReason::inhibited ||
                withheld.reason == SilenceReason::mute_hours) {
                news.journal.push_back(hidden_entry(id, withheld, step.life, at));
            }
            if (withheld.reason == SilenceReason::silenced) {
                silences_.hid(withheld.by, {.incident = id,
                                            .episode = step.life.episode,
                                            .severity = step.life.last.severity,
                                            .at = at});
                news.silences_changed = true;
            }
        }
    }
}

void Lives::tell(const Subject& subject, const analysis::Notify& notify,
                 const std::vector<Route>& routes, TimePoint at, LifeNews& news) const
{
    Incident told = subject.incident;
    told.state = notify.state;
    told.episode = notify.episode;
    told.revision = notify.revision;
    told.severity = notify.severity;
    Raised raised{.alert = analysis::alert_of(told, subject.score_parts, notify.reason, at),
                  .sinks = {}};
    if (rules_.routes) {
        std::vector<std::string> awake;
        std::vector<std::string> asleep;
        for (const Route& route : routes) {
            Mutes unused;
            std::vector<std::string>& list = quiet(route, at, unused) ? asleep : awake;
            for (std::string& sink : analysis::receivers_at(route, notify.level)) {
                if (std::find(list.begin(), list.end(), sink) == list.end()) {
                    list.push_back(std::move(sink));
                }
            }
        }
        // What no hour may hold back goes to all, when nobody is awake.
        raised.sinks = awake.empty() || notify.severity == Severity::critical ? asleep : awake;
        if (notify.severity == Severity::critical) {
            for (const std::string& sink : awake) {
                if (std::find(asleep.begin(), asleep.end(), sink) == asleep.end()) {
                    raised.sinks->push_back(sink);
                }
            }
        }
    }
    news.raised.push_back(std::move(raised));
}

void Lives::note_crisis(const Subject& subject, const Life& life)
{
    const analysis::Inhibitable now = inhibitable(subject.incident, life);
    if (analysis::is_crisis(now)) {
        crises_[now.id] = now;
    } else {
        crises_.erase(now.id);
    }
}

} // namespace empathd

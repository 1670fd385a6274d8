// Every state an incident's life can reach, and what must hold in each.
//
// Breadth first from the first look: every event in every state, until no new state comes up. To
// keep the states finite without leaving anything out that decides something: times are in units
// of a minute and relative to now, and beyond the longest wait all past times are alike; revisions
// are none or some, episodes the first or a later one (what they count up to is checked at each
// step instead); reactions are within or beyond one band.

#include "tests/analysis/decision/life_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <unordered_set>
#include <vector>

namespace empathd::analysis {
namespace {

using namespace testing;
using std::chrono::minutes;

constexpr minutes unit{1};
constexpr minutes repeat_interval{2};
constexpr minutes reopen_window{2};

Policy model_policy()
{
    return {.group_wait = unit,
            .group_interval = unit,
            .repeat_interval = repeat_interval,
            .escalate_after = {minutes{0}, minutes{2}, minutes{2}, unit},
            .levels = 1,
            .acknowledge_for = 2 * unit,
            .reopen_window = reopen_window};
}

/// What may happen, as letters of an alphabet. `sleeps` lets time pass without asking.
struct Letter {
    std::string name;
    Event event;
    minutes after{};
    bool sleeps = false;
};

std::vector<Letter> looks()
{
    const Look small = small_story();
    const Look below = withheld(small, SilenceReason::below_threshold);
    Look network = small;
    network.networks = {"chatter", "plaza"};
    Look danger = below;
    danger.safety = true;
    Look press = small;
    press.press = true;
    Look worse = with_severity(small, Severity::critical);
    worse.complaints = worse.mentions = 2;
    return {{"below", Looked{below}},
            {"small", Looked{small}},
            {"budget", Looked{withheld(small, SilenceReason::budget_spent)}},
            {"beyond", Looked{grown(small)}},
            {"beyond below", Looked{grown(below)}},
            {"critical", Looked{worse}},
            {"network", Looked{network}},
            {"danger", Looked{danger}},
            {"press", Looked{press}},
            {"gone", Looked{Look{}}}};
}

/// Events of a state at this time, without those whose names are given.
std::vector<Letter> alphabet(TimePoint now, const std::set<std::string>& without = {})
{
    std::vector<Letter> out = looks();
    const Mutes quiet{.hours = "nights", .hours_until = now + unit};
    const Mutes all{.silence = "s1",
                    .silence_until = now + unit,
                    .inhibitor = "crisis",
                    .hours = "nights",
                    .hours_until = now + unit};
    for (Letter letter : std::vector<Letter>{{"tick", Tick{}, unit},
                                             {"sleep", Tick{}, unit, true},
                                             {"take", Acknowledge{"ann", "", {}}},
                                             {"give back", Unacknowledge{"ann"}},
                                             {"close", Resolve{"ann", Outcome::fixed}},
                                             {"reopen", Reopen{"ann"}},
                                             {"fade", Faded{}},
                                             {"delete", Deleted{}},
                                             {"unmute", MutesChanged{}},
                                             {"night", MutesChanged{quiet}},
                                             {"mute", MutesChanged{all}}}) {
        out.push_back(std::move(letter));
    }
    std::erase_if(out, [&without](const Letter& letter) { return without.contains(letter.name); });
    return out;
}

/// The life as if it were `noon`, without what decides nothing.
Life normal_form(Life life, TimePoint now)
{
    const auto move = [now](TimePoint& at, minutes kept) {
        at = noon + std::max<std::chrono::milliseconds>(at - now, -kept);
    };
    const auto move_if = [&move](std::optional<TimePoint>& at, minutes kept) {
        if (at) {
            move(*at, kept);
        }
    };
    life.opened_at = noon;
    move_if(life.wait_until, {});
    move_if(life.told_at, repeat_interval);
    move_if(life.repeat_at, {});
    move_if(life.escalate_at, {});
    move(life.mutes.silence_until, {});
    move(life.mutes.hours_until, {});
    if (life.mutes.silence_until <= noon) {
        life.mutes.silence.clear();
    }
    if (life.mutes.hours_until <= noon) {
        life.mutes.hours.clear();
    }
    if (life.acknowledgement) {
        life.acknowledgement->since = noon;
        move(life.acknowledgement->until, {});
    }
    if (life.resolution) {
        move(life.resolution->at, reopen_window + unit);
    }
    life.episode = std::min(life.episode, 2U);
    life.revision = std::min(life.revision, 1U);
    life.withheld.reset();
    return life;
}

void print(std::ostream& out, const std::optional<TimePoint>& at)
{
    out << (at ? (*at - noon).count() / 1000 : -1'000'000) << ' ';
}

/// One text for each normal form.
std::string text_of(const Life& life)
{
    std::ostringstream out;
    out << static_cast<int>(life.state) << ' ' << life.episode << life.revision << life.level
        << static_cast<int>(life.told) << life.calm_looks << ' ';
    for (const auto& at :
         {life.wait_until, life.told_at, life.repeat_at, life.escalate_at,
          std::optional{life.mutes.silence_until}, std::optional{life.mutes.hours_until}}) {
        print(out, at);
    }
    out << life.mutes.inhibitor << (life.owed ? static_cast<int>(*life.owed) : -1) << ' ';
    if (life.acknowledgement) {
        print(out, life.acknowledgement->until);
    }
    if (life.resolution) {
        print(out, life.resolution->at);
        out << life.resolution->by << static_cast<int>(life.resolution->severity)
            << life.resolution->complaints << life.resolution->retracted;
    }
    out << ' ' << (life.band ? life.band->high : 0) << life.networks.size() << life.safety
        << life.press << ' ' << static_cast<int>(life.last.severity)
        << static_cast<int>(life.last.withhold.value_or(SilenceReason::already_told)) << ' '
        << life.last.reactions << ' ' << life.last.mentions << life.last.networks.size()
        << life.last.safety << life.last.press;
    return out.str();
}

/// One step, and what it is judged by.
struct Transition {
    const Life& before;
    const Event& event;
    const Step& step;
    TimePoint now;
};

bool is_end(AlertReason reason)
{
    return reason == AlertReason::closed || reason == AlertReason::faded ||
           reason == AlertReason::source_deleted;
}

/// The look that holds after the event.
const Look& look_of(const Transition& t)
{
    const auto* looked = std::get_if<Looked>(&t.event);
    return looked == nullptr ? t.before.last : looked->look;
}

bool beyond_band(const Transition& t)
{
    const Look& look = look_of(t);
    return t.before.band && look.mentions > 0 &&
           (look.reactions > t.before.band->high || look.forecast->low > t.before.band->high);
}

const Mutes& mutes_of(const Transition& t)
{
    const auto* changed = std::get_if<MutesChanged>(&t.event);
    return changed == nullptr ? t.before.mutes : changed->mutes;
}

bool silenced(const Transition& t)
{
    const Mutes& mutes = mutes_of(t);
    return !mutes.inhibitor.empty() || (!mutes.silence.empty() && t.now < mutes.silence_until);
}

bool at_night(const Transition& t)
{
    const Mutes& mutes = mutes_of(t);
    return !mutes.hours.empty() && t.now < mutes.hours_until;
}

/// Empty when the reason told has its cause in what was there before.
std::string cause_missing(const Transition& t, const Notify& told)
{
    const Life& before = t.before;
    const Look& look = look_of(t);
    const bool resolved = before.state == IncidentState::resolved;
    const bool taken = before.state == IncidentState::acknowledged;
    const auto unless = [](bool holds) { return holds ? std::string() : std::string("no cause"); };
    switch (told.reason) {
    case AlertReason::spreading:
    case AlertReason::many_voices:
        return unless(before.revision == 0 && before.episode == 1 && !look.withhold &&
                      (look.severity == Severity::critical || taken ||
                       (before.wait_until && *before.wait_until <= t.now)));
    case AlertReason::escalated:
        return unless(before.revision > 0 && look.severity > before.told && !look.withhold);
    case AlertReason::source_deleted:
        return unless(before.revision > 0 && !(resolved && before.resolution->retracted));
    case AlertReason::faded:
    case AlertReason::closed: return unless(before.revision > 0 && !resolved);
    case AlertReason::outgrew: return unless(beyond_band(t));
    case AlertReason::new_network:
        return unless(taken && look.networks.size() > before.networks.size());
    case AlertReason::new_language: return "there is one language only";
    case AlertReason::safety_word: return unless(look.safety && !before.safety);
    case AlertReason::legal_word: return "nobody speaks of the law";
    case AlertReason::press: return unless(look.press && !before.press);
    case AlertReason::unowned: return unless(taken || before.owed == AlertReason::unowned);
    case AlertReason::unanswered:
        return unless(before.escalate_at && *before.escalate_at <= t.now &&
                      t.step.life.level == before.level + 1);
    case AlertReason::repeated:
        return unless(before.told_at && *before.told_at + repeat_interval <= t.now &&
                      !look.withhold && before.state == IncidentState::open);
    case AlertReason::blind:
    case AlertReason::volume: return "there are no notices here";
    case AlertReason::reopened:
        return unless(resolved || (told.episode > 1 && before.revision == 0));
    }
    return "no such reason";
}

/// Empty when it may be told although people asked not to be.
std::string told_against_wishes(const Transition& t, const Notify& told)
{
    const Look& look = look_of(t);
    if (is_end(told.reason) || told.reason == AlertReason::outgrew) {
        return {};
    }
    const bool again = told.reason == AlertReason::repeated;
    const bool critical = look.severity == Severity::critical;
    if (silenced(t) && (again || !(critical || look.safety || look.legal))) {
        return "told in spite of a silence";
    }
    return at_night(t) && !critical && (again || !look.safety) ? "told at night" : "";
}

/// What the numbers of the step must be.
std::string wrong_numbers(const Transition& t, const std::vector<Notify>& told)
{
    const Life& after = t.step.life;
    const bool anew = after.episode == t.before.episode + 1;
    if (!anew && after.episode != t.before.episode) {
        return "an episode was jumped over";
    }
    if (anew && !(t.before.state == IncidentState::resolved)) {
        return "an episode began that none had ended before";
    }
    if (after.revision != (anew ? 0 : t.before.revision) + told.size()) {
        return "the revision does not grow by one with each notification";
    }
    if (!told.empty() && (told[0].revision != after.revision || told[0].episode != after.episode ||
                          told[0].state != after.state || told[0].level != after.level)) {
        return "what is told is not what the life says";
    }
    return told.size() > 1 ? "told twice in one step" : "";
}

/// What must hold of a life at rest.
std::string wrong_life(const Life& life, const std::optional<TimePoint>& wake, TimePoint now)
{
    const bool resolved = life.state == IncidentState::resolved;
    const bool taken = life.state == IncidentState::acknowledged;
    if (taken != life.acknowledgement.has_value() || resolved != life.resolution.has_value()) {
        return "state and record disagree";
    }
    if (taken &&
        (life.acknowledgement->until <= now || !wake || *wake > life.acknowledgement->until)) {
        return "taken beyond its time, or nobody will look when it is over";
    }
    if (resolved && (wake || life.wait_until || life.escalate_at || life.repeat_at || life.owed)) {
        return "resolved, and still waits for something";
    }
    if (wake && *wake <= now) {
        return "woken at a time that is over";
    }
    const bool kept_back = life.last.withhold == SilenceReason::budget_spent;
    const bool known = life.revision > 0 || taken || (resolved && !life.resolution->by.empty());
    const bool measured = known || kept_back || !life.last.withhold;
    if (!life.band && life.last.mentions > 0 && measured && !(resolved && !known)) {
        return "growth cannot be noticed: there is no band";
    }
    const bool first_due = life.state == IncidentState::open && life.revision == 0 &&
                           life.last.mentions > 0 && !life.last.withhold;
    if (first_due && !wake && life.mutes.inhibitor.empty()) {
        return "worth telling, and nobody will ever be told";
    }
    return {};
}

/// Everything that is wrong with a step; empty: nothing.
std::string objection(const Transition& t)
{
    const Step& step = t.step;
    std::vector<Notify> told;
    for (const Act& act : step.acts) {
        if (const auto* notify = std::get_if<Notify>(&act)) {
            told.push_back(*notify);
        }
    }
    std::string problem = wrong_numbers(t, told);
    if (problem.empty()) {
        problem = wrong_life(step.life, step.wake, t.now);
    }
    if (!problem.empty()) {
        return problem;
    }
    const bool looked = std::holds_alternative<Looked>(t.event);
    if (looked && beyond_band(t) && (told.empty() || told[0].reason != AlertReason::outgrew)) {
        return "growth beyond the band is not told";
    }
    const bool resolved =
        t.before.state == IncidentState::resolved && step.life.state == IncidentState::resolved;
    if (resolved && !told.empty() && told[0].reason != AlertReason::source_deleted) {
        return "told of a resolved one";
    }
    const bool lost = t.before.acknowledgement && t.before.acknowledgement->until <= t.now &&
                      step.life.state == IncidentState::open;
    if (lost && told.empty() && !(step.life.owed && (silenced(t) || at_night(t)))) {
        return "an acknowledgement ran out and nobody was told";
    }
    if (!told.empty()) {
        problem = cause_missing(t, told[0]);
        return problem.empty() ? told_against_wishes(t, told[0]) : problem;
    }
    return {};
}

/// Goes everywhere, and returns how many states there are.
std::size_t explore(const std::set<std::string>& without)
{
    const Policy policy = model_policy();
    const std::vector<Letter> letters = alphabet(noon, without);
    struct State {
        Life life;
        std::string path;
    };
    std::deque<State> waiting{{normal_form(Life{}, noon), ""}};
    std::unordered_set<std::string> seen{text_of(waiting.front().life)};
    int problems = 0;
    while (!waiting.empty() && problems < 5) {
        const State state = std::move(waiting.front());
        waiting.pop_front();
        for (const Letter& letter : letters) {
            const TimePoint now = noon + letter.after;
            Step step{.life = state.life, .acts = {}, .wake = {}, .refused = {}};
            if (!letter.sleeps) {
                step = analysis::step(state.life, letter.event, policy, now);
                std::string problem = objection({state.life, letter.event, step, now});
                const Step again = analysis::step(step.life, Tick{}, policy, now);
                if (problem.empty() && act<Notify>(again)) {
                    problem = "a tick at the same time tells something more";
                }
                if (!problem.empty()) {
                    ++problems;
                    ADD_FAILURE() << problem << " after" << state.path << ", " << letter.name;
                }
            }
            Life next = normal_form(step.life, now);
            if (seen.insert(text_of(next)).second) {
                waiting.push_back({std::move(next), state.path + ", " + letter.name});
            }
        }
    }
    std::printf("%zu states, %zu events in each\n", seen.size(), letters.size());
    return seen.size();
}

TEST(LifeModel, KeepsItsPromisesWhereNobodyMutes)
{
    EXPECT_GT(explore({"unmute", "night", "mute", "press", "network", "budget"}), 2'000U);
}

TEST(LifeModel, KeepsItsPromisesWhereSomeTakeAndSomeMute)
{
    EXPECT_GT(explore({"network", "press", "danger", "close", "reopen", "fade", "budget",
                       "beyond below", "unmute"}),
              2'000U);
}

TEST(LifeModel, KeepsItsPromisesWhereSomeCloseAndSomeMute)
{
    EXPECT_GT(explore({"network", "press", "take", "give back", "delete", "gone", "beyond below",
                       "critical", "unmute"}),
              2'000U);
}

TEST(LifeModel, KeepsItsPromisesAboutEveryTripwire)
{
    EXPECT_GT(explore({"fade", "gone", "delete", "beyond below", "critical", "budget", "unmute",
                       "night", "mute", "reopen"}),
              2'000U);
}

TEST(LifeModel, DISABLED_KeepsItsPromisesWithEverythingAtOnce)
{
    EXPECT_GT(explore({}), 700'000U);
}

TEST(LifeModel, NeverGivesOneKeyTwiceOnLongWalks)
{
    for (unsigned seed = 1; seed <= 40; ++seed) {
        std::mt19937 random(seed);
        LifeWorld world(model_policy());
        std::set<std::tuple<std::uint32_t, std::uint32_t, IncidentState>> keys;
        for (int i = 0; i < 500; ++i) {
            const std::vector<Letter> letters = alphabet(world.now);
            const Letter& letter = letters[random() % letters.size()];
            world.later(letter.after);
            const auto told = act<Notify>(world.does(letter.event));
            if (told) {
                EXPECT_TRUE(keys.emplace(told->episode, told->revision, told->state).second)
                    << "seed " << seed << ", step " << i;
            }
        }
        EXPECT_GT(keys.size(), 20U);
    }
}

} // namespace
} // namespace empathd::analysis

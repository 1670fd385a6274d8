#include "daemon/blindness.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr hours remembered{24};
constexpr std::size_t minutes_max = 1'440; ///< Of one source.
constexpr hours period_min{1};

std::string span_of(std::chrono::seconds span)
{
    const auto whole = [](std::int64_t count, const char* one) {
        return std::to_string(count) + ' ' + one + (count == 1 ? "" : "s");
    };
    const std::int64_t s = span.count();
    return s < 120       ? whole(s, "second")
           : s < 7'200   ? whole(s / 60, "minute")
           : s < 172'800 ? whole(s / 3'600, "hour")
                         : whole(s / 86'400, "day");
}

std::string since_of(const Sight& sight)
{
    return " since " + to_rfc3339(std::chrono::floor<std::chrono::seconds>(sight.since));
}

} // namespace

std::string sentence_of(const std::string& source, const Sight& sight)
{
    const std::string who = "source " + source;
    const bool ever = sight.since != TimePoint{};
    switch (sight.state) {
    case SightState::sighted: break;
    case SightState::silent:
        return who + " has brought nothing new" + since_of(sight) +
               "; at this hour something comes every " + span_of(sight.usual_gap);
    case SightState::failing:
        return who + (ever ? " answers with errors only" + since_of(sight)
                           : " answers with errors only and never did otherwise");
    case SightState::stopped:
        return who + " refuses us or is configured wrongly" +
               (ever ? ", the last good answer came at" + since_of(sight).substr(6) : "");
    }
    return who + " is sighted";
}

WatchedMinute& Blindness::minute_of(const std::string& source, TimePoint at)
{
    Minutes& all = ledger_[source];
    const TimePoint minute = std::chrono::floor<minutes>(at);
    if (all.empty() || all.back().minute < minute) { // A clock that was set back adds to the last.
        all.push_back({.minute = minute});
    }
    while (all.size() > minutes_max || all.front().minute + remembered < minute) {
        all.pop_front();
    }
    return all.back();
}

void Blindness::restore(const std::vector<LedgerEntry>& ledger)
{
    for (const LedgerEntry& entry : ledger) {
        WatchedMinute& minute = minute_of(entry.source, entry.minute);
        minute.pages += entry.pages;
        minute.errors += entry.errors;
        minute.posts += entry.posts;
        minute.lost += entry.lost;
    }
}

void Blindness::page(const std::string& source, TimePoint at, std::uint64_t posts, bool lost)
{
    WatchedMinute& minute = minute_of(source, at);
    ++minute.pages;
    minute.posts += posts;
    minute.lost += lost ? 1 : 0;
}

void Blindness::failure(const std::string& source, TimePoint at)
{
    ++minute_of(source, at).errors;
}

std::vector<Notice> Blindness::look(const std::vector<WatchedSource>& sources,
                                    const std::vector<std::string>& told, TimePoint now)
{
    std::vector<Notice> out;
    std::set<std::string> over(told.begin(), told.end());
    std::set<std::string> names;
    for (const WatchedSource& source : sources) {
        names.insert(source.name);
        const std::string id = blind_id(source.name);
        const Sight sight = source.habit->look(now);
        if (sight.state == SightState::sighted) {
            if (!source.answered) {
                over.erase(id);
            }
            said_.erase(source.name);
            continue;
        }
        over.erase(id);
        const auto [said, is_new] = said_.try_emplace(source.name, sight.state);
        if (is_new || said->second != sight.state) {
            said->second = sight.state;
            out.push_back({.id = id,
                           .reason = AlertReason::blind,
                           .brand = {},
                           .title = sentence_of(source.name, sight),
                           .severity = sight.state == SightState::silent ? Severity::warning
                                                                         : Severity::error,
                           .since = sight.since});
        }
    }
    for (const std::string& id : over) {
        out.push_back({.id = id, .over = true});
    }
    const auto gone = [&names](const auto& item) { return names.count(item.first) == 0; };
    std::erase_if(ledger_, gone);
    std::erase_if(said_, gone);
    std::erase_if(kept_at_, gone);
    return out;
}

std::vector<StateRecord> Blindness::states(const std::vector<WatchedSource>& sources, TimePoint now,
                                           bool all)
{
    std::vector<StateRecord> out;
    for (const WatchedSource& source : sources) {
        const auto [kept_at, is_new] = kept_at_.try_emplace(source.name, now);
        if (all || (!is_new && now - kept_at->second >= habit_keep_every)) {
            kept_at->second = now;
            out.push_back({std::string(habit_prefix) + source.name, source.habit->save()});
        }
    }
    return out;
}

std::string Blindness::coverage(const std::vector<WatchedSource>& sources, TimePoint from,
                                TimePoint to) const
{
    from = std::clamp(from, to - remembered, to - period_min);
    Coverage sum;
    bool any = false;
    for (const WatchedSource& source : sources) {
        const auto found = ledger_.find(source.name);
        if (found == ledger_.end()) {
            continue;
        }
        const Habit& habit = *source.habit;
        SourceWatch watch;
        watch.minutes.assign(found->second.begin(), found->second.end());
        watch.interval = source.interval;
        watch.expected_posts = [&habit](TimePoint a, TimePoint b) {
            return habit.expected_posts(a, b);
        };
        const Sight sight = habit.look(to);
        for (WatchedMinute& one : watch.minutes) {
            any = any || (one.minute + minutes{1} > from && one.minute < to);
            const bool after_news = one.minute > sight.since;
            if (sight.state == SightState::silent && after_news && one.posts == 0) {
                one.pages = 0;
            }
        }
        sum += coverage_of(watch, from, to);
    }
    return any ? to_words(sum) : std::string();
}

} // namespace empathd

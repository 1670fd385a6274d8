#include "config/load_alerts.hpp"

#include <algorithm>
#include <utility>

namespace empathd::config {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Ranges, in the unit of the option.
constexpr std::int64_t group_wait_max_s = 3'600;
constexpr std::int64_t group_interval_max_s = 86'400;
constexpr std::int64_t repeat_interval_max_h = 24 * 7;
constexpr std::int64_t escalate_after_max_min = 7 * 24 * 60;

/// Names of hours that are there; others are reported.
std::vector<std::string> hours_names(Section& section, std::string_view key,
                                     const std::vector<HoursConfig>& known)
{
    std::vector<std::string> names = section.texts(key);
    for (const std::string& name : names) {
        const auto same = [&name](const HoursConfig& one) { return one.name == name; };
        if (std::none_of(known.begin(), known.end(), same)) {
            section.problem(key, std::string(key) + " names \"" + name +
                                     "\", but no [[hours]] have this name");
        }
    }
    return names;
}

template <class Time>
Time time_of(Section& section, std::string_view key, Time otherwise, std::int64_t least,
             std::int64_t most)
{
    return Time{section.integer(key, otherwise.count(), least, most)};
}

template <class Time>
std::optional<Time> time_if_set(Section& section, std::string_view key, std::int64_t least,
                                std::int64_t most)
{
    const bool set = section.has(key);
    const Time time{section.integer(key, least, least, most)};
    return set ? std::optional{time} : std::nullopt;
}

std::optional<std::vector<std::string>> texts_if_set(Section& section, std::string_view key)
{
    const bool set = section.has(key);
    std::vector<std::string> texts = section.texts(key);
    return set ? std::optional{std::move(texts)} : std::nullopt;
}

void read_scores(Section& section, AlertConfig& alerts)
{
    alerts.score_warning = section.number("score_warning", alerts.score_warning, 0, 100);
    alerts.score_error = section.number("score_error", alerts.score_error, 0, 100);
    alerts.score_critical = section.number("score_critical", alerts.score_critical, 0, 100);
    if (!(alerts.score_warning <= alerts.score_error &&
          alerts.score_error <= alerts.score_critical)) {
        section.problem(
            "score_warning",
            "score_warning, score_error and score_critical must not fall in this order");
    }
}

RouteConfig read_route(Section& section, const std::vector<HoursConfig>& known)
{
    RouteConfig route;
    route.name = section.text_required("name");
    route.parent = section.text("parent", "");
    route.match = section.texts("match");
    if (route.match.empty()) {
        section.problem("match", "match is missing: the conditions, as [\"brand = Acme\"]");
    }
    route.goes_on = section.flag("continue", false);
    route.receivers = texts_if_set(section, "receivers");
    route.escalate_to = texts_if_set(section, "escalate_to");
    route.group_wait = time_if_set<seconds>(section, "group_wait_s", 0, group_wait_max_s);
    route.group_interval =
        time_if_set<seconds>(section, "group_interval_s", 1, group_interval_max_s);
    route.repeat_interval =
        time_if_set<hours>(section, "repeat_interval_h", 1, repeat_interval_max_h);
    const auto patience = [&section](std::string_view key) {
        return time_if_set<minutes>(section, key, 0, escalate_after_max_min);
    };
    route.escalate_warning_after = patience("escalate_warning_after_min");
    route.escalate_error_after = patience("escalate_error_after_min");
    route.escalate_critical_after = patience("escalate_critical_after_min");
    const auto names = [&section, &known](std::string_view key) {
        const bool set = section.has(key);
        std::vector<std::string> all = hours_names(section, key, known);
        return set ? std::optional{std::move(all)} : std::nullopt;
    };
    route.mute_hours = names("mute_hours");
    route.active_hours = names("active_hours");
    return route;
}

} // namespace

void read_hours(Section& root, std::vector<HoursConfig>& hours)
{
    for (Section& section : root.tables("hours", "hours")) {
        HoursConfig one;
        one.name = section.text_required("name");
        one.zone = section.text("zone", one.zone);
        one.days = section.texts("days");
        if (one.days.empty()) {
            one.days = {"all"};
        }
        one.from = section.text_required("from");
        one.to = section.text_required("to");
        const auto elsewhere = [&one](const HoursConfig& other) {
            return other.name == one.name && other.zone != one.zone;
        };
        if (std::any_of(hours.begin(), hours.end(), elsewhere)) {
            section.problem("zone", "other [[hours]] of this name are in another zone");
        }
        section.finish();
        hours.push_back(std::move(one));
    }
}

void read_alerts(Section section, Config& config)
{
    AlertConfig& alerts = config.alerts;
    alerts.pages_per_day = static_cast<std::uint32_t>(
        section.integer("pages_per_day", alerts.pages_per_day, 0, 10'000));
    read_scores(section, alerts);
    alerts.story_window = hours{section.integer("story_window_h", 72, 1, 24 * 30)};
    alerts.join_retold = section.flag("join_retold", alerts.join_retold);
    alerts.receivers = section.texts("receivers");
    alerts.escalate_to = section.texts("escalate_to");
    alerts.group_wait = time_of(section, "group_wait_s", alerts.group_wait, 0, group_wait_max_s);
    alerts.group_interval =
        time_of(section, "group_interval_s", alerts.group_interval, 1, group_interval_max_s);
    alerts.repeat_interval =
        time_of(section, "repeat_interval_h", alerts.repeat_interval, 1, repeat_interval_max_h);
    const auto patience = [&section](std::string_view key, minutes& after) {
        after = time_of(section, key, after, 0, escalate_after_max_min);
    };
    patience("escalate_warning_after_min", alerts.escalate_warning_after);
    patience("escalate_error_after_min", alerts.escalate_error_after);
    patience("escalate_critical_after_min", alerts.escalate_critical_after);
    alerts.ack_default = time_of(section, "ack_default_h", alerts.ack_default, 1, 24 * 7);
    alerts.reopen_window = time_of(section, "reopen_window_h", alerts.reopen_window, 0, 24 * 30);
    alerts.mute_hours = hours_names(section, "mute_hours", config.hours);
    alerts.active_hours = hours_names(section, "active_hours", config.hours);
    section.finish();
}

void read_routes(Section& root, Config& config)
{
    for (Section& section : root.tables("route", "route")) {
        RouteConfig route = read_route(section, config.hours);
        const auto named = [&config](const std::string& name) {
            return std::any_of(config.routes.begin(), config.routes.end(),
                               [&name](const RouteConfig& other) { return other.name == name; });
        };
        if (named(route.name)) {
            section.problem("name", "another route has this name");
        }
        if (!route.parent.empty() && !named(route.parent)) {
            section.problem("parent", "parent is \"" + route.parent +
                                          "\", must be the name of a route above this one");
        }
        section.finish();
        config.routes.push_back(std::move(route));
    }
}

} // namespace empathd::config

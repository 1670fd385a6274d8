#include "analysis/decision/routing.hpp"

#include <algorithm>
#include <utility>

namespace empathd::analysis {
namespace {

using std::chrono::milliseconds;
using Names = std::set<std::string>;

/// The names there are, and what has been counted so far.
struct Checking {
    const Names& sinks;
    const Names& hours;
    std::size_t nodes = 0;
};

std::string unknown_name(const std::string& field,
                         const std::optional<std::vector<std::string>>& used, const Names& known)
{
    for (const std::string& name : used.value_or(std::vector<std::string>())) {
        if (!known.contains(name)) {
            std::string list;
            for (const std::string& one : known) {
                list += (list.empty() ? "" : ", ") + one;
            }
            return field + " names \"" + name + "\", " +
                   (known.empty() ? "but there are none" : "must be one of " + list);
        }
    }
    return {};
}

std::string problem_of_times(const RouteSettings& settings)
{
    const auto negative = [](const std::optional<milliseconds>& time) {
        return time && *time < milliseconds{0};
    };
    if (negative(settings.group_wait)) {
        return "group_wait is below zero";
    }
    if (settings.group_interval && *settings.group_interval <= milliseconds{0}) {
        return "group_interval must be above zero";
    }
    if (settings.repeat_interval && *settings.repeat_interval <= milliseconds{0}) {
        return "repeat_interval must be above zero";
    }
    return std::any_of(settings.escalate_after.begin(), settings.escalate_after.end(), negative)
               ? "escalate_after is below zero"
               : std::string();
}

std::string problem_of_settings(const RouteSettings& settings, const Checking& checking)
{
    for (std::string problem : {unknown_name("receivers", settings.receivers, checking.sinks),
                                unknown_name("escalate_to", settings.escalate_to, checking.sinks),
                                unknown_name("mute_hours", settings.mute_hours, checking.hours),
                                unknown_name("active_hours", settings.active_hours, checking.hours),
                                problem_of_times(settings)}) {
        if (!problem.empty()) {
            return problem;
        }
    }
    return {};
}

std::string problem_of_matchers(const RouteNode& node)
{
    if (node.matchers.empty() || node.matchers.size() > matchers_max) {
        return "it has " + std::to_string(node.matchers.size()) + " conditions, must have 1 to " +
               std::to_string(matchers_max);
    }
    for (const Matcher& matcher : node.matchers) {
        const Result<> good = check(matcher);
        if (!good) {
            return good.error().message;
        }
    }
    return {};
}

/// The first problem of a node or of what is below it, with the route's name; empty: none.
std::string problem_below(const RouteNode& node, std::size_t depth, Checking& checking)
{
    if (++checking.nodes > routes_max || depth > route_depth_max) {
        return "there are more than " + std::to_string(routes_max) + " routes, or more than " +
               std::to_string(route_depth_max) + " inside each other";
    }
    std::string problem = problem_of_settings(node.settings, checking);
    if (!problem.empty()) {
        return "route '" + node.name + "': " + problem;
    }
    Names names;
    for (const RouteNode& child : node.children) {
        if (child.name.empty() || child.name.find('/') != std::string::npos) {
            return "route '" + child.name + "': name must not be empty or hold '/'";
        }
        if (!names.insert(child.name).second) {
            return "route '" + child.name + "': another route beside it has this name";
        }
        problem = problem_of_matchers(child);
        if (!problem.empty()) {
            return "route '" + child.name + "': " + problem;
        }
        problem = problem_below(child, depth + 1, checking);
        if (!problem.empty()) {
            return problem;
        }
    }
    return {};
}

bool sets_every_time(const RouteSettings& settings)
{
    return settings.group_wait && settings.group_interval && settings.repeat_interval &&
           std::all_of(settings.escalate_after.begin(), settings.escalate_after.end(),
                       [](const std::optional<milliseconds>& time) { return time.has_value(); });
}

template <class T>
void take(const std::optional<T>& own, T& inherited)
{
    if (own) {
        inherited = *own;
    }
}

/// What the node sets, over what it inherits.
Route inherit(Route route, const RouteNode& node)
{
    const RouteSettings& own = node.settings;
    route.name += (route.name.empty() ? "" : "/") + node.name;
    take(own.receivers, route.receivers);
    take(own.escalate_to, route.escalate_to);
    take(own.group_wait, route.group_wait);
    take(own.group_interval, route.group_interval);
    take(own.repeat_interval, route.repeat_interval);
    for (std::size_t i = 0; i < route.escalate_after.size(); ++i) {
        take(own.escalate_after[i], route.escalate_after[i]);
    }
    take(own.mute_hours, route.mute_hours);
    take(own.active_hours, route.active_hours);
    return route;
}

/// Adds where the labels go below a node that matches them.
void collect(const RouteNode& node, const Route& inherited, const Labels& labels,
             std::vector<Route>& out)
{
    const Route here = inherit(inherited, node);
    bool found = false;
    for (const RouteNode& child : node.children) {
        if (matches(child.matchers, labels)) {
            found = true;
            collect(child, here, labels, out);
            if (!child.goes_on) {
                break;
            }
        }
    }
    if (!found) {
        out.push_back(here);
    }
}

/// The shorter of two patiences, where zero is for ever.
milliseconds sooner(milliseconds a, milliseconds b)
{
    if (a.count() == 0 || b.count() == 0) {
        return std::max(a, b);
    }
    return std::min(a, b);
}

} // namespace

Result<RouteTree> RouteTree::make(RouteNode root, const std::set<std::string>& sinks,
                                  const std::set<std::string>& hours)
{
    if (!root.matchers.empty()) {
        return Error{ErrorKind::invalid_config, "the root route must match everything"};
    }
    if (!sets_every_time(root.settings)) {
        return Error{ErrorKind::invalid_config, "the root route must set every time"};
    }
    Checking checking{.sinks = sinks, .hours = hours};
    std::string problem = problem_below(root, 1, checking);
    if (!problem.empty()) {
        return Error{ErrorKind::invalid_config, std::move(problem)};
    }
    return RouteTree(std::move(root));
}

std::vector<Route> RouteTree::route(const Labels& labels) const
{
    std::vector<Route> out;
    collect(root_, {}, labels, out);
    return out;
}

std::vector<std::string> receivers_at(const Route& route, std::uint32_t level)
{
    std::vector<std::string> out;
    const auto add = [&out](const std::string& name) {
        if (std::find(out.begin(), out.end(), name) == out.end()) {
            out.push_back(name);
        }
    };
    for (const std::string& name : route.receivers) {
        add(name);
    }
    for (std::size_t i = 0; i < level && i < route.escalate_to.size(); ++i) {
        add(route.escalate_to[i]);
    }
    return out;
}

Policy policy_for(const Policy& base, std::span<const Route> routes)
{
    Policy policy = base;
    for (std::size_t i = 0; i < routes.size(); ++i) {
        const Route& route = routes[i];
        const auto levels = static_cast<std::uint32_t>(route.escalate_to.size());
        if (i == 0) {
            policy.group_wait = route.group_wait;
            policy.group_interval = route.group_interval;
            policy.repeat_interval = route.repeat_interval;
            policy.escalate_after = route.escalate_after;
            policy.levels = levels;
            continue;
        }
        policy.group_wait = std::min(policy.group_wait, route.group_wait);
        policy.group_interval = std::min(policy.group_interval, route.group_interval);
        policy.repeat_interval = std::min(policy.repeat_interval, route.repeat_interval);
        for (std::size_t s = 0; s < policy.escalate_after.size(); ++s) {
            policy.escalate_after[s] = sooner(policy.escalate_after[s], route.escalate_after[s]);
        }
        policy.levels = std::max(policy.levels, levels);
    }
    return policy;
}

} // namespace empathd::analysis

// When and where people are told: [alerts], [[hours]] and [[route]] in the terms of
// analysis/decision.

#include "daemon/policy.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace empathd {
namespace {

using analysis::RouteNode;
using config::RouteConfig;

/// The name of the node that [alerts] makes.
constexpr const char* root_name = "all";

Error wrong(std::string message)
{
    return {ErrorKind::invalid_config, std::move(message)};
}

Result<analysis::HoursSpan> hours_span(const config::HoursConfig& hours)
{
    analysis::HoursSpan span;
    for (const std::string& text : hours.days) {
        const auto days = analysis::parse_days(text);
        if (!days) {
            return wrong("hours '" + hours.name + "': days holds \"" + text +
                         "\", must be such as \"mon\", \"mon-fri\" or \"all\"");
        }
        span.days |= *days;
    }
    const auto from = analysis::parse_minute(hours.from);
    const auto to = analysis::parse_minute(hours.to);
    if (!from || !to) {
        return wrong("hours '" + hours.name + "': " + (from ? "to" : "from") + " is \"" +
                     (from ? hours.to : hours.from) + "\", must be such as \"07:30\"");
    }
    span.from = *from;
    span.to = *to;
    return span;
}

Result<RouteNode> route_node(const RouteConfig& route)
{
    RouteNode node{.name = route.name, .goes_on = route.goes_on};
    for (const std::string& text : route.match) {
        auto matcher = analysis::parse_matcher(text);
        if (!matcher) {
            return wrong("route '" + route.name + "': match: " + matcher.error().message);
        }
        node.matchers.push_back(std::move(*matcher));
    }
    node.settings.receivers = route.receivers;
    node.settings.escalate_to = route.escalate_to;
    node.settings.group_wait = route.group_wait;
    node.settings.group_interval = route.group_interval;
    node.settings.repeat_interval = route.repeat_interval;
    node.settings.escalate_after = {std::nullopt, route.escalate_warning_after,
                                    route.escalate_error_after, route.escalate_critical_after};
    node.settings.mute_hours = route.mute_hours;
    node.settings.active_hours = route.active_hours;
    return node;
}

RouteNode root_node(const config::AlertConfig& alerts, const std::vector<std::string>& sinks)
{
    RouteNode root{.name = root_name};
    root.settings.receivers = alerts.receivers.empty() ? sinks : alerts.receivers;
    root.settings.escalate_to = alerts.escalate_to;
    const analysis::Policy policy = life_policy(alerts);
    root.settings.group_wait = policy.group_wait;
    root.settings.group_interval = policy.group_interval;
    root.settings.repeat_interval = policy.repeat_interval;
    std::copy(policy.escalate_after.begin(), policy.escalate_after.end(),
              root.settings.escalate_after.begin());
    root.settings.mute_hours = alerts.mute_hours;
    root.settings.active_hours = alerts.active_hours;
    return root;
}

} // namespace

analysis::Policy life_policy(const config::AlertConfig& alerts)
{
    return {.group_wait = alerts.group_wait,
            .group_interval = alerts.group_interval,
            .repeat_interval = alerts.repeat_interval,
            .escalate_after = {std::chrono::milliseconds{0}, alerts.escalate_warning_after,
                               alerts.escalate_error_after, alerts.escalate_critical_after},
            .levels = static_cast<std::uint32_t>(alerts.escalate_to.size()),
            .acknowledge_for = alerts.ack_default,
            .reopen_window = alerts.reopen_window};
}

Result<std::vector<analysis::Hours>> hours_of(const config::Config& config)
{
    std::vector<std::string> names; // In the order of the file.
    std::map<std::string, std::pair<std::string, std::vector<analysis::HoursSpan>>> by_name;
    for (const config::HoursConfig& one : config.hours) {
        auto span = hours_span(one);
        if (!span) {
            return span.error();
        }
        auto& [zone, spans] = by_name[one.name];
        if (spans.empty()) {
            names.push_back(one.name);
        }
        zone = one.zone;
        spans.push_back(*span);
    }
    std::vector<analysis::Hours> out;
    for (const std::string& name : names) {
        auto& [zone, spans] = by_name[name];
        auto made = analysis::Hours::make(name, zone, std::move(spans));
        if (!made) {
            return made.error();
        }
        out.push_back(std::move(*made));
    }
    return out;
}

Result<analysis::RouteTree> route_tree(const config::Config& config,
                                       const std::vector<std::string>& sinks)
{
    // A parent stands above its children, so the last route that is nobody's parent any more can be
    // put into its parent: from the last to the first.
    std::vector<RouteNode> nodes;
    for (const RouteConfig& route : config.routes) {
        auto node = route_node(route);
        if (!node) {
            return node.error();
        }
        nodes.push_back(std::move(*node));
    }
    RouteNode root = root_node(config.alerts, sinks);
    for (std::size_t i = nodes.size(); i-- > 0;) {
        RouteNode* parent = config.routes[i].parent.empty() ? &root : nullptr;
        for (std::size_t j = 0; j < i && parent == nullptr; ++j) {
            parent = nodes[j].name == config.routes[i].parent ? &nodes[j] : nullptr;
        }
        if (parent == nullptr) {
            return wrong("route '" + nodes[i].name + "': no route above it is called \"" +
                         config.routes[i].parent + '"');
        }
        parent->children.insert(parent->children.begin(), std::move(nodes[i]));
    }
    std::set<std::string> hours;
    for (const config::HoursConfig& one : config.hours) {
        hours.insert(one.name);
    }
    return analysis::RouteTree::make(std::move(root), {sinks.begin(), sinks.end()}, hours);
}

std::optional<std::string> route_problem(const config::Config& config,
                                         const std::vector<std::string>& sinks)
{
    const auto hours = hours_of(config);
    if (!hours) {
        return hours.error().message;
    }
    const auto tree = route_tree(config, sinks);
    return tree ? std::nullopt : std::optional{tree.error().message};
}

} // namespace empathd

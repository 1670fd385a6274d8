#include "daemon/policy.hpp"

#include "analysis/match/matcher.hpp"
#include "daemon/exits.hpp"
#include "daemon/version.hpp"

#include <algorithm>
#include <utility>

namespace empathd {

namespace {

/// "host:port" or "host" of an address that has a scheme.
std::string authority_of(const std::string& url)
{
    const std::size_t begin = url.find("://") + 3;
    return url.substr(begin, url.find_first_of("/?", begin) - begin);
}

} // namespace

connectors::FetchPolicy fetch_policy(const config::Config& config)
{
    connectors::FetchPolicy policy;
    policy.user_agent = std::string("Empathd/") + version;
    if (!config.fetch.contact.empty()) {
        policy.user_agent += " (+" + config.fetch.contact + ')';
    }
    policy.allowed = config.fetch.allowed_hosts;
    policy.requests_per_s = config.fetch.requests_per_second;
    policy.burst = std::max(1.0, 2 * config.fetch.requests_per_second);
    for (const std::string& url : receiver_urls(config)) {
        // The operator named the receiver: it may be inside, and alerts do not wait for a rate.
        policy.allowed.push_back(authority_of(url));
        policy.unmetered.push_back(authority_of(url));
    }
    for (const config::EmailConfig& email : config.emails) {
        policy.allowed.push_back(authority_of(email.server));
    }
    return policy;
}

DeskOptions desk_options(const config::Config& config)
{
    const config::AlertConfig& alerts = config.alerts;
    const auto factor = [](const config::FactorConfig& f) {
        return analysis::Factor{f.median, f.spread};
    };
    DeskOptions options;
    options.tracker.window = alerts.story_window;
    options.tracker.retold = alerts.join_retold;
    options.decision = {.pages_per_day = alerts.pages_per_day,
                        .score_warning = alerts.score_warning,
                        .score_error = alerts.score_error,
                        .score_critical = alerts.score_critical};
    options.exposure = {.view_rate = factor(config.exposure.view_rate),
                        .new_audience = factor(config.exposure.new_audience),
                        .carrier_followers = factor(config.exposure.carrier_followers),
                        .carriers = config.exposure.carriers,
                        .customers = factor(config.exposure.customers),
                        .put_off = factor(config.exposure.put_off)};
    if (config.exposure.threshold > 0) {
        options.threshold = config.exposure.threshold;
    }
    return options;
}

Result<AlertRules> alert_rules(const config::Config& config, const std::vector<std::string>& sinks)
{
    const auto hours = hours_of(config);
    if (!hours) {
        return hours.error();
    }
    auto routes = route_tree(config, sinks);
    if (!routes) {
        return routes.error();
    }
    AlertRules rules{.policy = life_policy(config.alerts), .routes = std::move(*routes)};
    for (const analysis::Hours& part : *hours) {
        rules.hours.emplace(part.name(), part);
    }
    return rules;
}

std::optional<std::string> watch_problem(const config::Config& config)
{
    const auto watches = analysis::MatchSet::build(config.watches);
    return watches ? std::nullopt : std::optional{watches.error().message};
}

} // namespace empathd

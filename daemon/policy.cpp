#include "daemon/policy.hpp"

#include "analysis/match/matcher.hpp"
#include "daemon/exits.hpp"
#include "daemon/version.hpp"

#include <algorithm>

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

DeskOptions desk_options(const config::AlertConfig& alerts)
{
    DeskOptions options;
    options.tracker.window = alerts.story_window;
    options.decision = {.pages_per_day = alerts.pages_per_day,
                        .score_warning = alerts.score_warning,
                        .score_error = alerts.score_error,
                        .score_critical = alerts.score_critical};
    return options;
}

std::optional<std::string> watch_problem(const config::Config& config)
{
    const auto watches = analysis::MatchSet::build(config.watches);
    return watches ? std::nullopt : std::optional{watches.error().message};
}

} // namespace empathd

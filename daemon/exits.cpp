#include "daemon/exits.hpp"

#include "daemon/notify/alertmanager_sink.hpp"
#include "daemon/notify/pagerduty_sink.hpp"
#include "daemon/notify/redis_sink.hpp"
#include "daemon/notify/secret_file.hpp"
#include "daemon/notify/slack_sink.hpp"
#include "daemon/notify/webhook_sink.hpp"

#include <cassert>
#include <utility>

namespace empathd {

std::vector<std::string> sink_names(const config::Config& config)
{
    std::vector<std::string> names;
    const auto add = [&names](const std::string& kind, const auto& exits) {
        for (const auto& exit : exits) {
            names.push_back(kind + ':' + exit.name);
        }
    };
    if (config.redis.configured()) {
        names.emplace_back("redis");
    }
    add("webhook", config.webhooks);
    add("slack", config.slacks);
    add("email", config.emails);
    add("alertmanager", config.alertmanagers);
    add("pagerduty", config.pagerduties);
    return names;
}

std::vector<MadeSink> make_sinks(const config::Config& config, const SinkServices& services)
{
    std::vector<MadeSink> sinks;
    const auto add = [&sinks](std::unique_ptr<Sink> sink) {
        sinks.push_back({.sink = std::move(sink)});
    };
    if (config.redis.configured()) {
        add(make_redis_sink(config.redis, "redis"));
        sinks.back().confirm_every = config.redis.redeliver_after;
    }
    for (const config::WebhookConfig& webhook : config.webhooks) {
        add(make_webhook_sink(webhook, services.http));
    }
    for (const config::SlackConfig& slack : config.slacks) {
        add(make_slack_sink(slack, config.templates, services.templates, services.http));
    }
    for (const config::EmailConfig& email : config.emails) {
        assert(services.mail != nullptr);
        add(make_email_sink(email, config.templates, services.templates, *services.mail,
                            services.report));
    }
    for (const config::AlertmanagerConfig& alertmanager : config.alertmanagers) {
        add(make_alertmanager_sink(alertmanager, config.templates, services.http));
    }
    for (const config::PagerDutyConfig& pagerduty : config.pagerduties) {
        add(make_pagerduty_sink(pagerduty, config.templates, services.http));
    }
    return sinks;
}

std::vector<std::string> receiver_urls(const config::Config& config)
{
    std::vector<std::string> urls;
    const auto add = [&urls](const auto& exits) {
        for (const auto& exit : exits) {
            urls.push_back(exit.url);
        }
    };
    add(config.webhooks);
    add(config.slacks);
    add(config.alertmanagers);
    add(config.pagerduties);
    for (const config::SlackConfig& slack : config.slacks) {
        if (const auto url = read_secret_file(slack.url_file, "slack")) {
            urls.push_back(url->reveal());
        }
    }
    std::erase_if(urls, [](const std::string& url) {
        return !url.starts_with("https://") && !url.starts_with("http://");
    });
    return urls;
}

} // namespace empathd

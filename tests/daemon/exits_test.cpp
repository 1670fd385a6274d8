#include "daemon/exits.hpp"

#include "config/load.hpp"
#include "connectors/transport/curl_mail.hpp"
#include "daemon/health.hpp"
#include "daemon/policy.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

config::Config every_kind(const std::string& slack_file = "/nonexistent/slack")
{
    config::Config config = config::load_text(R"(
[redis]
address = "127.0.0.1:7000"
redeliver_after_s = 7
[[webhook]]
name = "desk"
url = "http://10.0.0.1:8080/secret"
[[slack]]
name = "room"
url = "http://chat.intern/hooks/x"
[[slack]]
name = "quiet"
url_file = ")" + slack_file + R"("
[[email]]
name = "team"
server = "smtp://mail.intern:587"
from = "empathd@acme.test"
to = ["care@acme.test"]
[[alertmanager]]
name = "prometheus"
url = "http://10.0.0.2:9093"
[[pagerduty]]
name = "oncall"
routing_key_file = "/nonexistent/key"
)",
                                              "exits.toml");
    EXPECT_THAT(*config.problems, IsEmpty());
    return config;
}

TEST(Exits, AreCalledWhatTheOutboxCallsThem)
{
    const config::Config config = every_kind();
    testing::FakeHttp http;
    const auto mail = connectors::make_curl_mail_client({}, 1);
    std::vector<config::Problem> problems;

    const auto made = make_sinks(config, {.http = http,
                                          .mail = mail.get(),
                                          .templates = load_templates("", problems),
                                          .report = [](const std::string&) {}});

    std::vector<std::string> names;
    for (const MadeSink& sink : made) {
        names.push_back(sink.sink->name());
    }
    EXPECT_EQ(names, sink_names(config)) << "rows of another name would never leave";
    EXPECT_THAT(names, ElementsAre("redis", "webhook:desk", "slack:room", "slack:quiet",
                                   "email:team", "alertmanager:prometheus", "pagerduty:oncall"));
    EXPECT_EQ(made[0].confirm_every, std::chrono::seconds{7});
}

TEST(Exits, AreNoneWithoutConfiguration)
{
    const config::Config config = config::load_text("", "empty.toml");
    EXPECT_THAT(sink_names(config), IsEmpty());
}

TEST(Exits, MayBeInsideBecauseTheOperatorNamedThem)
{
    const testing::TemporaryFolder folder;
    const std::string file =
        testing::write_file(folder.file("slack"), "https://mattermost.intern/hooks/s3cret\n");

    const auto policy = fetch_policy(every_kind(file));

    for (const char* host : {"10.0.0.1:8080", "chat.intern", "mattermost.intern", "10.0.0.2:9093",
                             "events.pagerduty.com"}) {
        EXPECT_THAT(policy.allowed, Contains(host));
        EXPECT_THAT(policy.unmetered, Contains(host));
    }
    EXPECT_THAT(policy.allowed, Contains("mail.intern:587"));
}

TEST(Exits, ShowWhatTheyHaveSetAside)
{
    HealthFacts facts;
    facts.exits.push_back({.sink = "slack:room", .rows = {.quarantined = 3}});
    facts.exits.push_back({.sink = "redis"});
    const wire::Health health = health_of(facts);
    std::vector<std::string> told;
    for (const wire::HealthProblem& problem : health.problems) {
        if (problem.name == "alerts_set_aside") {
            told.push_back(problem.detail);
            EXPECT_FALSE(problem.failing);
        }
    }
    EXPECT_THAT(told, ElementsAre("3 alerts for slack:room were given up and are kept"));
}

} // namespace
} // namespace empathd

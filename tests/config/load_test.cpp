#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace empathd::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> messages(const Config& config)
{
    std::vector<std::string> out;
    for (const Problem& problem : *config.problems) {
        out.push_back(to_string(problem));
    }
    return out;
}

constexpr const char* good = R"(
[store]
path = "x.db"
keep_posts_days = 30

[analysis]
model = "own.bin"

[http]
listen = "unix:/run/empathd.sock"

[redis]
address = "127.0.0.1:7000"
groups = ["pager"]

[alerts]
pages_per_day = 3

[[webhook]]
name = "desk"
url = "https://hooks.example/x/"

[[watch]]
name = "Acme"
terms = ["acme", "AcmeBox"]
accent_sensitive_terms = ["Phở Acme"]
exclusions = ["acme corner"]
official_accounts = ["acme_help", "fedi:acme@social.example", "@acme:matrix.example"]

[[source]]
name = "forum"
connector = "feed"
audience = "employee"
poll_s = 60
reread_budget_per_hour = 90
url = "https://forum.example/feed"
)";

TEST(Load, ReadsEveryTable)
{
    const Config config = load_text(good, "good.toml");

    ASSERT_THAT(messages(config), IsEmpty());
    EXPECT_EQ(config.store.path, "x.db");
    EXPECT_EQ(config.store.keep_posts, std::chrono::hours{30 * 24});
    EXPECT_EQ(config.analysis.model, "own.bin");
    EXPECT_EQ(config.http.listen, "unix:/run/empathd.sock");
    EXPECT_EQ(config.redis.address, "127.0.0.1:7000");
    EXPECT_THAT(config.redis.groups, ElementsAre("pager"));
    EXPECT_EQ(config.alerts.pages_per_day, 3u);
    ASSERT_THAT(config.webhooks, SizeIs(1));
    EXPECT_EQ(config.webhooks[0].url, "https://hooks.example/x");
    ASSERT_THAT(config.watches, SizeIs(1));
    EXPECT_EQ(config.watches[0].brand, "Acme");
    ASSERT_THAT(config.watches[0].terms, SizeIs(3));
    EXPECT_FALSE(config.watches[0].terms[1].accent_sensitive);
    EXPECT_TRUE(config.watches[0].terms[2].accent_sensitive);
    EXPECT_THAT(config.watches[0].exclusions, ElementsAre("acme corner"));
    ASSERT_THAT(config.watches[0].official_accounts, SizeIs(3));
    EXPECT_EQ(config.watches[0].official_accounts[0].network, "");
    EXPECT_EQ(config.watches[0].official_accounts[1].network, "fedi");
    EXPECT_EQ(config.watches[0].official_accounts[1].handle, "acme@social.example");
    EXPECT_EQ(config.watches[0].official_accounts[2].handle, "@acme:matrix.example");
    ASSERT_THAT(config.sources, SizeIs(1));
    EXPECT_EQ(config.sources[0].audience, Audience::employee);
    EXPECT_EQ(config.sources[0].poll, std::chrono::seconds{60});
    EXPECT_EQ(config.sources[0].reread_budget_per_hour, 90u);
}

TEST(Load, LeavesTheConnectorsOwnOptionsToTheConnector)
{
    Config config = load_text(good, "good.toml");

    EXPECT_EQ(config.sources[0].section.base_url("url", ""), "https://forum.example/feed");
    config.sources[0].section.finish();
    EXPECT_THAT(messages(config), IsEmpty());
}

TEST(Load, ReportsAllErrorsAtOnceWithTheirPlaces)
{
    const Config config = load_text(R"([http]
listn = "127.0.0.1:1"
[redis]
address = "nowhere"
[[watch]]
name = "Acme"
[[source]]
name = "a"
poll_s = "often"
reread_budget_per_hour = 36001
)",
                                    "bad.toml");

    EXPECT_THAT(messages(config),
                ::testing::UnorderedElementsAre(
                    "bad.toml:2:1: [http]: unknown option \"listn\", did you mean \"listen\"?",
                    HasSubstr("bad.toml:4:1: [redis]: address is \"nowhere\""),
                    HasSubstr("bad.toml:5:1: watch 'Acme': terms is missing"),
                    HasSubstr("source 'a': connector is missing"),
                    HasSubstr("bad.toml:9:1: source 'a': poll_s must be a whole number"),
                    HasSubstr("bad.toml:10:1: source 'a': reread_budget_per_hour is 36001, must "
                              "be 0 to 36000")));
}

TEST(Load, PointsAtASyntaxError)
{
    const Config config = load_text("[http\nlisten = 1\n", "broken.toml");

    ASSERT_THAT(messages(config), SizeIs(1));
    EXPECT_THAT(messages(config)[0], HasSubstr("broken.toml:1:"));
}

TEST(Load, RefusesTwoSourcesOfOneName)
{
    const Config config = load_text("[[source]]\nname='a'\nconnector='feed'\n"
                                    "[[source]]\nname='a'\nconnector='feed'\n",
                                    "twice.toml");

    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("another source has this name")));
}

TEST(Load, RefusesScoresThatFall)
{
    const Config config = load_text("[alerts]\nscore_warning = 80\nscore_error = 60\n", "s.toml");

    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("must not fall")));
}

TEST(Load, ReadsWhenAndWherePeopleAreTold)
{
    const Config config = load_text(R"(
[alerts]
receivers = ["redis"]
escalate_to = ["webhook:boss"]
group_wait_s = 0
group_interval_s = 60
repeat_interval_h = 2
escalate_warning_after_min = 0
ack_default_h = 1
reopen_window_h = 24
mute_hours = ["nights"]
[[hours]]
name = "nights"
from = "22:00"
to = "07:00"
[[route]]
name = "acme"
match = ["brand = Acme"]
receivers = []
[[route]]
name = "french"
parent = "acme"
match = ["language = fr"]
continue = true
group_wait_s = 5
escalate_error_after_min = 10
active_hours = []
)",
                                    "told.toml");

    ASSERT_THAT(messages(config), IsEmpty());
    EXPECT_THAT(config.alerts.receivers, ElementsAre("redis"));
    EXPECT_EQ(config.alerts.group_wait, std::chrono::seconds{0});
    EXPECT_EQ(config.alerts.escalate_warning_after, std::chrono::minutes{0});
    EXPECT_EQ(config.alerts.escalate_error_after, std::chrono::minutes{60}) << "the default";
    EXPECT_THAT(config.alerts.mute_hours, ElementsAre("nights"));
    ASSERT_THAT(config.hours, SizeIs(1));
    EXPECT_EQ(config.hours[0].zone, "UTC");
    EXPECT_THAT(config.hours[0].days, ElementsAre("all"));
    ASSERT_THAT(config.routes, SizeIs(2));
    ASSERT_TRUE(config.routes[0].receivers) << "empty is not unset";
    EXPECT_THAT(*config.routes[0].receivers, IsEmpty());
    EXPECT_FALSE(config.routes[1].receivers);
    EXPECT_TRUE(config.routes[1].goes_on);
    EXPECT_EQ(config.routes[1].parent, "acme");
    EXPECT_EQ(config.routes[1].group_wait, std::chrono::seconds{5});
    EXPECT_FALSE(config.routes[1].group_interval);
    EXPECT_EQ(config.routes[1].escalate_error_after, std::chrono::minutes{10});
    EXPECT_FALSE(config.routes[1].mute_hours);
    EXPECT_TRUE(config.routes[1].active_hours);
}

TEST(Load, ReportsRoutesAndHoursThatMakeNoSense)
{
    const Config config = load_text(R"([alerts]
mute_hours = ["lunch"]
repeat_interval_h = 0
[[hours]]
name = "nights"
to = "07:00"
[[hours]]
name = "nights"
zone = "Europe/Paris"
from = "22:00"
to = "07:00"
[[route]]
name = "a"
parent = "b"
[[route]]
name = "b"
match = ["brand = Acme"]
parent = "b"
active_hours = ["lunch"]
group_wait_s = -1
[[route]]
name = "b"
match = ["brand = Acme"]
mute = []
)",
                                    "bad.toml");

    EXPECT_THAT(
        messages(config),
        ::testing::UnorderedElementsAre(
            HasSubstr("bad.toml:2:1: [alerts]: mute_hours names \"lunch\""),
            HasSubstr("bad.toml:3:1: [alerts]: repeat_interval_h is 0, must be 1 to 168"),
            HasSubstr("hours 'nights': from is missing"),
            HasSubstr("bad.toml:9:1: hours 'nights': other [[hours]] of this name"),
            HasSubstr(
                "bad.toml:14:1: route 'a': parent is \"b\", must be the name of a route above"),
            HasSubstr("route 'a': match is missing"),
            HasSubstr("bad.toml:18:1: route 'b': parent is \"b\""),
            HasSubstr("bad.toml:19:1: route 'b': active_hours names \"lunch\""),
            HasSubstr("bad.toml:20:1: route 'b': group_wait_s is -1"),
            HasSubstr("bad.toml:22:1: route 'b': another route has this name"),
            HasSubstr("bad.toml:24:1: route 'b': unknown option \"mute\"")));
}

/// The options and tables of the sample; with defaults, those that stand in comments too.
std::string sample(bool with_defaults)
{
    std::ifstream in(EMPATHD_SOURCE_DIR "/config/empathd.toml");
    std::string out;
    for (std::string line; std::getline(in, line);) {
        std::string code = line.substr(std::min(line.size(), line.find_first_not_of(' ')));
        while (with_defaults && code.starts_with("#") && !code.starts_with("##")) {
            code = code.substr(std::min(code.size(), code.find_first_not_of("# ")));
        }
        const bool table = code.starts_with("[");
        const std::size_t end = code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
        const bool option = end != std::string::npos && end > 0 && code.compare(end, 3, " = ") == 0;
        out += (table || option ? code : "") + '\n';
    }
    return out;
}

TEST(Sample, WorksAsItIsAndWithEveryDefaultWrittenOut)
{
    EXPECT_THAT(messages(load_text(sample(false), "empathd.toml")), IsEmpty());
    const Config all = load_text(sample(true), "empathd.toml");
    EXPECT_THAT(messages(all), IsEmpty());
    EXPECT_THAT(all.routes, SizeIs(1));
    EXPECT_THAT(all.hours, SizeIs(1));
    EXPECT_THAT(all.webhooks, SizeIs(1));
}

TEST(Sample, ShowsTheDefaultsOfTheAlerts)
{
    const AlertConfig shown = load_text(sample(true), "empathd.toml").alerts;
    const AlertConfig real;

    EXPECT_EQ(shown.pages_per_day, real.pages_per_day);
    EXPECT_EQ(shown.score_warning, real.score_warning);
    EXPECT_EQ(shown.score_error, real.score_error);
    EXPECT_EQ(shown.score_critical, real.score_critical);
    EXPECT_EQ(shown.story_window, real.story_window);
    EXPECT_EQ(shown.join_retold, real.join_retold);
    EXPECT_EQ(shown.receivers, real.receivers);
    EXPECT_EQ(shown.escalate_to, real.escalate_to);
    EXPECT_EQ(shown.group_wait, real.group_wait);
    EXPECT_EQ(shown.group_interval, real.group_interval);
    EXPECT_EQ(shown.repeat_interval, real.repeat_interval);
    EXPECT_EQ(shown.escalate_warning_after, real.escalate_warning_after);
    EXPECT_EQ(shown.escalate_error_after, real.escalate_error_after);
    EXPECT_EQ(shown.escalate_critical_after, real.escalate_critical_after);
    EXPECT_EQ(shown.ack_default, real.ack_default);
    EXPECT_EQ(shown.reopen_window, real.reopen_window);
    EXPECT_EQ(shown.mute_hours, real.mute_hours);
    EXPECT_EQ(shown.active_hours, real.active_hours);
}

TEST(Load, ReadsTheFactorsOfExposure)
{
    const Config config = load_text(R"(
[exposure]
threshold = 250
customers = 0.3
customers_spread = 0.2
carriers = 0.5
)",
                                    "x.toml");

    EXPECT_THAT(messages(config), IsEmpty());
    EXPECT_EQ(config.exposure.threshold, 250);
    EXPECT_EQ(config.exposure.customers.median, 0.3);
    EXPECT_EQ(config.exposure.customers.spread, 0.2);
    EXPECT_EQ(config.exposure.carriers, 0.5);
    EXPECT_EQ(config.exposure.put_off.median, ExposureConfig{}.put_off.median);
    EXPECT_THAT(messages(load_text("[exposure]\ncustomers = 1.5\nput_off_spread = -1\n", "x.toml")),
                SizeIs(2));
}

TEST(Sample, ShowsTheDefaultsOfTheExposure)
{
    const ExposureConfig shown = load_text(sample(true), "empathd.toml").exposure;
    const ExposureConfig real;

    EXPECT_EQ(shown.threshold, real.threshold);
    EXPECT_EQ(shown.carriers, real.carriers);
    for (const auto member : {&ExposureConfig::view_rate, &ExposureConfig::new_audience,
                              &ExposureConfig::carrier_followers, &ExposureConfig::customers,
                              &ExposureConfig::put_off}) {
        EXPECT_EQ((shown.*member).median, (real.*member).median);
        EXPECT_EQ((shown.*member).spread, (real.*member).spread);
    }
}

TEST(Sample, NamesEveryOptionOfTheAlertsHoursAndRoutes)
{
    const std::string text = sample(true);
    for (const char* option : {"pages_per_day",
                               "score_warning",
                               "score_error",
                               "score_critical",
                               "story_window_h",
                               "join_retold",
                               "receivers",
                               "escalate_to",
                               "group_wait_s",
                               "group_interval_s",
                               "repeat_interval_h",
                               "escalate_warning_after_min",
                               "escalate_error_after_min",
                               "escalate_critical_after_min",
                               "ack_default_h",
                               "reopen_window_h",
                               "mute_hours",
                               "active_hours",
                               "zone",
                               "days",
                               "from",
                               "to",
                               "parent",
                               "match",
                               "continue"}) {
        EXPECT_NE(text.find('\n' + std::string(option) + " = "), std::string::npos) << option;
    }
}

TEST(Load, SaysThatAFileCannotBeRead)
{
    EXPECT_THAT(messages(load("no/such/file.toml")),
                ElementsAre("no/such/file.toml: cannot be read"));
}

TEST(Load, AddsWatchesAndSourcesOfTheFolderBeside)
{
    const auto folder = std::filesystem::path(::testing::TempDir()) / "empathd_load_test";
    std::filesystem::create_directories(folder / "conf.d");
    std::ofstream(folder / "main.toml") << "[[watch]]\nname='A'\nterms=['a']\n";
    std::ofstream(folder / "conf.d" / "b.toml") << "[[watch]]\nname='B'\nterms=['b']\n";
    std::ofstream(folder / "conf.d" / "c.toml") << "[http]\nlisten='127.0.0.1:1'\n";

    const Config config = load((folder / "main.toml").string());
    std::filesystem::remove_all(folder);

    ASSERT_THAT(config.watches, SizeIs(2));
    EXPECT_EQ(config.watches[1].brand, "B");
    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("unknown option \"http\"")));
}

} // namespace
} // namespace empathd::config

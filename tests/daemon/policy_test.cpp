#include "daemon/policy.hpp"

#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<std::string> sinks{"redis", "webhook:boss", "webhook:desk"};

config::Config loaded(const std::string& text)
{
    config::Config config = config::load_text(text, "test.toml");
    for (const config::Problem& problem : *config.problems) {
        ADD_FAILURE() << to_string(problem);
    }
    return config;
}

constexpr const char* full = R"(
[alerts]
escalate_to = ["webhook:boss"]
group_wait_s = 10
escalate_critical_after_min = 5

[[hours]]
name = "nights"
zone = "Europe/Paris"
from = "22:00"
to = "07:00"
[[hours]]
name = "nights"
zone = "Europe/Paris"
days = ["sat-sun"]
from = "00:00"
to = "24:00"

[[route]]
name = "acme"
match = ["brand = Acme"]
receivers = ["webhook:desk"]
mute_hours = ["nights"]
[[route]]
name = "french"
parent = "acme"
match = ["language = fr"]
group_interval_s = 60
repeat_interval_h = 2
[[route]]
name = "noise"
parent = "acme"
match = ["network = plaza"]
receivers = []
[[route]]
name = "rest"
match = ["brand ~ *"]
)";

std::vector<analysis::Route> routes_of(const config::Config& config, const std::string& brand,
                                       const std::string& language)
{
    analysis::Labels labels;
    labels.add("brand", brand);
    labels.add("language", language);
    const auto tree = route_tree(config, sinks);
    EXPECT_TRUE(tree) << tree.error().message;
    return tree->route(labels);
}

TEST(Policy, OfALifeIsWhatTheAlertsTableSays)
{
    const analysis::Policy policy = life_policy(loaded(full).alerts);

    EXPECT_EQ(policy.group_wait, seconds{10});
    EXPECT_EQ(policy.group_interval, seconds{300});
    EXPECT_EQ(policy.repeat_interval, hours{4});
    EXPECT_THAT(policy.escalate_after,
                ElementsAre(milliseconds{0}, minutes{120}, minutes{60}, minutes{5}));
    EXPECT_EQ(policy.levels, 1u);
    EXPECT_EQ(policy.acknowledge_for, hours{8});
    EXPECT_EQ(policy.reopen_window, hours{48});
}

TEST(Policy, SendsEverythingToEverySinkWhereNothingIsSaid)
{
    const auto routes = routes_of(loaded(""), "Acme", "fr");

    ASSERT_THAT(routes, SizeIs(1));
    EXPECT_EQ(routes[0].name, "all");
    EXPECT_EQ(routes[0].receivers, sinks);
    EXPECT_THAT(routes[0].escalate_to, IsEmpty());
}

TEST(Policy, BuildsTheTreeInTheOrderOfTheFile)
{
    const config::Config config = loaded(full);
    const auto french = routes_of(config, "Acme", "fr");
    const auto english = routes_of(config, "Acme", "en");

    ASSERT_THAT(french, SizeIs(1));
    EXPECT_EQ(french[0].name, "all/acme/french");
    EXPECT_THAT(french[0].receivers, ElementsAre("webhook:desk"));
    EXPECT_THAT(french[0].escalate_to, ElementsAre("webhook:boss"));
    EXPECT_THAT(french[0].mute_hours, ElementsAre("nights"));
    EXPECT_EQ(french[0].group_interval, seconds{60});
    EXPECT_EQ(french[0].repeat_interval, hours{2});
    EXPECT_EQ(french[0].group_wait, seconds{10});
    ASSERT_THAT(english, SizeIs(1));
    EXPECT_EQ(english[0].name, "all/acme");
    EXPECT_EQ(routes_of(config, "Bolt", "fr")[0].name, "all/rest");
}

TEST(Policy, KeepsARouteThatTellsNobody)
{
    analysis::Labels labels;
    labels.add("brand", "Acme");
    labels.add("network", "plaza");
    const auto routes = route_tree(loaded(full), sinks)->route(labels);

    ASSERT_THAT(routes, SizeIs(1));
    EXPECT_EQ(routes[0].name, "all/acme/noise");
    EXPECT_THAT(routes[0].receivers, IsEmpty());
}

TEST(Policy, JoinsHoursOfOneName)
{
    const auto nights = hours_of(loaded(full));

    ASSERT_TRUE(nights) << nights.error().message;
    ASSERT_THAT(*nights, SizeIs(1));
    EXPECT_TRUE(nights->front().contains(*parse_rfc3339("2026-03-02T23:00:00Z"))) << "a night";
    EXPECT_TRUE(nights->front().contains(*parse_rfc3339("2026-03-07T12:00:00Z"))) << "a Saturday";
    EXPECT_FALSE(nights->front().contains(*parse_rfc3339("2026-03-02T12:00:00Z")));
}

TEST(Policy, SaysWhatIsWrongWithHoursAndRoutes)
{
    const auto problem = [](const std::string& text) {
        return route_problem(loaded(text), sinks).value_or("nothing");
    };
    const std::string nights = "[[hours]]\nname='n'\n";
    const std::string route = "[[route]]\nname='r'\nmatch=['brand = Acme']\n";

    EXPECT_EQ(problem(full), "nothing");
    EXPECT_EQ(problem(nights + "from='25:00'\nto='07:00'\n"),
              "hours 'n': from is \"25:00\", must be such as \"07:30\"");
    EXPECT_EQ(problem(nights + "from='22:00'\nto='7'\n"),
              "hours 'n': to is \"7\", must be such as \"07:30\"");
    EXPECT_THAT(problem(nights + "days=['lundi']\nfrom='22:00'\nto='07:00'\n"),
                HasSubstr("days holds \"lundi\""));
    EXPECT_THAT(problem(nights + "zone='Mars'\nfrom='22:00'\nto='07:00'\n"),
                HasSubstr("zone \"Mars\" is unknown"));
    EXPECT_THAT(problem(route + "receivers=['slack']\n"),
                HasSubstr("route 'r': receivers names \"slack\", must be one of redis, "));
    EXPECT_THAT(problem("[[route]]\nname='r'\nmatch=['brand Acme']\n"),
                HasSubstr("route 'r': match: \"brand Acme\" is no condition"));
    EXPECT_THAT(problem("[[route]]\nname='a/b'\nmatch=['brand = Acme']\n"),
                HasSubstr("must not be empty or hold '/'"));
    EXPECT_THAT(problem("[alerts]\nreceivers=['fax']\n"), HasSubstr("receivers names \"fax\""));
}

} // namespace
} // namespace empathd

#include "analysis/decision/routing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::analysis {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::set<std::string> sinks{"boss", "desk", "lawyers", "redis"};
const std::set<std::string> hours_known{"nights"};

RouteNode node(const std::string& name, const std::string& condition)
{
    return {.name = name, .matchers = {*parse_matcher(condition)}};
}

RouteNode a_root()
{
    RouteNode root{.name = "all"};
    root.settings.receivers = {{"redis"}};
    root.settings.group_wait = seconds{30};
    root.settings.group_interval = minutes{5};
    root.settings.repeat_interval = hours{4};
    root.settings.escalate_after.fill(minutes{0});
    return root;
}

/// all -> acme (desk, nights) -> urgent (30 s); all -> law (lawyers, goes on); all -> rest
RouteNode a_tree()
{
    RouteNode urgent = node("urgent", "severity = critical");
    urgent.settings.group_wait = seconds{0};
    urgent.settings.escalate_to = {{"boss"}};
    urgent.settings.escalate_after[3] = minutes{10};
    RouteNode acme = node("acme", "brand = Acme");
    acme.settings.receivers = {{"desk", "redis"}};
    acme.settings.mute_hours = {{"nights"}};
    acme.children = {urgent};
    RouteNode law = node("law", "gravity = legal");
    law.settings.receivers = {{"lawyers"}};
    law.goes_on = true;
    RouteNode root = a_root();
    root.children = {law, acme};
    return root;
}

std::vector<Route> routes_for(std::vector<std::pair<std::string, std::string>> values)
{
    Labels labels;
    for (const auto& [name, value] : values) {
        labels.add(name, value);
    }
    const Result<RouteTree> tree = RouteTree::make(a_tree(), sinks, hours_known);
    EXPECT_TRUE(tree) << tree.error().message;
    return tree->route(labels);
}

std::vector<std::string> names_of(const std::vector<Route>& routes)
{
    std::vector<std::string> out;
    for (const Route& route : routes) {
        out.push_back(route.name);
    }
    return out;
}

TEST(Routing, SendsWhatMatchesNoChildToTheRoot)
{
    const std::vector<Route> routes = routes_for({{"brand", "Bolt"}});

    ASSERT_THAT(names_of(routes), ElementsAre("all"));
    EXPECT_THAT(routes[0].receivers, ElementsAre("redis"));
    EXPECT_EQ(routes[0].group_wait, seconds{30});
}

TEST(Routing, GoesToTheDeepestNodeAndInheritsWhatItLeavesUnset)
{
    const std::vector<Route> routes = routes_for({{"brand", "Acme"}, {"severity", "critical"}});

    ASSERT_THAT(names_of(routes), ElementsAre("all/acme/urgent"));
    EXPECT_THAT(routes[0].receivers, ElementsAre("desk", "redis")) << "of acme";
    EXPECT_THAT(routes[0].mute_hours, ElementsAre("nights")) << "of acme";
    EXPECT_EQ(routes[0].group_wait, seconds{0}) << "its own";
    EXPECT_EQ(routes[0].repeat_interval, hours{4}) << "of the root";
    EXPECT_EQ(routes[0].escalate_after[3], minutes{10});
    EXPECT_EQ(routes[0].escalate_after[2], minutes{0});
}

TEST(Routing, StopsAtTheFirstMatchUnlessItGoesOn)
{
    EXPECT_THAT(names_of(routes_for({{"brand", "Acme"}, {"gravity", "legal"}})),
                ElementsAre("all/law", "all/acme"));
    EXPECT_THAT(names_of(routes_for({{"brand", "Bolt"}, {"gravity", "legal"}})),
                ElementsAre("all/law"));
}

TEST(Routing, TellsOneMoreWithEachLevel)
{
    const Route route{.receivers = {"desk"}, .escalate_to = {"boss", "desk", "redis"}};

    EXPECT_THAT(receivers_at(route, 0), ElementsAre("desk"));
    EXPECT_THAT(receivers_at(route, 1), ElementsAre("desk", "boss"));
    EXPECT_THAT(receivers_at(route, 2), ElementsAre("desk", "boss"));
    EXPECT_THAT(receivers_at(route, 3), ElementsAre("desk", "boss", "redis"));
    EXPECT_THAT(receivers_at(route, 9), ElementsAre("desk", "boss", "redis"));
}

TEST(Routing, GivesAnIncidentOfTwoRoutesTheShorterTimes)
{
    Route slow{.group_wait = seconds{60},
               .group_interval = minutes{10},
               .repeat_interval = hours{1},
               .escalate_after = {minutes{0}, minutes{0}, minutes{30}, minutes{10}}};
    Route fast{.escalate_to = {"boss"},
               .group_wait = seconds{10},
               .group_interval = minutes{20},
               .repeat_interval = hours{2},
               .escalate_after = {minutes{0}, minutes{60}, minutes{20}, minutes{0}}};
    const Policy policy = policy_for({.acknowledge_for = hours{3}}, std::vector{slow, fast});

    EXPECT_EQ(policy.group_wait, seconds{10});
    EXPECT_EQ(policy.group_interval, minutes{10});
    EXPECT_EQ(policy.repeat_interval, hours{1});
    EXPECT_THAT(policy.escalate_after,
                ElementsAre(milliseconds{0}, minutes{60}, minutes{20}, minutes{10}))
        << "zero is never, not at once";
    EXPECT_EQ(policy.levels, 1u);
    EXPECT_EQ(policy.acknowledge_for, hours{3});
    EXPECT_EQ(policy_for(policy, {}), policy);
}

std::string problem_of(RouteNode root)
{
    const Result<RouteTree> tree = RouteTree::make(std::move(root), sinks, hours_known);
    return tree ? "nothing" : tree.error().message;
}

TEST(Routing, RefusesNamesThatAreNotThere)
{
    RouteNode root = a_tree();
    root.children[1].settings.receivers = {{"dsk"}};
    EXPECT_EQ(problem_of(root), "route 'acme': receivers names \"dsk\", must be one of boss, desk, "
                                "lawyers, redis");
    root = a_tree();
    root.children[0].settings.escalate_to = {{"ceo"}};
    EXPECT_THAT(problem_of(root), HasSubstr("route 'law': escalate_to names \"ceo\""));
    root = a_tree();
    root.children[1].children[0].settings.mute_hours = {{"lunch"}};
    EXPECT_THAT(problem_of(root), HasSubstr("route 'urgent': mute_hours names \"lunch\""));
    root.children[1].children[0].settings.mute_hours = {};
    root.children[1].children[0].settings.active_hours = {{"lunch"}};
    EXPECT_THAT(problem_of(root), HasSubstr("active_hours names \"lunch\""));
}

TEST(Routing, RefusesConditionsAndNamesThatMakeNoSense)
{
    RouteNode root = a_tree();
    root.children[0].matchers.clear();
    EXPECT_EQ(problem_of(root), "route 'law': it has 0 conditions, must have 1 to 20");
    root = a_tree();
    root.children[0].matchers[0].label = "brnd";
    EXPECT_THAT(problem_of(root), HasSubstr("route 'law': label \"brnd\" is none of"));
    root = a_tree();
    root.children[0].name = "acme";
    EXPECT_EQ(problem_of(root), "route 'acme': another route beside it has this name");
    root.children[0].name = "a/b";
    EXPECT_EQ(problem_of(root), "route 'a/b': name must not be empty or hold '/'");
    root = a_tree();
    root.matchers = {*parse_matcher("brand = Acme")};
    EXPECT_EQ(problem_of(root), "the root route must match everything");
}

TEST(Routing, RefusesTimesThatMakeNoSense)
{
    RouteNode root = a_tree();
    root.settings.group_wait = {};
    EXPECT_EQ(problem_of(root), "the root route must set every time");
    root = a_tree();
    root.children[0].settings.group_wait = seconds{-1};
    EXPECT_EQ(problem_of(root), "route 'law': group_wait is below zero");
    root.children[0].settings.group_wait = {};
    root.children[0].settings.group_interval = seconds{0};
    EXPECT_EQ(problem_of(root), "route 'law': group_interval must be above zero");
    root.children[0].settings.group_interval = {};
    root.children[0].settings.repeat_interval = seconds{0};
    EXPECT_EQ(problem_of(root), "route 'law': repeat_interval must be above zero");
    root.children[0].settings.repeat_interval = {};
    root.children[0].settings.escalate_after[1] = seconds{-1};
    EXPECT_EQ(problem_of(root), "route 'law': escalate_after is below zero");
}

TEST(Routing, RefusesTreesThatAreTooLargeOrTooDeep)
{
    RouteNode wide = a_root();
    for (std::size_t i = 0; i < routes_max; ++i) {
        wide.children.push_back(node("r" + std::to_string(i), "brand = Acme"));
    }
    EXPECT_THAT(problem_of(wide), HasSubstr("more than 500 routes"));

    RouteNode deep = node("r", "brand = Acme");
    for (std::size_t i = 1; i < route_depth_max; ++i) {
        RouteNode above = node("r", "brand = Acme");
        above.children = {deep};
        deep = above;
    }
    RouteNode root = a_root();
    root.children = deep.children;
    EXPECT_EQ(problem_of(root), "nothing");
    root.children = {deep};
    EXPECT_THAT(problem_of(root), HasSubstr("more than 16 inside each other"));
}

TEST(Routing, AllowsThatNobodyIsTold)
{
    RouteNode root = a_root();
    root.settings.receivers = {};
    const Result<RouteTree> tree = RouteTree::make(root, sinks, hours_known);

    ASSERT_TRUE(tree);
    EXPECT_THAT(tree->route({})[0].receivers, IsEmpty());
}

} // namespace
} // namespace empathd::analysis

#include "daemon/health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// A daemon that is well, with this group of Redis.
HealthFacts facts_with(GroupStatus group)
{
    HealthFacts facts;
    facts.ready = true;
    facts.disk_free_bytes = disk_free_bytes_min;
    SourceStatus source;
    source.name = "forum";
    facts.sources = {source};
    OutboxStatus redis;
    redis.sink = "redis";
    redis.details.groups = {std::move(group)};
    facts.exits = {redis};
    return facts;
}

GroupStatus group_of(std::vector<ConsumerStatus> consumers)
{
    GroupStatus group{.name = "ops", .exists = true, .lag = 3};
    for (const ConsumerStatus& consumer : consumers) {
        group.dead_count += consumer.dead ? 1 : 0;
    }
    group.consumers_count = consumers.size();
    group.consumers = std::move(consumers);
    return group;
}

TEST(Health, NamesASourceThatIsSilentBeyondItsHabit)
{
    HealthFacts facts = facts_with(group_of({{"a", 2, 1min, false}}));
    facts.sources[0].sight.state = SightState::silent;
    facts.sources[0].sight.usual_gap = 20min;

    const auto health = health_of(facts);

    ASSERT_EQ(health.problems.size(), 1u);
    EXPECT_EQ(health.problems[0].name, "source_blind");
    EXPECT_FALSE(health.problems[0].failing);
    EXPECT_THAT(health.problems[0].detail, HasSubstr("source forum has brought nothing new"));
    EXPECT_THAT(heartbeat_of(facts), ::testing::Contains(Pair("blind", "1")));
}

TEST(Health, HasNothingToSayOfAGroupThatReads)
{
    const auto health = health_of(facts_with(group_of({{"a", 2, 1min, false}})));
    EXPECT_TRUE(health.problems.empty());
}

TEST(Health, NamesAConsumerThatDiedWithAlerts)
{
    const auto health = health_of(facts_with(
        group_of({{"a", 9, 1min, false}, {"b\n", 1, 12min, true}, {"c", 1, 9min, true}})));

    ASSERT_EQ(health.problems.size(), 1u);
    EXPECT_EQ(health.problems[0].name, "redis_group");
    EXPECT_FALSE(health.problems[0].failing);
    EXPECT_THAT(health.problems[0].detail,
                HasSubstr("consumer b? of the group ops holds 1 alert and was last heard of 12 "
                          "minutes ago (and 1 like it)"));
}

TEST(Health, SaysThatNobodyReadsAGroup)
{
    const auto health = health_of(facts_with(group_of({})));

    ASSERT_EQ(health.problems.size(), 1u);
    EXPECT_THAT(health.problems[0].detail,
                HasSubstr("nobody reads the group ops: 3 alerts wait in redis"));
    GroupStatus empty = group_of({});
    empty.lag = 0;
    EXPECT_TRUE(health_of(facts_with(empty)).problems.empty()) << "nothing waits";
}

TEST(Health, SaysThatRedisIsDownOnce)
{
    HealthFacts facts = facts_with(group_of({}));
    facts.exits[0].details.groups.clear();
    facts.exits[0].connected = false;
    facts.exits[0].last_error = "no sentinel leads to a master";

    const auto health = health_of(facts);

    ASSERT_EQ(health.problems.size(), 1u);
    EXPECT_EQ(health.problems[0].name, "no_redis");
}

TEST(Heartbeats, SayHowManySourcesAndAlerts)
{
    HealthFacts facts = facts_with(group_of({}));
    facts.sources.push_back(facts.sources[0]);
    facts.sources[1].last_error = "HTTP 500";
    facts.exits.push_back(facts.exits[0]);
    facts.exits[0].rows.waiting = 4;
    facts.exits[1].rows.waiting = 1;
    facts.exits[1].rows.published = 7;

    const auto fields = heartbeat_of(facts);

    ASSERT_EQ(fields.size(), 4u);
    EXPECT_EQ(fields[0].first, "version");
    EXPECT_FALSE(fields[0].second.empty());
    EXPECT_THAT(
        (std::vector<std::pair<std::string, std::string>>(fields.begin() + 1, fields.end())),
        ElementsAre(Pair("sources", "2"), Pair("blind", "1"), Pair("alerts_waiting", "5")));
}

TEST(Metrics, AreMadeOfWhatTheExitsTell)
{
    MetricFacts facts;
    GroupStatus group = group_of({{"a", 2, 9min, true}});
    group.pending = 2;
    group.oldest_pending = 90'500ms;
    facts.health = facts_with(group);
    facts.health.exits[0].details.failovers = 1;
    OutboxStatus webhook;
    webhook.sink = "webhook:desk";
    facts.health.exits.push_back(webhook);

    const auto metrics = metrics_of(facts);

    ASSERT_EQ(metrics.redis_groups.size(), 1u);
    EXPECT_EQ(metrics.redis_groups[0].group, "ops");
    EXPECT_EQ(metrics.redis_groups[0].lag, 3u);
    EXPECT_EQ(metrics.redis_groups[0].pending, 2u);
    EXPECT_EQ(metrics.redis_groups[0].oldest_pending_seconds, 90.5);
    EXPECT_EQ(metrics.redis_groups[0].dead_consumers, 1u);
    EXPECT_EQ(metrics.redis_failovers, 1u);
    facts.health.exits.erase(facts.health.exits.begin());
    EXPECT_FALSE(metrics_of(facts).redis_failovers) << "no Redis";
}

} // namespace
} // namespace empathd

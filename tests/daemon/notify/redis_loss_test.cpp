// Everything that Redis can lose, against a real redis-server: each alert reaches the consumer at
// least once, under one key, and its row closes only then.
#include "daemon/notify/redis_sink.hpp"

#include "tests/support/redis_world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using testing::redis_stream_name;
using testing::RedisWorld;
using Seen = std::map<std::string, int>;

class RedisLosses : public testing::WithRedis {
protected:
    /// After a loss: the relay finds out, adds again, the consumer gets and acknowledges.
    static void recover(RedisWorld& world)
    {
        world.confirm();
        world.consume();
        world.confirm();
        world.confirm(); // A second delivery of what the consumer had had before the loss.
        world.consume();
        world.confirm();
    }
    static void expect_all_closed(RedisWorld& world, std::uint64_t count)
    {
        const OutboxCounts rows = world.rows();
        EXPECT_EQ(rows.closed, count);
        EXPECT_EQ(rows.waiting + rows.published + rows.quarantined, 0u);
    }
};

TEST_F(RedisLosses, FlushallBeforeAnyoneReads)
{
    RedisWorld world;
    world.raise({"a", "b", "c"});
    world.settle();
    world.command({"FLUSHALL"});
    world.confirm();
    EXPECT_EQ(world.outbox->status().added_again, 3u);

    recover(world);

    EXPECT_EQ(world.seen["ops"], (Seen{{"a", 1}, {"b", 1}, {"c", 1}}));
    expect_all_closed(world, 3);
}

TEST_F(RedisLosses, FlushallThenNewAlertsWhoseIdsPassTheLostOnes)
{
    RedisWorld world;
    world.raise({"lost"});
    world.settle();
    world.command({"FLUSHALL"});
    // The consumer heals by itself, and reads on before the relay has looked.
    world.command({"XGROUP", "CREATE", redis_stream_name, "ops", "$", "MKSTREAM"});
    world.raise({"new"});
    world.outbox->notify();
    world.settle();
    EXPECT_EQ(world.consume(), 1u);

    recover(world);

    EXPECT_EQ(world.seen["ops"]["lost"], 1);
    EXPECT_GE(world.seen["ops"]["new"], 1);
    expect_all_closed(world, 2);
}

TEST_F(RedisLosses, TheStreamIsDeleted)
{
    RedisWorld world;
    world.raise({"a", "b"});
    world.settle();
    world.read(1);
    world.command({"DEL", redis_stream_name});

    recover(world);

    EXPECT_GE(world.seen["ops"]["a"], 1);
    EXPECT_EQ(world.seen["ops"]["b"], 1);
    expect_all_closed(world, 2);
}

TEST_F(RedisLosses, KilledAndStartedAgainEmpty)
{
    RedisWorld world;
    world.raise({"a", "b"});
    world.settle();
    world.server.kill();
    world.raise({"c"});
    world.outbox->notify();
    world.settle();
    EXPECT_FALSE(world.outbox->status().connected);
    EXPECT_EQ(world.rows().waiting, 1u);
    world.server.start();
    world.settle_after(*world.outbox, 5s);
    EXPECT_TRUE(world.outbox->status().connected);

    recover(world);

    EXPECT_EQ(world.seen["ops"], (Seen{{"a", 1}, {"b", 1}, {"c", 1}}));
    expect_all_closed(world, 3);
}

TEST_F(RedisLosses, KilledAndStartedAgainEmptyWithoutTheRelayNoticing)
{
    RedisWorld world;
    world.raise({"lost"});
    world.settle();
    world.server.kill();
    world.server.start();
    world.raise({"new"});
    world.outbox->notify();
    world.settle();
    world.consume(); // Passes the lost entry's id in the new server.

    recover(world);

    EXPECT_EQ(world.seen["ops"]["lost"], 1);
    expect_all_closed(world, 2);
}

/// What a replica that lagged behind, or a snapshot, has after a failover: older data, with its
/// groups and witnesses of then.
TEST_F(RedisLosses, StartedAgainWithOlderData)
{
    RedisWorld world;
    world.raise({"old"});
    world.settle();
    world.consume();
    world.confirm();
    ASSERT_EQ(world.command({"SAVE"}).text, "OK");
    world.raise({"lost"});
    world.outbox->notify();
    world.settle();
    world.server.kill();
    world.server.start();
    world.raise({"new"});
    world.outbox->notify();
    world.settle();
    EXPECT_EQ(world.consume(), 1u) << "the new one: its group has passed the lost id";

    recover(world);

    EXPECT_EQ(world.seen["ops"]["old"], 1);
    EXPECT_EQ(world.seen["ops"]["lost"], 1);
    EXPECT_GE(world.seen["ops"]["new"], 1);
    expect_all_closed(world, 3);
}

TEST_F(RedisLosses, StartedAgainWithAllItsDataCostsNoDoubles)
{
    RedisWorld world({"ops"}, {"--appendonly", "yes", "--appendfsync", "always"});
    world.raise({"done", "read", "unread"});
    world.settle();
    world.read(2);
    world.acknowledge({world.last_ids.at(0)});
    world.server.kill();
    world.server.start();
    world.confirm();
    world.acknowledge({world.last_ids.at(1)});
    world.consume();
    world.confirm();

    EXPECT_EQ(world.seen["ops"], (Seen{{"done", 1}, {"read", 1}, {"unread", 1}}));
    EXPECT_EQ(world.outbox->status().added_again, 0u);
    expect_all_closed(world, 3);
}

TEST_F(RedisLosses, TheGroupIsDestroyedAndMadeAgainByUs)
{
    RedisWorld world;
    world.raise({"done", "pending", "unread"});
    world.settle();
    world.read(2);
    world.acknowledge({world.last_ids.at(0)});
    world.command({"XGROUP", "DESTROY", redis_stream_name, "ops"});
    world.confirm();
    world.consume(); // From the beginning: doubles of what it had.
    world.confirm();

    EXPECT_EQ(world.seen["ops"], (Seen{{"done", 2}, {"pending", 2}, {"unread", 1}}));
    EXPECT_EQ(world.length(), 3) << "they were still there: nothing is added again";
    expect_all_closed(world, 3);
}

TEST_F(RedisLosses, TheGroupIsMadeAgainAtTheEndByAnother)
{
    RedisWorld world;
    world.raise({"a", "b"});
    world.settle();
    world.command({"XGROUP", "DESTROY", redis_stream_name, "ops"});
    world.command({"XGROUP", "CREATE", redis_stream_name, "ops", "$"});
    EXPECT_EQ(world.consume(), 0u) << "it would never see them";

    recover(world);

    EXPECT_EQ(world.seen["ops"], (Seen{{"a", 1}, {"b", 1}}));
    expect_all_closed(world, 2);
}

TEST_F(RedisLosses, OneOfTwoGroupsIsMadeAgainAtTheEnd)
{
    RedisWorld world({"ops", "audit"});
    world.raise({"a"});
    world.settle();
    world.consume("ops");
    world.command({"XGROUP", "DESTROY", redis_stream_name, "audit"});
    world.command({"XGROUP", "CREATE", redis_stream_name, "audit", "$"});
    world.confirm();
    world.consume("ops");
    world.consume("audit");
    world.confirm();

    EXPECT_EQ(world.seen["audit"], (Seen{{"a", 1}}));
    EXPECT_EQ(world.seen["ops"], (Seen{{"a", 2}})) << "a double by key, no loss";
    expect_all_closed(world, 1);
}

TEST_F(RedisLosses, TrimmedBeforeItWasRead)
{
    RedisWorld world;
    world.raise({"a", "b"});
    world.settle();
    world.command({"XTRIM", redis_stream_name, "MAXLEN", "0"});

    recover(world);

    EXPECT_EQ(world.seen["ops"], (Seen{{"a", 1}, {"b", 1}}));
    expect_all_closed(world, 2);
}

TEST_F(RedisLosses, TrimmedAfterItWasReadButNotAcknowledged)
{
    RedisWorld world;
    world.raise({"a"});
    world.settle();
    world.read();
    world.command({"XTRIM", redis_stream_name, "MAXLEN", "0"});

    recover(world);

    EXPECT_EQ(world.seen["ops"], (Seen{{"a", 2}}));
    expect_all_closed(world, 1);
}

/// The group's last delivered id passes the lost entry though nobody ever got it.
TEST_F(RedisLosses, TrimmedUnreadAndThenPassedByTheGroup)
{
    RedisWorld world;
    world.raise({"lost"});
    world.settle();
    world.command({"XTRIM", redis_stream_name, "MAXLEN", "0"});
    world.raise({"new"});
    world.outbox->notify();
    world.settle();
    EXPECT_EQ(world.consume(), 1u);

    recover(world);

    EXPECT_EQ(world.seen["ops"]["lost"], 1);
    expect_all_closed(world, 2);
}

/// XAUTOCLAIM takes what was trimmed out of the pending list, as an acknowledgement would.
TEST_F(RedisLosses, TrimmedInWorkAndThenDroppedByXautoclaim)
{
    RedisWorld world;
    world.raise({"a"});
    world.settle();
    world.read();
    world.seen.clear(); // The consumer has died with it.
    world.command({"XTRIM", redis_stream_name, "MAXLEN", "0"});
    world.command({"XAUTOCLAIM", redis_stream_name, "ops", "consumer-2", "0", "0"});
    ASSERT_EQ(world.command({"XPENDING", redis_stream_name, "ops"}).items.at(0).integer, 0);

    recover(world);

    EXPECT_EQ(world.seen["ops"], (Seen{{"a", 1}}));
    expect_all_closed(world, 1);
}

TEST_F(RedisLosses, AStreamShorterThanTheBacklogHoldsItBack)
{
    RedisWorld world;
    world.config.stream_length = 100;
    world.connect();
    std::vector<std::string> keys;
    for (int i = 0; i < 450; ++i) {
        keys.push_back("key-" + std::to_string(i));
    }
    world.raise(keys);
    world.settle();
    EXPECT_EQ(world.rows().published, 100u);
    EXPECT_TRUE(world.outbox->status().full);
    for (int rounds = 0; rounds < 20 && world.rows().closed < keys.size(); ++rounds) {
        world.consume();
        world.confirm();
    }

    expect_all_closed(world, keys.size());
    EXPECT_EQ(world.seen["ops"].size(), keys.size());
    EXPECT_EQ(world.outbox->status().added_again, 0u);
    EXPECT_FALSE(world.outbox->status().full);
}

TEST_F(RedisLosses, TheRelayDiesBetweenXaddAndItsRecord)
{
    RedisWorld world;
    world.raise({"a"});
    auto rows = world.waiting("redis");
    const auto lost_answer = testing::run_on(world.loop, world.sink->deliver(rows));
    ASSERT_TRUE(lost_answer.at(0));
    world.connect();
    world.settle();

    EXPECT_EQ(world.consume(), 2u);
    EXPECT_EQ(world.seen["ops"], (Seen{{"a", 2}})) << "two deliveries, one key";
    world.confirm();
    expect_all_closed(world, 1);
}

} // namespace
} // namespace empathd

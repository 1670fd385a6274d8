// The master is killed while alerts flow; sentinels make its replica the master. Nothing may be
// lost, and no key may come twice but where the contract in daemon/notify/README.md allows it.
#include "daemon/notify/redis_commands.hpp"
#include "daemon/notify/redis_heartbeat.hpp"
#include "daemon/notify/redis_sink.hpp"
#include "tests/support/outbox_world.hpp"
#include "tests/support/redis_sentinels.hpp"
#include "tests/support/redis_world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using testing::redis_stream_name;
using testing::RedisSentinels;
using testing::RedisServer;

struct FailoverWorld : testing::OutboxWorld {
    FailoverWorld() : OutboxWorld({"redis"})
    {
        config.sentinels = sentinels.addresses();
        config.master = testing::sentinel_master_name;
        config.groups = {"ops"};
        sink = make_redis_sink(config, "redis", 2s);
        outbox = std::make_unique<Outbox>(OutboxOptions{}, *sink, gate, clock);
    }

    void issue(int count)
    {
        std::vector<std::string> keys;
        for (int i = 0; i < count; ++i) {
            keys.push_back("key-" + std::to_string(issued++));
        }
        raise(keys);
        outbox->notify();
        settle(*outbox);
    }

    /// Reads up to `count` entries; acknowledges them, or dies with them.
    void consume(RedisServer& server, std::size_t count, bool acknowledges = true)
    {
        for (const auto& entry : testing::read_group(server, redis_stream_name, "ops", count)) {
            if (acknowledges) {
                ++processed[entry.field("key")];
                server.command({"XACK", redis_stream_name, "ops", entry.id});
            }
        }
    }
    /// Takes over what dead consumers left, as every consumer should.
    void claim(RedisServer& server)
    {
        const RespReply reply =
            server.command({"XAUTOCLAIM", redis_stream_name, "ops", "consumer-1", "0", "0"});
        if (reply.kind != RespReply::Kind::array) {
            return;
        }
        for (const RespReply& entry : reply.items.at(1).items) {
            ++processed[field(entry.items.at(1), "key")->text];
            server.command({"XACK", redis_stream_name, "ops", entry.items.at(0).text});
        }
    }

    /// Until the relay has found the new master. The clock is the relay's; the waiting is real,
    /// because the sentinels' time is.
    bool fail_over()
    {
        return testing::eventually(60s, [this] {
            settle_after(*outbox, 5s);
            const OutboxStatus status = outbox->status();
            return status.connected && status.details.failovers == 1;
        });
    }

    /// Until every row is closed.
    void finish(RedisServer& server)
    {
        for (int rounds = 0; rounds < 20; ++rounds) {
            settle_after(*outbox, 2min);
            claim(server);
            consume(server, 10'000);
            settle_after(*outbox, 30s);
            if (counts("redis").closed == static_cast<std::uint64_t>(issued)) {
                return;
            }
        }
    }
    void expect_nothing_lost()
    {
        EXPECT_EQ(processed.size(), static_cast<std::size_t>(issued)) << "distinct keys";
        EXPECT_EQ(counts("redis").closed, static_cast<std::uint64_t>(issued));
    }

    RedisSentinels sentinels;
    config::RedisConfig config;
    std::unique_ptr<Sink> sink;
    std::unique_ptr<Outbox> outbox;
    int issued = 0;
    std::map<std::string, int> processed; ///< By key: how often.
};

class RedisFailovers : public testing::WithRedis {};

TEST_F(RedisFailovers, RepeatNothingThatTheReplicaHas)
{
    FailoverWorld world;
    world.issue(60);
    world.consume(world.sentinels.first(), 20);
    world.consume(world.sentinels.first(), 10, false);
    world.settle_after(*world.outbox, 30s);
    world.sentinels.replicate();
    EXPECT_EQ(world.outbox->status().details.server, world.sentinels.first_address());

    world.sentinels.first().kill();
    world.issue(15); // While there is no master.
    ASSERT_TRUE(world.fail_over()) << world.outbox->status().last_error;
    EXPECT_EQ(world.outbox->status().details.server, world.sentinels.second_address());
    world.issue(15);
    world.finish(world.sentinels.second());

    world.expect_nothing_lost();
    for (const auto& [key, times] : world.processed) {
        EXPECT_EQ(times, 1) << key;
    }
    EXPECT_EQ(world.outbox->status().added_again, 0u);
}

TEST_F(RedisFailovers, AddAgainWhatTheReplicaDoesNotHave)
{
    FailoverWorld world;
    world.issue(40);
    world.consume(world.sentinels.first(), 20);
    world.settle_after(*world.outbox, 30s); // The relay has seen these 20 acknowledged.
    const std::uint64_t closed = world.counts("redis").closed;
    EXPECT_EQ(closed, 20u);
    std::set<std::string> seen_done;
    for (const auto& [key, times] : world.processed) {
        seen_done.insert(key);
    }
    world.sentinels.replicate();
    world.sentinels.second().freeze();
    world.sentinels.first().command({"CLIENT", "KILL", "TYPE", "replica"}); // Else it waits in a
                                                                            // socket for the thaw.
    world.issue(30);                           // Only the master has these,
    world.consume(world.sentinels.first(), 5); // and these acknowledgements.

    world.sentinels.first().kill();
    world.sentinels.second().thaw();
    world.issue(10);
    ASSERT_TRUE(world.fail_over()) << world.outbox->status().last_error;
    world.finish(world.sentinels.second());

    world.expect_nothing_lost();
    EXPECT_EQ(world.outbox->status().added_again, 30u);
    for (const auto& [key, times] : world.processed) {
        EXPECT_LE(times, seen_done.contains(key) ? 1 : 2) << key;
    }
}

TEST_F(RedisFailovers, AreFollowedByCommandsAndHeartbeat)
{
    FailoverWorld world;
    std::vector<std::string> obeyed;
    auto handler = [&obeyed](Command command) -> boost::asio::awaitable<Result<CommandAnswer>> {
        obeyed.push_back(command.incident);
        co_return CommandAnswer{};
    };
    RedisCommands commands(world.config, {.instance = "north", .timeout = 2s, .block = 0ms},
                           std::move(handler));
    RedisHeartbeat heartbeat(world.config, {.instance = "north", .timeout = 2s}, world.clock,
                             [] { return RedisHeartbeat::Fields{}; });
    const auto send = [](RedisServer& server, const std::string& incident) {
        server.command(
            {"XADD", "empathd:commands", "*", "type", "reopen", "incident", incident, "by", "Mai"});
    };
    send(world.sentinels.first(), "a");
    ASSERT_TRUE(testing::run_on(world.loop, commands.step()));
    ASSERT_TRUE(testing::run_on(world.loop, heartbeat.beat()));
    world.sentinels.replicate();

    world.sentinels.kill_sentinel(0);
    world.sentinels.first().kill();
    EXPECT_FALSE(testing::run_on(world.loop, commands.step()));
    ASSERT_TRUE(testing::eventually(60s, [&] {
        return static_cast<bool>(testing::run_on(world.loop, commands.step()));
    })) << commands.status().last_error;
    send(world.sentinels.second(), "b");
    ASSERT_TRUE(testing::run_on(world.loop, commands.step()));
    ASSERT_TRUE(testing::run_on(world.loop, heartbeat.beat())) << heartbeat.status().last_error;

    EXPECT_EQ(obeyed, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(world.sentinels.second().command({"XLEN", "empathd:heartbeat"}).integer, 2);
    EXPECT_EQ(world.sentinels.second().command({"XLEN", "empathd:answers"}).integer, 2);
}

TEST_F(RedisFailovers, AreNotUndoneByTheOldMastersReturn)
{
    FailoverWorld world;
    world.issue(10);
    world.sentinels.replicate();
    world.sentinels.first().kill();
    ASSERT_TRUE(world.fail_over()) << world.outbox->status().last_error;

    world.sentinels.first().start(); // Empty, and of the opinion that it is a master.
    world.issue(10);
    world.finish(world.sentinels.second());

    world.expect_nothing_lost();
    EXPECT_EQ(world.outbox->status().details.server, world.sentinels.second_address());
    EXPECT_EQ(world.outbox->status().details.failovers, 1u);
    for (const auto& [key, times] : world.processed) {
        EXPECT_EQ(times, 1) << key;
    }
}

} // namespace
} // namespace empathd

// The Redis contract against a real redis-server, as long as nothing is lost.
#include "daemon/notify/redis_sink.hpp"

#include "tests/support/redis_world.hpp"
#include "tests/support/write_file.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using testing::read_group;
using testing::redis_stream_name;
using testing::RedisWorld;
using Ids = std::vector<std::string>;

class RedisSinks : public testing::WithRedis {};

TEST_F(RedisSinks, GiveEveryFieldToTheConsumer)
{
    RedisWorld world;
    world.raise({"key-1"});
    world.settle();

    const auto entries = read_group(world.server, redis_stream_name, "ops", 10);

    ASSERT_EQ(entries.size(), 1u);
    const std::vector<std::pair<std::string, std::string>> expected{
        {"key", "key-1"},
        {"incident", "incident-of-key-1"},
        {"revision", "0"},
        {"state", "open"},
        {"severity", "info"},
        {"score", "50"},
        {"brand", "Acme"},
        {"network", "forum"},
        {"summary", "Acme: it broke"},
        {"body", R"({"key":"key-1"})"}};
    EXPECT_EQ(entries[0].fields, expected);
}

TEST_F(RedisSinks, CloseAnAlertWhenItIsAcknowledgedAndNotBefore)
{
    RedisWorld world;
    world.raise({"a", "b", "c"});
    world.settle();
    EXPECT_EQ(world.rows().published, 3u);

    world.confirm();
    EXPECT_EQ(world.rows().published, 3u) << "not delivered yet";
    world.read();
    world.confirm();
    EXPECT_EQ(world.rows().published, 3u) << "delivered, not acknowledged";
    world.acknowledge({world.last_ids.at(0), world.last_ids.at(2)});
    world.confirm();
    EXPECT_EQ(world.rows().closed, 2u);
    world.acknowledge({world.last_ids.at(1)});
    world.confirm();

    EXPECT_EQ(world.rows().closed, 3u);
    EXPECT_EQ(world.rows().published, 0u);
    EXPECT_EQ(world.seen["ops"], (std::map<std::string, int>{{"a", 1}, {"b", 1}, {"c", 1}}));
    EXPECT_EQ(world.length(), 3);
}

TEST_F(RedisSinks, WaitForEveryGroupThatIsNamed)
{
    RedisWorld world({"ops", "audit"});
    world.raise({"a"});
    world.settle();

    world.consume("ops");
    world.confirm();
    EXPECT_EQ(world.rows().published, 1u);
    world.consume("audit");
    world.confirm();

    EXPECT_EQ(world.rows().closed, 1u);
    EXPECT_EQ(world.length(), 1);
}

TEST_F(RedisSinks, AreDoneAtXaddWhenNoGroupIsNamed)
{
    RedisWorld world(std::vector<std::string>{});
    world.raise({"a", "b"});
    world.settle();

    EXPECT_EQ(world.rows().closed, 2u);
    EXPECT_EQ(world.length(), 2);
    EXPECT_TRUE(world.command({"XINFO", "GROUPS", redis_stream_name}).items.empty());
    EXPECT_TRUE(world.outbox->status().connected);
}

TEST_F(RedisSinks, MakeTheGroupBeforeTheFirstAlert)
{
    RedisWorld world;
    world.settle();

    EXPECT_EQ(world.command({"XINFO", "GROUPS", redis_stream_name}).items.size(), 1u);
    EXPECT_EQ(world.consume(), 0u);
}

TEST_F(RedisSinks, KeepTheirWitnessOverARestartOfTheDaemon)
{
    RedisWorld world;
    world.raise({"a"});
    world.settle();
    world.connect();
    world.settle();
    world.raise({"b"});
    world.outbox->notify();
    world.settle();

    const auto consumers = world.command({"XINFO", "CONSUMERS", redis_stream_name, "ops"});
    EXPECT_EQ(consumers.items.size(), 1u);
    world.consume();
    world.confirm();
    EXPECT_EQ(world.rows().closed, 2u);
    EXPECT_EQ(world.length(), 2) << "nothing was added again";
}

TEST_F(RedisSinks, CloseWhatWasAcknowledgedAndThenTrimmed)
{
    RedisWorld world;
    world.raise({"a", "b"});
    world.settle();
    world.consume();
    world.settle_after(*world.outbox, 1s); // Seen soon, not only at the next round.
    EXPECT_EQ(world.rows().closed, 2u);
    world.command({"XTRIM", redis_stream_name, "MAXLEN", "0"});

    world.confirm();

    EXPECT_EQ(world.rows().closed, 2u);
    EXPECT_EQ(world.length(), 0);
    EXPECT_EQ(world.outbox->status().added_again, 0u);
}

TEST_F(RedisSinks, CloseWhatAConsumerAcknowledgedAndDeleted)
{
    RedisWorld world;
    world.raise({"a", "b", "c"});
    world.settle();
    world.consume();
    for (const std::string& id : Ids(world.last_ids)) {
        world.command({"XDEL", redis_stream_name, id});
    }

    world.confirm();

    EXPECT_EQ(world.rows().closed, 3u);
    EXPECT_EQ(world.length(), 0);
    EXPECT_EQ(world.outbox->status().added_again, 0u);
}

TEST_F(RedisSinks, PipelineAThousandAlerts)
{
    RedisWorld world;
    std::vector<std::string> keys;
    for (int i = 0; i < 1'000; ++i) {
        keys.push_back("key-" + std::to_string(i));
    }
    world.raise(keys);
    world.settle();
    EXPECT_EQ(world.consume(), 1'000u);
    world.confirm();

    EXPECT_EQ(world.rows().closed, 1'000u);
    EXPECT_EQ(world.length(), 1'000);
    for (const std::string& key : keys) {
        EXPECT_EQ(world.seen["ops"][key], 1) << key;
    }
}

TEST_F(RedisSinks, LetATooLongAlertWaitAlone)
{
    RedisWorld world;
    PageCommit page = testing::a_page("c");
    page.alerts = {testing::an_alert("long"), testing::an_alert("short")};
    page.alerts[0].body.assign(redis_entry_bytes_max, 'x');
    auto call = [page](Store& store) { return store.commit({page}); };
    RedisWorld::must(testing::run_on(world.loop, world.gate.run(std::move(call))));
    world.settle();

    EXPECT_EQ(world.rows().published, 1u);
    EXPECT_EQ(world.rows().waiting, 1u);
    EXPECT_EQ(world.outbox->status().errors.at(static_cast<std::size_t>(ErrorKind::malformed)), 1u);
    EXPECT_TRUE(world.outbox->status().connected);
}

/// Something that makes Redis refuse, and what ends it.
struct Refusal {
    const char* name;
    std::vector<Ids> begins;
    std::vector<Ids> ends;
    const char* says;
    ErrorKind kind;
};

class RedisRefusals : public testing::WithRedis, public ::testing::WithParamInterface<Refusal> {};

TEST_P(RedisRefusals, AreWaitedOut)
{
    RedisWorld world;
    world.settle();
    for (const Ids& command : GetParam().begins) {
        ASSERT_NE(world.command(command).kind, RespReply::Kind::error) << command[0];
    }
    world.raise({"a", "b"});
    world.outbox->notify();
    world.settle();
    for (int hours = 0; hours < 30; ++hours) {
        world.settle_after(*world.outbox, 1h);
    }

    EXPECT_EQ(world.rows().waiting, 2u);
    const OutboxStatus status = world.outbox->status();
    EXPECT_FALSE(status.connected);
    EXPECT_GE(status.outages, 30u);
    EXPECT_NE(status.last_error.find(GetParam().says), std::string::npos) << status.last_error;
    EXPECT_GE(status.errors.at(static_cast<std::size_t>(GetParam().kind)), 30u);
    for (const Ids& command : GetParam().ends) {
        ASSERT_NE(world.command(command).kind, RespReply::Kind::error) << command[0];
    }
    world.settle_after(*world.outbox, 5s);

    EXPECT_EQ(world.consume(), 2u);
    world.confirm();
    EXPECT_EQ(world.rows().closed, 2u);
    EXPECT_TRUE(world.outbox->status().connected);
}

INSTANTIATE_TEST_SUITE_P(Kinds, RedisRefusals,
                         ::testing::Values(Refusal{"OutOfMemory",
                                                   {{"CONFIG", "SET", "maxmemory", "1"}},
                                                   {{"CONFIG", "SET", "maxmemory", "0"}},
                                                   "OOM",
                                                   ErrorKind::unavailable},
                                           Refusal{"ReadOnlyReplica",
                                                   {{"REPLICAOF", "127.0.0.1", "1"}},
                                                   {{"REPLICAOF", "NO", "ONE"}},
                                                   "READONLY",
                                                   ErrorKind::unavailable},
                                           Refusal{"NotPermitted",
                                                   {{"ACL", "SETUSER", "default", "-xadd"}},
                                                   {{"ACL", "SETUSER", "default", "+xadd"}},
                                                   "NOPERM",
                                                   ErrorKind::unauthorized},
                                           Refusal{"AnotherType",
                                                   {{"DEL", redis_stream_name},
                                                    {"SET", redis_stream_name, "x"}},
                                                   {{"DEL", redis_stream_name}},
                                                   "WRONGTYPE",
                                                   ErrorKind::invalid_config}),
                         [](const auto& test) { return test.param.name; });

TEST_F(RedisSinks, AuthenticateAndTakeANewPasswordWithoutRestart)
{
    RedisWorld world({"ops"}, {"--requirepass", "new"});
    world.config.password_file =
        testing::write_file(world.server.folder().file("password"), "old\n");
    world.connect();
    world.raise({"a"});
    world.settle();
    EXPECT_EQ(world.rows().waiting, 1u);
    EXPECT_EQ(world.outbox->status().last_error, "redis refused the password (WRONGPASS)");

    testing::write_file(world.config.password_file, "new\n");
    world.settle_after(*world.outbox, 5s);

    EXPECT_EQ(world.rows().published, 1u);
}

TEST_F(RedisSinks, SayThatAPasswordIsAskedFor)
{
    RedisWorld world({"ops"}, {"--requirepass", "hush"});
    world.raise({"a"});
    world.settle();

    EXPECT_EQ(world.rows().waiting, 1u);
    EXPECT_EQ(world.outbox->status().last_error, "redis asks for a password (NOAUTH)");
}

TEST_F(RedisSinks, ReconnectWithinTheDeliveryWhenTheConnectionWasClosed)
{
    RedisWorld world;
    world.settle();
    world.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    world.raise({"a"});
    world.outbox->notify();
    world.settle();

    EXPECT_EQ(world.rows().published, 1u);
    EXPECT_EQ(world.outbox->status().outages, 0u);
}

TEST_F(RedisSinks, WaitForAServerThatHangsNoLongerThanTheirDeadline)
{
    RedisWorld world;
    world.connect(50ms);
    world.settle();
    world.raise({"a"});
    world.server.freeze();
    world.outbox->notify();
    world.settle();
    EXPECT_EQ(world.rows().waiting, 1u);
    EXPECT_GE(world.outbox->status().outages, 1u);
    EXPECT_NE(world.outbox->status().last_error.find("took too long"), std::string::npos);

    world.server.thaw();
    world.connect();
    world.settle();
    world.consume();
    world.confirm();

    EXPECT_EQ(world.rows().closed, 1u);
    EXPECT_EQ(world.seen["ops"].size(), 1u) << "maybe twice, but under one key";
}

} // namespace
} // namespace empathd

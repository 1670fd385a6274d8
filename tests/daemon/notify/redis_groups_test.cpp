#include "daemon/notify/redis_groups.hpp"

#include "tests/support/redis_world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using Kind = RespReply::Kind;

RespReply text(std::string value)
{
    return {.kind = Kind::text, .integer = 0, .text = std::move(value), .items = {}};
}
RespReply number(std::int64_t value)
{
    return {.kind = Kind::integer, .integer = value, .text = "", .items = {}};
}
RespReply list(std::vector<RespReply> items)
{
    return {.kind = Kind::array, .integer = 0, .text = "", .items = std::move(items)};
}
RespReply consumer(std::string name, std::int64_t pending, std::int64_t idle)
{
    return list({text("name"), text(std::move(name)), text("pending"), number(pending),
                 text("idle"), number(idle)});
}

/// What a server answers about the group "ops" of the stream.
struct Answers {
    RespReply info = text("# Server\r\nserver_time_usec:90000000\r\n");
    RespReply lag = number(7);
    std::vector<RespReply> consumers;
    RespReply pending = list({number(2), text("30000-0"), text("40000-0"), list({})});

    [[nodiscard]] std::vector<RespReply> all() const
    {
        const RespReply group =
            list({text("name"), text("ops"), text("pending"), number(2), text("last-delivered-id"),
                  text("50000-0"), text("lag"), lag});
        return {info, text(""), list({}), list({group}), list(consumers), pending};
    }
};

const StreamNames ops{.stream = "s", .groups = {"ops"}};

TEST(RedisGroups, TellLagPendingAndAge)
{
    const auto groups = read_group_statuses(Answers{}.all(), ops);

    ASSERT_EQ(groups.size(), 1u);
    EXPECT_TRUE(groups[0].exists);
    EXPECT_EQ(groups[0].lag, 7u);
    EXPECT_EQ(groups[0].pending, 2u);
    EXPECT_EQ(groups[0].oldest_pending, 60s) << "90 s by the server's clock, entry of 30 s";
}

TEST(RedisGroups, CallAConsumerDeadThatHoldsEntriesAndIsNotHeardOf)
{
    Answers answers;
    const auto limit = consumer_dead_after.count();
    answers.consumers = {consumer("idle", 0, limit * 9), consumer("alive", 5, limit),
                         consumer("dead", 1, limit + 1),
                         consumer("empathd-witness-0123", 0, limit * 9)};

    const auto groups = read_group_statuses(answers.all(), ops);

    ASSERT_EQ(groups[0].consumers.size(), 3u) << "the witness is none";
    EXPECT_EQ(groups[0].consumers_count, 3u);
    EXPECT_EQ(groups[0].dead_count, 1u);
    EXPECT_EQ(groups[0].consumers[0].name, "alive");
    EXPECT_FALSE(groups[0].consumers[0].dead);
    EXPECT_EQ(groups[0].consumers[1].name, "dead");
    EXPECT_TRUE(groups[0].consumers[1].dead);
    EXPECT_FALSE(groups[0].consumers[2].dead) << "it holds nothing";
}

TEST(RedisGroups, ShowTheConsumersThatHoldMost)
{
    Answers answers;
    for (int i = 0; i < 100; ++i) {
        answers.consumers.push_back(consumer("c" + std::to_string(i), i, 600'000));
    }

    const auto groups = read_group_statuses(answers.all(), ops);

    ASSERT_EQ(groups[0].consumers.size(), consumers_shown_max);
    EXPECT_EQ(groups[0].consumers[0].name, "c99");
    EXPECT_EQ(groups[0].consumers_count, 100u);
    EXPECT_EQ(groups[0].dead_count, 99u);
}

TEST(RedisGroups, SayNothingOfWhatRedisDoesNotTell)
{
    Answers answers;
    answers.lag = RespReply{};
    answers.pending = {.kind = Kind::error, .integer = 0, .text = "NOPERM", .items = {}};
    EXPECT_FALSE(read_group_statuses(answers.all(), ops)[0].lag);
    EXPECT_FALSE(read_group_statuses(answers.all(), ops)[0].oldest_pending);

    answers.pending = list({number(0), RespReply{}, RespReply{}, RespReply{}});
    EXPECT_FALSE(read_group_statuses(answers.all(), ops)[0].oldest_pending);

    answers = Answers{};
    answers.info = text("# Server\r\n");
    EXPECT_FALSE(read_group_statuses(answers.all(), ops)[0].oldest_pending);

    auto replies = Answers{}.all();
    replies.pop_back();
    EXPECT_TRUE(read_group_statuses(replies, ops).empty());
}

TEST(RedisGroups, TakeAClockThatWasSetBackForNoAge)
{
    Answers answers;
    answers.info = text("server_time_usec:1000\r\n");
    EXPECT_EQ(read_group_statuses(answers.all(), ops)[0].oldest_pending, 0ms);
}

TEST(RedisGroups, SayThatAGroupIsMissing)
{
    const StreamNames other{.stream = "s", .groups = {"night"}};
    const auto groups = read_group_statuses(Answers{}.all(), other);
    ASSERT_EQ(groups.size(), 1u);
    EXPECT_FALSE(groups[0].exists);
    EXPECT_EQ(groups[0].name, "night");
}

class RealRedisGroups : public testing::WithRedis {};

TEST_F(RealRedisGroups, AreToldByTheSink)
{
    testing::RedisWorld world({"ops", "night"});
    world.raise({"a", "b", "c"});
    world.settle();
    world.read(2);
    world.confirm();

    const SinkDetails details = world.outbox->status().details;

    EXPECT_EQ(details.server, world.server.address());
    ASSERT_EQ(details.groups.size(), 2u);
    EXPECT_EQ(details.groups[0].name, "ops");
    EXPECT_EQ(details.groups[0].lag, 1u);
    EXPECT_EQ(details.groups[0].pending, 2u);
    EXPECT_TRUE(details.groups[0].oldest_pending);
    ASSERT_EQ(details.groups[0].consumers.size(), 1u);
    EXPECT_EQ(details.groups[0].consumers[0].name, "consumer-1");
    EXPECT_EQ(details.groups[0].consumers[0].pending, 2u);
    EXPECT_FALSE(details.groups[0].consumers[0].dead);
    EXPECT_EQ(details.groups[1].lag, 3u);
    EXPECT_EQ(details.groups[1].consumers_count, 0u);
    EXPECT_FALSE(details.groups[1].oldest_pending);
}

TEST_F(RealRedisGroups, AreNotToldOfAServerThatIsGone)
{
    testing::RedisWorld world;
    world.settle();
    ASSERT_EQ(world.outbox->status().details.groups.size(), 1u);
    world.server.kill();
    world.confirm();

    EXPECT_TRUE(world.outbox->status().details.groups.empty());
}

} // namespace
} // namespace empathd

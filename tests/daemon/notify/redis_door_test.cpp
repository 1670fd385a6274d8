#include "daemon/notify/redis_door.hpp"

#include "tests/support/run.hpp"
#include "tests/support/scripted_redis.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::run_on;
using testing::ScriptedRedis;

const std::string is_master = "*3\r\n$6\r\nmaster\r\n:1\r\n*0\r\n";
const std::string is_slave =
    "*5\r\n$5\r\nslave\r\n$9\r\n127.0.0.1\r\n:1\r\n$9\r\nconnected\r\n:1\r\n";
const std::string nothing = "*-1\r\n";

class RedisDoors : public ::testing::Test {
protected:
    RedisDoor door_to(const std::vector<std::string>& sentinels, const std::string& password = "",
                      std::chrono::milliseconds timeout = 5s)
    {
        config::RedisConfig config;
        config.sentinels = sentinels;
        config.master = "alerts";
        config.sentinel_password_file = password;
        return RedisDoor(config, timeout);
    }
    std::string failure_of(RedisDoor& door, ErrorKind kind)
    {
        const auto opened = run_on(loop, door.open());
        if (opened) {
            return "it opened";
        }
        EXPECT_EQ(opened.error().kind, kind) << opened.error().message;
        return opened.error().message;
    }

    boost::asio::io_context loop{1};
    ScriptedRedis master{loop, {{"ROLE", is_master}}};
    ScriptedRedis replica{loop, {{"ROLE", is_slave}}};
    ScriptedRedis sentinel{loop, {{"get-master-addr-by-name", master.named()}}};
};

TEST_F(RedisDoors, LeadToTheConfiguredAddressWithoutAsking)
{
    config::RedisConfig config;
    config.address = master.address();
    RedisDoor door(config, 5s);

    const auto opened = run_on(loop, door.open());

    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(door.server(), master.address());
    EXPECT_TRUE(master.received.empty());
}

TEST_F(RedisDoors, LeadToTheMasterThatASentinelNames)
{
    RedisDoor door = door_to({sentinel.address()});

    const auto opened = run_on(loop, door.open());

    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(door.server(), master.address());
    EXPECT_EQ(door.failovers(), 0u);
    ASSERT_EQ(sentinel.received.size(), 1u);
    EXPECT_THAT(sentinel.received[0], HasSubstr("alerts"));
}

TEST_F(RedisDoors, DoNotBelieveAStaleSentinel)
{
    ScriptedRedis stale(loop, {{"get-master-addr-by-name", replica.named()}});
    RedisDoor door = door_to({stale.address(), sentinel.address()});

    const auto opened = run_on(loop, door.open());

    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(door.server(), master.address());
    EXPECT_EQ(replica.received.size(), 1u) << "asked for its role";
}

TEST_F(RedisDoors, SayThatTheNamedServerIsNoMaster)
{
    ScriptedRedis stale(loop, {{"get-master-addr-by-name", replica.named()}});
    RedisDoor door = door_to({stale.address()});

    EXPECT_THAT(failure_of(door, ErrorKind::unavailable),
                HasSubstr("redis at " + replica.address() + " is no master"));
}

TEST_F(RedisDoors, AskTheOneThatAnsweredLastFirst)
{
    ScriptedRedis second(loop, {{"get-master-addr-by-name", master.named()}});
    RedisDoor both = door_to({sentinel.address(), second.address()});

    ASSERT_TRUE(run_on(loop, both.open()));
    EXPECT_TRUE(second.received.empty());
    sentinel.script({{"get-master-addr-by-name", ""}}); // It hangs up.
    ASSERT_TRUE(run_on(loop, both.open()));
    ASSERT_TRUE(run_on(loop, both.open()));

    EXPECT_EQ(second.received.size(), 2u);
    EXPECT_EQ(sentinel.received.size(), 2u) << "not asked again while the other answers";
}

TEST_F(RedisDoors, CountFailovers)
{
    RedisDoor door = door_to({sentinel.address()});
    ASSERT_TRUE(run_on(loop, door.open()));
    replica.script({{"ROLE", is_master}});
    sentinel.script({{"get-master-addr-by-name", replica.named()}});

    ASSERT_TRUE(run_on(loop, door.open()));

    EXPECT_EQ(door.server(), replica.address());
    EXPECT_EQ(door.failovers(), 1u);
    ASSERT_TRUE(run_on(loop, door.open()));
    EXPECT_EQ(door.failovers(), 1u);
}

TEST_F(RedisDoors, SayThatNobodyAnswers)
{
    RedisDoor door = door_to({"127.0.0.1:1", "127.0.0.1:2"});

    EXPECT_THAT(failure_of(door, ErrorKind::unavailable),
                HasSubstr("no sentinel leads to a master: sentinel: redis at 127.0.0.1:2"));
}

TEST_F(RedisDoors, DoNotWaitForASentinelThatHangs)
{
    boost::asio::ip::tcp::acceptor silent(
        loop, {boost::asio::ip::address_v4::loopback(), 0}); // Takes it and says nothing.
    const std::string hanging = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    RedisDoor door = door_to({hanging, sentinel.address()}, "", 250ms);

    const auto opened = run_on(loop, door.open());

    EXPECT_TRUE(opened) << opened.error().message;
}

TEST_F(RedisDoors, SayThatTheNameIsWrong)
{
    sentinel.script({{"get-master-addr-by-name", nothing}});
    RedisDoor door = door_to({sentinel.address()});

    EXPECT_THAT(failure_of(door, ErrorKind::invalid_config),
                HasSubstr("knows no master named \"alerts\""));
}

TEST_F(RedisDoors, DoNotBlameTheNameWhenOnlySomeDoNotKnowIt)
{
    ScriptedRedis ignorant(loop, {{"get-master-addr-by-name", nothing}});
    RedisDoor door = door_to({"127.0.0.1:1", ignorant.address()});

    EXPECT_THAT(failure_of(door, ErrorKind::unavailable), HasSubstr("127.0.0.1:1"));
}

TEST_F(RedisDoors, ReportASentinelThatSpeaksNonsense)
{
    ScriptedRedis odd(loop, {{"get-master-addr-by-name", "*2\r\n$1\r\na\r\n$5\r\nthree\r\n"}});
    RedisDoor door = door_to({odd.address()});
    EXPECT_THAT(failure_of(door, ErrorKind::unavailable), HasSubstr("names no address"));

    odd.script({{"get-master-addr-by-name", ":7\r\n"}});
    EXPECT_THAT(failure_of(door, ErrorKind::unavailable), HasSubstr("something unknown"));
}

TEST_F(RedisDoors, GiveSentinelsTheirOwnPassword)
{
    const testing::TemporaryFolder folder;
    ScriptedRedis guarded(loop, {{"AUTH", "+OK\r\n"}, {"get-master-addr", master.named()}});
    RedisDoor door =
        door_to({guarded.address()}, testing::write_file(folder.file("password"), "hush\n"));

    ASSERT_TRUE(run_on(loop, door.open()));

    ASSERT_EQ(guarded.received.size(), 2u);
    EXPECT_THAT(guarded.received[0], HasSubstr("hush"));
    ASSERT_EQ(master.received.size(), 1u) << "the server's is another one";
    EXPECT_THAT(master.received[0], HasSubstr("ROLE"));
}

TEST_F(RedisDoors, SayThatASentinelAsksForAPassword)
{
    sentinel.script({{"get-master-addr", "-NOAUTH Authentication required.\r\n"}});
    RedisDoor door = door_to({sentinel.address()});

    EXPECT_THAT(failure_of(door, ErrorKind::unauthorized), HasSubstr("asks for a password"));
}

TEST_F(RedisDoors, DoNotTryOneServerTwice)
{
    ScriptedRedis stale(loop, {{"get-master-addr-by-name", replica.named()}});
    ScriptedRedis also_stale(loop, {{"get-master-addr-by-name", replica.named()}});
    RedisDoor door = door_to({stale.address(), also_stale.address()});

    EXPECT_THAT(failure_of(door, ErrorKind::unavailable), HasSubstr("is no master"));
    EXPECT_EQ(replica.received.size(), 1u);
    EXPECT_EQ(also_stale.received.size(), 1u);
}

} // namespace
} // namespace empathd

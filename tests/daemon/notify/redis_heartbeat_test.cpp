#include "daemon/notify/redis_heartbeat.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/redis_world.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace empathd {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class RedisHeartbeats : public testing::WithRedis {
protected:
    void SetUp() override
    {
        WithRedis::SetUp();
        if (!IsSkipped()) {
            server_.emplace();
        }
    }
    RedisHeartbeat heart(std::chrono::milliseconds interval = 60s)
    {
        config::RedisConfig config;
        config.address = server_->address();
        return RedisHeartbeat(config, {.instance = "north", .interval = interval}, clock, [this] {
            return RedisHeartbeat::Fields{{"sources", std::to_string(++asked)}, {"blind", "0"}};
        });
    }
    RespReply beats() { return server_->command({"XRANGE", "empathd:heartbeat", "-", "+"}); }

    asio::io_context loop{1};
    std::optional<testing::RedisServer> server_;
    testing::FakeClock clock{*parse_rfc3339("2024-05-01T12:00:00Z")};
    int asked = 0;
};

TEST_F(RedisHeartbeats, SayWhoIsAliveAndHow)
{
    RedisHeartbeat heartbeat = heart();

    ASSERT_TRUE(testing::run_on(loop, heartbeat.beat()));

    ASSERT_EQ(beats().items.size(), 1u);
    const RespReply entry = beats();
    const RespReply& fields = entry.items[0].items[1];
    ASSERT_EQ(fields.items.size(), 8u);
    EXPECT_EQ(field(fields, "at")->text, "2024-05-01T12:00:00Z");
    EXPECT_EQ(field(fields, "instance")->text, "north");
    EXPECT_EQ(field(fields, "sources")->text, "1");
    EXPECT_EQ(field(fields, "blind")->text, "0");
    EXPECT_TRUE(heartbeat.status().beating);
    EXPECT_EQ(heartbeat.status().last_beat_at, clock.now());
}

TEST_F(RedisHeartbeats, ReportAFailureAndGoOn)
{
    RedisHeartbeat heartbeat = heart();
    ASSERT_TRUE(testing::run_on(loop, heartbeat.beat()));
    server_->kill();

    EXPECT_FALSE(testing::run_on(loop, heartbeat.beat()));
    EXPECT_FALSE(heartbeat.status().beating);
    EXPECT_FALSE(heartbeat.status().last_error.empty());
    EXPECT_EQ(heartbeat.status().failures, 1u);
    server_->start();
    EXPECT_TRUE(testing::run_on(loop, heartbeat.beat()));

    EXPECT_TRUE(heartbeat.status().beating);
    EXPECT_EQ(heartbeat.status().beats, 2u);
}

TEST_F(RedisHeartbeats, TakeAConnectionThatWasClosedWhileIdleForNoFailure)
{
    RedisHeartbeat heartbeat = heart();
    ASSERT_TRUE(testing::run_on(loop, heartbeat.beat()));
    server_->command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});

    EXPECT_TRUE(testing::run_on(loop, heartbeat.beat()));
    EXPECT_EQ(heartbeat.status().failures, 0u);
}

TEST_F(RedisHeartbeats, AreKeptForAboutADay)
{
    RedisHeartbeat heartbeat = heart();
    for (int i = 0; i < 1'700; ++i) {
        ASSERT_TRUE(testing::run_on(loop, heartbeat.beat()));
    }

    EXPECT_LT(beats().items.size(), 1'700u);
    EXPECT_GE(beats().items.size(), heartbeats_kept);
}

TEST_F(RedisHeartbeats, ComeAtTheirIntervalUntilTheyAreCancelled)
{
    RedisHeartbeat heartbeat = heart(1ms);
    asio::cancellation_signal stop;
    std::optional<Result<>> ended;
    asio::co_spawn(
        loop, heartbeat.run(),
        asio::bind_cancellation_slot(stop.slot(), [&ended](std::exception_ptr, Result<> result) {
            ended = std::move(result);
        }));
    while (heartbeat.status().beats < 3 && loop.run_one_for(5s) != 0) {
    }
    stop.emit(asio::cancellation_type::terminal);
    while (!ended && loop.run_one_for(5s) != 0) {
    }

    ASSERT_TRUE(ended);
    EXPECT_TRUE(*ended);
    EXPECT_GE(beats().items.size(), 3u);
}

} // namespace
} // namespace empathd

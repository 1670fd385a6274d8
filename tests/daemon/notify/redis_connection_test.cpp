#include "daemon/notify/redis_connection.hpp"

#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <chrono>

namespace empathd {
namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;
using namespace std::chrono_literals;
using testing::run_on;

/// A server that accepts one connection, reads one command, answers `answer`, and then closes or
/// says nothing more.
class Script {
public:
    Script(asio::io_context& loop, const std::string& path, std::string answer, bool closes)
        : acceptor_(loop, Local::endpoint(path)), socket_(loop), answer_(std::move(answer)),
          closes_(closes)
    {
        asio::co_spawn(loop, serve(), asio::detached);
    }

    std::string received;

private:
    asio::awaitable<void> serve()
    {
        co_await acceptor_.async_accept(socket_, asio::use_awaitable);
        std::array<char, 1024> buffer{};
        const auto length =
            co_await socket_.async_read_some(asio::buffer(buffer), asio::use_awaitable);
        received.assign(buffer.data(), length);
        co_await asio::async_write(socket_, asio::buffer(answer_), asio::use_awaitable);
        if (closes_) {
            socket_.close();
        }
    }

    Local::acceptor acceptor_;
    Local::socket socket_;
    std::string answer_;
    bool closes_;
};

class RedisConnections : public ::testing::Test {
protected:
    [[nodiscard]] RedisOptions options() const
    {
        return {.address = "unix:" + path, .connect_timeout = 2s, .reply_timeout = 2s};
    }
    RedisAnswers ask(RedisOptions with, std::size_t commands = 1)
    {
        auto connected = run_on(loop, connect_redis(std::move(with)));
        if (!connected) {
            return {.replies = {}, .failure = connected.error()};
        }
        RespCommands pings;
        for (std::size_t i = 0; i < commands; ++i) {
            pings.add({"PING"});
        }
        auto answers = run_on(loop, connected->exchange(std::move(pings)));
        usable_after = connected->usable();
        return answers;
    }

    asio::io_context loop{1};
    testing::TemporaryFolder folder;
    std::string path = folder.file("s");
    bool usable_after = false;
};

TEST_F(RedisConnections, GiveTheRepliesInOrder)
{
    const Script server(loop, path, "+ONE\r\n-ERR two\r\n:3\r\n", false);

    const auto answers = ask(options(), 3);

    ASSERT_FALSE(answers.failure) << answers.failure->message;
    ASSERT_EQ(answers.replies.size(), 3u);
    EXPECT_EQ(answers.replies[0].text, "ONE");
    EXPECT_EQ(answers.replies[1].kind, RespReply::Kind::error);
    EXPECT_EQ(answers.replies[2].integer, 3);
    EXPECT_TRUE(usable_after);
}

TEST_F(RedisConnections, GiveWhatCameBeforeTheServerWentAway)
{
    const Script server(loop, path, "+ONE\r\n+TW", true);

    const auto answers = ask(options(), 3);

    ASSERT_TRUE(answers.failure);
    EXPECT_EQ(answers.failure->kind, ErrorKind::unavailable);
    EXPECT_EQ(answers.replies.size(), 1u);
    EXPECT_FALSE(usable_after);
}

TEST_F(RedisConnections, LetNoServerWaitForEver)
{
    const Script server(loop, path, "+ONE\r\n", false);
    RedisOptions impatient = options();
    impatient.reply_timeout = 50ms;

    const auto answers = ask(impatient, 2);

    ASSERT_TRUE(answers.failure);
    EXPECT_EQ(answers.failure->kind, ErrorKind::unavailable);
    EXPECT_NE(answers.failure->message.find("took too long"), std::string::npos);
    EXPECT_EQ(answers.replies.size(), 1u);
    EXPECT_FALSE(usable_after);
}

TEST_F(RedisConnections, RefuseWhatIsNoRedis)
{
    const Script server(loop, path, "HTTP/1.1 400 Bad Request\r\n\r\n", false);

    const auto answers = ask(options());

    ASSERT_TRUE(answers.failure);
    EXPECT_EQ(answers.failure->kind, ErrorKind::malformed);
    EXPECT_FALSE(usable_after);
}

TEST_F(RedisConnections, RefuseAnEndlessReply)
{
    const Script server(loop, path, "$1000000\r\n" + std::string(5'000, 'x'), false);
    RedisOptions small = options();
    small.limits.reply_bytes_max = 4'096;

    const auto answers = ask(small);

    ASSERT_TRUE(answers.failure);
    EXPECT_EQ(answers.failure->kind, ErrorKind::malformed);
}

TEST_F(RedisConnections, EndWithCancelledWhenTheyAre)
{
    const Script server(loop, path, "", false);
    auto connected = run_on(loop, connect_redis(options()));
    ASSERT_TRUE(connected) << connected.error().message;
    asio::cancellation_signal stop;
    std::optional<RedisAnswers> answers;
    RespCommands ping;
    ping.add({"PING"});
    asio::co_spawn(
        loop, connected->exchange(std::move(ping)),
        asio::bind_cancellation_slot(stop.slot(), [&answers](std::exception_ptr, RedisAnswers got) {
            answers = std::move(got);
        }));
    while (server.received.empty()) {
        loop.run_one();
    }

    stop.emit(asio::cancellation_type::terminal);
    while (!answers && loop.run_one() != 0) {
    }

    ASSERT_TRUE(answers && answers->failure);
    EXPECT_EQ(answers->failure->kind, ErrorKind::cancelled);
}

/// It came when nothing was under way that it could have ended.
TEST_F(RedisConnections, DoNotBeginWhatWasCancelledBefore)
{
    const Script server(loop, path, "", false);
    auto connected = run_on(loop, connect_redis(options()));
    ASSERT_TRUE(connected) << connected.error().message;
    asio::cancellation_signal stop;
    std::optional<RedisAnswers> answers;
    auto body = [&]() -> asio::awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        stop.emit(asio::cancellation_type::terminal);
        RespCommands ping;
        ping.add({"PING"});
        answers = co_await connected->exchange(std::move(ping));
    };
    bool ended = false;
    auto at_end = [&ended](std::exception_ptr) { ended = true; };
    asio::co_spawn(loop, body, asio::bind_cancellation_slot(stop.slot(), at_end));
    while (!ended && loop.run_one() != 0) {
    }

    ASSERT_TRUE(answers && answers->failure);
    EXPECT_EQ(answers->failure->kind, ErrorKind::cancelled) << answers->failure->message;
}

TEST_F(RedisConnections, SayThatNobodyListens)
{
    const auto answers = ask(options());

    ASSERT_TRUE(answers.failure);
    EXPECT_EQ(answers.failure->kind, ErrorKind::unavailable);
    EXPECT_NE(answers.failure->message.find(path), std::string::npos);
}

TEST_F(RedisConnections, SendThePasswordFirstAndNeverShowIt)
{
    Script server(loop, path, "-ERR unknown command `AUTH`, with args beginning with: `hush`\r\n",
                  false);
    RedisOptions secret = options();
    secret.password_file = testing::write_file(folder.file("password"), "hush\n");

    const auto answers = ask(secret);

    EXPECT_EQ(server.received, "*2\r\n$4\r\nAUTH\r\n$4\r\nhush\r\n");
    ASSERT_TRUE(answers.failure);
    EXPECT_EQ(answers.failure->message.find("hush"), std::string::npos) << answers.failure->message;
}

TEST_F(RedisConnections, SayThatThePasswordFileIsMissing)
{
    const Script server(loop, path, "+OK\r\n", false);
    RedisOptions secret = options();
    secret.password_file = folder.file("missing");

    const auto answers = ask(secret);

    ASSERT_TRUE(answers.failure);
    EXPECT_EQ(answers.failure->kind, ErrorKind::unauthorized);
    EXPECT_NE(answers.failure->message.find("missing"), std::string::npos);
}

struct Address {
    const char* name;
    const char* text;
    RedisEndpoint endpoint;
};

class RedisAddresses : public ::testing::TestWithParam<Address> {};

TEST_P(RedisAddresses, AreUnderstood)
{
    const auto endpoint = parse_redis_address(GetParam().text);

    ASSERT_TRUE(endpoint) << endpoint.error().message;
    EXPECT_EQ(*endpoint, GetParam().endpoint);
}

INSTANTIATE_TEST_SUITE_P(
    Good, RedisAddresses,
    ::testing::Values(Address{"Name", "redis.test:6379", {.host = "redis.test", .port = "6379"}},
                      Address{"V4", "127.0.0.1:1", {.host = "127.0.0.1", .port = "1"}},
                      Address{"V6", "[::1]:65535", {.host = "::1", .port = "65535"}},
                      Address{
                          "Tls", "tls://r.test:1", {.host = "r.test", .port = "1", .tls = true}},
                      Address{"TlsV6", "tls://[::1]:2", {.host = "::1", .port = "2", .tls = true}},
                      Address{"Unix", "unix:/run/r.sock", {.path = "/run/r.sock"}}),
    [](const auto& test) { return test.param.name; });

TEST(RedisAddress, IsMadeOfWhatASentinelTells)
{
    EXPECT_EQ(to_redis_address("10.0.0.1", "6379"), "10.0.0.1:6379");
    EXPECT_EQ(to_redis_address("fe80::1", "6379"), "[fe80::1]:6379");
}

TEST_F(RedisConnections, DoNotSpeakTlsOnAUnixSocket)
{
    RedisOptions secure = options();
    secure.tls.on = true;

    const auto answers = ask(secure);

    ASSERT_TRUE(answers.failure);
    EXPECT_EQ(answers.failure->kind, ErrorKind::invalid_config);
}

TEST(RedisAddress, IsRefusedWhenItIsNone)
{
    const std::string long_path = "unix:/" + std::string(200, 'x');
    for (const std::string& bad :
         {std::string(), std::string("redis"), std::string(":6379"), std::string("redis:"),
          std::string("redis:0"), std::string("redis:65536"), std::string("redis:6379x"),
          std::string("::1:6379"), std::string("tls://"), std::string("tls://redis"),
          std::string("tls://:6379"), std::string("unix:"), std::string("unix:run/r.sock"),
          long_path}) {
        const auto endpoint = parse_redis_address(bad);
        ASSERT_FALSE(endpoint) << bad;
        EXPECT_EQ(endpoint.error().kind, ErrorKind::invalid_config) << bad;
    }
}

} // namespace
} // namespace empathd

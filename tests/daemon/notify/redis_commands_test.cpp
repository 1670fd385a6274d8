// Commands through a real redis-server: each is obeyed once, whatever happens to the stream, to us
// or to the handler.
#include "daemon/notify/redis_commands.hpp"

#include "tests/support/redis_world.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace empathd {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = RespReply::Kind;

/// What obeys in these tests: keeps receipts, as the store does.
struct Desk {
    asio::awaitable<Result<CommandAnswer>> obey(Command command)
    {
        ++asked;
        if (!troubles.empty()) {
            const Error trouble = troubles.front();
            troubles.pop_front();
            co_return trouble;
        }
        if (!receipts.insert({command.key, command.incident}).second) {
            co_return CommandAnswer{.repeated = true, .detail = ""};
        }
        obeyed.push_back(std::string(to_string(command.type)) + ' ' + command.incident);
        co_return CommandAnswer{.repeated = false, .detail = "done"};
    }

    int asked = 0;
    std::deque<Error> troubles; ///< Answered first.
    std::map<std::string, std::string> receipts;
    std::vector<std::string> obeyed; ///< In this order.
};

class RedisCommandStreams : public testing::WithRedis {
protected:
    void SetUp() override
    {
        WithRedis::SetUp();
        if (!IsSkipped()) {
            server.emplace();
            config.address = server->address();
            start();
        }
    }
    /// A new reader, as after a restart of the daemon.
    void start(const std::string& instance = "north", RedisCommandsOptions options = {})
    {
        options.instance = instance;
        options.block = 0ms;
        auto handler = [this](Command command) { return desk.obey(std::move(command)); };
        commands = std::make_unique<RedisCommands>(config, options, std::move(handler));
    }
    std::string send(std::vector<std::string> fields)
    {
        fields.insert(fields.begin(), {"XADD", "empathd:commands", "*"});
        return server->command(fields).text;
    }
    std::string acknowledge(const std::string& incident)
    {
        return send({"type", "acknowledge", "incident", incident, "by", "Mai"});
    }
    Result<> step() { return testing::run_on(loop, commands->step()); }
    void settle()
    {
        const auto stepped = step();
        ASSERT_TRUE(stepped) << stepped.error().message;
    }
    /// "id ok error detail" of each answer.
    std::vector<std::string> answers()
    {
        std::vector<std::string> out;
        for (const RespReply& entry :
             server->command({"XRANGE", "empathd:answers", "-", "+"}).items) {
            const RespReply& fields = entry.items.at(1);
            out.push_back(field(fields, "id")->text + ' ' + field(fields, "ok")->text + ' ' +
                          field(fields, "error")->text + ' ' + field(fields, "detail")->text);
        }
        return out;
    }
    std::int64_t pending()
    {
        return server->command({"XPENDING", "empathd:commands", "empathd"}).items.at(0).integer;
    }
    std::int64_t length() { return server->command({"XLEN", "empathd:commands"}).integer; }

    asio::io_context loop{1};
    std::optional<testing::RedisServer> server;
    config::RedisConfig config;
    Desk desk;
    std::unique_ptr<RedisCommands> commands;
};

TEST_F(RedisCommandStreams, AreObeyedInOrderAndAnswered)
{
    const std::string first = acknowledge("a");
    send({"type", "resolve", "incident", "b", "by", "Lan", "id", "client-7"});

    settle();

    EXPECT_THAT(desk.obeyed, ElementsAre("acknowledge a", "resolve b"));
    EXPECT_THAT(answers(), ElementsAre(first + " 1  done", "client-7 1  done"));
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(length(), 0) << "what is obeyed is gone";
    EXPECT_EQ(commands->status().obeyed, 2u);
    EXPECT_TRUE(commands->status().connected);
}

TEST_F(RedisCommandStreams, MayBeSentBeforeTheDaemonEverRan)
{
    acknowledge("early");
    settle();
    settle();
    EXPECT_THAT(desk.obeyed, ElementsAre("acknowledge early"));
}

TEST_F(RedisCommandStreams, AnswerWhatIsNoCommand)
{
    const std::string bad = send({"type", "explode", "by", "Mai"});
    send({"type", "resolve", "by", "Mai", "id", "client-8"});
    acknowledge("a");

    settle();

    EXPECT_THAT(answers(), ElementsAre(bad + " 0 type: \"explode\" is no command ",
                                       "client-8 0 incident: missing, required for resolve ",
                                       HasSubstr(" 1  done")));
    EXPECT_EQ(desk.asked, 1);
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(commands->status().refused, 2u);
}

TEST_F(RedisCommandStreams, AnswerWhatTheHandlerRefuses)
{
    desk.troubles = {{ErrorKind::not_found, "there is no incident a"}};
    send({"type", "resolve", "incident", "a", "by", "Mai", "id", "x"});

    settle();

    EXPECT_THAT(answers(), ElementsAre("x 0 there is no incident a "));
    EXPECT_EQ(pending(), 0);
}

TEST_F(RedisCommandStreams, WaitForAHandlerThatCannot)
{
    desk.troubles = {{ErrorKind::unavailable, "the store is busy"},
                     {ErrorKind::unavailable, "the store is busy"}};
    acknowledge("a");
    acknowledge("b");

    EXPECT_EQ(step().error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(desk.obeyed.empty());
    EXPECT_TRUE(answers().empty());
    EXPECT_EQ(pending(), 2);
    EXPECT_FALSE(step());
    EXPECT_EQ(desk.asked, 2) << "b waits behind a";
    settle();

    EXPECT_THAT(desk.obeyed, ElementsAre("acknowledge a", "acknowledge b"));
    EXPECT_EQ(commands->status().failures, 2u);
    EXPECT_EQ(commands->status().last_error, "the store is busy");
}

TEST_F(RedisCommandStreams, AreObeyedOnceWhenTheClientRepeatsThem)
{
    for (int i = 0; i < 3; ++i) {
        send({"type", "resolve", "incident", "a", "by", "Mai", "id", "same"});
        settle();
    }

    EXPECT_EQ(desk.obeyed.size(), 1u);
    EXPECT_THAT(answers(), ElementsAre("same 1  done", "same 1  ", "same 1  "));
    EXPECT_EQ(commands->status().repeated, 2u);
}

/// A crash after the record and before the acknowledgement.
TEST_F(RedisCommandStreams, AreObeyedOnceWhenWeDieBeforeTheAcknowledgement)
{
    settle();
    acknowledge("a");
    server->command(
        {"XREADGROUP", "GROUP", "empathd", "north", "STREAMS", "empathd:commands", ">"});
    start();
    settle();
    ASSERT_THAT(desk.obeyed, ElementsAre("acknowledge a"));

    // The same entry again, as an older snapshot or a replica that lagged gives it back.
    server->command({"FLUSHALL"});
    server->command(
        {"XADD", "empathd:commands", "5-5", "type", "acknowledge", "incident", "b", "by", "Mai"});
    start();
    settle();
    server->command({"FLUSHALL"});
    server->command(
        {"XADD", "empathd:commands", "5-5", "type", "acknowledge", "incident", "b", "by", "Mai"});
    start();
    settle();

    EXPECT_THAT(desk.obeyed, ElementsAre("acknowledge a", "acknowledge b"));
    EXPECT_EQ(commands->status().repeated, 1u);
}

TEST_F(RedisCommandStreams, AreOthersInTheSamePlaceOfANewServer)
{
    server->command(
        {"XADD", "empathd:commands", "5-5", "type", "resolve", "incident", "a", "by", "Mai"});
    settle();
    server->command({"FLUSHALL"});
    server->command(
        {"XADD", "empathd:commands", "5-5", "type", "resolve", "incident", "b", "by", "Mai"});
    (void)step(); // NOGROUP.
    settle();

    EXPECT_THAT(desk.obeyed, ElementsAre("resolve a", "resolve b"));
}

TEST_F(RedisCommandStreams, HealTheirGroup)
{
    settle();
    server->command({"XGROUP", "DESTROY", "empathd:commands", "empathd"});
    acknowledge("a");
    EXPECT_FALSE(step());
    settle();
    server->command({"DEL", "empathd:commands"});
    EXPECT_FALSE(step());
    acknowledge("b");
    settle();

    EXPECT_THAT(desk.obeyed, ElementsAre("acknowledge a", "acknowledge b"));
}

TEST_F(RedisCommandStreams, GoOnAfterARestartOfRedis)
{
    settle();
    server->kill();
    EXPECT_EQ(step().error().kind, ErrorKind::unavailable);
    EXPECT_FALSE(commands->status().connected);
    EXPECT_FALSE(commands->status().last_error.empty());
    server->start();
    acknowledge("a");
    settle();

    EXPECT_THAT(desk.obeyed, ElementsAre("acknowledge a"));
}

TEST_F(RedisCommandStreams, TakeOverWhatAnotherNameLeft)
{
    settle();
    acknowledge("a");
    server->command({"XREADGROUP", "GROUP", "empathd", "old", "STREAMS", "empathd:commands", ">"});
    settle();
    EXPECT_TRUE(desk.obeyed.empty()) << "it may be at it still";

    RedisCommandsOptions at_once;
    at_once.claim_idle = 0ms;
    start("north", at_once);
    settle();

    EXPECT_THAT(desk.obeyed, ElementsAre("acknowledge a"));
}

TEST_F(RedisCommandStreams, DoNotStopAtAnEntryThatIsTooLong)
{
    RedisCommandsOptions small;
    small.limits.reply_bytes_max = 20'000;
    start("north", small);
    acknowledge("a");
    const std::string monster = send(
        {"type", "acknowledge", "incident", "m", "by", "Mai", "note", std::string(200'000, 'x')});
    acknowledge("b");

    for (int steps = 0; steps < 10 && desk.obeyed.size() < 2; ++steps) {
        (void)step();
    }

    EXPECT_THAT(desk.obeyed, ElementsAre("acknowledge a", "acknowledge b"));
    EXPECT_THAT(answers(),
                ::testing::Contains(monster + " 0 the entry is longer than a command may be "));
    EXPECT_EQ(pending(), 0);
}

TEST_F(RedisCommandStreams, LetGoOfWhatWasDeletedMeanwhile)
{
    settle();
    const std::string gone = acknowledge("a");
    server->command(
        {"XREADGROUP", "GROUP", "empathd", "north", "STREAMS", "empathd:commands", ">"});
    server->command({"XDEL", "empathd:commands", gone});
    settle();

    EXPECT_EQ(desk.asked, 0);
    EXPECT_EQ(pending(), 0);
    EXPECT_THAT(answers(), ElementsAre(HasSubstr("deleted before it was obeyed")));
}

TEST_F(RedisCommandStreams, AreNotObeyedAgainBecauseTheyCannotBeAnswered)
{
    server->command({"SET", "empathd:answers", "something else"});
    acknowledge("a");

    settle();
    settle();

    EXPECT_EQ(desk.asked, 1);
    EXPECT_EQ(pending(), 0);
    EXPECT_THAT(commands->status().last_error, HasSubstr("WRONGTYPE"));
}

TEST_F(RedisCommandStreams, WaitWhileRedisTakesNoWrites)
{
    settle();
    acknowledge("a");
    server->command({"CONFIG", "SET", "maxmemory", "1"});
    (void)step();
    server->command({"CONFIG", "SET", "maxmemory", "0"});
    settle();

    EXPECT_EQ(desk.obeyed.size(), 1u);
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(answers().size(), 1u);
}

TEST_F(RedisCommandStreams, EndWhenTheyAreCancelledWhileTheyWait)
{
    RedisCommandsOptions blocking;
    blocking.instance = "north";
    blocking.block = 60s;
    auto handler = [this](Command command) { return desk.obey(std::move(command)); };
    RedisCommands reader(config, blocking, std::move(handler));
    asio::cancellation_signal stop;
    std::optional<Result<>> ended;
    asio::co_spawn(
        loop, reader.run(),
        asio::bind_cancellation_slot(stop.slot(), [&ended](std::exception_ptr, Result<> result) {
            ended = std::move(result);
        }));
    acknowledge("a");
    while (reader.status().obeyed == 0 && loop.run_one_for(5s) != 0) {
    }

    stop.emit(asio::cancellation_type::terminal);
    while (!ended && loop.run_one_for(5s) != 0) {
    }

    ASSERT_TRUE(ended);
    EXPECT_TRUE(*ended);
    EXPECT_EQ(reader.status().obeyed, 1u);
}

TEST_F(RedisCommandStreams, EndWithTheStoresFailure)
{
    desk.troubles = {{ErrorKind::storage, "the disk is gone"}};
    acknowledge("a");

    const auto ended = testing::run_on(loop, commands->run());

    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::storage);
    EXPECT_EQ(pending(), 1) << "obeyed after the restart";
}

} // namespace
} // namespace empathd

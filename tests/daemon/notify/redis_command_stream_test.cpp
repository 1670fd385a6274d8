#include "daemon/notify/redis_command_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace empathd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const CommandStreams streams{.commands = "c", .answers = "a", .consumer = "north"};

std::vector<RespReply> replies(std::string_view bytes)
{
    RespReader reader;
    reader.feed(bytes);
    std::vector<RespReply> all;
    for (;;) {
        auto reply = reader.next();
        if (!reply || !*reply) {
            return all;
        }
        all.push_back(std::move(**reply));
    }
}

Result<std::vector<CommandEntry>> read(std::string_view bytes)
{
    return read_command_entries(replies(bytes).at(0));
}

TEST(RedisCommandStream, ReadsEntriesInTheirOrder)
{
    const auto entries = read("*1\r\n*2\r\n$1\r\nc\r\n*2\r\n"
                              "*2\r\n$3\r\n1-0\r\n*2\r\n$1\r\nk\r\n$1\r\nv\r\n"
                              "*2\r\n$3\r\n2-0\r\n*-1\r\n");

    ASSERT_TRUE(entries) << entries.error().message;
    EXPECT_THAT(*entries, ElementsAre(CommandEntry{"1-0", {{"k", "v"}}}, CommandEntry{"2-0", {}}));
}

TEST(RedisCommandStream, TakesSilenceForNothing)
{
    const auto entries = read("*-1\r\n");
    ASSERT_TRUE(entries);
    EXPECT_THAT(*entries, IsEmpty());
}

TEST(RedisCommandStream, RefusesWhatItDoesNotKnow)
{
    for (const char* const bytes : {"+OK\r\n", ":1\r\n", "*0\r\n", "*1\r\n*1\r\n$1\r\nc\r\n",
                                    "*1\r\n*2\r\n$1\r\nc\r\n*1\r\n*1\r\n$3\r\n1-0\r\n",
                                    "*1\r\n*2\r\n$1\r\nc\r\n*1\r\n*2\r\n:1\r\n*0\r\n"}) {
        const auto entries = read(bytes);
        ASSERT_FALSE(entries) << bytes;
        EXPECT_EQ(entries.error().kind, ErrorKind::malformed) << bytes;
    }
    EXPECT_EQ(read("-NOGROUP no\r\n").error().kind, ErrorKind::not_found);
}

TEST(RedisCommandStream, NeverBlocksForEver)
{
    RespCommands commands;
    add_read_new(commands, streams, 8, 0);
    EXPECT_EQ(commands.bytes().find("BLOCK"), std::string::npos);
    RespCommands waiting;
    add_read_new(waiting, streams, 8, 5'000);
    EXPECT_NE(waiting.bytes().find("BLOCK\r\n$4\r\n5000"), std::string::npos);
}

TEST(RedisCommandStream, AnswersAndLetsGoInOneTransaction)
{
    RespCommands commands;
    add_answer(
        commands, streams,
        {.entry = "1-0", .id = "x", .ok = false, .error = std::string(900, 'e'), .detail = ""});

    EXPECT_EQ(commands.count(), 5u);
    const std::string& bytes = commands.bytes();
    EXPECT_LT(bytes.find("MULTI"), bytes.find("XADD"));
    EXPECT_LT(bytes.find("XADD"), bytes.find("XACK"));
    EXPECT_LT(bytes.find("XDEL"), bytes.find("EXEC"));
    EXPECT_THAT(bytes, HasSubstr("\r\n" + std::string(command_error_bytes_max, 'e') + "\r\n"));
}

TEST(RedisCommandStream, SaysWhyATransactionDidNotTakePlace)
{
    EXPECT_TRUE(check_answered(replies("+OK\r\n+QUEUED\r\n*1\r\n:1\r\n")));
    EXPECT_EQ(check_answered(replies("+OK\r\n-OOM no\r\n-EXECABORT no\r\n")).error().kind,
              ErrorKind::unavailable);
    EXPECT_EQ(check_answered(replies("+OK\r\n*-1\r\n")).error().kind, ErrorKind::unavailable);
    EXPECT_FALSE(check_answered({}));
}

TEST(RedisCommandStream, GivesACommandItsKey)
{
    const CommandEntry with_id{"1-0",
                               {{"type", "reopen"}, {"incident", "i"}, {"by", "M"}, {"id", "7"}}};
    CommandEntry without_id = with_id;
    without_id.fields.pop_back();

    const auto named = read_command(with_id);
    const auto unnamed = read_command(without_id);

    ASSERT_TRUE(named.command && unnamed.command);
    EXPECT_EQ(named.command->key, command_key_of_client("7"));
    EXPECT_EQ(named.reply.id, "7");
    EXPECT_EQ(unnamed.command->key, command_key_of_place("1-0", without_id.fields));
    EXPECT_EQ(unnamed.reply.id, "1-0");
}

TEST(RedisCommandStream, AnswersUnderTheEntrysIdWhenTheClientsIsNone)
{
    for (const std::string& id : {std::string(), std::string(129, 'x'), std::string("a b"),
                                  std::string("\x1b"), std::string("\xc3\xa9")}) {
        const auto read = read_command({"1-0", {{"id", id}, {"type", "reopen"}}});
        EXPECT_FALSE(read.command);
        EXPECT_EQ(read.reply.id, "1-0");
        EXPECT_FALSE(read.reply.error.empty());
    }
}

} // namespace
} // namespace empathd

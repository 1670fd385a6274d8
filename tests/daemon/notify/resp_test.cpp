#include "daemon/notify/resp.hpp"

#include <gtest/gtest.h>

#include <string>

namespace empathd {
namespace {

using Kind = RespReply::Kind;
using namespace std::literals;

RespReply text(std::string value)
{
    return {.kind = Kind::text, .text = std::move(value)};
}
RespReply integer(std::int64_t value)
{
    return {.kind = Kind::integer, .integer = value};
}
RespReply list(std::vector<RespReply> items)
{
    return {.kind = Kind::array, .items = std::move(items)};
}

struct GoodReply {
    const char* name;
    std::string bytes;
    RespReply value;
};

class RespReads : public ::testing::TestWithParam<GoodReply> {};

TEST_P(RespReads, InOnePiece)
{
    RespReader reader;
    reader.feed(GetParam().bytes);

    const auto reply = reader.next();

    ASSERT_TRUE(reply) << reply.error().message;
    ASSERT_TRUE(*reply);
    EXPECT_EQ(**reply, GetParam().value);
    const auto more = reader.next();
    ASSERT_TRUE(more);
    EXPECT_FALSE(*more);
}

TEST_P(RespReads, ByteByByteAndTwiceInARow)
{
    RespReader reader;
    std::vector<RespReply> replies;
    for (const char byte : GetParam().bytes + GetParam().bytes) {
        reader.feed(std::string_view(&byte, 1));
        auto reply = reader.next();
        ASSERT_TRUE(reply) << reply.error().message;
        if (*reply) {
            replies.push_back(std::move(**reply));
        }
    }

    ASSERT_EQ(replies.size(), 2u);
    EXPECT_EQ(replies[0], GetParam().value);
    EXPECT_EQ(replies[1], GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Replies, RespReads,
    ::testing::Values(
        GoodReply{"Status", "+OK\r\n", {.kind = Kind::status, .text = "OK"}},
        GoodReply{"Error", "-OOM no\r\n", {.kind = Kind::error, .text = "OOM no"}},
        GoodReply{"Integer", ":-42\r\n", integer(-42)},
        GoodReply{"LargestInteger", ":9223372036854775807\r\n", integer(INT64_MAX)},
        GoodReply{"Text", "$5\r\nhello\r\n", text("hello")},
        GoodReply{"TextWithLineEndAndNul", "$5\r\na\r\n\0b\r\n"s, text("a\r\n\0b"s)},
        GoodReply{"EmptyText", "$0\r\n\r\n", text("")}, GoodReply{"NoText", "$-1\r\n", {}},
        GoodReply{"NoArray", "*-1\r\n", {}}, GoodReply{"EmptyArray", "*0\r\n", list({})},
        GoodReply{"Array", "*3\r\n:1\r\n$1\r\nx\r\n$-1\r\n", list({integer(1), text("x"), {}})},
        GoodReply{"ArraysInside", "*2\r\n*1\r\n*1\r\n:7\r\n*2\r\n:8\r\n:9\r\n",
                  list({list({list({integer(7)})}), list({integer(8), integer(9)})})}),
    [](const auto& test) { return test.param.name; });

struct HostileReply {
    const char* name;
    std::string bytes;
};

class RespRefuses : public ::testing::TestWithParam<HostileReply> {};

TEST_P(RespRefuses, AsMalformedAndForEver)
{
    RespReader reader({.reply_bytes_max = 4096, .items_max = 100, .depth_max = 4});
    reader.feed(GetParam().bytes);

    const auto reply = reader.next();

    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().kind, ErrorKind::malformed);
    reader.feed("+OK\r\n");
    EXPECT_FALSE(reader.next());
}

INSTANTIATE_TEST_SUITE_P(
    Bytes, RespRefuses,
    ::testing::Values(
        HostileReply{"Http", "HTTP/1.1 400 Bad Request\r\n\r\n"},
        HostileReply{"UnknownType", "!5\r\nhello\r\n"}, HostileReply{"NegativeLength", "$-2\r\n"},
        HostileReply{"NegativeCount", "*-7\r\n"},
        HostileReply{"CountBeyondInt", "*99999999999\r\n"}, HostileReply{"ManyItems", "*101\r\n"},
        HostileReply{"ManyItemsInPieces", "*2\r\n*60\r\n" +
                                              [] {
                                                  std::string sixty;
                                                  for (int i = 0; i < 60; ++i) {
                                                      sixty += ":1\r\n";
                                                  }
                                                  return sixty;
                                              }() +
                                              "*60\r\n"},
        HostileReply{"TooDeep", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"},
        HostileReply{"LongLineWithoutEnd", "+" + std::string(5000, 'x')},
        HostileReply{"LongText", "$100000\r\n" + std::string(5000, 'x')},
        HostileReply{"ManyItemsWithoutEnd", "*90\r\n$4000\r\n" + std::string(4000, 'x') +
                                                "\r\n$4000\r\n" + std::string(400, 'x')}),
    [](const auto& test) { return test.param.name; });

TEST(Resp, LimitsCountPerReplyAndNotPerConnection)
{
    RespReader reader({.reply_bytes_max = 64, .items_max = 4, .depth_max = 2});
    for (int i = 0; i < 100; ++i) {
        reader.feed("*3\r\n:1\r\n:2\r\n$10\r\n0123456789\r\n");
        const auto reply = reader.next();
        ASSERT_TRUE(reply) << reply.error().message;
        ASSERT_TRUE(*reply);
        EXPECT_EQ((*reply)->items.size(), 3u);
    }
}

TEST(Resp, WritesCommandsOfAnyBytes)
{
    RespCommands commands;
    commands.add({"SET", "k", "a\r\n\0b"sv});
    commands.add({"GET", ""});

    EXPECT_EQ(commands.count(), 2u);
    EXPECT_EQ(commands.bytes(), "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\n\0b\r\n"
                                "*2\r\n$3\r\nGET\r\n$0\r\n\r\n"s);
}

TEST(Resp, FindsAFieldByItsName)
{
    const RespReply fields = list({text("name"), text("g"), text("lag"), integer(3)});

    ASSERT_NE(field(fields, "lag"), nullptr);
    EXPECT_EQ(field(fields, "lag")->integer, 3);
    EXPECT_EQ(field(fields, "g"), nullptr) << "a value is no name";
    EXPECT_EQ(field(text("name"), "name"), nullptr);
    EXPECT_EQ(field(list({text("odd")}), "odd"), nullptr);
}

} // namespace
} // namespace empathd

#include "daemon/notify/redis_stream.hpp"

#include "tests/support/store_pages.hpp"

#include <gtest/gtest.h>

namespace empathd {
namespace {

const StreamNames one_group{.stream = "s", .groups = {"g"}};

/// Replies as a server writes them on the wire.
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

std::string bulk(std::string_view text)
{
    return "$" + std::to_string(text.size()) + "\r\n" + std::string(text) + "\r\n";
}

const std::string info_server = bulk("# Server\r\nredis_version:7.0.15\r\nrun_id:abc\r\n");
const std::string info_replication = bulk("# Replication\r\nrole:master\r\nmaster_replid:def\r\n");
std::string stream_with(const std::string& first_entry, const std::string& deleted)
{
    return "*8\r\n" + bulk("length") + ":1\r\n" + bulk("last-generated-id") + bulk("7-1") +
           bulk("max-deleted-entry-id") + bulk(deleted) + bulk("first-entry") + first_entry;
}
std::string entry(const std::string& id, const std::string& key)
{
    return "*2\r\n" + bulk(id) + "*2\r\n" + bulk("key") + bulk(key);
}
const std::string stream = stream_with(entry("3-0", "k"), "0-0");
const std::string groups =
    "*1\r\n*4\r\n" + bulk("name") + bulk("g") + bulk("last-delivered-id") + bulk("5-0");
const std::string consumers = "*2\r\n*2\r\n" + bulk("name") + bulk("worker") + "*2\r\n" +
                              bulk("name") + bulk("empathd-witness-1");

TEST(RedisStream, AddsAnEntryWithEveryFieldOfTheContract)
{
    OutboxRow row{.record = testing::an_alert("key-1")};
    row.record.alert.incident.revision = 3;
    row.record.alert.incident.score = 61.25;
    row.record.alert.incident.severity = Severity::error;
    RespCommands commands;

    add_entry_command(commands, "empathd:alerts", 1000, row);

    std::string expected = "*26\r\n";
    for (const char* const argument : {"XADD",     "empathd:alerts",
                                       "MAXLEN",   "~",
                                       "1000",     "*",
                                       "key",      "key-1",
                                       "incident", "incident-of-key-1",
                                       "revision", "3",
                                       "state",    "open",
                                       "severity", "error",
                                       "score",    "61.25",
                                       "brand",    "Acme",
                                       "network",  "forum",
                                       "summary",  "Acme: it broke",
                                       "body",     R"({"key":"key-1"})"}) {
        expected += bulk(argument);
    }
    EXPECT_EQ(commands.bytes(), expected);
}

TEST(RedisStream, BelievesNothingThatAReplicaShows)
{
    const std::string replica = bulk("# Replication\r\nrole:slave\r\nmaster_replid:def\r\n");

    const auto view =
        read_view(replies(info_server + replica + stream + groups + consumers), one_group);

    ASSERT_FALSE(view);
    EXPECT_EQ(view.error().kind, ErrorKind::unavailable);
    EXPECT_NE(view.error().message.find("READONLY"), std::string::npos);
}

TEST(RedisStream, SeesServerStreamGroupsAndWitnesses)
{
    const auto view =
        read_view(replies(info_server + info_replication + stream + groups + consumers), one_group);

    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->server, "abc/def");
    EXPECT_EQ(view->last_generated, (EntryId{7, 1}));
    ASSERT_EQ(view->groups.size(), 1u);
    EXPECT_TRUE(view->groups[0].exists);
    EXPECT_EQ(view->groups[0].last_delivered, (EntryId{5, 0}));
    EXPECT_EQ(view->groups[0].witnesses, std::vector<std::string>{"empathd-witness-1"});
    EXPECT_EQ(common_witness(*view), "empathd-witness-1");
}

TEST(RedisStream, TakesMissingStreamAndGroupForAFact)
{
    const std::string none = "-ERR no such key\r\n";
    const auto no_stream =
        read_view(replies(info_server + info_replication + none + none + none), one_group);
    const auto no_group =
        read_view(replies(info_server + info_replication + stream + "*0\r\n" +
                          "-NOGROUP No such consumer group 'g' for key name 's'\r\n"),
                  one_group);

    ASSERT_TRUE(no_stream) << no_stream.error().message;
    EXPECT_FALSE(no_stream->last_generated);
    EXPECT_FALSE(no_stream->groups.at(0).exists);
    ASSERT_TRUE(no_group) << no_group.error().message;
    EXPECT_TRUE(no_group->last_generated);
    EXPECT_FALSE(no_group->groups.at(0).exists);
    EXPECT_FALSE(common_witness(*no_group));
}

TEST(RedisStream, KnowsNoServerThatDoesNotTellItsName)
{
    const auto view =
        read_view(replies(bulk("") + info_replication + stream + groups + consumers), one_group);

    ASSERT_TRUE(view);
    EXPECT_EQ(view->server, "-");
}

TEST(RedisStream, TakesTheLeastWitnessThatStandsEverywhere)
{
    StreamView view{.server = "s",
                    .groups = {{.witnesses = {"c", "b", "a"}}, {.witnesses = {"b", "c", "d"}}}};
    EXPECT_EQ(common_witness(view), "b");
    view.groups[1].witnesses = {"d"};
    EXPECT_FALSE(common_witness(view));
}

struct BadView {
    const char* name;
    std::string bytes;
    ErrorKind kind;
};

class RedisStreamRefuses : public ::testing::TestWithParam<BadView> {};

TEST_P(RedisStreamRefuses, WhatItCannotRelyOn)
{
    const auto view = read_view(replies(GetParam().bytes), one_group);

    ASSERT_FALSE(view);
    EXPECT_EQ(view.error().kind, GetParam().kind);
}

const std::string head = info_server + info_replication;

INSTANTIATE_TEST_SUITE_P(
    Replies, RedisStreamRefuses,
    ::testing::Values(BadView{"TooFew", head + stream, ErrorKind::malformed},
                      BadView{"NoStreamId",
                              head + "*2\r\n" + bulk("length") + ":1\r\n" + groups + consumers,
                              ErrorKind::malformed},
                      BadView{"BadGroupId",
                              head + stream + "*1\r\n*4\r\n" + bulk("name") + bulk("g") +
                                  bulk("last-delivered-id") + bulk("x") + consumers,
                              ErrorKind::malformed},
                      BadView{"WrongType", head + "-WRONGTYPE Operation\r\n" + groups + consumers,
                              ErrorKind::invalid_config},
                      BadView{"Loading",
                              "-LOADING Redis\r\n" + info_replication + stream + groups + consumers,
                              ErrorKind::unavailable},
                      BadView{"NotPermitted", head + stream + groups + "-NOPERM no\r\n",
                              ErrorKind::unauthorized}),
    [](const auto& test) { return test.param.name; });

const RedisReceipt receipt{"5-0", "abc/def", "empathd-witness-1"};
const std::string queued = "+OK\r\n" + [] {
    std::string lines;
    for (int i = 0; i < 7; ++i) {
        lines += "+QUEUED\r\n";
    }
    return lines;
}();
const std::string view_bytes = head + stream + groups + consumers;

Result<std::vector<EntryFacts>> facts(const std::string& bytes)
{
    const std::vector<RedisReceipt> receipts{receipt};
    const std::vector<std::string> keys{"key-1"};
    return read_facts(replies(bytes), one_group, receipts, keys);
}

TEST(RedisFacts, AreReadFromTheTransaction)
{
    const auto seen =
        facts(queued + "*7\r\n" + view_bytes + "*1\r\n" + entry("5-0", "key-1") + "*0\r\n");

    ASSERT_TRUE(seen) << seen.error().message;
    const EntryFacts& one = seen->at(0);
    EXPECT_TRUE(one.present && one.same_server && one.in_reach);
    EXPECT_TRUE(one.groups.at(0).witnessed && one.groups.at(0).reached);
    EXPECT_FALSE(one.groups.at(0).pending);
}

TEST(RedisFacts, TakeAnotherAlertUnderTheSameIdForAbsence)
{
    const auto seen =
        facts(queued + "*7\r\n" + view_bytes + "*1\r\n" + entry("5-0", "key-2") + "*0\r\n");

    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_FALSE(seen->at(0).present);
}

TEST(RedisFacts, KnowWhetherAnEntryMayHaveBeenTrimmed)
{
    struct Case {
        std::string first;
        std::string deleted;
        bool cut_off;
    };
    const std::string nothing = "$-1\r\n";
    for (const Case& c :
         {Case{entry("3-0", "k"), "0-0", false}, Case{entry("6-0", "k"), "0-0", true},
          Case{nothing, "0-0", true}, Case{nothing, "4-9", true}, Case{nothing, "5-0", false},
          Case{entry("6-0", "k"), "5-1", false}, Case{entry("5-0", "key-1"), "0-0", false}}) {
        const auto seen = facts(queued + "*7\r\n" + head + stream_with(c.first, c.deleted) +
                                groups + consumers + "*0\r\n" + "*0\r\n");
        ASSERT_TRUE(seen) << seen.error().message;
        EXPECT_EQ(seen->at(0).cut_off, c.cut_off) << c.first << c.deleted;
        EXPECT_FALSE(seen->at(0).present);
    }
}

TEST(RedisFacts, SayWhyATransactionWasRefused)
{
    const auto refused = facts("+OK\r\n+QUEUED\r\n-NOPERM this user has no permissions\r\n"
                               "-EXECABORT Transaction discarded because of previous errors.\r\n");
    const auto cut = facts(queued + "*1\r\n:1\r\n");
    const auto nothing = facts(queued + "*-1\r\n");

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::unauthorized);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().kind, ErrorKind::malformed);
    ASSERT_FALSE(nothing);
}

} // namespace
} // namespace empathd

// The main job with the real binary, a real redis-server and real servers on loopback.

#include "tests/e2e/running.hpp"
#include "tests/support/complaint_site.hpp"
#include "tests/support/process.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using testing::complaints;
using testing::eventually;
using ::testing::HasSubstr;
using testing::http_get;
using testing::Process;
using testing::Running;

constexpr const char* daemon = EMPATHD_BINARY;
constexpr const char* client = EMPATHCTL_BINARY;

/// What the group "pager" has not been given yet. The group is there from the beginning, as a
/// consumer that is set up before the daemon makes it.
std::vector<testing::ReceivedEntry> received_from(const testing::RedisServer& redis)
{
    (void)redis.command({"XGROUP", "CREATE", "empathd:alerts", "pager", "0", "MKSTREAM"});
    return testing::read_group(redis, "empathd:alerts", "pager", 10);
}

void acknowledge(const testing::RedisServer& redis, const std::string& id)
{
    (void)redis.command({"XACK", "empathd:alerts", "pager", id});
}

TEST(MainJob, BringsAComplaintFromAForumToAConsumerOnce)
{
    if (!testing::RedisServer::installed()) {
        GTEST_SKIP() << "redis-server is not installed";
    }
    testing::RedisServer redis;
    testing::ComplaintSite site(complaints);
    Running running(site.url(), site.authority(), redis.address());

    const std::string id = site.issue();

    std::vector<testing::ReceivedEntry> received;
    ASSERT_TRUE(eventually(20s, [&] {
        const auto more = received_from(redis);
        received.insert(received.end(), more.begin(), more.end());
        return !received.empty();
    })) << running.log();
    ASSERT_EQ(received.size(), 1u);
    EXPECT_EQ(received[0].field("brand"), "Aurora Air");
    EXPECT_EQ(received[0].field("state"), "open");
    EXPECT_EQ(received[0].field("severity"), "warning");
    EXPECT_THAT(received[0].field("body"), HasSubstr(id));
    EXPECT_EQ(received[0].field("key").size(), 32u);

    acknowledge(redis, received[0].id);
    EXPECT_TRUE(eventually(20s, [&] {
        return running.get("/metrics").find("state=\"closed\"} 1") != std::string::npos;
    })) << running.get("/metrics");
    EXPECT_TRUE(received_from(redis).empty());
    EXPECT_THAT(running.get("/metrics"),
                HasSubstr("empathd_redis_group_consumers{group=\"pager\"} 1\n"));
    const RespReply beats = redis.command({"XRANGE", "empathd:heartbeat", "-", "+"});
    ASSERT_FALSE(beats.items.empty());
    EXPECT_EQ(field(beats.items[0].items.at(1), "sources")->text, "1");
}

TEST(MainJob, ObeysACommandThroughRedisOnce)
{
    if (!testing::RedisServer::installed()) {
        GTEST_SKIP() << "redis-server is not installed";
    }
    testing::RedisServer redis;
    testing::ComplaintSite site(complaints);
    Running running(site.url(), site.authority(), redis.address());
    (void)site.issue();
    std::vector<testing::ReceivedEntry> received;
    ASSERT_TRUE(eventually(20s, [&] {
        received = received_from(redis);
        return !received.empty();
    })) << running.log();
    const std::string incident = received[0].field("incident");

    for (int twice = 0; twice < 2; ++twice) {
        (void)redis.command({"XADD", "empathd:commands", "*", "type", "acknowledge", "incident",
                             incident, "by", "Ann", "note", "calling them", "id", "click-1"});
    }
    (void)redis.command({"XADD", "empathd:commands", "*", "type", "resolve", "incident", incident,
                         "by", "Ann", "outcome", "nonsense"});
    RespReply answers;
    ASSERT_TRUE(eventually(20s, [&] {
        answers = redis.command({"XRANGE", "empathd:answers", "-", "+"});
        return answers.items.size() >= 3;
    })) << running.log();
    EXPECT_EQ(field(answers.items[0].items.at(1), "ok")->text, "1");
    EXPECT_EQ(field(answers.items[1].items.at(1), "ok")->text, "1");
    EXPECT_EQ(field(answers.items[2].items.at(1), "ok")->text, "0");
    EXPECT_THAT(field(answers.items[2].items.at(1), "error")->text, HasSubstr("outcome"));

    EXPECT_THAT(running.get("/v1/incidents/" + incident), HasSubstr(R"("state":"acknowledged")"));
    const std::string journal = running.get("/v1/journal?kind=acknowledge");
    const std::size_t first = journal.find("calling them");
    ASSERT_NE(first, std::string::npos) << journal;
    EXPECT_EQ(journal.find("calling them", first + 1), std::string::npos) << journal;
}

TEST(MainJob, AnalysesTextsWithoutADaemon)
{
    const testing::TemporaryFolder folder;
    const std::string texts = testing::write_file(
        folder.file("texts"), "{\"id\":7,\"text\":\"" + complaints[1] + "\"}\n");
    const auto ran = testing::run_program({daemon, "analyse", texts});
    EXPECT_EQ(ran.code, 0) << ran.output;
    EXPECT_TRUE(ran.output.starts_with("{\"id\":7,\"language\":{\"label\":\"en\",\"probability\":"))
        << ran.output;
    for (const char* facet : {"sentiment", "emotion", "experience", "reason", "target", "need",
                              "stage", "witness", "leaving", "irony", "offence", "audience"}) {
        EXPECT_THAT(ran.output, HasSubstr("\"" + std::string(facet) + "\":{\"label\":\""));
    }
    EXPECT_THAT(ran.output, HasSubstr("\"evidence\":[{\"text\":\""));
}

TEST(MainJob, AnswersThroughTheApiAndTheCommandLine)
{
    testing::ComplaintSite site(complaints);
    const std::string id = site.issue();
    Running running(site.url(), site.authority(), "");

    ASSERT_TRUE(eventually(20s,
                           [&] {
                               return running.get("/v1/mentions?experience=complaint").find(id) !=
                                      std::string::npos;
                           }))
        << running.get("/v1/mentions") << running.log();
    EXPECT_THAT(running.get("/v1/mentions?q=suitcase%20OR%20refund"), HasSubstr(id));
    EXPECT_THAT(running.get("/v1/mentions?brand=Nobody"), HasSubstr("\"items\":[]"));
    EXPECT_THAT(running.get("/v1/incidents"), HasSubstr("not calibrated yet"));
    EXPECT_THAT(running.get("/v1/alerts"), HasSubstr(id));
    EXPECT_THAT(running.get("/v1/sources"), HasSubstr("\"forum\""));
    EXPECT_THAT(running.get("/v1/nonsense"), HasSubstr("404"));

    const auto ran = testing::run_program(
        {client, "--server", running.server(), "--json", "mentions", "--experience", "complaint"});
    EXPECT_EQ(ran.code, 0) << ran.output;
    EXPECT_THAT(ran.output, HasSubstr(id));
}

TEST(MainJob, StopsWithinFiveSecondsAndGoesOnWhereItWas)
{
    testing::ComplaintSite site(complaints);
    const std::string id = site.issue();
    Running running(site.url(), site.authority(), "");
    ASSERT_TRUE(eventually(20s, [&] {
        return running.get("/v1/alerts").find(id) != std::string::npos;
    })) << running.log();

    const auto before = std::chrono::steady_clock::now();
    running.process().signal(SIGTERM);
    EXPECT_EQ(running.process().wait(10s), 0) << running.log();
    EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);

    running.start();
    const std::string second = site.issue();
    ASSERT_TRUE(eventually(20s, [&] {
        return running.get("/v1/alerts").find(second) != std::string::npos;
    })) << running.log();
    const std::string alerts = running.get("/v1/alerts");
    EXPECT_EQ(alerts.find("\"seq\":3"), std::string::npos) << "told twice: " << alerts;
}

TEST(MainJob, KeepsTheOldConfigurationWhenTheNewOneIsBad)
{
    testing::ComplaintSite site(complaints);
    Running running(site.url(), site.authority(), "");
    testing::write_file(running.config(), "[http]\nlisten = 7\n");
    running.process().signal(SIGHUP);
    ASSERT_TRUE(eventually(10s, [&] {
        return running.log().find("the old one stays") != std::string::npos;
    })) << running.log();

    const std::string id = site.issue();
    EXPECT_TRUE(eventually(20s, [&] {
        return running.get("/v1/mentions").find(id) != std::string::npos;
    })) << running.log();
}

TEST(MainJob, SaysWhatIsWrongAndRefusesToStart)
{
    const testing::TemporaryFolder folder;
    const std::string config = testing::write_file(
        folder.file("bad.toml"), "[http]\nlisn = \"x\"\n[[source]]\nname = \"a\"\n"
                                 "connector = \"fed\"\n");

    const auto ran = testing::run_program({daemon, "run", config});

    EXPECT_EQ(ran.code, 78);
    EXPECT_THAT(ran.output, HasSubstr(":2:1"));
    EXPECT_THAT(ran.output, HasSubstr("listen"));
}

/// public-inbox from Debian's packages: a mailing list whose archive is an Atom feed.
TEST(MainJob, HearsARealMailingListArchive)
{
    if (!testing::has_program("public-inbox-httpd") || !testing::RedisServer::installed()) {
        GTEST_SKIP() << "public-inbox or redis-server is not installed";
    }
    const testing::TemporaryFolder home;
    const int port = testing::free_port();
    const std::string authority = "127.0.0.1:" + std::to_string(port);
    const std::string with_home = "HOME=" + home.path().string() +
                                  " PI_CONFIG=" + home.file("config") +
                                  " ORIGINAL_RECIPIENT=air@lists.example ";
    ASSERT_EQ(testing::run_program({"sh", "-c",
                                    with_home + "public-inbox-init -V2 air " + home.file("air") +
                                        " http://" + authority +
                                        "/air air@lists.example && git config -f " +
                                        home.file("config") + " publicinboxmda.spamcheck none"})
                  .code,
              0);
    Process archive(
        {.arguments = {"sh", "-c", "exec public-inbox-httpd -l " + authority + " -W0"},
         .environment = {{"HOME", home.path().string()}, {"PI_CONFIG", home.file("config")}},
         .output = home.file("httpd.log")});
    ASSERT_TRUE(eventually(20s, [&] { return !http_get(port, "/air/").empty(); }));

    const auto post = [&](const std::string& id, const std::string& subject,
                          const std::string& text) {
        testing::write_file(home.file("mail"),
                            "From: Ann Ling <ann@customers.example>\nTo: air@lists.example\n"
                            "Subject: " +
                                subject + "\nMessage-ID: <" + id +
                                "@customers.example>\n"
                                "Date: Mon, 02 Mar 2026 08:00:00 +0000\n\n" +
                                text + "\n");
        return testing::run_program(
                   {"sh", "-c",
                    with_home + "public-inbox-mda --no-precheck < " + home.file("mail")})
            .code;
    };
    ASSERT_EQ(post("hello-1", "Hello", "A list about flying, welcome."), 0);
    testing::RedisServer redis;
    Running running("http://" + authority + "/air/new.atom", authority, redis.address());
    ASSERT_TRUE(eventually(20s, [&] {
        return running.get("/metrics").find("posts_fetched_total{source=\"forum\"} 1") !=
               std::string::npos;
    })) << running.log();
    ASSERT_EQ(post("lost-1", "Lost suitcase", complaints[0]), 0);

    std::vector<testing::ReceivedEntry> received;
    ASSERT_TRUE(eventually(30s,
                           [&] {
                               received = received_from(redis);
                               return !received.empty();
                           }))
        << http_get(port, "/air/new.atom") << running.log();
    EXPECT_THAT(received[0].field("summary"), HasSubstr("suitcase"));
    EXPECT_THAT(received[0].field("body"), HasSubstr("lost-1@customers.example"));
}

} // namespace
} // namespace empathd

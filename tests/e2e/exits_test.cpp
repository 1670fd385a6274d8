// Alerts where people are: the real daemon, and the real programs that take them.

#include "tests/e2e/running.hpp"
#include "tests/support/complaint_site.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/postfix_server.hpp"
#include "tests/support/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace empathd {
namespace {

using namespace std::chrono_literals;
using testing::complaints;
using testing::eventually;
using ::testing::HasSubstr;
using testing::http_get;
using ::testing::Not;
using testing::Process;
using testing::Running;

TEST(ExitsJob, PostsToAWebhookAndARoom)
{
    testing::HttpServer receiver;
    receiver.answer("/hook", 200, {}, "");
    receiver.answer("/room", 200, {}, "ok");
    testing::ComplaintSite site(complaints);
    Running running(site.url(), site.authority(), "",
                    "[[webhook]]\nname = \"desk\"\nurl = \"" + receiver.url("/hook") +
                        "\"\n[[slack]]\nname = \"room\"\nurl = \"" + receiver.url("/room") +
                        "\"\n");

    const std::string id = site.issue();

    ASSERT_TRUE(
        eventually(20s, [&] { return receiver.hits("/hook") > 0 && receiver.hits("/room") > 0; }))
        << running.get("/healthz") << running.log();
    for (const testing::SeenRequest& request : receiver.requests()) {
        EXPECT_THAT(request.body, HasSubstr("Aurora Air")) << request.path;
        EXPECT_NE(request.header("idempotency-key"), "");
    }
    EXPECT_THAT(running.get("/healthz"), HasSubstr("\"problems\":[]"));
}

TEST(ExitsJob, MailsThroughAPostfixThatWantsEncryptionAndALogIn)
{
    if (!testing::PostfixServer::usable()) {
        GTEST_SKIP() << "postfix or sasl2-bin is not installed, or this is not root";
    }
    const testing::PostfixServer postfix;
    testing::ComplaintSite site(complaints);
    Running running(site.url(), site.authority(), "",
                    "[[email]]\nname = \"team\"\nserver = \"" + postfix.url() +
                        "\"\nfrom = \"empathd@acme.test\"\n"
                        "to = [\"nobody@acme.test\", \"care@acme.test\"]\n"
                        "user = \"empathd@acme.test\"\npassword_file = \"" +
                        postfix.password_file() + "\"\nca_file = \"" + postfix.ca_file() + "\"\n");

    const std::string id = site.issue();

    ASSERT_TRUE(eventually(30s, [&] { return !postfix.mails().empty(); }))
        << running.get("/healthz") << running.log() << postfix.log();
    const std::string mail = postfix.mails().at(0);
    EXPECT_THAT(mail, HasSubstr("\nFrom: Empathd <empathd@acme.test>\n"));
    EXPECT_THAT(mail, HasSubstr("\nTo: nobody@acme.test,\n care@acme.test\n"));
    EXPECT_THAT(mail, HasSubstr("\nAuto-Submitted: auto-generated\n"));
    EXPECT_THAT(mail, HasSubstr("\nX-Empathd-Key: "));
    EXPECT_THAT(mail, HasSubstr("\nIn-Reply-To: <"));
    EXPECT_THAT(mail, HasSubstr("You are told because "));
    EXPECT_THAT(mail, HasSubstr("<h2 style=3D\"font-size: 1.1em\">Aurora Air: "));
    EXPECT_THAT(mail, Not(HasSubstr("s3cret")));
    ASSERT_TRUE(eventually(10s, [&] {
        return running.log().find("nobody@acme.test answered 550") != std::string::npos;
    })) << running.log();
    EXPECT_THAT(running.log(), Not(HasSubstr("s3cret")));
    EXPECT_THAT(postfix.log(), HasSubstr("sasl_username=empathd@acme.test"));
    EXPECT_THAT(running.get("/healthz"), HasSubstr("\"problems\":[]"));
}

TEST(ExitsJob, RaisesAnAlertInARealAlertmanager)
{
    if (!testing::has_program("prometheus-alertmanager")) {
        GTEST_SKIP() << "prometheus-alertmanager is not installed";
    }
    const testing::TemporaryFolder folder;
    const std::string config = testing::write_file(
        folder.file("alertmanager.yml"), "route:\n  receiver: none\nreceivers:\n  - name: none\n");
    const int port = testing::free_port();
    const std::string authority = "127.0.0.1:" + std::to_string(port);
    Process alertmanager(
        {.arguments = {"prometheus-alertmanager", "--config.file=" + config,
                       "--storage.path=" + folder.file("data"),
                       "--cluster.listen-address=", "--web.listen-address=" + authority},
         .output = folder.file("log")});
    ASSERT_TRUE(eventually(20s, [&] { return http_get(port, "/-/ready").starts_with("200"); }));
    testing::ComplaintSite site(complaints);
    Running running(site.url(), site.authority(), "",
                    "[[alertmanager]]\nname = \"prometheus\"\nurl = \"http://" + authority +
                        "\"\n[templates]\npublic_url = \"https://empathd.acme.test\"\n");

    const std::string id = site.issue();

    std::string alerts;
    ASSERT_TRUE(eventually(20s,
                           [&] {
                               alerts = http_get(port, "/api/v2/alerts");
                               return alerts.find("EmpathdIncident") != std::string::npos;
                           }))
        << alerts << running.get("/healthz") << running.log();
    EXPECT_THAT(alerts, HasSubstr("\"brand\":\"Aurora Air\""));
    EXPECT_THAT(alerts, HasSubstr("\"severity\":\"warning\""));
    EXPECT_THAT(alerts, HasSubstr("\"state\":\"active\""));
    EXPECT_THAT(alerts, HasSubstr("\"generatorURL\":\"https://empathd.acme.test/v1/incidents/"));
    EXPECT_THAT(alerts, HasSubstr(id)) << "the leading post's address";
    EXPECT_THAT(alerts, Not(HasSubstr("\"severity\":\"critical\""))) << "the others have ended";
}

} // namespace
} // namespace empathd

#include "daemon/notify/email_sink.hpp"

#include "tests/support/run.hpp"
#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using connectors::MailReceipt;
using connectors::MailRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Answers in turn; the last answer stays.
class FakeMail final : public connectors::MailClient {
public:
    std::vector<Result<MailReceipt>> answers{MailReceipt{.code = 250, .text = "queued"}};
    std::vector<MailRequest> asked;

    boost::asio::awaitable<Result<MailReceipt>> send(MailRequest request) override
    {
        asked.push_back(std::move(request));
        Result<MailReceipt> answer = answers.front();
        if (answers.size() > 1) {
            answers.erase(answers.begin());
        }
        co_return answer;
    }
};

class Email : public ::testing::Test {
protected:
    Email()
    {
        config.name = "team";
        config.server = "smtp://mail.test";
        config.from = "empathd@acme.test";
        config.to = {"ann@acme.test", "bob@acme.test"};
    }

    Result<std::string> deliver()
    {
        if (!sink_) {
            std::vector<config::Problem> problems;
            sink_ = make_email_sink(config, {}, load_templates("", problems), client,
                                    [this](const std::string& line) { reported.push_back(line); });
        }
        return testing::run(sink_->deliver(rows)).at(0);
    }

    config::EmailConfig config;
    FakeMail client;
    std::vector<std::string> reported;
    std::vector<OutboxRow> rows{OutboxRow{.id = 1, .record = testing::an_alert("k1")}};
    std::unique_ptr<Sink> sink_;
};

TEST_F(Email, SendsOneMessageToAll)
{
    const auto receipt = deliver();

    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(*receipt, "250 queued");
    EXPECT_EQ(sink_->name(), "email:team");
    ASSERT_EQ(client.asked.size(), 1u);
    const MailRequest& mail = client.asked[0];
    EXPECT_EQ(mail.server, "smtp://mail.test");
    EXPECT_EQ(mail.tls, connectors::MailTls::required);
    EXPECT_THAT(mail.to, ElementsAre("ann@acme.test", "bob@acme.test"));
    EXPECT_EQ(mail.password, "");
    EXPECT_THAT(mail.message, HasSubstr("Subject: [info] Acme: it broke\r\n"));
    EXPECT_THAT(mail.message, HasSubstr("Message-ID: <k1@acme.test>\r\n"));
    EXPECT_THAT(mail.message, HasSubstr("References: <incident-of-k1.1@acme.test>\r\n"));
    EXPECT_THAT(mail.message, HasSubstr("You are told because reactions come fast."));
    EXPECT_THAT(mail.message, HasSubstr("<!DOCTYPE html>"));
    EXPECT_THAT(reported, IsEmpty());
}

TEST_F(Email, SendsTheSameBytesAgain)
{
    ASSERT_TRUE(deliver());
    ASSERT_TRUE(deliver());
    EXPECT_EQ(client.asked.at(0).message, client.asked.at(1).message);
}

TEST_F(Email, ReportsARecipientThatIsRefusedForGood)
{
    client.answers = {MailReceipt{250, "queued", {{"bob@acme.test", 550, "no such user"}}}};

    const auto receipt = deliver();

    ASSERT_TRUE(receipt);
    EXPECT_EQ(*receipt, "250 queued; bob@acme.test answered 550 no such user");
    EXPECT_THAT(reported, ElementsAre("email team: bob@acme.test answered 550 no such user: this "
                                      "recipient gets no alerts"));
}

TEST_F(Email, SendsLaterToThoseWhoWereBusyAndToNobodyTwice)
{
    client.answers = {MailReceipt{250, "queued", {{"bob@acme.test", 450, "greylisted"}}},
                      Error{ErrorKind::unavailable, "mail.test: took no recipient"},
                      MailReceipt{.code = 250, .text = "queued"}};

    const auto first = deliver();
    const auto second = deliver();
    const auto third = deliver();

    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(first.error().message, "email team: bob@acme.test answered 450 greylisted");
    EXPECT_FALSE(second);
    EXPECT_TRUE(third);
    EXPECT_THAT(client.asked.at(0).to, ElementsAre("ann@acme.test", "bob@acme.test"));
    EXPECT_THAT(client.asked.at(1).to, ElementsAre("bob@acme.test"));
    EXPECT_THAT(client.asked.at(2).to, ElementsAre("bob@acme.test"));
    EXPECT_EQ(client.asked[0].message, client.asked[2].message) << "all see who was told";
}

TEST_F(Email, RemembersTheNewestOfMany)
{
    client.answers = {MailReceipt{250, "queued", {{"bob@acme.test", 450, "greylisted"}}}};
    for (int i = 0; i < 1'200; ++i) {
        rows[0].record.alert.key = "key-" + std::to_string(i);
        ASSERT_FALSE(deliver());
    }

    ASSERT_FALSE(deliver()); // The last one again.

    EXPECT_THAT(client.asked.back().to, ElementsAre("bob@acme.test"));
}

TEST_F(Email, IsDoneWhenTheOneThatWasBusyIsRefusedForGood)
{
    client.answers = {MailReceipt{250, "queued", {{"bob@acme.test", 450, "greylisted"}}},
                      Error{ErrorKind::malformed, "mail.test: took no recipient"}};

    EXPECT_FALSE(deliver());
    const auto second = deliver();

    ASSERT_TRUE(second);
    EXPECT_THAT(reported, ElementsAre("email team: mail.test: took no recipient"));
}

TEST_F(Email, HandsOnWhyItFailed)
{
    client.answers = {Error{ErrorKind::malformed, "mail.test: answered 554 spam"}};
    const auto receipt = deliver();
    ASSERT_FALSE(receipt);
    EXPECT_EQ(receipt.error().kind, ErrorKind::malformed);
    EXPECT_EQ(receipt.error().message, "email team: mail.test: answered 554 spam");
    EXPECT_THAT(reported, IsEmpty());
}

TEST_F(Email, ReadsThePasswordAnewAndSendsNothingWithoutIt)
{
    const testing::TemporaryFolder folder;
    config.user = "empathd";
    config.password_file = folder.file("password");

    const auto missing = deliver();
    testing::write_file(config.password_file, "s3cret\n");
    const auto sent = deliver();

    EXPECT_EQ(missing.error().kind, ErrorKind::unauthorized);
    EXPECT_TRUE(sent);
    ASSERT_EQ(client.asked.size(), 1u);
    EXPECT_EQ(client.asked[0].user, "empathd");
    EXPECT_EQ(client.asked[0].password, "s3cret");
    EXPECT_EQ(client.asked[0].message.find("s3cret"), std::string::npos);
}

TEST_F(Email, CarriesNoHeaderOfAStranger)
{
    rows[0].record.alert.summary = "x\r\nBcc: eve@evil.test\r\n\r\n<script>";
    ASSERT_TRUE(deliver());
    const std::string& message = client.asked.at(0).message;
    EXPECT_THAT(message, HasSubstr("Subject: [info] x Bcc: eve@evil.test <script>\r\n"));
    EXPECT_EQ(message.find("\r\nBcc"), std::string::npos);
    EXPECT_THAT(message, HasSubstr("&lt;script&gt;"));
}

} // namespace
} // namespace empathd

#include "connectors/transport/curl_mail.hpp"

#include "tests/support/certificate.hpp"
#include "tests/support/run.hpp"
#include "tests/support/smtp_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace empathd::connectors {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CurlMail : public ::testing::Test {
protected:
    CurlMail()
    {
        policy.allowed.push_back(server.authority());
        policy.connect_max = 1s; // The greeting included.
    }

    MailRequest mail() const
    {
        return {.server = server.url(),
                .tls = MailTls::never,
                .from = "empathd@acme.test",
                .to = {"ann@acme.test", "bob@acme.test"},
                .message = "Subject: x\r\n\r\nHello\r\n.\r\n..dots\r\n",
                .timeout = 20s};
    }
    Result<MailReceipt> send(MailRequest request)
    {
        if (!client_) {
            client_ = make_curl_mail_client(policy, 1);
        }
        return testing::run_on(loop, client_->send(std::move(request)));
    }
    Error error_of(MailRequest request)
    {
        const auto receipt = send(std::move(request));
        EXPECT_FALSE(receipt);
        return receipt ? Error{ErrorKind::storage, "it did not fail"} : receipt.error();
    }

    testing::SmtpServer server;
    FetchPolicy policy;
    boost::asio::io_context loop{1};
    std::unique_ptr<MailClient> client_;
};

TEST_F(CurlMail, HandsAMessageToAllRecipients)
{
    const auto receipt = send(mail());

    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(receipt->code, 250);
    EXPECT_EQ(receipt->text, "queued as 42");
    EXPECT_THAT(receipt->refused, IsEmpty());
    const auto mails = server.mails();
    ASSERT_EQ(mails.size(), 1u);
    EXPECT_THAT(mails[0].from, HasSubstr("<empathd@acme.test>"));
    EXPECT_THAT(mails[0].to, ElementsAre("<ann@acme.test>", "<bob@acme.test>"));
    EXPECT_EQ(mails[0].data, "Subject: x\r\n\r\nHello\r\n..\r\n...dots\r\n");
}

TEST_F(CurlMail, GoesOnWithoutARecipientThatIsRefused)
{
    server.answer("RCPT TO:<ann@acme.test>", "550 no such user");

    const auto receipt = send(mail());

    ASSERT_TRUE(receipt) << receipt.error().message;
    ASSERT_EQ(receipt->refused.size(), 1u);
    EXPECT_EQ(receipt->refused[0].address, "ann@acme.test");
    EXPECT_EQ(receipt->refused[0].code, 550);
    EXPECT_EQ(server.mails().size(), 1u);
}

TEST_F(CurlMail, FailsWhenNobodyTakesIt)
{
    server.answer("RCPT", "550 no such user");

    const Error error = error_of(mail());

    EXPECT_EQ(error.kind, ErrorKind::malformed);
    EXPECT_EQ(error.message, "127.0.0.1: took no recipient: ann@acme.test 550 no such user");
    EXPECT_THAT(server.mails(), IsEmpty());
}

struct Answered {
    const char* name;
    const char* command;
    const char* reply;
    ErrorKind kind;
};

class CurlMailAnswers : public CurlMail, public ::testing::WithParamInterface<Answered> {};

TEST_P(CurlMailAnswers, AreTheRowsOrTheServers)
{
    server.answer(GetParam().command, GetParam().reply);
    EXPECT_EQ(error_of(mail()).kind, GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Replies, CurlMailAnswers,
    ::testing::Values(Answered{"Busy", "greeting", "421 later", ErrorKind::unavailable},
                      Answered{"NotSmtp", "greeting", "SSH-2.0-x", ErrorKind::unavailable},
                      Answered{"SenderLater", "MAIL", "451 later", ErrorKind::unavailable},
                      Answered{"SenderNever", "MAIL", "550 no", ErrorKind::malformed},
                      Answered{"LogInWanted", "MAIL", "530 log in", ErrorKind::unauthorized},
                      Answered{"AllLater", "RCPT", "450 grey", ErrorKind::unavailable},
                      Answered{"DataNever", "DATA", "554 no", ErrorKind::malformed},
                      Answered{"MessageLater", ".", "452 full", ErrorKind::unavailable},
                      Answered{"MessageNever", ".", "554 spam", ErrorKind::malformed},
                      Answered{"ClosedAfterTheMessage", ".", "close", ErrorKind::unavailable},
                      Answered{"ClosedAtOnce", "greeting", "close", ErrorKind::unavailable}),
    [](const auto& test) { return test.param.name; });

TEST_F(CurlMail, LogsIn)
{
    MailRequest request = mail();
    request.user = "empathd";
    request.password = "s3cret";

    ASSERT_TRUE(send(request));
    const auto said = server.commands();
    EXPECT_TRUE(std::any_of(said.begin(), said.end(), [](const std::string& line) {
        return line.starts_with("AUTH PLAIN");
    }));

    server.answer("AUTH", "535 5.7.8 not you, s3cret");
    const Error error = error_of(request);
    EXPECT_EQ(error.kind, ErrorKind::unauthorized);
    EXPECT_THAT(error.message, Not(HasSubstr("s3cret")));
}

TEST_F(CurlMail, SaysNothingInTheClearWhereEncryptionIsRequired)
{
    MailRequest request = mail();
    request.tls = MailTls::required;
    request.user = "empathd";
    request.password = "s3cret";

    const Error error = error_of(request);

    EXPECT_EQ(error.kind, ErrorKind::unavailable);
    EXPECT_THAT(error.message, HasSubstr("offers no encryption"));
    for (const std::string& line : server.commands()) {
        EXPECT_FALSE(line.starts_with("AUTH") || line.starts_with("MAIL")) << line;
    }
}

TEST_F(CurlMail, IsNotHeldUpByAServerThatDoesNotSayGoodbye)
{
    server.answer("QUIT", "");
    EXPECT_TRUE(send(mail()));
    EXPECT_TRUE(send(mail()));
}

TEST_F(CurlMail, GivesUpOnSilence)
{
    for (const char* command : {".", "MAIL", "greeting"}) { // The latest first: it stays silent.
        server.answer(command, "");
        MailRequest request = mail();
        request.timeout = 300ms;
        const Error error = error_of(request);
        EXPECT_EQ(error.kind, ErrorKind::unavailable) << command;
        EXPECT_THAT(error.message, HasSubstr("not finished in time")) << command;
    }
}

TEST_F(CurlMail, LetsTheLoopGoOnWhileAServerIsSilent)
{
    server.answer(".", "");
    client_ = make_curl_mail_client(policy, 1);
    boost::asio::cancellation_signal stop;
    std::optional<Result<MailReceipt>> receipt;
    auto body = [&]() -> boost::asio::awaitable<void> {
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        receipt.emplace(co_await client_->send(mail()));
    };
    boost::asio::co_spawn(loop, std::move(body),
                          boost::asio::bind_cancellation_slot(stop.slot(), [](auto) {}));
    int turns = 0;
    while (server.mails().empty()) { // All of it is with the server, which does not answer.
        boost::asio::post(loop, [&turns] { ++turns; });
        loop.run_one();
    }
    EXPECT_GT(turns, 0);
    EXPECT_FALSE(receipt);

    stop.emit(boost::asio::cancellation_type::terminal);
    loop.run();

    ASSERT_TRUE(receipt);
    ASSERT_FALSE(*receipt);
    EXPECT_EQ(receipt->error().kind, ErrorKind::cancelled);
}

TEST_F(CurlMail, EndsWhatIsUnderWayWhenTheClientGoes)
{
    server.answer("greeting", "");
    client_ = make_curl_mail_client(policy, 1);
    std::optional<Result<MailReceipt>> receipt;
    auto body = [&]() -> boost::asio::awaitable<void> {
        receipt.emplace(co_await client_->send(mail()));
    };
    boost::asio::co_spawn(loop, std::move(body), [](auto) {});
    loop.run_one();

    client_.reset();
    loop.run();

    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->error().kind, ErrorKind::cancelled);
}

TEST_F(CurlMail, ConnectsOnlyWhereThePolicyAllows)
{
    policy.allowed.clear();

    const Error error = error_of(mail());

    EXPECT_EQ(error.kind, ErrorKind::refused);
    EXPECT_EQ(error.message, "127.0.0.1: address 127.0.0.1 is not public");
    EXPECT_THAT(server.commands(), IsEmpty());
}

TEST_F(CurlMail, RefusesWhatCannotBeMail)
{
    std::vector<MailRequest> bad(8, mail());
    bad[0].to = {};
    bad[1].to = {"ann@acme.test>\r\nRCPT TO:<eve@evil.test"};
    bad[2].from = "";
    bad[3].message = std::string(mail_bytes_max + 1, 'x');
    bad[4].server = "http://127.0.0.1";
    bad[5].server = "smtp://user:pass@127.0.0.1";
    bad[6].to = std::vector<std::string>(mail_recipients_max + 1, "ann@acme.test");
    bad[7].server = "";
    for (const MailRequest& request : bad) {
        EXPECT_EQ(error_of(request).kind, ErrorKind::refused);
    }
    EXPECT_THAT(server.commands(), IsEmpty());
}

TEST(CurlMailTls, TrustsOnlyWhomItKnows)
{
    const testing::TemporaryFolder folder;
    const testing::CertificateAuthority authority(folder.path());
    const auto files = authority.issue("IP:127.0.0.1", -1h, 1h);
    const testing::TlsFiles tls{files.certificate, files.key};
    testing::SmtpServer server(&tls);
    boost::asio::io_context loop{1};
    const auto client = make_curl_mail_client({.allowed = {server.authority()}}, 1);
    MailRequest request{.server = server.url(),
                        .from = "empathd@acme.test",
                        .to = {"ann@acme.test"},
                        .message = "Subject: x\r\n\r\n"};

    const auto stranger = testing::run_on(loop, client->send(request));
    request.ca_file = authority.certificate();
    const auto known = testing::run_on(loop, client->send(request));

    ASSERT_FALSE(stranger);
    EXPECT_EQ(stranger.error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(known) << known.error().message;
    EXPECT_EQ(server.mails().size(), 1u);
}

} // namespace
} // namespace empathd::connectors

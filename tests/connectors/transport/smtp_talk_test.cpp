#include "connectors/transport/smtp_talk.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace empathd::connectors {
namespace {

/// Lines of both sides: ">" is ours, anything else the server's.
SmtpTalk after(const std::vector<std::string>& lines,
               std::vector<std::string> recipients = {"ann@a.test", "bob@b.test"})
{
    SmtpTalk talk(std::move(recipients));
    for (const std::string& line : lines) {
        if (line.starts_with('>')) {
            talk.sent(line.substr(1) + "\r\n");
        } else {
            talk.received(line + "\r\n");
        }
    }
    return talk;
}

const std::vector<std::string> begun{"220 mail.test",         ">EHLO x",
                                     "250-mail.test",         "250 AUTH PLAIN",
                                     ">MAIL FROM:<e@a.test>", "250 ok"};

SmtpTalk after_begun(const std::vector<std::string>& lines)
{
    std::vector<std::string> all = begun;
    all.insert(all.end(), lines.begin(), lines.end());
    return after(all);
}

TEST(SmtpTalk, TakesTheLastAnswerForTheReceipt)
{
    const SmtpTalk talk =
        after_begun({">RCPT TO:<ann@a.test>", "250 ok", ">RCPT TO:<bob@b.test>", "250 ok", ">DATA",
                     "354 go on", "250 2.0.0 queued as 4711", ">QUIT", "421 going down"});

    ASSERT_TRUE(talk.accepted());
    EXPECT_FALSE(talk.refusal("mail.test"));
    EXPECT_EQ(talk.receipt().code, 250);
    EXPECT_EQ(talk.receipt().text, "2.0.0 queued as 4711");
    EXPECT_TRUE(talk.receipt().refused.empty());
}

TEST(SmtpTalk, NamesTheRecipientThatWasRefused)
{
    const SmtpTalk talk = after_begun({">RCPT TO:<ann@a.test>", "250 ok", ">RCPT TO:<bob@b.test>",
                                       "550-5.1.1 <bob@b.test>:", "550 5.1.1 no such\tuser\x1B[2J",
                                       ">DATA", "354 go on", "250 queued"});

    ASSERT_TRUE(talk.accepted());
    ASSERT_EQ(talk.receipt().refused.size(), 1u);
    EXPECT_EQ(talk.receipt().refused[0].address, "bob@b.test");
    EXPECT_EQ(talk.receipt().refused[0].code, 550);
    EXPECT_EQ(talk.receipt().refused[0].text, "5.1.1 no such user [2J");
}

struct Refusal {
    const char* name;
    std::vector<std::string> lines;
    std::optional<ErrorKind> kind;
    std::string message;
};

class SmtpRefusal : public ::testing::TestWithParam<Refusal> {};

TEST_P(SmtpRefusal, SaysWhatCanBeDone)
{
    const auto error = after(GetParam().lines).refusal("mail.test");
    ASSERT_EQ(error.has_value(), GetParam().kind.has_value());
    if (error) {
        EXPECT_EQ(error->kind, *GetParam().kind);
        EXPECT_EQ(error->message, "mail.test: " + GetParam().message);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Stages, SmtpRefusal,
    ::testing::Values(
        Refusal{"NothingSaid", {}, {}, ""}, Refusal{"Nonsense", {"SSH-2.0", "999 x"}, {}, ""},
        Refusal{"Greeting", {"554 go away"}, ErrorKind::unavailable, "answered 554 go away"},
        Refusal{"Busy", {"421 later"}, ErrorKind::unavailable, "answered 421 later"},
        Refusal{"StartTls",
                {"220 x", ">STARTTLS", "454 not now"},
                ErrorKind::unavailable,
                "answered 454 not now"},
        Refusal{"LogIn",
                {"220 x", ">AUTH PLAIN", "334 ", ">AHNlY3JldA==", "535 5.7.8 c2VjcmV0"},
                ErrorKind::unauthorized,
                "the log-in was answered 535"},
        Refusal{"LogInLater",
                {"220 x", ">AUTH PLAIN", "454 4.7.0 try later"},
                ErrorKind::unavailable,
                "the log-in was answered 454"},
        Refusal{"LogInWanted",
                {"220 x", ">MAIL FROM:<e@a.test>", "530 log in first"},
                ErrorKind::unauthorized,
                "the log-in was answered 530"},
        Refusal{"SenderNever",
                {"220 x", ">MAIL FROM:<e@a.test>", "550 unknown"},
                ErrorKind::malformed,
                "answered 550 unknown"},
        Refusal{"SenderLater",
                {"220 x", ">MAIL FROM:<e@a.test>", "451 later"},
                ErrorKind::unavailable,
                "answered 451 later"},
        Refusal{"AllNever",
                {">RCPT TO:<ann@a.test>", "550 no", ">RCPT TO:<bob@b.test>", "553 no"},
                ErrorKind::malformed,
                "took no recipient: ann@a.test 550 no"},
        Refusal{"OneLater",
                {">RCPT TO:<ann@a.test>", "550 no", ">RCPT TO:<bob@b.test>", "450 grey"},
                ErrorKind::unavailable,
                "took no recipient: ann@a.test 550 no"},
        Refusal{"Message",
                {">RCPT TO:<ann@a.test>", "250 ok", ">DATA", "354 go", "554 spam"},
                ErrorKind::malformed,
                "answered 554 spam"},
        Refusal{"MessageLater",
                {">RCPT TO:<ann@a.test>", "250 ok", ">DATA", "354 go", "452 full"},
                ErrorKind::unavailable,
                "answered 452 full"}),
    [](const auto& test) { return test.param.name; });

} // namespace
} // namespace empathd::connectors

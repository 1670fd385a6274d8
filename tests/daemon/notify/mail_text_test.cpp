#include "daemon/notify/mail_text.hpp"

#include "analysis/model/time.hpp"
#include "tests/support/store_pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd {
namespace {

using ::testing::HasSubstr;

MailText a_mail()
{
    return {.from = "empathd@acme.test",
            .to = {"care@acme.test", "press@acme.test"},
            .subject = "[error] Acme: it broke",
            .plain = "It broke.\nPhở = 1\n",
            .html = "<p>It broke.</p>\n",
            .date = testing::at_minute(0),
            .key = "k1",
            .thread = "i1.2"};
}

std::size_t longest_line(const std::string& text)
{
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find("\r\n", at), text.size());
        longest = std::max(longest, end - at);
        at = end + 2;
    }
    return longest;
}

TEST(MailText, IsWrittenAsTheStandardsHaveIt)
{
    const std::string expected = "From: Empathd <empathd@acme.test>\n"
                                 "To: care@acme.test,\n press@acme.test\n"
                                 "Subject: [error] Acme: it broke\n"
                                 "Date: Mon, 02 Mar 2026 10:00:00 +0000\n"
                                 "Message-ID: <k1@acme.test>\n"
                                 "In-Reply-To: <i1.2@acme.test>\n"
                                 "References: <i1.2@acme.test>\n"
                                 "X-Empathd-Key: k1\n"
                                 "Auto-Submitted: auto-generated\n"
                                 "List-Id: Empathd alerts <empathd.acme.test>\n"
                                 "MIME-Version: 1.0\n"
                                 "Content-Type: multipart/alternative; boundary=\"=_empathd_k1\"\n"
                                 "\n"
                                 "--=_empathd_k1\n"
                                 "Content-Type: text/plain; charset=utf-8\n"
                                 "Content-Transfer-Encoding: quoted-printable\n"
                                 "\n"
                                 "It broke.\n"
                                 "Ph=E1=BB=9F =3D 1\n"
                                 "--=_empathd_k1\n"
                                 "Content-Type: text/html; charset=utf-8\n"
                                 "Content-Transfer-Encoding: quoted-printable\n"
                                 "\n"
                                 "<p>It broke.</p>\n"
                                 "--=_empathd_k1--\n";
    std::string written = mail_text(a_mail());
    for (std::size_t at = written.find("\r\n"); at != std::string::npos;
         at = written.find("\r\n")) {
        written.erase(at, 1);
    }
    EXPECT_EQ(written, expected);
}

TEST(MailText, LetsNobodyAddAHeader)
{
    MailText mail = a_mail();
    mail.subject = "x\r\nBcc: eve@evil.test";
    mail.key = "k\r\n1>";
    mail.thread = "i\r\n<x";
    const std::string written = mail_text(mail);
    const std::string headers = written.substr(0, written.find("\r\n\r\n"));
    EXPECT_EQ(headers.find("\r\nBcc"), std::string::npos) << headers;
    EXPECT_THAT(headers, HasSubstr("Message-ID: <k--1-@acme.test>"));
    EXPECT_THAT(headers, HasSubstr("References: <i---x@acme.test>"));
}

TEST(MailText, KeepsLinesShort)
{
    MailText mail = a_mail();
    mail.subject.clear();
    for (int i = 0; i < 40; ++i) {
        mail.subject += "nhiều khách phàn nàn ";
    }
    mail.plain = std::string(10'000, 'x') + "\n" + mail.subject;
    mail.html = mail.plain;
    const std::string written = mail_text(mail);
    EXPECT_LE(longest_line(written), 76u);
    EXPECT_EQ(written.find('\0'), std::string::npos);
    for (std::size_t at = written.find('\n'); at != std::string::npos;
         at = written.find('\n', at + 1)) {
        ASSERT_EQ(written[at - 1], '\r');
    }
}

TEST(HeaderValue, LeavesPlainWordsAndFoldsAtBlanks)
{
    EXPECT_EQ(header_value("Acme: it broke", 9), "Acme: it broke");
    EXPECT_EQ(header_value("", 9), "");
    std::string long_text;
    for (int i = 0; i < 30; ++i) {
        long_text += (i == 0 ? "" : " ") + std::string("word");
    }
    const std::string folded = "Subject: " + header_value(long_text, 9);
    EXPECT_LE(longest_line(folded), 76u);
    std::string unfolded = folded;
    for (std::size_t at = unfolded.find("\r\n"); at != std::string::npos;
         at = unfolded.find("\r\n")) {
        unfolded.erase(at, 2);
    }
    EXPECT_EQ(unfolded, "Subject: " + long_text);
}

TEST(HeaderValue, EncodesWholeCharacters)
{
    EXPECT_EQ(header_value("Phở", 9), "=?UTF-8?B?UGjhu58=?=");
    EXPECT_EQ(header_value("a =?UTF-8?Q?x?=", 9), "=?UTF-8?B?YSA9P1VURi04P1E/eD89?=");
    EXPECT_EQ(
        header_value(std::string(39, 'a') + "b\x01", 9),
        "=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh?=\r\n =?UTF-8?B?YgE=?=");
    // 38 letters and a character of three bytes: it begins the second word.
    EXPECT_EQ(header_value(std::string(38, 'a') + "ở", 9),
              "=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=\r\n"
              " =?UTF-8?B?4buf?=");
}

TEST(QuotedPrintable, CarriesEverything)
{
    EXPECT_EQ(quoted_printable("a = b\n"), "a =3D b\r\n");
    EXPECT_EQ(quoted_printable("ends with a blank \nand a tab\t"),
              "ends with a blank=20\r\nand a tab=09\r\n");
    EXPECT_EQ(quoted_printable("a\r\nb"), "a\r\nb\r\n");
    EXPECT_EQ(quoted_printable("\n\n"), "\r\n\r\n");
    EXPECT_EQ(quoted_printable(""), "");
    EXPECT_EQ(quoted_printable("\rx"), "=0Dx\r\n");
    EXPECT_EQ(quoted_printable(std::string(76, 'x')), std::string(76, 'x') + "\r\n");
    EXPECT_EQ(quoted_printable(std::string(77, 'x')), std::string(75, 'x') + "=\r\nxx\r\n");
    EXPECT_EQ(quoted_printable(std::string(74, 'x') + "é"),
              std::string(74, 'x') + "=\r\n=C3=A9\r\n");
}

TEST(MailDate, IsInUtc)
{
    EXPECT_EQ(mail_date(*parse_rfc3339("2024-02-29T23:59:59.9+02:00")),
              "Thu, 29 Feb 2024 21:59:59 +0000");
    EXPECT_EQ(mail_date(TimePoint{}), "Thu, 01 Jan 1970 00:00:00 +0000");
    EXPECT_EQ(mail_date(*parse_rfc3339("1969-12-31T23:59:59.5Z")),
              "Wed, 31 Dec 1969 23:59:59 +0000");
}

} // namespace
} // namespace empathd

#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace empathd::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> messages(const Config& config)
{
    std::vector<std::string> out;
    for (const Problem& problem : *config.problems) {
        out.push_back(to_string(problem));
    }
    return out;
}

const std::string mail = "[[email]]\nname='team'\nserver='smtp://mail.test'\n"
                         "from='empathd@acme.test'\nto=['care@acme.test']\n";

TEST(LoadExits, ReadsEveryKind)
{
    const Config config = load_text(R"(
[[slack]]
name = "room"
url_file = "/run/slack"
channel = "#care"
[[email]]
name = "team"
server = "smtps://mail.test:465"
from = "empathd@acme.test"
to = ["care@acme.test", "press@acme.test"]
user = "empathd"
password_file = "/run/mail"
starttls = "opportunistic"
[[alertmanager]]
name = "prometheus"
url = "http://10.0.0.7:9093/"
resolve_timeout_h = 5
[[pagerduty]]
name = "oncall"
routing_key_file = "/run/pagerduty"
[templates]
folder = "/etc/empathd/templates"
public_url = "https://empathd.acme.test/"
)",
                                    "exits.toml");

    ASSERT_THAT(messages(config), IsEmpty());
    ASSERT_THAT(config.slacks, SizeIs(1));
    EXPECT_EQ(config.slacks[0].url_file, "/run/slack");
    EXPECT_EQ(config.slacks[0].channel, "#care");
    ASSERT_THAT(config.emails, SizeIs(1));
    EXPECT_EQ(config.emails[0].server, "smtps://mail.test:465");
    EXPECT_THAT(config.emails[0].to, ElementsAre("care@acme.test", "press@acme.test"));
    EXPECT_EQ(config.emails[0].starttls, Starttls::opportunistic);
    ASSERT_THAT(config.alertmanagers, SizeIs(1));
    EXPECT_EQ(config.alertmanagers[0].url, "http://10.0.0.7:9093");
    EXPECT_EQ(config.alertmanagers[0].resolve_timeout, std::chrono::hours{5});
    ASSERT_THAT(config.pagerduties, SizeIs(1));
    EXPECT_EQ(config.pagerduties[0].url, "https://events.pagerduty.com/v2/enqueue");
    EXPECT_EQ(config.templates.folder, "/etc/empathd/templates");
    EXPECT_EQ(config.templates.public_url, "https://empathd.acme.test");
}

TEST(LoadExits, RefusesTwoOfOneNameWithinAKindOnly)
{
    const Config config = load_text("[[webhook]]\nname='a'\nurl='http://x.test'\n"
                                    "[[slack]]\nname='a'\nurl='http://x.test'\n"
                                    "[[slack]]\nname='a'\nurl='http://x.test'\n",
                                    "twice.toml");

    EXPECT_THAT(messages(config),
                ElementsAre(HasSubstr("twice.toml:8:1: slack 'a': another slack has this name")));
}

TEST(LoadExits, TakesTheAddressOfASlackWebhookOnce)
{
    EXPECT_THAT(messages(load_text("[[slack]]\nname='a'\n", "s")),
                ElementsAre(HasSubstr("either url_file or url")));
    EXPECT_THAT(
        messages(load_text("[[slack]]\nname='a'\nurl='http://x.test'\nurl_file='/y'\n", "s")),
        ElementsAre(HasSubstr("either url_file or url")));
}

TEST(LoadExits, SendsNoPasswordInTheClear)
{
    const std::string log_in = mail + "user='u'\npassword_file='/p'\n";

    EXPECT_THAT(messages(load_text(log_in, "m")), IsEmpty());
    EXPECT_THAT(messages(load_text(log_in + "starttls='opportunistic'\n", "m")),
                ElementsAre(HasSubstr("must be \"required\" where a password is sent")));
    EXPECT_THAT(messages(load_text(mail + "user='u'\n", "m")),
                ElementsAre(HasSubstr("user and password_file belong together")));
}

class MailServer : public ::testing::TestWithParam<const char*> {};

TEST_P(MailServer, IsRefused)
{
    const Config config = load_text("[[email]]\nname='team'\nserver='" + std::string(GetParam()) +
                                        "'\nfrom='a@b.test'\nto=['a@b.test']\n",
                                    "m");
    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("m:3:1: email 'team': server is")))
        << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Forms, MailServer,
                         ::testing::Values("mail.test", "http://mail.test", "smtp://",
                                           "smtp://user:pass@mail.test", "smtp://mail.test/x",
                                           "smtp://mail.test:", "smtp://mail.test:65536",
                                           "smtp://mail.test:2x", "smtp://[::1]:x", "smtp://a b"));

class MailAddress : public ::testing::TestWithParam<const char*> {};

TEST_P(MailAddress, IsRefused)
{
    const Config config = load_text("[[email]]\nname='team'\nserver='smtp://mail.test'\n"
                                    "from='a@b.test'\nto=[\"" +
                                        std::string(GetParam()) + "\"]\n",
                                    "m");
    EXPECT_THAT(messages(config), ElementsAre(HasSubstr("must be like"))) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Forms, MailAddress,
                         ::testing::Values("", "care", "@acme.test", "care@", "a b@acme.test",
                                           "Care <care@acme.test>", "a@b@acme.test",
                                           "a@acme.test\\r\\nRCPT TO:<x@y>", "a@acme.test,b@x.test",
                                           "gü@acme.test"));

TEST(LoadExits, WantsARecipient)
{
    EXPECT_THAT(
        messages(load_text("[[email]]\nname='t'\nserver='smtp://m.test'\nfrom='a@b.test'\n", "m")),
        ElementsAre(HasSubstr("1 to 50 addresses")));
}

/// The shipped sample with the examples and every default written out.
std::string written_out_sample()
{
    std::ifstream file(EMPATHD_SOURCE_DIR "/config/empathd.toml");
    std::string out;
    bool in_example = false;
    for (std::string line; std::getline(file, line);) {
        in_example = (in_example || line.starts_with("# [[")) && !line.empty();
        if (in_example) {
            line.erase(0, 2);
        }
        const std::size_t mark = line.find_first_not_of(' ');
        if (mark != std::string::npos && line.compare(mark, 2, "# ") == 0 &&
            line.find(" = ") != std::string::npos && line.find(". ") == std::string::npos) {
            line.erase(mark, 2);
        }
        out += line + '\n';
    }
    return out;
}

TEST(MainSample, HoldsOnlyOptionsThatAreRead)
{
    const std::string sample = written_out_sample();
    const Config config = load_text(sample, "empathd.toml");

    EXPECT_THAT(messages(config), IsEmpty());
    EXPECT_THAT(config.webhooks, SizeIs(1));
    EXPECT_THAT(config.slacks, SizeIs(1));
    EXPECT_THAT(config.emails, SizeIs(1));
    EXPECT_THAT(config.alertmanagers, SizeIs(1));
    EXPECT_THAT(config.pagerduties, SizeIs(1));
}

TEST(MainSample, ShowsTheDefaults)
{
    const Config config = load_text(written_out_sample(), "empathd.toml");
    ASSERT_THAT(config.emails, SizeIs(1));
    const EmailConfig email;
    EXPECT_EQ(config.emails[0].user, email.user);
    EXPECT_EQ(config.emails[0].starttls, email.starttls);
    EXPECT_EQ(config.emails[0].timeout, email.timeout);
    EXPECT_EQ(config.slacks.at(0).timeout, SlackConfig{}.timeout);
    EXPECT_EQ(config.alertmanagers.at(0).resolve_timeout, AlertmanagerConfig{}.resolve_timeout);
    EXPECT_EQ(config.pagerduties.at(0).url, PagerDutyConfig{}.url);
    EXPECT_EQ(config.templates.folder, TemplatesConfig{}.folder);
}

} // namespace
} // namespace empathd::config

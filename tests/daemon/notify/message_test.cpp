#include "daemon/notify/message.hpp"

#include "tests/support/store_pages.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/write_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace empathd {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Alert an_alert()
{
    Alert alert = testing::an_alert("k1").alert;
    alert.incident.id = "i1";
    alert.incident.severity = Severity::error;
    alert.incident.score = 71.6;
    alert.incident.title = "Refund never came";
    alert.incident.lead_url = "https://forum.acme.test/t/7";
    alert.incident.episode = 2;
    alert.incident.revision = 3;
    alert.incident.complaints = 4;
    alert.incident.authors = 5;
    alert.incident.mentions = 6;
    alert.incident.reactions = 120;
    alert.incident.networks = {"forum", "mastodon"};
    alert.incident.outlook.rate_per_hour = 12.34;
    alert.incident.outlook.peak_per_hour = 3.25;
    alert.summary = "Acme: 12 reactions an hour, 4 complaints: Refund never came";
    return alert;
}

std::shared_ptr<const Templates> built_in()
{
    std::vector<config::Problem> problems;
    auto made = load_templates("", problems);
    EXPECT_THAT(problems, IsEmpty());
    return made;
}

TEST(Message, HasAFieldForEverythingTold)
{
    const Fields fields = fields_of(an_alert(), "https://empathd.acme.test");

    EXPECT_EQ(value_of(fields, "severity"), "error");
    EXPECT_EQ(value_of(fields, "score"), "72");
    EXPECT_EQ(value_of(fields, "episode"), "2");
    EXPECT_EQ(value_of(fields, "revision"), "3");
    EXPECT_EQ(value_of(fields, "rate_per_hour"), "12");
    EXPECT_EQ(value_of(fields, "peak_per_hour"), "3.3");
    EXPECT_EQ(value_of(fields, "why"), "reactions come fast");
    EXPECT_EQ(value_of(fields, "raised_at"), "2026-03-02T10:00:00Z");
    EXPECT_EQ(value_of(fields, "incident_url"), "https://empathd.acme.test/v1/incidents/i1");
    EXPECT_EQ(value_of(fields, "views"), "");
    EXPECT_EQ(value_of(fields, "resolved"), "");
    EXPECT_EQ(value_of(fields, "open"), "yes");
    EXPECT_THAT(fields.at("networks").values, ElementsAre("forum", "mastodon"));
    EXPECT_THAT(fields.at("score_parts").values, ElementsAre("pace 31", "voices 20"));
}

TEST(Message, HasOnlyFieldsThatTemplatesMayName)
{
    Alert alert = an_alert();
    alert.incident.views = 1;
    alert.incident.outlook.calibrated = true;
    alert.coverage = "we saw all of this";
    const auto& names = field_names();
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    std::set<std::string> seen;
    for (const std::string_view id : {"i1", "blind-forum"}) {
        for (const IncidentState state :
             {IncidentState::open, IncidentState::acknowledged, IncidentState::resolved}) {
            alert.incident.id = id;
            alert.incident.state = state;
            for (const auto& [name, field] : fields_of(alert, "https://x.test")) {
                seen.insert(name);
            }
        }
    }
    EXPECT_THAT(seen, ElementsAreArray(names));
}

TEST(Message, DisarmsWhatStrangersWrote)
{
    Alert alert = an_alert();
    alert.summary = "Acme:\r\nBcc: all@acme.test\xE2\x80\xAE";
    alert.incident.lead_url = "javascript:alert(1)";
    alert.incident.networks = {"", "for\num"};
    alert.incident.score = std::numeric_limits<double>::quiet_NaN();
    const Fields fields = fields_of(alert, "");

    EXPECT_EQ(value_of(fields, "summary"), "Acme: Bcc: all@acme.test");
    EXPECT_EQ(value_of(fields, "lead_url"), "");
    EXPECT_EQ(value_of(fields, "incident_url"), "");
    EXPECT_EQ(value_of(fields, "score"), "");
    EXPECT_THAT(fields.at("networks").values, ElementsAre("for um"));
}

TEST(Message, NamesOneThreadPerEpisode)
{
    Alert alert = an_alert();
    EXPECT_EQ(thread_of(alert), "i1.2");
    alert.incident.id = std::string(500, 'x') + "<\r\n>";
    EXPECT_LE(thread_of(alert).size(), 255u);
    alert.incident.id = "a b\r\n<c>@";
    EXPECT_EQ(thread_of(alert), "a-b---c--.2");
}

TEST(Templates, TellAStoryInPlainWords)
{
    EXPECT_EQ(built_in()->subject.render(fields_of(an_alert(), ""), Target::header),
              "[error] Acme: 12 reactions an hour, 4 complaints: Refund never came\n");
    EXPECT_EQ(built_in()->plain.render(fields_of(an_alert(), "https://e.test"), Target::plain),
              R"(Acme: 12 reactions an hour, 4 complaints: Refund never came

You are told because reactions come fast.

Brand:      Acme
Severity:   error, score 72 of 100
Complaints: 4 by 5 authors, in 6 posts
Reactions:  120; 12 an hour now, 3.3 at most
            (the score ranks; it is not calibrated yet)
Networks:   forum mastodon 
First seen: 2026-03-02T10:00:00Z
Last seen:  2026-03-02T10:05:00Z

Leading post: https://forum.acme.test/t/7
In Empathd:   https://e.test/v1/incidents/i1
Incident i1, episode 2, alert 3
)");
}

TEST(Templates, TellARoom)
{
    Alert alert = an_alert();
    alert.incident.state = IncidentState::resolved;
    alert.reason = AlertReason::faded;
    alert.summary = "Acme: nothing new: <!channel> @here";
    EXPECT_EQ(built_in()->slack.render(fields_of(alert, ""), Target::slack),
              "*[error]* *Over:* Acme: nothing new: &lt;!channel&gt; @\xE2\x81\xA0here\n"
              "4 complaints by 5 authors, 120 reactions, 12 an hour now\n"
              "Score 72 of 100 (not calibrated yet), because nothing new has come for some time\n"
              "On forum mastodon since 2026-03-02T10:00:00Z\n"
              "<https://forum.acme.test/t/7|Leading post>\n");
}

TEST(Templates, ShowHtmlOfStrangersAsText)
{
    Alert alert = an_alert();
    alert.summary = "<script>alert(1)</script>";
    alert.incident.brand = "A&B";
    alert.incident.lead_url = "https://x.test/\"><img src=x>";
    const std::string html = built_in()->html.render(fields_of(alert, ""), Target::html);

    EXPECT_THAT(html, HasSubstr("<h2 style=\"font-size: 1.1em\">&lt;script&gt;alert(1)&lt;/"));
    EXPECT_THAT(html, HasSubstr("<td>A&amp;B</td>"));
    EXPECT_THAT(html, HasSubstr("<a href=\"https://x.test/%22%3E%3Cimg%20src=x%3E\">"));
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("<img")));
}

TEST(Templates, OfTheOperatorReplaceThoseOfTheirName)
{
    const testing::TemporaryFolder folder;
    testing::write_file(folder.file("slack.txt"), "{{brand}}!");
    testing::write_file(folder.file("README"), "{{nothing}}");
    std::vector<config::Problem> problems;

    const auto made = load_templates(folder.path().string(), problems);

    EXPECT_THAT(problems, IsEmpty());
    const Fields fields = fields_of(an_alert(), "");
    EXPECT_EQ(made->slack.render(fields, Target::slack), "Acme!");
    EXPECT_THAT(made->plain.render(fields, Target::plain), HasSubstr("You are told because"));
}

TEST(Templates, ReportWhatIsWrongWithFileAndLine)
{
    const testing::TemporaryFolder folder;
    testing::write_file(folder.file("plain.txt"), "{{brand}}\n{{sumary}}\n{{#open}}\n");
    testing::write_file(folder.file("subjct.txt"), "x");
    std::filesystem::create_directory(folder.path() / "mail.html");
    std::vector<config::Problem> problems;

    (void)load_templates(folder.path().string(), problems);

    std::vector<std::string> told;
    for (const config::Problem& problem : problems) {
        told.push_back(to_string(problem));
    }
    EXPECT_THAT(told, ElementsAre(HasSubstr("subjct.txt: is no template"),
                                  folder.file("plain.txt") + ":2:1: unknown field \"sumary\"",
                                  folder.file("plain.txt") + ":3:1: {{#open}} is never closed",
                                  HasSubstr("mail.html: cannot be read")));
}

TEST(Templates, SayThatTheirFolderIsNotThere)
{
    std::vector<config::Problem> problems;
    (void)load_templates("/nonexistent/templates", problems);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].message, HasSubstr("cannot be read"));
}

} // namespace
} // namespace empathd

#include "daemon/cli/commands.hpp"

#include "tests/daemon/cli/fake_api.hpp"
#include "tests/daemon/http/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace empathd::cli {
namespace {

using http::sample_alert;
using http::sample_incident;
using http::sample_mention;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Commands : public ::testing::Test {
protected:
    Exit run(Options options) { return run_command(options, fake.context); }
    void on_terminal(std::size_t width)
    {
        fake.context.terminal = {.is_terminal = true, .colour = false, .width = width};
    }

    FakeApi fake;
};

TEST_F(Commands, AskWithTheFiltersEncoded)
{
    fake.answer(R"({"items":[]})");

    EXPECT_EQ(run({.command = Command::mentions,
                   .filters = {{"brand", "Phở 24"}, {"q", "\"a&b\" -c"}},
                   .limit = 20}),
              Exit::ok);

    EXPECT_THAT(fake.asked,
                ElementsAre("/v1/mentions?brand=Ph%E1%BB%9F%2024&q=%22a%26b%22%20-c&limit=20"));
    EXPECT_EQ(fake.out.str(), "");
}

TEST_F(Commands, FollowPagesUpToTheLimit)
{
    fake.answer(wire::mention_page({sample_mention(9, "a"), sample_mention(8, "b")}, 2));
    fake.answer(wire::mention_page({sample_mention(7, "c")}, 1));

    EXPECT_EQ(run({.command = Command::mentions, .limit = 3}), Exit::ok);

    ASSERT_EQ(fake.asked.size(), 2u);
    EXPECT_EQ(fake.asked[0], "/v1/mentions?limit=3");
    EXPECT_EQ(fake.asked[1],
              "/v1/mentions?limit=1&cursor=" +
                  wire::encode_cursor({.at = from_unix_ms(1'700'000'000'008), .id = 8}));
    const std::string out = fake.out.str();
    EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 3);
    EXPECT_THAT(out, StartsWith("{\"id\":9,"));
}

TEST_F(Commands, AskForNoMoreThanAPageHolds)
{
    fake.answer(R"({"items":[]})");

    EXPECT_EQ(run({.command = Command::mentions, .limit = 100'000}), Exit::ok);

    EXPECT_THAT(fake.asked, ElementsAre("/v1/mentions?limit=500"));
}

TEST_F(Commands, ShowMentionsAsATable)
{
    on_terminal(120);
    StoredMention mention = sample_mention(9, "It broke\nagain \x1b[31mbadly");
    fake.answer(wire::mention_page({mention}, 50));

    EXPECT_EQ(run({.command = Command::mentions}), Exit::ok);

    EXPECT_EQ(
        fake.out.str(),
        "ID  SEEN (UTC)        BRAND  NETWORK   LANG  SENTIMENT     EXPERIENCE     REASON  TEXT\n"
        " 9  2023-11-14 22:13  Acme   mastodon  en    negative 83%  complaint 90%  staff   "
        "Router: It broke again \\x1b[31mbadly\n");
}

TEST_F(Commands, ShowNoReasonWhereThereIsNoComplaintOrNoRoom)
{
    StoredMention mention = sample_mention(9, "Lovely");
    mention.experience.of(Facet::reason).label = none;
    on_terminal(120);
    fake.answer(wire::mention_page({mention}, 50));
    EXPECT_EQ(run({.command = Command::mentions}), Exit::ok);
    EXPECT_THAT(fake.out.str(), HasSubstr("complaint 90%  -       Router: Lovely"));

    on_terminal(109);
    fake.answer(wire::mention_page({sample_mention(9, "Broken")}, 50));
    fake.out.str("");
    EXPECT_EQ(run({.command = Command::mentions}), Exit::ok);
    EXPECT_THAT(fake.out.str(), Not(HasSubstr("REASON")));
    EXPECT_THAT(fake.out.str(), HasSubstr("complaint 90%  Router: Broken"));
}

TEST_F(Commands, KeepEveryLineWithinTheTerminal)
{
    on_terminal(90);
    fake.answer(wire::mention_page({sample_mention(9, std::string(500, 'x'))}, 50));

    EXPECT_EQ(run({.command = Command::mentions}), Exit::ok);

    std::istringstream lines(fake.out.str());
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 92u) << line; // "…" is one column and three bytes.
    }
}

TEST_F(Commands, SendNothingATerminalWouldObeyEvenAsJson)
{
    on_terminal(80);
    fake.answer(wire::mention_page({sample_mention(9, "\u009b31m\u202e\x1b[2J")}, 50));

    EXPECT_EQ(run({.command = Command::mentions, .json = true}), Exit::ok);

    EXPECT_THAT(fake.out.str(), HasSubstr("\"text\":\"\\u009b31m\\u202e\\u001B[2J\""));
    EXPECT_THAT(fake.out.str(), Not(HasSubstr("\x1b")));
}

TEST_F(Commands, ShowOneMentionWithTheWordsThatDecided)
{
    on_terminal(80);
    fake.answer(wire::mention_detail(sample_mention(9, "Acme router died\nagain\x07"), {}));

    EXPECT_EQ(run({.command = Command::mentions, .id = "9"}), Exit::ok);

    EXPECT_THAT(fake.asked, ElementsAre("/v1/mentions/9"));
    EXPECT_THAT(fake.out.str(), HasSubstr("sentiment   negative 83% (\"router\")\n"));
    EXPECT_THAT(fake.out.str(), HasSubstr("\nexperience  complaint 90%\n"
                                          "reason      staff 70%\n"
                                          "target      unsure 0%\n"));
    EXPECT_THAT(fake.out.str(), HasSubstr("\nwriter      customer 60%\n"));
    EXPECT_THAT(fake.out.str(), HasSubstr("\nAcme router died\nagain\\x07\n"));
}

TEST_F(Commands, ShowIncidentsAndTheirMentions)
{
    on_terminal(140);
    fake.answer(wire::incident_page({sample_incident()}));
    EXPECT_EQ(run({.command = Command::incidents, .limit = 5}), Exit::ok);
    EXPECT_THAT(fake.out.str(), HasSubstr("Acme router died"));
    EXPECT_THAT(fake.out.str(), HasSubstr("   71  error     open"));

    fake.answer(wire::incident_detail(sample_incident(), {sample_mention(3, "Acme is down")}, 5));
    EXPECT_EQ(run({.command = Command::incidents, .id = "abc123", .limit = 5}), Exit::ok);
    EXPECT_THAT(fake.asked, ElementsAre("/v1/incidents?limit=5", "/v1/incidents/abc123?limit=5"));
    EXPECT_THAT(fake.out.str(), HasSubstr("rate        12.5 an hour (not calibrated yet)\n"));
    EXPECT_THAT(fake.out.str(), HasSubstr("Acme is down"));
}

TEST_F(Commands, ColourSeverityOnlyWhereColoursAreWanted)
{
    on_terminal(140);
    fake.answer(wire::incident_page({sample_incident()}));
    EXPECT_EQ(run({.command = Command::incidents}), Exit::ok);
    EXPECT_THAT(fake.out.str(), Not(HasSubstr("\x1b")));

    fake.context.terminal.colour = true;
    fake.answer(wire::incident_page({sample_incident()}));
    EXPECT_EQ(run({.command = Command::incidents}), Exit::ok);
    EXPECT_THAT(fake.out.str(), HasSubstr("\x1b[31merror\x1b[0m"));
}

TEST_F(Commands, ShowAlertsAndSources)
{
    on_terminal(140);
    StoredAlert alert = sample_alert(12);
    alert.record.body = R"({"severity":"critical","score":91,"brand":"Acme","summary":"s1",)"
                        R"("raised_at":"2024-05-10T12:00:00Z","reason":"spreading"})";
    fake.answer(wire::alert_page({alert}, false, 50));
    EXPECT_EQ(run({.command = Command::alerts}), Exit::ok);
    EXPECT_THAT(fake.out.str(),
                HasSubstr(" 12  2024-05-10 12:00  critical     91  Acme   spreading  s1\n"));

    SourceRecord source;
    source.source = "fedi";
    source.last_page_at = from_unix_ms(1'700'000'000'000);
    source.last_error = "timeout\n";
    source.last_day.polls = 3;
    source.conservation.fetched = 1; // Went nowhere.
    fake.answer(wire::source_page({source}));
    EXPECT_EQ(run({.command = Command::sources}), Exit::ok);
    EXPECT_THAT(fake.out.str(), HasSubstr("[posts unaccounted for] timeout\n"));
}

TEST_F(Commands, EndWithOneWhenTheServerSaysNo)
{
    wire::Problem problem;
    problem.status = 400;
    problem.detail = "Parameter \"since\" is no time\x1b[2J";
    problem.accepted = {"RFC 3339"};
    fake.answer(wire::problem_json(problem), 400);

    EXPECT_EQ(run({.command = Command::mentions}), Exit::refused);

    EXPECT_THAT(fake.err.str(), HasSubstr("the server said 400: Parameter \"since\" is no time"));
    EXPECT_THAT(fake.err.str(), HasSubstr("it takes: RFC 3339"));
    EXPECT_THAT(fake.err.str(), Not(HasSubstr("\x1b")));
    EXPECT_EQ(fake.out.str(), "");
}

TEST_F(Commands, EndWithOneWhenTheAnswerCannotBeRead)
{
    for (const char* body : {"<html>", "{}", ""}) {
        fake.answer(body);
        EXPECT_EQ(run({.command = Command::sources}), Exit::refused) << body;
    }
    fake.answer("<html>not found</html>", 404);
    EXPECT_EQ(run({.command = Command::sources}), Exit::refused);
    EXPECT_THAT(fake.err.str(), HasSubstr("the server said 404\n"));
}

TEST_F(Commands, EndWithThreeWhenNobodyAnswers)
{
    fake.answers.push_back(Error{ErrorKind::unavailable, "http://x: refused"});

    EXPECT_EQ(run({.command = Command::sources}), Exit::unreachable);

    EXPECT_EQ(fake.err.str(), "empathctl: http://x: refused\n");
}

TEST_F(Commands, KeepWhatCameWhenALaterPageFails)
{
    fake.answer(wire::mention_page({sample_mention(9, "a")}, 1));
    fake.answers.push_back(Error{ErrorKind::unavailable, "gone"});

    EXPECT_EQ(run({.command = Command::mentions, .limit = 2}), Exit::unreachable);

    EXPECT_THAT(fake.out.str(), StartsWith("{\"id\":9,"));
}

} // namespace
} // namespace empathd::cli

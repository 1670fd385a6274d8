#include "daemon/cli/options.hpp"

#include "daemon/http/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

namespace empathd::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

struct Parsed {
    std::variant<Options, Exit> result = Exit::ok;
    std::string out;
    std::string err;

    [[nodiscard]] const Options& options() const { return std::get<Options>(result); }
    [[nodiscard]] Exit exit() const { return std::get<Exit>(result); }
};

Parsed parse(std::vector<const char*> words)
{
    words.insert(words.begin(), "empathctl");
    std::ostringstream out;
    std::ostringstream err;
    Parsed parsed;
    parsed.result = parse_options(static_cast<int>(words.size()), words.data(), out, err);
    parsed.out = out.str();
    parsed.err = err.str();
    return parsed;
}

TEST(Options, HaveAnOptionForEveryFilterOfTheApi)
{
    const Parsed parsed =
        parse({"mentions", "--brand",    "Acme",      "--network",   "reddit",     "--source",
               "s",        "--language", "vi",        "--sentiment", "negative",   "--emotion",
               "anger",    "--reason",   "none",      "--target",    "product",    "--need",
               "refund",   "--stage",    "after",     "--witness",   "first_hand", "--leaving",
               "yes",      "--irony",    "no",        "--offence",   "no",         "--experience",
               "unsure",   "--incident", "abc",       "--author",    "ana",        "--audience",
               "employee", "--query",    "no answer", "--since",     "7d",         "--until",
               "1d",       "--limit",    "700"});

    ASSERT_TRUE(std::holds_alternative<Options>(parsed.result)) << parsed.err;
    const Options& options = parsed.options();
    EXPECT_EQ(options.command, Command::mentions);
    EXPECT_EQ(options.limit, 700u);
    ASSERT_EQ(options.filters.size(), wire::mention_parameters.size() - 2);
    EXPECT_THAT(options.filters, ::testing::Contains(Pair("brand", "Acme")));
    EXPECT_THAT(options.filters, ::testing::Contains(Pair("q", "no answer")));
    EXPECT_THAT(options.filters, ::testing::Contains(Pair("reason", "none")));
}

TEST(Options, KeepOnlyTheFiltersThatWereGiven)
{
    EXPECT_THAT(parse({"incidents", "--min-score", "45", "--state", "open"}).options().filters,
                ElementsAre(Pair("state", "open"), Pair("min_score", "45")));
    EXPECT_TRUE(parse({"mentions"}).options().filters.empty());
    EXPECT_EQ(parse({"mentions"}).options().limit, 50u);
}

TEST(Options, TakeGlobalOptionsOnEitherSideOfTheCommand)
{
    for (const Parsed& parsed : {parse({"--json", "--server", "unix:/run/x", "sources"}),
                                 parse({"sources", "--json", "--server", "unix:/run/x"})}) {
        ASSERT_TRUE(std::holds_alternative<Options>(parsed.result)) << parsed.err;
        EXPECT_EQ(parsed.options().command, Command::sources);
        EXPECT_TRUE(parsed.options().json);
        EXPECT_EQ(parsed.options().server, "unix:/run/x");
    }
}

TEST(Options, TakeTheServerFromTheEnvironmentUnlessItIsGiven)
{
    ::setenv("EMPATHD_SERVER", "http://other:1", 1);
    const std::string from_environment = parse({"sources"}).options().server;
    const std::string given = parse({"sources", "--server", "http://given:2"}).options().server;
    ::unsetenv("EMPATHD_SERVER");

    EXPECT_EQ(from_environment, "http://other:1");
    EXPECT_EQ(given, "http://given:2");
    EXPECT_EQ(parse({"sources"}).options().server, "http://127.0.0.1:8642");
}

TEST(Options, TakeWhatToShow)
{
    EXPECT_EQ(parse({"mentions", "42"}).options().id, "42");
    EXPECT_EQ(parse({"incidents", "abc"}).options().id, "abc");
    EXPECT_TRUE(parse({"alerts", "-f", "-n", "5"}).options().follow);
    EXPECT_EQ(parse({"check-config", "/etc/empathd/empathd.toml"}).options().file,
              "/etc/empathd/empathd.toml");
}

struct Wrong {
    const char* name;
    std::vector<const char*> words;
    const char* said;
};

class OptionsRefuse : public ::testing::TestWithParam<Wrong> {};

TEST_P(OptionsRefuse, WithTheUsageCode)
{
    const Parsed parsed = parse(GetParam().words);

    ASSERT_TRUE(std::holds_alternative<Exit>(parsed.result));
    EXPECT_EQ(parsed.exit(), Exit::usage);
    EXPECT_THAT(parsed.err, HasSubstr(GetParam().said));
    EXPECT_EQ(parsed.out, "");
}

INSTANTIATE_TEST_SUITE_P(
    Lines, OptionsRefuse,
    ::testing::Values(Wrong{"Nothing", {}, "subcommand is required"},
                      Wrong{"UnknownCommand", {"mention"}, "no command \"mention\""},
                      Wrong{"UnknownOption", {"mentions", "--brnad", "x"}, "--brnad"},
                      Wrong{"OptionOfAnother", {"sources", "--brand", "x"}, "--brand"},
                      Wrong{"Choice", {"mentions", "--experience", "maybe"}, "maybe"},
                      Wrong{"NoValue", {"mentions", "--brand"}, "--brand"},
                      Wrong{"LimitZero", {"mentions", "-n", "0"}, "limit"},
                      Wrong{"LimitWord", {"alerts", "-n", "many"}, "many"},
                      Wrong{"LimitTooBig", {"alerts", "-n", "501"}, "501"},
                      Wrong{"NoFile", {"check-config"}, "file"}),
    [](const auto& test) { return test.param.name; });

TEST(Options, HelpIsNoMistake)
{
    const Parsed all = parse({"--help"});
    EXPECT_EQ(all.exit(), Exit::ok);
    for (const char* word : {"mentions", "incidents", "alerts", "sources", "check-config",
                             "EMPATHD_SERVER", "Exit codes", "Examples"}) {
        EXPECT_THAT(all.out, HasSubstr(word));
    }

    const Parsed mentions = parse({"mentions", "--help"});
    EXPECT_EQ(mentions.exit(), Exit::ok);
    for (const wire::Parameter& parameter : wire::mention_parameters) {
        if (parameter.name != "cursor" && parameter.name != "limit") {
            EXPECT_THAT(mentions.out, HasSubstr(std::string(parameter.meaning).substr(0, 20)));
        }
    }
    EXPECT_EQ(parse({"--version"}).exit(), Exit::ok);
    EXPECT_THAT(parse({"--version"}).out, HasSubstr("empathctl "));
}

} // namespace
} // namespace empathd::cli

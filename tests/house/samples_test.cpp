// The sample of every connector names every option the connector reads, and none it does not.

#include "config/load.hpp"
#include "connectors/registry.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace empathd::house {
namespace {

/// The sample of a connector; empty when it has none.
std::string sample_of(const std::string& connector)
{
    std::ifstream file(EMPATHD_SOURCE_DIR "/connectors/" + connector + '/' + connector + ".toml");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// "# key = value" at any indent, which is an option at its default; sentences are not.
bool is_default(const std::string& line)
{
    const std::size_t mark = line.find_first_not_of(' ');
    if (mark == std::string::npos || line.compare(mark, 2, "# ") != 0) {
        return false;
    }
    const std::size_t end =
        line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_", mark + 2);
    return end != std::string::npos && end > mark + 2 && line.compare(end, 3, " = ") == 0;
}

/// The sample with every default written out.
std::string uncommented(const std::string& sample)
{
    std::istringstream in(sample);
    std::string out;
    for (std::string line; std::getline(in, line);) {
        out += (is_default(line) ? line.substr(line.find('#') + 2) : line) + '\n';
    }
    return out;
}

/// Every problem of the text as the options of one source of this connector.
std::string problems_of(const std::string& text, const std::string& connector,
                        std::string* not_named = nullptr)
{
    config::Config config = config::load_text(text, connector + ".toml");
    testing::FakeHttp http;
    const testing::FakeClock clock{TimePoint{}};
    for (config::SourceConfig& source : config.sources) {
        EXPECT_EQ(source.connector, connector);
        (void)connectors::make_connector(source.connector, source.section,
                                         {.name = source.name, .audience = source.audience},
                                         connectors::Environment{http, clock});
        source.section.finish();
        for (const std::string& key : source.section.asked()) {
            if (not_named != nullptr && text.find(' ' + key + " = ") == std::string::npos &&
                text.find('\n' + key + " = ") == std::string::npos) {
                *not_named += key + ' ';
            }
        }
    }
    EXPECT_EQ(config.sources.size(), 1u) << connector << ".toml must hold one [[source]]";
    std::string problems;
    for (const config::Problem& problem : *config.problems) {
        problems += to_string(problem) + '\n';
    }
    return problems;
}

TEST(Samples, AreThereForEveryConnector)
{
    for (const std::string& connector : connectors::connector_names()) {
        EXPECT_NE(sample_of(connector), "") << connector;
    }
}

TEST(Samples, WorkAsTheyAre)
{
    for (const std::string& connector : connectors::connector_names()) {
        EXPECT_EQ(problems_of(sample_of(connector), connector), "") << connector;
    }
}

TEST(Samples, NameEveryOptionAndNoOther)
{
    for (const std::string& connector : connectors::connector_names()) {
        std::string not_named;
        EXPECT_EQ(problems_of(uncommented(sample_of(connector)), connector, &not_named), "");
        EXPECT_EQ(not_named, "") << connector << ".toml lacks these options";
    }
}

TEST(Samples, ExplainEveryOptionInASentence)
{
    for (const std::string& connector : connectors::connector_names()) {
        std::istringstream in(sample_of(connector));
        std::string before;
        for (std::string line; std::getline(in, line);) {
            if (is_default(line)) {
                EXPECT_NE(before.find("## "), std::string::npos) << connector << ": " << line;
            }
            before = line;
        }
    }
}

TEST(Samples, AreReadByAWatchfulTest)
{
    EXPECT_EQ(uncommented("  ## Words. x = 1\n  # speed = 1\n# Some words = none\n"),
              "  ## Words. x = 1\nspeed = 1\n# Some words = none\n");
    const std::string source = "[[source]]\nname = \"x\"\nconnector = \"replay\"\nfile = \"x\"\n";
    std::string not_named;
    EXPECT_EQ(problems_of(source, "replay", &not_named), "");
    EXPECT_NE(not_named.find("speed"), std::string::npos);
    EXPECT_NE(problems_of(source + "sped = 1\n", "replay").find("did you mean \"speed\""),
              std::string::npos);
}

} // namespace
} // namespace empathd::house
